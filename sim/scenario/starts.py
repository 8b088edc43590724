"""Reads the zone, the start and the end of an operation off its tree."""

from sim.scenario.clock import Clock, time_zone
from sim.scenario.nodes import MappingNode, Scalar
from sim.scenario.problems import Problem, RefusedError
from sim.scenario.repairs import repaired


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
        remedy = f"Did you mean '{meant}'?" if meant else remedy
        return None, [starts.place.problem("starts", starts.text, problem, remedy)]
    return _ended(clock, root)


def _ended(clock: Clock, root: MappingNode) -> tuple[Clock, list[Problem]]:
    """Return the clock with its horizon, if the end can be read."""
    ends = root.values.get("ends")
    try:
        horizon = clock.seconds(ends.text) if isinstance(ends, Scalar) else -1
    except RefusedError:
        horizon = -1
    if horizon > 0:
        return Clock(clock.zone, clock.starts, horizon), []
    if ends is None or horizon < 0:
        return clock, []
    problem = "the operation ends when it starts"
    return clock, [ends.place.problem("ends", clock.starts, problem, "End it later.")]
