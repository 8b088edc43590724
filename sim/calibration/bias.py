"""How far off a whole family of sources may be.

Each family has one unknown factor for all its figures of one unit. Most are near 1
and some are far off; a family that is named as the reference is taken at its word.
"""

from dataclasses import dataclass

import numpy as np

from sim.calibration.claims import Claim, Numbers

NARROW, WIDE, WIDE_SHARE = 0.10, 0.45, 0.2
"""Spread of the logarithm of the factor: narrow for most, wide for a fifth."""
_REACH, _STEP = 1.4, 0.05


@dataclass(frozen=True, slots=True)
class BiasPrior:
    """What is believed about the bias of one family before any figure is seen.

    Attributes
    ----------
    nodes : logarithms of the factor at which it is looked at.
    weights : of the nodes, summing to 1.
    """

    nodes: Numbers
    weights: Numbers

    def draw(self, rng: np.random.Generator) -> float:
        """Return one bias; exactly 0 if it is pinned."""
        if len(self.nodes) == 1:
            return float(self.nodes[0])
        return float(rng.normal(0, WIDE if rng.random() < WIDE_SHARE else NARROW))


@dataclass(frozen=True, slots=True)
class Reference:
    """Which families are taken at their word; none if all are pooled.

    Attributes
    ----------
    families : pinned to no bias.
    every_source : take all at their word. For tests: it shows what bias is good for.
    """

    families: frozenset[str] = frozenset()
    every_source: bool = False

    def prior(self, claim: Claim) -> BiasPrior:
        """Return what is believed about the bias that a claim shares."""
        if not claim.bias or self.every_source or claim.family in self.families:
            return _PINNED
        return _HEAVY_TAILED


POOLED = Reference()


def _heavy_tailed() -> BiasPrior:
    """Return the mixture on an even grid.

    The trapezoidal rule converges faster than any power for smooth functions that
    vanish at both ends: Trefethen and Weideman, SIAM Review 56 (2014) 385-458. The
    step is half of the narrow spread, and stays below that of one figure.
    """
    nodes = np.arange(-_REACH, _REACH + _STEP / 2, _STEP)
    weights = (1 - WIDE_SHARE) * np.exp(-0.5 * (nodes / NARROW) ** 2) / NARROW
    weights += WIDE_SHARE * np.exp(-0.5 * (nodes / WIDE) ** 2) / WIDE
    return BiasPrior(nodes, weights / weights.sum())


_PINNED = BiasPrior(np.zeros(1), np.ones(1))
_HEAVY_TAILED = _heavy_tailed()
