"""Stoppages at gates and checkpoints; every minute is worked out by hand."""

from sim.events import Cause, Kind
from tests.builders import (
    START,
    at,
    halt,
    times,
    two_sides,
    with_gate,
    with_post,
)
from tests.logs import causes, run


def test_convoys_in_a_checkpoint_are_turned_back_as_it_closes():
    """One is in the lane, one in the queue; both leave at 80, though it opens at 90."""
    log = run(
        with_post(
            {"halt": halt("post", 80, 90, caught="turn_back")},
        )
    )

    assert times(log, Kind.TURNED_BACK) == [80, 80]


def test_a_pause_is_charged_to_the_stoppage_that_causes_it_now():
    """The first closes from 80 to 120, the second from 100 to 200; 50 min are left."""
    log = run(
        with_post(
            {"one": halt("post", 80, 120), "two": halt("post", 100, 200)},
            inspection="60 min",
            sites__pocket__groups__civilians__people=50,
        )
    )

    assert causes(log, "post") == [
        (70, Cause.INSPECTION, ""),
        (80, Cause.STOPPAGE, "one"),
        (120, Cause.STOPPAGE, "two"),
        (200, Cause.INSPECTION, ""),
        (250, Cause.ROAD, ""),
    ]


def test_who_has_waited_in_line_goes_before_who_comes_as_the_gate_opens():
    """Closed until 130; one bus has stood there since 70, one comes at 130."""
    log = run(
        with_post(
            {"halt": halt("post", 60, 130)},
            flows__evacuation__headway="60 min",
        )
    )

    assert times(log, Kind.INSPECTED, "evacuation-001") == [130]
    assert times(log, Kind.INSPECTED, "evacuation-002") == [160]


def test_a_convoy_driven_back_to_the_site_stays_there():
    """It need not drive the way from the refuge, where it has never been."""
    log = run(with_gate({"halt": halt("gate", 60, 100, caught="turn_back")}))

    assert times(log, Kind.RETURNED) == [130]
    assert times(log, Kind.RELIEVED)[0] == 130
    assert times(log, Kind.FORMED)[:2] == [0, 130]


def test_a_convoy_driven_back_goes_home_the_way_it_came_in():
    """In for 30, boarded at 40, turned back at 100, at the site at 160, home at 190."""
    log = run(
        with_gate(
            {"halt": halt("gate", 90, 110, caught="turn_back")},
            legs__lane={"time": "30 min"},
            routes__out__inbound=["lane"],
        )
    )

    assert times(log, Kind.RETURNED) == [160]
    assert times(log, Kind.RELIEVED)[0] == 190


def test_empty_vehicles_on_the_way_back_wait_for_a_gate_that_turns_others_back():
    """Unloaded at 135, at the gate at 135: they cannot be home before it opens."""
    log = run(
        with_gate(
            {"halt": halt("gate", 120, 300, caught="turn_back")},
            routes__out__back=["gate", "road"],
        )
    )

    assert times(log, Kind.RELIEVED)[0] == 360


def test_empty_vehicles_may_be_destroyed_on_the_way_back():
    """Two buses carry a hundred; one is lost at 135, the other fetches the fifty."""
    log = run(
        with_gate(
            {"attack": halt("gate", 120, 180, loses={"buses": 1})},
            sites__pocket__groups__civilians__people=150,
            fleets__buses__joins={START: 2},
            flows__evacuation__convoy={"buses": 2},
            routes__out__back=["gate", "road"],
        )
    )

    assert [e.vehicles for e in log.events if e.kind is Kind.LOST] == [1]
    assert times(log, Kind.FORMED) == [0, 240]
    assert sum(e.people for e in log.events if e.kind is Kind.ARRIVED) == 150


def test_people_of_a_convoy_turned_back_may_be_unaccounted_for():
    log = run(
        with_gate({"halt": halt("gate", 60, 100, caught="turn_back", unaccounted=4)})
    )

    assert [e.people for e in log.events if e.kind is Kind.UNACCOUNTED] == [4]
    assert [e.people for e in log.events if e.kind is Kind.RETURNED] == [46]


def test_a_random_stoppage_may_last_until_an_agreement():
    """It begins at 60 and ends at 180; the next, an hour later, ends as it begins."""
    log = run(
        with_gate(
            {
                "halt": {
                    "cause": "a halt",
                    "closes": ["gate"],
                    "every": "1 h",
                    "until_agreement": "deal",
                }
            },
            agreements={
                "deal": {
                    "parties": {"one": {"flows": ["evacuation"], "gate": "gate"}},
                    "in_force": at(180),
                    "tranches": [{"one": "rest"}],
                }
            },
        )
    )

    assert times(log, Kind.STOPPAGE_BEGAN)[:3] == [60, 240, 300]
    assert times(log, Kind.STOPPAGE_ENDED)[:3] == [180, 240, 300]
    assert times(log, Kind.CROSSED, "evacuation-001") == [250]


def test_as_much_is_taken_back_as_was_counted():
    """Two buses in one convoy cross at 70 and are turned back at 130, beyond."""
    log = run(
        two_sides(
            2,
            1,
            gates__beyond={},
            routes__north__through=["road", "north-gate", "road", "beyond", "road"],
            flows__north__convoy={"north-buses": 2},
            agreements__deal__tranches=[{"north": "rest", "south": "rest"}],
            flows__south__opens=at(900),
            stoppages={"attack": halt("beyond", 120, 600, caught="turn_back")},
        )
    )

    counted = [
        (e.time_s / 60, e.units, e.vehicles, e.people)
        for e in log.events
        if e.kind is Kind.COUNTED and e.flow == "north"
    ]
    assert counted[:2] == [(70, 1, 2, 100), (130, -1, -2, -100)]
