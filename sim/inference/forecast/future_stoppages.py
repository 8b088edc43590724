"""Stoppages and weather as they were known at a moment, and those to come.

What was going on has an open end, and what had not begun may come: both are drawn from
distributions without memory. Their means are those of the operation so far, with one
stoppage of judgement (`FIRST_GAP_H`, `FIRST_HALT_H`) for when it had shown little.

Where the scenario draws stoppages on a road at random, those are the ones to come. They
come after the moment only: of what is past it is known when gates were closed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from sim.distributions import Distribution
from sim.inference.forecast.changes import (
    Change,
    GoesOn,
    MayStop,
    NotKnown,
    StopsAsWritten,
)
from sim.inference.forecast.information_set import InformationSet
from sim.scenario import Operation
from sim.scenario.moments import earliest
from sim.scenario.plans import AgreementPlan, StoppagePlan, WeatherPlan

FIRST_GAP_H, FIRST_HALT_H = 48.0, 24.0
"""Judgement: hours with open gates before a stoppage, and its length, seen once."""


WEATHER_GOES_ON_H = 24
"""Judgement: how long weather will go on that is there."""
_S_PER_H = 3600
_OVERLAP_S = 60


class Road(NamedTuple):
    """The way out of a site.

    Attributes
    ----------
    site : that people leave.
    gates : on the way; a stoppage to come closes the first.
    """

    site: str
    gates: tuple[str, ...]


def stoppages_as_of(
    operation: Operation,
    known: InformationSet,
    agreements: Mapping[str, AgreementPlan],
    fleets: Collection[str],
    flows: Collection[str],
    roads: Sequence[Road],
) -> tuple[dict[str, StoppagePlan], list[Change]]:
    """Return the stoppages as known at a moment, and those to come.

    Parameters
    ----------
    operation : as it is told afterwards.
    known : at the moment.
    agreements, fleets, flows : those known.
    roads : by which people leave.
    """
    past: dict[str, StoppagePlan] = {}
    at_random: dict[str, StoppagePlan] = {}
    changes: list[Change] = []
    for name, told in operation.stoppages.items():
        if told.flows is not None and not set(told.flows) & set(flows):
            changes.append(NotKnown("stoppage", name))
            continue
        plan = _without_unknown(told, agreements, fleets, flows)
        if any(_reworded(operation, agreements, broken) for broken in told.breaches):
            plan = _with_unknown_end(plan)
        if plan.every is not None:
            at_random[name] = plan
        elif (
            plan.starts is None  # with a convoy, at a time that no file gives
            or not known.begun(earliest(plan.starts))
            or not known.told(plan.evidence)
        ):
            changes.append(NotKnown("stoppage", name))
        else:
            past[name] = plan
    _, halt_s = _means_s(past.values(), agreements, known)
    plans = {}
    for name, plan in past.items():
        plans[name] = plan
        if _end_s(plan, agreements, known) > known.moment_s:
            plans[name] = _until(plan, known.moment_s)
            plans[f"{name}-goes-on"] = _from_then_on(plans[name], known, halt_s)
            changes.append(GoesOn(name, halt_s / _S_PER_H, until_s=None))
    for name, plan in at_random.items():
        plans[name] = _to_come(plan, known, agreements, halt_s)
    for road in roads:
        if written := _on(road, at_random):
            changes.append(StopsAsWritten(road.site, tuple(written)))
            continue
        gap_s, halt_s = _means_s(_on(road, past).values(), agreements, known)
        closed = _first_alone(road, [other for other in roads if _on(other, at_random)])
        plans[f"to-come-at-{closed}"] = StoppagePlan.model_construct(
            cause=f"Any stoppage to come at {road.site}, drawn at random (assumption)",
            closes=(closed,),
            every=Distribution.exponential(gap_s),
            since=max(0, known.moment_s),
            lasts=Distribution.exponential(halt_s),
        )
        changes.append(MayStop(road.site, gap_s / _S_PER_H, halt_s / _S_PER_H))
    return plans, changes


def _reworded(
    operation: Operation, agreements: Mapping[str, AgreementPlan], name: str
) -> bool:
    """Whether an agreement is known, and got new terms that were not."""
    known = agreements.get(name)
    later = operation.agreements[name].amendments
    return known is not None and len(known.amendments) < len(later)


def _with_unknown_end(plan: StoppagePlan) -> StoppagePlan:
    """Return a stoppage that breaks an agreement of which no new terms are known.

    What it waits for may wait for those terms: that agreement is on hold meanwhile.
    """
    if plan.until_agreement is None:
        return plan
    held = tuple(dict.fromkeys([*plan.suspends, *plan.breaches]))
    update = {"suspends": held, "breaches": (), "until_agreement": None}
    return plan.model_copy(update=update)


def _on(road: Road, plans: Mapping[str, StoppagePlan]) -> dict[str, StoppagePlan]:
    """Return the stoppages that close any gate of a road."""
    gates = set(road.gates)
    return {name: plan for name, plan in plans.items() if gates & set(plan.closes)}


def _first_alone(road: Road, others: Iterable[Road]) -> str:
    """Return the first gate of a road that is on none of others, or the very first."""
    elsewhere = {gate for other in others for gate in other.gates}
    return next((gate for gate in road.gates if gate not in elsewhere), road.gates[0])


def _to_come(
    plan: StoppagePlan,
    known: InformationSet,
    agreements: Mapping[str, AgreementPlan],
    halt_s: float,
) -> StoppagePlan:
    """Return what the scenario draws at random, from the moment on."""
    update: dict[str, object] = {"since": max(0, earliest(plan.since), known.moment_s)}
    if plan.lasts is None and plan.until_agreement not in agreements:
        lasts = Distribution.exponential(halt_s)
        update |= {"until_agreement": None, "lasts": lasts}
    return plan.model_copy(update=update)


def weather_as_of(
    operation: Operation, known: InformationSet
) -> tuple[dict[str, WeatherPlan], list[Change]]:
    """Return the weather as known at a moment: none to come is foreseen."""
    plans = {}
    changes: list[Change] = []
    for name, plan in operation.weather.items():
        if not known.begun(plan.starts) or not known.told(plan.evidence):
            changes.append(NotKnown("weather", name))
        elif plan.until <= known.moment_s:
            plans[name] = plan
        else:
            until_s = known.moment_s + WEATHER_GOES_ON_H * _S_PER_H
            plans[name] = plan.model_copy(update={"until": until_s})
            changes.append(GoesOn(name, WEATHER_GOES_ON_H, until_s))
    return plans, changes


def _without_unknown(
    plan: StoppagePlan,
    agreements: Mapping[str, AgreementPlan],
    fleets: Collection[str],
    flows: Collection[str],
) -> StoppagePlan:
    """Return a stoppage that touches known agreements, vehicles and flows only.

    Where nothing has taken the place of an agreement that it broke, people go on by
    that agreement afterwards: it is on hold and not over.
    """
    renewed = plan.until_agreement in agreements
    broken = [name for name in plan.breaches if name in agreements]
    held = [name for name in plan.suspends if name in agreements]
    concerned = plan.flows and tuple(name for name in plan.flows if name in flows)
    update = {
        "flows": concerned,
        "breaches": tuple(broken if renewed else ()),
        "suspends": tuple(held if renewed else dict.fromkeys([*held, *broken])),
        "loses": {name: n for name, n in plan.loses.items() if name in fleets},
        "loses_loaded": {
            name: n for name, n in plan.loses_loaded.items() if name in fleets
        },
    }
    return plan.model_copy(update=update)


def _until(plan: StoppagePlan, moment_s: int) -> StoppagePlan:
    """Return a stoppage that ends at a moment."""
    until_s = max(moment_s, earliest(plan.starts) + _OVERLAP_S)
    update = {"until": until_s, "until_agreement": None, "lasts": None}
    return plan.model_copy(update=update)


def _from_then_on(
    plan: StoppagePlan, known: InformationSet, halt_s: float
) -> StoppagePlan:
    """Return the rest of a stoppage that is going on, with an open end.

    It begins a little before the moment, or whoever waits would slip through between.
    """
    return plan.model_copy(
        update={
            "starts": max(earliest(plan.starts), known.moment_s - _OVERLAP_S),
            "until": None,
            "lasts": Distribution.exponential(halt_s),
            "loses": {},
            "loses_loaded": {},
            "unaccounted": 0,
            "lives_lost": 0,
        }
    )


def _end_s(
    plan: StoppagePlan, agreements: Mapping[str, AgreementPlan], known: InformationSet
) -> float:
    """Return when a stoppage ends, as far as that is known; else after the moment."""
    if plan.until is not None:
        return earliest(plan.until)
    renewal = agreements.get(plan.until_agreement or "")
    if renewal is None:
        return known.moment_s + 1 if plan.lasts is None else earliest(plan.starts)
    return min(known.moment_s, earliest(renewal.in_force or renewal.proposed))


def _means_s(
    past: Iterable[StoppagePlan],
    agreements: Mapping[str, AgreementPlan],
    known: InformationSet,
) -> tuple[int, int]:
    """Return how long gates were open before a stoppage, and how long it lasted."""
    halts_s = [
        min(_end_s(plan, agreements, known), known.moment_s) - earliest(plan.starts)
        for plan in past
    ]
    open_s = max(0.0, known.moment_s - sum(halts_s))
    gap_s = (FIRST_GAP_H * _S_PER_H + open_s) / (1 + len(halts_s))
    halt_s = (FIRST_HALT_H * _S_PER_H + sum(halts_s)) / (1 + len(halts_s))
    return round(gap_s), round(halt_s)
