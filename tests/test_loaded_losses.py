"""`loses_loaded` and `lives_lost`: vehicles destroyed with people; by hand.

Two buses of fifty with ninety people, fifty and forty, come to the gate at 70. Where
they stand is an hour of road from the site.
"""

import pytest

from sim.events import Kind
from sim.metrics.account import Account
from sim.metrics.convoys import passages, vehicles_lost
from sim.metrics.registry import summary
from sim.report.log_data import vehicles_data
from sim.report.story import sentences_on
from tests.builders import START, at, halt, in_words, times, with_gate, with_post
from tests.logs import arrivals, returns, run

TWO_BUSES = {
    "sites__pocket__groups__civilians__people": 90,
    "fleets__buses__joins": {START: 2},
    "flows__evacuation__convoy": {"buses": 2},
    "flows__evacuation__closes": at(5),
}


def attack(since=60, until=100, **settings):
    return halt("gate", since, until, **settings)


def attacked(*, people=90, **settings):
    return with_gate(
        {"attack": attack(**settings)},
        **{**TWO_BUSES, "sites__pocket__groups__civilians__people": people},
    )


def people(log, kind):
    return [(e.time_s / 60, e.people) for e in log.events if e.kind is kind]


def test_who_finds_a_seat_moves_to_the_other_vehicles():
    """Thirty and twenty; the first bus is destroyed and all fifty go on in one."""
    operation = with_gate(
        {"attack": attack(loses_loaded={"buses": 1})},
        **{**TWO_BUSES, "sites__pocket__groups__civilians__people": 50},
        flows__evacuation__load={"buses": 30},
    )
    log = run(operation)
    [trip] = log.trips

    assert trip.loads == [30, 20]
    assert trip.fates == {0: "lost"}
    assert arrivals(log) == [(165, 50)]
    assert returns(log) == []
    assert vehicles_lost(passages(log)) == {"bus": 1}


def test_the_others_go_back_on_foot():
    """Ten of fifty find seats beside forty; forty are back at 130, an hour after."""
    log = run(attacked(loses_loaded={"buses": 1}))

    assert people(log, Kind.SET_DOWN) == people(log, Kind.ON_FOOT) == [(70, 40)]
    assert returns(log) == [(130, 40)]
    assert arrivals(log) == [(165, 50)]


def test_who_came_back_on_foot_is_fetched_again():
    """The bus that is left is back at 225 and takes the forty: an hour and 75."""
    log = run(
        with_gate(
            {"attack": attack(loses_loaded={"buses": 1})},
            **{**TWO_BUSES, "flows__evacuation__closes": at(5000)},
        )
    )

    assert arrivals(log) == [(165, 50), (225 + 135, 40)]


def test_some_lose_their_lives_some_are_unaccounted_for():
    """Of fifty in the bus: three and two, ten find seats, thirty-five walk."""
    log = run(attacked(loses_loaded={"buses": 1}, lives_lost=3, unaccounted=2))
    found = summary(log)

    assert people(log, Kind.LIVES_LOST) == [(70, 3)]
    assert people(log, Kind.UNACCOUNTED) == [(70, 2)]
    assert people(log, Kind.SET_DOWN) == [(70, 35)]
    assert arrivals(log) == [(165, 50)]
    assert (found["lives_lost/pocket"], found["lives_lost/all"]) == (3, 3)
    assert found["unaccounted/pocket"] == 2


def test_they_are_of_the_vehicles_destroyed_first():
    """The ambulance, with ten wounded, stands before the bus with fifty others."""
    log = run(
        with_gate(
            {"attack": attack(loses_loaded={"buses": 1}, lives_lost=48)},
            **{
                **TWO_BUSES,
                "sites__pocket__groups": {
                    "civilians": {"people": 50},
                    "wounded": {"people": 10, "priority": 1},
                },
                "fleets__ambulances": {
                    "kind": "ambulance",
                    "seats": 10,
                    "joins": {START: 1},
                    "carries": ["wounded"],
                },
                "fleets__buses__joins": {START: 1},
                "flows__evacuation__groups": ["civilians", "wounded"],
                "flows__evacuation__convoy": {"ambulances": 1, "buses": 1},
            },
        )
    )

    [lost] = [e for e in log.events if e.kind is Kind.LIVES_LOST]

    assert (lost.group, lost.people) == ("civilians", 48)
    assert people(log, Kind.SET_DOWN) == [(70, 2)]
    assert arrivals(log) == [(165, 10)]


def test_more_than_were_in_them_are_of_the_other_vehicles():
    log = run(attacked(loses_loaded={"buses": 1}, lives_lost=60))

    assert arrivals(log) == [(165, 30)]
    assert returns(log) == []


def test_if_nothing_is_left_all_the_others_walk():
    log = run(attacked(loses_loaded={"buses": 2}, lives_lost=5))
    [trip] = log.trips

    assert returns(log) == [(130, 85)]
    assert arrivals(log) == []
    assert trip.fate == "lost"
    assert times(log, Kind.RELIEVED) == [70]


