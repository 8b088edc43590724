"""Who stands at the gate moves up into an earlier tranche than the one it had."""

import pytest

from sim.events import Kind
from tests.builders import NEVER, START, at, halt, terms, two_sides
from tests.logs import crossings, formed, loads, run


def with_fast(terms, road="180 min", slow="120 min", fast=2, **changes):
    """North's slow bus has the first place; fast ones are at the gate before it."""
    return two_sides(
        1,
        1,
        terms,
        road,
        **{
            "legs__long_D_road": {"time": slow},
            "routes__north__through": ["long-road", "north-gate", "road"],
            "fleets__fast_D_buses": {
                "kind": "bus",
                "seats": 50,
                "joins": {START: fast},
            },
            "routes__fast": {
                "origin": "north",
                "destination": "refuge",
                "through": ["road", "north-gate", "road"],
            },
            "flows__fast": {
                "route": "fast",
                "groups": ["civilians"],
                "convoy": {"fast-buses": 1},
                "at_once": fast,
                "boarding": "10 min",
                "unloading": "5 min",
            },
            "agreements__deal__parties__north__flows": ["north", "fast"],
            "sites__north__groups__civilians__people": 150,
            **changes,
        },
    )


def test_who_stands_there_changes_places_with_who_does_not():
    """At 70 the first fast bus takes the slow one's place; the slow one has its."""
    log = run(with_fast(terms("lockstep", 1, 1)))

    assert crossings(log, "north", "fast") == [70]
    assert crossings(log, "north", "north")[0] == 190


@pytest.mark.parametrize("unit", ["vehicles", "convoys"])
def test_the_first_who_came_moves_up_first(unit):
    """Two fast ones, ten minutes apart; one place before the south's, at 190."""
    log = run(
        with_fast(terms("lockstep", 1, 1, 1, unit=unit), flows__fast__headway="10 min")
    )

    crossed = [e.convoy for e in log.events if e.place == "north-gate" and e.people]
    assert next(c for c in crossed if c.startswith("fast")) == "fast-001"
    assert crossings(log, "north", "fast")[0] == 70


def test_nobody_changes_places_with_who_stands_there_able_to_go():
    """The slow one comes at 70 as well: nothing moves, the later one waits."""
    log = run(with_fast(terms("lockstep", 1, 1), slow="60 min"))

    assert crossings(log, "north", "north")[0] == 70
    assert crossings(log, "north", "fast") == [190]


def test_who_is_detained_at_the_gate_loses_its_place_to_who_can_go():
    """Both buses stand there for the south, until the first is caught at 150."""
    search = halt(
        "north-gate", 150, 160, caught="detain", detained_for="5 h", catches=1
    )
    log = run(
        two_sides(
            2,
            1,
            terms("prior", 1, 1, first="south"),
            "180 min",
            stoppages={"search": search},
        )
    )

    # South crosses at 190 and, back at 315, at 505; the second bus goes first.
    crossed = [
        (e.time_s / 60, e.convoy)
        for e in log.events
        if e.kind is Kind.CROSSED and e.place == "north-gate"
    ]
    assert crossed[0] == (190, "north-002")
    assert crossed[1][1] == "north-001"


def test_a_larger_convoy_does_not_move_where_it_does_not_fit():
    """Fifty do not fit where ten are agreed first, though nobody is there."""
    log = run(
        with_fast(
            {
                "tranches": [
                    {"north": 10, "south": 50},
                    {"north": "rest", "south": "rest"},
                ]
            },
            fast=1,
        )
    )

    assert loads(log, "north")[0] == 10
    assert loads(log, "fast")[0] == 50
    assert crossings(log, "north", "fast")[0] == 190


def test_who_stands_there_moves_into_room_that_falls_free():
    """At 130 the slow one is turned back before the gate; the fast one, at once.

    It has stood there for the second tranche since 70, for the south comes at 190.
    """
    log = run(
        two_sides(
            2,
            1,
            terms("lockstep", 1, 1),
            "180 min",
            gates__approach={},
            flows__north__headway="5 min",
            routes__north__through=["road", "north-gate", "road"],
            stoppages={
                "search": halt(
                    "north-gate",
                    60,
                    72,
                    caught="detain",
                    detained_for="60 min",
                    afterwards="turn_back",
                    catches=1,
                    deters=False,
                )
            },
        )
    )

    # The first is caught at 70 and sent back at 130; the second, come at 75, takes the
    # first place at once: the first does not stand there able to go.
    assert crossings(log, "north")[0] == 75


def test_without_the_other_side_places_are_nothing_to_one_that_is_alone():
    log = run(
        two_sides(
            2,
            1,
            agreements__deal__parties={
                "north": {"flows": ["north"], "gate": "north-gate"}
            },
            agreements__deal__tranches=[{"north": 1}, {"north": 1}],
            flows__south__opens=NEVER,
        )
    )

    assert crossings(log, "north") == [70, 70]


def test_who_moves_up_leaves_a_place_that_fits_for_who_was_overtaken():
    """Tranches of 60 and 40; the slow bus has 50, the fast ones 10 and 40.

    At 70 the fast ones are at the gate. Were the 40 let through, the 50 of 130 would
    fit into no tranche. The south is at its gate at 190.
    """
    log = run(
        with_fast(
            terms("lockstep", (60, 50), (40, 50), unit="people"),
            fast=3,
            sites__north__groups__civilians__people=100,
        )
    )

    assert [sum(t.loads) for t in log.trips if t.origin == "north"] == [50, 10, 40]
    assert crossings(log, "north") == [70, 130, 190]


def test_no_convoy_sets_out_for_a_place_that_an_overtaken_one_has():
    """Three buses are agreed; two are slow, one is fast and passes first.

    When the suspension ends at 101, another fast bus would be the fourth.
    """
    log = run(
        with_fast(
            terms("credit", (2, 1), (1, 1), unit="vehicles", ahead=1),
            "60 min",
            sites__north__groups__civilians__people=300,
            fleets__north_D_buses__joins={START: 2},
            flows__north__convoy={"north-buses": 2},
            stoppages={"talks": halt("south-gate", 100, 101, suspends=["deal"])},
        )
    )

    assert formed(log, "fast") == [0]
    assert crossings(log, "north") == [70, 130]


def test_who_moves_up_into_a_tranche_that_is_shut_may_move_on_from_there():
    """The places are the slow bus's and two fast ones'; one of these is sent back.

    The second fast one is held at the approach until 20 and at its gate at 80. It takes
    the second place, which is free and shut, and changes that for the slow one's.
    """
    log = run(
        with_fast(
            terms("lockstep", 1, 1, 1),
            gates__approach={},
            routes__fast__through=["approach", "road", "north-gate", "road"],
            flows__fast__closes=at(5),
            stoppages={
                "search": halt("approach", 5, 20, caught="turn_back", catches=1)
            },
        )
    )

    assert crossings(log, "north", "fast") == [80]
