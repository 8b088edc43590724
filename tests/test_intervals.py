"""Intervals of one sample: exact where the answer is known, else at their rate."""

import subprocess
import sys
from math import comb, isnan, sqrt

import numpy as np
import pytest
import scipy
from hypothesis import given
from hypothesis import strategies as st

from sim.statistics.intervals import (
    Untold,
    half_width,
    inside_between,
    mean_interval,
    paired,
    quantile_interval,
    share_interval,
    t_both_tails,
    t_quantile,
)

SAMPLES = 4_000


def numbers(*values):
    return np.array(values, dtype=np.float64)


@given(st.floats(0.501, 0.999), st.integers(1, 5_000))
def test_a_quantile_leaves_what_it_says_in_its_tails(probability, df):
    tails = t_both_tails(t_quantile(probability, df), df)
    assert tails == pytest.approx(2 * (1 - probability), rel=1e-9)


def test_a_half_width_worked_by_hand():
    # Variance 4 of three numbers, and 4.303 of the published table.
    assert half_width(numbers(1, 3, 5)) == pytest.approx(4.303 * 2 / sqrt(3), abs=1e-3)
    assert half_width(numbers(7, 7, 7)) == 0
    assert isnan(half_width(numbers(7)))


def test_the_paired_interval_of_the_textbook():
    # Law, Simulation Modeling and Analysis, example 10.2: 4.98 -+ 3.33 at 90 %.
    second = numbers(118.21, 120.22, 122.45, 122.68, 119.40)
    first = numbers(126.97, 124.31, 126.68, 122.66, 127.23)
    assert half_width(first - second, 0.9) == pytest.approx(3.33, abs=0.005)


def hull(sample, confidence=0.95):
    """Return the interval of a mean by another way: roots of Hall's cubic, searched."""
    n = sample.size
    reach = scipy.stats.t.ppf((1 + confidence) / 2, n - 1)
    skew = scipy.stats.skew(sample, bias=False)
    error = sqrt(6 * n * (n - 1) / ((n - 2) * (n + 1) * (n + 3)))
    ends = [-reach, reach]
    for a in (np.array([-1, 0, 1]) * error + skew) / sqrt(n):
        ends += [
            scipy.optimize.brentq(
                lambda t, a=a, x=x: t + a * t**2 / 3 + a**2 * t**3 / 27 + a / 6 - x,
                -1e3,
                1e3,
            )
            for x in (-reach, reach)
        ]
    error = sample.std(ddof=1) / sqrt(n)
    return sample.mean() - max(ends) * error, sample.mean() - min(ends) * error


@pytest.mark.parametrize("n", [6, 10, 37])
def test_an_interval_is_that_of_the_written_formula(n):
    rng = np.random.default_rng(n)
    for sample in (rng.normal(3, 1, n), rng.exponential(1, n), np.arange(n) ** 2.0):
        found = mean_interval(sample)
        if found.untold is None:
            assert (found.low, found.high) == pytest.approx(hull(sample), rel=1e-6)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=40), st.floats(0.5, 0.99))
def test_an_interval_lies_around_its_mean_and_grows_with_its_confidence(drawn, least):
    sample = numbers(*drawn)
    found = mean_interval(sample, least)
    if found.untold:
        assert isnan(found.low)
        assert isnan(found.high)
        return
    assert found.low < sample.mean() < found.high
    wider = mean_interval(sample, (1 + least) / 2)
    assert wider.low < found.low
    assert found.high < wider.high
    assert found.half >= half_width(sample, least) * (1 - 1e-9)


@given(
    st.lists(st.integers(-50, 50), min_size=6, max_size=40),
    st.sampled_from([0.5, 3.0, -2.0]),
    st.integers(-100, 100),
)
def test_an_interval_moves_with_the_unit_and_the_origin(drawn, unit, origin):
    sample = numbers(*drawn)
    found, moved = mean_interval(sample), mean_interval(unit * sample + origin)
    assert moved.untold == found.untold
    if not found.untold:
        ends = sorted((unit * found.low + origin, unit * found.high + origin))
        assert (moved.low, moved.high) == pytest.approx(ends, rel=1e-6, abs=1e-6)


@given(st.lists(st.integers(-9, 30), min_size=2, max_size=30), st.floats(0.8, 0.99))
def test_a_p_value_is_small_exactly_where_the_interval_leaves_0_out(drawn, confidence):
    sample = numbers(*drawn)
    found = paired(0 * sample, sample, confidence)
    if not found.interval.untold and min(abs(found.low), abs(found.high)) > 1e-9:
        outside = not found.low <= 0 <= found.high
        assert (found.p < 1 - confidence) == outside


