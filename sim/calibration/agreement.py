"""Whether fits with different seeds say the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from sim.calibration.claims import Numbers
from sim.calibration.cloud import Cloud


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a user must know before trusting a fit.

    Attributes
    ----------
    apart : largest distance between the means of two fits, by parameter, in standard
        deviations of all draws together.
    evidence : spread of the logarithms of the evidence, largest less least.
    roots : first particles that still have descendants, of the fit with the fewest.
    distinct : different points, as a share, of the fit with the fewest.
    """

    apart: Numbers
    evidence: float
    roots: int
    distinct: float


def agreement(fits: Sequence[Cloud]) -> Agreement:
    """Return how far fits with different seeds agree.

    Raises
    ------
    ValueError
        If there are fewer than two.
    """
    if len(fits) < 2:
        raise ValueError(f"agreement needs two fits or more, got {len(fits)}")
    spread = np.concatenate([fit.points for fit in fits]).std(axis=0)
    means = [fit.points.mean(axis=0) for fit in fits]
    apart = [np.abs(one - two) / spread for one, two in combinations(means, 2)]
    evidence = [fit.log_evidence for fit in fits]
    return Agreement(
        np.max(apart, axis=0),
        max(evidence) - min(evidence),
        min(len(np.unique(fit.roots)) for fit in fits),
        min(len(np.unique(fit.points, axis=0)) / len(fit.points) for fit in fits),
    )


def effective(fit: Cloud) -> Numbers:
    """Return how many independent draws each mean is worth, by parameter.

    Particles of one root count as one cluster (Lee and Whiteley, Biometrika 105 (2018)
    609-625); moves make them less alike than that, so it is at least so many.
    """
    centred = fit.points - fit.points.mean(axis=0)
    _, families = np.unique(fit.roots, return_inverse=True)
    sums = np.zeros((families.max() + 1, fit.points.shape[1]))
    np.add.at(sums, families, centred)
    spread = (sums**2).sum(axis=0) / len(fit.points)
    return np.asarray(
        np.minimum(len(fit.points) * fit.points.var(axis=0) / spread, len(fit.points))
    )
