"""Step curves: a whole number that changes at some seconds of a run."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Curve:
    """A count over time, 0 before its first step.

    Attributes
    ----------
    times_s : seconds at which the count changes, rising.
    totals : the count from that second on.
    """

    times_s: tuple[int, ...] = ()
    totals: tuple[int, ...] = ()

    @classmethod
    def of_changes(cls, changes: Iterable[tuple[int, int]]) -> "Curve":
        """Return the sum of changes, given as (second, change) in time order."""
        times: list[int] = []
        totals: list[int] = []
        total = 0
        for time_s, change in changes:
            if not change:
                continue
            total += change
            if times and times[-1] == time_s:
                totals[-1] = total
            else:
                times.append(time_s)
                totals.append(total)
        return cls(tuple(times), tuple(totals))

    def at(self, time_s: int) -> int:
        """Return the count at a second, with what happens in that second."""
        step = bisect_right(self.times_s, time_s)
        return self.totals[step - 1] if step else 0

    def before(self, time_s: int) -> int:
        """Return the count at a second, without what happens in that second."""
        step = bisect_left(self.times_s, time_s)
        return self.totals[step - 1] if step else 0

    def all_before(self, times_s: Iterable[int]) -> list[int]:
        """Return `before` of many seconds."""
        totals, steps = (0, *self.totals), self.times_s
        return [totals[bisect_left(steps, time_s)] for time_s in times_s]

    def all_between(self, first_s: int, last_s: int) -> list[int]:
        """Return every value that `before` has from one second to another, in order."""
        steps = self.times_s
        first, last = bisect_left(steps, first_s), bisect_left(steps, last_s)
        begin = self.totals[first - 1] if first else 0
        return [begin, *self.totals[first:last]]

    def time_of(self, count: int) -> int | None:
        """Return the first second at which the count is reached, None if never.

        Of a curve that never falls, as those of arrivals.
        """
        step = bisect_left(self.totals, count)
        return self.times_s[step] if step < len(self.times_s) else None

    def time_of_percent(self, percent: int, whole: int) -> int | None:
        """Return the first second at which so many percent of `whole` are reached.

        None if that never happens, or if `whole` is not positive. Exact: 90 % of 15
        people are 14 people.
        """
        return self.time_of(-(-percent * whole // 100)) if whole > 0 else None

    @property
    def last(self) -> int:
        """The count after the last step."""
        return self.totals[-1] if self.totals else 0
