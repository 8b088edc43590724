"""`simultaneous`: a tranche goes when every side stands there and can go."""

import pytest

from tests.builders import (
    START,
    at,
    halt,
    terms,
    three_sides,
    two_sides,
)
from tests.logs import crossings, returns, run

TOGETHER = terms("simultaneous", 1)
ATTACK = halt("north-gate", 400, 700, caught="turn_back")


def fifty_a_side(stoppages, terms=TOGETHER, **changes):
    """North is at its gate at 70, south at 190."""
    return two_sides(
        1,
        1,
        terms,
        "180 min",
        **{
            "gates__beyond": {},
            "sites__north__groups__civilians__people": 50,
            "sites__south__groups__civilians__people": 50,
            "stoppages": stoppages,
            **changes,
        },
    )


def both_cross(log):
    north, south = crossings(log, "north"), crossings(log, "south")
    return north, south


# While it is suspended


@pytest.mark.parametrize("since", [None, 300, 200, 190])
def test_nothing_is_released_while_suspended_however_often_it_is_looked_at(since):
    """North, turned back at 400, sets out anew at 700; talks last from 60 to 600."""
    stoppages = {
        "talks": halt("beyond", 60, 600, suspends=["deal"]),
        "attack": ATTACK,
    }
    if since is not None:
        stoppages["more-talks"] = halt("beyond", since, since + 10, suspends=["deal"])
    log = run(fifty_a_side(stoppages))

    assert returns(log, "north") == [(460, 50)]
    assert both_cross(log) == ([770], [770])


def test_nothing_is_released_while_suspended_though_other_people_leave():
    """At 300 the other fifty of the north leave outside the deal: it looks."""
    log = run(
        fifty_a_side(
            {"talks": halt("beyond", 60, 600, suspends=["deal"]), "attack": ATTACK},
            sites__north__groups__civilians__people=100,
            fleets__other_D_bus={"kind": "bus", "seats": 50, "joins": {START: 1}},
            routes__other={
                "origin": "north",
                "destination": "refuge",
                "through": ["road"],
            },
            flows__other={
                "route": "other",
                "groups": ["civilians"],
                "convoy": {"other-bus": 1},
                "opens": at(300),
                "closes": at(301),
                "boarding": "10 min",
                "unloading": "5 min",
            },
        )
    )

    assert both_cross(log) == ([770], [770])


def test_nothing_is_released_while_broken_off():
    """Broken at 60, amended at 600; south alone is there then."""
    log = run(
        fifty_a_side(
            {"talks": halt("beyond", 60, 61, breaches=["deal"]), "attack": ATTACK},
            agreements__deal__amendments={at(600): TOGETHER},
        )
    )

    assert both_cross(log) == ([770], [770])


def test_nothing_is_released_by_an_amendment_while_suspended():
    log = run(
        fifty_a_side(
            {"talks": halt("beyond", 60, 600, suspends=["deal"]), "attack": ATTACK},
            agreements__deal__amendments={at(300): TOGETHER},
        )
    )

    assert both_cross(log) == ([770], [770])


def test_who_is_detained_while_suspended_is_not_there_when_it_ends():
    search = halt("north-gate", 400, 410, caught="detain", detained_for="5 h")
    log = run(
        fifty_a_side(
            {"talks": halt("beyond", 60, 600, suspends=["deal"]), "search": search}
        )
    )

    assert both_cross(log) == ([700], [700])


def test_what_was_released_stays_released():
    """Released at 190; suspended at 190 in the same second it is not."""
    log = run(fifty_a_side({"talks": halt("beyond", 191, 600, suspends=["deal"])}))

    assert both_cross(log) == ([190], [190])

    log = run(fifty_a_side({"talks": halt("beyond", 190, 600, suspends=["deal"])}))

    assert both_cross(log) == ([600], [600])


# While one gate is shut


@pytest.mark.parametrize("since", [60, 70, 71, 80, 189, 190])
def test_a_side_whose_gate_is_shut_is_not_ready_whenever_it_was_shut(since):
    """North comes at 70, before or after the halt; south at 190."""
    log = run(fifty_a_side({"halt": halt("north-gate", since, 600)}))

    assert both_cross(log) == ([600], [600])


@pytest.mark.parametrize("since", [60, 189, 190])
def test_the_gate_of_the_side_that_comes_last_may_be_the_shut_one(since):
    log = run(fifty_a_side({"halt": halt("south-gate", since, 600)}))

    assert both_cross(log) == ([600], [600])


def test_both_gates_may_be_shut_one_after_the_other():
    """North's until 300, south's from 250 to 600: never both open before 600."""
    log = run(
        fifty_a_side(
            {
                "one": halt("north-gate", 80, 300),
                "two": halt("south-gate", 250, 600),
            }
        )
    )

    assert both_cross(log) == ([600], [600])


@pytest.mark.parametrize("first", ["shuts", "opens"])
def test_one_gate_opens_in_the_second_in_which_the_other_shuts(first):
    """At 300; in both orders of naming nobody is let go before 600."""
    halts = {
        "opens": halt("north-gate", 80, 300),
        "shuts": halt("south-gate", 300, 600),
    }
    log = run(fifty_a_side({first: halts[first], **halts}))

    assert both_cross(log) == ([600], [600])


def test_a_side_that_is_detained_is_not_ready_though_its_gate_is_open():
    """Caught at 80, the gate is open at 90, north is let go at 260."""
    search = halt("north-gate", 80, 90, caught="detain", detained_for="3 h")
    log = run(fifty_a_side({"search": search}))

    assert both_cross(log) == ([260], [260])


def test_a_side_that_is_pardoned_is_ready_though_its_gate_is_shut():
    """Detained from 80 to 110, the search does not bar it any more."""
    search = halt("north-gate", 80, 600, caught="detain", detained_for="30 min")
    log = run(fifty_a_side({"search": search}))

    assert both_cross(log) == ([190], [190])


def test_a_pardon_by_one_stoppage_is_none_by_the_other():
    log = run(
        fifty_a_side(
            {
                "search": halt(
                    "north-gate", 80, 600, caught="detain", detained_for="30 min"
                ),
                "halt": halt("north-gate", 100, 400),
            }
        )
    )

    assert both_cross(log) == ([400], [400])


@pytest.mark.parametrize("shut", ["north", "south", "west"])
def test_of_three_sides_one_gate_is_shut(shut):
    log = run(three_sides(stoppages={"halt": halt(f"{shut}-gate", 80, 600)}))

    assert [crossings(log, s)[0] for s in ("north", "south", "west")] == [600] * 3
