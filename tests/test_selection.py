"""The best of many variants: chosen as surely as it says, and with how many runs."""

from dataclasses import replace
from math import nan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.statistics import selection
from sim.statistics.selection import Contest, Dropped, Wanted, h_squared, select

PROBLEMS, VARIANTS, MATTERS = 800, 5, 0.5
CONTEST = Contest(MATTERS, first=10, most=2_000, confidence=0.9)
TOLERANCE = 3.29 * sqrt(0.9 * 0.1 / PROBLEMS)
"""Of a share of problems: 99.9 % of checks of a true claim stay within."""


def played(values, contest):
    """Return the selection, and what was asked for, from rows of numbers."""
    names = [f"v{i}" for i in range(len(values))]
    asking, asked = select(names, contest), []
    wanted = next(asking)
    while True:
        asked.append(wanted)
        sent = {name: values[int(name[1:]), : wanted.upto] for name in wanted.variants}
        try:
            wanted = asking.send(sent)
        except StopIteration as end:
            return end.value, asked


def slippage(rng, shared):
    """Return the hardest numbers: all but the last variant equally bad, by `MATTERS`.

    `shared` is the share of the variance that is common to a replication.
    """
    own = rng.normal(0, 1, (VARIANTS, CONTEST.most))
    luck = rng.normal(0, 1, CONTEST.most)
    values = sqrt(1 - shared) * own + sqrt(shared) * luck
    values[:-1] += MATTERS
    return values


def results(shared):
    rng = np.random.default_rng(20261122)
    found = [played(slippage(rng, shared), CONTEST)[0] for _ in range(PROBLEMS)]
    right = sum(one.best == f"v{VARIANTS - 1}" for one in found) / PROBLEMS
    assert all(one.sure for one in found)
    return right, sum(sum(one.runs.values()) for one in found) / PROBLEMS


def test_the_constant_is_that_of_the_paper():
    # By hand: (2 * 0.1) ** (-2 / 2) = 5, so eta = 2 and h squared = 2 * 2 * 2.
    assert h_squared(2, Contest(1, first=3, confidence=0.9)) == pytest.approx(8)
    # 2 * 0.1 / 4 = 1 / 20, to the power of -2 / 4: sqrt(20).
    five = h_squared(5, Contest(1, first=5, confidence=0.9))
    assert five == pytest.approx(4 * (sqrt(20) - 1))


def test_a_contest_worked_by_hand():
    # The first six differences have variance 6 / 5, and h squared is 5 times
    # 0.2 ** (-2 / 5) - 1: 4.518. So sums may lag behind by 4.518 * 1.2 / (2 * 0.5) -
    # r / 4: 3.92 after 6 replications, 3.67 after 7 and 3.42 after 8.
    values = np.array([[1, -1] * 3 + [2] * 4, [0] * 10], dtype=float)
    contest = Contest(0.5, first=6, most=10, batch=1, confidence=0.9)
    found, asked = played(values, contest)
    assert asked == [Wanted(("v0", "v1"), upto) for upto in (6, 7, 8)]
    assert found.dropped == (Dropped("v0", "v1", 8),)
    assert (found.best, found.sure, found.left) == ("v1", True, ("v1",))
    assert found.runs == {"v0": 8, "v1": 8}
    assert found.means == {"v0": pytest.approx(0.5), "v1": 0}
    # Where more is better, the other one lags behind.
    more = replace(contest, larger=True)
    assert played(values, more)[0].best == "v0"


def test_the_dropped_are_not_run_any_more():
    rng = np.random.default_rng(1)
    values = rng.normal(0, 1, (3, 1_000)) + np.array([[0.0], [0.3], [9.0]])
    found, asked = played(values, Contest(0.2, first=10, batch=50))
    assert asked[0].variants == ("v0", "v1", "v2")
    assert {wanted.variants for wanted in asked[1:]} == {("v0", "v1")}
    assert found.dropped[0].variant == "v2"
    assert found.runs["v2"] == 10
    assert found.runs["v0"] == asked[-1].upto


@given(st.integers(0, 2**32), st.integers(1, 300), st.integers(2, 6))
def test_the_size_of_batches_decides_nothing(seed, batch, variants):
    rng = np.random.default_rng(seed)
    means = rng.normal(0, 0.3, (variants, 1))
    values = rng.normal(0, 1, (variants, 300)) + means
    one, other = (
        played(values, Contest(0.5, first=10, most=300, batch=size))[0]
        for size in (1, batch)
    )
    assert (one.best, one.sure, one.left) == (other.best, other.sure, other.left)
    assert one.dropped == other.dropped
    assert all(one.runs[name] <= other.runs[name] for name in one.runs)


