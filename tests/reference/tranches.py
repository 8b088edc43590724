"""Places in tranches: who has them, who moves up, and release together."""

from dataclasses import dataclass, replace
from math import inf

from tests.reference.tempo import sizes_of


@dataclass(eq=False)
class Place:
    """What a convoy has in the tranches of its side."""

    side: str
    parts: list[list[int]]  # tranche and units
    let_through: bool = False
    counted: bool = False

    @property
    def units(self):
        return sum(units for _, units in self.parts)

    @property
    def first(self):
        return self.parts[0][0]


class Tranches:
    """A part of `Pact`."""

    # Places

    def enter(self, convoy):
        """Give a new convoy its place."""
        side = self.side_of(convoy.flow)
        if self.terms.parts:
            self._place_whole(convoy, side)
            return
        tranche, _ = self.leaves(side)
        self.places[convoy] = Place(side, [[tranche, self.units(convoy)]])

    def place_anew(self, gone=frozenset()):
        for convoy in self.world.convoys:
            side = self.side_of(convoy.flow)
            if side is None or convoy in gone or not convoy.riders:
                continue
            if (
                convoy.phase not in {"inbound", "through"}
                or convoy.doing == "unloading"
            ):
                continue
            gate = self.plan.parties[side].gate
            let = convoy.let_through and convoy.gate == gate
            let = let and convoy.phase == "through"
            comes = self.world.still_leads_to(convoy, gate)
            if gate not in convoy.passed and not let and comes:
                self._place_whole(convoy, side)

    def _place_whole(self, convoy, side):
        """Give a convoy the first tranche with room, and of the next what is beyond."""
        left, parts = self.units(convoy), []
        for tranche in range(len(self.tranches)):
            if taken := min(left, self.room(side, tranche)):
                parts.append([tranche, taken])
                left -= taken
        if parts:
            parts[-1][1] += left
            self.places[convoy] = Place(side, parts)

    def part(self, convoy, part):
        """Give a part of a convoy the first of its places."""
        place = self.places.get(convoy)
        if place is None:
            return
        left, first, rest = self.units(part), [], []
        for tranche, units in place.parts:
            taken = min(units, left)
            left -= taken
            first += [[tranche, taken]] * bool(taken)
            rest += [[tranche, units - taken]] * (units > taken)
        place.parts = rest or [[place.parts[-1][0], 0]]
        self.places[part] = replace(place, parts=first)

    def give_up(self, convoy, counted=True):
        place = self.places.get(convoy)
        if self.status == "lapsed" or (place and place.counted and not counted):
            return
        place = self.places.pop(convoy, None)
        if place and place.counted:
            self.counted.append((self.world.now, self.name, convoy.name, -place.units))

    def shrink(self, convoy):
        """Let a convoy that lost people or vehicles count for what is left."""
        place = self.places.get(convoy)
        if place is None or place.counted:
            return
        excess = place.units - self.units(convoy)
        for part in reversed(place.parts):
            less = min(excess, part[1])
            part[1] -= less
            excess -= less
        place.parts = [p for p in place.parts if p[1]] or place.parts[:1]

    def count(self, convoy):
        place = self.places.get(convoy)
        if self.status == "lapsed" or place is None or place.counted:
            return
        place.counted = True
        self.tally.append((self.world.now, place.side, sizes_of(convoy)))
        self.counted.append((self.world.now, self.name, convoy.name, place.units))

    # Who passes first, and release

    def able(self, convoy):
        """Return whether a convoy stands at the gate of its side able to go."""
        gate = self.plan.parties[self.side_of(convoy.flow)].gate
        stands = convoy.doing == "gate" and convoy.gate == gate
        loaded = convoy.phase == "through" and convoy.aboard > 0
        return bool(
            stands
            and loaded
            and not convoy.let_through
            and not convoy.detained
            and not self.world.bars(convoy)
        )

    def release(self):
        """Release the next tranche if every side has it ready."""
        tranche = self.released
        most = min(len(self.tranches), self.days())
        if self.terms.rule != "simultaneous" or tranche >= most:
            return False
        if self.status not in {"in force", "completed"} or self.suspended:
            return False
        for side in self.plan.parties:
            if self.done(side) < tranche or not self._ready(side, tranche):
                return False
        self.released += 1
        return True

    def _ready(self, side, tranche):
        places = self.of_side(side).items()
        standing, size = 0, self.sizes(side)[tranche]
        behind = False
        for convoy, place in places:
            here = sum(n for t, n in place.parts if t == tranche)
            if not place.let_through and self.able(convoy):
                standing += here
            elif not place.let_through and place.first <= tranche:
                behind = True
            if place.let_through:
                size -= here
        earlier = sum(self.sizes(side)[:tranche])
        carried = max(0, self.carried[side] - earlier)
        if size == inf:
            return standing > 0 or not (self.waits(side) or behind)
        return standing >= size - carried or not (self.waits(side) or behind)

    def move_up(self):
        """Let the first who can be helped by it move up; return whether anybody did."""
        convoys = [c for c in self.world.convoys if self.side_of(c.flow)]
        line = sorted((c for c in convoys if self.able(c)), key=lambda c: c.came)
        for convoy in line:
            nowhere = Place(self.side_of(convoy.flow), [[len(self.tranches), 0]])
            place = self.places.get(convoy, nowhere)
            if place is not nowhere and place.first < self.opens(place.side):
                continue
            if self._into_room(convoy, place):
                return True
            if place is nowhere:
                continue
            if self._swap(convoy, place):
                return True
        return False

    def _into_room(self, convoy, place):
        rooms = [self.room(place.side, tranche) for tranche in range(place.first)]
        if self.terms.parts and any(rooms):
            self.places.pop(convoy, None)
            self._place_whole(convoy, place.side)
            return True
        units = self.units(convoy)
        for tranche, room in enumerate(rooms):
            if room >= units and not self.terms.parts:
                self.places[convoy] = Place(place.side, [[tranche, units]])
                return True
        return False

    def _swap(self, convoy, place):
        mine = place.first
        for other, theirs in sorted(
            self.of_side(place.side).items(), key=lambda item: item[0].rank
        ):
            if theirs.let_through or theirs.first >= mine or self.able(other):
                continue
            if len(theirs.parts) > 1 or len(place.parts) > 1:
                continue
            there = self.room(place.side, theirs.first, but=other)
            here = self.room(place.side, mine, but=convoy)
            if there >= place.units and here >= theirs.units:
                place.parts, theirs.parts = (
                    [[theirs.first, place.units]],
                    [[mine, theirs.units]],
                )
                return True
        return False
