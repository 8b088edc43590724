"""How figures are read off a run whose numbers were worked out on paper.

The operation starts at 10:00, so that the story's second 3,600 is 11:00.
"""

from math import isnan, nan

import numpy as np
import pytest

from sim.events import Kind
from sim.evidence.figures import Figure
from sim.evidence.reading import Reading, answers, questions, read, read_all
from sim.evidence.score import (
    ReadingsOf,
    documented,
    fitted,
    score,
    standing,
    tallies,
)
from sim.metrics.account import Account
from sim.scenario.clock import Clock
from tests.test_metrics_story import Story, town

SECONDS = Clock("Asia/Damascus", "2016-12-15T10:00").seconds


def at(hour: str) -> str:
    return f"2016-12-15T{hour}"


def figure(metric: str, **columns: object) -> Figure:
    number = {"low": 1.0, "best": 2.0, "high": 3.0, "bound": "about", "unit": "n"}
    who = {"attributed_to": "a", "family": "press", "source": "S", "role": "check"}
    first: dict[str, object] = {"id": metric, "origin": "town", "metric": metric}
    return Figure.model_validate(
        {**first, "from": at("10:00"), "to": at("13:00"), **number, **who, **columns}
    )


def moment(metric: str, **columns: object) -> Figure:
    time = {"low": at("11:00"), "best": at("11:10"), "high": at("11:20")}
    return figure(metric, **{**time, "unit": "time", **columns})


@pytest.mark.parametrize(
    ("asked", "low", "high"),
    [
        (figure("cumulative_arrivals"), 0, 70),
        (figure("cumulative_arrivals", **{"from": at("12:00")}), 70, 70),
        (figure("cumulative_arrivals", select="group=wounded"), 0, 20),
        (
            figure(
                "cumulative_arrivals",
                **{"since": at("11:30"), "from": at("12:00"), "to": None},
            ),
            0,
            0,
        ),
        (figure("arrivals_between"), 70, 70),
        (figure("arrivals_between", **{"from": at("11:30")}), 0, 0),
        (
            figure("arrivals_between", since=at("10:00"), **{"from": at("11:00")}),
            0,
            70,
        ),
        (figure("cumulative_departures", **{"from": at("11:00")}), 70, 110),
        (figure("cumulative_departures", select="group=wounded"), 0, 20),
        (figure("vehicles_crossed_between"), 4, 4),
        (figure("vehicles_crossed_between", select="kind=bus"), 3, 3),
        (figure("vehicles_arrived_between", select="kind=ambulance"), 1, 1),
        (figure("convoys_arrived"), 0, 1),
        (figure("convoy_people", select="convoy=1"), 70, 70),
        (figure("convoy_people", select="convoy=1;group=wounded"), 20, 20),
        (figure("convoy_people", select="convoy=1;group=fighters"), 0, 0),
        (figure("convoy_vehicles", select="convoy=1;kind=bus"), 2, 2),
        (figure("still_inside", **{"from": at("10:00"), "to": at("11:00")}), 50, 120),
        (figure("turned_back_people"), 0, 37),
        (figure("turned_back_people", to=None), 0, 0),
        (figure("turned_back_people", **{"from": at("13:00")}), 37, 37),
        (moment("first_arrival"), 4100 / 3600, 4100 / 3600),
        (moment("last_arrival"), 4100 / 3600, 4100 / 3600),
        (moment("first_crossing"), 3500 / 3600, 3500 / 3600),
        (moment("first_crossing", since=at("10:00")), 3500 / 3600, 3500 / 3600),
        (moment("first_crossing", **{"from": at("11:00")}), 5600 / 3600, 5600 / 3600),
        (moment("last_crossing", to=at("11:00")), 5600 / 3600, 5600 / 3600),
        (
            moment("last_crossing", since=at("10:00"), to=at("11:00")),
            3500 / 3600,
            3500 / 3600,
        ),
        (figure("people_per_vehicle", select="kind=bus"), 110 / 3, 110 / 3),
        (
            figure("people_per_vehicle", select="kind=bus", to=at("11:00")),
            35,
            35,
        ),
        (figure("trip_time", unit="min"), 10, 10),
        (figure("trip_time", unit="min", select="convoy=1"), 10, 10),
        (figure("cycle_time", unit="h"), 3200 / 3600, 3200 / 3600),
        (figure("vehicles_lost"), 0, 0),
    ],
    ids=lambda value: value.metric if isinstance(value, Figure) else "",
)
def test_a_figure_is_read_as_its_metric_says(
    asked: Figure, low: float, high: float
) -> None:
    assert read(asked, town().log(), SECONDS) == Reading(low, high)


