"""Lanes and bays: what is booked in one go is what serving one by one gives."""

from copy import deepcopy
from heapq import heappop, heappush

import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from sim.model.station import NEVER, Station

CONVOYS = st.lists(
    st.tuples(st.integers(0, 40), st.lists(st.integers(0, 30), min_size=1, max_size=9)),
    max_size=12,
)


class Door:
    is_open = True


def station(places):
    return Station(simpy.Environment(), places)


def booked(at, now, turns):
    """Book for a convoy that comes at a moment; return when turns begin and all end."""
    if now > at.env.now:
        at.env.run(until=now)
    booking = at.book(turns, Door(), (), 1)
    return booking.starts, booking.last


# Nobody interrupts


@pytest.mark.parametrize(
    ("places", "starts", "last"),
    [(1, [10, 15, 18], 25), (2, [10, 10, 13], 20), (None, [10, 10, 10], 17)],
)
def test_three_vehicles_take_their_turns(places, starts, last):
    assert booked(station(places), 10, [5, 3, 7]) == (starts, last)


def test_a_convoy_queues_behind_the_one_before_it():
    lanes = station(2)

    assert booked(lanes, 0, [10, 4]) == ([0, 0], 10)
    assert booked(lanes, 1, [3, 1]) == ([4, 7], 8)
    assert booked(lanes, 20, [3]) == ([20], 23)


@given(st.integers(1, 6), CONVOYS)
def test_vehicles_are_served_first_come_first_served(places, convoys):
    """One by one: each takes the place that falls free first."""
    lanes, free, now = station(places), [0] * places, 0
    for gap, turns in convoys:
        now += gap
        expected = []
        for turn in turns:
            start = max(heappop(free), now)
            heappush(free, start + turn)
            expected.append((start, start + turn))
        starts, last = booked(lanes, now, turns)
        assert starts == [start for start, _ in expected]
        assert last == max(end for _, end in expected)


# Doors open and close, convoys leave, vehicles are destroyed


class Vehicle:
    """One vehicle at a station that is watched second by second."""

    def __init__(self, turn):
        self.left = turn
        self.start = None

    @property
    def inside(self):
        return self.start is not None and self.left > 0


class SecondBySecond:
    """Serves vehicles by looking at each of them in every second."""

    def __init__(self, places):
        self.now = 0
        self.places = places
        self.queue = {}  # convoys in the order of coming: their vehicles
        self.doors = {}
        self.shut = set()

    def pass_second(self):
        """Let those inside whose door is open be served for a second."""
        for convoy, vehicles in self.queue.items():
            for vehicle in vehicles:
                if vehicle.inside and self.doors[convoy] not in self.shut:
                    vehicle.left -= 1
        self.now += 1

    def fill(self):
        """Give free places to the first in line who can use them."""
        inside = sum(v.inside for vehicles in self.queue.values() for v in vehicles)
        for convoy, vehicles in self.queue.items():
            for vehicle in vehicles:
                waits = vehicle.start is None and vehicle.left > 0
                room = self.places is None or inside < self.places
                if waits and room and self.doors[convoy] not in self.shut:
                    vehicle.start = self.now
                    inside += 1

    def is_served(self, convoy):
        return not any(vehicle.left for vehicle in self.queue[convoy])

    def ends(self):
        """Return when each convoy is served if nothing happens but that time passes."""
        future, ends = deepcopy(self), {}
        for _ in range(1 + sum(v.left for vs in self.queue.values() for v in vs)):
            ends |= {
                convoy: future.now
                for convoy in future.queue
                if convoy not in ends and future.is_served(convoy)
            }
            future.pass_second()
            future.fill()
        return dict.fromkeys(self.queue, NEVER) | ends


class Stations(RuleBasedStateMachine):
    """Two doors share a station; within a second doors move before convoys do."""

    @initialize(places=st.sampled_from([1, 1, 2, 3, None]))
    def build(self, places):
        self.station = station(places)
        self.naive = SecondBySecond(places)
        self.doors = [Door(), Door()]
        self.bookings = {}
        self.number = 0
        self.moved = False

    @rule(seconds=st.integers(1, 12))
    def let_time_pass(self, seconds):
        env, naive = self.station.env, self.naive
        for _ in range(seconds):
            env.run(until=env.now + 1)
            naive.pass_second()
            self.moved = False
            self.let_go_who_is_served()

    def let_go_who_is_served(self):
        served = [c for c in self.bookings if self.naive.is_served(c)]
        for convoy in served:
            booking = self.bookings.pop(convoy)
            assert booking.last == self.naive.now
            booking.over()
            del self.naive.queue[convoy]
        self.naive.fill()

    @rule(number=st.integers(0, 1))
    @precondition(lambda self: not self.moved)
    def move_a_door(self, number):
        """A door moves before anything else in a second: who would begin has not."""
        naive, door = self.naive, self.doors[number]
        for vehicles in naive.queue.values():
            for vehicle in vehicles:
                if vehicle.start == naive.now:
                    vehicle.start = None
        door.is_open = not door.is_open
        naive.shut ^= {number}
        self.station.arrange(int(self.station.env.now))
        naive.fill()

    @rule(
        number=st.integers(0, 1),
        turns=st.lists(st.integers(1, 12), min_size=1, max_size=4),
    )
    def come(self, number, turns):
        if self.doors[number].is_open and len(self.bookings) < 6:
            self.book(number, turns)

    def book(self, number, turns):
        self.moved = True
        self.number += 1
        self.bookings[self.number] = self.station.book(
            list(turns), self.doors[number], (), self.number
        )
        self.naive.queue[self.number] = [Vehicle(turn) for turn in turns]
        self.naive.doors[self.number] = number
        self.naive.fill()

    @rule(data=st.data())
    @precondition(lambda self: self.bookings)
    def leave(self, data):
        """A convoy is turned back, or detained and comes again with what was left."""
        self.moved = True
        convoy = data.draw(st.sampled_from(sorted(self.bookings)), "convoy")
        booking = self.bookings.pop(convoy)
        rest = booking.leave(int(self.station.env.now))
        vehicles = self.naive.queue.pop(convoy)
        assert rest == [vehicle.left for vehicle in vehicles]
        self.naive.fill()
        number = self.naive.doors[convoy]
        if self.doors[number].is_open and data.draw(st.booleans(), "comes again"):
            self.book(number, rest)

    @rule(data=st.data())
    @precondition(lambda self: self.bookings)
    def destroy(self, data):
        """A vehicle is destroyed, of a convoy that keeps another."""
        convoy = data.draw(st.sampled_from(sorted(self.bookings)), "convoy")
        left = [i for i, v in enumerate(self.naive.queue[convoy]) if v.left]
        if len(left) < 2:
            return
        self.moved = True
        position = data.draw(st.sampled_from(left), "position")
        self.bookings[convoy].drop(position, int(self.station.env.now))
        self.naive.queue[convoy][position].left = 0
        self.naive.fill()

    @invariant()
    def both_say_the_same(self):
        ends = self.naive.ends() if hasattr(self, "naive") else {}
        for convoy, end in ends.items():
            booking = self.bookings[convoy]
            assert booking.last == end
            for vehicle, start in zip(
                self.naive.queue[convoy], booking.starts, strict=True
            ):
                if vehicle.start is not None and vehicle.left:
                    assert vehicle.start == start


def test_a_station_serves_as_if_it_looked_at_every_vehicle_in_every_second():
    run_state_machine_as_test(
        Stations, settings=settings(max_examples=300, stateful_step_count=30)
    )
