"""How far each side may move: the four rules, worked out by hand."""

import pytest

from sim.model.rules import open_tranches, slowest_other
from sim.scenario.plans import TermsPlan

TRANCHES = ({"north": 1, "south": 1},) * 4


def terms(rule, **settings):
    return TermsPlan(rule=rule, tranches=TRANCHES, **settings)


@pytest.mark.parametrize(
    ("done", "north", "south"),
    [((0, 0), 1, 1), ((1, 0), 1, 2), ((1, 1), 2, 2), ((2, 1), 2, 3)],
)
def test_lockstep_opens_the_next_tranche_when_both_have_done_the_last(
    done, north, south
):
    counts = dict(zip(("north", "south"), done, strict=True))

    assert open_tranches(terms("lockstep"), "north", counts, 0) == north
    assert open_tranches(terms("lockstep"), "south", counts, 0) == south


def test_credit_lets_a_side_be_ahead():
    done = {"north": 2, "south": 0}

    assert open_tranches(terms("credit", ahead=2), "north", done, 0) == 3
    assert open_tranches(terms("credit", ahead=0), "north", done, 0) == 1


@pytest.mark.parametrize(
    ("done", "first", "second"),
    [((0, 0), 1, 0), ((1, 0), 1, 1), ((1, 1), 2, 1), ((2, 1), 2, 2)],
)
def test_prior_lets_one_side_go_first_in_every_tranche(done, first, second):
    counts = dict(zip(("north", "south"), done, strict=True))
    rule = terms("prior", first="north")

    assert open_tranches(rule, "north", counts, 0) == first
    assert open_tranches(rule, "south", counts, 0) == second


def test_simultaneous_opens_what_was_released():
    done = {"north": 0, "south": 0}

    assert open_tranches(terms("simultaneous"), "north", done, 0) == 0
    assert open_tranches(terms("simultaneous"), "north", done, 1) == 1


def test_one_side_alone_is_bound_by_nobody():
    assert open_tranches(terms("lockstep"), "north", {"north": 0}, 0) == 4


def test_three_sides_wait_for_the_slowest():
    done = {"north": 3, "south": 1, "west": 2}

    assert open_tranches(terms("lockstep"), "north", done, 0) == 2
    assert slowest_other("north", done) == "south"
    assert slowest_other("south", done) == "west"
