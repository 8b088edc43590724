"""What stoppages do to convoys; every answer is exact."""

import pytest

from sim.events import Cause, Kind
from sim.model import simulate
from tests.builders import START, operation, times


def stopped(stoppage, **changes):
    """One bus that meets a gate at minute 70 and the refuge at 130."""
    return simulate(
        operation(
            sites__pocket__groups__civilians__people=50,
            gates={"gate": {}},
            routes__out__through=["road", "gate", "road"],
            stoppages={"halt": {"cause": "a halt", "closes": ["gate"], **stoppage}},
            **changes,
        ),
        seed=1,
        audit=True,
    )


def test_a_convoy_is_held_until_the_gate_opens():
    log = stopped({"starts": "2020-01-01T01:00", "until": "2020-01-01T03:00"})

    assert times(log, Kind.HELD) == [70]
    assert times(log, Kind.RELEASED) == [180]
    assert times(log, Kind.ARRIVED) == [180 + 65]


def test_vehicles_on_the_road_drive_on_to_the_gate():
    """The stoppage begins and ends while the bus drives: it loses no time."""
    log = stopped({"starts": "2020-01-01T00:20", "until": "2020-01-01T01:00"})

    assert times(log, Kind.HELD) == []
    assert times(log, Kind.ARRIVED) == [135]


def test_a_convoy_turned_back_returns_by_the_way_it_came():
    """At the gate at 70, back at 130, out again once the gate is open."""
    log = stopped(
        {
            "starts": "2020-01-01T01:00",
            "until": "2020-01-01T05:00",
            "caught": "turn_back",
        }
    )

    assert times(log, Kind.TURNED_BACK) == [70]
    assert times(log, Kind.RETURNED) == [130]
    assert times(log, Kind.FORMED) == [0, 300]
    assert times(log, Kind.ARRIVED) == [300 + 135]


def test_a_detained_convoy_is_released_although_the_gate_stays_shut():
    log = stopped(
        {
            "starts": "2020-01-01T01:00",
            "until": "2020-01-05T00:00",
            "caught": "detain",
            "detained_for": "5 h",
        }
    )

    assert times(log, Kind.DETAINED) == [70]
    assert times(log, Kind.ARRIVED) == [70 + 300 + 65]


def test_people_who_neither_arrive_nor_return_are_counted():
    log = stopped(
        {
            "starts": "2020-01-01T01:00",
            "until": "2020-01-01T08:00",
            "caught": "detain",
            "detained_for": "5 h",
            "afterwards": "turn_back",
            "unaccounted": 4,
        }
    )

    assert [e.people for e in log.events if e.kind is Kind.UNACCOUNTED] == [4]
    assert [e.people for e in log.events if e.kind is Kind.RETURNED] == [46]
    assert [e.people for e in log.events if e.kind is Kind.ARRIVED] == [46]


def test_at_most_so_many_convoys_are_caught():
    """Two convoys stand before the gate; one is turned back, the other held."""
    log = stopped(
        {
            "starts": "2020-01-01T01:00",
            "until": "2020-01-01T06:00",
            "caught": "turn_back",
            "catches": 1,
        },
        fleets__buses__joins={START: 2},
        fleets__buses__seats=25,
        flows__evacuation__at_once=2,
    )

    assert len(times(log, Kind.TURNED_BACK)) == 1
    assert len(times(log, Kind.HELD)) == 1


def test_empty_vehicles_caught_may_be_destroyed():
    """Two of three buses are lost on the way in; one carries everybody."""
    log = simulate(
        operation(
            gates={"approach": {}},
            routes__out__inbound=["road", "approach"],
            fleets__buses__joins={START: 3},
            flows__evacuation__convoy={"buses": 3},
            sites__pocket__groups__civilians__people=150,
            stoppages={
                "attack": {
                    "cause": "an attack",
                    "closes": ["approach"],
                    "starts": "2020-01-01T00:30",
                    "until": "2020-01-01T02:00",
                    "loses": {"buses": 2},
                }
            },
        ),
        seed=1,
        audit=True,
    )

    assert [e.vehicles for e in log.events if e.kind is Kind.LOST] == [2]
    assert log.trips[0].loads == [0, 0, 50]
    assert sum(e.people for e in log.events if e.kind is Kind.ARRIVED) == 150


