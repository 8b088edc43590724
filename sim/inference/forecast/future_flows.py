"""Flows and vehicles as they were known at a moment, and what goes on after it.

A flow that opens later, or moves by an agreement that was not known, is forgotten.
People are taken on by the flow that was open last, at the pace that it had; or, if it
had closed, by the next one from the moment on. Where no flow of theirs had ever opened,
the first one opens when the scenario says. Whoever knew the plan forgets none of it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sim.inference.forecast.changes import Change, FlowNotKnown, Opens, VehiclesNotKnown
from sim.inference.forecast.information_set import InformationSet
from sim.scenario import Operation
from sim.scenario.moments import Hanging, earliest
from sim.scenario.origins import served_by
from sim.scenario.plans import AgreementPlan, FleetPlan, FlowPlan, PhasePlan


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
            if _can_form(plan, fleets) and (name in settled or name not in bound)
        }
        kept, of_flows = _kept(cluster, rivals, fleets, known)
        flows |= kept
        changes += of_flows
    in_order = {name: flows[name] for name in operation.flows if name in flows}
    served = frozenset(
        who for plan in in_order.values() for who in served_by(plan, operation.routes)
    )
    fleets = _of_use(fleets, in_order, {group for _, group in served})
    in_order = {name: _with_fleets(plan, fleets) for name, plan in in_order.items()}
    return FutureFlows(in_order, fleets, served, changes)


def _can_form(plan: FlowPlan, fleets: Mapping[str, FleetPlan]) -> bool:
    """Whether the fleet that leads has vehicles enough for a convoy."""
    leader = next(iter(plan.convoy))
    return leader in fleets and (plan.smallest or 1) <= sum(
        fleets[leader].joins.values()
    )


def _kept(
    cluster: Mapping[str, FlowPlan],
    rivals: Mapping[str, FlowPlan],
    fleets: Mapping[str, FleetPlan],
    known: InformationSet,
) -> tuple[dict[str, FlowPlan], list[Change]]:
    """Return what moves people who share flows, and what was forgotten of it.

    Parameters
    ----------
    cluster : all flows of the people, first to open first.
    rivals : those that can move at all.
    fleets, known : at the moment.
    """
    kept = {
        name: _so_far(plan, known)
        for name, plan in rivals.items()
        if known.foreseen(_opens_s(plan), plan.known_since)
    }
    planned = all(known.planned(plan.known_since) for plan in cluster.values())
    if planned and len(kept) == len(cluster):
        return kept, []
    changes: list[Change] = []
    going_on = _going_on(rivals, known)
    resumed = any(known.begun(_opens_s(plan)) for plan in rivals.values())
    for name in going_on:
        plan = rivals[name]
        update: dict[str, object] = {"closes": None, "phases": _phases(plan, known)}
        if not known.foreseen(_opens_s(plan), plan.known_since):
            update |= {"opens": known.moment_s} if resumed else {}
            changes.append(Opens(name, None if resumed else _opens_s(plan)))
        kept[name] = plan.model_copy(update=update)
    for name in going_on[-1:]:
        everybody = _groups(cluster.values(), fleets, rivals[name])
        kept[name] = kept[name].model_copy(update={"groups": everybody})
    instead = "".join(going_on[-1:])
    changes += [FlowNotKnown(name, instead) for name in cluster if name not in kept]
    return kept, changes


def _of_use(
    fleets: Mapping[str, FleetPlan],
    flows: Mapping[str, FlowPlan],
    served: Collection[str],
) -> dict[str, FleetPlan]:
    """Return fleets that carry anybody who is served, and serve known flows only."""
    found = {}
    for name, plan in fleets.items():
        carries = plan.carries
        if carries is not None:
            carries = tuple(group for group in carries if group in served)
        if carries == ():
            continue
        left = sum(plan.joins.values())
        reserve = {}
        for flow, vehicles in plan.reserve.items():
            if flow in flows and left:
                reserve[flow] = min(vehicles, left)
                left -= reserve[flow]
        priority = {flow: n for flow, n in plan.priority.items() if flow in flows}
        update = {"carries": carries, "reserve": reserve, "priority": priority}
        found[name] = plan.model_copy(update=update)
    return found


def _with_fleets(plan: FlowPlan, fleets: Mapping[str, FleetPlan]) -> FlowPlan:
    convoy = {fleet: n for fleet, n in plan.convoy.items() if fleet in fleets}
    load = {fleet: n for fleet, n in plan.load.items() if fleet in fleets}
    phases = {}
    for moment, phase in plan.phases.items():
        sent = phase.convoy and {f: n for f, n in phase.convoy.items() if f in fleets}
        loaded = phase.load and {f: n for f, n in phase.load.items() if f in fleets}
        if sent != {}:
            named = {"convoy": sent, "load": loaded}
            given = {k: v for k, v in named.items() if k in phase.model_fields_set}
            phases[moment] = phase.model_copy(update=given)
    update = {"convoy": convoy, "load": load, "phases": phases}
    return plan.model_copy(update=update)


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
        joins, leaves = (
            {at: n for at, n in moments.items() if known.foreseen(at, plan.known_since)}
            for moments in (plan.joins, plan.leaves)
        )
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
        people = {(site, group) for group in plan.ever_serves}
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
        if (closes := rivals[name].closes) is None or earliest(closes) > known.moment_s
    ]
    if still:
        return sorted(still, key=lambda name: len(rivals[name].groups))
    if not any(known.begun(_opens_s(plan)) for plan in rivals.values()):
        return [*by_rule, *rivals][:1]
    return [name for name in by_rule if name not in opened][:1] or opened[-1:]


def _opens_s(plan: FlowPlan) -> int:
    return min(map(earliest, plan.dispatch_dates or (plan.opens,)))


def _so_far(plan: FlowPlan, known: InformationSet) -> FlowPlan:
    """Return a flow without the dates that were not known."""
    since_s = plan.known_since
    dates = tuple(at for at in plan.dispatch_dates if known.foreseen(at, since_s))
    known_so_far = {"dispatch_dates": dates, "phases": _phases(plan, known)}
    return plan.model_copy(update=known_so_far)


def _phases(plan: FlowPlan, known: InformationSet) -> dict[int | Hanging, PhasePlan]:
    """Return the phases of a flow that were known."""
    return {
        at: phase
        for at, phase in plan.phases.items()
        if known.foreseen(at, phase.known_since) and known.told(phase.evidence)
    }


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
