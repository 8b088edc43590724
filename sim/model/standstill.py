"""Who has not arrived at the end, and who waits for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sim.events import NO_REASON, Cause, EventLog, Kind, Reason, ReasonKind
from sim.model.agreement.governor import Governor
from sim.model.crowd import Crowd
from sim.model.dispatch.flow import Flow, Why
from sim.model.stoppage import Stoppage

Link = tuple[str, Why]
"""A flow, and what keeps it."""
_UNTIL_A_MOMENT = frozenset({Cause.OUTSIDE_HOURS, Cause.HEADWAY})
_NEXT_DAY = frozenset({ReasonKind.NEXT_PERIOD, ReasonKind.PACE})
"""What keeps a flow until a moment, which may lie after the end: causes and reasons."""


class Chain:
    """Who waits for whom, followed from one flow.

    Attributes
    ----------
    links : each flow found, and what keeps it.
    """

    def __init__(
        self,
        flow: Flow,
        flows: Mapping[str, Flow],
        governors: Mapping[str, Governor],
        stoppages: Mapping[str, Stoppage],
    ) -> None:
        self.links: list[Link] = []
        self._flows = flows
        self._governors = governors
        self._stoppages = stoppages
        self._bound = self._again = self._hope = self._cut_short = False
        self._follow(flow.name, [], set())

    def is_deadlock(self, *, ran_dry: bool) -> bool:
        """Whether an agreement binds the flow, and nobody can move who would help.

        Parameters
        ----------
        ran_dry : nothing is to happen any more.
        """
        if not self._bound or self._cut_short:
            return False
        return ran_dry or (self._again and not self._hope)

    def _follow(self, name: str, path: Sequence[str], seen: set[str]) -> None:
        if name in path:
            self._again = True
        if name in seen:
            return
        seen.add(name)
        here = self._flows[name]
        why = here.standstill()
        self.links.append((name, why))
        waits_for = self._waited_for(*why)
        if waits_for is not None:
            self._bound = True
        self._cut_short |= here.awaits_people
        if here.moves or (waits_for is None and here.could_move):
            self._hope = True
            cause, reason = why
            self._cut_short |= cause in _UNTIL_A_MOMENT or reason.kind in _NEXT_DAY
            return
        for flow in waits_for or ():
            self._follow(flow, [*path, name], seen)

    def _waited_for(self, cause: str, reason: Reason) -> Sequence[str] | None:
        """Return the flows that an agreement waits for, None if none is the reason."""
        if cause == Cause.STOPPAGE or reason.kind is ReasonKind.SUSPENDED:
            awaited = self._stoppages[reason.stoppage].lasts_until
            return _awaited(awaited) if awaited else None
        if cause != Cause.AGREEMENT or reason.kind in _NEXT_DAY:
            return None
        governor = self._governors[reason.agreement]
        if reason.kind is ReasonKind.WAITS_FOR_SIDE:
            return governor.flows_of(reason.side)
        return _awaited(governor)


def _awaited(governor: Governor) -> Sequence[str]:
    """Return the flows whose movement the unmet preconditions wait for."""
    return [
        flow
        for name, flows in governor.waits_for.items()
        if name in governor.agreement.unmet
        for flow in flows
    ]


def record_who_is_left(
    log: EventLog,
    flows: Mapping[str, Flow],
    governors: Mapping[str, Governor],
    stoppages: Mapping[str, Stoppage],
    crowds: Sequence[Crowd],
    *,
    ran_dry: bool,
) -> None:
    """Write down once for each site and group who has not arrived, and why.

    Parameters
    ----------
    ran_dry : nothing is to happen any more.
    """
    for crowd in crowds:
        left = crowd.waiting + crowd.not_ready + crowd.aboard + crowd.on_foot
        if not left:
            continue
        flow_name, why = _what_most_wait_for(crowd, flows.values())
        kind, behind = Kind.UNFINISHED, []
        if flow_name:
            chain = Chain(flows[flow_name], flows, governors, stoppages)
            if chain.is_deadlock(ran_dry=ran_dry):
                kind = Kind.DEADLOCK
            behind = chain.links[1:]
        log.record(
            kind,
            crowd.site,
            flow_name,
            group=crowd.group,
            people=left,
            cause=why[0],
            reason=why[1],
        )
        for name, (cause, reason) in behind:
            log.record(
                Kind.BEHIND,
                crowd.site,
                name,
                group=crowd.group,
                cause=cause,
                reason=reason,
            )


def _what_most_wait_for(crowd: Crowd, flows: Iterable[Flow]) -> Link:
    """Return the flow and the cause that keep most of those who are left.

    Who is aboard may be under way with a flow that serves others by now.
    """
    parts: dict[Link, int] = {}
    if crowd.waiting:
        cause, reason = crowd.why
        serving = (f.name for f in flows if f.serves(crowd, for_reason=crowd.why))
        parts[next(serving, ""), (cause, reason)] = crowd.waiting
    if crowd.on_foot:
        serving = (flow.name for flow in flows if crowd in flow.crowds)
        parts[next(serving, ""), (Cause.ROAD, NO_REASON)] = crowd.on_foot
    if crowd.not_ready:
        parts["", (Cause.NOT_READY, NO_REASON)] = crowd.not_ready
    for each in flows:
        for convoy in each.under_way:
            if people := convoy.riders.get(crowd, 0) if convoy.people else 0:
                why = convoy.held_by or (Cause.ROAD, NO_REASON)
                link = each.name, why
                parts[link] = parts.get(link, 0) + people
    return max(parts, key=parts.__getitem__)
