"""Vehicles of one kind, and which of them are free."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from sim.model import invariants
from sim.scenario.plans import FleetPlan

if TYPE_CHECKING:
    from sim.model.flow import Flow


class Fleet:
    """A pool of vehicles, numbered in the order in which they joined.

    Attributes
    ----------
    idle : numbers of the vehicles that are free, longest free first.
    present : vehicles that have joined and not been lost or withdrawn.
    under_way : of these, in convoys.
    """

    def __init__(self, name: str, plan: FleetPlan) -> None:
        self.name = name
        self.seats = plan.seats
        self.carries = plan.carries
        self.idle: deque[int] = deque()
        self.present = 0
        self.under_way = 0
        self.flows: list[Flow] = []
        self._joined = 0
        self._to_leave = 0

    def carries_group(self, group: str) -> bool:
        """Whether people of a group may ride."""
        return self.carries is None or group in self.carries

    def join(self, number: int) -> None:
        """Add vehicles."""
        self.idle.extend(range(self._joined, self._joined + number))
        self._joined += number
        self.present += number
        self._tell_flows()

    def leave(self, number: int) -> None:
        """Withdraw vehicles: idle ones first, the others when they are free."""
        self._to_leave += min(number, self.present - self._to_leave)
        self._let_leave()

    def take(self, number: int) -> list[int]:
        """Take so many idle vehicles."""
        self.under_way += number
        popleft = self.idle.popleft
        taken = [popleft() for _ in range(number)]
        invariants.every_vehicle_is_somewhere(self)
        return taken

    def give_back(self, vehicles: list[int]) -> None:
        """Return vehicles to the idle ones."""
        self.idle.extend(vehicles)
        self.under_way -= len(vehicles)
        self._let_leave()
        invariants.every_vehicle_is_somewhere(self)
        self._tell_flows()

    def lose(self, number: int) -> None:
        """Count vehicles that a convoy has lost, or that do not come back."""
        self.present -= number
        self.under_way -= number
        self._to_leave = min(self._to_leave, self.present)
        invariants.every_vehicle_is_somewhere(self)
        self._tell_flows()

    def _let_leave(self) -> None:
        while self._to_leave and self.idle:
            self.idle.popleft()
            self._to_leave -= 1
            self.present -= 1

    def _tell_flows(self) -> None:
        for flow in self.flows:
            flow.vehicles_changed()
