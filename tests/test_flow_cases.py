"""Flows that share people and vehicles; every minute is worked out by hand."""

import pytest

from sim.events import Cause, Kind
from tests.builders import (
    START,
    at,
    halt,
    operation,
    times,
)
from tests.logs import formed, run, waiting


def two_flows(**changes):
    """Two flows that serve the same people, each with a bus of its own."""
    return operation(
        **{
            "gates": {"approach": {}},
            "fleets__other_D_buses": {"kind": "bus", "seats": 50, "joins": {START: 1}},
            "routes__other": {
                "origin": "pocket",
                "destination": "refuge",
                "through": ["road"],
            },
            "flows__other": {
                "route": "other",
                "groups": ["civilians"],
                "convoy": {"other-buses": 1},
                "boarding": "10 min",
                "unloading": "5 min",
            },
            **changes,
        }
    )


def test_another_flow_takes_the_people_whose_bus_was_destroyed():
    """The bus told off to them is lost on its way in at 60; the other goes at 60."""
    log = run(
        two_flows(
            sites__pocket__groups__civilians__people=50,
            routes__out__inbound=["road", "approach"],
            stoppages={"attack": halt("approach", 30, 90, loses={"buses": 1})},
        )
    )

    assert times(log, Kind.FORMED, "other-001") == [60]


def test_another_flow_takes_the_people_whose_bus_was_sent_back():
    """They are free at 60, as it turns, and not only when it is home."""
    log = run(
        two_flows(
            sites__pocket__groups__civilians__people=50,
            routes__out__inbound=["road", "approach"],
            stoppages={"halt": halt("approach", 30, 900, caught="turn_back")},
        )
    )

    assert times(log, Kind.FORMED, "other-001") == [60]


def test_one_bus_of_two_goes_as_soon_as_the_rest_fit_into_it():
    """One of the other buses is away; at 60 fifty people of a hundred leave by bus."""
    log = run(
        two_flows(
            sites__far={"groups": {"civilians": {"people": 50}}},
            legs__long_D_road={"time": "600 min"},
            fleets__buses__joins={at(60): 1},
            fleets__other_D_buses__joins={START: 2},
            routes__far={
                "origin": "far",
                "destination": "refuge",
                "through": ["long-road"],
            },
            flows__other__convoy={"other-buses": 2},
            flows__other__opens=at(30),
            flows__far={
                "route": "far",
                "groups": ["civilians"],
                "convoy": {"other-buses": 1},
                "boarding": "10 min",
                "unloading": "5 min",
            },
        )
    )

    assert times(log, Kind.FORMED, "other-001") == [60]


def test_nobody_waits_for_a_vehicle_of_a_flow_that_has_closed():
    """The bus is away from 0 to 135; from 120 on it would not be sent again."""
    log = run(operation(flows__evacuation__closes=at(120)))

    assert waiting(log, "pocket") == [
        (0, Cause.NO_VEHICLE, ""),
        (120, Cause.NO_SERVICE, ""),
    ]


def test_nobody_waits_for_a_vehicle_when_the_hours_are_over():
    """The bus is away from 0 to 135; from 120 on it would not be sent before 06:00."""
    log = run(operation(flows__evacuation__hours="06:00 to 02:00"))

    assert waiting(log, "pocket")[:2] == [
        (0, Cause.NO_VEHICLE, ""),
        (120, Cause.OUTSIDE_HOURS, ""),
    ]


def test_people_wait_for_the_convoy_that_comes_for_them():
    """It is held on its way in from 60 on; no bus of the other flow is needed."""
    log = run(
        two_flows(
            sites__pocket__groups__civilians__people=50,
            routes__out__inbound=["road", "approach"],
            stoppages={"halt": halt("approach", 30, 900)},
        )
    )

    assert waiting(log, "pocket")[:2] == [
        (0, Cause.NO_VEHICLE, ""),
        (60, Cause.STOPPAGE, "halt"),
    ]


def test_vehicles_that_have_gone_for_good_are_not_withdrawn_again():
    """One of two is to be withdrawn, both go for good; of four more one goes at 330."""
    log = run(
        operation(
            fleets__buses__joins={START: 2, at(300): 4},
            fleets__buses__leaves={at(20): 1, at(330): 1},
            flows__evacuation__convoy={"buses": 2},
            flows__evacuation__returns=False,
            sites__pocket__groups__civilians__people=250,
        )
    )

    assert times(log, Kind.FORMED) == [0, 300, 375]


def test_who_is_turned_back_at_once_is_not_sent_again_to_be_held():
    """The one convoy that the search sends back is there in the second it is formed."""
    search = halt("approach", 0, 90, caught="turn_back", catches=1, deters=False)
    log = run(
        operation(
            gates={"approach": {}},
            sites__pocket__groups__civilians__people=50,
            routes__out__through=["approach", "road"],
            flows__evacuation__boarding="0 min",
            stoppages={"search": search},
        )
    )

    assert times(log, Kind.FORMED) == [0, 90]


@pytest.mark.parametrize(
    "attack", [{"loses": {"buses": 1}}, {"caught": "turn_back", "deters": False}]
)
def test_who_loses_a_convoy_at_once_waits_for_the_end_of_what_took_it(attack):
    """The first bus is held from 70 on; the second, come at 100, gets nowhere."""
    log = run(
        operation(
            gates={"approach": {}, "gate": {}},
            routes__out__inbound=["approach"],
            routes__out__through=["road", "gate", "road"],
            fleets__buses__joins={START: 1, at(100): 1},
            flows__evacuation__at_once=2,
            stoppages={
                "halt": halt("gate", 60, 105),
                "attack": halt("approach", 95, 105, **attack),
            },
            ends=at(105),
        )
    )

    assert 100 in formed(log, "evacuation")
    assert waiting(log, "pocket") == [
        (0, Cause.NO_VEHICLE, ""),
        (70, Cause.STOPPAGE, "halt"),
        (100, Cause.STOPPAGE, "attack"),
    ]


def test_a_convoy_boards_from_its_first_vehicle_on():
    """Two buses at one bay: nobody of them stands in a line for it."""
    log = run(
        operation(
            sites__pocket__bays=1,
            fleets__buses__joins={START: 2},
            flows__evacuation__convoy={"buses": 2},
        )
    )

    assert times(log, Kind.BOARDING) == [0]
    assert times(log, Kind.BOARDED) == [20]
    assert not times(log, Kind.QUEUED)
