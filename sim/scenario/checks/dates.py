"""Notes on moments at which nothing can happen, or change, any more."""

from collections.abc import Iterator, Mapping

from sim.scenario.draft import Finding
from sim.scenario.plans import Operation
from sim.scenario.quantities import MOMENT
from sim.scenario.shapes import OPERATION, Fields, ListShape, Named, Shape

_ENDS = {"ends", "until", "closes"}
"""Fields that say when something ends, which the end of the operation may be."""
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
    known_s = operation.plan_known
    if known_s is not None and known_s >= _last_planned(operation):
        yield Finding(
            ("plan_known",),
            "this has no effect: all vehicles, flows and agreements have joined, "
            "opened and begun by then",
            "Write since when it was known that they would, or leave it out.",
        )


def _last_planned(operation: Operation) -> int:
    """Return when the last of what can be planned joins, leaves, opens or begins.

    And the last people get ready, come, withdraw or move on.
    """
    found = [0]
    for site in operation.sites.values():
        found += site.moves_on
        for group in site.groups.values():
            found += [*group.ready, *group.joins, *group.withdraws]
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
    if shape is MOMENT and isinstance(part, int):
        yield path, part
    elif isinstance(shape, Fields) and part is not None:
        fields = part if isinstance(part, Mapping) else vars(part)
        for name in shape.names:
            yield from _moments(fields.get(name), shape.field(name), (*path, name))
    elif isinstance(shape, Named) and isinstance(part, Mapping):
        for key, value in part.items():
            if shape.key is MOMENT:
                yield (*path, key), key
            yield from _moments(value, shape.value, (*path, key))
    elif isinstance(shape, ListShape) and isinstance(part, tuple):
        for number, item in enumerate(part):
            yield from _moments(item, shape.item, (*path, number))
