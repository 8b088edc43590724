"""What the places that receive people see: worked out by hand, and against the log."""

from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import report_on, run_study
from sim.events import Kind
from sim.experiment.bands import Bands
from sim.experiment.receiving import blocks, nights
from sim.metrics.account import Account
from sim.metrics.curves import Curve
from sim.metrics.of_sites import ALL_SITES
from sim.metrics.receiving import most_at_once, people_by_hour, people_by_night
from sim.metrics.registry import summary
from sim.model import simulate
from sim.plots.receiving import receiving as draw_receiving
from sim.report.contents import WORKBOOK, Table
from sim.report.receiving import receiving_handout
from sim.scenario import Clock, from_data
from sim.words import Words
from tests.builders import START, halt, shuttle, two_sides
from tests.logs import run

AT_NIGHT = {
    "zone": "Asia/Kabul",
    "starts": "2020-01-01T17:45",
    "ends": "2020-01-03T12:00",
}
LATE_JOIN = {"fleets__buses__joins": {"2020-01-01T17:45": 1}}


def evening(**changes):
    """Return one bus of fifty for 200 people, from a quarter to six in the evening on.

    It boards for 10 minutes, drives 60, unloads for 5 and drives back for 60: people
    arrive at 19:00, 21:15, 23:30 and 01:45.
    """
    return from_data(
        shuttle(
            **{
                **AT_NIGHT,
                **LATE_JOIN,
                "sites__pocket__groups__civilians__people": 200,
                **changes,
            }
        )
    )


def three_buses(**changes):
    """Return three buses of fifty that reach a place with one bay together, at 70.

    Each unloads for 5 minutes: at 70, 75 and 80.
    """
    return shuttle(
        **{
            "sites__pocket__groups__civilians__people": 150,
            "fleets__buses__joins": {START: 3},
            "flows__evacuation__convoy__buses": 3,
            "sites__refuge__bays": 1,
            **changes,
        }
    )


# By hand


def test_hours_are_those_of_the_local_clock():
    """Kabul is four and a half hours ahead; the operation starts at a quarter to."""
    log = run(evening())
    clock = evening().clock
    seen = {
        clock.text(hour): people
        for hour, people in people_by_hour(log)["refuge"].items()
    }

    assert seen == {
        "2020-01-01T19:00": 50,
        "2020-01-01T21:00": 50,
        "2020-01-01T23:00": 50,
        "2020-01-02T01:00": 50,
    }


def test_a_night_begins_in_the_evening_and_ends_in_the_morning():
    assert people_by_night(run(evening())) == {"refuge": {"2020-01-01": 150}}


@pytest.mark.parametrize(
    ("starts", "night"),
    [
        ("2020-01-01T18:44", {}),  # they arrive at 19:59
        ("2020-01-01T18:45", {"2020-01-01": 100}),  # at 20:00
        ("2020-01-01T04:44", {"2019-12-31": 100}),  # at 05:59
        ("2020-01-01T04:45", {}),  # at 06:00
    ],
)
def test_eight_in_the_evening_is_night_and_six_in_the_morning_is_not(starts, night):
    together = evening(
        starts=starts,
        fleets__buses__joins={starts: 2},
        sites__pocket__groups__civilians__people=100,
        flows__evacuation__convoy__buses=2,
    )

    assert people_by_night(run(together))["refuge"] == night


def test_an_hour_that_comes_twice_is_two():
    """In Berlin the clocks go back from three to two on 25 October 2020."""
    clock = Clock("Europe/Berlin", "2020-10-25T01:30")
    hours = [clock.stamp(second)[11:] for second in clock.hours(4 * 3600)]

    assert hours == [
        "01:30:00+02:00",
        "02:00:00+02:00",
        "02:00:00+01:00",
        "03:00:00+01:00",
        "04:00:00+01:00",
    ]


def test_one_bay_keeps_vehicles_waiting_and_three_are_needed():
    numbers = summary(run(from_data(three_buses())))

    assert numbers["vehicles_at_once/refuge"] == 3
    assert numbers["bays_needed/refuge"] == 3
    assert numbers["received/refuge"] == numbers["busiest_hour/refuge"] == 150


