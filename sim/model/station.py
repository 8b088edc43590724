"""Places that serve one vehicle each: the lanes of a checkpoint, the bays of a site.

Vehicles are arithmetic: a convoy's vehicles are booked in one go when it comes. That is
exact for first come, first served, because convoys come in time order (Kiefer and
Wolfowitz, Trans. Amer. Math. Soc. 78, 1955, give the same recursion). When a gate opens
or closes, or somebody leaves early, what is booked is arranged anew from then on.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection
from heapq import heapify, heappop, heappush, heapreplace
from itertools import accumulate
from operator import add
from typing import Protocol

import simpy

from sim.model.kernel import MOVE, NEVER, Alarm, move_callbacks


class Door(Protocol):
    """What must be open for turns to begin and go on."""

    @property
    def is_open(self) -> bool:
        """Whether it is."""
        ...


class _Interrupted:
    """What is known of turns that something has interrupted, vehicle by vehicle.

    Attributes
    ----------
    begun : whether its turn has begun.
    rest : what was left of it when all was last arranged.
    ends : when it ends, or ended.
    """

    __slots__ = ("begun", "ends", "rest")

    def __init__(self, rest: list[int], ends: list[int]) -> None:
        self.rest = rest
        self.ends = ends
        self.begun = [False] * len(rest)

    def take_out(self, position: int, now: int) -> None:
        """End the turn of a vehicle that was lost."""
        self.begun[position] = True
        self.rest[position] = 0
        self.ends[position] = min(self.ends[position], now)


class Booking:
    """The turns of one convoy's vehicles at a station.

    Attributes
    ----------
    starts : when each turn begins, or began.
    turns : how long each takes; 0 for vehicles that were lost.
    last : when the last of them ends; `NEVER` as long as that cannot be said.
    lost : positions of vehicles that were lost: they take no place.
    door : what must be open.
    alarm : what its convoy waits for, if it does.
    """

    __slots__ = (
        "_interrupted",
        "_order",
        "_station",
        "alarm",
        "door",
        "last",
        "lost",
        "starts",
        "turns",
    )

    def __init__(
        self,
        station: Station,
        door: Door,
        turns: list[int],
        starts: list[int],
        last: int,
        lost: Collection[int],
        order: int,
    ) -> None:
        self.turns = turns
        self.lost = lost
        self.starts = starts
        self.last = last
        self.door = door
        self.alarm: simpy.Event | None = None
        self._order = order
        self._station = station
        self._interrupted: _Interrupted | None = None

    @property
    def first(self) -> int:
        """When the first turn begins, or began; `NEVER` if no vehicle has one."""
        if self._interrupted is None:
            return self.starts[0]
        left = (s for i, s in enumerate(self.starts) if i not in self.lost)
        return min(left, default=NEVER)

    @property
    def done(self) -> list[int]:
        """Positions of vehicles whose turns are over, as last worked out."""
        turns = self._interrupted
        assert turns is not None  # noqa: S101 - it was settled
        return [i for i, begun in enumerate(turns.begun) if begun and not turns.rest[i]]

    def wait(self, env: simpy.Environment) -> simpy.Event:
        """Return what happens when the last turn ends."""
        if self.last < NEVER:
            delay: int = self.last - env._now  # type: ignore[assignment] # whole seconds
            self.alarm = Alarm(env, delay, MOVE + self._order)
        else:
            self.alarm = simpy.Event(env)
        return self.alarm

    def over(self) -> list[int] | None:
        """Note that the convoy has gone on.

        Returns
        -------
        list
            When its turns ended, if anything interrupted them.
        """
        del self._station.bookings[self]
        return None if self._interrupted is None else self._interrupted.ends

    def leave(self, now: int) -> list[int]:
        """Free what it holds and give up its turns; return what was left of each."""
        if self in self._station.bookings:
            self.settle(now)
            self.over()
            self._station.arrange(now)
        assert self._interrupted is not None  # noqa: S101 - it was settled
        return self._interrupted.rest

    def drop(self, position: int, now: int) -> None:
        """Take one vehicle out: it was destroyed."""
        self.settle(now).take_out(position, now)
        self.starts[position] = min(self.starts[position], now)
        self._station.arrange(now)

    def settle(self, now: int) -> _Interrupted:
        """Work out what is left of each turn at a moment."""
        turns = self._interrupted
        if turns is None:
            ends = list(map(add, self.starts, self.turns))
            if self.last >= NEVER:
                ends = [NEVER] * len(ends)
            turns = self._interrupted = _Interrupted(self.turns.copy(), ends)
            for i in self.lost:
                turns.take_out(i, now)
                self.starts[i] = min(self.starts[i], now)
        for i, end in enumerate(turns.ends):
            # Gates close before vehicles move: who would begin now has not begun.
            if end < NEVER and (turns.begun[i] or self.starts[i] < now):
                turns.begun[i] = True
                turns.rest[i] = max(end - now, 0)
        return turns

    def arrange(self, now: int, taken: list[int], places: int) -> None:
        """Let its turns go on from now on, and begin as places fall free.

        Parameters
        ----------
        taken : when places that are taken fall free, as a heap.
        places : how many there are for turns that go on.
        """
        turns = self._interrupted
        assert turns is not None  # noqa: S101 - it was settled
        is_open = self.door.is_open
        ends, rest = turns.ends, turns.rest
        for i, begun in enumerate(turns.begun):
            if begun:
                if rest[i]:
                    ends[i] = now + rest[i] if is_open else NEVER
            elif not is_open or places <= 0:
                self.starts[i] = ends[i] = NEVER
            else:
                start = now if len(taken) < places else heappop(taken)
                self.starts[i], ends[i] = start, start + rest[i]
                heappush(taken, start + rest[i])
        self.ends_with(max(ends))

    def begin_at(self, begin: Callable[[], int]) -> None:
        """Let turns that take no time, and have not been, be when they can.

        Parameters
        ----------
        begin : returns when the next turn is; called for each in its order.
        """
        turns = self._interrupted
        assert turns is not None  # noqa: S101 - it was settled
        for i, begun in enumerate(turns.begun):
            if not begun:
                self.starts[i] = turns.ends[i] = begin()
        self.ends_with(max(turns.ends))

    def take(self, turns: list[int], now: int) -> None:
        """Let turns that have not begun take other times."""
        interrupted = self.settle(now)
        self.turns = self.turns.copy()
        for i, begun in enumerate(interrupted.begun):
            if not begun:
                self.turns[i] = interrupted.rest[i] = turns[i]

    def ends_with(self, last: int) -> None:
        """Note when the last turn ends, and let the convoy wait for that."""
        if last != self.last:
            self.last = last
            if self.alarm is not None:
                before = self.alarm
                move_callbacks(before, self.wait(self._station.env))


class Station:
    """A number of places, each serving one vehicle at a time.

    Parameters
    ----------
    places : how many; None for as many as there are vehicles.

    Attributes
    ----------
    bookings : of convoys that are here, in the order in which they came.
    is_interrupted : some of them cannot go on: whoever comes is arranged with all.
    """

    __slots__ = ("_busy", "_places", "bookings", "env", "is_interrupted")

    def __init__(self, env: simpy.Environment, places: int | None) -> None:
        self.env = env
        self.bookings: dict[Booking, None] = {}
        self.is_interrupted = False
        self._places = places
        # When each place that is taken falls free, in order.
        self._busy: list[int] = []

    def book(
        self, turns: list[int], door: Door, lost: Collection[int], order: int
    ) -> Booking:
        """Give each vehicle of a convoy its turn behind all who came before.

        Parameters
        ----------
        turns : how long each vehicle's turn takes.
        door : what must be open; it is, now.
        lost : positions of vehicles that were lost, and take no time.
        order : of the convoy.
        """
        if self.is_interrupted:
            never = [NEVER] * len(turns)
            booking = Booking(self, door, turns, never, NEVER, lost, order)
            self.bookings[booking] = None
            self.arrange(int(self.env.now))
            return booking
        now: int = self.env._now  # type: ignore[assignment] # whole seconds
        places, busy = self._places, self._busy
        if places is None:
            starts, last = [now] * len(turns), now + max(turns)
        elif places == 1:
            begin = max(busy[0], now) if busy else now
            starts = list(accumulate(turns, initial=begin))
            last = starts.pop()
            self._busy = [last]
        else:
            starts, last = _in_turn(now, turns, places, busy)
        booking = Booking(self, door, turns, starts, last, lost, order)
        self.bookings[booking] = None
        return booking

    def arrange(self, now: int) -> None:
        """Give places anew from now on, in the order of coming, to who can use them.

        Whoever has a place keeps it, paused or not.
        """
        if not self.bookings:
            self._busy, self.is_interrupted = [], False
            return
        taken: list[int] = []
        paused = 0
        for booking in self.bookings:
            turns = booking.settle(now)
            is_open = booking.door.is_open
            for begun, rest in zip(turns.begun, turns.rest, strict=True):
                if begun and rest:
                    if is_open:
                        taken.append(now + rest)
                    else:
                        paused += 1
        places = NEVER if self._places is None else self._places - paused
        if len(taken) > places:  # there are fewer than when they were taken
            taken = sorted(taken)[-places:] if places > 0 else []
        heapify(taken)
        for booking in self.bookings:
            booking.arrange(now, taken, places)
        self._busy = sorted(taken)
        self.is_interrupted = any(not booking.door.is_open for booking in self.bookings)

    def change_places(self, places: int, now: int) -> None:
        """Have another number of places from now on; turns that have begun go on."""
        self._places = places
        self.arrange(now)

    def let_go(self) -> None:
        """Hold on to nobody any more: the run is over."""
        for booking in self.bookings:
            booking.alarm = None
        self.bookings.clear()


def _in_turn(
    now: int, turns: list[int], places: int, busy: list[int]
) -> tuple[list[int], int]:
    """Return when each turn begins and the last ends, if nothing interrupts.

    Parameters
    ----------
    busy : when each place that is taken falls free, in order; it is brought up to date.
    """
    if busy and busy[0] <= now:
        del busy[: bisect_right(busy, now)]
    until = busy[-1] if busy else now
    idle = places - len(busy)
    if idle >= len(turns):
        busy += [now + turn for turn in turns]
        busy.sort()
        return [now] * len(turns), now + max(turns)
    if idle:
        busy += [now + turn for turn in turns[:idle]]
        busy.sort()
    starts = [now] * idle
    # A list in order is a heap; what has changed in it is soon in order again.
    starts += [heapreplace(busy, busy[0] + turn) for turn in turns[idle:]]
    busy.sort()
    last = busy[-1]
    if last <= until:  # that of a convoy booked before
        last = max(map(add, starts, turns))
    return starts, last
