"""A destination that takes in so many people and no more."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.events import Cause, Kind, Reason, ReasonKind
from sim.metrics.waiting import by_cause, charges
from sim.model.simulate import simulate
from sim.scenario import from_data
from tests.builders import START, at, halt, operation, shuttle, two_sides, with_gate
from tests.logs import total_waiting


def aboard(log, flow="evacuation"):
    """Return when people of a flow boarded, and how many."""
    return [
        (event.time_s / 60, event.people)
        for event in log.events
        if event.kind is Kind.ASSIGNED and event.flow == flow
    ]


def run(**changes):
    """Return the log of the shuttle: a hundred people, a bus of fifty every 135 min."""
    return simulate(operation(**changes), seed=1, audit=True)


def test_nobody_is_sent_for_whom_there_is_no_room():
    """Fifty arrive; of the fifty left 25 have room, and the others stay inside."""
    log = run(sites__refuge__holds=75)
    assert aboard(log) == [(0, 50), (135, 25)]
    left = [(e.kind, e.people, e.cause, e.reason) for e in log.events][-1]
    full = Reason(ReasonKind.FULL, place="refuge")
    assert left == (Kind.UNFINISHED, 25, Cause.FULL, full)


def test_they_wait_for_room_from_when_the_last_place_is_told_off():
    """Fifty fill it as they set out at 0; fifty wait for that to the end, at 240 h."""
    log = run(sites__refuge__holds=50)
    assert by_cause(charges(log))[Cause.FULL] == 50 * 240


def test_who_moves_on_makes_room():
    """Twenty move on at 200, and a bus sets out at once for twenty more."""
    log = run(sites__refuge__holds=50, sites__refuge__moves_on={at(200): 20})
    assert aboard(log) == [(0, 50), (200, 20)]


def test_no_more_move_on_than_are_there():
    """At 60 the fifty are on the road still: nobody moves on, and there is no room."""
    log = run(sites__refuge__holds=50, sites__refuge__moves_on={at(60): 20})
    assert aboard(log) == [(0, 50)]
    moved = [event.people for event in log.events if event.kind is Kind.MOVED_ON]
    assert moved == [0]


def test_people_who_have_moved_on_have_arrived_all_the_same():
    log = run(sites__refuge__holds=50, sites__refuge__moves_on={at(200): 50})
    assert sum(e.people for e in log.events if e.kind is Kind.ARRIVED) == 100


def test_a_convoy_that_is_turned_back_has_its_room_free_again():
    """Fifty are turned back at the gate at 70 and are on the way home until 130. While
    the gate deters, until 100, nobody is sent; then the other fifty are, with the
    second bus, since the first fifty hold no room any more.
    """
    log = simulate(
        with_gate(
            {"halt": halt("gate", 60, 100, caught="turn_back")},
            sites__refuge__holds=50,
            fleets__buses__joins={START: 2},
            flows__evacuation__at_once=2,
        ),
        seed=1,
        audit=True,
    )
    assert aboard(log) == [(0, 50), (100, 50)]


def test_several_flows_share_the_room():
    """North and south send fifty each at 0; twenty places are left for who comes first:
    both buses are back at 195, and north is named first.
    """
    log = simulate(
        two_sides(sites__refuge__holds=120, agreements=None), seed=1, audit=True
    )
    assert aboard(log, "north") == [(0, 50), (195, 20)]
    assert aboard(log, "south") == [(0, 50)]


def test_the_other_flow_learns_in_the_second_that_the_room_is_taken():
    """North takes the last places at 195, while the bus of the south is on its way back
    until 225: south waits for a vehicle until 195, and for room from then on.
    """
    plan = two_sides(sites__refuge__holds=120, agreements=None, south_road="90 min")
    why = [
        (event.time_s / 60, event.cause)
        for event in simulate(plan, seed=1, audit=True).events
        if event.kind is Kind.WAITING and event.place == "south" and event.people
    ]
    assert why[1:] == [(0, Cause.NO_VEHICLE), (195, Cause.FULL)]


def test_a_departure_cut_short_by_the_room_has_a_rest():
    """Two buses leave at 60 as two departures would; one has room. What is left goes
    late, as soon as there is room: at 300.
    """
    log = run(
        sites__refuge__holds=50,
        sites__refuge__moves_on={at(300): 50},
        fleets__buses__joins={START: 2},
        flows__evacuation__convoy={"buses": 2},
        flows__evacuation__dispatch_dates=[at(60)],
    )
    assert aboard(log) == [(60, 50), (300, 50)]


@settings(max_examples=40, deadline=None)
@given(
    holds=st.integers(1, 250),
    onward=st.dictionaries(st.integers(0, 1000), st.integers(1, 80), max_size=3),
    at_once=st.integers(1, 3),
    halts=st.booleans(),
)
def test_there_are_never_more_than_it_holds(holds, onward, at_once, halts):
    """Counted from the log alone: who is aboard or there and has not moved on."""
    halt_ = {"halt": halt("gate", 60, 140, caught="turn_back", deters=False)}
    log = simulate(
        with_gate(
            halt_ if halts else {},
            sites__refuge__holds=holds,
            sites__refuge__moves_on={at(m): n for m, n in onward.items()},
            fleets__buses__joins={START: 3},
            flows__evacuation__at_once=at_once,
            ends=at(1440),
        ),
        seed=1,
        audit=True,
    )
    signs = {Kind.ASSIGNED: 1, Kind.MOVED_ON: -1, Kind.TURNED_BACK: -1}
    there = 0
    for event in log.events:
        there += signs.get(event.kind, 0) * event.people
        assert 0 <= there <= holds
    booked = charges(log)
    assert sum(booked.values()) == total_waiting(log)
    assert "uncharged" not in by_cause(booked)


@pytest.mark.parametrize(
    ("changes", "path", "says"),
    [
        (
            {"sites__refuge__moves_on": {at(9): 5}},
            "sites.refuge.moves_on",
            "no meaning without 'holds'",
        ),
        (
            {"sites__pocket__holds": 5},
            "sites.pocket.holds",
            "nobody arrives at 'pocket'",
        ),
        ({"sites__refuge__holds": 0}, "sites.refuge.holds", "0 is too small"),
    ],
)
def test_room_that_says_nothing_is_refused(changes, path, says):
    with pytest.raises(ScenarioError) as refused:
        from_data(shuttle(**changes))
    (problems,) = refused.value.args
    (problem,) = problems
    assert problem.path == path
    assert says in problem.problem
    assert problem.remedy
