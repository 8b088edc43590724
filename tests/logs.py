"""Runs with every check, and what their logs tell."""

from sim.events import Kind, RunLog
from sim.metrics.spans import UNCHARGED
from sim.metrics.waiting import charges
from sim.model import simulate
from tests.builders import times
from tests.reasons import sentence

STATES = {
    Kind.PROPOSED,
    Kind.IN_FORCE,
    Kind.SUSPENDED,
    Kind.RESUMED,
    Kind.BREACHED,
    Kind.RENEGOTIATED,
    Kind.COMPLETED,
    Kind.REOPENED,
    Kind.LAPSED,
}


COMES_OR_GOES = {
    Kind.STARTED: 1,
    Kind.JOINED: 1,
    Kind.STAYED: -1,
    Kind.ARRIVED: -1,
    Kind.UNACCOUNTED: -1,
    Kind.LIVES_LOST: -1,
}


def total_waiting(log: RunLog) -> int:
    """Return all waiting of a run, without looking at causes [person-seconds].

    The integral of the people who are neither at their destination nor staying nor
    unaccounted for nor have lost their lives. Equals the sum of `charges` exactly,
    which is how a forgotten or doubled person-second is found.
    """
    horizon_s = log.horizon_s
    return sum(
        COMES_OR_GOES.get(event.kind, 0) * event.people * (horizon_s - event.time_s)
        for event in log.events
    )


def run(scenario, seed=1):
    """Run with every check after every event; each second has exactly one cause."""
    log = simulate(scenario, seed=seed, audit=True)
    booked = charges(log)
    assert UNCHARGED not in {charge.cause for charge in booked}
    assert sum(booked.values()) == total_waiting(log)
    return log


def crossings(log, side, flow=None):
    """Return when people crossed the gate of a side."""
    return [
        event.time_s / 60
        for event in log.events
        if event.kind is Kind.CROSSED
        and event.place == f"{side}-gate"
        and flow in {None, event.flow}
    ]


def formed(log, flow):
    """Return when a flow sent convoys."""
    return [
        event.time_s / 60
        for event in log.events
        if event.kind is Kind.FORMED and event.flow == flow
    ]


def loads(log, flow):
    """Return how many people its convoys took aboard."""
    return [sum(trip.loads) for trip in log.trips if trip.flow == flow]


def arrivals(log, flow=None):
    """Return when how many people arrived."""
    return _people(log, Kind.ARRIVED, flow)


def returns(log, flow=None):
    """Return when how many people were back at their site."""
    return _people(log, Kind.RETURNED, flow)


def unaccounted(log, flow=None):
    """Return when how many people were lost from sight."""
    return _people(log, Kind.UNACCOUNTED, flow)


def _people(log, kind, flow):
    return [
        (event.time_s / 60, event.people)
        for event in log.events
        if event.kind is kind and flow in {None, event.flow}
    ]


def states(log, agreement="deal", *but):
    """Return the changes of an agreement, but for some kinds."""
    return [
        (event.time_s / 60, str(event.kind))
        for event in log.events
        if event.place == agreement and event.kind in STATES - set(but)
    ]


def tranches(log, kind, side, agreement="deal"):
    """Return when so many tranches were open to a side, or completed by it."""
    return [
        (event.time_s / 60, event.tranche)
        for event in log.events
        if event.kind is kind and event.place == agreement and event.reason.side == side
    ]


def causes(log, place=None, convoy=None):
    """Return what the time of the people aboard is charged to, from when on."""
    return _spells(
        event
        for event in log.events
        if event.cause
        and event.convoy
        and place in {None, event.place}
        and convoy in {None, event.convoy}
    )


def waiting(log, site):
    """Return why those at a site wait, from when on."""
    return _spells(
        event
        for event in log.events
        if event.place == site and event.kind is Kind.WAITING
    )


def _spells(events):
    """Leave out what lasted for no time, or is the same as before."""
    last = {}
    for event in events:
        last[event.time_s / 60] = str(event.cause), sentence(event.reason)
    spells = []
    for minute, why in last.items():
        if not spells or spells[-1][1:] != why:
            spells.append((minute, *why))
    return spells


def held(log, flow):
    """Return when convoys of a flow came to stand, and why."""
    return [
        (event.time_s / 60, sentence(event.reason))
        for event in log.events
        if event.kind is Kind.HELD and event.flow == flow
    ]


def ends(log):
    """Return who has not arrived: of which flow, what for and who is behind it."""
    last = {Kind.DEADLOCK, Kind.UNFINISHED, Kind.BEHIND}
    return [
        (str(event.kind), event.flow, str(event.cause), sentence(event.reason))
        for event in log.events
        if event.kind in last
    ]


def hours(log, cause, convoy=None):
    """Return the waiting charged to a cause [person-minutes]."""
    return (
        sum(time_s for charge, time_s in charges(log).items() if charge.cause == cause)
        / 60
    )


__all__ = [
    "arrivals",
    "causes",
    "crossings",
    "ends",
    "formed",
    "held",
    "hours",
    "loads",
    "returns",
    "run",
    "states",
    "times",
    "tranches",
    "unaccounted",
    "waiting",
]
