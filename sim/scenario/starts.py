"""Reads the zone, the start and the end of an operation off its tree."""

from sim.scenario.clock import Clock, time_zone
from sim.scenario.nodes import Scalar, Table
from sim.scenario.problems import Problem, Refusal


def clock_of(root: Table) -> tuple[Clock | None, list[Problem]]:
    """Return the clock that the tree names, and what is wrong with it."""
    zone, starts, ends = (root.values.get(key) for key in ("zone", "starts", "ends"))
    if not isinstance(zone, Scalar) or not isinstance(starts, Scalar):
        return None, []
    try:
        time_zone(zone.text)
    except Refusal as refusal:
        return None, [zone.place.problem("zone", zone.text, *refusal.args)]
    try:
        clock = Clock(zone.text, starts.text)
    except Refusal as refusal:
        return None, [starts.place.problem("starts", starts.text, *refusal.args)]
    if not isinstance(ends, Scalar):
        return clock, []
    try:
        horizon = clock.seconds(ends.text)
    except Refusal:
        return clock, []
    if horizon == 0:
        return clock, [
            ends.place.problem(
                "ends", ends.text, "the operation ends when it starts", "End it later."
            )
        ]
    return Clock(zone.text, starts.text, horizon if horizon > 0 else None), []
