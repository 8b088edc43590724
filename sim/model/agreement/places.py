"""The places of one side's convoys in its tranches."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate

from sim.errors import BrokenInvariantError
from sim.model.agreement.claim import Claim, UnitTally
from sim.parts.rules import UNLIMITED


class Places:
    """One side: what it has promised, who has which place, and what has moved.

    Convoys are numbers, in the order in which they were formed.

    Attributes
    ----------
    claims : of convoys that have not been let through, as they were formed.
    let_through : of convoys that have, and do not count yet.
    counted : of convoys that count as moved.
    ready : convoys that stand at the gate able to go, and their places in line.
    moved : units that count.
    nobody_left : nobody waits at a site of its, is driven back there, or is still to
        get ready or to come.
    open, done : tranches that are open to it, and that it has completed.
    """

    __slots__ = (
        "_absent",
        "_borders",
        "_full",
        "_in_parts",
        "_present",
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
        self._in_parts = False
        self._sizes: Sequence[int] = ()
        self._borders: list[int] = []
        self._used: list[int] = []
        self._full = 0
        self._absent, self._present = UnitTally(0), UnitTally(0)

    def begin(
        self,
        sizes: Sequence[int],
        unit: str,
        kept: int = 0,
        *,
        in_parts: bool = False,
    ) -> None:
        """Count anew under terms: places for those who were formed before.

        Parameters
        ----------
        sizes : of the tranches.
        unit : what they count.
        kept : units moved before that count.
        in_parts : convoys fill several tranches, and cross in parts.
        """
        self._in_parts = in_parts
        self._sizes = sizes
        self._unit = unit
        self._borders = list(accumulate(sizes))
        self._used = [0] * len(sizes)
        self._full = 0
        self._absent, self._present = UnitTally(len(sizes)), UnitTally(len(sizes))
        self.let_through = {}
        self.counted = {}
        self.moved = kept
        self._pour(kept)
        for convoy, claim in self.claims.items():
            claim.count(unit)
            claim.tally = None
            self._place(claim)
            claim.add_to(self._present if convoy in self.ready else self._absent)

    @property
    def tranches(self) -> int:
        """How many there are."""
        return len(self._sizes)

    # Places

    def room(self) -> int:
        """Return how much room the first tranche has that has any."""
        sizes, used = self._sizes, self._used
        while self._full < len(sizes):
            left = sizes[self._full] - used[self._full]
            if left > 0:
                return left
            self._full += 1
        return 0

    def room_for_next(self) -> int:
        """Return how many units the next convoy may claim."""
        if self._in_parts and self.room():
            rooms = zip(self._sizes, self._used, strict=True)
            return sum(max(size - used, 0) for size, used in rooms)
        return self.room()

    def next_place(self) -> tuple[int, int]:
        """Return the first tranche with room, and how much; any of `rest`."""
        room = self.room()
        of_rest = room and self._sizes[self._full] >= UNLIMITED
        return self._full, UNLIMITED if of_rest else room

    def claim(self, convoy: int, people: int, vehicles: int) -> None:
        """Give a convoy that is formed its place."""
        claim = self.claims[convoy] = Claim(people, vehicles)
        claim.count(self._unit)
        self._place(claim)
        claim.add_to(self._absent)

    def stand(self, places_in_line: Mapping[int, int]) -> None:
        """Note that convoys stand at the gate able to go."""
        for convoy in places_in_line:
            self.claims[convoy].add_to(self._present)
        self.ready |= places_in_line

    def step_aside(self, convoy: int) -> bool:
        """Note that a convoy cannot go; return whether it could."""
        could_go = self.ready.pop(convoy, None) is not None
        if could_go:
            self.claims[convoy].add_to(self._absent)
        return could_go

    def room_for_more(self, convoy: int) -> int:
        """Return how many people may join a convoy: any number once it counts."""
        claim = self.claims.get(convoy) or self.let_through.get(convoy)
        if claim is None or self._unit != "people":
            return UNLIMITED
        if not claim.parts:
            return 0
        return sum(room for _, room in self._rooms_for_more(claim))

    def _rooms_for_more(self, claim: Claim) -> list[tuple[int, int]]:
        """Return room in the last tranche that it fills, and in parts behind it."""
        last, _ = claim.parts[-1]
        behind = len(self._sizes) if self._in_parts else last + 1
        rooms = ((t, self._sizes[t] - self._used[t]) for t in range(last, behind))
        return [(tranche, room) for tranche, room in rooms if room > 0]

    def recount(self, convoy: int, people: int, vehicles: int) -> None:
        """Count a convoy for what it carries by now, unless it counts already."""
        claim = self.claims.get(convoy) or self.let_through.get(convoy)
        if claim is not None and not (people and vehicles):
            self.give_up(convoy)
        elif claim is not None:
            before = claim.units
            claim.people, claim.vehicles = people, vehicles
            claim.count(self._unit)
            if claim.units > before:
                self._extend(claim, claim.units - before)
            else:
                self._cut(claim, claim.units)

    def part(self, convoy: int, part: int, people: int, vehicles: int) -> None:
        """Give so many people and vehicles of a convoy to a part that goes on.

        The part has the first of its places, let through or counted as the whole is.
        """
        for claims in (self.claims, self.let_through, self.counted):
            if (claim := claims.get(convoy)) is not None:
                tally = claim.tally
                claim.add_to(None)
                claims[part] = claim.split(people, vehicles, self._unit)
                claim.add_to(tally)
                claims[part].add_to(self._absent if tally is not None else None)

    def let_pass(self, convoy: int) -> None:
        """Let a convoy through, if it had still to be."""
        claim = self.claims.pop(convoy, None)
        if claim is not None:
            self.ready.pop(convoy, None)
            self.let_through[convoy] = claim
            claim.add_to(None)

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
            given_up.add_to(None)
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
        tally = claim.tally
        claim.add_to(None)
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
        claim.add_to(tally)

    def _extend(self, claim: Claim, units: int) -> None:
        """Let it fill so many units more, for which there is room."""
        tally = claim.tally
        claim.add_to(None)
        filled = dict(claim.parts)
        for tranche, room in self._rooms_for_more(claim):
            more = min(room, units)
            units -= more
            if more:
                filled[tranche] = filled.get(tranche, 0) + more
                self._used[tranche] += more
        claim.parts = [*filled.items()]
        claim.add_to(tally)

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
        formed convoy that has an earlier one and is not there, if both fit. After each
        move the first in line tries again, until nobody can.

        Returns
        -------
        bool
            Whether anybody has moved.
        """
        first_with_room, _ = self.next_place()
        if self._present.last <= min(first_with_room, self._absent.first):
            return False
        line = sorted(self.ready, key=self.ready.__getitem__)
        moved = False
        while any(map(self._moves_up, line)):
            moved = True
        return moved

    def _moves_up(self, convoy: int) -> bool:
        claim = self.claims[convoy]
        if claim.parts and claim.parts[0][0] < self.open:
            return False
        return self._into_room(claim) or self._in_exchange(claim)

    def _into_room(self, claim: Claim) -> bool:
        last = claim.parts[0][0] if claim.parts else len(self._sizes)
        if self._in_parts:
            first, room = self.next_place()
            if not room or first >= last:
                return False
            tally = claim.tally
            claim.add_to(None)
            self._cut(claim, 0)
            self._place(claim)
            claim.add_to(tally)
            return True
        for tranche in range(self._full, last):
            if self._sizes[tranche] - self._used[tranche] >= claim.units:
                self._put(claim, tranche)
                return True
        return False

    def _in_exchange(self, claim: Claim) -> bool:
        if len(claim.parts) != 1:
            return False
        here = claim.parts[0][0]
        if here <= self._absent.first:
            return False
        for other in self.claims.values():
            if other.tally is self._present or len(other.parts) != 1:
                continue
            there = other.parts[0][0]
            more = claim.units - other.units
            if (
                there < here
                and self._used[there] + more <= self._sizes[there]
                and self._used[here] - more <= self._sizes[here]
            ):
                self._put(claim, there)
                self._put(other, here)
                return True
        return False

    def _put(self, claim: Claim, tranche: int) -> None:
        """Put it whole into another tranche."""
        tally = claim.tally
        claim.add_to(None)
        self._cut(claim, 0)
        claim.parts, claim.beyond = [(tranche, claim.units)], 0
        self._used[tranche] += claim.units
        claim.add_to(tally)

    # How far it has come

    def completed(self) -> int:
        """Return how many tranches the side has completed.

        If nobody is left, those before the first in which a convoy still has a place.
        """
        done = bisect_right(self._borders, self.moved)
        if done < len(self._borders) and self.nobody_left:
            pending = [c.parts[0][0] for c in self.let_through.values() if c.parts]
            pending += self._absent.first, self._present.first, len(self._borders)
            done = max(done, min(pending))
        return done

    def has_ready(self, tranche: int) -> bool:
        """Whether a tranche is at the gate, or all that the side can still bring."""
        if self.nobody_left and self._absent.first > tranche:
            return True
        if self._sizes[tranche] >= UNLIMITED:
            return self._present.units[tranche] > 0
        here = self._used[tranche] - self._absent.units[tranche]
        return here >= self._sizes[tranche]

    def open_units(self, convoy: int) -> int:
        """Return how much of what a convoy has places for is in open tranches."""
        parts = self.claims[convoy].parts
        return sum(units for tranche, units in parts if tranche < self.open)

    def may_pass(self, convoy: int) -> bool:
        """Whether the tranche of a convoy's place is open."""
        parts = self.claims[convoy].parts
        return bool(parts) and parts[0][0] < self.open
