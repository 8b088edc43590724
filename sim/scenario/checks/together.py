"""Finds tranches that can never stand ready at their gates, all at the same time."""

from collections.abc import Iterator, Mapping
from math import ceil, inf

from sim.messages import Number, joined, say
from sim.parts.rules import RULES
from sim.scenario.draft import Draft, Finding
from sim.scenario.plans import AgreementPlan, FlowPlan
from sim.scenario.problems import listed


def findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Return a finding if a tranche that is released together can never be ready.

    It is released when every side has it at its gate. A side can have no more there
    than its vehicles and the convoys that it may have under way can hold, and sides
    that share a fleet share its vehicles. All who are left are enough, if they are
    fewer. Whoever is lost or stays after all, moves with another flow, or is freed by
    other terms or a lapse, may help: then nothing is said.
    """
    plan = draft.agreements[name]
    if (
        not RULES[plan.rule].together
        or len(plan.parties) == 1
        or _may_help(draft, plan)
    ):
        return
    left = {side: draft.people_of(plan.parties[side].flows) for side in plan.parties}
    for number, tranche in enumerate(plan.all_tranches):
        promised = {s: int(a) for s, a in tranche.items() if a != "rest" and a}
        for side, amount in promised.items():
            if _is_too_large(draft, plan, side, amount, left[side]):
                yield _too_large(draft, plan, name, number, side)
                return
        if (shared := _lock(draft, plan, promised, left)) is not None:
            yield _locked(plan, name, number, *shared)
            return
        if "rest" in tranche.values() or plan.unit != "people":
            return
        left = {side: max(n - promised.get(side, 0), 0) for side, n in left.items()}


def _is_too_large(
    draft: Draft, plan: AgreementPlan, side: str, amount: int, left: int
) -> bool:
    """Whether neither a tranche nor all who are left can stand at the gate."""
    people = _most_people(draft, plan, side)
    if plan.unit == "people":
        return min(amount, left) > people
    return (
        plan.unit == "vehicles"
        and amount > _vehicles(draft, plan, side)
        and (left > people)
    )


def _too_large(
    draft: Draft, plan: AgreementPlan, name: str, number: int, side: str
) -> Finding:
    gate = plan.parties[side].gate
    others = [other for other in plan.parties if other != side]
    most = _most_people(draft, plan, side)
    if plan.unit == "vehicles":
        most = _vehicles(draft, plan, side)
    return Finding(
        ("agreements", name, "tranches", _place(plan, number), side),
        say(
            "a deadlock in every run: tranche {number} opens when every "
            "side has it ready at its gate, but '{side}' can never have "
            "more than {most} {unit} at '{gate}' at the same time: it "
            "waits there for ever, and {others} for it",
            number=number + 1,
            side=side,
            most=Number(most, ".0f"),
            unit=plan.unit,
            gate=gate,
            others=listed(others),
        ),
        say(
            "Write smaller tranches, more vehicles ('joins'), or more "
            "convoys at a time ('at_once')."
        ),
    )


def _locked(
    plan: AgreementPlan,
    name: str,
    number: int,
    fleet: str,
    needs: dict[str, int],
    has: int,
) -> Finding:
    each = [
        say("'{side}' {vehicles}", side=side, vehicles=vehicles)
        for side, vehicles in needs.items()
    ]
    return Finding(
        ("agreements", name, "tranches", _place(plan, number)),
        say(
            "a deadlock in every run: tranche {number} opens when every "
            "side has it ready at its gate; for that {vehicles} vehicles of "
            "'{fleet}' must stand there at the same time, and it has "
            "{joining}: each side holds vehicles that the other needs, and "
            "waits for the other",
            number=number + 1,
            vehicles=joined(each, " and "),
            fleet=fleet,
            joining=has,
        ),
        say(
            "Write smaller tranches, or more vehicles ('fleets.{fleet}.joins').",
            fleet=fleet,
        ),
    )


def _place(plan: AgreementPlan, number: int) -> int:
    """Return which of the tranches as written one of them all is."""
    left = number
    for place, tranche in enumerate(plan.tranches):
        times = int(tranche.get("times", 1))
        if left < times:
            return place
        left -= times
    return len(plan.tranches) - 1


def _may_help(draft: Draft, plan: AgreementPlan) -> bool:
    """Whether something may move the sides on, or leave them fewer people."""
    lapses = plan.after_deadline == "lapse" and plan.deadline is not None
    flows = {flow for party in plan.parties.values() for flow in party.flows}
    if plan.amendments or plan.proposed or lapses or not flows <= draft.flows.keys():
        return True
    return (
        any(draft.flows[flow].all_pick_ups for flow in flows)
        or any(plan.to is not None for plan in draft.stoppages.values())
        or draft.may_lose_people
        or draft.share_people(flows)
    )


def _most_people(draft: Draft, plan: AgreementPlan, side: str) -> float:
    """Return how many people a side can have at its gate at the same time."""
    flows = [draft.flows[flow] for flow in plan.parties[side].flows]
    fleets = dict.fromkeys(fleet for flow in flows for fleet in flow.ever_takes)
    by_vehicles = sum(draft.vehicles(f) * _seats(draft, f) for f in fleets)
    return min(by_vehicles, sum(_most_under_way(draft, flow) for flow in flows))


def _vehicles(draft: Draft, plan: AgreementPlan, side: str) -> int:
    flows = [draft.flows[flow] for flow in plan.parties[side].flows]
    fleets = dict.fromkeys(fleet for flow in flows for fleet in flow.ever_takes)
    return sum(map(draft.vehicles, fleets))


def _seats(draft: Draft, fleet: str) -> int:
    return draft.fleets[fleet].seats if fleet in draft.fleets else 0


def _most_under_way(draft: Draft, flow: FlowPlan) -> float:
    """Return how many people convoys of a flow hold that are under way at a time."""
    if flow.phases:
        return inf  # what set out before one may be under way still
    sizes = draft.largest_convoy(flow).items()
    return flow.at_once * sum(size * _seats(draft, fleet) for fleet, size in sizes)


def _lock(
    draft: Draft,
    plan: AgreementPlan,
    promised: Mapping[str, int],
    left: Mapping[str, int],
) -> tuple[str, dict[str, int], int] | None:
    """Return the one fleet of all sides that is too small for all of them at once."""
    fleets = {
        fleet
        for side in promised
        for flow in plan.parties[side].flows
        for fleet in draft.flows[flow].ever_takes
    }
    if len(promised) < 2 or len(fleets) != 1 or not fleets <= draft.fleets.keys():
        return None
    (fleet,) = fleets
    seats, has = draft.fleets[fleet].seats, draft.vehicles(fleet)
    vehicles = {}
    for side, amount in promised.items():
        least = ceil(amount / seats) if plan.unit == "people" else amount
        vehicles[side] = min(least, ceil(left[side] / seats))
    return (fleet, vehicles, has) if sum(vehicles.values()) > has else None
