"""Intervals of means, quantiles and paired differences, and what pairing gained.

Pure functions of numbers; nothing here knows where they come from. SciPy loads its
parts when they are first asked for, so who compares nothing does not wait for them.

References
----------
Law, Simulation Modeling and Analysis, 5th ed. (2015), section 10.2.1 (the paired-t
interval) and section 11.2 (common random numbers).
Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of
Statistics 6 (1979) 65-70.
David and Nagaraja, Order Statistics, 3rd ed. (2003), section 7.1 (intervals for
quantiles).
"""

from collections.abc import Sequence
from math import inf, nan, sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy

Numbers = npt.NDArray[np.float64]
CONFIDENCE = 0.95
_ROUNDING = 1e-12


class Paired(NamedTuple):
    """What pairs of runs say about a difference, variant less base.

    Attributes
    ----------
    n : pairs.
    base, variant, difference : means over the pairs; NaN without pairs.
    low, high : Student's interval of the mean difference; NaN below two pairs.
    p : two-sided, that the mean difference is 0; NaN below two pairs.
    factor : variance of the difference between independent runs, divided by that
        between paired runs. Infinite if the pairs differ by the same every time, NaN
        if nothing varies or below two pairs.
    """

    n: int
    base: float
    variant: float
    difference: float
    low: float
    high: float
    p: float
    factor: float

    @property
    def percent(self) -> float:
        """Change in percent of the base; NaN if the base is 0."""
        return 100 * self.difference / abs(self.base) if self.base else nan


def paired(base: Numbers, variant: Numbers, confidence: float = CONFIDENCE) -> Paired:
    """Return what pairs of runs say about the difference of their means.

    If all pairs differ by the same, Student's statistic has no denominator. The
    p-value is then that of the sign test, exact and never 0.

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
        return Paired(0, nan, nan, nan, nan, nan, nan, nan)
    differences = variant - base
    means = float(base.mean()), float(variant.mean()), float(differences.mean())
    if n == 1:
        return Paired(1, *means, nan, nan, nan, nan)
    apart = float(base.var(ddof=1) + variant.var(ddof=1))
    if np.ptp(differences) <= _ROUNDING * max(
        np.abs(base).max(), np.abs(variant).max()
    ):
        always = float(differences[0])
        p = 1.0 if always == 0 else 2.0 ** (1 - n)
        factor = inf if apart else nan
        return Paired(n, *means[:2], always, always, always, p, factor)
    together = float(differences.var(ddof=1))
    error, mean = sqrt(together / n), means[2]
    half = t_quantile((1 + confidence) / 2, n - 1) * error
    p = t_both_tails(mean / error, n - 1)
    return Paired(n, *means, mean - half, mean + half, p, apart / together)


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
    """Return half the width of Student's interval of a mean; NaN below two numbers."""
    if numbers.size < 2:
        return nan
    error = float(numbers.std(ddof=1)) / sqrt(numbers.size)
    return t_quantile((1 + confidence) / 2, numbers.size - 1) * error


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
