"""Checks on a flow: its people, its seats and its numbers."""

from collections.abc import Iterator

from sim.distributions import AnyDistribution
from sim.scenario.draft import Draft, Finding
from sim.scenario.moments import before
from sim.scenario.plans import FlowPlan
from sim.scenario.problems import choice, number_text


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
                    f"there are no '{group}' at '{route.origin}', where the route "
                    f"'{flow.route}' begins",
                    f"Groups there: {choice(site.groups)}.",
                )
    fleets = {f: draft.fleets[f] for f in flow.convoy if f in draft.fleets}
    for fleet, plan in fleets.items():
        groups = dict.fromkeys((*flow.groups, *_picked_up(flow)))
        if plan.carries is not None and not set(plan.carries) & set(groups):
            yield Finding(
                ("flows", name, "convoy", fleet),
                f"nobody may use the seats of '{fleet}' in this flow: it carries "
                f"{choice(plan.carries)}, the flow serves {choice(groups)}",
                "Leave the fleet out, or change what it carries.",
            )
    if len(fleets) < len(flow.convoy):
        return
    for number, group in enumerate(flow.groups):
        if all(
            p.carries is not None and group not in p.carries for p in fleets.values()
        ):
            yield Finding(
                ("flows", name, "groups", number),
                f"no fleet of this flow carries '{group}'",
                f"Add the group to what {' or '.join(fleets)} carries.",
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
            f"the smallest convoy has {smallest} of '{leader}', but a full one "
            f"{number_text(size)}",
            f"Write {number_text(size)} or less.",
        )
    joining = draft.vehicles(leader)
    if 0 < joining < smallest <= size:
        yield Finding(
            ("flows", name, "smallest"),
            f"a convoy needs {smallest} of '{leader}', but only {joining} ever join",
            "Lower it, or let more vehicles join.",
        )
    for loaded, load in flow.load.items():
        yield from _load(draft, name, loaded, load)
    never_open = flow.opens is not None and flow.opens == flow.closes
    if never_open or before(flow.closes, flow.opens):
        yield Finding(
            ("flows", name, "closes"),
            "the flow closes before it opens",
            "Write a moment after 'opens'.",
        )


def _load(
    draft: Draft, flow: str, fleet: str, load: AnyDistribution
) -> Iterator[Finding]:
    path = ("flows", flow, "load", fleet)
    if fleet in draft.fleets and fleet not in draft.flows[flow].convoy:
        yield Finding(
            path,
            f"'{fleet}' has a load here, but is not in the convoy",
            f"In the convoy: {choice(draft.flows[flow].convoy)}.",
        )
    elif fleet in draft.fleets and load.low > draft.fleets[fleet].seats:
        yield Finding(
            path,
            f"{number_text(load.low)} or more people board a vehicle that has "
            f"{draft.fleets[fleet].seats} seats",
            "Lower the load, or raise the seats.",
        )
    elif load.high < 0.5:
        yield Finding(path, "nobody boards", "Write a load of at least 1.")
