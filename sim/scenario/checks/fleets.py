"""Checks on a fleet: how many vehicles it has when, and which flows it serves."""

from collections.abc import Iterator

from sim.scenario.draft import Draft, Finding
from sim.scenario.moments import before, in_order
from sim.scenario.origins import served


def number_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check that vehicles are there before they are withdrawn or reserved."""
    plan = draft.fleets[name]
    joining, leaving = draft.vehicles(name), sum(plan.leaves.values())
    if not joining:
        yield Finding(
            ("fleets", name, "joins"),
            f"no vehicle of '{name}' ever joins",
            "Write when vehicles become available, for example "
            "'{2016-12-15T05:00: 20}'.",
        )
        return
    if leaving > joining:
        yield Finding(
            ("fleets", name, "leaves"),
            f"{leaving} vehicles leave '{name}', but only {joining} join",
            "Withdraw fewer.",
        )
    else:
        yield from _withdrawn_too_early(draft, name)
    kept = sum(plan.reserve.values())
    if kept > joining:
        yield Finding(
            ("fleets", name, "reserve"),
            f"{kept} vehicles of '{name}' are reserved, but only {joining} ever join",
            "Reserve fewer.",
        )


def _withdrawn_too_early(draft: Draft, name: str) -> Iterator[Finding]:
    plan = draft.fleets[name]
    gone = 0
    for moment in in_order(plan.leaves):
        number = plan.leaves[moment]
        gone += number
        joined = sum(n for m, n in plan.joins.items() if not before(moment, m))
        if gone > joined:
            leave = f"{gone} vehicle{'s leave' if gone > 1 else ' leaves'}"
            yield Finding(
                ("fleets", name, "leaves", moment),
                f"{leave} {'at' if gone == number else 'by'} {draft.when(moment)}, but "
                f"{f'only {joined}' if joined else 'none'} "
                f"{'have' if joined > 1 else 'has'} joined by then",
                "Withdraw fewer, or later.",
            )
            return


def use_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check that what is said by flow is said of flows that use the fleet."""
    plan = draft.fleets[name]
    for flow in plan.reserve:
        if flow in draft.flows and name not in draft.flows[flow].ever_takes:
            yield Finding(
                ("fleets", name, "reserve", flow),
                f"vehicles are reserved for '{flow}', which takes none of '{name}'",
                "Leave it out, or add the fleet to the convoy of the flow.",
            )
    for flow in plan.priority:
        leader = next(iter(draft.flows[flow].convoy)) if flow in draft.flows else name
        if leader != name:
            yield Finding(
                ("fleets", name, "priority", flow),
                f"the convoys of '{flow}' are led by '{leader}', not by '{name}'",
                f"Write it under 'fleets.{leader}.priority'.",
            )


def notes(draft: Draft, name: str) -> Iterator[Finding]:
    """Name fleets that nobody uses, and reserves and priorities against nobody."""
    plan = draft.fleets[name]
    users = draft.users(name)
    if not users:
        yield Finding(
            ("fleets", name),
            f"no flow takes vehicles of '{name}'",
            "Add the fleet to the convoy of a flow, or leave it out.",
        )
    for flow in plan.reserve:
        if users == [flow]:
            yield Finding(
                ("fleets", name, "reserve", flow),
                f"no other flow than '{flow}' takes vehicles of '{name}', so they need "
                "not be reserved",
                "Leave it out.",
            )
    for flow in plan.priority:
        if not any(_compete(draft, flow, other) for other in draft.flows):
            yield Finding(
                ("fleets", name, "priority", flow),
                f"no other flow takes vehicles or people of '{flow}', so its priority "
                "decides nothing",
                "Leave it out.",
            )


def _compete(draft: Draft, name: str, other: str) -> bool:
    """Return whether two flows share vehicles or people."""
    one, two = draft.flows[name], draft.flows[other]
    if name == other:
        return False
    if set(one.convoy) & set(two.convoy):
        return True
    return not set(served(draft, name)).isdisjoint(served(draft, other))
