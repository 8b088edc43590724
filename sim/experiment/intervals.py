"""Paired differences: their interval, their p-value, and what pairing gained.

Pure functions of numbers; nothing here knows where they come from.

References
----------
Law, Simulation Modeling and Analysis, 5th ed. (2015), section 10.2.1 (the paired-t
interval) and section 11.2 (common random numbers).
Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of
Statistics 6 (1979) 65-70.
NIST Digital Library of Mathematical Functions, section 8.17 (incomplete beta function).
"""

from collections.abc import Sequence
from functools import lru_cache
from math import exp, inf, lgamma, log, log1p, nan, sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
CONFIDENCE = 0.95
_ROUNDING = 1e-12
_TINY = 1e-300
_STEPS = 200


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


def t_both_tails(t: float, df: int) -> float:
    """Return the probability that Student's t lies at least so far from 0."""
    return _incomplete_beta(df / 2, 0.5, df / (df + t * t)) if t else 1.0


@lru_cache(maxsize=256)
def t_quantile(probability: float, df: int) -> float:
    """Return the quantile of Student's t, by halving an interval of it.

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
    tails = 2 * (1 - probability)
    low, high = 0.0, 1.0
    while t_both_tails(high, df) > tails:
        low, high = high, 2 * high
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        if t_both_tails(middle, df) > tails:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function (DLMF 8.17.2 and 8.17.4)."""
    if not 0 < x < 1:
        return 0.0 if x <= 0 else 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    # On each side of the mean the fraction converges fast for one of the tails.
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(a, b, x) / a
    return 1 - front * _beta_fraction(b, a, 1 - x) / b


def _beta_fraction(a: float, b: float, x: float) -> float:
    """Return the continued fraction of DLMF 8.17.22, by the method of Lentz.

    Raises
    ------
    ArithmeticError
        If it does not converge.
    """
    above, below = 1.0, 1 / _not_zero(1 - (a + b) * x / (a + 1))
    fraction = below
    for m in range(1, 100_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            below = 1 / _not_zero(1 + term * below)
            above = _not_zero(1 + term / above)
            fraction *= above * below
        if abs(above * below - 1) < 1e-15:
            return fraction
    raise ArithmeticError(f"no incomplete beta function of {a}, {b}, {x}")


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
