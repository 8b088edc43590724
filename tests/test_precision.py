"""Run until precise: when it stops, on what, and what stopping early costs."""

from itertools import pairwise
from math import isnan, nan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.run_tables import precision
from sim.statistics.intervals import SAME_ENOUGH, Untold, half_width, mean_interval
from sim.statistics.precision import (
    PrecisionTarget,
    StoppingRule,
    look,
    until_precise,
)
from sim.words import Words
from tests.builders import operation

STUDIES, MOST = 600, 1_000
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
    # Of +1 and -1 in turn, Student's half width at 96 % is t * sqrt(1 / (n - 1)):
    # 0.497 at 20 runs, 0.402 at 30 and 0.319 at 45. They are not skewed, yet may be by
    # a standard error, so the interval is a little wider.
    values_of, asked = told(np.tile([1.0, -1.0], 500))
    rule = StoppingRule((PrecisionTarget("m", 0.36),), first=20)
    found = until_precise(rule, values_of)
    assert asked == [20, 30, 45]
    assert found.runs == 45
    assert found.enough
    half = found.known[0].interval.half
    assert half == mean_interval(np.tile([1.0, -1.0], 23)[:45], 0.96).half
    assert 1 < half / 0.319 < 1.05


def test_every_wish_must_come_true():
    values = np.tile([1.0, -1.0], 500)
    targets = (PrecisionTarget("near", 0.6), PrecisionTarget("far", 0.6))
    rule = StoppingRule(targets, first=20, most=100)
    found = until_precise(rule, lambda n: {"near": values[:n], "far": 2 * values[:n]})
    assert found.runs == 68
    early = look(rule, 20, {"near": values[:20], "far": 2 * values[:20]})
    assert [known.enough for known in early.known] == [True, False]
    assert not early.enough


def test_a_wish_in_percent_is_of_the_mean():
    values = 100 + np.tile([1.0, -1.0], 10)
    rule = StoppingRule((PrecisionTarget("m", 0.6, percent=True),), first=20)
    found = look(rule, 20, {"m": -values})
    assert found.known[0].most == pytest.approx(0.6)
    assert found.enough
    # No share of a mean of 0 is ever enough.
    assert not look(rule, 20, {"m": values - 100}).enough


def test_it_gives_up_after_all_runs_and_says_what_it_knows():
    values_of, asked = told(np.tile([1.0, -1.0], 500))
    found = until_precise(
        StoppingRule((PrecisionTarget("m", 0.001),), first=20, most=50), values_of
    )
    assert asked == [20, 30, 45, 50]
    assert not found.enough
    assert found.runs == 50


def test_a_median_is_known_by_the_numbers_around_it():
    # The 6th and the 15th of 20 numbers enclose the median in 95.9 % of samples, the
    # 5th and the 16th in 98.8 %: the first are not enough for 96 %.
    values = numbers(*range(1, 21))
    median = PrecisionTarget("m", 5.5, quantile=0.5)
    found = look(StoppingRule((median,), first=20), 20, {"m": values})
    assert found.known[0].estimate == 10.5
    assert found.known[0].interval[:2] == (5, 16)
    assert found.enough
    far = PrecisionTarget("m", 9, quantile=0.99)
    (known,) = look(StoppingRule((far,), first=20), 20, {"m": values}).known
    assert isnan(known.interval.low)
    assert known.interval.untold is Untold.FEW
    assert not known.enough


def test_what_did_not_happen_does_not_count():
    rule = StoppingRule((PrecisionTarget("m", 10),), first=20, most=100)
    values = np.tile([1.0, nan, 3.0], 20)
    early = look(rule, 30, {"m": values[:30]})
    assert (early.known[0].came, early.known[0].asked) == (20, 30)
    assert early.enough
    few = look(rule, 20, {"m": values[:20]})
    assert few.known[0].interval.half < 10
    assert not few.enough
    never = look(rule, 100, {"m": np.full(100, nan)})
    assert isnan(never.known[0].estimate)
    assert never.known[0].interval.untold is Untold.FEW
    assert not never.enough


def test_failed_runs_are_not_taken_for_what_did_not_happen():
    rule = StoppingRule((PrecisionTarget("m", 10),), first=10)
    found = look(rule, 30, {"m": np.tile([1.0, 3.0], 10)})
    assert (found.known[0].came, found.known[0].asked) == (20, 20)
    with pytest.raises(ValueError, match="10 runs cannot have 20 numbers"):
        look(rule, 10, {"m": np.tile([1.0, 3.0], 10)})