def test_p_is_small_where_every_pair_changes_alike_though_they_are_skewed():
    """The interval leaves 0 out; how far, skewness would hide and the signs show."""
    sample = np.random.default_rng(2).exponential(1, 20) - 3
    assert sample.max() < 0
    found = paired(0 * sample, sample)
    assert found.high < 0
    t = sample.mean() / sample.std(ddof=1) * sqrt(20)
    assert found.p == pytest.approx(max(2 / 2**20, t_both_tails(t, 19)))


def test_where_few_numbers_differ_there_is_no_interval_and_it_says_why():
    same = mean_interval(numbers(*[7] * 20))
    assert (same.untold, same.apart) == (Untold.SAME, 0)
    few = mean_interval(numbers(1, 2, 3, 4, 5))
    assert few.untold is Untold.FEW
    rare = mean_interval(numbers(*[0] * 16, 5, 5, 5, 5))
    assert (rare.untold, rare.apart) == (Untold.FEW_APART, 4)
    assert isnan(rare.low)
    enough = mean_interval(numbers(*[0] * 15, 5, 5, 5, 5, 5))
    assert (enough.untold, enough.apart) == (None, 5)
    # A little noise on the others makes four jumps no more than four.
    noise = np.linspace(-0.2, 0.2, 16)
    noisy = mean_interval(numbers(*noise, 5, 5, 5, 5))
    assert (noisy.untold, noisy.apart) == (Untold.FEW_APART, 4)
    assert mean_interval(numbers()).untold is Untold.FEW
    assert mean_interval(numbers(3)).untold is Untold.FEW


@given(st.integers(1, 300), st.data(), st.floats(0.6, 0.99))
def test_ends_of_a_share_are_the_exact_ones(n, data, confidence):
    """At the lower end so many or more, at the upper so many or fewer, are rare."""
    count = data.draw(st.integers(0, n))
    low, high = share_interval(count, n, confidence)
    tail = (1 - confidence) / 2
    if count:
        assert scipy.stats.binom.sf(count - 1, n, low) == pytest.approx(tail)
    else:
        assert low == 0
    if count < n:
        assert scipy.stats.binom.cdf(count, n, high) == pytest.approx(tail)
    else:
        assert high == 1


def test_a_share_of_nothing_is_refused():
    for count, n in ((0, 0), (3, 2), (-1, 5)):
        with pytest.raises(ValueError, match="no share"):
            share_interval(count, n)


def test_five_numbers_say_nothing_sure_of_a_median_and_six_do():
    # The median is above all of six numbers, or below, in 2 of 64 cases: 3.1 %.
    assert all(map(isnan, quantile_interval(numbers(1, 2, 3, 4, 5), 0.5)))
    assert quantile_interval(numbers(6, 2, 3, 5, 4, 1), 0.5) == (1, 6)
    assert quantile_interval(numbers(1, 2, 3, 4, 5), 0.5, confidence=0.9) == (1, 5)
    assert all(map(isnan, quantile_interval(numbers(), 0.5)))
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile_interval(numbers(1, 2), 1.0)


@given(st.integers(6, 150), st.sampled_from([0.1, 0.5, 0.9]), st.floats(0.5, 0.99))
def test_ends_are_the_narrowest_that_the_binomial_allows(n, probability, confidence):
    """Exact: one number further inside would leave too much in one tail."""
    low, high = quantile_interval(np.arange(1.0, n + 1), probability, confidence)
    chance = [
        comb(n, k) * probability**k * (1 - probability) ** (n - k) for k in range(n + 1)
    ]
    tail = (1 - confidence) / 2 + 1e-9
    if isnan(low):
        assert chance[0] > tail - 2e-9 or chance[n] > tail - 2e-9
        return
    low, high = int(low), int(high)
    assert sum(chance[:low]) <= tail < sum(chance[: low + 1]) + 2e-9
    assert sum(chance[high:]) <= tail < sum(chance[high - 1 :]) + 2e-9


@pytest.mark.parametrize("probability", [0.5, 0.9])
def test_an_interval_of_a_quantile_holds_it_as_often_as_it_says(probability):
    rng = np.random.default_rng(5)
    truth = -np.log(1 - probability)
    kept = shifted = 0
    for sample in rng.exponential(1, (SAMPLES, 60)):
        low, high = quantile_interval(sample, probability)
        kept += low <= truth <= high
        shifted += low <= 1.5 * truth <= high
    tolerance = 3.29 * sqrt(SAMPLES * 0.95 * 0.05)
    assert kept - 0.95 * SAMPLES > -tolerance
    assert shifted - 0.95 * SAMPLES < -tolerance  # a wrong quantile is noticed


def test_who_compares_nothing_does_not_wait_for_scipy():
    code = "import sys, sim.experiment; print('scipy.special' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_the_next_of_ten_numbers_is_as_likely_in_any_gap():
    """Nine numbers leave ten gaps, of which eight lie between the ends."""
    assert inside_between(9, 0.0, 1.0) == pytest.approx(0.8)
    assert inside_between(9, 0.25, 0.75) == pytest.approx(0.4)
