"""Intervals of one sample: exact where the answer is known, else at their rate."""

import subprocess
import sys
from math import comb, isnan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.statistics.intervals import (
    half_width,
    quantile_interval,
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
