"""How much of a flow may still set out in this day or week."""

from __future__ import annotations

from bisect import bisect_right

from sim.model.kernel import NEVER
from sim.scenario.pace import Pace


class Quota:
    """Counts what has set out in each day or week of the calendar.

    Parameters
    ----------
    pace : how much may.
    starts : when each day or week begins.

    Attributes
    ----------
    unit : what is counted.
    """

    __slots__ = ("_most", "_starts", "_used", "unit")

    def __init__(self, pace: Pace, starts: tuple[int, ...]) -> None:
        self.unit = pace.unit
        self._most = pace.number
        self._starts = starts
        self._used: list[tuple[int, int, int, int]] = []

    def left(self, now: int) -> int:
        """Return how many units may still set out in the present day or week."""
        place = bisect_right(self._starts, now) - 1
        since = self._starts[place]
        column = 1 + ("people", "vehicles", "convoys").index(self.unit)
        used = 0
        for each in reversed(self._used):
            if each[0] < since:
                break
            used += each[column]
        return max(self._most - used, 0)

    def renewed(self, now: int) -> int:
        """Return when the next day or week begins; `NEVER` if not in this run."""
        place = bisect_right(self._starts, now)
        return self._starts[place] if place < len(self._starts) else NEVER

    def use(self, now: int, people: int, vehicles: int) -> None:
        """Note that a convoy sets out."""
        self._used.append((now, people, vehicles, 1))

    def use_more(self, now: int, people: int) -> None:
        """Note that more people join a convoy on its way."""
        self._used.append((now, people, 0, 0))

    def go_on_from(self, before: Quota | None) -> None:
        """Take over what has set out before."""
        if before is not None:
            self._used = before._used
