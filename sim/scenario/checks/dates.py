"""Notes on moments at which nothing can happen any more, and on endless durations."""

from collections.abc import Iterator

from sim.distributions import Distribution
from sim.distributions import Shape as Family
from sim.messages import Number, Text, say
from sim.scenario.draft import Finding
from sim.scenario.moments import dated, earliest
from sim.scenario.plans import Operation
from sim.scenario.shapes import values
from sim.scenario.timing import moments_in

_OFTEN = 0.01
"""Share of times beyond the whole operation that is worth a word."""
_ENDS = {"ends", "until", "closes"}
"""Fields that say when something ends, which the end of the operation may be."""


def notes(operation: Operation) -> Iterator[Finding]:
    """Name what would happen when the operation ends, and a plan known too late."""
    for path, moment in moments_in(operation):
        if (dated(moment) or 0) >= operation.ends and path[-1] not in _ENDS:
            yield Finding(
                path,
                say("this never happens: the operation ends then"),
                say(
                    "Write an earlier moment, let the operation end later, or "
                    "leave it out."
                ),
            )
    yield from _endless(operation)
    known_s = operation.plan_known
    if known_s is not None and known_s >= _last_planned(operation):
        yield Finding(
            ("plan_known",),
            say(
                "this has no effect: all vehicles, flows and agreements have "
                "joined, opened and begun by then"
            ),
            say("Write since when it was known that they would, or leave it out."),
        )


def _endless(operation: Operation) -> Iterator[Finding]:
    """Name durations with a heavy tail that may well outlast the operation."""
    for path, _, duration in values(operation):
        if (
            not isinstance(duration, Distribution)
            or duration.shape is not Family.PARETO
        ):
            continue
        index = duration.tail_index
        share = min((duration.low / operation.ends) ** index, 1.0)
        if share >= _OFTEN and path[-1] != "every":
            yield Finding(
                path,
                _outlasts(share, endless=index <= 1),
                say("Write a smaller median if that is not meant."),
            )


def _outlasts(share: float, *, endless: bool) -> Text:
    longer = say(
        "{share} of all such times are longer than the whole operation: what waits for "
        "their end then waits to the end of the run",
        share=Number(share, ".2g"),
    )
    if not endless:
        return longer
    return say("its average is infinite, and {longer}", longer=longer)


def _last_planned(operation: Operation) -> int:
    """Return when the last of what can be planned joins, leaves, opens or begins.

    And the last people get ready, come, withdraw or move on.
    """
    found = [0]
    for site in operation.sites.values():
        found += map(earliest, site.moves_on)
        for group in site.groups.values():
            found += map(earliest, (*group.ready, *group.joins, *group.withdraws))
    for fleet in operation.fleets.values():
        found += map(earliest, (*fleet.joins, *fleet.leaves))
    for flow in operation.flows.values():
        found += map(earliest, (flow.opens, flow.closes, *flow.dispatch_dates))
        found += map(earliest, flow.phases)
    for agreement in operation.agreements.values():
        found += map(earliest, (agreement.proposed, *agreement.amendments))
    return max(found)
