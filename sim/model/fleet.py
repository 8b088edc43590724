"""Vehicles of one kind, which of them are free, and for which flow."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sim.errors import BrokenInvariantError
from sim.scenario.plans import FleetPlan


class Fleet:
    """A pool of vehicles, numbered in the order in which they joined.

    Attributes
    ----------
    idle : numbers of the vehicles that are free, longest free first.
    present : vehicles that have joined and not been lost or withdrawn.
    under_way : of these, in convoys.
    reserve : by flow, how many are kept for it, those it has under way included.
    may_send : by flow, tells whether it may still send convoys; others get what was
        kept for one that may not.
    when_changed : called when vehicles have joined, come back or gone.
    """

    def __init__(self, name: str, plan: FleetPlan) -> None:
        self.name = name
        self.seats = plan.seats
        self.carries = plan.carries
        self.idle: list[int] = []
        self.present = 0
        self.under_way = 0
        self.reserve = dict(plan.reserve)
        self.may_send: dict[str, Callable[[], bool]] = {}
        self._priority = plan.priority
        self.when_changed: list[Callable[[], None]] = []
        self._taken_by: dict[str, int] = {}
        self._joined = 0
        self._to_leave = 0

    def carries_group(self, group: str) -> bool:
        """Whether people of a group may ride."""
        return self.carries is None or group in self.carries

    def priority_of(self, flow: str) -> int:
        """Return when a flow takes its vehicles: 1 before 9."""
        return self._priority.get(flow, 5)

    def free_for(self, flow: str) -> int:
        """Return how many vehicles a flow may take now."""
        free = len(self.idle)
        for other, kept in self._kept_for_others(flow):
            free -= max(kept - self._taken_by.get(other, 0), 0)
        return max(free, 0)

    def most_for(self, flow: str) -> int:
        """Return how many vehicles a flow could have if all of them were free."""
        kept = sum(number for _, number in self._kept_for_others(flow))
        return max(self.present - kept, 0)

    def _kept_for_others(self, flow: str) -> Iterator[tuple[str, int]]:
        for other, kept in self.reserve.items():
            if other != flow and (other not in self.may_send or self.may_send[other]()):
                yield other, kept

    def reserve_is_free(self) -> None:
        """Let others look again: a flow may send no more convoys for which it keeps."""
        self._tell()

    def join(self, number: int) -> None:
        """Add vehicles."""
        self.idle.extend(range(self._joined, self._joined + number))
        self._joined += number
        self.present += number
        self._tell()

    def leave(self, number: int) -> None:
        """Withdraw vehicles: idle ones first, the others when they are free."""
        self._to_leave += min(number, self.present - self._to_leave)
        self._let_leave()
        self._tell()

    def take(self, number: int, flow: str) -> list[int]:
        """Take so many idle vehicles for a flow."""
        self.under_way += number
        self._taken_by[flow] = self._taken_by.get(flow, 0) + number
        taken = self.idle[:number]
        del self.idle[:number]
        self.check()
        if self.reserve:
            self._tell()
        return taken

    def give_back(self, vehicles: list[int], flow: str) -> None:
        """Return vehicles of a flow to the idle ones."""
        self.idle.extend(vehicles)
        self.under_way -= len(vehicles)
        self._taken_by[flow] -= len(vehicles)
        self._let_leave()
        self.check()
        self._tell()

    def lose(self, number: int, flow: str) -> None:
        """Count vehicles that a convoy of a flow has lost, or that do not come back."""
        self.present -= number
        self.under_way -= number
        self._taken_by[flow] -= number
        self._to_leave = min(self._to_leave, self.present)
        self.check()
        self._tell()

    def check(self) -> None:
        """Check that every vehicle is free or in one convoy.

        Raises
        ------
        BrokenInvariantError
            If idle vehicles and those in convoys are not those that are present.
        """
        if len(self.idle) + self.under_way != self.present or self.under_way < 0:
            raise BrokenInvariantError(
                f"every vehicle of {self.name} is free or in one convoy",
                (len(self.idle), self.under_way, self.present),
            )

    def _let_leave(self) -> None:
        while self._to_leave and self.idle:
            del self.idle[0]
            self._to_leave -= 1
            self.present -= 1

    def _tell(self) -> None:
        for call in self.when_changed:
            call()