def test_an_inspection_pauses_while_its_checkpoint_is_closed():
    """Begun at 70 for 30 min, closed from 80 to 200: it ends at 220."""
    log = simulate(
        operation(
            sites__pocket__groups__civilians__people=50,
            checkpoints={"post": {"lanes": 1, "inspection": "30 min"}},
            routes__out__through=["road", "post", "road"],
            stoppages={
                "halt": {
                    "cause": "a halt",
                    "closes": ["post"],
                    "starts": "2020-01-01T01:20",
                    "until": "2020-01-01T03:20",
                }
            },
        ),
        seed=1,
        audit=True,
    )

    assert times(log, Kind.CLEARED) == [220]
    causes = [
        (e.time_s / 60, e.cause)
        for e in log.events
        if e.place == "post" and e.cause and e.convoy
    ]
    assert causes == [
        (70, Cause.INSPECTION),
        (80, Cause.STOPPAGE),
        (200, Cause.INSPECTION),
        (220, Cause.ROAD),
    ]
    assert log.trips[0].station_times["inspection", "post"] == ([4200], [13200])


def test_boarding_pauses_while_its_gate_is_closed():
    """Board from 0 to 10 with a halt from 4 to 34: boarded at 40."""
    log = simulate(
        operation(
            sites__pocket__groups__civilians__people=50,
            gates={"square": {}},
            routes__out__through=["square", "road"],
            flows__evacuation__boards_at="square",
            stoppages={
                "fire": {
                    "cause": "fire",
                    "closes": ["square"],
                    "starts": "2020-01-01T00:04",
                    "until": "2020-01-01T00:34",
                }
            },
        ),
        seed=1,
        audit=True,
    )

    assert times(log, Kind.BOARDED) == [40]


@pytest.mark.parametrize("starts", ["2020-01-01T00:05", "2020-01-01T00:15"])
def test_a_gate_that_opens_in_the_second_of_arrival_holds_nobody(starts):
    """The bus sets out at minute 10: the opening was set going before, or after."""
    log = stopped({"starts": starts, "until": "2020-01-01T01:10"})

    assert times(log, Kind.HELD) == []
    assert times(log, Kind.CROSSED, place="gate") == [70]


@pytest.mark.parametrize("starts", ["2020-01-01T01:10", "2020-01-01T01:09"])
def test_a_gate_that_closes_in_the_second_of_arrival_holds_the_convoy(starts):
    """The bus reaches the gate at minute 70, set going before and after the timer."""
    log = stopped({"starts": starts, "until": "2020-01-01T02:00"})

    assert times(log, Kind.CROSSED, place="gate") == [120]


def test_random_stoppages_come_again_and_again():
    log = stopped({"every": "1 h", "lasts": "30 min"})

    assert times(log, Kind.STOPPAGE_BEGAN)[:3] == [60, 150, 240]
    assert times(log, Kind.STOPPAGE_ENDED)[:3] == [90, 180, 270]


def test_a_stoppage_may_last_until_an_agreement_is_in_force():
    log = stopped(
        {"starts": "2020-01-01T01:00", "until_agreement": "deal"},
        agreements={
            "deal": {
                "parties": {"one": {"flows": ["other"], "gate": "gate"}},
                "in_force": "2020-01-02T00:00",
                "tranches": [{"one": "rest"}],
            }
        },
        flows__other={
            "route": "out",
            "groups": ["civilians"],
            "convoy": {"buses": 1},
            "boarding": "10 min",
            "unloading": "5 min",
            "opens": "2020-01-09T00:00",
        },
    )

    assert times(log, Kind.RELEASED) == [24 * 60]
