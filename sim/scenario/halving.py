"""Half of a fleet leaves: how many vehicles that is, at a moment."""

from contextlib import suppress

from sim.messages import say
from sim.scenario.clock import Clock
from sim.scenario.moments import Hanging, dated, earliest, read
from sim.scenario.nodes import MappingNode, Place, Scalar, table_at
from sim.scenario.problems import RefusedError, quoted


def halve(fleet: MappingNode, since: str, clock: Clock, place: Place) -> None:
    """Let half of the vehicles leave that a fleet has at a moment.

    They leave besides those who leave at that moment anyway; who joins later comes.

    Parameters
    ----------
    fleet : its tree, which is changed.
    since : the moment, as written.
    clock : of the operation.
    place : where it is asked for.

    Raises
    ------
    RefusedError
        If it has less than two vehicles then, or how many it has cannot be told.
    """
    moment = read(since, clock)
    here = _by(fleet, "joins", moment, clock) - _by(fleet, "leaves", moment, clock)
    if here < 2:
        raise RefusedError(
            say(
                "there is no half to lose: {number} of its vehicles are there by "
                "{moment}",
                number=max(here, 0),
                moment=quoted(since),
            ),
            say("Write a later moment, drop the fleet, or change its numbers."),
        )
    leaves = fleet.values.setdefault("leaves", MappingNode(place))
    fleet.keys.setdefault("leaves", place)
    if not isinstance(leaves, MappingNode):
        return  # the check of the whole scenario says so
    written = _numbers(leaves, clock)
    key = next((k for k, (at, _) in written.items() if at == moment), since)
    number = here // 2 + (written[key][1] if key in written else 0)
    leaves.put(key, place, Scalar(place, str(number)))


def _by(fleet: MappingNode, field: str, moment: int | Hanging, clock: Clock) -> int:
    """Return how many vehicles have joined, or left, by a moment.

    Raises
    ------
    RefusedError
        If that hangs on what happens in a run.
    """
    total = 0
    for key, (at, number) in _numbers(table_at(fleet, field), clock).items():
        second = dated(at)
        if at == moment or (second is not None and second <= earliest(moment)):
            total += number
        elif second is None or dated(moment) is None:
            raise RefusedError(
                say(
                    "nobody can tell whether {moment} of '{field}' is before that: one "
                    "of them hangs on what happens in a run",
                    moment=quoted(key),
                    field=field,
                ),
                say("Write under 'leaves' of the fleet how many leave."),
            )
    return total


def _numbers(table: MappingNode, clock: Clock) -> dict[str, tuple[int | Hanging, int]]:
    """Return moments and numbers by key; the check tells what cannot be read."""
    found = {}
    for key, value in table.values.items():
        if isinstance(value, Scalar) and value.text.isdecimal():
            with suppress(RefusedError):
                found[key] = read(key, clock), int(value.text)
    return found
