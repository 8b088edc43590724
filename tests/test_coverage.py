"""Every interval that is printed holds as often as it says, or says it cannot tell.

A small version of `python -m benchmarks.coverage`, whose table stands in
`docs/decisions/0015-intervals-that-hold.md`.
"""

import subprocess
import sys

import numpy as np
import pytest

from benchmarks import coverage
from benchmarks.coverage import (
    INTERVALS,
    KINDS,
    SIZES,
    inside_of_band,
    measured,
    of_many,
    of_plain_mean,
    said,
)
from sim.statistics import intervals

STUDIES, MANY = 200, 4_000
SLOW = {
    "any of ten nulls (Holm)",
    "share of knowledge",
    "until precise",
    "best of three",
}
BY_NAME = {kind.name: kind for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("name", INTERVALS)
def test_an_interval_makes_no_more_mistakes_than_its_name_and_two_in_a_hundred(
    name, kind, record_property
):
    for n in (10, 50):
        found = measured(
            INTERVALS[name], kind, n, STUDIES // 4 if name in SLOW else STUDIES
        )
        record_property(f"{name}, {kind.name}, {n}: told", found.told)
        record_property(f"{name}, {kind.name}, {n}: wrong", found.wrong)
        assert found.holds, n


def test_it_does_not_hold_by_never_saying_anything():
    """Of normal numbers the interval is told, and not much wider than it must be."""
    for name in ("mean", "paired difference"):
        for n, widest in ((20, 1.3), (50, 1.15), (200, 1.05)):
            found = measured(INTERVALS[name], BY_NAME["normal"], n, STUDIES)
            assert found.told > 0.99
            assert found.width < widest


@pytest.mark.parametrize("kind", ["exponential", "lognormal", "rare jump"])
def test_students_interval_alone_is_caught(kind):
    """Negative control."""
    assert not measured(of_plain_mean, BY_NAME[kind], 10, MANY).holds
    assert measured(of_plain_mean, BY_NAME["normal"], 10, MANY).holds


def test_where_one_in_twenty_jumps_few_runs_are_not_believed():
    rare = BY_NAME["rare jump"]
    assert measured(INTERVALS["mean"], rare, 10, STUDIES).told < 0.02
    assert measured(INTERVALS["mean"], rare, 20, STUDIES).told < 0.03
    assert measured(INTERVALS["mean"], rare, 200, STUDIES).told > 0.9


def test_a_correction_for_many_that_is_left_out_is_caught(monkeypatch):
    monkeypatch.setattr(coverage, "holm", list)
    assert not measured(of_many, BY_NAME["normal"], 50, STUDIES).holds


@pytest.mark.parametrize("defect", ["one tail for two", "the normal for t"])
def test_an_interval_that_is_too_narrow_is_caught(defect, monkeypatch):
    true = intervals.t_quantile
    narrow = {
        "one tail for two": lambda p, df: true(2 * p - 1, df),
        "the normal for t": lambda p, df: true(p, 10**6) / 1.2,
    }
    monkeypatch.setattr(intervals, "t_quantile", narrow[defect])
    assert not measured(INTERVALS["mean"], BY_NAME["normal"], 200, MANY).holds


@pytest.mark.parametrize("n", SIZES)
def test_what_is_said_of_further_runs_is_so(n):
    """Of numbers without ties: on average, whatever their distribution."""
    for kind in KINDS[:3]:
        error = np.sqrt(0.25 / n / STUDIES)
        assert abs(inside_of_band(kind, n, STUDIES) - said(n)) < 3.29 * error


@pytest.mark.slow
def test_the_whole_table_holds():
    done = subprocess.run([sys.executable, "-m", "benchmarks.coverage"], check=False)
    assert done.returncode == 0
