"""What every run keeps whatever stoppages do, over operations that are made up."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.events import Kind
from sim.metrics.spans import UNCHARGED
from sim.metrics.waiting import charges
from sim.model import simulate
from sim.scenario import from_data
from tests.logs import total_waiting
from tests.strategies import SIDES, durations, operation_data

SEEDS = st.integers(0, 2**32)
many = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
COUNTS = st.integers(1, 4)


def whom_and_what(draw, stoppage, side):
    """Say whom a stoppage concerns, and what it costs them."""
    if draw(st.booleans()):
        stoppage["flows"] = [side]
    if draw(st.booleans()):
        first = draw(COUNTS)
        stoppage["meets"] = {"first": first, "last": first + draw(st.integers(0, 3))}
        stoppage.pop("loses", None)
    if draw(st.booleans()):
        stoppage["loses_loaded"] = {f"{side}-buses": draw(COUNTS), "ambulances": 1}
        stoppage["lives_lost"] = draw(st.integers(0, 30))


def how(draw, stoppage, side):
    """Say what becomes of those it catches, and with whom it begins."""
    if draw(st.integers(0, 2)) == 0:
        for field in ("detained_for", "afterwards"):
            stoppage.pop(field, None)
        stoppage |= {"caught": "divert", "to": f"{side}-around", "flows": [side]}
    if stoppage["caught"] == "hold" or "catches" in stoppage:
        stoppage["gives_up_after"] = draw(durations(60))
    if draw(st.integers(0, 2)) == 0:
        for field in ("starts", "every", "since"):
            stoppage.pop(field, None)
        at = draw(st.sampled_from([f"{side}-gate", "post"]))
        stoppage["starts_with"] = {"flow": side, "convoy": draw(COUNTS), "at": at}


@st.composite
def fated(draw):
    """Operations with two other routes, of which the stoppages use everything new."""
    data = draw(operation_data(draw(st.booleans())))
    data["sites"]["camp"] = {}
    for side in SIDES:
        data["routes"][f"{side}-around"] = {
            "origin": side,
            "destination": "camp",
            "through": [f"{side}-gate", "way", "post", "way"],
            "back": ["way"],
        }
    for stoppage in data["stoppages"].values():
        side = draw(st.sampled_from(SIDES))
        whom_and_what(draw, stoppage, side)
        how(draw, stoppage, side)
    try:
        return from_data(data)
    except ScenarioError:
        assume(False)


@pytest.mark.slow
@given(fated(), SEEDS)
@many
def test_everybody_is_in_one_place_and_every_second_has_one_cause(operation, seed):
    """The audit checks people, vehicles and seats after every event."""
    log = simulate(operation, seed=seed, audit=True)
    booked = charges(log)

    assert UNCHARGED not in {charge.cause for charge in booked}
    assert sum(booked.values()) == total_waiting(log)


@given(fated(), SEEDS)
@many
def test_the_log_accounts_for_everybody_and_for_all_that_was_to_be_lost(
    operation, seed
):
    log = simulate(operation, seed=seed)
    begun = dict.fromkeys(operation.stoppages, 0)
    lives, vehicles = dict(begun), dict(begun)
    people = 0
    for event in log.events:
        match event.kind:
            case Kind.STOPPAGE_BEGAN:
                begun[event.place] += 1
            case Kind.LIVES_LOST:
                lives[event.reason.stoppage] += event.people
            case Kind.LOST if event.reason.stoppage:
                vehicles[event.reason.stoppage] += event.vehicles
            case Kind.NOT_STRUCK | Kind.NOT_FOUND if event.vehicles:
                vehicles[event.place] += event.vehicles
            case Kind.NOT_STRUCK:
                lives[event.place] += event.people
            case Kind.SET_DOWN:
                people += event.people
            case Kind.ON_FOOT:
                people -= event.people
    assert people == 0
    for name, plan in operation.stoppages.items():
        destroyed = sum(plan.loses.values()) + sum(plan.loses_loaded.values())
        assert lives[name] == begun[name] * plan.lives_lost
        assert vehicles[name] == begun[name] * destroyed


@given(fated(), SEEDS)
@many
def test_who_is_not_concerned_meets_none_of_it(operation, seed):
    """No convoy of another flow is held, sent back or diverted by a stoppage."""
    log = simulate(operation, seed=seed)
    for event in log.events:
        stoppage = operation.stoppages.get(event.reason.stoppage)
        if stoppage and event.flow and not event.reason.agreement:
            assert stoppage.flows is None or event.flow in stoppage.flows
