"""Who waits for whom when nothing moves any more."""

from __future__ import annotations

from sim.events import Cause
from sim.model.flow import Flow, Reason
from sim.model.world import World


class Chain:
    """Who waits for whom, followed from one flow.

    Attributes
    ----------
    links : one sentence part for each flow found.
    bound : whether an agreement is a link that binds the flow.
    circular : whether some of them wait for each other, and for nobody who can move.
    """

    def __init__(self, flow: Flow, world: World) -> None:
        self.links: list[str] = []
        self.bound = False
        self._world = world
        self._again = self._hope = False
        self._follow(flow, [], set())
        self.circular = self._again and not self._hope

    def _follow(self, here: Flow, path: list[str], seen: set[str]) -> None:
        if here.name in path:
            self.links.append(f"{here.name} again")
            self._again = True
        if here.name in seen:
            return
        seen.add(here.name)
        cause, by = standstill(here)
        self.links.append(f"{here.name}: {cause}" + (f" ({by})" if by else ""))
        waits_for = self._waited_for(cause, by)
        if waits_for is not None:
            self.bound = True
        if _moves(here) or (waits_for is None and _could_move(here, cause)):
            self._hope = True
            return
        for flow in waits_for or ():
            self._follow(flow, [*path, here.name], seen)

    def _waited_for(self, cause: str, by: str) -> list[Flow] | None:
        """Return the flows that an agreement waits for, None if none is the reason."""
        agreements, stoppages = self._world.agreements, self._world.stoppages
        if cause == Cause.STOPPAGE and by in stoppages:
            awaited = stoppages[by].lasts_until
            return awaited.awaited() if awaited else None
        if cause != Cause.AGREEMENT:
            return None
        name, _, reason = by.partition(": ")
        agreement = agreements[name]
        if reason.startswith("waits for "):
            return agreement.parties[reason.removeprefix("waits for ")].flows
        if reason.startswith("suspended by "):
            return self._waited_for(
                Cause.STOPPAGE, reason.removeprefix("suspended by ")
            )
        return agreement.awaited()


def standstill(flow: Flow) -> Reason:
    """Return what keeps a flow: the hold of its first convoy held, or its reason."""
    for convoy in flow.under_way:
        if convoy.held_by is not None:
            return convoy.held_by
    everybody_aboard = not any(crowd.waiting for crowd in flow.crowds)
    if everybody_aboard and any(convoy.people for convoy in flow.under_way):
        return Cause.ROAD, ""
    return flow.reason


def _moves(flow: Flow) -> bool:
    return any(convoy.held_by is None for convoy in flow.under_way)


def _could_move(flow: Flow, cause: str) -> bool:
    people = any(crowd.waiting for crowd in flow.crowds) or bool(flow.under_way)
    return people and cause != Cause.NO_SERVICE
