"""The clock of a gate, which stands still while the gate is closed."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence


class Spells:
    """Spells during which a gate is open: its clock and the time as each began."""

    __slots__ = ("_clocks", "_times")

    def __init__(self) -> None:
        self._clocks = [0]
        self._times = [0]

    def begin(self, clock: int, time_s: int) -> None:
        """Note that the gate opens."""
        self._clocks.append(clock)
        self._times.append(time_s)

    def time_of(self, clock: int) -> int:
        """Return when something began that began at this reading of the clock."""
        spell = bisect_right(self._clocks, clock) - 1
        return clock - self._clocks[spell] + self._times[spell]

    def times_of(
        self, starts: Sequence[int], turns: Sequence[int]
    ) -> tuple[list[int], list[int]]:
        """Return when turns began and ended that began at these readings.

        A turn that ends as the gate closes ends before it, one that begins with a
        reading at which the gate was closed begins when it opens.
        """
        clocks, times = self._clocks, self._times
        began, ended = [], []
        for start, turn in zip(starts, turns, strict=True):
            spell = bisect_right(clocks, start) - 1
            began.append(start - clocks[spell] + times[spell])
            end = start + turn
            spell = max(bisect_left(clocks, end) - 1, spell)
            ended.append(end - clocks[spell] + times[spell])
        return began, ended
