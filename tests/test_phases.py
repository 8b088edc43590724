"""Phases of a flow, and how much of it may set out in a day or a week.

Of the small operation: one bus of fifty seats for a hundred people; boarding takes ten
minutes, the road sixty, unloading five, the way back sixty. So the first fifty have
arrived at minute 75, the bus is back at 135, the others have arrived at 210.
"""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.events import Cause, Kind, ReasonKind
from sim.model import simulate
from tests.builders import START, at, operation, times

DAY = 24 * 60


def run(plan, replication=0):
    """Run an operation with every check after every event."""
    return simulate(plan, seed=1, replication=replication, audit=True)


def loads(log):
    """Return people and vehicles of each convoy that arrived."""
    rows = [e for e in log.events if e.kind is Kind.ARRIVED]
    return [(row.people, row.vehicles) for row in rows]


def test_a_phase_changes_what_it_names_for_convoys_formed_from_then_on():
    """Ten ride in each bus at first, from minute 100 on thirty."""
    log = run(
        operation(
            flows__evacuation__load={"buses": 10},
            flows__evacuation__phases={at(100): {"load": {"buses": 30}}},
        )
    )
    assert loads(log) == [(10, 1), (30, 1), (30, 1), (30, 1)]


def test_phases_add_up_and_what_is_not_named_stays():
    log = run(
        operation(
            fleets__buses__joins={START: 4},
            flows__evacuation__load={"buses": 5},
            flows__evacuation__phases={
                at(100): {"convoy": {"buses": 2}},
                at(300): {"load": {"buses": 20}},
            },
        )
    )
    assert loads(log) == [(5, 1), (10, 2), (10, 2), (40, 2), (35, 2)]


def test_who_is_aboard_at_the_end_is_told_though_the_flow_serves_others_by_then():
    """The first convoy is on the road from minute 10 to 70; the run ends at 60."""
    log = run(
        operation(
            ends=at(60),
            sites__pocket__groups={"civilians": {"people": 50}, "late": {"people": 5}},
            flows__evacuation__phases={at(30): {"groups": ["late"]}},
        )
    )
    left = {row.group: row for row in log.events if row.kind is Kind.UNFINISHED}

    assert left["civilians"].cause == Cause.ROAD
    assert left["civilians"].place == "pocket"
    assert left["civilians"].people == 50


def test_a_convoy_under_way_goes_on_as_it_set_out():
    log = run(
        operation(
            legs__short={"time": "10 min"},
            routes__by_D_day={
                "origin": "pocket",
                "destination": "refuge",
                "through": ["short"],
                "back": ["short"],
            },
            flows__evacuation__phases={at(30): {"route": "by-day"}},
        )
    )
    assert times(log, Kind.ARRIVED) == [75, 135 + 10 + 10 + 5]


def test_another_destination_receives_those_of_a_later_phase():
    log = run(
        operation(
            sites__camp={},
            routes__to_D_camp={
                "origin": "pocket",
                "destination": "camp",
                "through": ["road"],
                "back": ["road"],
            },
            flows__evacuation__phases={at(30): {"route": "to-camp"}},
        )
    )
    arrived = [e.place for e in log.events if e.kind is Kind.ARRIVED]
    assert arrived == ["refuge", "camp"]


def test_a_phase_may_begin_when_something_happens():
    log = run(
        operation(
            flows__evacuation__load={"buses": 10},
            flows__evacuation__phases={
                "when 20 of evacuation have arrived": {"load": {"buses": 40}}
            },
        )
    )
    assert loads(log) == [(10, 1), (10, 1), (40, 1), (40, 1)]


def test_people_whom_a_later_phase_serves_wait_as_not_begun():
    log = run(
        operation(
            sites__pocket__groups__late={"people": 40},
            flows__evacuation__phases={at(500): {"groups": ["late"]}},
        )
    )
    waits = [e for e in log.events if e.kind is Kind.WAITING and e.group == "late"]
    assert waits[0].cause == Cause.NOT_BEGUN
    arrived = {e.group for e in log.events if e.kind is Kind.ARRIVED and e.group}
    boarded = [e for e in log.events if e.kind is Kind.ASSIGNED and e.group == "late"]
    assert [e.time_s / 60 for e in boarded] == [500]
    assert arrived or boarded


def test_people_whom_no_phase_serves_any_more_wait_for_no_flow():
    log = run(
        operation(
            sites__pocket__groups__late={"people": 40},
            flows__evacuation__phases={at(30): {"groups": ["late"]}},
        )
    )
    last = [e for e in log.events if e.kind is Kind.WAITING and e.group == "civilians"]
    assert last[-1].cause == Cause.NO_SERVICE
    [left] = [e for e in log.events if e.kind is Kind.UNFINISHED]
    assert (left.group, left.people) == ("civilians", 50)


def test_hours_and_times_of_a_phase_hold_from_then_on():
    """Back at 135, the bus goes at 03:00 as the phase says, not at once."""
    log = run(
        operation(flows__evacuation__phases={at(60): {"dispatch_times": ["03:00"]}})
    )
    assert times(log, Kind.FORMED) == [0, 180]


def test_more_may_be_under_way_from_a_phase_on():
    log = run(
        operation(
            fleets__buses__joins={START: 2},
            flows__evacuation__phases={at(20): {"at_once": 2}},
        )
    )
    assert times(log, Kind.FORMED) == [0, 20]


def test_a_fleet_of_a_later_phase_is_waited_for_and_used():
    log = run(
        operation(
            fleets__cars={"kind": "private", "seats": 5, "joins": {at(400): 20}},
            flows__evacuation__closes=None,
            flows__evacuation__phases={at(30): {"convoy": {"cars": 10}}},
        )
    )
    assert times(log, Kind.FORMED) == [0, 400]
    assert loads(log) == [(50, 1), (50, 10)]


