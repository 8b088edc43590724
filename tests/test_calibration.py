"""The replay of December 2016 against the documented totals.

The tolerances are those of the evidence table and of the replications: a figure is
inside if what is documented and the 5-95 % band of the runs overlap. The values of
the scenario were set on the rows marked `fit`, so these tests show that it still fits
them, not that it predicts anything.
"""

from pathlib import Path

import pytest

from sim.events import Kind, ReasonKind
from sim.evidence.score import score, tallies
from sim.evidence.table import load_figures
from sim.experiment import run_study
from sim.scenario import amended, find, load

ROOT = Path(__file__).parent.parent
FIGURES = load_figures(ROOT / "scenarios/aleppo-2016/evidence.csv")
REPLICATIONS = 60
RESUMED = "flows.east-aleppo.phases.when december-18 is in force"
PATHS = {"ICRC": "aleppo-2016", "UN": "aleppo-2016/un-path"}


def study_of(operation):
    return run_study(operation, FIGURES, seed=1, replications=REPLICATIONS)


def rows_of(study, path):
    return score(
        FIGURES, study.readings_of, path, "chance", study.operation.clock.seconds
    )


def fit_rows(study, path, origin):
    return [
        row
        for row in rows_of(study, path)
        if row.standing == "fit" and row.figure.origin == origin
    ]


def share_inside(rows):
    return sum(row.inside for row in rows) / len(rows)


@pytest.fixture(scope="module", params=sorted(PATHS))
def path(request):
    return request.param


@pytest.fixture(scope="module")
def study(path):
    return study_of(load(find(PATHS[path], ROOT)))


def test_at_least_eight_in_ten_east_aleppo_figures_are_inside(study, path):
    rows = fit_rows(study, path, "east-aleppo")

    assert len(rows) >= 8
    assert share_inside(rows) >= 0.8


def test_foua_kafraya_is_inside_on_at_least_five_of_six_days(study, path):
    """From 18 to 23 December, one row a day, put together from several sources."""
    rows = [row for row in rows_of(study, path) if row.figure.id.startswith("FK16-d")]

    assert len(rows) == 6
    assert share_inside(rows) >= 5 / 6


def test_nobody_arrives_on_17_december(study):
    clock = study.operation.clock
    day = clock.days(study.operation.ends).index(clock.seconds("2016-12-17T00:00"))

    assert not any(run.daily["east-aleppo"][day] for run in study.runs)


def test_the_last_arrivals_are_within_twelve_hours_of_the_documented_end(study):
    documented_h = study.operation.clock.seconds("2016-12-22T22:00") / 3600
    ends = sorted(run.metrics["t100/east-aleppo"] for run in study.runs)

    assert abs(ends[len(ends) // 2] - documented_h) < 12


def test_nobody_leaves_madaya_and_zabadani_because_a_precondition_is_not_met(study):
    assert all(run.metrics["arrived/madaya-zabadani"] == 0 for run in study.runs)
    waits = [
        event.reason
        for event in study.log_of(0).events
        if event.kind is Kind.WAITING and event.place == "madaya-zabadani"
    ]
    assert waits[-1].kind is ReasonKind.NOT_IN_FORCE
    assert waits[-1].agreement == "madaya-for-foua"
    assert waits[-1].note.startswith("waits until the first part")


def test_madaya_and_zabadani_would_move_if_the_precondition_were_met():
    """The zero is not typed in: without the precondition the same buses take them."""
    operation = load(find("aleppo-2016", ROOT))
    free = amended(
        operation,
        {
            "agreements.madaya-for-foua.requires.first-part": "drop",
            "stoppages.villages-closed": "drop",
        },
    )
    study = run_study(free, seed=1, replications=3)

    assert all(run.metrics["arrived/madaya-zabadani"] == 1500 for run in study.runs)


@pytest.mark.parametrize(
    "plant",
    [
        {"fleets.green-buses.joins": {"multiply_by": 0.1}},
        {f"{RESUMED}.load.green-buses": "20 to 30"},
        {
            "stoppages.suspension-16-18-dec.starts": "2 d after convoy-detained-16-dec "
            "begins"
        },
    ],
    ids=[
        "a fleet that is not there",
        "a third of the load",
        "a suspension two days late",
    ],
)
def test_the_check_would_notice_a_wrong_scenario(plant):
    """Negative control: each planted mistake pushes figures out of their bands."""
    operation = amended(load(find("aleppo-2016", ROOT)), plant)
    good = fit_rows(study_of(load(find("aleppo-2016", ROOT))), "ICRC", "east-aleppo")
    bad = fit_rows(study_of(operation), "ICRC", "east-aleppo")

    assert sum(row.inside for row in bad) < sum(row.inside for row in good)


def test_every_figure_is_scored_once_and_counted_by_its_standing(study, path):
    rows = rows_of(study, path)
    counts = tallies(rows)

    assert len(rows) == sum(bool(figure.metric) for figure in FIGURES)
    assert sum(count.all for count in counts.values()) == len(rows)
    for standing, count in counts.items():
        assert count.inside == sum(
            row.inside for row in rows if row.standing == standing
        )
