"""A gate that lets so many vehicles through at a time, every so long."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial

import simpy

from sim.events import Cause, EventLog, Kind
from sim.model.convoy import Convoy
from sim.model.kernel import NEVER, Lines
from sim.model.serving import ServingGate
from sim.model.station import Booking, Door, Station


class Releases(Station):
    """Turns that take no time, so many together, and the next no earlier than later.

    A release is as soon as somebody is there for it. Who comes in the very second of
    one, or before one that is to come, goes with it as long as it is not full.
    """

    __slots__ = ("_gaps", "_gone", "_left", "_most", "_times", "_waits")

    def __init__(self, env: simpy.Environment) -> None:
        super().__init__(env, None)
        self._most = NEVER
        self._gaps: Iterator[int] = iter(())
        # The releases so far, with those that are to come, and what follows each.
        self._times: list[int] = []
        self._waits: list[int] = []
        self._left = 0
        # The second of the last release that a convoy was through with, and of how
        # many vehicles that have gone on.
        self._gone = -1, 0

    def change(self, most: int, gaps: Iterator[int], now: int) -> None:
        """Release so many at a time from now on, and so often."""
        self._forget_from(now)
        del self._times[:-1]
        self._waits.clear()
        self._most, self._gaps = most, gaps
        self.arrange(now)

    def book(
        self, turns: list[int], door: Door, lost: Collection[int], order: int
    ) -> Booking:
        """Give each vehicle of a convoy its release behind all who came before."""
        now = int(self.env.now)
        starts = [now if i in lost else self._next(now) for i in range(len(turns))]
        booking = Booking(self, door, turns, starts, max(starts), lost, order)
        self.bookings[booking] = None
        return booking

    def arrange(self, now: int) -> None:
        """Give releases anew from now on, in the order of coming."""
        self._forget_from(now)
        begin = partial(self._next, now)
        for booking in self.bookings:
            booking.settle(now)
            booking.begin_at(begin if booking.door.is_open else _not_now)

    def has_passed(self, booking: Booking, now: int) -> None:
        """Note that a convoy is through, some of it perhaps in this second."""
        second, vehicles = self._gone
        just = sum(
            start == now
            for i, start in enumerate(booking.starts)
            if i not in booking.lost
        )
        self._gone = now, (vehicles if second == now else 0) + just

    def _next(self, now: int) -> int:
        """Return when the next vehicle in line is released, and count it."""
        if self._most >= NEVER:
            return now
        if not (self._left and self._times[-1] >= now):
            at = now
            if self._times:
                at = max(self._times[-1] + self._wait(len(self._times) - 1), now)
            self._times.append(at)
            self._left = self._most
        self._left -= 1
        return self._times[-1]

    def _wait(self, number: int) -> int:
        while len(self._waits) <= number:
            self._waits.append(next(self._gaps))
        return self._waits[number]

    def _forget_from(self, now: int) -> None:
        """Take back releases that have not been, but for who is through already."""
        times = self._times
        while times and times[-1] >= now:
            del times[-1]
        self._left = 0
        second, vehicles = self._gone
        if second == now and vehicles and self._most < NEVER:
            times.append(now)
            self._left = max(self._most - vehicles, 0)


def _not_now() -> int:
    return NEVER


class ReleasingGate(ServingGate):
    """It lets vehicles through in releases; who waits for one stands in a queue."""

    def __init__(
        self, env: simpy.Environment, name: str, log: EventLog, lines: Lines
    ) -> None:
        self._releases = Releases(env)
        super().__init__(env, name, log, lines, self._releases, "release")

    def change(self, vehicles: int, gaps: Iterator[int]) -> None:
        """Release so many vehicles at a time from now on.

        Parameters
        ----------
        gaps : least times to the next release, one after the other.
        """
        self._releases.change(vehicles, gaps, int(self._env.now))

    def _turns(self, convoy: Convoy) -> list[int]:
        return [0] * len(convoy.trip.vehicles)

    def _book_again(self, convoy: Convoy, booking: Booking) -> Booking:
        through = {*convoy.trip.fates, *booking.done}
        again = self._releases.book(
            self._turns(convoy), self.door_of(convoy), through, convoy.number
        )
        convoy.booking = again
        return again

    def _joined(self, convoy: Convoy, booking: Booking) -> None:
        if booking.last > self._env._now:
            convoy.note(Kind.QUEUED, self.name, Cause.QUEUE)

    def _served(self, convoy: Convoy, booking: Booking) -> None:
        self._releases.has_passed(booking, int(self._env.now))
        super()._served(convoy, booking)

    def _cause(self, convoy: Convoy) -> Cause:
        return Cause.QUEUE
