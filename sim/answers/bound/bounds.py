"""Bounds of the moments at which so many percent have arrived, of each site and all."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sim.answers.bound.envelope import Binding, Envelope
from sim.answers.bound.readings import BoundReading, Sure
from sim.events import Kind, RunLog
from sim.metrics.of_sites import ALL_SITES
from sim.scenario import Operation
from sim.scenario.moments import dated
from sim.scenario.origins import origins_of
from sim.scenario.plans import GroupPlan, StoppagePlan

PERCENTS = (50, 90, 100)


class Bound(NamedTuple):
    """When so many percent can have arrived.

    Attributes
    ----------
    whose : site of origin, or `all`.
    percent : of those awaited.
    people : how many that are.
    time_s : the first moment [s]; None if that cannot be before the end.
    binding : what keeps them from having arrived a second before, most first.
    """

    whose: str
    percent: int
    people: int
    time_s: int | None
    binding: tuple[Binding, ...]


Bounds = Mapping[tuple[str, int], Bound]
"""By whose people and percent."""


def bounds_of(
    operation: Operation,
    reading: BoundReading,
    percents: Sequence[int] = PERCENTS,
    sites: Sequence[str] = (),
) -> Bounds:
    """Return the bounds of an operation.

    Parameters
    ----------
    operation : with values, not with draws: what is not known is taken as it stands.
    reading : `SURE` for bounds that no run can beat, `Usual` for what is typical.
    percents : of those awaited.
    sites : whose; all that people leave, and `all`, if none.
    """
    found = {}
    for whose in sites or (*origins_of(operation), ALL_SITES):
        envelope = Envelope(operation, reading, whose)
        for percent in percents:
            people = -(-percent * needed(operation, reading, whose) // 100)
            time_s = envelope.first(people)
            last_s = operation.ends if time_s is None else time_s
            binding = envelope.binding(last_s - 1) if last_s else ()
            found[whose, percent] = Bound(whose, percent, people, time_s, binding)
    return found


def needed(operation: Operation, reading: BoundReading, whose: str) -> int:
    """Return how many people of a site, or of all, are awaited at least.

    Without whoever may stay after all, may not come, or may be lost on the way.
    """
    sites = origins_of(operation) if whose == ALL_SITES else (whose,)
    groups = [
        group
        for site in sites
        for group in operation.sites[site].groups.values()
        if not group.counts_apart
    ]
    people = sum(_leaving(operation, group) for group in groups)
    if isinstance(reading, Sure):
        people -= sum(_lost(operation, plan) for plan in operation.stoppages.values())
    return max(people, 0)


def _leaving(operation: Operation, group: GroupPlan) -> int:
    """Return who leaves for certain; nobody joins at a moment that may not come."""
    joining = sum(
        people
        for moment, people in group.joins.items()
        if (at_s := dated(moment)) is not None and at_s < operation.ends
    )
    there = max(group.people - group.stay, 0) + joining
    return max(there - sum(group.withdraws.values()), 0)


def _lost(operation: Operation, plan: StoppagePlan) -> int:
    """Return how many people a stoppage can cost, each time that it can be."""
    each = plan.unaccounted + plan.lives_lost
    if not each or plan.every is None:
        return each
    lasts_s = 0 if plan.lasts is None else round(plan.lasts.low)
    apart_s = max(round(plan.every.low), 1) + max(lasts_s, 1)
    return each * (1 + operation.ends // apart_s)


def came_in(log: RunLog) -> Mapping[str, int]:
    """Return when moments that hang on something came in a run, by path."""
    return dict(_came(log))


def _came(log: RunLog) -> Iterator[tuple[str, int]]:
    for time_s, kind, place, *_ in log.rows:
        if kind is Kind.CAME:
            yield place, time_s