@pytest.mark.parametrize(
    "asked",
    [
        figure("convoy_people", select="convoy=2"),
        figure(
            "convoy_people",
            select="convoy=1",
            **{"since": at("12:00"), "from": None, "to": None},
        ),
        moment("first_arrival", select="group=fighters"),
        figure("people_per_vehicle", select="kind=private"),
        figure("trip_time", unit="h", select="convoy=3"),
        figure("cumulative_arrivals", origin="elsewhere"),
    ],
    ids=lambda asked: asked.metric,
)
def test_what_does_not_occur_in_the_run_has_no_reading(asked: Figure) -> None:
    assert read(asked, town().log(), SECONDS) is None


def test_destroyed_vehicles_are_read_by_kind() -> None:
    story = town()
    story.trips["out-1"].fates[0] = "lost"

    story.events.append(story.events[-1]._replace(kind=Kind.LOST, convoy="out-1"))
    asked = figure("vehicles_lost", select="kind=bus")
    assert read(asked, story.log(), SECONDS) == Reading(0, 1)
    asked = figure("vehicles_lost", select="kind=private")
    assert read(asked, story.log(), SECONDS) == Reading(0, 0)


@pytest.mark.parametrize("day", ["2016-12-01", "2017-02-01"])
def test_a_figure_outside_the_run_reads_its_beginning_or_end(day: str) -> None:
    asked = figure("cumulative_arrivals", **{"from": f"{day}T00:00", "to": None})
    expected = 0 if day < "2016-12-15" else 70
    assert read(asked, town().log(), SECONDS) == Reading(expected, expected)


def test_nobody_left_before_the_run_began() -> None:
    asked = figure(
        "people_per_vehicle",
        select="kind=bus",
        **{"from": "2016-12-01T00:00", "to": "2016-12-02T00:00"},
    )
    assert read(asked, town().log(), SECONDS) is None


def test_figures_that_share_a_count_are_read_as_if_alone() -> None:
    """A count is worked out once for all who ask the same site and part of it."""
    asked = [
        figure("cumulative_arrivals", id="all"),
        figure("cumulative_arrivals", id="wounded", select="group=wounded"),
        figure("arrivals_between", id="between"),
        figure("vehicles_crossed_between", id="crossed"),
        figure("vehicles_crossed_between", id="buses", select="kind=bus"),
        figure("cumulative_arrivals", id="elsewhere", origin="elsewhere"),
    ]
    log = town().log()
    alone = {one.id: read(one, log, SECONDS) for one in asked}
    assert len(set(alone.values())) == 6
    assert read_all(asked, log, SECONDS) == alone


def test_questions_worked_out_once_are_asked_of_many_runs() -> None:
    asked = [figure("turned_back_people"), moment("first_arrival")]
    prepared = questions(asked, SECONDS)
    for log in (town().log(), Story(100, {"out": "town"}, {}).log()):
        assert answers(prepared, Account(log)) == read_all(asked, log, SECONDS)


def test_figures_without_a_metric_have_no_reading() -> None:
    context = figure("", role="context", id="c")
    assert read_all([context, figure("convoys_arrived")], town().log(), SECONDS) == {
        "convoys_arrived": Reading(0, 1)
    }
    assert read(context, town().log(), SECONDS) is None


