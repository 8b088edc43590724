"""Stoppages as they were known at a moment, and those to come.

What was going on has an open end, and what had not begun may come: both are drawn from
distributions that the operation so far and its class suggest (`halts`), whose middles
are not known but within a range.

Where the scenario draws stoppages on a road at random, those are the ones to come. They
come after the moment only: of what is past it is known when gates were closed.

A stoppage with a chance of coming is what somebody fears, and no hindsight: it is kept
with its chance, before its moment and after it, until the scenario is amended.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from sim.distributions import Distribution
from sim.inference.forecast.changes import (
    Change,
    GoesOn,
    MayCome,
    MayStop,
    NotKnown,
    StopsAsWritten,
)
from sim.inference.forecast.halts import HaltOutlook, halt_outlook
from sim.inference.forecast.information_set import InformationSet
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.scenario import Operation
from sim.scenario.moments import earliest
from sim.scenario.plans import (
    AgreementPlan,
    StoppagePlan,
    UncertainPlan,
)

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


class FutureStoppages(NamedTuple):
    """Stoppages, as known at a moment.

    Attributes
    ----------
    plans : those known, and those to come.
    uncertain : ranges of how often and how long those to come are.
    changes : what was forgotten, and what takes its place.
    """

    plans: dict[str, StoppagePlan]
    uncertain: dict[str, UncertainPlan]
    changes: list[Change]


def stoppages_as_of(
    operation: Operation,
    known: InformationSet,
    agreements: Mapping[str, AgreementPlan],
    fleets: Collection[str],
    flows: Collection[str],
    roads: Sequence[Road],
) -> FutureStoppages:
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
    feared: dict[str, StoppagePlan] = {}
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
        elif _is_feared(plan, known, flows):
            feared[name] = plan
            changes.append(MayCome(name, plan.chance or 0.0))
        elif (
            plan.starts is None  # with a convoy, at a time that no file gives
            or not known.begun(earliest(plan.starts))
            or not known.told(plan.evidence)
        ):
            changes.append(NotKnown("stoppage", name))
        else:
            past[name] = plan
    return _with_those_to_come(
        past, at_random, feared, changes, known, agreements, roads
    )


def _is_feared(
    plan: StoppagePlan, known: InformationSet, flows: Collection[str]
) -> bool:
    """Whether it may come, as somebody could say by then."""
    awaited = plan.starts_with
    begins = awaited is None or awaited.flow in flows
    return plan.may_not_come and begins and known.told(plan.evidence)


def _with_those_to_come(
    past: Mapping[str, StoppagePlan],
    at_random: Mapping[str, StoppagePlan],
    feared: Mapping[str, StoppagePlan],
    changes: list[Change],
    known: InformationSet,
    agreements: Mapping[str, AgreementPlan],
    roads: Sequence[Road],
) -> FutureStoppages:
    moment_h = known.moment_s / SECONDS_PER_HOUR

    def outlook(plans: Mapping[str, StoppagePlan]) -> HaltOutlook:
        return halt_outlook(_closed(plans.values(), agreements, known), moment_h)

    plans: dict[str, StoppagePlan] = {}
    uncertain: dict[str, UncertainPlan] = {}
    everywhere = outlook(past)
    for name, plan in past.items():
        plans[name] = plan
        if _end_s(plan, agreements, known) > known.moment_s:
            plans[name] = _until(plan, known.moment_s)
            rest = f"{name}-goes-on"
            plans[rest] = _from_then_on(plans[name], known, _length(everywhere))
            uncertain[f"stoppages.{rest}.lasts"] = _range(
                everywhere.halt_h, everywhere.halt_spread
            )
            changes.append(GoesOn(name, everywhere.halt_h, until_s=None))
    for name, plan in at_random.items():
        since_s = max(0, earliest(plan.since), known.moment_s)
        plans[name] = _with_an_end(
            plan.model_copy(update={"since": since_s}), agreements, everywhere
        )
    for name, plan in feared.items():
        plans[name] = _with_an_end(plan, agreements, everywhere)
    for road in roads:
        if written := _on(road, at_random):
            changes.append(StopsAsWritten(road.site, tuple(written)))
            continue
        here = outlook(_on(road, past))
        closed = _first_alone(road, [other for other in roads if _on(other, at_random)])
        name = f"to-come-at-{closed}"
        plans[name] = StoppagePlan.model_construct(
            cause=f"Any stoppage to come at {road.site}, drawn at random (assumption)",
            closes=(closed,),
            every=Distribution.exponential(here.gap_h * SECONDS_PER_HOUR),
            since=max(0, known.moment_s),
            lasts=_length(here),
        )
        uncertain[f"stoppages.{name}.every"] = _range(here.gap_h, here.gap_spread)
        uncertain[f"stoppages.{name}.lasts"] = _range(here.halt_h, here.halt_spread)
        changes.append(MayStop(road.site, here.gap_h, here.halt_h))
    return FutureStoppages(plans, uncertain, changes)


def _length(outlook: HaltOutlook) -> Distribution:
    return Distribution.exponential(outlook.halt_h * SECONDS_PER_HOUR)


def _range(middle_h: float, spread: float) -> UncertainPlan:
    minutes = max(1, round(middle_h * 60))
    said = f"about {minutes} min, times or divided by {spread:.3g}"
    return UncertainPlan(spread=said, note="The halts so far and past operations.")


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


def _with_an_end(
    plan: StoppagePlan, agreements: Mapping[str, AgreementPlan], outlook: HaltOutlook
) -> StoppagePlan:
    """Return a stoppage, which lasts as others if its end is not known."""
    lasts = plan.lasts is not None or plan.until is not None
    if lasts or plan.until_agreement in agreements:
        return plan
    return plan.model_copy(update={"until_agreement": None, "lasts": _length(outlook)})


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
    plan: StoppagePlan, known: InformationSet, rest: Distribution
) -> StoppagePlan:
    """Return the rest of a stoppage that is going on, with an open end.

    It begins a little before the moment, or whoever waits would slip through between.
    """
    return plan.model_copy(
        update={
            "starts": max(earliest(plan.starts), known.moment_s - _OVERLAP_S),
            "until": None,
            "lasts": rest,
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


def _closed(
    past: Iterable[StoppagePlan],
    agreements: Mapping[str, AgreementPlan],
    known: InformationSet,
) -> list[tuple[float, float]]:
    """Return between which hours stoppages closed gates, as far as was known."""
    spans = []
    for plan in past:
        begins_s = earliest(plan.starts)
        ends_s = _end_s(plan, agreements, known)
        if plan.lasts is not None:
            ends_s = max(ends_s, begins_s + plan.lasts.best)
        spans.append((begins_s / SECONDS_PER_HOUR, ends_s / SECONDS_PER_HOUR))
    return spans
