"""How near predictions are to what was documented, and what is asked of a fit.

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
from dataclasses import dataclass
from enum import Enum
from math import ceil, inf, isnan, nan, sqrt

import numpy as np
import numpy.typing as npt
import scipy

from sim.inference.claims import Numbers

ALPHAS = (0.02, 0.05, *(tenth / 10 for tenth in range(1, 10)))
"""One less the levels of the intervals in the weighted interval score."""
_RESAMPLED = 4_000


class GoalKind(Enum):
    """What the project asks of a fit, or of a validation."""

    MEDIAN_BELOW_PRIOR = "ARD of the median run, below that of the bare prior"
    NEAREST_BELOW_PRIOR = "ARD of the nearest draw, below that of as many of the prior"
    MEDIAN_BELOW_RATE = "ARD of the median run, below that of the best constant rate"
    FIGURES_INSIDE = "figures that meet their 90 percent interval"
    SKILL = "CRPS skill over the prior, on counts"
    LAST_ARRIVAL = "hours by which the last arrival is late"
    SEEDS_AGREE = "largest distance of the means of two seeds, in standard deviations"
    UNSEEN_INSIDE = "unseen figures that meet their 90 percent interval"
    UNSEEN_BELOW_RATE = "ARD of unseen counts, below that of an open-hours rate"
    INTERVALS_COVER = "share of made-up records in which intervals hold the truth"
    RANKS_IN_BAND = "targets whose ranks leave their band"
    NEAR_TEMPERED = "largest distance from a tempered fit, in standard deviations"


@dataclass(frozen=True, slots=True)
class Goal:
    """Something that is asked of a fit, and what it has.

    Attributes
    ----------
    kind : what.
    value : what the fit has.
    least, most : what is asked for.
    of : the part of the fit that is meant, where there are several.
    below : whether the most itself is too much.
    """

    kind: GoalKind
    value: float
    least: float = -inf
    most: float = inf
    of: str = ""
    below: bool = False

    @property
    def reached(self) -> bool:
        """Whether the fit has what is asked for."""
        if self.below and self.value == self.most:
            return False
        return self.least <= self.value <= self.most


def ard(predicted: npt.ArrayLike, documented: npt.ArrayLike) -> float:
    """Return the averaged relative difference: all errors over all that was documented.

    NaN if nothing was documented.
    """
    errors, whole = _errors(predicted, documented), float(np.sum(np.abs(documented)))
    return float(errors.sum() / whole) if whole else nan


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
    return int(scipy.stats.binom.ppf(0.025, figures, level))


def mean_known(values: Sequence[float]) -> float:
    """Return the mean of the values that have a meaning; NaN if none has."""
    kept = [value for value in values if not isnan(value)]
    return float(np.mean(kept)) if kept else nan


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """How much greater one score is than another, over the same moments.

    Attributes
    ----------
    mean : of the differences.
    low, high : 95 percent interval; NaN for fewer than three moments.
    moments : how many.
    """

    mean: float
    low: float
    high: float
    moments: int


def paired_difference(
    ours: Sequence[float], theirs: Sequence[float], seed: int
) -> PairedDifference:
    """Return the mean paired difference, with an interval over dependent moments.

    Blocks of moments that follow each other are drawn, in a circle, since forecasts of
    one hour after the other foretell the same figures. The interval is Student's with
    the standard deviation of the means drawn and as many numbers as there are blocks:
    quantiles of the means themselves are too narrow by half for so few. It is still a
    guide.

    Parameters
    ----------
    ours, theirs : scores in the order of the moments.
    seed : of the blocks.

    References
    ----------
    Politis and Romano, A circular block-resampling procedure for stationary data, in
    Exploring the Limits of Bootstrap (1992) 263-270.
    """
    apart = np.subtract(ours, theirs)
    size = len(apart)
    if size < 3:
        return PairedDifference(mean_known(apart.tolist()), nan, nan, size)
    length = ceil(sqrt(size))
    blocks = ceil(size / length)
    rng = np.random.default_rng(seed)
    starts = rng.integers(size, size=(_RESAMPLED, blocks, 1))
    places = ((starts + np.arange(length)) % size).reshape(_RESAMPLED, -1)[:, :size]
    mean, spread = float(apart.mean()), float(apart[places].mean(axis=1).std())
    half = spread * float(scipy.stats.t.ppf(0.975, size / length - 1))
    return PairedDifference(mean, mean - half, mean + half, size)


def _errors(predicted: npt.ArrayLike, documented: npt.ArrayLike) -> Numbers:
    return np.asarray(np.abs(np.subtract(predicted, documented)), np.float64)
