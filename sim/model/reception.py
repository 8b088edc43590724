"""How many people a destination takes in."""

from __future__ import annotations

from typing import Protocol

from sim.errors import BrokenInvariantError
from sim.events import EventLog, Kind, Reason, ReasonKind


class Brings(Protocol):
    """A flow, as its destination sees it."""

    def people_arrived_at(self, destination: str) -> int:
        """Return how many it has brought there so far."""
        ...

    def people_coming_to(self, destination: str) -> int:
        """Return who is told off to its convoys or aboard and has not arrived there."""
        ...

    def review(self) -> None:
        """Look again whether a convoy can be sent."""
        ...


class Reception:
    """A site that takes in so many people and no more.

    Attributes
    ----------
    full : why nobody is sent when it has no room.
    """

    __slots__ = (
        "_coming",
        "_expected",
        "_flows",
        "_holds",
        "_log",
        "_moved_on",
        "_name",
        "full",
    )

    def __init__(self, name: str, holds: int, log: EventLog) -> None:
        self.full = Reason(ReasonKind.FULL, place=name)
        self._name = name
        self._holds = holds
        self._log = log
        self._moved_on = 0
        self._flows: list[Brings] = []
        # Who is on the way here, by convoy and in all: summed anew for each look,
        # many convoys under way would take time that grows with their square.
        self._coming: dict[object, int] = {}
        self._expected = 0

    def receive(self, flow: Brings) -> None:
        """Note that a flow leads here, now or in one of its phases."""
        if flow not in self._flows:
            self._flows.append(flow)

    @property
    def room(self) -> int:
        """How many more it takes: who is on the way has a place already."""
        return self._holds - self._there() - self._expected

    def expect(self, convoy: object, people: int) -> None:
        """Note how many come here with a convoy, from now on."""
        self._expected += people - self._coming.pop(convoy, 0)
        if people:
            self._coming[convoy] = people

    def _there(self) -> int:
        return (
            sum(flow.people_arrived_at(self._name) for flow in self._flows)
            - self._moved_on
        )

    def move_on(self, people: int) -> None:
        """Let so many people move on from here, or as many as there are."""
        people = min(people, self._there())
        self._moved_on += people
        self._log.record(Kind.MOVED_ON, self._name, people=people)
        self.changed()

    def changed(self) -> None:
        """Let all who lead here look again: there is more room, or less."""
        for flow in self._flows:
            flow.review()

    def check(self) -> None:
        """Check that nobody is there, or on the way, for whom there is no room.

        Raises
        ------
        BrokenInvariantError
            If there are more than it holds, or others than are on the way.
        """
        coming = sum(flow.people_coming_to(self._name) for flow in self._flows)
        if coming != self._expected:
            raise BrokenInvariantError(
                f"{self._name} knows who is on the way there", (coming, self._expected)
            )
        if self.room < 0 or self._there() < 0:
            raise BrokenInvariantError(
                f"{self._name} has no more people than it holds",
                (self._there(), self.room, self._holds),
            )

    def let_go(self) -> None:
        """Hold on to nobody any more: the run is over."""
        self._flows.clear()
        self._coming.clear()
