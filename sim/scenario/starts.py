"""Reads the zone, the start and the end of an operation off its tree."""

from sim.messages import Number, say
from sim.scenario.clock import SECONDS_PER_DAY, Clock, time_zone
from sim.scenario.nodes import MappingNode, Scalar
from sim.scenario.problems import Problem, RefusedError, did_you_mean
from sim.scenario.repairs import repaired

LONGEST_DAYS = 1_000
"""Days that an operation may last: each is kept in steps of half an hour."""


def clock_of(root: MappingNode) -> tuple[Clock | None, list[Problem]]:
    """Return the clock that the tree names, and what is wrong with it."""
    zone, starts = root.values.get("zone"), root.values.get("starts")
    if not isinstance(zone, Scalar) or not isinstance(starts, Scalar):
        return None, []
    try:
        time_zone(zone.text)
    except RefusedError as refusal:
        return None, [zone.place.problem("zone", zone.text, *refusal.args)]
    try:
        clock = Clock(zone.text, starts.text)
    except RefusedError as refusal:
        problem, remedy = refusal.args
        meant = repaired(starts.text, lambda text: Clock(zone.text, text))
        remedy = did_you_mean(meant) if meant else remedy
        return None, [starts.place.problem("starts", starts.text, problem, remedy)]
    return _ended(clock, root)


def _ended(clock: Clock, root: MappingNode) -> tuple[Clock, list[Problem]]:
    """Return the clock with its horizon, if the end can be read."""
    ends = root.values.get("ends")
    try:
        horizon = clock.seconds(ends.text) if isinstance(ends, Scalar) else -1
    except RefusedError:
        horizon = -1
    if ends is None or not isinstance(ends, Scalar) or horizon < 0:
        return clock, []
    if horizon == 0:
        problem, remedy = say("the operation ends when it starts"), say("End it later.")
        return clock, [ends.place.problem("ends", ends.text, problem, remedy)]
    ended = Clock(clock.zone, clock.starts, horizon)
    days = -(-horizon // SECONDS_PER_DAY)
    if days <= LONGEST_DAYS:
        return ended, []
    problem = say(
        "the operation lasts {days} days, and {longest_days} are the most",
        days=Number(days, ",.0f"),
        longest_days=Number(LONGEST_DAYS, ",.0f"),
    )
    remedy = say("Check the year; end it earlier, or write an operation for each part.")
    return ended, [ends.place.problem("ends", ends.text, problem, remedy)]