def test_what_never_varies_is_believed_after_many_runs_only():
    rule = StoppingRule((PrecisionTarget("m", 1),))
    for runs, enough in ((60, False), (SAME_ENOUGH - 1, False), (SAME_ENOUGH, True)):
        found = look(rule, runs, {"m": np.full(runs, 7.0)})
        assert found.enough is enough
        assert found.known[0].interval.untold is Untold.SAME
    assert (1 - 0.01) ** SAME_ENOUGH < 0.05


def test_while_few_runs_differ_it_goes_on_however_narrow_the_wish_allows():
    """Four jumps in 90 runs; the fifth comes at 200."""
    values = np.zeros(1_000)
    values[[3, 40, 70, 80, 200]] = 1.0
    values_of, asked = told(values)
    found = until_precise(StoppingRule((PrecisionTarget("m", 5),)), values_of)
    assert asked == [60, 90, 135, 203]
    assert found.enough
    (known,) = look(StoppingRule((PrecisionTarget("m", 5),)), 90, values_of(90)).known
    assert known.interval.untold is Untold.FEW_APART


def test_what_so_few_runs_cannot_tell_is_said():
    targets = (PrecisionTarget("t50", 1), PrecisionTarget("t90", 1))
    rule = StoppingRule((*targets, PrecisionTarget("t100", 1)), first=20, most=60)
    jump = np.zeros(60)
    jump[0] = 1
    seldom = np.where(np.arange(60) < 10, np.arange(60.0), nan)
    found = look(rule, 60, {"t50": np.ones(60), "t90": jump, "t100": seldom})
    (section,) = precision(found, operation().clock)
    said = [Words().of(part) for part in section.parts[1:]]
    assert said == [
        "The most runs allowed (-n) were not enough.",
        "t50 was the same in 60 of 60 runs. What is rare may not have happened yet: "
        "300 runs that are the same are enough.",
        "t90: So few runs cannot tell how far the mean may be off: only 1 of 60 "
        "differ much from the rest, and it takes 5.",
        "t100 happened in 10 of 60 runs: too few to judge it, 20 do.",
    ]


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


def coverage(draws, truth, target, first=60):
    """Return in which share of studies the final interval holds the truth.

    What so few runs cannot tell claims nothing.
    """
    wrong, rule = 0, StoppingRule((target,), first=first, most=MOST)
    for draw in draws:
        low, high = until_precise(rule, told(draw)[0]).known[0].interval[:2]
        wrong += not (isnan(low) or low <= truth <= high)
    return 1 - wrong / len(draws)


SEEDED = 20261122


def drawn(case):
    rng = np.random.default_rng(SEEDED)
    if case == "normal":
        return rng.normal(10, 2, (STUDIES, MOST))
    if case == "exponential":
        return rng.exponential(1, (STUDIES, MOST))
    return (rng.random((STUDIES, MOST)) < 0.05) * rng.normal(10, 3, (STUDIES, MOST))


@pytest.mark.parametrize(
    ("case", "truth", "target"),
    [
        ("normal", 10, PrecisionTarget("m", 0.5)),
        ("normal", 10, PrecisionTarget("m", 5, percent=True)),
        ("normal", 10, PrecisionTarget("m", 0.6, quantile=0.5)),
        ("exponential", 1, PrecisionTarget("m", 0.25)),
        ("rare jump", 0.5, PrecisionTarget("m", 0.6)),
    ],
)
def test_stopping_early_costs_no_more_than_two_in_a_hundred(case, truth, target):
    assert coverage(drawn(case), truth, target) > 0.93 - TOLERANCE


def test_a_rule_without_patience_is_caught():
    """Negative control: Student's interval, looked at after every run from the second.

    So it is with few runs at first, of which none jumps: our rule goes on.
    """

    def holds(draw, truth, most, first):
        for runs in range(first, MOST + 1):
            if (half := half_width(draw[:runs])) <= most:
                return abs(draw[:runs].mean() - truth) <= half
        return True

    normal, rare = drawn("normal"), drawn("rare jump")
    shares = (
        sum(holds(draw, 10, 1.5, 2) for draw in normal) / STUDIES,
        sum(holds(draw, 0.5, 0.6, 20) for draw in rare) / STUDIES,
    )
    assert max(shares) < 0.93 - TOLERANCE
    assert coverage(normal, 10, PrecisionTarget("m", 1.5)) > 0.93 - TOLERANCE
