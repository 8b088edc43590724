"""Checks on a fleet: how many vehicles it has when, and which flows it serves."""

from collections.abc import Iterator

from sim.messages import Text, say, say_many
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
            say("no vehicle of '{name}' ever joins", name=name),
            say(
                "Write when vehicles become available, for example "
                "'{{2016-12-15T05:00: 20}}'."
            ),
        )
        return
    if leaving > joining:
        yield Finding(
            ("fleets", name, "leaves"),
            say(
                "{leaving} vehicles leave '{name}', but only {joining} join",
                leaving=leaving,
                name=name,
                joining=joining,
            ),
            say("Withdraw fewer."),
        )
    else:
        yield from _withdrawn_too_early(draft, name)
    kept = sum(plan.reserve.values())
    if kept > joining:
        yield Finding(
            ("fleets", name, "reserve"),
            say(
                "{kept} vehicles of '{name}' are reserved, but only {joining} "
                "ever join",
                kept=kept,
                name=name,
                joining=joining,
            ),
            say("Reserve fewer."),
        )


def _withdrawn_too_early(draft: Draft, name: str) -> Iterator[Finding]:
    plan = draft.fleets[name]
    gone = 0
    for moment in in_order(plan.leaves):
        number = plan.leaves[moment]
        gone += number
        joined = sum(n for m, n in plan.joins.items() if not before(moment, m))
        if gone > joined:
            yield Finding(
                ("fleets", name, "leaves", moment),
                say(
                    "{leave} {when}, but {joined} by then",
                    leave=_leaving(gone, alone=gone == number),
                    when=draft.when(moment),
                    joined=_have_joined(joined),
                ),
                say("Withdraw fewer, or later."),
            )
            return


def _leaving(vehicles: int, *, alone: bool) -> Text:
    """Return that so many leave, alone at a moment or together by then."""
    if alone:
        return say_many(
            "{count} vehicle leaves at", "{count} vehicles leave at", vehicles
        )
    return say_many("{count} vehicle leaves by", "{count} vehicles leave by", vehicles)


def _have_joined(vehicles: int) -> Text:
    if not vehicles:
        return say("none has joined")
    return say_many("only {count} has joined", "only {count} have joined", vehicles)


def use_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check that what is said by flow is said of flows that use the fleet."""
    plan = draft.fleets[name]
    for flow in plan.reserve:
        if flow in draft.flows and name not in draft.flows[flow].ever_takes:
            yield Finding(
                ("fleets", name, "reserve", flow),
                say(
                    "vehicles are reserved for '{flow}', which takes none of '{name}'",
                    flow=flow,
                    name=name,
                ),
                say("Leave it out, or add the fleet to the convoy of the flow."),
            )
    for flow in plan.priority:
        leader = next(iter(draft.flows[flow].convoy)) if flow in draft.flows else name
        if leader != name:
            yield Finding(
                ("fleets", name, "priority", flow),
                say(
                    "the convoys of '{flow}' are led by '{leader}', not by '{name}'",
                    flow=flow,
                    leader=leader,
                    name=name,
                ),
                say("Write it under 'fleets.{leader}.priority'.", leader=leader),
            )


def notes(draft: Draft, name: str) -> Iterator[Finding]:
    """Name fleets that nobody uses, and reserves and priorities against nobody."""
    plan = draft.fleets[name]
    users = draft.users(name)
    if not users:
        yield Finding(
            ("fleets", name),
            say("no flow takes vehicles of '{name}'", name=name),
            say("Add the fleet to the convoy of a flow, or leave it out."),
        )
    for flow in plan.reserve:
        if users == [flow]:
            yield Finding(
                ("fleets", name, "reserve", flow),
                say(
                    "no other flow than '{flow}' takes vehicles of '{name}', so "
                    "they need not be reserved",
                    flow=flow,
                    name=name,
                ),
                say("Leave it out."),
            )
    for flow in plan.priority:
        if not any(_compete(draft, flow, other) for other in draft.flows):
            yield Finding(
                ("fleets", name, "priority", flow),
                say(
                    "no other flow takes vehicles or people of '{flow}', so its "
                    "priority decides nothing",
                    flow=flow,
                ),
                say("Leave it out."),
            )


def _compete(draft: Draft, name: str, other: str) -> bool:
    """Return whether two flows share vehicles or people."""
    one, two = draft.flows[name], draft.flows[other]
    if name == other:
        return False
    if set(one.convoy) & set(two.convoy):
        return True
    return not set(served(draft, name)).isdisjoint(served(draft, other))
