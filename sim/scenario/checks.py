"""Checks on what does not fit together, though every part is right by itself."""

from collections.abc import Callable, Iterator, Mapping

from sim.scenario.draft import Draft, Finding
from sim.scenario.flows import flow_findings, rider_findings, window_findings
from sim.scenario.pacts import agreement_findings
from sim.scenario.plans import RoutePlan
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
        yield from rider_findings(draft, name)
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
    if plan.since is not None and plan.every is None:
        yield Finding(
            (*here, "since"),
            "'since' has no meaning for a documented stoppage",
            "Leave it out, or write 'every' in place of 'starts'.",
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
    "flows": flow_findings,
    "agreements": agreement_findings,
    "stoppages": _stoppage,
    "weather": _weather,
}
"""Checks of one part, by section: what a changed number can break."""
