"""What convoys count for under an agreement, each by itself and added up."""

from __future__ import annotations

from bisect import bisect_left, insort

from sim.parts.rules import UNLIMITED


class Claim:
    """What one convoy counts for.

    Attributes
    ----------
    people, vehicles : that it carries, or is to carry.
    units : of the terms.
    parts : the tranches that it fills, from 0, and with how many units; usually one.
    beyond : of the units of the last, how many find no room in any tranche.
    tally : in which it is added up, if in any.
    """

    __slots__ = ("beyond", "parts", "people", "tally", "units", "vehicles")

    def __init__(self, people: int, vehicles: int) -> None:
        self.people = people
        self.vehicles = vehicles
        self.units = 0
        self.parts: list[tuple[int, int]] = []
        self.beyond = 0
        self.tally: UnitTally | None = None

    def of(self, unit: str) -> int:
        """Return how much of a unit it is."""
        if unit == "people":
            return self.people
        return self.vehicles if unit == "vehicles" else 1

    def count(self, unit: str) -> None:
        """Work out what it counts for under terms of this unit."""
        self.units = self.of(unit)

    def split(self, people: int, vehicles: int, unit: str) -> Claim:
        """Keep what is left without so many; return the claim of these."""
        first = Claim(people, vehicles)
        self.people -= people
        self.vehicles -= vehicles
        for each in (first, self):
            each.count(unit)
        pieces, self.parts, left = self.parts, [], first.units
        for tranche, units in pieces:
            taken = min(units, left)
            left -= taken
            if taken:
                first.parts.append((tranche, taken))
            if units > taken:
                self.parts.append((tranche, units - taken))
        beyond = min(self.beyond, sum(units for _, units in self.parts))
        first.beyond, self.beyond = self.beyond - beyond, beyond
        return first

    def add_to(self, tally: UnitTally | None) -> None:
        """Be added up here, and no more where it was."""
        if self.tally is not None:
            self.tally.remove(self)
        self.tally = tally
        if tally is not None:
            tally.add(self)


class UnitTally:
    """Claims added up: what they fill of each tranche, and where each of them begins.

    Attributes
    ----------
    units : of each tranche.
    """

    __slots__ = ("_beginnings", "units")

    def __init__(self, tranches: int) -> None:
        self.units = [0] * tranches
        self._beginnings: list[int] = []

    @property
    def first(self) -> int:
        """The first tranche in which one begins, `UNLIMITED` if there is none."""
        return self._beginnings[0] if self._beginnings else UNLIMITED

    @property
    def last(self) -> int:
        """The last tranche in which one begins; behind all for one without a place."""
        return self._beginnings[-1] if self._beginnings else -1

    def add(self, claim: Claim) -> None:
        """Add one."""
        units, parts = self.units, claim.parts
        insort(self._beginnings, parts[0][0] if parts else len(units))
        for tranche, part in parts:
            units[tranche] += part

    def remove(self, claim: Claim) -> None:
        """Take one out, with the same places."""
        units, parts, beginnings = self.units, claim.parts, self._beginnings
        beginning = parts[0][0] if parts else len(units)
        del beginnings[bisect_left(beginnings, beginning)]
        for tranche, part in parts:
            units[tranche] -= part
