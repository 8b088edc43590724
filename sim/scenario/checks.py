"""Checks on what does not fit together, though every part is right by itself."""

from collections.abc import Callable, Iterator, Mapping

from sim.distributions import Distribution
from sim.scenario.draft import Draft, Finding
from sim.scenario.pacts import agreement_findings
from sim.scenario.plans import FlowPlan, RoutePlan
from sim.scenario.problems import choice
from sim.scenario.waits import waiting_findings


def findings(draft: Draft) -> Iterator[Finding]:
    """Return everything in an operation that does not fit together."""
    for section, check in PART_CHECKS.items():
        parts: Mapping[str, object] = getattr(draft, section)
        for name in parts:
            yield from check(draft, name)
    for name in draft.routes:
        yield from _route(draft, name)
    for name in draft.flows:
        yield from _riders(draft, name)
        yield from window_findings(draft, name)
    yield from _unserved(draft)
    yield from waiting_findings(draft)


def _site(draft: Draft, name: str) -> Iterator[Finding]:
    for group, plan in draft.sites[name].groups.items():
        if plan.stay > plan.people:
            yield Finding(
                ("sites", name, "groups", group, "stay"),
                f"{plan.stay} stay, but only {plan.people} are there",
                "Lower 'stay', or raise 'people'.",
            )


def _unserved(draft: Draft) -> Iterator[Finding]:
    """Find people who can never leave, if every flow and route could be read."""
    if draft.broken & {"flows", "routes"}:
        return
    served = set()
    for flow in draft.flows.values():
        route = draft.route_of(flow)
        if route is None:
            return
        served |= {(route.origin, group) for group in flow.groups}
    for site, plan in draft.sites.items():
        for group, people in plan.groups.items():
            leaving = people.people - people.stay
            if leaving > 0 and (site, group) not in served:
                yield Finding(
                    ("sites", site, "groups", group),
                    f"{leaving} people of '{group}' at '{site}' can never leave: no "
                    "flow serves them",
                    "Add the group to a flow whose route begins there, or set 'stay' "
                    "to all of them.",
                )


def _fleet(draft: Draft, name: str) -> Iterator[Finding]:
    plan = draft.fleets[name]
    joining, leaving = sum(plan.joins.values()), sum(plan.leaves.values())
    if not joining:
        yield Finding(
            ("fleets", name, "joins"),
            f"no vehicle of '{name}' ever joins",
            "Write when vehicles become available, for example "
            "'{2016-12-15T05:00: 20}'.",
        )
    elif leaving > joining:
        yield Finding(
            ("fleets", name, "leaves"),
            f"{leaving} vehicles leave '{name}', but only {joining} join",
            "Withdraw fewer.",
        )


def _leg(draft: Draft, name: str) -> Iterator[Finding]:
    plan = draft.legs[name]
    given = [
        field
        for field in ("time", "length", "speed")
        if getattr(plan, field) is not None
    ]
    if given not in (["time"], ["length", "speed"]):
        has = f"has {' and '.join(given)}" if given else "has neither"
        yield Finding(
            ("legs", name),
            f"the leg '{name}' needs either 'time', or 'length' and 'speed'; it {has}",
            "Write for example 'time: 40 min'.",
        )


def _route(draft: Draft, name: str) -> Iterator[Finding]:
    plan = draft.routes[name]
    if plan.origin == plan.destination:
        yield Finding(
            ("routes", name, "destination"),
            f"the route '{name}' ends where it begins, at '{plan.origin}'",
            "Name another site.",
        )
    known = set(draft.legs) | _stations_that_failed(draft, plan)
    if not any(station in known for station in plan.through):
        yield Finding(
            ("routes", name, "through"),
            f"'{plan.destination}' cannot be reached: the route '{name}' has no leg",
            f"Add one. Legs: {choice(draft.legs)}.",
        )


def _stations_that_failed(draft: Draft, plan: RoutePlan) -> set[str]:
    """Return what may be legs that could not be read, to say nothing about them."""
    return set(plan.through) if "legs" in draft.broken else set()


