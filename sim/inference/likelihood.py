"""How probable the claims are, given one run: exact, with nothing left to sample.

    scaled(report before rounding) = scaled(quantity at tau) + bias(family) + error

The moment tau is summed over the nodes of its window and the bias over its prior,
once for all figures that share it. Each family has one unknown factor for all its
figures of one unit. Most are near 1 and some are far off; a family that is named as
the reference is taken at its word. The totals of one source are one chain
(`counters`); whatever else it says stands by itself.

A report may also be about something else altogether (`STRAY`), which keeps one bad
figure from owning the result; and a thing that does not happen in a run is normally
not reported at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan

import numpy as np
import scipy

from sim.inference.claims import SILENT, STRAY, Numbers, SourceClaim, stray_share
from sim.inference.counters import chain_likelihood, chains

NARROW, WIDE, WIDE_SHARE = 0.10, 0.45, 0.2
"""Spread of the logarithm of the factor: narrow for most, wide for a fifth."""
REGISTERED = 0.2
"""The same spreads where people were counted one by one, as a share of these."""


_REACH, _STEP = 1.4, 0.05


@dataclass(frozen=True, slots=True)
class BiasPrior:
    """What is believed about the bias of one family before any figure is seen.

    Attributes
    ----------
    nodes : logarithms of the factor at which it is looked at.
    weights : of the nodes, summing to 1.
    size : 1 for the usual spreads, less for smaller ones; 0 if it is pinned.
    """

    nodes: Numbers
    weights: Numbers
    size: float

    @classmethod
    def heavy_tailed(cls, size: float) -> "BiasPrior":
        """Return the mixture on an even grid.

        The trapezoidal rule converges faster than any power for smooth functions that
        vanish at both ends: Trefethen and Weideman, SIAM Review 56 (2014) 385-458. The
        step is half of the narrow spread, and stays below that of one figure.
        """
        nodes = np.arange(-_REACH, _REACH + _STEP / 2, _STEP)
        weights = (1 - WIDE_SHARE) * np.exp(-0.5 * (nodes / NARROW) ** 2) / NARROW
        weights += WIDE_SHARE * np.exp(-0.5 * (nodes / WIDE) ** 2) / WIDE
        return cls(size * nodes, weights / weights.sum(), size)

    def drawn(self, luck: Numbers) -> Numbers:
        """Return a bias for each run.

        Parameters
        ----------
        luck : numbers between 0 and 1, of (run, 2).
        """
        spread = np.where(luck[:, 0] < WIDE_SHARE, WIDE, NARROW)
        return np.asarray(self.size * spread * scipy.special.ndtri(luck[:, 1]))


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

    def prior(self, claim: SourceClaim) -> BiasPrior:
        """Return what is believed about the bias that a claim shares."""
        if not claim.bias or self.every_source or claim.family in self.families:
            return _PINNED
        return _OF_REGISTERS if claim.registered else _USUAL


POOLED = Reference()
_PINNED = BiasPrior(np.zeros(1), np.ones(1), 0.0)
_USUAL = BiasPrior.heavy_tailed(1.0)
_OF_REGISTERS = BiasPrior.heavy_tailed(REGISTERED)


@dataclass(frozen=True, slots=True)
class ObservationModel:
    """How sources report on a run: what they claim, and who is taken at its word.

    Attributes
    ----------
    claims : that are made.
    reference : which families have no bias.
    """

    claims: tuple[SourceClaim, ...]
    reference: Reference = POOLED

    def some(self, places: Sequence[int]) -> "ObservationModel":
        """Return the same for some of the claims, by their places."""
        return replace(self, claims=tuple(self.claims[place] for place in places))

    def log_likelihood(self, quantities: Numbers, reported: Numbers) -> Numbers:
        """Return the logarithm of the probability of all reports, for each run.

        Parameters
        ----------
        quantities : of (run, claim, node), NaN where a thing did not happen.
        reported : of (claim, end), low and high; NaN if nothing was reported.
        """
        total = np.zeros(len(quantities))
        for given_bias, weights in self.by_bias(quantities, reported).values():
            total += scipy.special.logsumexp(given_bias, axis=1, b=weights)
        return total

    def by_bias(
        self, quantities: Numbers, reported: Numbers
    ) -> Mapping[str, tuple[Numbers, Numbers]]:
        """Return log-probabilities of (run, node of the bias) and the nodes' weights.

        By what shares a bias; the moments, which have none, are under the empty name.
        """
        found: dict[str, tuple[Numbers, Numbers]] = {}
        for places in chains(self.claims):
            claim = self.claims[places[0]]
            prior = self.reference.prior(claim)
            told = self._log_p(places, quantities, reported, prior.nodes)
            before, weights = found.get(claim.bias, (0.0, prior.weights))
            found[claim.bias] = (before + told, weights)
        return found

    def _log_p(
        self,
        places: Sequence[int],
        quantities: Numbers,
        reported: Numbers,
        biases: Numbers,
    ) -> Numbers:
        """Return that of a counter's statements, or of a claim that stands alone."""
        claims = [self.claims[place] for place in places]
        (first, *_), at = claims, list(places)
        if first.counter:
            return chain_likelihood(claims, quantities[:, at], reported[at], biases)
        (place,) = places
        low, high = reported[place].tolist()
        return np.log(probability(first, quantities[:, place], low, high, biases))


def probability(
    claim: SourceClaim, quantity: Numbers, low: float, high: float, biases: Numbers
) -> Numbers:
    """Return the probability of one report, of (run, bias).

    Parameters
    ----------
    quantity : of (run, node).
    low, high : reported; both NaN if nothing was.
    biases : on the scale of the claim.
    """
    happened = ~np.isnan(quantity)
    if isnan(low):
        silent = np.where(happened, STRAY * SILENT, 1 - STRAY + STRAY * SILENT)
        return np.repeat(silent.mean(axis=1)[:, None], len(biases), axis=1)
    begins, ends = claim.edge(low), claim.edge(high)
    centres = claim.scaled(np.where(happened, quantity, 0.0))
    if not np.ptp(centres, axis=1).any() and happened.all():
        centres, happened = centres[:, :1], happened[:, :1]
    meant: Numbers = np.zeros((len(centres), len(biases)))
    for node in range(centres.shape[1]):
        around = centres[:, node, None] + biases[None, :]
        inside = scipy.special.ndtr((ends - around) / claim.spread)
        inside -= scipy.special.ndtr((begins - around) / claim.spread)
        meant += np.where(happened[:, node, None], inside, 0.0)
    stray = STRAY * (1 - SILENT) * stray_share(claim, begins, ends)
    meant *= (1 - STRAY) / centres.shape[1]
    return meant + stray
