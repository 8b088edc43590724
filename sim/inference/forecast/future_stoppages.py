"""Stoppages and weather as they were known at a moment, and those to come.

What was going on has an open end, and what had not begun may come: both are drawn from
distributions without memory. Their means are those of the operation so far, with one
stoppage of judgement (`FIRST_GAP_H`, `FIRST_HALT_H`) for when it had shown little.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sim.distributions import Distribution
from sim.inference.forecast.changes import Change, GoesOn, MayStop, NotKnown
from sim.inference.forecast.information_set import InformationSet
from sim.scenario import Operation
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
    roads: Iterable[Road],
) -> tuple[dict[str, StoppagePlan], list[Change]]:
    """Return the stoppages as known at a moment, and those to come.

    Parameters
    ----------
    operation : as it is told afterwards.
    known : at the moment.
    agreements : those known.
    roads : by which people leave.
    """
    plans: dict[str, StoppagePlan] = {}
    changes: list[Change] = []
    going_on = []
    for name, plan in operation.stoppages.items():
        if plan.starts is None:
            plans[name] = plan
        elif not known.begun(plan.starts) or not known.told(plan.evidence):
            changes.append(NotKnown("stoppage", name))
        else:
            plans[name] = _without_unknown(plan, agreements)
            if _end_s(plan, agreements, known) > known.moment_s:
                going_on.append(name)
                plans[name] = _until(plans[name], known.moment_s)
    past = [plan for plan in plans.values() if plan.starts is not None]
    _, halt_s = _means_s(past, agreements, known)
    for name in going_on:
        plans[f"{name}-goes-on"] = _from_then_on(plans[name], known, halt_s)
        changes.append(GoesOn(name, halt_s / _S_PER_H, drawn=True))
    for road in roads:
        here = [plan for plan in past if set(plan.closes) & set(road.gates)]
        gap_s, halt_s = _means_s(here, agreements, known)
        plans[f"to-come-at-{road.gates[0]}"] = StoppagePlan.model_construct(
            cause=f"Any stoppage to come at {road.site}, drawn at random (assumption)",
            closes=road.gates[:1],
            every=Distribution.exponential(gap_s),
            since=known.moment_s,
            lasts=Distribution.exponential(halt_s),
        )
        changes.append(MayStop(road.site, gap_s / _S_PER_H, halt_s / _S_PER_H))
    return plans, changes


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
            changes.append(GoesOn(name, WEATHER_GOES_ON_H, drawn=False))
    return plans, changes


def _without_unknown(
    plan: StoppagePlan, agreements: Mapping[str, AgreementPlan]
) -> StoppagePlan:
    """Return a stoppage that touches known agreements only.

    Where nothing has taken the place of an agreement that it broke, people go on by
    that agreement afterwards: it is on hold and not over.
    """
    renewed = plan.until_agreement in agreements
    broken = [name for name in plan.breaches if name in agreements]
    held = [name for name in plan.suspends if name in agreements]
    update = {
        "breaches": tuple(broken if renewed else ()),
        "suspends": tuple(held if renewed else dict.fromkeys([*held, *broken])),
    }
    return plan.model_copy(update=update)


def _until(plan: StoppagePlan, moment_s: int) -> StoppagePlan:
    """Return a stoppage that ends at a moment."""
    until_s = max(moment_s, (plan.starts or 0) + _OVERLAP_S)
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
            "starts": max(plan.starts or 0, known.moment_s - _OVERLAP_S),
            "until": None,
            "lasts": Distribution.exponential(halt_s),
            "loses": {},
            "unaccounted": 0,
        }
    )


def _end_s(
    plan: StoppagePlan, agreements: Mapping[str, AgreementPlan], known: InformationSet
) -> float:
    """Return when a stoppage ends, as far as that is known; else after the moment."""
    if plan.until is not None:
        return plan.until
    renewal = agreements.get(plan.until_agreement or "")
    if renewal is None:
        return known.moment_s + 1 if plan.lasts is None else (plan.starts or 0)
    return min(known.moment_s, renewal.in_force or renewal.proposed or 0)


def _means_s(
    past: Sequence[StoppagePlan],
    agreements: Mapping[str, AgreementPlan],
    known: InformationSet,
) -> tuple[int, int]:
    """Return how long gates were open before a stoppage, and how long it lasted."""
    halts_s = [
        min(_end_s(plan, agreements, known), known.moment_s) - (plan.starts or 0)
        for plan in past
    ]
    open_s = max(0.0, known.moment_s - sum(halts_s))
    gap_s = (FIRST_GAP_H * _S_PER_H + open_s) / (1 + len(halts_s))
    halt_s = (FIRST_HALT_H * _S_PER_H + sum(halts_s)) / (1 + len(halts_s))
    return round(gap_s), round(halt_s)