def test_nobody_moves_to_a_vehicle_that_does_not_carry_the_group():
    """The ambulance has ten free seats, for the wounded only."""
    log = run(
        with_gate(
            {"attack": attack(loses_loaded={"buses": 1})},
            **{
                **TWO_BUSES,
                "sites__pocket__groups": {
                    "civilians": {"people": 20},
                    "wounded": {"people": 5, "priority": 1},
                },
                "fleets__ambulances": {
                    "kind": "ambulance",
                    "seats": 15,
                    "joins": {START: 1},
                    "carries": ["wounded"],
                },
                "fleets__buses__joins": {START: 1},
                "flows__evacuation__groups": ["civilians", "wounded"],
                "flows__evacuation__convoy": {"buses": 1, "ambulances": 1},
            },
        )
    )

    assert returns(log) == [(130, 20)]
    assert arrivals(log) == [(165, 5)]


def test_free_seats_are_for_groups_of_higher_priority_first():
    """A bus of thirty with ten wounded, and one with five free seats."""
    log = run(
        with_gate(
            {"attack": attack(loses_loaded={"buses": 1})},
            **{
                **TWO_BUSES,
                "fleets__buses__seats": 30,
                "sites__pocket__groups": {
                    "civilians": {"people": 45},
                    "wounded": {"people": 10, "priority": 1},
                },
                "flows__evacuation__groups": ["civilians", "wounded"],
            },
        )
    )
    walked = {e.group: e.people for e in log.events if e.kind is Kind.SET_DOWN}

    assert walked == {"wounded": 5, "civilians": 20}


def test_the_next_convoy_loses_what_the_first_did_not_have():
    """One bus each, at 70 and 90: three to be destroyed, two are."""
    operation = with_gate(
        {"attack": attack(loses_loaded={"buses": 3}, lives_lost=70)},
        sites__pocket__groups__civilians__people=90,
        fleets__buses__joins={START: 2},
        flows__evacuation__at_once=2,
        flows__evacuation__headway="20 min",
        flows__evacuation__closes=at(25),
    )
    log = run(operation)
    missing = [
        (e.people, e.vehicles, e.reason.note)
        for e in log.events
        if e.kind is Kind.NOT_STRUCK
    ]

    assert people(log, Kind.LIVES_LOST) == [(70, 50), (90, 20)]
    assert returns(log) == [(150, 20)]
    assert missing == [(0, 1, "buses")]
    told = " ".join(in_words(s) for s in sentences_on(operation, log))
    assert "destroyed, and not found there with people: 1." in told
    assert "70 people lost their lives, as reported" in told


def test_convoys_beyond_what_is_caught_lose_nothing():
    log = run(
        with_gate(
            {
                "attack": attack(
                    loses_loaded={"buses": 2},
                    caught="detain",
                    detained_for="10 min",
                    catches=1,
                )
            },
            sites__pocket__groups__civilians__people=90,
            fleets__buses__joins={START: 2},
            flows__evacuation__at_once=2,
            flows__evacuation__closes=at(25),
        )
    )

    assert times(log, Kind.LOST) == [70]
    assert arrivals(log) == [(165, 40)]


def test_empty_vehicles_are_none_of_them():
    """Both come back empty through the gate at 135."""
    log = run(
        with_gate(
            {"attack": attack(120, 150, loses_loaded={"buses": 2})},
            **TWO_BUSES,
            routes__out__back=["gate", "road"],
        )
    )

    assert times(log, Kind.LOST) == []
    assert [e.vehicles for e in log.events if e.kind is Kind.NOT_STRUCK] == [2]


def test_who_is_turned_back_drives_and_the_others_walk_for_as_long():
    log = run(attacked(loses_loaded={"buses": 1}, caught="turn_back"))

    assert returns(log) == [(130, 50), (130, 40)] or returns(log) == [
        (130, 40),
        (130, 50),
    ]
    assert arrivals(log) == []


def test_a_lane_falls_free():
    """Two one-bus convoys at 70 in one lane; the first is destroyed at 80, the second
    is inspected when the post opens, from 100 to 130."""
    log = run(
        with_post(
            {
                "attack": {**attack(80, 100, loses_loaded={"buses": 1})}
                | {"closes": ["post"]}
            },
            flows__evacuation__closes=at(5),
        )
    )

    assert times(log, Kind.CLEARED) == [130]
    assert returns(log) == [(140, 50)]


def test_time_on_foot_is_charged_to_the_road():
    """Forty people for an hour, and explained as turned back."""
    log = run(attacked(loses_loaded={"buses": 1}))
    on_foot = {
        charge.cause: seconds / 3600
        for charge, seconds in Account(log).charges.items()
        if charge.reason.stoppage == "attack" and charge.cause == "road"
    }

    assert on_foot == {"road": 40}


def test_who_is_on_foot_at_the_end_is_reported():
    log = run(
        with_gate(
            {"attack": attack(loses_loaded={"buses": 2})},
            **TWO_BUSES,
            ends=at(110),
        )
    )
    [left] = [e for e in log.events if e.kind is Kind.UNFINISHED]

    assert (left.people, left.cause) == (90, "road")


def test_all_had_arrived_does_not_wait_for_lives_lost():
    log = run(attacked(people=50, lives_lost=3))

    assert summary(log)["t100/pocket"] == pytest.approx(165 / 60)
    assert summary(log)["not_arrived/pocket"] == 3


def test_a_scenario_that_reports_no_lives_lost_has_no_such_number():
    assert not [
        name for name in summary(run(attacked(unaccounted=3))) if "lives" in name
    ]


def test_the_table_of_vehicles_tells_them_apart():
    operation = attacked(loses_loaded={"buses": 1})
    table = vehicles_data(run(operation), operation)

    assert [row[-1] for row in table.rows] == ["lost", "arrived"]