def test_vehicles_that_wait_for_a_bay_need_no_more_bays_than_would_have_unloaded():
    """Convoys of one bus come at 70, 73 and 76 and unload for 5 minutes.

    With one bay the turns are 70 to 75, 75 to 80 and 80 to 85: from 76 to 80 two are
    there, in turn. With bays enough they would be there until 75, 78 and 81: two at
    once from 73 to 75 and from 76 to 78. With unloading of 7 minutes three are there
    from 76 to 77 either way.
    """
    apart = {
        "flows__evacuation__convoy__buses": 1,
        "flows__evacuation__at_once": 3,
        "flows__evacuation__headway": "3 min",
    }
    slow = {"flows__evacuation__unloading": "7 min"}
    found = [
        (numbers["vehicles_at_once/refuge"], numbers["bays_needed/refuge"])
        for more in ({}, slow)
        for numbers in [summary(run(from_data(three_buses(**apart, **more))))]
    ]

    assert found == [(2, 2), (3, 3)]


def test_a_queue_is_longer_than_the_bays_that_would_have_prevented_it():
    """Four convoys of one bus, 3 minutes apart, that unload for 5 at one bay.

    They come at 70, 73, 76 and 79; the turns end at 75, 80, 85 and 90. From 79 to 80
    three are there. With bays enough never more than two.
    """
    numbers = summary(
        run(
            from_data(
                three_buses(
                    sites__pocket__groups__civilians__people=200,
                    fleets__buses__joins={START: 4},
                    flows__evacuation__convoy__buses=1,
                    flows__evacuation__at_once=4,
                    flows__evacuation__headway="3 min",
                )
            )
        )
    )

    assert (numbers["vehicles_at_once/refuge"], numbers["bays_needed/refuge"]) == (3, 2)


def test_vehicles_lost_on_either_way_are_counted_as_long_as_they_are_there():
    """One of three is destroyed before it boards, one on the way back."""
    raids = {
        "before": halt("gate", 0, 10, loses={"buses": 1}, deters="no"),
        "after": halt("bridge", 60, 200, loses={"buses": 1}, deters="no"),
    }
    log = run(
        from_data(
            three_buses(
                gates={"gate": {}, "bridge": {}},
                routes__out__inbound=["gate"],
                routes__out__back=["bridge", "road"],
                stoppages=raids,
            )
        )
    )
    reached = next(event for event in log.events if event.kind is Kind.REACHED)

    assert log.trips[0].fates.keys() == {0, 1}
    assert reached.vehicles == 2
    (first, *_) = Account(log).unloaded["refuge"]
    assert len(first.ends_s) == len(first.took_s) == 2
    assert first.took_s == [300, 300]


def test_who_stands_there_at_the_end_is_there():
    """The operation ends at 72, as the first of three unloads."""
    log = run(from_data(three_buses(ends="2020-01-01T01:12")))

    assert summary(log)["vehicles_at_once/refuge"] == 3
    assert summary(log)["received/refuge"] == 0


def test_a_place_where_nobody_arrives_has_its_numbers_too():
    numbers = summary(run(from_data(three_buses(ends="2020-01-01T00:30"))))

    assert {
        name: number for name, number in numbers.items() if name.endswith("/refuge")
    } == {
        "received/refuge": 0,
        "busiest_hour/refuge": 0,
        "busiest_night/refuge": 0,
        "vehicles_at_once/refuge": 0,
        "bays_needed/refuge": 0,
    }


# Properties


@given(
    st.lists(st.tuples(st.integers(0, 99), st.integers(-5, 5)), max_size=30),
    st.sets(st.integers(1, 99), max_size=10),
)
def test_the_most_in_each_hour_is_that_of_its_seconds(changes, borders):
    """Against a look at every second."""
    curve = Curve.of_changes(sorted(changes))
    starts = [0, *sorted(borders)]
    spans = pairwise([*starts, 100])

    assert most_at_once(curve, starts) == [
        max(curve.at(second) for second in range(*span)) for span in spans
    ]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "America/New_York"])
def test_another_zone_moves_people_between_hours_and_nights_but_loses_none(zone):
    log = simulate(evening(), seed=1)
    moved = replace(log, starts=datetime(2020, 3, 7, 23, 20, tzinfo=ZoneInfo(zone)))

    assert sum(people_by_hour(moved)["refuge"].values()) == 200
    assert sum(people_by_night(moved)["refuge"].values()) <= 200


# Over many runs


@pytest.fixture(scope="module")
def bands():
    uneven = evening(
        legs__road__time="50 min to 90 min",
        sites__pocket__groups={
            "civilians": {"people": 150},
            "wounded": {"people": 50, "priority": 1},
        },
        flows__evacuation__groups=["civilians", "wounded"],
    )
    return Bands(run_study(uneven, replications=12))


