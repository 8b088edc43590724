"""Checks on where convoys of a flow pick people up on their way."""

from collections.abc import Iterator, Sequence

from sim.messages import Text, say
from sim.scenario.checks.flows import uncarried
from sim.scenario.detours import reached_from, routes_of
from sim.scenario.draft import Draft, Finding
from sim.scenario.plans import FlowPlan, PickUpPlan, RoutePlan
from sim.scenario.problems import choice, listed
from sim.scenario.shapes import Path


def findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check that a flow comes by where it picks people up, and that any can join."""
    flow = draft.flows[name]
    route = draft.route_of(flow)
    for site, plan in flow.pick_ups.items():
        here = ("flows", name, "picks_up", site)
        if route is not None and site in draft.sites:
            yield from _place(draft, name, route, here)
        if site in draft.sites:
            yield from _groups(draft, flow, site, here)
            yield from _waits(draft, site, plan, here)


def _place(draft: Draft, name: str, route: RoutePlan, here: Path) -> Iterator[Finding]:
    """Check that the way leads by a site, and that it is none of its ends."""
    flow, site = draft.flows[name], str(here[-1])
    ways = reached_from(draft, name, flow.route)
    through = {stage for way in ways for stage in draft.routes[way].through}
    if site == route.origin:
        yield Finding(
            here,
            say(
                "the route '{route}' begins at '{site}', so people board there "
                "before they set out",
                route=flow.route,
                site=site,
            ),
            say("Name its groups under 'groups' of the flow, and leave it out here."),
        )
    elif site == route.destination:
        yield Finding(
            here,
            say(
                "the route '{route}' ends at '{site}': nobody rides on from there",
                route=flow.route,
                site=site,
            ),
            say("Leave it out."),
        )
    elif site in draft.on_a_route():
        yield Finding(
            here,
            say(
                "'{site}' is also the name of a leg, a gate or another stage, "
                "and routes mean that",
                site=site,
            ),
            say("Give one of them another name."),
        )
    elif site not in through:
        yield Finding(
            here,
            say(
                "convoys of '{name}' do not come by '{site}': it is not on the "
                "route '{route}'",
                name=name,
                site=site,
                route=flow.route,
            ),
            say(
                "Add it under 'routes.{route}.through', between the legs where "
                "they do, or leave it out.",
                route=flow.route,
            ),
        )


def _groups(draft: Draft, flow: FlowPlan, site: str, here: Path) -> Iterator[Finding]:
    """Check that those who join are there, and that some vehicle may carry them."""
    for number, group in enumerate(flow.pick_ups[site].groups):
        if group not in draft.sites[site].groups:
            yield Finding(
                (*here, "groups", number),
                say("there are no '{group}' at '{site}'", group=group, site=site),
                say("Groups there: {groups}.", groups=choice(draft.sites[site].groups)),
            )
        else:
            yield from uncarried(draft, flow, group, (*here, "groups", number))


def _waits(draft: Draft, site: str, plan: PickUpPlan, here: Path) -> Iterator[Finding]:
    """Check that there is somebody for whom a convoy may wait."""
    if plan.waits is None:
        return
    there = draft.sites[site].groups
    joining = [there[group] for group in plan.groups if group in there]
    if plan.waits.high == 0:
        yield Finding(
            (*here, "waits"), say("it is no time"), say("Write more, or leave it out.")
        )
    elif not any(group.ready_later or group.joins for group in joining):
        yield Finding(
            (*here, "waits"),
            say(
                "it has no effect: of {groups} at '{site}' nobody gets ready "
                "or comes later, so there is nobody to wait for",
                groups=listed(plan.groups),
                site=site,
            ),
            say("Write 'ready' or 'joins' for the group, or leave it out."),
        )


def route_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check that sites are on a route once, not as its ends, and with effect."""
    plan = draft.routes[name]
    stages = draft.on_a_route()
    sites = [
        (number, site)
        for number, site in enumerate(plan.through)
        if site in draft.sites and site not in stages
    ]
    if not sites:  # as of most routes, and to look at all flows for each takes long
        return
    takers = [flow for flow in draft.flows if name in routes_of(draft, flow)]
    stops = {site for f in takers for site in draft.flows[f].ever_picks_up}
    for number, site in sites:
        here = ("routes", name, "through", number)
        if site in {plan.origin, plan.destination}:
            yield Finding(
                here,
                say("the route begins at '{site}'", site=site)
                if site == plan.origin
                else say("the route ends at '{site}'", site=site),
                say("Leave it out here."),
            )
        elif site in plan.through[:number]:
            yield Finding(
                here,
                say("'{site}' is on the route twice", site=site),
                say("Name it once, where convoys stop to pick people up."),
            )
        elif takers and site not in stops and "flows" not in draft.broken:
            yield Finding(
                here,
                _picks_nobody_up(takers, site),
                say("Name it under 'picks_up' of a flow, or leave it out."),
            )


def _picks_nobody_up(takers: Sequence[str], site: str) -> Text:
    flows = listed(takers)
    if len(takers) == 1:
        return say(
            "it has no effect: {flows} picks nobody up at '{site}'",
            flows=flows,
            site=site,
        )
    return say(
        "it has no effect: {flows} pick nobody up at '{site}'", flows=flows, site=site
    )
