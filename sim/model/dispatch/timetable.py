"""When a flow may send convoys."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Literal

from sim.events import Cause
from sim.model.fleet import Fleet
from sim.model.hours import Windows, windows_of
from sim.model.kernel import NEVER
from sim.scenario.plans import FlowPlan, Operation


class Timetable:
    """When a flow may send convoys, in seconds, and which of its departures are made.

    Parameters
    ----------
    opens, closes : no convoy sets out before, or at or after; `closes` is None if it is
        only the end of the operation.
    windows : hours of operation.
    departures : one convoy each; None if convoys go as soon as they are formed.
    if_missed : what becomes of a departure at which not all could go.
    dated : the departures are dates, not times of day.
    ends : when the operation ends.

    Attributes
    ----------
    is_plain : convoys may go at any moment until it closes.
    has_departures : convoys go at departures only.
    rest : vehicles that a departure made in part has still to send, by fleet.
    """

    __slots__ = (
        "_departures",
        "_ever_closes",
        "_made",
        "_rest_of",
        "_starts",
        "_windows",
        "closes",
        "dated",
        "ends",
        "has_departures",
        "if_missed",
        "is_plain",
        "opens",
        "rest",
    )

    def __init__(
        self,
        opens: int,
        closes: int | None,
        windows: Windows,
        ends: int,
        departures: tuple[int, ...] | None = None,
        if_missed: Literal["late", "next", "drop"] = "late",
        *,
        dated: bool = False,
    ) -> None:
        self.opens = opens
        self.closes = ends if closes is None else closes
        self._ever_closes = closes is not None
        self.dated = dated
        self.if_missed = if_missed
        self.rest: dict[Fleet, int] | None = None
        self._rest_of = -1
        self._windows = windows
        self._starts = [start for start, _ in windows]
        self._departures = departures or ()
        self.is_plain = departures is None and windows == ((0, ends),)
        self.has_departures = departures is not None
        self.ends = ends
        self._made = 0

    def next_chance(self, now: int) -> int:
        """Return the first moment from now on at which a convoy may set out."""
        moment = now
        if self.has_departures:
            number = self._next_departure(now)
            if number >= len(self._departures):
                return NEVER
            moment = max(self._departures[number], now)
        at = bisect_right(self._starts, moment) - 1
        if at >= 0 and moment < self._windows[at][1]:
            return moment
        return self._starts[at + 1] if at + 1 < len(self._starts) else NEVER

    def shuts(self, now: int) -> int:
        """Return when a flow that may send a convoy now no longer may."""
        if self.has_departures and self.if_missed != "late":
            return now + 1
        return self._windows[bisect_right(self._starts, now) - 1][1]

    def is_over(self, now: int) -> bool:
        """Whether, if no chance is left, there is none after the operation either."""
        used_up = self._next_departure(now) >= len(self._departures)
        return self._ever_closes or (self.dated and used_up)

    def why_too_early(self, now: int) -> Cause:
        """Return why no convoy may set out now, though it may later."""
        if self.dated and self._departures[self._next_departure(now)] > now:
            return Cause.NOT_BEGUN
        return Cause.OUTSIDE_HOURS

    def made(self, now: int, rest: dict[Fleet, int]) -> None:
        """Note that a convoy sets out now.

        Parameters
        ----------
        rest : vehicles that it leaves behind because an agreement has no room for
            them, by fleet.
        """
        if not self.has_departures:
            return
        number = self._next_departure(now)
        if self.if_missed == "next":
            number = self._made
        self._made = number if rest else number + 1
        self.rest, self._rest_of = (rest, number) if rest else (None, -1)

    def forget_what_is_missed(self, now: int) -> None:
        """Drop the rest of a departure that is not made late."""
        drops = self.rest is not None and self.if_missed == "drop"
        if drops and self._next_departure(now) != self._rest_of:
            self.rest = None

    def _next_departure(self, now: int) -> int:
        """Return the number of the departure at which, or for which, to go next."""
        if self.if_missed == "late":
            return self._made
        return max(self._made, bisect_left(self._departures, now))


def timetable_of(operation: Operation, plan: FlowPlan) -> Timetable:
    """Return when a flow may send convoys."""
    horizon, clock = operation.ends, operation.clock
    windows: Windows = ((0, horizon),)
    if plan.hours is not None:
        windows = windows_of(clock, plan.hours, horizon)
    departures = sorted(plan.dispatch_dates) if plan.dispatch_dates else None
    if plan.dispatch_times:
        departures = [
            moment
            for moment in clock.moments(plan.dispatch_times, horizon)
            if any(start <= moment < end for start, end in windows)
        ]
    opens = plan.opens or 0
    if departures is not None:
        last = horizon if plan.closes is None else plan.closes
        departures = [moment for moment in departures if opens <= moment < last]
    return Timetable(
        opens=opens,
        closes=plan.closes,
        windows=windows,
        ends=horizon,
        departures=None if departures is None else tuple(departures),
        if_missed=plan.if_missed or ("late" if plan.dispatch_dates else "drop"),
        dated=bool(plan.dispatch_dates),
    )
