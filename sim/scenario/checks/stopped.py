"""Checks of whom a stoppage meets: that those come by whom it is to stop or hurt."""

from collections.abc import Iterable, Iterator
from math import ceil

from sim.messages import Text, say
from sim.scenario.draft import Draft, Finding
from sim.scenario.moments import before, earliest
from sim.scenario.plans import FlowPlan, RoutePlan, StoppagePlan
from sim.scenario.problems import choice, listed

_OF_PEOPLE = ("unaccounted", "lives_lost", "catches", "meets", "gives_up_after", "to")
"""Fields that have a meaning only where people pass."""


def _no_vehicles(field: str, fleet: str, gates: Text) -> Text:
    if field == "loses_loaded":
        return say(
            "no flow with vehicles of '{fleet}' goes through {gates} with people "
            "aboard",
            fleet=fleet,
            gates=gates,
        )
    return say(
        "no flow with vehicles of '{fleet}' goes through {gates}",
        fleet=fleet,
        gates=gates,
    )


def use_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check that those come by whom a stoppage is to stop, hurt or deter."""
    plan = draft.stoppages[name]
    here = ("stoppages", name)
    ways = draft.ways()
    if not ways:
        return
    met, loaded, setting_out = _met(draft, plan)
    gates = listed(plan.closes)
    if not met:
        if not plan.suspends and not plan.breaches:
            passed = draft.passed()
            known = [g for g in (*draft.gates, *draft.checkpoints) if g in passed]
            yield Finding(
                (*here, "closes"),
                say("it stops nobody: no flow goes through {gates}", gates=gates),
                say("On the way of a flow: {gates}.", gates=choice(known)),
            )
        return
    for field, comers in (("loses", met), ("loses_loaded", loaded)):
        for fleet in getattr(plan, field):
            if not any(fleet in draft.flows[flow].ever_takes for flow in comers):
                yield Finding(
                    (*here, field, fleet),
                    _no_vehicles(field, fleet, gates),
                    say("Leave it out, or close a gate that they pass."),
                )
    for field in _OF_PEOPLE:
        if getattr(plan, field) and not loaded:
            yield Finding(
                (*here, field),
                say("nobody goes through {gates} with people aboard", gates=gates),
                say("Leave it out, or close a gate that people pass."),
            )
    for number, flow in enumerate(plan.flows or ()):
        if flow in draft.flows and flow not in met:
            yield Finding(
                (*here, "flows", number),
                say("'{flow}' does not go through {gates}", flow=flow, gates=gates),
                say("Leave it out, or close a gate that it passes."),
            )
    yield from _begins(draft, plan, name)
    yield from _diverts(draft, plan, name, loaded)
    if plan.deters and not setting_out:
        yield Finding(
            (*here, "deters"),
            say("nobody who sets out has {gates} before them", gates=gates),
            say("Leave it out."),
        )


def _begins(draft: Draft, plan: StoppagePlan, name: str) -> Iterator[Finding]:
    """Check that the convoy comes with which a stoppage begins."""
    awaited = plan.starts_with
    if awaited is None:
        return
    routes = [route for flow, route in draft.ways() if flow == awaited.flow]
    if routes and not any(awaited.at in route.through for route in routes):
        yield Finding(
            ("stoppages", name, "starts_with", "at"),
            say(
                "'{flow}' does not go through '{at}' with people aboard",
                flow=awaited.flow,
                at=awaited.at,
            ),
            say("On its way: {gates}.", gates=choice(_gates_on(draft, routes))),
        )


def _gates_on(draft: Draft, routes: Iterable[RoutePlan]) -> list[str]:
    gates = {*draft.gates, *draft.checkpoints}
    return list(dict.fromkeys(s for r in routes for s in r.through if s in gates))


def _diverts(
    draft: Draft, plan: StoppagePlan, name: str, loaded: set[str]
) -> Iterator[Finding]:
    """Check that the other route goes on from every gate at which people may stand."""
    other = draft.routes.get(plan.to or "")
    if other is None:
        return
    concerned = [route for flow, route in draft.ways() if flow in loaded]
    for gate in plan.closes:
        passed = any(gate in route.through for route in concerned)
        if passed and gate not in other.through:
            yield Finding(
                ("stoppages", name, "to"),
                say(
                    "the route '{to}' does not go through '{gate}', so that "
                    "convoys that stand there cannot go on over it",
                    to=plan.to,
                    gate=gate,
                ),
                say(
                    "Add '{gate}' to its 'through', or name a route that has it.",
                    gate=gate,
                ),
            )
    if loaded and all(draft.flows[flow].routes == (plan.to,) for flow in loaded):
        yield Finding(
            ("stoppages", name, "to"),
            say("all flows that it concerns take the route '{to}' already", to=plan.to),
            say("Name another route."),
        )


def _met(draft: Draft, plan: StoppagePlan) -> tuple[set[str], set[str], set[str]]:
    """Return the flows that it meets: at all, with people, and setting out.

    Also those that come to its gates because something diverts them.
    """
    met, loaded, setting_out = set(), set(), set()
    gates = set(plan.closes)

    def concerned(*, detours: bool) -> Iterator[tuple[str, RoutePlan]]:
        for name, route in draft.ways(detours=detours):
            if plan.flows is None or name in plan.flows:
                yield name, route

    for name, route in concerned(detours=True):
        if gates & set(route.through):
            loaded.add(name)
            met.add(name)
        empty = {*route.inbound, *route.back, *draft.flows[name].ever_boards_at}
        if plan.meets is None and gates & empty:
            met.add(name)
    for name, route in concerned(detours=False):
        if gates & {*route.inbound, *route.through}:
            setting_out.add(name)
    return met, loaded, setting_out


def notes(draft: Draft, name: str) -> Iterator[Finding]:
    """Name what a stoppage hardly does, by its chance and by who passes its gates."""
    plan = draft.stoppages[name]
    yield from _sure(plan, name)
    met, loaded, setting_out = _met(draft, plan)
    gates = listed(plan.closes)
    if met and plan.caught == "detain" and not loaded:
        yield Finding(
            ("stoppages", name, "caught"),
            say(
                "nobody goes through {gates} with people aboard, so nobody is "
                "detained; empty convoys are held",
                gates=gates,
            ),
            say("Write 'caught: hold', or close a gate that people pass."),
        )
    yield from _too_late(draft, name, loaded)
    boarding = {f for f in met if set(draft.flows[f].ever_boards_at) & set(plan.closes)}
    if met and plan.caught == "turn_back" and not setting_out | boarding:
        yield Finding(
            ("stoppages", name, "caught"),
            say(
                "vehicles go through {gates} on their way back only, so nobody "
                "is turned back; they are held",
                gates=gates,
            ),
            say("Write 'caught: hold', or close a gate on the way out."),
        )
    yield from _idle_agreements(draft, name)
    yield from _deterring_all_the_same(draft, name)
    for fleet in plan.loses:
        users = set(draft.users(fleet)) & met
        if users and not any(_comes_empty(draft, plan, flow) for flow in users):
            yield Finding(
                ("stoppages", name, "loses", fleet),
                say(
                    "vehicles of '{fleet}' go through {gates} with people aboard, "
                    "and only empty ones are destroyed",
                    fleet=fleet,
                    gates=gates,
                ),
                say("Close a gate that they pass empty, or leave it out."),
            )


def _sure(plan: StoppagePlan, name: str) -> Iterator[Finding]:
    """Name a chance that leaves nothing open; what a sweep or a change may end at."""
    here = ("stoppages", name, "chance")
    if plan.chance == 0:
        yield Finding(
            here,
            say("with a chance of 0 it never comes: no run differs by it"),
            say("Write a larger chance, or leave the stoppage out."),
        )
    if plan.chance == 1:
        yield Finding(
            here,
            say("with a chance of 1 it comes in every run, as without 'chance'"),
            say("Write a smaller chance, or leave 'chance' out."),
        )


def _too_late(draft: Draft, name: str, loaded: set[str]) -> Iterator[Finding]:
    """Name a convoy that is waited for when everybody has passed before."""
    plan = draft.stoppages[name]
    awaited, meets = plan.starts_with, plan.meets
    if meets is not None and meets.first > (come := _convoys(draft, loaded)):
        yield Finding(
            ("stoppages", name, "meets", "first"),
            say(
                "about {come} convoys carry everybody who passes, so that it "
                "meets nobody unless some are turned back",
                come=come,
            ),
            say("Write {come} or less.", come=come),
        )
    if awaited is not None and awaited.convoy > (
        come := _convoys(draft, {awaited.flow})
    ):
        yield Finding(
            ("stoppages", name, "starts_with", "convoy"),
            say(
                "about {come} convoys of '{flow}' carry all its people, so "
                "that it never begins unless some are turned back",
                come=come,
                flow=awaited.flow,
            ),
            say("Write {come} or less.", come=come),
        )


def _convoys(draft: Draft, flows: Iterable[str]) -> int:
    """Return how many convoys, filled as usual, carry everybody."""
    plans = [draft.flows[flow] for flow in flows]
    plans += [plan.as_of(phase) for plan in plans for phase in plan.phases.values()]
    least = min((_carried(draft, plan) for plan in plans), default=1)
    return ceil(draft.people_of(flows) / max(least, 1))


def _carried(draft: Draft, plan: FlowPlan) -> float:
    """Return how many people a common convoy carries."""
    return sum(
        (size if isinstance(size, int) else size.best) * draft.load(plan, fleet)
        for fleet, size in plan.convoy.items()
    )


def _comes_empty(draft: Draft, plan: StoppagePlan, flow: str) -> bool:
    routes = [draft.routes[route] for route in draft.flows[flow].routes]
    gates = {gate for route in routes for gate in (*route.inbound, *route.back)}
    gates.update(draft.flows[flow].ever_boards_at)
    return bool(gates & set(plan.closes))


def _idle_agreements(draft: Draft, name: str) -> Iterator[Finding]:
    """Name agreements that a documented stoppage does not break, or that end it."""
    plan = draft.stoppages[name]
    if plan.starts is None:
        return
    for number, broken in enumerate(plan.breaches):
        agreement = draft.agreements.get(broken)
        if agreement and before(plan.starts, agreement.proposed or 0):
            yield Finding(
                ("stoppages", name, "breaches", number),
                say(
                    "'{broken}' is not proposed yet, and a draft is not breached",
                    broken=broken,
                ),
                say("Leave it out, or write an earlier 'proposed'."),
            )
    awaited = draft.agreements.get(plan.until_agreement or "")
    if awaited is None or awaited.requires:
        return
    begins = awaited.proposed or 0 if awaited.in_force is None else awaited.in_force
    ends = [d for d in (awaited.deadline, *awaited.amendments) if d is not None]
    others = (other.breaches for other in draft.stoppages.values())
    is_broken = any(plan.until_agreement in breaches for breaches in others)
    dates = all(isinstance(each, int) for each in (begins, plan.starts, *ends))
    starts = earliest(plan.starts)
    at_once = earliest(begins) <= starts < min(map(earliest, ends), default=starts + 1)
    if dates and at_once and not is_broken:
        yield Finding(
            ("stoppages", name, "until_agreement"),
            say(
                "'{agreement}' is in force when this begins, unless it "
                "is completed already: it is over at once, and meets nobody",
                agreement=plan.until_agreement,
            ),
            say("Write 'until' or 'lasts', or name an agreement that comes later."),
        )


def _deterring_all_the_same(draft: Draft, name: str) -> Iterator[Finding]:
    """Name flows whose convoys would be turned back as soon as they set out."""
    plan = draft.stoppages[name]
    if plan.caught != "turn_back" or plan.deters is not False:
        return
    for flow, route in draft.ways(detours=False):
        boarding = draft.flows[flow].boarding
        way = [*route.inbound]
        if not way and boarding.high <= 0:
            way = [*route.through]
        if way and way[0] in plan.closes:
            yield Finding(
                ("stoppages", name, "deters"),
                say(
                    "convoys of '{flow}' come to '{way}' in no time: one is turned "
                    "back as it sets out, and deters those after it",
                    flow=flow,
                    way=way[0],
                ),
                say("Leave 'deters' out, or put a leg before the gate."),
            )