def test_hours_of_the_study_are_those_of_its_runs(bands):
    """Against the metrics, which read the log another way."""
    study, groups = bands.study, ("civilians", "wounded")
    by_hour = sum(
        study.received_at("refuge", group).take(slice(None)) for group in groups
    )

    assert by_hour.sum(axis=1).tolist() == study.metric("received/refuge").tolist()
    assert by_hour.max(axis=1).tolist() == study.metric("busiest_hour/refuge").tolist()
    assert (
        study.unloading_at("refuge").take(slice(None)).max(axis=1).tolist()
        == study.metric("vehicles_at_once/refuge").tolist()
    )


def test_nights_of_the_study_are_those_of_its_runs(bands):
    seen = bands.receiving["refuge"]
    logs = [bands.study.log_of(number) for number in range(12)]

    for place, night in enumerate(nights(bands.study)):
        came = [
            people_by_night(log)["refuge"].get(str(night.evening), 0) for log in logs
        ]
        by_then = [Account(log).all_arrivals.before(night.until_s) for log in logs]
        levels = (0.05, 0.5, 0.95)
        assert seen.by_night[:, place].tolist() == np.quantile(came, levels).tolist()
        assert seen.beds[:, place].tolist() == np.quantile(by_then, levels).tolist()


def test_the_report_tells_of_the_receiving_side(bands):
    report = report_on(bands.study)
    (section,) = (each for each in report.sections if each.name == "receiving")
    rows = list(report.data["receiving"].rows)

    assert {"Receiving", "Arrivals by hour", "Nights"} <= {
        Words().of(table.name) for table in report.tables("workbook")
    }
    assert section.forms >= WORKBOOK | {"terminal", "html"}
    assert {(row[0], row[1]) for row in rows} == {
        ("refuge", group) for group in (ALL_SITES, "civilians", "wounded")
    }
    assert rows[0][2] == "2020-01-01T17:45:00+04:30"
    assert sum(row[5] for row in report.data["nights"].rows) > 0


def test_each_destination_has_a_sheet_of_its_own_with_the_groups_that_come_there():
    """Elders would come second, after the end."""
    groups = {
        "families": {"people": 50, "priority": 1},
        "elders": {"people": 50, "priority": 2},
    }
    world = two_sides(
        ends="2020-01-01T03:00",
        sites__south={"groups": groups},
        sites__harbour={},
        routes__south__destination="harbour",
        flows__south__groups=[*groups],
    )
    handout = receiving_handout(Bands(run_study(world, replications=2)))
    found = [part for part in handout.parts if isinstance(part, Table)][2:]
    headings = [[Words().of(c.heading) for c in each.columns[2:-1]] for each in found]

    assert sorted(headings) == [["civilians"], ["families"]]
    for each in found:
        assert all(cell is not None for row in each.rows for cell in row)


def test_where_nobody_arrives_nothing_is_said_or_drawn():
    empty = run_study(evening(ends="2020-01-01T18:00"), replications=2)

    assert draw_receiving(Bands(empty)) is None
    assert not [e for e in report_on(empty).sections if e.name == "receiving"]


def test_the_picture_shows_all_hours_in_which_anybody_arrives(bands):
    figure = draw_receiving(bands)
    (bars,) = figure.axes[0].containers
    (whiskers,) = (each for each in figure.axes[0].collections if each.get_gid())
    low, middle, high = bands.receiving["refuge"].by_block
    came = high > 0

    assert [bar.get_height() for bar in bars] == pytest.approx(middle[came].tolist())
    ends = [line[:, 1].tolist() for line in whiskers.get_segments()]
    assert np.array(ends) == pytest.approx(np.transpose([low[came], high[came]]))


def test_people_in_blocks_are_those_of_their_hours_of_the_clock(bands):
    """The run begins at 17:45: its first block is short, and ends at 18:00."""
    study, hours_s = bands.study, bands.hours_s
    by_hour = sum(
        study.received_at("refuge", group).take(slice(None))
        for group in ("civilians", "wounded")
    )
    begun = blocks(study, hours_s)
    people = np.add.reduceat(by_hour, begun, axis=1)
    shown = [study.operation.clock.local(hours_s[place]) for place in begun]

    assert bands.receiving["refuge"].by_block.tolist() == (
        np.quantile(people, (0.05, 0.5, 0.95), axis=0).tolist()
    )
    assert [each.hour % 3 for each in shown[1:]] == [0] * (len(begun) - 1)
