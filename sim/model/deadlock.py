"""Who waits for whom when nothing moves any more."""

from __future__ import annotations

from sim.events import Cause
from sim.model.agreement import Agreement
from sim.model.flow import Flow, Reason


def chain(flow: Flow, agreements: dict[str, Agreement]) -> tuple[list[str], bool]:
    """Follow from one flow who waits for whom.

    Returns
    -------
    tuple
        One sentence part for each link, and whether an agreement is a link that
        binds the flow: if so and nothing else is scheduled, it is a deadlock.
    """
    links: list[str] = []
    seen: set[str] = set()
    bound = False
    todo = [flow]
    while todo:
        here = todo.pop(0)
        if here.name in seen:
            links.append(f"{here.name} again")
            continue
        seen.add(here.name)
        cause, by = standstill(here)
        links.append(f"{here.name}: {cause}" + (f" ({by})" if by else ""))
        if cause == Cause.AGREEMENT:
            bound = True
            todo += _waited_for(by, agreements)
    return links, bound


def standstill(flow: Flow) -> Reason:
    """Return what keeps a flow: the hold of its first convoy held, or its reason."""
    for convoy in flow.under_way:
        if convoy.held_by is not None:
            return convoy.held_by
    return flow.reason


def _waited_for(by: str, agreements: dict[str, Agreement]) -> list[Flow]:
    name, _, reason = by.partition(": ")
    agreement = agreements.get(name)
    if agreement is None:
        return []
    if reason.startswith("waits for "):
        party = agreement.parties.get(reason.removeprefix("waits for "))
        return list(party.flows) if party else []
    return agreement.awaited()
