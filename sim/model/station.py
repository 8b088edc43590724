"""Lanes or bays that serve vehicles first come, first served."""

from bisect import bisect_right
from heapq import heapreplace
from itertools import accumulate
from operator import add


class Station:
    """A number of places, each serving one vehicle at a time.

    Vehicles are arithmetic: a convoy's vehicles are booked in one go, in their
    order, when the convoy comes. That is exact for first come, first served,
    because convoys come in time order (Kiefer and Wolfowitz, Trans. Amer. Math.
    Soc. 78, 1955, give the same recursion).

    Moments are readings of the clock of the gate that the station belongs to, which
    stands still while the gate is closed.
    """

    __slots__ = ("_busy", "_until", "places")

    def __init__(self, places: int | None) -> None:
        self.places = places
        # When each place that is taken falls free, in order.
        self._busy: list[int] = []
        self._until = 0

    def clear(self) -> None:
        """Forget all turns: nobody is left to take them."""
        self._busy = []
        self._until = 0

    def book(self, now: int, turns: list[int]) -> tuple[list[int], int]:
        """Return when each vehicle's turn begins, and when the last of them ends.

        Parameters
        ----------
        now : what the clock shows.
        turns : how long each vehicle's turn takes.
        """
        if self.places is None:
            return [now] * len(turns), now + max(turns)
        if self.places == 1:
            starts = list(accumulate(turns, initial=max(self._until, now)))
            self._until = last = starts.pop()
            return starts, last
        busy = self._busy
        if busy and busy[0] <= now:
            del busy[: bisect_right(busy, now)]
        until = busy[-1] if busy else now
        idle = self.places - len(busy)
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
