"""Flows and vehicles as they were known at a moment, and what goes on after it.

A flow that opens later, or moves by an agreement that was not known, is forgotten.
People are taken on by the flow that was open last, at the pace that it had; or, if it
had closed, by the next one from the moment on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sim.inference.forecast.changes import Change, FlowNotKnown, VehiclesNotKnown
from sim.inference.forecast.information_set import InformationSet
from sim.scenario import Operation
from sim.scenario.plans import AgreementPlan, FleetPlan, FlowPlan


@dataclass(frozen=True, slots=True)
class FutureFlows:
    """What moves, as known at a moment.

    Attributes
    ----------
    flows, fleets : those known.
    served : (site, group) that any flow takes.
    changes : what was forgotten.
    """

    flows: dict[str, FlowPlan]
    fleets: dict[str, FleetPlan]
    served: frozenset[tuple[str, str]]
    changes: list[Change]


def flows_as_of(
    operation: Operation, known: InformationSet, agreements: Mapping[str, AgreementPlan]
) -> FutureFlows:
    """Return what moves.

    Parameters
    ----------
    operation : as it is told afterwards.
    known : at the moment.
    agreements : those known.
    """
    fleets, changes = _fleets(operation, known)
    settled, bound = _flows_of(agreements), _flows_of(operation.agreements)
    flows: dict[str, FlowPlan] = {}
    for cluster in _rivals(operation):
        rivals = {
            name: plan
            for name, plan in cluster.items()
            if next(iter(plan.convoy)) in fleets
            and (name in settled or name not in bound)
        }
        going_on = _going_on(rivals, known)
        kept = {
            name: _so_far(plan, known)
            for name, plan in rivals.items()
            if known.begun(_opens_s(plan))
        }
        kept |= {name: _open_end(rivals[name], known) for name in going_on}
        for name in going_on[-1:]:
            everybody = _groups(cluster.values(), fleets, rivals[name])
            kept[name] = kept[name].model_copy(update={"groups": everybody})
        flows |= {name: _with_fleets(plan, fleets) for name, plan in kept.items()}
        instead = "".join(going_on[-1:])
        changes += [FlowNotKnown(name, instead) for name in cluster if name not in kept]
    served = {
        (operation.routes[plan.route].origin, group)
        for plan in flows.values()
        for group in plan.groups
    }
    in_order = {name: flows[name] for name in operation.flows if name in flows}
    return FutureFlows(in_order, fleets, frozenset(served), changes)


def _with_fleets(plan: FlowPlan, fleets: Mapping[str, FleetPlan]) -> FlowPlan:
    convoy = {fleet: n for fleet, n in plan.convoy.items() if fleet in fleets}
    load = {fleet: n for fleet, n in plan.load.items() if fleet in fleets}
    return plan.model_copy(update={"convoy": convoy, "load": load})


def _flows_of(agreements: Mapping[str, AgreementPlan]) -> set[str]:
    return {
        flow
        for plan in agreements.values()
        for party in plan.parties.values()
        for flow in party.flows
    }


def _fleets(
    operation: Operation, known: InformationSet
) -> tuple[dict[str, FleetPlan], list[Change]]:
    fleets = {}
    changes: list[Change] = []
    for name, plan in operation.fleets.items():
        joins = {at: n for at, n in plan.joins.items() if known.begun(at)}
        leaves = {at: n for at, n in plan.leaves.items() if known.begun(at)}
        if joins:
            fleets[name] = plan.model_copy(update={"joins": joins, "leaves": leaves})
        later = sum(plan.joins.values()) - sum(joins.values())
        if later:
            changes.append(VehiclesNotKnown(name, later, known=bool(joins)))
    return fleets, changes


def _rivals(operation: Operation) -> list[dict[str, FlowPlan]]:
    """Return flows by the people they share, first to open first."""
    clusters: list[tuple[set[tuple[str, str]], dict[str, FlowPlan]]] = []
    for name, plan in operation.flows.items():
        site = operation.routes[plan.route].origin
        people = {(site, group) for group in plan.groups}
        apart = []
        whole = {name: plan}
        for others, found in clusters:
            if others & people:
                people |= others
                whole = found | whole
            else:
                apart.append((others, found))
        clusters = [*apart, (people, whole)]
    return [
        dict(sorted(found.items(), key=lambda item: _opens_s(item[1])))
        for _, found in clusters
    ]


def _going_on(rivals: Mapping[str, FlowPlan], known: InformationSet) -> list[str]:
    """Return the flows that go on after the moment, the one for everybody last."""
    by_rule = [name for name, plan in rivals.items() if not plan.dispatch_dates]
    opened = [name for name in by_rule if known.begun(_opens_s(rivals[name]))]
    still = [
        name
        for name in opened
        if (closes := rivals[name].closes) is None or closes > known.moment_s
    ]
    if still:
        return sorted(still, key=lambda name: len(rivals[name].groups))
    return [name for name in by_rule if name not in opened][:1] or opened[-1:]


def _opens_s(plan: FlowPlan) -> int:
    return min(plan.dispatch_dates) if plan.dispatch_dates else plan.opens or 0


def _so_far(plan: FlowPlan, known: InformationSet) -> FlowPlan:
    """Return a flow without the dates still to come."""
    dates = tuple(date for date in plan.dispatch_dates if known.begun(date))
    return plan.model_copy(update={"dispatch_dates": dates})


def _open_end(plan: FlowPlan, known: InformationSet) -> FlowPlan:
    """Return a flow that goes on, open from the moment at the latest."""
    opens = plan.opens
    if opens is not None and opens > known.moment_s:
        opens = known.moment_s
    return plan.model_copy(update={"opens": opens, "closes": None})


def _groups(
    rivals: Iterable[FlowPlan], fleets: Mapping[str, FleetPlan], taker: FlowPlan
) -> tuple[str, ...]:
    """Return the groups of all rivals that a flow's own vehicles may carry."""
    carried = [fleets[name].carries for name in taker.convoy if name in fleets]
    return tuple(
        dict.fromkeys(
            group
            for plan in rivals
            for group in plan.groups
            if any(each is None or group in each for each in carried)
        )
    )
