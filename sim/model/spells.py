"""The clock of a gate, which stands still while the gate is closed."""

from bisect import bisect_left, bisect_right
from operator import add


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
        self, starts: list[int], turns: list[int]
    ) -> tuple[list[int], list[int]]:
        """Return when turns began and ended that began at these readings."""
        clocks, times = self._clocks, self._times
        ends = list(map(add, starts, turns))
        ended = [max(bisect_left(clocks, end) - 1, 0) for end in ends]
        return (
            [self.time_of(start) for start in starts],
            [t - clocks[i] + times[i] for i, t in zip(ended, ends, strict=True)],
        )