def test_a_boarding_gate_of_a_later_phase_must_be_open():
    log = run(
        operation(
            gates={"yard": {}},
            stoppages={
                "halt": {
                    "cause": "a halt",
                    "closes": ["yard"],
                    "starts": at(0),
                    "until": at(300),
                }
            },
            flows__evacuation__phases={at(30): {"boards_at": "yard"}},
        )
    )
    assert times(log, Kind.FORMED) == [0, 300]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 2000),
            st.sampled_from(
                [
                    {"load": {"buses": "5 to 30"}},
                    {"convoy": {"buses": 2}},
                    {"at_once": 3},
                    {"headway": "1 h to 3 h"},
                    {"hours": "06:00 to 12:00"},
                    {"at_most": "30 people a day"},
                    {"returns": True},
                    {"boarding": "1 min to 20 min"},
                ]
            ),
        ),
        max_size=4,
        unique_by=lambda pair: pair[0],
    )
)
def test_whatever_phases_say_everybody_is_somewhere_and_every_wait_has_a_cause(phases):
    plan = operation(
        fleets__buses__joins={START: 3},
        flows__evacuation__phases={at(minute): phase for minute, phase in phases},
    )
    log = run(plan)
    arrived = sum(people for people, _ in loads(log))
    left = sum(e.people for e in log.events if e.kind is Kind.UNFINISHED)
    assert arrived + left == 100


# Pace


def test_no_more_people_set_out_in_a_day_than_may():
    log = run(operation(flows__evacuation__at_most="30 people a day"))
    assert times(log, Kind.FORMED) == [0, DAY, 2 * DAY, 3 * DAY]
    assert loads(log) == [(30, 1), (30, 1), (30, 1), (10, 1)]
    why = {(e.cause, e.reason.kind) for e in log.events if e.kind is Kind.WAITING}
    assert (Cause.HEADWAY, ReasonKind.FLOW_PACE) in why


def test_convoys_and_vehicles_are_counted_alike():
    convoys = run(
        operation(
            flows__evacuation__load={"buses": 25},
            flows__evacuation__at_most="2 convoys a day",
        )
    )
    assert times(convoys, Kind.FORMED) == [0, 135, DAY, DAY + 135]
    vehicles = run(
        operation(
            fleets__buses__joins={START: 4},
            flows__evacuation__load={"buses": 20},
            flows__evacuation__convoy={"buses": 3},
            flows__evacuation__at_once=2,
            flows__evacuation__smallest=1,
            flows__evacuation__at_most="4 vehicles a day",
        )
    )
    assert [n for _, n in loads(vehicles)] == [3, 1, 1]
    assert times(vehicles, Kind.FORMED) == [0, 0, DAY]


def test_a_week_begins_on_a_monday():
    """The first of January 2020 is a Wednesday, so the next week begins on the 6th."""
    log = run(operation(flows__evacuation__at_most="1 convoy a week"))
    assert times(log, Kind.FORMED) == [0, 5 * DAY]


def test_what_set_out_earlier_in_a_day_counts_when_a_phase_sets_the_pace():
    log = run(
        operation(
            flows__evacuation__load={"buses": 20},
            flows__evacuation__phases={at(200): {"at_most": "50 people a day"}},
        )
    )
    assert times(log, Kind.FORMED) == [0, 135, 270, DAY, DAY + 135, DAY + 270]
    assert [people for people, _ in loads(log)] == [20, 20, 10, 20, 20, 10]


@settings(max_examples=25, deadline=None)
@given(most=st.integers(1, 120), load=st.integers(1, 50), buses=st.integers(1, 4))
def test_no_day_has_more_than_may_set_out(most, load, buses):
    log = run(
        operation(
            fleets__buses__joins={START: buses},
            flows__evacuation__at_once=buses,
            flows__evacuation__load={"buses": load},
            flows__evacuation__at_most=f"{most} people a day",
        )
    )
    days = Counter()
    formed = {e.convoy: e.time_s // 86400 for e in log.events if e.kind is Kind.FORMED}
    for trip in log.trips:
        days[formed[trip.convoy]] += sum(trip.loads)
    assert max(days.values()) <= most


# What is refused


@pytest.mark.parametrize(
    ("phase", "says"),
    [
        ({}, "this phase changes nothing"),
        ({"route": "home"}, "is not a route"),
        ({"convoy": {"trams": 1}}, "'trams' is not a fleet"),
        ({"groups": ["others"]}, "is not a group of any site"),
        ({"groups": []}, "Write at least one"),
        ({"convoy": {}}, "Write at least one"),
        ({"load": {"buses": 60}}, "60 or more people board a vehicle that has 50"),
        ({"smallest": 4}, "the smallest convoy has 4 of 'buses', but a full one 1"),
        ({"closes": at(9)}, "is not a known key here"),
    ],
)
def test_a_phase_that_makes_no_sense_is_refused(phase, says):
    with pytest.raises(ScenarioError) as error:
        operation(flows__evacuation__phases={at(60): phase})
    assert says in str(error.value)
    assert "flows.evacuation.phases" in str(error.value)


def test_a_route_from_elsewhere_is_refused():
    with pytest.raises(ScenarioError) as error:
        operation(
            routes__home={
                "origin": "refuge",
                "destination": "pocket",
                "through": ["road"],
            },
            flows__evacuation__phases={at(60): {"route": "home"}},
        )
    assert "begins at 'refuge', but the people of the flow are at 'pocket'" in str(
        error.value
    )
