"""Intervals of means, shares and quantiles, paired differences, what pairing gained.

Pure functions of numbers; nothing here knows where they come from. SciPy loads its
parts when they are first asked for, so who compares nothing does not wait for them.

**An interval of a mean** is Student's, widened to the hull of it and of three that
allow for skewness by Hall's transformation: with the skewness of the numbers, and with
that less and plus its standard error, since few numbers do not tell how skewed they
are. Student's alone holds the mean of few skewed numbers in 80 to 90 % of samples. Of
numbers that are not skewed this costs half as much width again at 10 of them, an eighth
at 20 and a twentieth at 50.

**There is none** where fewer than `LEAST_APART` numbers stand apart from the rest: what
one run in twenty makes of a mean cannot be bounded from it. Nor does any interval know
of what no run has shown: for every rule there are distributions of whose means it
fails (Bahadur and Savage). What `python -m benchmarks.coverage` measures of all
intervals stands in `docs/decisions`.

References
----------
Hall, On the removal of skewness by transformation, Journal of the Royal Statistical
Society B 54 (1992) 221-228.
Johnson, Modified t tests and confidence intervals for asymmetrical populations, Journal
of the American Statistical Association 73 (1978) 536-544.
Bahadur and Savage, The nonexistence of certain statistical procedures in nonparametric
problems, Annals of Mathematical Statistics 27 (1956) 1115-1122.
Clopper and Pearson, The use of confidence or fiducial limits illustrated in the case of
the binomial, Biometrika 26 (1934) 404-413.
Law, Simulation Modeling and Analysis, 5th ed. (2015), section 10.2.1 (the paired-t
interval) and section 11.2 (common random numbers).
Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of
Statistics 6 (1979) 65-70.
David and Nagaraja, Order Statistics, 3rd ed. (2003), section 7.1 (intervals for
quantiles).
"""

from collections.abc import Sequence
from enum import StrEnum
from math import inf, nan, sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy

Numbers = npt.NDArray[np.float64]
CONFIDENCE = 0.95
LEAST_APART = 5
"""Numbers that must stand apart from the rest before their mean has an interval."""
SAME_ENOUGH = 300
"""Runs that are all the same before that is taken for enough: what happens in one of a
hundred would have shown in 95 % of studies."""
_NEAR = 0.1
"""What lies within this share of the way from the median to the farthest number is
taken for the rest, so that a little noise does not pass for numbers far off."""
_MOST_PERCENT = 1_000
_ROUNDING = 1e-12


class Untold(StrEnum):
    """Why numbers tell no interval."""

    FEW = "too few runs"
    SAME = "the same in every run"
    FEW_APART = "too few runs differ"
    FAR_OUT = "some runs lie too far out"


class Interval(NamedTuple):
    """Where a mean lies.

    Attributes
    ----------
    low, high : NaN if it cannot be told.
    untold : why; None if it can.
    apart : numbers that stand apart from the rest, farther from the median than a tenth
        of the farthest.
    """

    low: float
    high: float
    untold: Untold | None
    apart: int

    @property
    def half(self) -> float:
        """Half the width; NaN if it cannot be told."""
        return (self.high - self.low) / 2


class Paired(NamedTuple):
    """What pairs of runs say about a difference, variant less base.

    Attributes
    ----------
    n : pairs.
    base, variant, difference : means over the pairs; NaN without pairs.
    interval : of the mean difference.
    p : two-sided; NaN below two pairs. That the mean difference is 0 or, where there is
        no interval, that as many pairs change up as down: a few jumps may then outweigh
        in the mean what most pairs do.
    factor : variance of the difference between independent runs, divided by that
        between paired runs. Infinite if the pairs differ by the same every time, NaN
        if nothing varies or below two pairs.
    percent : the difference in percent of the base; NaN if the base is so near 0 that
        its own chance reaches there, or the difference is more than ten times as much.
    """

    n: int
    base: float
    variant: float
    difference: float
    interval: Interval
    p: float
    factor: float
    percent: float

    @property
    def low(self) -> float:
        """Lower end of the interval; NaN if it cannot be told."""
        return self.interval.low

    @property
    def high(self) -> float:
        """Upper end of the interval; NaN if it cannot be told."""
        return self.interval.high


