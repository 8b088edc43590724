"""How near predictions are to what was documented. Pure functions of numbers.

References
----------
Gneiting and Raftery, Strictly proper scoring rules, JASA 102 (2007) 359-378 (CRPS).
Bracher, Ray, Gneiting and Reich, Evaluating epidemic forecasts in an interval format,
PLoS Computational Biology 17 (2021) e1008618 (weighted interval score).
Hyndman and Koehler, Another look at measures of forecast accuracy, International
Journal of Forecasting 22 (2006) 679-688 (MASE).
Suleimenova, Bell and Groen, Scientific Reports 7 (2017) 13377 (ARD).
"""

from collections.abc import Sequence
from math import nan

import numpy as np
import numpy.typing as npt
from scipy.stats import binom

from sim.inference.claims import Numbers

ALPHAS = (0.02, 0.05, *(tenth / 10 for tenth in range(1, 10)))
"""One less the levels of the intervals in the weighted interval score."""


def ard(predicted: npt.ArrayLike, documented: npt.ArrayLike) -> float:
    """Return the averaged relative difference: all errors over all that was documented.

    NaN if nothing was documented.
    """
    errors, whole = _errors(predicted, documented), float(np.sum(np.abs(documented)))
    return float(errors.sum() / whole) if whole else nan


def mean_relative_error(predicted: npt.ArrayLike, documented: npt.ArrayLike) -> float:
    """Return the mean of the errors, each relative to its figure, which is not 0."""
    return float(np.mean(_errors(predicted, documented) / np.abs(documented)))


def mase(
    predicted: npt.ArrayLike, documented: npt.ArrayLike, known: Sequence[float]
) -> float:
    """Return the mean absolute scaled error.

    The scale is the mean error of "as yesterday" on what was known when the forecast
    was made, never on what it predicts.

    Parameters
    ----------
    predicted, documented : of the same moments after the origin.
    known : earlier values of the same source, one a period.

    Returns
    -------
    float
        Below 1 if the forecast is better than "as yesterday" was; NaN if fewer than
        two values were known, or they were all the same.
    """
    steps = np.abs(np.diff(np.asarray(known, dtype=np.float64)))
    if not steps.any():
        return nan
    return float(_errors(predicted, documented).mean() / steps.mean())


def crps(draws: Numbers, value: float) -> float:
    """Return the continuous ranked probability score of draws, in their unit."""
    given = np.sort(draws)
    size = len(given)
    ranks = 2 * np.arange(1, size + 1) - size - 1
    return float(np.abs(given - value).mean() - (given * ranks).sum() / size**2)


def skill(score: float, reference: float) -> float:
    """Return how much of the score of a reference is saved: 1 is perfect, 0 as good."""
    return 1 - score / reference if reference else nan


def weighted_interval_score(draws: Numbers, value: float) -> float:
    """Return the weighted interval score of the central intervals of draws."""
    total = abs(value - float(np.median(draws))) / 2
    for alpha in ALPHAS:
        low, high = np.quantile(draws, [alpha / 2, 1 - alpha / 2])
        outside = max(low - value, value - high, 0.0)
        total += alpha / 2 * (high - low) + outside
    return float(total / (len(ALPHAS) + 0.5))


def pit(draws: Numbers, low: float, high: float) -> float:
    """Return the place of a reported interval among draws, from 0 to 1.

    What lies inside the interval counts by half (Czado, Gneiting and Held, Biometrics
    65 (2009) 1254-1261).
    """
    below = float((draws < low).mean())
    return below + float(((draws >= low) & (draws < high)).mean()) / 2


def is_inside(draws: Numbers, low: float, high: float, level: float) -> bool:
    """Whether the central interval of draws and the reported interval meet.

    Draws of what mostly does not happen (NaN in more than half) are not inside.
    """
    happened = draws[~np.isnan(draws)]
    if 2 * len(happened) < len(draws):
        return False
    least, most = np.quantile(happened, [(1 - level) / 2, (1 + level) / 2])
    return bool(most >= low and least <= high)


def fewest_inside(figures: int, level: float) -> int:
    """Return the lower 2.5 percent point of how many figures are inside by chance."""
    return int(binom.ppf(0.025, figures, level))


def _errors(predicted: npt.ArrayLike, documented: npt.ArrayLike) -> Numbers:
    return np.asarray(np.abs(np.subtract(predicted, documented)), np.float64)
