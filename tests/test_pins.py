"""Pins: the tables of a replay, a comparison, a sweep, a fit and a forecast.

They prove only sameness: that what is tidied does not change a number. When a result
changes on purpose, say so in the changelog and pin the new one: a failure shows it.
"""

import hashlib
from datetime import datetime

import pytest

from sim import calibrate, compare, forecast, report_on, run_study, sweep

TEN_SEATS_LESS = "fleets.buses.seats=40, 50"


def digest(report, *names):
    """Return a digest of tables, numbers to six digits: the last differ by machine."""
    text = "\n".join(
        ",".join(
            f"{cell:.6g}" if isinstance(cell, float) else str(cell) for cell in row
        )
        for name in names
        for row in [report.data[name].columns, *report.data[name].rows]
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]


STUDIES = {
    "replay": (
        lambda: run_study("aleppo-2016", replications=5),
        ("summary", "daily", "curves", "runs", "score", "events", "vehicles"),
        "4475a58229d627e2",
    ),
    "comparison": (
        lambda: compare("aleppo-2016", "aleppo-2016/twice-the-buses", replications=5),
        ("comparison", "pairs"),
        "cfa9416b5c8b5c23",
    ),
    "sweep": (
        lambda: sweep("two-towns", TEN_SEATS_LESS, replications=4),
        ("sweep", "points", "runs"),
        "89631abf08cc5985",
    ),
    "fit": (
        lambda: calibrate("aleppo-2016", screen=True, particles=30, pool=500),
        ("figures", "scores", "parameters", "sources"),
        "6c10f5ba499ff794",
    ),
    "forecast": (
        lambda: forecast(
            "aleppo-2016",
            datetime(2016, 12, 19, 8),
            pool=200,
            draws=30,
        ),
        ("forecast", "figures", "forgotten"),
        "4d025432b26067b8",
    ),
}
LONG = {"fit", "forecast"}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] if name in LONG else [])
        for name in STUDIES
    ],
)
def test_the_numbers_are_those_of_before(name):
    study, tables, pinned = STUDIES[name]

    assert digest(report_on(study()), *tables) == pinned


def test_a_number_that_changes_is_noticed():
    report = report_on(run_study("two-towns", replications=2))
    other = report_on(run_study("two-towns", replications=2, seed=2))

    assert digest(report, "summary") != digest(other, "summary")
    assert digest(report, "summary") == digest(report, "summary")
