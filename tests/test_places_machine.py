"""The places of one side, against a plain list of who has what of each tranche."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from sim.model.agreement.places import Places


class Seats:
    """Who has how many units of each tranche."""

    MOVED_BEFORE = 0

    def __init__(self, sizes, kept):
        self.sizes = sizes
        self.taken = [{} for _ in sizes]
        self.fill(self.MOVED_BEFORE, kept)

    def free(self, tranche, but=None):
        """Return what is free; one that sits on more than there is leaves nothing."""
        taken = [n for who, n in self.taken[tranche].items() if who != but]
        return max(self.sizes[tranche] - sum(taken), 0)

    def fill(self, convoy, units):
        """Take what is free of one tranche after the other; of the last, the rest."""
        last = None
        for tranche in range(len(self.sizes)):
            if part := min(units, self.free(tranche)):
                self.taken[tranche][convoy] = part
                units -= part
                last = tranche
        if units and last is not None and convoy != self.MOVED_BEFORE:
            self.taken[last][convoy] += units

    def put(self, convoy, tranche, units):
        self.taken[tranche][convoy] = units

    def keep(self, convoy, units):
        """Let a convoy keep so many of its units, those of the first tranches."""
        for taken in self.taken:
            kept = min(taken.pop(convoy, 0), units)
            units -= kept
            if kept:
                taken[convoy] = kept

    def parts(self, convoy):
        return [(t, who[convoy]) for t, who in enumerate(self.taken) if convoy in who]

    def room(self):
        return next(filter(None, map(self.free, range(len(self.sizes)))), 0)


class PlacesMachine(RuleBasedStateMachine):
    """Convoys form, stand there, pass, count, shrink and give up, in any order."""

    @initialize(sizes=st.lists(st.integers(0, 6), min_size=1, max_size=5))
    def build(self, sizes):
        self.sizes = sizes
        self.places = Places("north")
        self.places.begin(sizes, "people")
        self.seats = Seats(sizes, 0)
        self.units = {}
        self.under_way, self.ready = [], []
        self.let_through, self.counted = [], []
        self.kept = self.number = self.joined = 0
        self.open = 0

    @rule(units=st.integers(1, 6))
    def form(self, units):
        """A convoy takes no more than the first tranche with room has left."""
        units = min(units, self.seats.room())
        if units:
            self.number += 1
            self.places.claim(self.number, units, 1)
            self.units[self.number] = units
            self.seats.fill(self.number, units)
            self.under_way.append(self.number)

    @rule(data=st.data())
    def come(self, data):
        if number := self.pick(data, self.under_way):
            self.under_way.remove(number)
            self.ready.append(number)
            self.joined += 1
            self.places.stand({number: self.joined})

    @rule(data=st.data())
    def go_away(self, data):
        if number := self.pick(data, self.ready):
            self.ready.remove(number)
            self.under_way.append(number)
            assert self.places.step_aside(number)

    @rule(data=st.data())
    def pass_the_gate(self, data):
        if number := self.pick(data, self.ready):
            self.ready.remove(number)
            self.let_through.append(number)
            self.places.let_pass(number)

    @rule(data=st.data())
    def count(self, data):
        if number := self.pick(data, self.let_through):
            self.let_through.remove(number)
            self.counted.append(number)
            assert self.places.count(number).units == self.units[number]
            assert self.places.count(number) is None

    @rule(data=st.data(), lost=st.integers(1, 6))
    def shrink(self, data, lost):
        """It counts for what is left; what counts already counts as it was."""
        number = self.pick(data, [*self.under_way, *self.ready, *self.let_through])
        if number:
            left = max(self.units[number] - lost, 0)
            self.units[number] = left
            self.places.recount(number, left, 1)
            self.seats.keep(number, left)
            if not left:
                self.forget(number)

    @rule(data=st.data())
    def give_up(self, data):
        every = [*self.under_way, *self.ready, *self.let_through, *self.counted]
        if number := self.pick(data, every):
            counted = self.places.give_up(number)
            assert (counted is not None) == (number in self.counted)
            self.seats.keep(number, 0)
            self.forget(number)

    @rule(
        sizes=st.lists(st.integers(0, 6), min_size=1, max_size=5),
        kept=st.integers(0, 4),
    )
    def begin_anew(self, sizes, kept):
        """Those not let through get places anew, in the order they were formed."""
        self.places.begin(sizes, "people", kept)
        self.sizes, self.kept, self.open = sizes, kept, 0
        self.places.open = 0
        self.seats = Seats(sizes, kept)
        self.let_through, self.counted = [], []
        for number in sorted([*self.under_way, *self.ready]):
            self.seats.fill(number, self.units[number])

    @rule(tranches=st.integers(0, 5))
    def open_tranches(self, tranches):
        self.open = self.places.open = min(tranches, len(self.sizes))

    @rule()
    def move_up(self):
        """Everybody in line is looked at once, in the order of coming."""
        moved = False
        for number in list(self.ready):
            parts = self.seats.parts(number)
            waits = not parts or parts[0][0] >= self.open
            if waits and len(parts) < 2:
                moved = self.into_room(number, parts) or moved
        assert self.places.move_up() == moved

    def into_room(self, number, parts):
        seats, units = self.seats, self.units[number]
        here = parts[0][0] if parts else len(self.sizes)
        for tranche in range(here):
            if seats.free(tranche) >= units:
                seats.keep(number, 0)
                seats.put(number, tranche, units)
                return True
        for other in sorted(self.under_way) if parts else ():
            theirs = seats.parts(other)
            if len(theirs) == 1 and theirs[0][0] < here:
                there = theirs[0][0]
                room_there = seats.free(there, but=other)
                room_here = seats.free(here, but=number)
                if units <= room_there and self.units[other] <= room_here:
                    seats.keep(number, 0)
                    seats.keep(other, 0)
                    seats.put(number, there, units)
                    seats.put(other, here, self.units[other])
                    return True
        return False

    def pick(self, data, numbers):
        return data.draw(st.sampled_from(sorted(numbers)), "convoy") if numbers else 0

    def forget(self, number):
        for numbers in (self.under_way, self.ready, self.let_through, self.counted):
            if number in numbers:
                numbers.remove(number)

    @invariant()
    def every_convoy_has_its_seats(self):
        if not hasattr(self, "places"):
            return
        places = self.places
        places.check()
        claims = {**places.claims, **places.let_through, **places.counted}
        every = [*self.under_way, *self.ready, *self.let_through, *self.counted]
        assert sorted(claims) == sorted(every)
        for number, claim in claims.items():
            assert claim.parts == self.seats.parts(number)

    @invariant()
    def room_is_what_the_first_tranche_with_any_has(self):
        if hasattr(self, "places"):
            assert self.places.room() == self.seats.room()

    @invariant()
    def what_has_moved_is_what_counts(self):
        if hasattr(self, "places"):
            counted = sum(self.units[number] for number in self.counted)
            assert self.places.moved == counted + self.kept


@pytest.mark.slow
def test_places_are_what_a_list_of_who_has_them_says():
    run_state_machine_as_test(
        PlacesMachine, settings=settings(max_examples=400, stateful_step_count=40)
    )