def paired(base: Numbers, variant: Numbers, confidence: float = CONFIDENCE) -> Paired:
    """Return what pairs of runs say about the difference of their means.

    The p-value is below one less the confidence exactly if the interval does not hold
    0. Where there is no interval it is at least that of the sign test, which is exact
    whatever the distribution and never 0, and speaks of the direction of changes only.

    Parameters
    ----------
    base, variant : one number for each pair, in the same order.
    confidence : of the interval.

    Raises
    ------
    ValueError
        If the two are not equally long.
    """
    if base.shape != variant.shape:
        raise ValueError(f"every pair has two sides, got {base.size}, {variant.size}")
    n = base.size
    if n == 0:
        return Paired(0, nan, nan, nan, mean_interval(base), nan, nan, nan)
    differences = variant - base
    largest = float(max(np.abs(base).max(), np.abs(variant).max()))
    if np.ptp(differences) <= _ROUNDING * largest:
        differences = np.full(n, differences[0])
    interval = mean_interval(differences, confidence)
    change = float(differences.mean())
    return Paired(
        n=n,
        base=float(base.mean()),
        variant=float(variant.mean()),
        difference=change,
        interval=interval,
        p=_p_value(differences, interval),
        factor=_factor(base, variant, differences),
        percent=_percent(base, change),
    )


def _factor(base: Numbers, variant: Numbers, differences: Numbers) -> float:
    """Return how much smaller the variance is than between independent runs."""
    if base.size < 2:
        return nan
    apart = float(base.var(ddof=1) + variant.var(ddof=1))
    together = float(differences.var(ddof=1)) if np.ptp(differences) else 0.0
    if not together:
        return inf if apart else nan
    return apart / together


def _percent(base: Numbers, change: float) -> float:
    """Return a change in percent, unless its base is as good as 0."""
    mean, reach = float(base.mean()), half_width(base)
    if mean == 0 or abs(mean) <= reach:
        return nan
    percent = 100 * change / abs(mean)
    return percent if abs(percent) <= _MOST_PERCENT else nan


def mean_interval(numbers: Numbers, confidence: float = CONFIDENCE) -> Interval:
    """Return an interval of the mean of independent numbers, skewed or not.

    Parameters
    ----------
    numbers : independent of each other, in any order.
    confidence : that it holds the mean.
    """
    n, apart = numbers.size, _apart(numbers)
    if n > 1 and not apart:
        return Interval(nan, nan, Untold.SAME, 0)
    if apart < LEAST_APART:
        why = Untold.FEW if n <= LEAST_APART else Untold.FEW_APART
        return Interval(nan, nan, why, apart)
    reach = t_quantile((1 + confidence) / 2, n - 1)
    mean, error = float(numbers.mean()), _standard_error(numbers)
    # A sample below its mean has a small spread if the numbers are skewed, so the
    # upper end of the mean belongs to the lower one of the statistic.
    ends = [-reach, reach]
    for skew in _skewnesses(numbers):
        ends += [_skewed(-reach, skew, n), _skewed(reach, skew, n)]
    low, high = mean - max(ends) * error, mean - min(ends) * error
    return Interval(low, high, None, apart)


def _p_value(differences: Numbers, interval: Interval) -> float:
    """Return the p-value of a mean of 0: the largest of those behind the interval."""
    n = differences.size
    if n < 2:
        return nan
    if interval.untold is Untold.SAME:
        return _sign_test(differences)
    t = float(differences.mean()) / _standard_error(differences)
    least = [t_both_tails(t, n - 1)]
    if interval.untold:
        return max(*least, _sign_test(differences))
    least += [
        t_both_tails(_unskewed(t, skew, n), n - 1) for skew in _skewnesses(differences)
    ]
    return max(least)


def _sign_test(differences: Numbers) -> float:
    """Return the two-sided p-value of as many changes up as down."""
    up, down = int((differences > 0).sum()), int((differences < 0).sum())
    return min(1.0, 2 * float(scipy.special.bdtr(min(up, down), up + down, 0.5)))


def _apart(numbers: Numbers) -> int:
    """Return how many numbers stand apart from the rest."""
    if not numbers.size:
        return 0
    far = np.abs(numbers - np.median(numbers))
    farthest = float(far.max())
    if farthest <= _ROUNDING * float(np.abs(numbers).max()):
        return 0
    return int((far > _NEAR * farthest).sum())


def _standard_error(numbers: Numbers) -> float:
    return float(numbers.std(ddof=1)) / sqrt(numbers.size)


def _skewnesses(numbers: Numbers) -> tuple[float, float, float]:
    """Return the skewness of three numbers or more, and that a standard error away."""
    n, off = numbers.size, numbers - numbers.mean()
    off = off / np.abs(off).max()
    plain = float((off**3).mean()) / float((off**2).mean()) ** 1.5
    skew = plain * sqrt(n * (n - 1)) / (n - 2)
    error = sqrt(6 * n * (n - 1) / ((n - 2) * (n + 1) * (n + 3)))
    return skew - error, skew, skew + error


