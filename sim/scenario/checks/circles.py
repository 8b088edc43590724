"""Finds agreements that wait, directly or in a circle, on themselves."""

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from sim.messages import Text, joined, say
from sim.scenario.draft import Draft, Finding
from sim.scenario.moments import Hanging, before
from sim.scenario.plans import AgreementPlan

Waits = Mapping[str, Mapping[str, Text]]
"""Who waits on whom, and why, in words that end in a name."""


def findings(draft: Draft) -> Iterator[Finding]:
    """Return a finding for each circle of agreements that wait on one another."""
    for name, chain in circles(_waits(draft)):
        yield Finding(
            ("agreements", name),
            say(
                "the agreement '{name}' waits on itself: {chain}",
                name=name,
                chain=chain,
            ),
            say("Take one of these conditions away."),
        )
    yield from _crossed_priorities(draft)


def _waits(draft: Draft) -> Waits:
    waits: dict[str, dict[str, Text]] = {name: {} for name in draft.agreements}
    for name, plan in draft.agreements.items():
        for way in plan.requires.values():
            if way.agreement and way.agreement in draft.agreements:
                waits[name][way.agreement] = say(
                    "'{name}' requires '{agreement}' to be completed",
                    name=name,
                    agreement=way.agreement,
                )
            for flow in way.arrived or {}:
                only = _only_agreement(draft, flow)
                if only:
                    waits[name][only] = say(
                        "'{name}' requires people of '{flow}' to arrive, who move "
                        "under '{only}'",
                        name=name,
                        flow=flow,
                        only=only,
                    )
    for name, stoppage in draft.stoppages.items():
        awaited = stoppage.until_agreement
        if awaited is None or awaited not in draft.agreements or stoppage.may_not_come:
            continue
        for held in (*stoppage.suspends, *stoppage.breaches):
            plan_held = draft.agreements.get(held)
            if plan_held is None or _mended(
                plan_held, stoppage.starts, held, stoppage.breaches
            ):
                continue
            waits[held][awaited] = say(
                "'{held}' is on hold during '{name}', which lasts until '{awaited}' "
                "is in force",
                held=held,
                name=name,
                awaited=awaited,
            )
    return waits


def _mended(
    plan: AgreementPlan,
    starts: int | Hanging | None,
    held: str,
    breaches: tuple[str, ...],
) -> bool:
    """Return whether an amendment ends a breach."""
    return held in breaches and not all(before(m, starts or 0) for m in plan.amendments)


def _only_agreement(draft: Draft, flow: str) -> str:
    """Return the agreement without which a flow never moves, if there is just one."""
    binding = [
        name
        for name, plan in draft.agreements.items()
        if any(flow in party.flows for party in plan.parties.values())
    ]
    if "agreements" in draft.broken or len(binding) != 1:
        return ""
    return binding[0] if not draft.agreements[binding[0]].proposed else ""


def circles(waits: Waits) -> Iterator[tuple[str, Text]]:
    """Return circles with their chains of reasons, until none would be left."""
    open_waits = {name: dict(reasons) for name, reasons in waits.items()}
    while True:
        try:
            TopologicalSorter(open_waits).prepare()
        except CycleError as error:
            circle = error.args[1][::-1]
            chain = [open_waits[one][other] for one, other in pairwise(circle)]
            yield circle[0], joined(chain, "; ")
            del open_waits[circle[-2]][circle[-1]]
        else:
            return


def _crossed_priorities(draft: Draft) -> Iterator[Finding]:
    """Find two flows that each must go before the other."""
    before: dict[tuple[str, str], str] = {}
    for name, plan in draft.agreements.items():
        if plan.rule != "prior" or plan.first not in plan.parties:
            continue
        for side, party in plan.parties.items():
            if side == plan.first:
                continue
            for first in plan.parties[plan.first].flows:
                for later in party.flows:
                    other = before.get((later, first))
                    if other and _at_the_same_time(plan, draft.agreements[other]):
                        yield Finding(
                            ("agreements", name, "first"),
                            say(
                                "'{first}' goes before '{later}' here, but after it in "
                                "'{other}': each waits on the other",
                                first=first,
                                later=later,
                                other=other,
                            ),
                            say("Let the same side go first in both."),
                        )
                    before.setdefault((first, later), name)


def _at_the_same_time(one: AgreementPlan, other: AgreementPlan) -> bool:
    """Return whether neither agreement is over before the other begins."""
    if one.requires or other.requires:
        return False
    begins = [plan.in_force or plan.proposed or 0 for plan in (one, other)]
    if not all(isinstance(each, int) for each in begins):
        return False
    ends = [plan.deadline for plan in (one, other)]
    return not any(
        end is not None and not before(begin, end)
        for begin, end in zip(begins, reversed(ends), strict=True)
    )
