"""Simultaneous bands for the ranks of simulation-based calibration.

The distribution function of uniform numbers lies within the band everywhere at once
with the given probability (Säilynoja, Bürkner and Vehtari, Graphical test for discrete
uniformity, Statistics and Computing 32 (2022) 32).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.stats import binom

from sim.calibration.claims import Numbers

_GRID = 100
_TRIALS = 2_000
_SEED = 2022


@dataclass(frozen=True, slots=True)
class Band:
    """Least and greatest share of ranks up to each place.

    Attributes
    ----------
    places : from 0 to 1.
    low, high : shares of the ranks that are at most so large.
    """

    places: Numbers
    low: Numbers
    high: Numbers

    def holds(self, shares: Numbers) -> bool:
        """Whether the ranks of one target lie within, everywhere."""
        found = cumulated(shares, self.places)
        return bool(((found >= self.low) & (found <= self.high)).all())


def cumulated(shares: Numbers, places: Numbers) -> Numbers:
    """Return the share of ranks that are at most as large as each place."""
    return np.asarray(np.searchsorted(np.sort(shares), places, "right") / len(shares))


@lru_cache(maxsize=32)
def band(data_sets: int, confidence: float = 0.95, targets: int = 1) -> Band:
    """Return the band for ranks of so many data sets.

    The width is found by simulation, with a fixed seed.

    Parameters
    ----------
    data_sets : how many ranks each target has.
    confidence : that all targets lie within, if the method is right.
    targets : how many are looked at together, by Bonferroni's inequality.
    """
    grid = min(_GRID, data_sets)
    places = np.arange(1, grid) / grid
    rng = np.random.default_rng(_SEED)
    counts = np.array(
        [
            np.searchsorted(np.sort(rng.random(data_sets)), places, "right")
            for _ in range(_TRIALS)
        ]
    )
    below = binom.cdf(counts, data_sets, places)
    above = 1 - binom.cdf(counts - 1, data_sets, places)
    worst = 2 * np.minimum(below, above).min(axis=1)
    gamma = float(np.quantile(worst, (1 - confidence) / targets))
    low = binom.ppf(gamma / 2, data_sets, places) / data_sets
    high = binom.ppf(1 - gamma / 2, data_sets, places) / data_sets
    return Band(places, low, high)
