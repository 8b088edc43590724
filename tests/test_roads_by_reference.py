"""Legs and phases at their edges, worked out by hand; the second program agrees."""

from sim.events import Kind
from sim.model import simulate
from sim.scenario import from_data
from tests.builders import changed, shuttle
from tests.reference.compare import differences


def events(data):
    operation = from_data(data)
    assert differences(operation, 0) == []
    return simulate(operation, seed=0).events


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
