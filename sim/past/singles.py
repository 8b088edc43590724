"""Quantities of which an operation has one value: heavy tails, shares and rates.

With one value an operation, what lies between and what lies within operations cannot be
told apart; the predictive distribution of the next value needs only their sum. All are
summed over a grid of two parameters.
"""

from collections.abc import Sequence

import numpy as np
import scipy

from sim.past.mixtures import DEGREES, Family, Mixture, Numbers

PRIOR_OF_SCALE = 1.0
"""Scale of the half-normal prior of the scale of logarithms; judgement."""
_MIDDLES, _SCALES = 161, 60
_SHARES, _SIZES = 60, 40


def heavy_tailed(values: Sequence[float]) -> Mixture:
    """Return what the next positive value may be: log-Student with 4 degrees.

    One value far out, as a crowd that boards, then widens the middle little. Lange,
    Little and Taylor, Robust statistical modeling using the t distribution, JASA 84
    (1989) 881-896.

    Raises
    ------
    ValueError
        If there are fewer than two values, or one is not positive.
    """
    if len(values) < 2 or min(values) <= 0:
        raise ValueError(f"needs two positive values, got {list(values)}")
    logs = np.log(np.asarray(values, np.float64))
    reach = max(1.0, float(np.ptp(logs)))
    middles = np.linspace(logs.min() - reach, logs.max() + reach, _MIDDLES)
    scales = np.geomspace(0.005, 4.0, _SCALES)
    middle, scale = (each.ravel() for each in np.meshgrid(middles, scales))
    away = (logs[:, None] - middle) / scale
    log_p = -(DEGREES + 1) / 2 * np.log1p(away**2 / DEGREES).sum(axis=0)
    log_p -= (len(logs) - 1) * np.log(scale) + (scale / PRIOR_OF_SCALE) ** 2 / 2
    return Mixture.of(Family.LOG_T, middle, scale, log_p)


def shares(happened: Sequence[int], of: Sequence[int]) -> Mixture:
    """Return what the chance of the next operation may be: beta-binomial.

    The mean has a uniform prior; the size of the beta distribution, as many trials as
    it is worth, one that is uniform in its logarithm from half a trial to 200.

    Raises
    ------
    ValueError
        If more happened than could, or nothing was tried.
    """
    k, n = np.asarray(happened)[:, None], np.asarray(of)[:, None]
    if not len(k) or (k > n).any() or (k < 0).any() or (n < 1).any():
        raise ValueError(f"needs shares of trials, got {happened} of {of}")
    means = (np.arange(_SHARES) + 0.5) / _SHARES
    mean, size = _pairs(means, np.geomspace(0.5, 200.0, _SIZES))
    a, b = mean * size, (1 - mean) * size
    log_p = (scipy.special.betaln(k + a, n - k + b) - scipy.special.betaln(a, b)).sum(
        axis=0
    )
    return Mixture.of(Family.BETA, a, b, log_p)


def rates(happened: Sequence[int], over: Sequence[float]) -> Mixture:
    """Return what the rate of the next operation may be: gamma-Poisson.

    The mean rate has a prior that is uniform in its logarithm, and so has the shape of
    the gamma distribution, from a quarter to 50.

    Raises
    ------
    ValueError
        If nothing happened at all, or over no time.
    """
    k, t = np.asarray(happened)[:, None], np.asarray(over, np.float64)[:, None]
    if not k.sum() or (k < 0).any() or (t <= 0).any():
        raise ValueError(f"needs counts over times, got {happened} over {over}")
    about = float(k.sum() / t.sum())
    means = about * np.geomspace(1 / 20, 20, _SHARES)
    mean, shape = _pairs(means, np.geomspace(0.25, 50.0, _SIZES))
    rate = shape / mean
    log_p = (
        scipy.special.gammaln(k + shape)
        - scipy.special.gammaln(shape)
        + shape * np.log(rate / (rate + t))
        - k * np.log(rate + t)
    ).sum(axis=0)
    return Mixture.of(Family.GAMMA, shape, rate, log_p)


def _pairs(first: Numbers, second: Numbers) -> tuple[Numbers, Numbers]:
    one, other = np.meshgrid(first, second)
    return one.ravel(), other.ravel()
