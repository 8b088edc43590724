"""When a flow may send convoys."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import lru_cache

from sim.scenario.clock import Clock, Hours
from sim.scenario.plans import FlowPlan, Operation

NEVER = 10**12


@dataclass
class Timetable:
    """When a flow may send convoys, in seconds; windows are [from, to).

    Attributes
    ----------
    windows : hours of operation, day by day.
    departures : one convoy each; empty if convoys go as soon as they are formed.
    punctual : a departure that was missed is dropped, instead of made late.
    """

    opens: int
    closes: int
    windows: tuple[tuple[int, int], ...]
    departures: tuple[int, ...] = ()
    punctual: bool = False
    _starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._starts = [start for start, _ in self.windows]

    def next_moment(self, now: int) -> int:
        """Return the first moment from now on at which the flow is open."""
        at = bisect_right(self._starts, now) - 1
        if at >= 0 and now < self.windows[at][1]:
            return now
        return self._starts[at + 1] if at + 1 < len(self._starts) else NEVER

    def shuts(self, now: int) -> int:
        """Return when a flow that is open now no longer is."""
        if self.punctual:
            return now + 1
        end = self.windows[bisect_right(self._starts, now) - 1][1]
        return end if end < self.closes else NEVER

    def departure(self, now: int, used: int) -> int:
        """Return when the next departure is, `used` of them being gone."""
        if self.punctual:
            used = max(used, bisect_left(self.departures, now))
        return max(self.departures[used], now) if used < len(self.departures) else NEVER

    def used_up(self, now: int, used: int) -> int:
        """Return how many departures are gone once one is made now."""
        return (
            max(used + 1, bisect_right(self.departures, now))
            if self.punctual
            else used + 1
        )


def timetable_of(operation: Operation, plan: FlowPlan) -> Timetable:
    """Return when a flow may send convoys."""
    horizon, clock = operation.ends, operation.clock
    windows: tuple[tuple[int, int], ...] = ((0, horizon),)
    if plan.hours is not None:
        windows = _windows(clock, plan.hours, horizon)
    departures = sorted(plan.dispatch_dates)
    if plan.dispatch_times:
        departures = [
            moment
            for moment in clock.moments(plan.dispatch_times, horizon)
            if any(start <= moment < end for start, end in windows)
        ]
    return Timetable(
        opens=plan.opens or 0,
        closes=horizon if plan.closes is None else plan.closes,
        windows=windows,
        departures=tuple(departures),
        punctual=bool(plan.dispatch_times),
    )


@lru_cache(maxsize=256)
def _windows(clock: Clock, hours: Hours, horizon: int) -> tuple[tuple[int, int], ...]:
    return clock.windows(hours, horizon)
