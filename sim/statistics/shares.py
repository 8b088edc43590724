"""How much of what varies is chance, and how much is not being known.

Draws of what is not known are the outer band; with each of them, several runs differ
by chance. Their variances are told apart by the one-way random-effects analysis of
variance, which needs no distribution to be right on average, with as many runs for
each draw as there happen to be.

The interval of the share is the hull of two: Wald's, exact for normal numbers and any
numbers of runs (of skewed ones it held the share in 40 to 90 % of studies), and that of
the jackknife over draws of the logarithm of the ratio of mean squares, widened for
skewness as that of a mean is. Where numbers lie so far out that so few draws cannot
tell how far the next one would, there is none: if the excess kurtosis of what is within
draws, or of their means, is above 1 and a twentieth of the draws.

References
----------
Searle, Casella and McCulloch, Variance Components (1992), sections 3.5 and 3.6.
Wald, A note on the analysis of variance with unequal class frequencies, Annals of
Mathematical Statistics 11 (1940) 96-100.
Arvesen, Jackknifing U-statistics, Annals of Mathematical Statistics 40 (1969)
2076-2100, and Arvesen and Layard, Asymptotically robust tests in unbalanced variance
component models, Annals of Statistics 3 (1975) 1122-1134.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
import scipy

from sim.statistics.intervals import (
    CONFIDENCE,
    LEAST_APART,
    Numbers,
    Untold,
    mean_interval,
)

_ROUNDING = 1e-12
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Shares:
    """What varies, in two parts; variances in the squared unit of the metric.

    Attributes
    ----------
    draws, runs : that count.
    chance : variance between the runs of one draw.
    knowledge : variance between draws of the mean over chance, never below 0.
    estimate : the same as it was estimated: right on average, and so sometimes below 0.
    share : of knowledge in the whole, from 0 to 1; NaN if nothing varies.
    low, high : interval of the share; NaN if it cannot be told.
    untold : why; None if it can.
    left_out : runs in which it did not happen.
    empty : draws without a run that counts.
    """

    draws: int
    runs: int
    chance: float
    knowledge: float
    estimate: float
    share: float
    low: float
    high: float
    untold: Untold | None
    left_out: int
    empty: int


class _Groups:
    """Runs by draw: how many, their means, and the variance within them.

    Differences that come of rounding alone are taken as none.
    """

    def __init__(self, rows: Sequence[Numbers]) -> None:
        self.sizes = np.array([row.size for row in rows], dtype=np.float64)
        self.means = np.array([row.mean() for row in rows])
        self.between = len(rows) - 1
        self.within = int(self.sizes.sum()) - len(rows)
        self.off = np.concatenate([row - row.mean() for row in rows])
        self.squares = np.array(
            [float(((row - row.mean()) ** 2).sum()) for row in rows]
        )
        self.chance = float(self.squares.sum()) / self.within
        largest = max(float(np.abs(row).max()) for row in rows)
        self._nothing = (_ROUNDING * largest) ** 2
        if self.chance <= self._nothing:
            self.chance = 0.0

    @property
    def typical(self) -> float:
        """Runs of a draw, as the mean square between draws weighs them."""
        sizes = self.sizes
        return float(sizes.sum() - sizes @ sizes / sizes.sum()) / self.between

    def ratios_without(self) -> Numbers:
        """Return the ratio of variances, knowledge to chance, without each draw."""
        sizes, means = self.sizes, self.means - self.means.mean()
        left = sizes.sum() - sizes
        sums = sizes @ means - sizes * means
        squares = sizes @ means**2 - sizes * means**2 - sums**2 / left
        between = np.maximum(squares, 0.0) / (self.between - 1)
        chance = (self.squares.sum() - self.squares) / (self.within - sizes + 1)
        typical = (left - (sizes @ sizes - sizes**2) / left) / (self.between - 1)
        found: Numbers = (between / chance - 1) / typical
        return found

    def spread(self, ratio: float) -> float:
        """Return the mean square between draws, weighted for a ratio of variances.

        Its expectation is the variance by chance if knowledge varies `ratio` times as
        much as chance.
        """
        weights = self.sizes / (1 + self.sizes * ratio)
        mean = float(weights @ self.means / weights.sum())
        found = float(weights @ (self.means - mean) ** 2) / self.between
        return found if found > self._nothing else 0.0


def shares(draws: Sequence[Numbers], confidence: float = CONFIDENCE) -> Shares:
    """Return how much of what varies is due to knowledge, and how much to chance.

    Parameters
    ----------
    draws : the metric in the runs of each draw; NaN where it did not happen. Runs that
        failed are simply not there.
    confidence : of the interval.

    Raises
    ------
    ValueError
        If fewer than two draws have a run that counts, or none has two.
    """
    rows = [row[~np.isnan(row)] for row in draws]
    left_out = sum(row.size for row in draws) - sum(row.size for row in rows)
    empty = sum(not row.size for row in rows)
    rows = [row for row in rows if row.size]
    if len(rows) < 2 or all(row.size < 2 for row in rows):
        raise ValueError(
            "to tell chance from knowledge takes runs of at least two draws, and two "
            f"runs of one of them; got {[row.size for row in rows]}"
        )
    groups = _Groups(rows)
    estimate = (groups.spread(0.0) - groups.chance) / groups.typical
    knowledge = max(0.0, estimate)
    whole = groups.chance + knowledge
    low, high, untold = _interval(groups, confidence)
    return Shares(
        draws=len(rows),
        runs=int(groups.sizes.sum()),
        chance=groups.chance,
        knowledge=knowledge,
        estimate=estimate,
        share=knowledge / whole if whole else nan,
        low=low,
        high=high,
        untold=untold,
        left_out=left_out,
        empty=empty,
    )


def _interval(groups: _Groups, confidence: float) -> tuple[float, float, Untold | None]:
    """Return an interval of the share of knowledge, or why there is none."""
    draws = groups.between + 1
    if groups.chance == 0:
        return nan, nan, Untold.SAME
    if draws <= LEAST_APART:
        return nan, nan, Untold.FEW
    if max(map(_kurtosis, (groups.off, groups.means))) > 1 + draws / 20:
        return nan, nan, Untold.FAR_OUT
    ends = _jackknifed(groups, confidence)
    if ends is None:
        return nan, nan, Untold.FAR_OUT
    low, high = _of_wald(groups, confidence)
    return min(low, ends[0]), max(high, ends[1]), None


def _of_wald(groups: _Groups, confidence: float) -> tuple[float, float]:
    tail = (1 - confidence) / 2
    low, high = (
        float(scipy.special.fdtri(groups.between, groups.within, level))
        for level in (1 - tail, tail)
    )
    return _share_at(groups, low), _share_at(groups, high)


def _jackknifed(groups: _Groups, confidence: float) -> tuple[float, float] | None:
    """Return the interval of the jackknife; None if a draw decides alone."""
    draws, typical = groups.between + 1, groups.typical
    whole = groups.spread(0.0) / groups.chance
    without = 1 + typical * groups.ratios_without()
    if whole <= 0 or not (np.isfinite(without).all() and without.min() > 0):
        return None
    values = draws * np.log(whole) - (draws - 1) * np.log(without)
    found = mean_interval(values, confidence)
    if found.untold:
        return None
    low, high = (max(0.0, float(np.expm1(end))) for end in (found.low, found.high))
    return low / (low + typical), high / (high + typical)


def _kurtosis(numbers: Numbers) -> float:
    """Return the excess kurtosis, 0 for normal numbers; 0 if nothing varies."""
    n, off = numbers.size, numbers - numbers.mean()
    if not off.any():
        return 0.0
    off = off / np.abs(off).max()
    plain = float((off**4).mean()) / float((off**2).mean()) ** 2 - 3
    return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * plain + 6)


def _share_at(groups: _Groups, statistic: float) -> float:
    """Return the share at which the ratio of mean squares is `statistic`.

    The ratio falls as the share rises, so its place is found by halving.
    """
    low, high = 0.0, 1.0
    if groups.spread(0.0) <= statistic * groups.chance:
        return 0.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if groups.spread(middle / (1 - middle)) > statistic * groups.chance:
            low = middle
        else:
            high = middle
    return (low + high) / 2