def told(runs: list[dict[str, Reading | None]]) -> ReadingsOf:
    """Return what these runs say about a figure."""
    return lambda name: np.array(
        [(nan, nan) if run[name] is None else run[name] for run in runs]
    )


def test_a_band_that_overlaps_the_interval_is_inside() -> None:
    asked = figure("arrivals_between", low=90.0, best=100.0, high=110.0)
    runs = [{asked.id: Reading(float(n), float(n + 10))} for n in range(101)]
    (row,) = score([asked], told(runs), "ICRC", "chance", SECONDS)
    assert row.simulated == (5, 55, 105, 1)
    assert (row.inside, row.centre_inside, row.miss) == (True, False, 0)
    assert (row.band, row.path, row.standing) == ("chance", "ICRC", "check")


@pytest.mark.parametrize(
    ("bound", "values", "miss"),
    [
        ("about", (90.0, 100.0, 110.0), -40),
        ("about", (10.0, 20.0, 30.0), 20),
        ("at_least", (90.0, None, None), -40),
        ("at_least", (10.0, None, None), 0),
        ("at_most", (None, None, 30.0), 20),
        ("exact", (None, 50.0, None), 0),
        ("exact", (None, 51.0, None), -1),
    ],
)
def test_a_miss_is_the_signed_distance_to_the_interval(
    bound: str, values: tuple[float | None, ...], miss: float
) -> None:
    low, best, high = values
    asked = figure("arrivals_between", bound=bound, low=low, best=best, high=high)
    runs = [{asked.id: Reading(50.0, 50.0)}]
    (row,) = score([asked], told(runs), "UN", "knowledge and chance", SECONDS)
    assert row.miss == miss
    assert row.inside is (miss == 0)


def test_a_moment_is_missed_by_hours() -> None:
    asked = moment("first_arrival")
    assert documented(asked, SECONDS) == (1, pytest.approx(7 / 6), pytest.approx(4 / 3))
    runs = [{asked.id: Reading(3.0, 3.0)}]
    (row,) = score([asked], told(runs), "ICRC", "chance", SECONDS)
    assert row.miss == pytest.approx(3 - 4 / 3)
    assert row.unit == "h after start"


def test_what_mostly_does_not_occur_is_not_inside() -> None:
    asked = figure("convoy_people", select="convoy=1")
    runs = [{asked.id: Reading(2.0, 2.0)}, {asked.id: None}, {asked.id: None}]
    (row,) = score([asked], told(runs), "ICRC", "chance", SECONDS)
    assert (row.inside, row.miss) == (False, 0)
    assert row.simulated.occurs == pytest.approx(1 / 3)
    (never,) = score([asked], told(runs[1:]), "ICRC", "chance", SECONDS)
    assert not never.inside
    assert isnan(never.miss)


def test_a_path_does_not_see_the_other_paths_figures() -> None:
    icrc = figure("convoys_arrived", family="ICRC", role="fit", id="i", unit="people")
    nations = figure("convoys_arrived", family="UN", role="fit", id="u", unit="people")
    press = figure("convoys_arrived", role="fit", id="p")
    checked = figure("convoys_arrived", family="UN", id="c")
    every = [icrc, nations, press, checked]
    assert fitted(every, "ICRC") == (icrc, press)
    assert fitted(every, "UN") == (nations, press)
    assert [standing(each, "ICRC") for each in every] == [
        "fit",
        "other path",
        "fit",
        "check",
    ]


def test_rows_inside_are_counted_by_what_they_are_to_a_fit() -> None:
    near = figure("convoys_arrived", id="near", role="fit")
    far = figure("convoys_arrived", id="far", low=8.0, best=9.0, high=9.0)
    other = figure(
        "convoys_arrived", id="other", family="UN", role="fit", unit="people"
    )
    runs = [{name: Reading(2.0, 2.0) for name in ("near", "far", "other")}]
    rows = score([near, far, other], told(runs), "ICRC", "chance", SECONDS)
    assert tallies(rows) == {"fit": (1, 1), "check": (0, 1), "other path": (1, 1)}
