"""Checks on a flow: its people, its seats and its numbers."""

from collections.abc import Iterator

from sim.distributions import AnyDistribution
from sim.messages import Number, joined, say
from sim.scenario.draft import Draft, Finding
from sim.scenario.moments import before
from sim.scenario.plans import FlowPlan
from sim.scenario.problems import choice
from sim.scenario.shapes import Path


def rider_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check that people and seats of a flow find each other."""
    flow = draft.flows[name]
    route = draft.route_of(flow)
    site = draft.sites.get(route.origin) if route else None
    if route and site:
        for number, group in enumerate(flow.groups):
            if group not in site.groups:
                yield Finding(
                    ("flows", name, "groups", number),
                    say(
                        "there are no '{group}' at '{origin}', where the route "
                        "'{route}' begins",
                        group=group,
                        origin=route.origin,
                        route=flow.route,
                    ),
                    say("Groups there: {groups}.", groups=choice(site.groups)),
                )
    fleets = {f: draft.fleets[f] for f in flow.convoy if f in draft.fleets}
    for fleet, plan in fleets.items():
        groups = dict.fromkeys((*flow.groups, *_picked_up(flow)))
        if plan.carries is not None and not set(plan.carries) & set(groups):
            yield Finding(
                ("flows", name, "convoy", fleet),
                say(
                    "nobody may use the seats of '{fleet}' in this flow: it "
                    "carries {carried}, the flow serves {served}",
                    fleet=fleet,
                    carried=choice(plan.carries),
                    served=choice(groups),
                ),
                say("Leave the fleet out, or change what it carries."),
            )
    for number, group in enumerate(flow.groups):
        yield from uncarried(draft, flow, group, ("flows", name, "groups", number))


def uncarried(
    draft: Draft, flow: FlowPlan, group: str, path: Path
) -> Iterator[Finding]:
    """Check that some fleet of a flow carries a group, which is named at a path."""
    fleets = {f: draft.fleets[f] for f in flow.convoy if f in draft.fleets}
    if len(fleets) == len(flow.convoy) and all(
        p.carries is not None and group not in p.carries for p in fleets.values()
    ):
        yield Finding(
            path,
            say("no fleet of this flow carries '{group}'", group=group),
            say(
                "Add the group to what {fleets} carries.", fleets=joined(fleets, " or ")
            ),
        )


def _picked_up(flow: FlowPlan) -> Iterator[str]:
    for stop in flow.pick_ups.values():
        yield from stop.groups


def number_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check the numbers of a flow against each other and against its fleets."""
    flow = draft.flows[name]
    leader = next(iter(flow.convoy))
    size = flow.largest(leader)
    smallest = flow.smallest or 1
    if smallest > size:
        yield Finding(
            ("flows", name, "smallest"),
            say(
                "the smallest convoy has {smallest} of '{leader}', but a full "
                "one {size}",
                smallest=smallest,
                leader=leader,
                size=Number(size, ".15g"),
            ),
            say("Write {size} or less.", size=Number(size, ".15g")),
        )
    joining = draft.vehicles(leader)
    if 0 < joining < smallest <= size:
        yield Finding(
            ("flows", name, "smallest"),
            say(
                "a convoy needs {smallest} of '{leader}', but only {joining} ever join",
                smallest=smallest,
                leader=leader,
                joining=joining,
            ),
            say("Lower it, or let more vehicles join."),
        )
    for loaded, load in flow.load.items():
        yield from _load(draft, name, loaded, load)
    never_open = flow.opens is not None and flow.opens == flow.closes
    if never_open or before(flow.closes, flow.opens):
        yield Finding(
            ("flows", name, "closes"),
            say("the flow closes before it opens"),
            say("Write a moment after 'opens'."),
        )


def _load(
    draft: Draft, flow: str, fleet: str, load: AnyDistribution
) -> Iterator[Finding]:
    path = ("flows", flow, "load", fleet)
    if fleet in draft.fleets and fleet not in draft.flows[flow].convoy:
        yield Finding(
            path,
            say("'{fleet}' has a load here, but is not in the convoy", fleet=fleet),
            say("In the convoy: {fleets}.", fleets=choice(draft.flows[flow].convoy)),
        )
    elif fleet in draft.fleets and load.low > draft.fleets[fleet].seats:
        yield Finding(
            path,
            say(
                "{low} or more people board a vehicle that has {seats} seats",
                low=Number(load.low, ".15g"),
                seats=draft.fleets[fleet].seats,
            ),
            say("Lower the load, or raise the seats."),
        )
    elif load.high < 0.5:
        yield Finding(path, say("nobody boards"), say("Write a load of at least 1."))
