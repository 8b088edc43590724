"""Run until precise: when it stops, on what, and what stopping early costs."""

from itertools import pairwise
from math import isnan, nan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.statistics.intervals import half_width
from sim.statistics.precision import PrecisionTarget, StoppingRule, look, until_precise

STUDIES, MOST = 2_000, 1_000
TOLERANCE = 3.29 * sqrt(0.95 * 0.05 / STUDIES)
"""Of a share of studies: 99.9 % of checks of a true claim stay within."""


def numbers(*values):
    return np.array(values, dtype=np.float64)


def told(values):
    """Return a function that runs nothing, and the numbers of runs it was asked for."""
    asked = []

    def values_of(runs):
        asked.append(runs)
        return {"m": values[:runs]}

    return values_of, asked


def test_it_looks_at_half_as_many_runs_again_and_at_last_at_all():
    assert StoppingRule((PrecisionTarget("m", 1),), first=20, most=100).looks == (
        20,
        30,
        45,
        68,
        100,
    )
    assert StoppingRule((PrecisionTarget("m", 1),), first=20, most=20).looks == (20,)


@given(st.integers(10, 200), st.integers(0, 5_000))
def test_looks_grow_from_the_first_to_the_most(first, more):
    looks = StoppingRule(
        (PrecisionTarget("m", 1),), first=first, most=first + more
    ).looks
    assert looks[0] == first
    assert looks[-1] == first + more
    assert all(a < b <= (3 * a + 1) // 2 for a, b in pairwise(looks))


def test_it_stops_at_the_first_look_that_is_precise_enough():
    # Of +1 and -1 in turn, half a width is t * sqrt(n / (n - 1) / n): 0.480 at 20 runs,
    # 0.380 at 30 and 0.304 at 45.
    values_of, asked = told(np.tile([1.0, -1.0], 500))
    found = until_precise(StoppingRule((PrecisionTarget("m", 0.31),)), values_of)
    assert asked == [20, 30, 45]
    assert found.runs == 45
    assert found.enough
    assert found.known[0].half_width == pytest.approx(2.0154 / sqrt(44), rel=1e-3)


def test_every_wish_must_come_true():
    values = np.tile([1.0, -1.0], 500)
    targets = (PrecisionTarget("near", 0.5), PrecisionTarget("far", 0.5))
    rule = StoppingRule(targets, most=100)
    found = until_precise(rule, lambda n: {"near": values[:n], "far": 2 * values[:n]})
    assert found.runs == 68
    early = look(rule, 20, {"near": values[:20], "far": 2 * values[:20]})
    assert [known.enough for known in early.known] == [True, False]
    assert not early.enough


def test_a_wish_in_percent_is_of_the_mean():
    values = 100 + np.tile([1.0, -1.0], 10)
    rule = StoppingRule((PrecisionTarget("m", 0.5, percent=True),))
    found = look(rule, 20, {"m": -values})
    assert found.known[0].most == pytest.approx(0.5)
    assert found.enough
    # No share of a mean of 0 is ever enough.
    assert not look(rule, 20, {"m": values - 100}).enough


def test_it_gives_up_after_all_runs_and_says_what_it_knows():
    values_of, asked = told(np.tile([1.0, -1.0], 500))
    found = until_precise(
        StoppingRule((PrecisionTarget("m", 0.001),), most=50), values_of
    )
    assert asked == [20, 30, 45, 50]
    assert not found.enough
    assert found.runs == 50


def test_a_median_is_known_by_the_numbers_around_it():
    # The 6th and the 15th of 20 numbers enclose the median in 95.9 % of samples.
    values = numbers(*range(1, 21))
    found = look(
        StoppingRule((PrecisionTarget("m", 4.5, quantile=0.5),)), 20, {"m": values}
    )
    assert found.known[0].estimate == 10.5
    assert found.known[0].half_width == 4.5
    assert found.enough
    far = look(
        StoppingRule((PrecisionTarget("m", 9, quantile=0.99),)), 20, {"m": values}
    )
    assert isnan(far.known[0].half_width)
    assert not far.enough
    assert "too few for an interval of this quantile" in far.notes[0]


def test_what_did_not_happen_does_not_count_and_is_told():
    rule = StoppingRule((PrecisionTarget("m", 10),), first=20, most=100)
    values = np.tile([1.0, nan, 3.0], 20)
    early = look(rule, 30, {"m": values[:30]})
    assert (early.known[0].came, early.known[0].asked) == (20, 30)
    assert early.enough
    assert early.notes == ("m happened in 20 of 30 runs: its interval is over these.",)
    few = look(rule, 20, {"m": values[:20]})
    assert few.known[0].half_width < 10
    assert not few.enough
    assert few.notes == ("m happened in 13 of 20 runs: too few to judge it, 20 do.",)
    never = look(rule, 100, {"m": np.full(100, nan)})
    assert isnan(never.known[0].estimate)
    assert not never.enough


def test_failed_runs_are_not_taken_for_what_did_not_happen():
    rule = StoppingRule((PrecisionTarget("m", 10),), first=10)
    found = look(rule, 30, {"m": np.tile([1.0, 3.0], 10)})
    assert found.known[0].asked == 20
    assert found.notes == ()
    with pytest.raises(ValueError, match="10 runs cannot have 20 numbers"):
        look(rule, 10, {"m": np.tile([1.0, 3.0], 10)})


def test_what_never_varies_is_precise_and_told():
    found = look(StoppingRule((PrecisionTarget("m", 1),)), 20, {"m": np.full(20, 7.0)})
    assert found.enough
    assert found.notes == ("m was the same in 20 of 20 runs.",)


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (lambda: StoppingRule(()), "at least one metric"),
        (lambda: StoppingRule((PrecisionTarget("m", 1),), first=5), "at least 10 runs"),
        (
            lambda: StoppingRule((PrecisionTarget("m", 1),), first=50, most=40),
            "got 50 of 40",
        ),
        (
            lambda: StoppingRule((PrecisionTarget("m", 1),), confidence=95),
            "between 0 and 1, got 95",
        ),
        (lambda: PrecisionTarget("m", 0), "above 0, got 0"),
        (lambda: PrecisionTarget("m", nan), "above 0, got nan"),
        (lambda: PrecisionTarget("m", 1, quantile=50), "between 0 and 1, got 50"),
        (
            lambda: look(
                StoppingRule((PrecisionTarget("n", 1),)), 20, {"m": numbers(1)}
            ),
            "no metric 'n'",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(ask, answer):
    with pytest.raises(ValueError, match=answer):
        ask()


@given(st.lists(st.floats(-1e6, 1e6), min_size=60, max_size=60), st.floats(0.1, 1e5))
def test_the_answer_depends_on_the_first_runs_only(values, most):
    """Runs that ended early by chance, beyond the look, change nothing."""
    rule = StoppingRule((PrecisionTarget("m", most),), first=10, most=60)
    values = numbers(*values)
    found = until_precise(rule, told(values)[0])
    changed = values.copy()
    changed[found.runs :] = 1e9
    assert until_precise(rule, told(changed)[0]) == found
    assert found.runs in rule.looks
    assert found.enough or found.runs == 60


def coverage(draws, truth, target):
    """Return in which share of studies the final interval holds the truth."""
    kept, rule = 0, StoppingRule((target,), first=20, most=MOST)
    for draw in draws:
        (known,) = until_precise(rule, told(draw)[0]).known
        kept += abs(known.estimate - truth) <= known.half_width
    return kept / STUDIES


@pytest.fixture(scope="module")
def normal():
    return np.random.default_rng(20261122).normal(10, 2, (STUDIES, MOST))


def test_stopping_early_costs_the_little_that_is_said(normal, record_property):
    """The claims of the module's docstring: at least so much of 95 %."""
    skewed = np.random.default_rng(20261122).exponential(1, (STUDIES, MOST))
    for case, draws, truth, target, claimed in (
        ("normal, mean", normal, 10, PrecisionTarget("m", 0.5), 0.94),
        ("normal, percent", normal, 10, PrecisionTarget("m", 5, percent=True), 0.94),
        ("normal, median", normal, 10, PrecisionTarget("m", 0.6, quantile=0.5), 0.92),
        ("exponential, mean", skewed, 1, PrecisionTarget("m", 0.25), 0.89),
    ):
        share = coverage(draws, truth, target)
        record_property(f"coverage of 95 % intervals: {case}", share)
        assert share > claimed - TOLERANCE, case
    fixed = sum(abs(draw[:70].mean() - 1) <= half_width(draw[:70]) for draw in skewed)
    assert abs(fixed / STUDIES - 0.93) < TOLERANCE


def test_looking_after_every_run_from_the_second_would_be_caught(normal):
    """Negative control: the same target without any patience, and with ours."""

    def holds(draw):
        for runs in range(2, MOST + 1):
            if (half := half_width(draw[:runs])) <= 1.5:
                return abs(draw[:runs].mean() - 10) <= half
        return True

    assert sum(map(holds, normal)) / STUDIES < 0.94 - TOLERANCE
    assert coverage(normal, 10, PrecisionTarget("m", 1.5)) > 0.94 - TOLERANCE
