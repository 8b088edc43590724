"""How far each side may move: the four rules, worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.parts.rules import RULES, Standing, open_tranches
from sim.scenario.plans import TermsPlan

TRANCHES = ({"north": 1, "south": 1},) * 4


def opened(rule, side, standing, **settings):
    """Return how many tranches a rule opens to a side."""
    terms = TermsPlan(rule=rule, tranches=TRANCHES, **settings)
    return open_tranches(RULES[rule], terms, side, standing)


@pytest.mark.parametrize(
    ("done", "north", "south"),
    [((0, 0), 1, 1), ((1, 0), 1, 2), ((1, 1), 2, 2), ((2, 1), 2, 3)],
)
def test_lockstep_opens_the_next_tranche_when_both_have_done_the_last(
    done, north, south
):
    counts = Standing(dict(zip(("north", "south"), done, strict=True)))

    assert opened("lockstep", "north", counts) == north
    assert opened("lockstep", "south", counts) == south


def test_credit_lets_a_side_be_ahead():
    done = Standing({"north": 2, "south": 0})

    assert opened("credit", "north", done, ahead=2) == 3
    assert opened("credit", "north", done, ahead=0) == 1


@pytest.mark.parametrize(
    ("done", "first", "second"),
    [((0, 0), 1, 0), ((1, 0), 1, 1), ((1, 1), 2, 1), ((2, 1), 2, 2)],
)
def test_prior_lets_one_side_go_first_in_every_tranche(done, first, second):
    counts = Standing(dict(zip(("north", "south"), done, strict=True)))

    assert opened("prior", "north", counts, first="north") == first
    assert opened("prior", "south", counts, first="north") == second


def test_simultaneous_opens_what_was_released():
    done = Standing({"north": 0, "south": 0})

    assert opened("simultaneous", "north", done) == 0
    done.released = 1
    assert opened("simultaneous", "north", done) == 1


def test_one_side_alone_is_bound_by_nobody():
    assert opened("lockstep", "north", Standing({"north": 0})) >= len(TRANCHES)


def test_three_sides_wait_for_the_slowest():
    done = Standing({"north": 3, "south": 1, "west": 2})

    assert opened("lockstep", "north", done) == 2
    assert done.slowest_other("north") == "south"
    assert done.slowest_other("south") == "west"


def test_of_equals_the_side_that_goes_first_is_slowest_then_the_one_named_first():
    done = {"north": 1, "south": 1, "west": 1}

    assert Standing(done).slowest_other("west") == "north"
    assert Standing(done, "south").slowest_other("west") == "south"
    assert Standing(done, "south").slowest_other("south") == "north"
    assert Standing({"north": 0}).slowest_other("north") == "north"


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4)), max_size=40))
def test_a_standing_that_is_kept_is_the_one_that_would_be_made_anew(moves):
    """And nobody has anybody else to wait for, unless it says so."""
    sides = "abcdef"
    standing = Standing(dict.fromkeys(sides, 0), "d")
    for number, done in moves:
        before = {s: _awaited(standing, s) for s in sides}
        news = standing.set(sides[number], done)
        anew = Standing(standing.done, "d")
        after = {s: _awaited(standing, s) for s in sides}
        assert after == {s: _awaited(anew, s) for s in sides}
        others = [s for s in sides if s != sides[number] and before[s] != after[s]]
        assert news or not others


def _awaited(standing, side):
    slowest = standing.slowest_other(side)
    return slowest, standing.done[slowest]
