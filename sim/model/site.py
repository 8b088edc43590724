"""A site, and why the people there wait."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from sim.events import NO_REASON, Cause, EventLog, Kind, Reason
from sim.model.crowd import Crowd
from sim.model.moments import Told, tell

# A group that several flows serve waits for the one that is nearest to moving.
_NEAREST = (
    Cause.NO_VEHICLE,
    Cause.NOT_READY,
    Cause.HEADWAY,
    Cause.DETENTION,
    Cause.OUTSIDE_HOURS,
    Cause.STOPPAGE,
    Cause.AGREEMENT,
    Cause.FULL,
    Cause.NOT_BEGUN,
    Cause.NO_SERVICE,
)
_RANK = {str(cause): rank for rank, cause in enumerate(_NEAREST)}


class Serves(Protocol):
    """A flow, as the people it serves see it."""

    @property
    def reason(self) -> tuple[str, Reason]:
        """Why they wait."""
        ...

    def people_changed(self) -> None:
        """Look again: people have come to the site or left it, or have got ready."""
        ...


_LATER = Cause.NOT_BEGUN, NO_REASON
"""Why a group waits that a flow serves in a later phase only."""


class Site:
    """The groups of one site and the flows that serve them.

    Attributes
    ----------
    when_empty : who is told when nobody is there any more who is to leave.
    """

    def __init__(self, name: str, log: EventLog) -> None:
        self.name = name
        self.crowds: dict[str, Crowd] = {}
        self._log = log
        self._served_by: dict[Crowd, list[Serves]] = {}
        self._served_later: dict[Serves, Collection[Crowd]] = {}
        self.when_empty: list[Told] = []

    def serve(self, flow: Serves, crowds: Iterable[Crowd]) -> None:
        """Note that a flow serves these groups."""
        for crowd in crowds:
            self._served_by.setdefault(crowd, []).append(flow)

    def serve_later(self, flow: Serves, crowds: Collection[Crowd]) -> None:
        """Note whom a flow serves in phases that have still to begin."""
        if crowds:
            self._served_later[flow] = crowds
        else:
            self._served_later.pop(flow, None)

    def served_later_by(self, flow: Serves) -> Collection[Crowd]:
        """Return whom a flow serves in phases that have still to begin."""
        return self._served_later.get(flow, ())

    def serve_others(
        self, flow: Serves, before: Iterable[Crowd], now: Sequence[Crowd]
    ) -> None:
        """Note that a flow serves these groups now, and no more those of before."""
        for crowd in before:
            self._served_by[crowd].remove(flow)
        self.serve(flow, now)
        self.explain_waiting([*before, *now])

    def look_whether_empty(self) -> None:
        """Tell whoever waits for it if nobody is there who is to leave."""
        if not any(c.waiting or c.to_come for c in self.crowds.values()):
            tell(self.when_empty)

    def start(self) -> None:
        """Write down who is there when the operation begins."""
        for crowd in self.crowds.values():
            self._log.record(
                Kind.STARTED, self.name, group=crowd.group, people=crowd.people
            )
            if crowd.stayed:
                self._log.record(
                    Kind.STAYED, self.name, group=crowd.group, people=crowd.stayed
                )
            if crowd.not_ready:
                self._log.record(
                    Kind.NOT_READY, self.name, group=crowd.group, people=crowd.not_ready
                )
        self.explain_waiting(list(self.crowds.values()))

    # Who gets ready, comes or stays after all

    def get_ready(self, crowd: Crowd, people: int) -> None:
        """Let so many people of a group be ready to leave, if as many are not."""
        if ready := crowd.get_ready(people):
            self._changed(Kind.READY, crowd, ready)

    def join(self, crowd: Crowd, people: int) -> None:
        """Let so many people come to a group."""
        crowd.join(people)
        self._changed(Kind.JOINED, crowd, people)

    def withdraw(self, crowd: Crowd, people: int) -> None:
        """Let so many people of a group stay, or as many as there are."""
        not_ready, free = crowd.withdraw(people)
        if not_ready:
            self._changed(Kind.STAYED, crowd, not_ready, Cause.NOT_READY)
        if free or not not_ready:
            self._changed(Kind.STAYED, crowd, free)
        if self.when_empty:
            self.look_whether_empty()

    def _changed(self, kind: Kind, crowd: Crowd, people: int, cause: str = "") -> None:
        self._log.record(kind, self.name, "", "", crowd.group, people, 0, cause)
        for flow in self._served_by.get(crowd, ()):
            flow.people_changed()

    def explain_waiting(self, crowds: Sequence[Crowd]) -> None:
        """Write down why these groups wait, where the reason has changed."""
        for crowd in crowds:
            why = self._nearest(crowd)
            if crowd.why != why:
                crowd.why = cause, reason = why
                self._log.record(
                    Kind.WAITING,
                    self.name,
                    group=crowd.group,
                    people=crowd.waiting,
                    cause=cause,
                    reason=reason,
                )

    def _nearest(self, crowd: Crowd) -> tuple[str, Reason]:
        """Return why a group waits: the reason of the flow nearest to moving."""
        flows = self._served_by.get(crowd, ())
        nearest: tuple[str, Reason] = Cause.NO_SERVICE, NO_REASON
        for later, crowds in self._served_later.items():
            if crowd in crowds and later not in flows:
                nearest = _LATER
        for flow in flows:
            if _RANK[flow.reason[0]] < _RANK[nearest[0]]:
                nearest = flow.reason
        return nearest

    def let_go(self) -> None:
        """Hold on to nobody any more: the run is over."""
        self._served_by.clear()
        self._served_later.clear()
        self.when_empty.clear()
