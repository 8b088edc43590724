"""Notes on moments at which nothing can happen, or change, any more."""

from collections.abc import Iterator

from sim.scenario.draft import Finding
from sim.scenario.plans import Operation
from sim.scenario.quantities import MOMENT
from sim.scenario.shapes import values

_ENDS = {"ends", "until", "closes"}
"""Fields that say when something ends, which the end of the operation may be."""


def notes(operation: Operation) -> Iterator[Finding]:
    """Name what would happen when the operation ends, and a plan known too late."""
    for path, shape, moment in values(operation):
        if shape is not MOMENT or path[-1] in _ENDS:
            continue
        if isinstance(moment, int) and moment >= operation.ends:
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
    """Return when the last of what can be planned joins, leaves, opens or begins."""
    found = [0]
    for fleet in operation.fleets.values():
        found += [*fleet.joins, *fleet.leaves]
    for flow in operation.flows.values():
        found += [flow.opens or 0, flow.closes or 0, *flow.dispatch_dates]
    for agreement in operation.agreements.values():
        found += [agreement.proposed or 0, *agreement.amendments]
    return max(found)