def _unskewed(t: float, skew: float, n: int) -> float:
    """Return Student's statistic of skewed numbers, made symmetrical (Hall, 1992)."""
    a = skew / sqrt(n)
    return t + a * t**2 / 3 + a**2 * t**3 / 27 + a / 6


def _skewed(t: float, skew: float, n: int) -> float:
    """Return the statistic that `_unskewed` makes `t` of."""
    a = skew / sqrt(n)
    if abs(a) < 1e-9:
        return t
    return 3 / a * (float(np.cbrt(1 + a * (t - a / 6))) - 1)


def share_interval(
    count: int, n: int, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Return an interval of a share of which so many of `n` were seen.

    Clopper and Pearson's: exact, so it holds the share at least as often as it says.

    Parameters
    ----------
    count : of `n`, which is at least 1.
    confidence : that it holds the share, at least.

    Raises
    ------
    ValueError
        If there are not so many.
    """
    if not 0 <= count <= n or n < 1:
        raise ValueError(f"no share of {count} in {n}")
    tail = (1 - confidence) / 2
    inverse, rest = scipy.special.betaincinv, n - count
    low = float(inverse(count, rest + 1, tail)) if count else 0.0
    high = float(inverse(count + 1, rest, 1 - tail)) if rest else 1.0
    return low, high


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values corrected for their number, by Holm's step-down procedure.

    Rejecting what is at most alpha keeps the chance of any wrong rejection at most
    alpha, however the tests depend on each other.

    Parameters
    ----------
    p_values : NaN for a comparison that was not tested; it counts for nothing.
    """
    order = sorted(
        (place for place, p in enumerate(p_values) if p == p),  # noqa: PLR0124 (not NaN)
        key=lambda place: p_values[place],
    )
    corrected, least = [nan] * len(p_values), 0.0
    for done, place in enumerate(order):
        least = max(least, min(1.0, (len(order) - done) * p_values[place]))
        corrected[place] = least
    return corrected


def half_width(numbers: Numbers, confidence: float = CONFIDENCE) -> float:
    """Return half the width of Student's interval of a mean; NaN below two numbers.

    Of skewed numbers it is too narrow: what is shown is `mean_interval`.
    """
    if numbers.size < 2:
        return nan
    return t_quantile((1 + confidence) / 2, numbers.size - 1) * _standard_error(numbers)


def quantile_interval(
    numbers: Numbers, probability: float, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Return an interval of a quantile, whatever the distribution.

    Its ends are two of the numbers. How many numbers lie below the quantile is
    binomial, so it is known how often each of them lies below or above it.

    Parameters
    ----------
    numbers : independent of each other, in any order.
    probability : of the quantile, 0.5 for the median.
    confidence : that the interval holds the quantile, at least.

    Returns
    -------
    tuple of float
        NaN twice if there are too few numbers for such an interval.

    Raises
    ------
    ValueError
        If `probability` is not between 0 and 1.
    """
    if not 0 < probability < 1:
        raise ValueError(f"a quantile lies between 0 and 1, got {probability}")
    n, tail = numbers.size, (1 - confidence) / 2
    if n == 0:
        return nan, nan
    below = scipy.special.bdtr(np.arange(n, dtype=np.float64), n, probability)
    # Counted from 1, these are the ends; before the first and after the last number
    # there is nothing.
    low = int(np.searchsorted(below, tail))
    high = int(np.searchsorted(below, 1 - tail)) + 1
    if low < 1 or high > n:
        return nan, nan
    ordered = np.sort(numbers)
    return float(ordered[low - 1]), float(ordered[high - 1])


def inside_between(n: int, low: float, high: float) -> float:
    """Return which share of further numbers lies between quantiles of `n` numbers.

    On average, of numbers without ties, if quantiles are interpolated between the
    numbers in order: the k-th of them is on average the quantile k / (n + 1) of the
    distribution (David and Nagaraja, section 2.5).
    """
    return (high - low) * (n - 1) / (n + 1)


def t_both_tails(t: float, df: int) -> float:
    """Return the probability that Student's t lies at least so far from 0."""
    return float(2 * scipy.special.stdtr(df, -abs(t)))


def t_quantile(probability: float, df: int) -> float:
    """Return the quantile of Student's t.

    Parameters
    ----------
    probability : above 0.5 and below 1.
    df : degrees of freedom, at least 1.

    Raises
    ------
    ValueError
        If either is out of its range.
    """
    if not 0.5 < probability < 1 or df < 1:
        raise ValueError(f"no quantile of t for {probability} and {df} degrees")
    return float(scipy.special.stdtrit(df, probability))
