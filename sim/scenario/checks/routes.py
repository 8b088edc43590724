"""Checks on legs, stages and routes, and on parts that are on no route."""

from collections.abc import Iterator, Mapping

from sim.messages import joined, say
from sim.parts.stages import STAGES
from sim.scenario.checks import gates
from sim.scenario.detours import routes_of
from sim.scenario.draft import Draft, Finding
from sim.scenario.plans import LegPlan, RoutePlan
from sim.scenario.problems import choice, listed


def leg_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check that it is said once how long a leg takes, and its hours and capacity."""
    yield from gates.leg_findings(draft, name)
    plan = draft.legs[name]
    given = [
        field
        for field in ("time", "length", "speed")
        if getattr(plan, field) is not None
    ]
    if given not in (["time"], ["length", "speed"]):
        has = joined(given, " and ") if given else say("neither")
        yield Finding(
            ("legs", name),
            say(
                "the leg '{name}' needs either 'time', or 'length' and "
                "'speed'; it has {given}",
                name=name,
                given=has,
            ),
            say("Write for example 'time: 40 min'."),
        )


def stage_findings(draft: Draft, kind: str) -> Iterator[Finding]:
    """Check what stages of a kind ask to be checked."""
    for name, plan in draft.stages[kind].items():
        for field, problem, remedy in STAGES[kind].check(plan):
            yield Finding(("stages", kind, name, field), problem, remedy)


def route_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check that a route leads from one site to another."""
    plan = draft.routes[name]
    if plan.origin == plan.destination:
        yield Finding(
            ("routes", name, "destination"),
            say(
                "the route '{name}' ends where it begins, at '{origin}'",
                name=name,
                origin=plan.origin,
            ),
            say("Name another site."),
        )
    known = {*draft.legs, *draft.other_stages()} | _stations_that_failed(draft, plan)
    if not any(station in known for station in plan.through):
        yield Finding(
            ("routes", name, "through"),
            say(
                "'{destination}' cannot be reached: the route '{name}' has no leg",
                destination=plan.destination,
                name=name,
            ),
            say("Add one. Legs: {legs}.", legs=choice(draft.legs)),
        )


def _stations_that_failed(draft: Draft, plan: RoutePlan) -> set[str]:
    """Return what may be legs that could not be read, to say nothing about them."""
    return set(plan.through) if draft.broken & {"legs", "stages"} else set()


def notes(draft: Draft, name: str) -> Iterator[Finding]:
    """Name a route that nobody takes, or that vehicles come back from in no time."""
    plan = draft.routes[name]
    flows = [flow for flow, it in draft.flows.items() if name in it.routes]
    if not flows and not any(name in routes_of(draft, flow) for flow in draft.flows):
        yield Finding(
            ("routes", name),
            say("no flow takes the route '{name}'", name=name),
            say("Name it in a flow, or leave it out."),
        )
    between = {*plan.inbound, *plan.back}
    if between & draft.other_stages():  # they take time, for all that is known here
        return
    if any(_takes_time(draft.legs.get(s)) for s in between):
        return
    again = [flow for flow in flows if _goes_again(draft, flow)]
    if again:
        yield Finding(
            ("routes", name),
            say(
                "vehicles of {fleets} are back at '{origin}' in the second in "
                "which they are unloaded",
                fleets=listed(again),
                origin=plan.origin,
            ),
            say("Add 'back' to the route, or 'returns: no' to the flow."),
        )


def _takes_time(leg: LegPlan | None) -> bool:
    return leg is not None and (leg.time is None or leg.time.high > 0)


def _goes_again(draft: Draft, name: str) -> bool:
    """Return whether vehicles return that are too few to move everybody at once."""
    flow = draft.flows[name]
    if not flow.returns:
        return False
    sharing = [other for fleet in flow.convoy for other in draft.users(fleet)]
    seats = {f: draft.vehicles(f) * draft.load(flow, f) for f in flow.convoy}
    if draft.people_of(sharing) > sum(seats.values()):
        return True
    groups = draft.sites[draft.routes[flow.route].origin].groups
    for group in flow.groups:
        riding = groups[group].leaving if group in groups else 0
        carried = [draft.fleets[fleet].carries for fleet in flow.convoy]
        fitting = zip(seats.values(), carried, strict=True)
        if riding > sum(n for n, carries in fitting if not carries or group in carries):
            return True
    return False


def unused(draft: Draft) -> Iterator[Finding]:
    """Name sites, legs and gates that are on no route."""
    routes = draft.routes.values()
    stations = {s for r in routes for s in (*r.inbound, *r.through, *r.back)}
    stations |= {gate for f in draft.flows.values() for gate in f.ever_boards_at}
    ends = {site for route in routes for site in (route.origin, route.destination)}
    ends |= stations
    sections: tuple[tuple[tuple[str, ...], Mapping[str, object], set[str]], ...] = (
        (("sites",), draft.sites, ends),
        (("legs",), draft.legs, stations),
        (("gates",), draft.gates, stations),
        (("checkpoints",), draft.checkpoints, stations),
        *((("stages", kind), draft.stages[kind], stations) for kind in draft.stages),
    )
    for section, parts, used in sections:
        for name in parts:
            if name not in used:
                yield Finding(
                    (*section, name),
                    say("'{name}' is on no route", name=name),
                    say("Name it in a route, or leave it out."),
                )
