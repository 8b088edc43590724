"""Legs and phases at their edges, worked out by hand; the second program agrees."""

from sim.events import Cause, Kind
from sim.model import simulate
from sim.model.luck import luck_of
from sim.model.streams import Streams
from sim.scenario import from_data
from tests.builders import at, changed, shuttle
from tests.reference.compare import differences


def events(data, seed=0):
    operation = from_data(data)
    assert differences(operation, seed) == []
    return simulate(operation, seed=seed).events


def why_they_wait(data, group):
    """Return since which minutes people at the site wait, and for what."""
    waiting = [e for e in events(data) if e.kind is Kind.WAITING and e.group == group]
    return [(e.time_s / 60, e.cause) for e in waiting]


def test_cars_one_by_one_enter_a_leg_as_often_as_it_takes():
    """Of 700 an hour the eighth enters 7 x 3600/700 = 36 s after the first."""
    data = changed(
        shuttle(),
        sites__pocket__groups__civilians__people=8,
        fleets__buses__joins={"2020-01-01T00:00": 8},
        fleets__buses__seats=1,
        flows__evacuation__at_once=8,
        flows__evacuation__returns=False,
        legs__road__vehicles_per_hour=700,
    )
    entered = [
        e.time_s - 600 for e in events(data) if e.kind is Kind.DEPARTED and e.people
    ]
    assert entered == [0, 6, 11, 16, 21, 26, 31, 36]


def test_who_is_under_way_as_a_phase_serves_them_no_more_is_told_of_at_the_end():
    """The bus is on the road at the end, and the flow serves others by then."""
    data = changed(
        shuttle(ends="2020-01-01T00:30"),
        sites__pocket__groups__others={"people": 1},
        sites__pocket__groups__civilians__people=50,
        flows__evacuation__phases={"2020-01-01T00:20": {"groups": ["others"]}},
    )
    left = [e for e in events(data) if e.kind is Kind.UNFINISHED]
    assert ("civilians", 50) in [(e.group, e.people) for e in left]


def test_who_is_on_a_leg_as_it_begins_to_hold_so_many_counts():
    """The first bus is on it from 10 to 70 min; the second could enter at 30."""
    data = changed(
        shuttle(),
        fleets__buses__joins={at(0): 1, at(20): 1},
        flows__evacuation__at_once=2,
        flows__evacuation__returns=False,
        legs__road__changes={at(20): {"holds": 1}},
    )
    assert [e.time_s / 60 for e in events(data) if e.kind is Kind.ARRIVED] == [75, 135]


def test_a_release_that_was_larger_than_releases_are_now_lets_nobody_else_go():
    """Two go at 70 min, of what was a release of two; the third has the next."""
    data = changed(
        shuttle(gates={"gate": {"releases": {"vehicles": 2, "every": "30 min"}}}),
        sites__pocket__groups__civilians__people=150,
        fleets__buses__joins={at(0): 3},
        routes__out__through=["road", "gate"],
        flows__evacuation__at_once=3,
        gates__gate__changes={
            "when 2 vehicles of evacuation have crossed gate": {
                "releases": {"vehicles": 1, "every": "20 min"}
            }
        },
    )
    crossed = [e.time_s / 60 for e in events(data) if e.kind is Kind.CROSSED]
    assert crossed == [70, 70, 90]


def test_a_convoy_that_is_smaller_from_midnight_on_goes_at_midnight():
    """One bus is free and another away; the day before, the convoy was of two."""
    data = changed(
        shuttle(),
        sites__pocket__groups__others={"people": 50},
        legs__road__time="24 h",
        routes__out__back=[],
        fleets__buses__joins={at(0): 2},
        flows__evacuation__convoy={"buses": "2; by day times or divided by 2"},
        flows__other=changed(
            shuttle()["flows"]["evacuation"], groups=["others"], convoy={"buses": 1}
        ),
        fleets__buses__priority={"other": 1},
    )

    def sizes(seed):
        luck = luck_of(from_data(data), "evacuation", Streams(seed, 0))
        return [luck.of(1, day)["convoy/buses"][0] for day in (0, 24 * 3600)]

    seed = next(seed for seed in range(100) if sizes(seed) == [2, 1])
    formed = [e for e in events(data, seed) if e.kind is Kind.FORMED]
    assert [(e.time_s / 3600, e.flow) for e in formed][:2] == [
        (0, "other"),
        (24, "evacuation"),
    ]


def test_a_flow_of_whose_times_none_is_within_its_hours_is_no_flow():
    data = changed(
        shuttle(),
        flows__evacuation__phases={
            at(90): {"dispatch_times": ["08:00"]},
            at(60): {"hours": "20:00 to 23:00"},
        },
    )
    assert why_they_wait(data, "civilians")[-1] == (90, Cause.NO_SERVICE)


def test_people_of_the_phase_after_the_next_wait_as_not_begun_between():
    data = changed(
        shuttle(),
        sites__pocket__groups__others={"people": 1},
        flows__evacuation__phases={
            at(20): {"groups": ["others"]},
            at(100): {"groups": ["civilians"]},
        },
    )
    assert why_they_wait(data, "civilians")[1:4] == [
        (0, Cause.NO_VEHICLE),
        (20, Cause.NOT_BEGUN),
        (100, Cause.NO_VEHICLE),
    ]


def test_the_phase_of_one_flow_leaves_who_waits_for_that_of_another():
    later = changed(
        shuttle()["flows"]["evacuation"],
        groups=["others"],
        phases={at(200): {"groups": ["others", "civilians"]}},
    )
    data = changed(
        shuttle(),
        sites__pocket__groups__others={"people": 50},
        flows__evacuation__phases={at(20): {"boarding": "20 min"}},
        flows__evacuation__closes=at(30),
        flows__later=later,
    )
    assert (30, Cause.NOT_BEGUN) in why_they_wait(data, "civilians")
