"""Lanes or bays that serve vehicles first come, first served."""

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

    __slots__ = ("_free", "places")

    def __init__(self, places: int | None) -> None:
        self.places = places
        self._free = [0] * (places or 0)

    def clear(self) -> None:
        """Forget all turns: nobody is left to take them."""
        self._free = [0] * (self.places or 0)

    def book(self, now: int, turns: list[int]) -> tuple[list[int], int]:
        """Return when each vehicle's turn begins, and when the last of them ends.

        Parameters
        ----------
        now : what the clock shows.
        turns : how long each vehicle's turn takes.
        """
        places = self.places
        if places is None:
            return [now] * len(turns), now + max(turns)
        free = self._free
        if places == 1:
            starts = list(accumulate(turns, initial=max(free[0], now)))
            free[0] = last = starts.pop()
            return starts, last
        if free[0] < now:
            # A heap stays one if all that is less than a value is raised to it.
            self._free = free = [moment if moment > now else now for moment in free]
        others_end = max(free)
        starts = [heapreplace(free, free[0] + turn) for turn in turns]
        last = max(free)
        if last == others_end:
            # That of a lane that others hold: ours may be through before.
            last = max(map(add, starts, turns))
        return starts, last
