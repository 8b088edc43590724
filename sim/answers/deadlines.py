"""What no run can meet in time, even if nothing ever held anybody."""

from collections.abc import Collection, Iterator

from sim.answers.bound import SURE, Envelope
from sim.distributions import Distribution
from sim.metrics.of_sites import ALL_SITES
from sim.scenario import Operation
from sim.scenario.draft import Draft, Finding
from sim.scenario.moments import dated
from sim.scenario.origins import served
from sim.scenario.plans import AgreementPlan, FlowPlan, RoutePlan

_NO_TIME = Distribution.fixed(0)
_ROUNDING = 1e-6


def findings(operation: Operation) -> Iterator[Finding]:
    """Yield deadlines and preconditions of agreements that are out of reach.

    By `sim.answers.bound` no run with the values of the file is faster.
    """
    for name, plan in operation.agreements.items():
        yield from _late(operation, name, plan)
        yield from _unmet(operation, name, plan)


def _late(operation: Operation, name: str, plan: AgreementPlan) -> Iterator[Finding]:
    """Yield each side that cannot be done when its agreement ends.

    Of agreements without amendments whose tranches count people. That stoppages cost
    lives, or people stay after all, may leave a side fewer to move; then nothing is
    said.
    """
    draft, deadline = Draft.of(operation), dated(plan.deadline)
    if deadline is None or deadline > operation.ends or plan.amendments:
        return
    for side, party in plan.parties.items():
        if plan.unit != "people" or _may_be_fewer(draft, party.flows):
            continue
        promised = _promised(draft, plan, side)
        most = _most_by(operation, plan, side, deadline) if promised else 0
        if most < promised - _ROUNDING:
            yield Finding(
                ("agreements", name, "deadline"),
                f"no run can meet it: by then '{side}' is to have moved {promised} "
                f"people, and even if nobody is ever held up no more than {int(most)} "
                f"can have {_done(plan)}",
                "Write a later moment or smaller tranches, or give it more vehicles, "
                "convoys at a time, lanes or bays; 'ask bound' says what binds.",
            )


def _unmet(operation: Operation, name: str, plan: AgreementPlan) -> Iterator[Finding]:
    """Yield each number of people that cannot have arrived by the end."""
    until = dated(plan.deadline)
    if until is None or plan.amendments:
        until = operation.ends
    until = min(until, operation.ends)
    for requirement, way in plan.requires.items():
        for flow, number in (way.arrived or {}).items():
            alone = {"flows": {flow: operation.flows[flow]}}
            only = operation.model_copy(update=alone)
            most = Envelope(only, SURE, ALL_SITES).most_by(until)
            if most < number - _ROUNDING:
                yield Finding(
                    ("agreements", name, "requires", requirement, "arrived", flow),
                    f"it never comes into force: {number} people of '{flow}' are to "
                    f"arrive, and even if nobody is ever held up no more than "
                    f"{int(most)} can by {operation.clock.text(until)}",
                    "Require fewer, or write a later end or deadline.",
                )


def _promised(draft: Draft, plan: AgreementPlan, side: str) -> int:
    people = draft.people_of(plan.parties[side].flows)
    amounts = [tranche.get(side, 0) for tranche in plan.all_tranches]
    if "rest" in amounts:
        return people
    return min(sum(int(amount) for amount in amounts), people)


def _done(plan: AgreementPlan) -> str:
    return "arrived" if plan.counted_at == "arrival" else "crossed"


def _may_be_fewer(draft: Draft, flows: Collection[str]) -> bool:
    """Whether a side may be done with fewer: others stay, are lost, or go elsewhere."""
    whose = {who for flow in flows for who in served(draft, flow)}
    groups = [draft.sites[site].groups[group] for site, group in whose]
    may_not_come = any(
        dated(moment) is None for group in groups for moment in group.joins
    )
    apart = any(group.counts_apart for group in groups)
    shared = any(
        not whose.isdisjoint(served(draft, flow))
        for flow in draft.flows
        if flow not in flows
    )
    return draft.may_lose_people or may_not_come or apart or shared


def _most_by(
    operation: Operation, plan: AgreementPlan, side: str, deadline: int
) -> float:
    """Return the most people of a side that can have moved by a moment."""
    party = plan.parties[side]
    flows = {name: operation.flows[name] for name in party.flows}
    routes = operation.routes
    if plan.counted_at == "crossing":
        flows = {name: _without_unloading(flow) for name, flow in flows.items()}
        routes = {name: _as_far_as(route, party.gate) for name, route in routes.items()}
    only = operation.model_copy(update={"flows": flows, "routes": routes})
    return Envelope(only, SURE, ALL_SITES).most_by(deadline)


def _as_far_as(route: RoutePlan, gate: str) -> RoutePlan:
    """Return a route that ends for people behind a gate; the rest is on the way back.

    Roads and checkpoints take as long with people as without. What they would unload
    is left out.
    """
    if gate not in route.through:
        return route
    place = route.through.index(gate) + 1
    through, rest = route.through[:place], route.through[place:]
    return route.model_copy(update={"through": through, "back": (*rest, *route.back)})


def _without_unloading(flow: FlowPlan) -> FlowPlan:
    """Return a flow whose people have arrived when they get there."""
    phases = {
        moment: phase.model_copy(update={"unloading": _NO_TIME})
        if phase.unloading is not None
        else phase
        for moment, phase in flow.phases.items()
    }
    return flow.model_copy(update={"unloading": _NO_TIME, "phases": phases})
