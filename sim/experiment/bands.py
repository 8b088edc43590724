"""Quantiles of one number over runs in which it may not have come."""

from math import ceil, floor
from typing import NamedTuple

import numpy as np

from sim.experiment.rows import Numbers

LEVELS = (0.05, 0.5, 0.95)


class Band(NamedTuple):
    """Quantiles over the runs of a study.

    What did not come in a run (a NaN) counts as later than all that came, so a
    quantile is infinite if so many runs lack it.

    Attributes
    ----------
    p5, median, p95 : 5 %, 50 % and 95 % of all runs lie below.
    mean : NaN if any run lacks it.
    n : runs in which it came.
    """

    p5: float
    median: float
    p95: float
    mean: float
    n: int


def band_of(values: Numbers) -> Band:
    """Return the quantiles of one number over the runs."""
    ranked = np.sort(np.where(np.isnan(values), np.inf, values).astype(np.float64))
    came = int(np.isfinite(ranked).sum())
    low, middle, high = (_quantile(ranked, level) for level in LEVELS)
    mean = float(ranked.mean()) if came == len(ranked) else float("nan")
    return Band(low, middle, high, mean, came)


def _quantile(ranked: Numbers, level: float) -> float:
    """Return a quantile of numbers in rising order, between the two next to it."""
    position = level * (len(ranked) - 1)
    below, above = float(ranked[floor(position)]), float(ranked[ceil(position)])
    # Two infinities, or an exact position, must not be subtracted.
    return below if below == above else below + (above - below) * (position % 1)