@given(st.integers(0, 2**32), st.integers(2, 6))
def test_somebody_is_left_and_everybody_else_was_dropped_by_somebody(seed, variants):
    values = np.random.default_rng(seed).normal(0, 1, (variants, 200))
    found, _ = played(values, Contest(0.4, first=10, most=200))
    gone = {one.variant for one in found.dropped}
    assert found.best in found.left
    assert gone | set(found.left) == set(found.runs)
    assert not gone & set(found.left)
    assert all(one.by != one.variant for one in found.dropped)
    assert all(10 <= one.after <= found.runs[one.variant] for one in found.dropped)


def test_variants_that_are_the_same_are_both_left():
    values = np.tile(np.random.default_rng(1).normal(100, 9, 400) / 3, (3, 1))
    values[2] += 1
    found, asked = played(values, Contest(0.5, first=60, most=400))
    assert [wanted.upto for wanted in asked] == [60, 90, 135, 203, 305]
    assert found.sure
    assert found.left == ("v0", "v1")
    assert found.best == "v0"


def test_nothing_is_decided_while_few_replications_differ():
    """One of twenty jumps by 40: better in most, worse in the mean."""
    values = np.zeros((2, 200))
    values[0] = 1
    values[1, 10::20] = 40
    few, asked = played(values, Contest(0.5, first=20, most=60))
    assert [wanted.upto for wanted in asked] == [20, 30, 45, 60]
    assert not few.sure
    assert few.left == ("v0", "v1")
    # Not one of 60 jumps: that it is always better by one is not believed yet.
    never = np.array([[1.0] * 60, [0.0] * 60])
    found, _ = played(never, Contest(0.5, first=20, most=60))
    assert not found.sure
    assert found.left == ("v0", "v1")
    enough, asked = played(values, Contest(0.5, first=20, most=200, batch=100))
    assert [wanted.upto for wanted in asked][:6] == [20, 30, 45, 68, 102, 200]
    assert not enough.sure or enough.best == "v0"


def test_when_runs_run_out_the_choice_is_not_sure():
    values = np.random.default_rng(1).normal(0, 1, (2, 30))
    found, asked = played(values, Contest(0.01, first=10, most=30, batch=15))
    assert [wanted.upto for wanted in asked] == [10, 25, 30]
    assert not found.sure
    assert found.left == ("v0", "v1")
    assert found.means[found.best] == min(found.means.values())


def test_the_best_is_chosen_as_surely_as_it_says(record_property):
    """And runs that share their luck choose it with fewer runs."""
    alone, many = results(shared=0.0)
    together, few = results(shared=0.8)
    record_property("right choices, independent luck", alone)
    record_property("right choices, shared luck", together)
    record_property("runs, independent luck", many)
    record_property("runs, shared luck", few)
    assert alone > CONTEST.confidence - TOLERANCE
    assert together > CONTEST.confidence - TOLERANCE
    assert few < many / 2


def test_a_constant_that_is_wrong_would_be_caught(monkeypatch):
    """Negative control: h squared without its degrees of freedom."""
    monkeypatch.setattr(
        selection, "h_squared", lambda k, contest: h_squared(k, contest) / 9
    )
    right, _ = results(shared=0.0)
    assert right < CONTEST.confidence - TOLERANCE


def test_variances_need_not_be_alike():
    """The best varies most, which is harder than the other way round."""
    rng = np.random.default_rng(7)
    right = 0
    spreads = np.array([0.5, 0.7, 1.0, 1.4, 2.0])[:, None]
    for _ in range(PROBLEMS // 2):
        values = rng.normal(0, 1, (VARIANTS, CONTEST.most)) * spreads
        values[:-1] += MATTERS
        right += played(values, CONTEST)[0].best == f"v{VARIANTS - 1}"
    assert right / (PROBLEMS // 2) > CONTEST.confidence - sqrt(2) * TOLERANCE


@pytest.mark.parametrize(
    ("numbers", "answer"),
    [
        ([1.0, nan, 2.0], "v1: the metric is nan in replication 1"),
        ([1.0, 2.0], "v1: one number is needed for each of 3 replications, got 2"),
    ],
)
def test_what_cannot_be_ranked_is_refused(numbers, answer):
    asking = select(["v0", "v1"], Contest(1, first=3))
    next(asking)
    with pytest.raises(ValueError, match=answer):
        asking.send({"v0": np.zeros(3), "v1": np.array(numbers)})


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (lambda: next(select(["a"], Contest(1))), "two or more names"),
        (lambda: next(select(["a", "a"], Contest(1))), "two or more names"),
        (lambda: Contest(0), "matters is above 0, got 0"),
        (lambda: Contest(nan), "matters is above 0, got nan"),
        (lambda: Contest(1, first=2), "at least 3 replications"),
        (lambda: Contest(1, first=30, most=20), "got 30 of 20"),
        (lambda: Contest(1, batch=0), "at least 1 replication"),
        (lambda: Contest(1, confidence=0.5), "between 0.5 and 1"),
    ],
)
def test_what_makes_no_sense_is_refused(ask, answer):
    with pytest.raises(ValueError, match=answer):
        ask()
