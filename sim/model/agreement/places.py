"""The places of one side's convoys in its tranches."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from sim.errors import BrokenInvariantError
from sim.parts.rules import UNLIMITED


class Claim:
    """What one convoy counts for.

    Attributes
    ----------
    people, vehicles : that it carries, or is to carry.
    units : of the terms.
    parts : the tranches that it fills, from 0, and with how many units; usually one.
    beyond : of the units of the last, how many find no room in any tranche.
    """

    __slots__ = ("beyond", "parts", "people", "units", "vehicles")

    def __init__(self, people: int, vehicles: int) -> None:
        self.people = people
        self.vehicles = vehicles
        self.units = 0
        self.parts: list[tuple[int, int]] = []
        self.beyond = 0

    def count(self, unit: str) -> None:
        """Work out what it counts for under terms of this unit."""
        if unit == "people":
            self.units = self.people
        else:
            self.units = self.vehicles if unit == "vehicles" else 1


class Places:
    """One side: what it has promised, who has which place, and what has moved.

    Convoys are numbers, in the order in which they were formed.

    Attributes
    ----------
    claims : of convoys that have not been let through.
    let_through : of convoys that have, and do not count yet.
    counted : of convoys that count as moved.
    ready : convoys that stand at the gate able to go, and their places in line.
    moved : units that count.
    nobody_left : nobody waits at a site of its, or is driven back there.
    open, done : tranches that are open to it, and that it has completed.
    """

    __slots__ = (
        "_borders",
        "_full",
        "_sizes",
        "_unit",
        "_used",
        "claims",
        "counted",
        "done",
        "let_through",
        "moved",
        "name",
        "nobody_left",
        "open",
        "ready",
    )

    def __init__(self, name: str) -> None:
        self.name = name
        self.claims: dict[int, Claim] = {}
        self.let_through: dict[int, Claim] = {}
        self.counted: dict[int, Claim] = {}
        self.ready: dict[int, int] = {}
        self.moved = 0
        self.nobody_left = False
        self.open = 0
        self.done = 0
        self._unit = ""
        self._sizes: Sequence[int] = ()
        self._borders: list[int] = []
        self._used: list[int] = []
        self._full = 0

    def begin(self, sizes: Sequence[int], unit: str, kept: int = 0) -> None:
        """Count anew under terms: places for those who were formed before.

        Parameters
        ----------
        sizes : of the tranches.
        unit : what they count.
        kept : units moved before that count.
        """
        self._sizes = sizes
        self._unit = unit
        self._borders = list(accumulate(sizes))
        self._used = [0] * len(sizes)
        self._full = 0
        self.let_through = {}
        self.counted = {}
        self.moved = kept
        self._pour(kept)
        for convoy in sorted(self.claims):
            claim = self.claims[convoy]
            claim.count(unit)
            self._place(claim)

    @property
    def tranches(self) -> int:
        """How many there are."""
        return len(self._sizes)

    # Places

    def room(self) -> int:
        """Return how many units the next convoy may claim without straddling."""
        sizes, used = self._sizes, self._used
        while self._full < len(sizes):
            left = sizes[self._full] - used[self._full]
            if left > 0:
                return left
            self._full += 1
        return 0

    def next_place(self) -> tuple[int, int]:
        """Return the tranche of the next claim, and how much room it has."""
        room = self.room()
        return self._full, room

    def claim(self, convoy: int, people: int, vehicles: int) -> None:
        """Give a convoy that is formed its place."""
        claim = self.claims[convoy] = Claim(people, vehicles)
        claim.count(self._unit)
        self._place(claim)

    def recount(self, convoy: int, people: int, vehicles: int) -> None:
        """Count a convoy for what is left of it, unless it counts already."""
        claim = self.claims.get(convoy) or self.let_through.get(convoy)
        if claim is not None and not (people and vehicles):
            self.give_up(convoy)
        elif claim is not None:
            claim.people, claim.vehicles = people, vehicles
            claim.count(self._unit)
            self._cut(claim, claim.units)

    def let_pass(self, convoy: int) -> None:
        """Let a convoy through, if it had still to be."""
        claim = self.claims.pop(convoy, None)
        if claim is not None:
            self.ready.pop(convoy, None)
            self.let_through[convoy] = claim

    def count(self, convoy: int) -> Claim | None:
        """Count a convoy that was let through; None if it does not count."""
        claim = self.let_through.pop(convoy, None)
        if claim is not None:
            self.counted[convoy] = claim
            self.moved += claim.units
        return claim

    def give_up(self, convoy: int) -> Claim | None:
        """Take back what a convoy counts for; return what did count as moved."""
        self.ready.pop(convoy, None)
        claim = self.claims.pop(convoy, None) or self.let_through.pop(convoy, None)
        counted = self.counted.pop(convoy, None)
        if counted is not None:
            self.moved -= counted.units
        if (given_up := claim or counted) is not None:
            self._cut(given_up, 0)
        return counted

    def _place(self, claim: Claim) -> None:
        """Put it into the first tranche with room; what does not fit into the next."""
        left = claim.units
        claim.parts, claim.beyond = [], 0
        while left > 0 and (room := self.room()):
            part = min(left, room)
            claim.parts.append((self._full, part))
            self._used[self._full] += part
            left -= part
        if left and claim.parts:
            tranche, part = claim.parts[-1]
            claim.parts[-1] = tranche, part + left
            self._used[tranche] += left
            claim.beyond = left

    def _cut(self, claim: Claim, units: int) -> None:
        """Let it fill no more than so many units, the first tranches first."""
        parts = claim.parts
        claim.parts = []
        claim.beyond = max(0, claim.beyond - sum(part for _, part in parts) + units)
        for tranche, part in parts:
            kept = min(part, units)
            units -= kept
            if kept < part:
                self._used[tranche] -= part - kept
                self._full = min(self._full, tranche)
            if kept:
                claim.parts.append((tranche, kept))

    def _pour(self, units: int) -> None:
        """Fill the first tranches with what was moved before."""
        while units > 0 and (room := self.room()):
            part = min(units, room)
            self._used[self._full] += part
            units -= part

    def check(self) -> None:
        """Check that every place is in a tranche that has it.

        Raises
        ------
        BrokenInvariantError
            If a tranche has more in it than was agreed, or less than its convoys fill.
        """
        filled = [0] * len(self._sizes)
        beyond = [0] * len(self._sizes)
        claims = (*self.claims.values(), *self.let_through.values())
        for claim in (*claims, *self.counted.values()):
            for tranche, part in claim.parts:
                filled[tranche] += part
            if claim.parts:
                beyond[claim.parts[-1][0]] += claim.beyond
        for tranche, size in enumerate(self._sizes):
            used = self._used[tranche]
            if not filled[tranche] <= used <= size + beyond[tranche]:
                raise BrokenInvariantError(
                    "nobody passes beyond what was agreed",
                    (self.name, self._sizes, self._used, filled, beyond),
                )

    # Who passes first

    def move_up(self) -> bool:
        """Move those who stand there able to go, and may not, into earlier tranches.

        Into the first that has room for all of it, or in exchange with the first
        formed convoy that has an earlier one and is not there, if both fit.

        Returns
        -------
        bool
            Whether anybody has moved.
        """
        moved = False
        for convoy in sorted(self.ready, key=self.ready.__getitem__):
            claim = self.claims[convoy]
            if not claim.parts or claim.parts[0][0] >= self.open:
                moved = self._into_room(claim) or self._in_exchange(claim) or moved
        return moved

    def _into_room(self, claim: Claim) -> bool:
        last = claim.parts[0][0] if claim.parts else len(self._sizes)
        for tranche in range(self._full, last):
            if self._sizes[tranche] - self._used[tranche] >= claim.units:
                self._cut(claim, 0)
                self._put(claim, tranche)
                return True
        return False

    def _in_exchange(self, claim: Claim) -> bool:
        if len(claim.parts) != 1:
            return False
        here = claim.parts[0][0]
        for convoy in sorted(self.claims):
            other = self.claims[convoy]
            if convoy in self.ready or len(other.parts) != 1:
                continue
            there = other.parts[0][0]
            more = claim.units - other.units
            if (
                there < here
                and self._used[there] + more <= self._sizes[there]
                and self._used[here] - more <= self._sizes[here]
            ):
                self._cut(claim, 0)
                self._cut(other, 0)
                self._put(claim, there)
                self._put(other, here)
                return True
        return False

    def _put(self, claim: Claim, tranche: int) -> None:
        claim.parts, claim.beyond = [(tranche, claim.units)], 0
        self._used[tranche] += claim.units

    # How far it has come

    def completed(self) -> int:
        """Return how many tranches the side has completed.

        If nobody is left, those before the first in which a convoy still has a place.
        """
        done = bisect_right(self._borders, self.moved)
        if done < len(self._borders) and self.nobody_left:
            pending = (*self.claims.values(), *self.let_through.values())
            first = min((c.parts[0][0] for c in pending if c.parts), default=UNLIMITED)
            done = max(done, min(first, len(self._borders)))
        return done

    def has_ready(self, tranche: int) -> bool:
        """Whether a tranche is at the gate, or all that the side can still bring."""
        absent = present = 0
        behind = False
        for convoy, claim in self.claims.items():
            if not claim.parts:
                continue
            here = sum(units for number, units in claim.parts if number == tranche)
            if convoy in self.ready:
                present += here
            else:
                absent += here
                behind = behind or claim.parts[0][0] <= tranche
        if self.nobody_left and not behind:
            return True
        if self._sizes[tranche] >= UNLIMITED:
            return present > 0
        return self._used[tranche] - absent >= self._sizes[tranche]

    def may_pass(self, convoy: int) -> bool:
        """Whether the tranche of a convoy's place is open."""
        parts = self.claims[convoy].parts
        return bool(parts) and parts[0][0] < self.open
