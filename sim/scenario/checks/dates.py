"""Notes on moments at which nothing can happen any more, and on endless durations."""

from collections.abc import Iterator, Mapping

from sim.distributions import Distribution
from sim.distributions import Shape as Family
from sim.scenario.draft import Finding
from sim.scenario.plans import Operation
from sim.scenario.quantities import MOMENT
from sim.scenario.quantity import Quantity
from sim.scenario.shapes import OPERATION, Fields, ListShape, Named, Shape

_ENDS = {"ends", "until", "closes"}
"""Fields that say when something ends, which the end of the operation may be."""
_OFTEN = 0.01
"""Share of times beyond the whole operation that is worth a word."""
Path = tuple[str | int, ...]


def notes(operation: Operation) -> Iterator[Finding]:
    """Name what would happen when the operation ends, and a plan known too late."""
    for path, moment in _moments(operation, OPERATION, ()):
        if moment >= operation.ends and path[-1] not in _ENDS:
            yield Finding(
                path,
                "this never happens: the operation ends then",
                "Write an earlier moment, let the operation end later, or leave it "
                "out.",
            )
    yield from _endless(operation)
    known_s = operation.plan_known
    if known_s is not None and known_s >= _last_planned(operation):
        yield Finding(
            ("plan_known",),
            "this has no effect: all vehicles, flows and agreements have joined, "
            "opened and begun by then",
            "Write since when it was known that they would, or leave it out.",
        )


def _endless(operation: Operation) -> Iterator[Finding]:
    """Name durations with a heavy tail that may well outlast the operation."""
    for path, duration, _ in _values(operation, OPERATION, ()):
        if (
            not isinstance(duration, Distribution)
            or duration.shape is not Family.PARETO
        ):
            continue
        index = duration.tail_index
        share = min((duration.low / operation.ends) ** index, 1.0)
        if share >= _OFTEN and path[-1] != "every":
            average = "its average is infinite, and " if index <= 1 else ""
            yield Finding(
                path,
                f"{average}{share:.2g} of all such times are longer than the whole "
                "operation: what waits for their end then waits to the end of the run",
                "Write a smaller median if that is not meant.",
            )


def _last_planned(operation: Operation) -> int:
    """Return when the last of what can be planned joins, leaves, opens or begins."""
    found = [0]
    for fleet in operation.fleets.values():
        found += [*fleet.joins, *fleet.leaves]
    for flow in operation.flows.values():
        found += [flow.opens or 0, flow.closes or 0, *flow.dispatch_dates]
    for agreement in operation.agreements.values():
        found += [agreement.proposed or 0, *agreement.amendments]
    return max(found)


def _moments(
    part: object, shape: Shape | None, path: Path
) -> Iterator[tuple[Path, int]]:
    """Return every moment in a part with its path, those that are keys too."""
    for where, value, quantity in _values(part, shape, path):
        if quantity is MOMENT and isinstance(value, int):
            yield where, value


def _values(
    part: object, shape: Shape | None, path: Path
) -> Iterator[tuple[Path, object, Quantity]]:
    """Return every value in a part with its path, moments that are keys too."""
    if isinstance(shape, Quantity):
        yield path, part, shape
    elif isinstance(shape, Fields) and part is not None:
        fields = part if isinstance(part, Mapping) else vars(part)
        for name in shape.names:
            yield from _values(fields.get(name), shape.field(name), (*path, name))
    elif isinstance(shape, Named) and isinstance(part, Mapping):
        for key, value in part.items():
            if shape.key is MOMENT:
                yield (*path, key), key, MOMENT
            yield from _values(value, shape.value, (*path, key))
    elif isinstance(shape, ListShape) and isinstance(part, tuple):
        for number, item in enumerate(part):
            yield from _values(item, shape.item, (*path, number))