def _riders(draft: Draft, name: str) -> Iterator[Finding]:
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
        if plan.carries is not None and not set(plan.carries) & set(flow.groups):
            yield Finding(
                ("flows", name, "convoy", fleet),
                f"nobody may use the seats of '{fleet}' in this flow: it carries "
                f"{choice(plan.carries)}, the flow serves {choice(flow.groups)}",
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


def _flow(draft: Draft, name: str) -> Iterator[Finding]:
    """Check the numbers of a flow against each other and against its fleets."""
    flow = draft.flows[name]
    leader, size = next(iter(flow.convoy.items()))
    smallest = flow.smallest or 1
    if smallest > size:
        yield Finding(
            ("flows", name, "smallest"),
            f"the smallest convoy has {smallest} of '{leader}', but a full one {size}",
            f"Write {size} or less.",
        )
    fleet = draft.fleets.get(leader)
    if fleet and 0 < sum(fleet.joins.values()) < smallest <= size:
        yield Finding(
            ("flows", name, "smallest"),
            f"a convoy needs {smallest} of '{leader}', but only "
            f"{sum(fleet.joins.values())} ever join",
            "Lower it, or let more vehicles join.",
        )
    for loaded, load in flow.load.items():
        yield from _load(draft, name, loaded, load)
    if flow.opens is not None and flow.closes is not None and flow.closes <= flow.opens:
        yield Finding(
            ("flows", name, "closes"),
            "the flow closes before it opens",
            "Write a moment after 'opens'.",
        )


def _load(draft: Draft, flow: str, fleet: str, load: Distribution) -> Iterator[Finding]:
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
            f"{load.low:g} or more people board a vehicle that has "
            f"{draft.fleets[fleet].seats} seats",
            "Lower the load, or raise the seats.",
        )
    elif load.high < 0.5:  # noqa: PLR2004 - rounds to no people
        yield Finding(path, "nobody boards", "Write a load of at least 1.")


def window_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check that a flow has a time in which convoys may set out."""
    flow, clock = draft.flows[name], draft.clock
    if clock is None or clock.horizon_s is None or flow.hours is None:
        return
    opens = flow.opens or 0
    closes = clock.horizon_s if flow.closes is None else flow.closes
    windows = clock.windows(flow.hours, clock.horizon_s)
    if opens < closes and not any(s < closes and e > opens for s, e in windows):
        yield Finding(
            ("flows", name, "hours"),
            "no convoy can ever set out: these hours do not fall between "
            f"{clock.text(opens)} and {clock.text(closes)}",
            "Change the hours, or 'opens' and 'closes'.",
        )
    yield from _dispatch_findings(name, flow)


def _dispatch_findings(name: str, flow: FlowPlan) -> Iterator[Finding]:
    hours = flow.hours
    if hours is None or not flow.dispatch_times:
        return
    opens, closes = hours.opens, hours.closes

    def within(time: int) -> bool:
        if opens < closes:
            return opens <= time < closes
        return time >= opens or time < closes

    if not any(within(time) for time in flow.dispatch_times):
        yield Finding(
            ("flows", name, "dispatch_times"),
            "none of these times lies within the hours of the flow",
            "Change the times or the hours.",
        )


def _stoppage(draft: Draft, name: str) -> Iterator[Finding]:
    plan = draft.stoppages[name]
    here = ("stoppages", name)
    for fields in (("starts", "every"), ("lasts", "until", "until_agreement")):
        given = [field for field in fields if getattr(plan, field) is not None]
        if len(given) != 1:
            yield Finding(
                here,
                f"the stoppage '{name}' needs exactly one of {', '.join(fields)}; it "
                f"has {' and '.join(given) or 'none'}",
                "Keep one of them." if given else "Add one of them.",
            )
    if plan.caught == "detain" and plan.detained_for is None:
        yield Finding(
            here,
            f"the stoppage '{name}' detains convoys, but not for how long",
            "Add 'detained_for: ' and a duration.",
        )
    if plan.starts is not None and plan.until is not None and plan.until <= plan.starts:
        yield Finding(
            (*here, "until"), "it ends before it begins", "Write a later moment."
        )
    if plan.every is not None and plan.until is not None:
        yield Finding(
            (*here, "until"),
            "a random stoppage cannot end at one moment",
            "Write how long it lasts with 'lasts'.",
        )
    for field in ("every", "lasts"):
        duration = getattr(plan, field)
        if duration is not None and duration.high <= 0:
            yield Finding(
                (*here, field), "this is no time at all", "Write 1 s or more."
            )


def _weather(draft: Draft, name: str) -> Iterator[Finding]:
    plan = draft.weather[name]
    if plan.until <= plan.starts:
        yield Finding(
            ("weather", name, "until"),
            "the weather ends before it begins",
            "Write a later moment.",
        )
    for other, earlier in draft.weather.items():
        if other == name:
            return
        both = plan.legs is None or earlier.legs is None
        shared = both or set(plan.legs or ()) & set(earlier.legs or ())
        if shared and plan.starts < earlier.until and earlier.starts < plan.until:
            yield Finding(
                ("weather", name, "starts"),
                f"'{name}' and '{other}' slow the same leg at the same time",
                "Let one end when the other begins.",
            )


PART_CHECKS: Mapping[str, Callable[[Draft, str], Iterator[Finding]]] = {
    "sites": _site,
    "fleets": _fleet,
    "legs": _leg,
    "flows": _flow,
    "agreements": agreement_findings,
    "stoppages": _stoppage,
    "weather": _weather,
}
"""Checks of one part, by section: what a changed number can break."""
