"""Weights of draws: what they are worth together, and how others are drawn by them.

References
----------
Kong, Liu and Wong, Sequential imputations and Bayesian missing data problems, JASA 89
(1994) 278-288 (the effective number of draws).
Lee and Whiteley, Variance estimation in the particle filter, Biometrika 105 (2018)
609-625 (particles of one root are one cluster).
"""

import numpy as np
import numpy.typing as npt

from sim.inference.claims import Numbers


def relative_weights(logarithms: Numbers) -> Numbers:
    """Return weights by their logarithms, the greatest of which is 1."""
    return np.asarray(np.exp(logarithms - logarithms.max()))


def effective_number(weights: Numbers) -> float:
    """Return how many draws of equal weight some are worth (Kong, Liu and Wong)."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def number_by_root(weights: Numbers, roots: npt.NDArray[np.int64]) -> float:
    """Return the same where draws that come from one root count as one.

    Moves make them less alike than that, so they are worth at least so many.

    Parameters
    ----------
    weights : of the draws.
    roots : which draw of the beginning each comes from.
    """
    _, families = np.unique(roots, return_inverse=True)
    together = np.bincount(families, weights=weights).astype(np.float64)
    return effective_number(together)


def drawn_evenly(
    weights: Numbers, rng: np.random.Generator, size: int
) -> npt.NDArray[np.intp]:
    """Return places drawn by their weights, by systematic resampling.

    Parameters
    ----------
    weights : not negative, of any sum.
    rng : where the luck of the drawing comes from.
    size : how many to draw.
    """
    shares = np.cumsum(weights) / weights.sum()
    at = np.searchsorted(shares, (rng.random() + np.arange(size)) / size)
    return np.minimum(at, len(weights) - 1)
