"""When a flow may send convoys."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Literal

from sim.events import Cause
from sim.model.fleet import Fleet
from sim.model.hours import Windows, windows_of
from sim.model.kernel import NEVER
from sim.scenario.moments import dated
from sim.scenario.plans import FlowPlan, Operation


class Timetable:
    """When a flow may send convoys, in seconds, and which of its departures are made.

    Parameters
    ----------
    opens, closes : no convoy sets out before, or at or after; `opens` is None if that
        moment has still to come, `closes` if it has, or is only the end of the
        operation.
    windows : hours of operation.
    departures : one convoy each; None if convoys go as soon as they are formed.
    if_missed : what becomes of a departure at which not all could go.
    dated : the departures are dates, not times of day.
    awaited : departures whose moments have still to come.
    has_none : no departure is ever within the hours.
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
        "_has_none",
        "_made",
        "_rest_of",
        "_starts",
        "_windows",
        "awaited",
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
        opens: int | None,
        closes: int | None,
        windows: Windows,
        ends: int,
        departures: tuple[int, ...] | None = None,
        if_missed: Literal["late", "next", "drop"] = "late",
        *,
        dated: bool = False,
        awaited: int = 0,
        has_none: bool = False,
    ) -> None:
        self.opens = NEVER if opens is None else opens
        self.closes = ends if closes is None else closes
        self._ever_closes = closes is not None
        self._has_none = has_none
        self.dated = dated
        self.awaited = awaited
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
            if self.if_missed != "late":
                return next(filter(self._is_within, self._departures[number:]), NEVER)
            moment = max(self._departures[number], now)
        at = bisect_right(self._starts, moment) - 1
        if at >= 0 and moment < self._windows[at][1]:
            return moment
        return self._starts[at + 1] if at + 1 < len(self._starts) else NEVER

    def misses(self, now: int) -> bool:
        """Whether a departure is now, outside the hours, and is not made late."""
        number = self._next_departure(now)
        is_now = self._departures[number : number + 1] == (now,)
        return is_now and self.if_missed != "late" and not self._is_within(now)

    def _is_within(self, moment: int) -> bool:
        """Whether a moment lies within the hours."""
        at = bisect_right(self._starts, moment) - 1
        return at >= 0 and moment < self._windows[at][1]

    def shuts(self, now: int) -> int:
        """Return when a flow that may send a convoy now no longer may."""
        if self.has_departures and self.if_missed != "late":
            return now + 1
        return self._windows[bisect_right(self._starts, now) - 1][1]

    def is_over(self, now: int) -> bool:
        """Whether, if no chance is left, there is none after the operation either."""
        used_up = self._next_departure(now) >= len(self._departures)
        if self.if_missed != "late":  # outside the hours there is none
            used_up = self.next_chance(now) == NEVER
        used_up = used_up and not self.awaited
        return self._ever_closes or self._has_none or (self.dated and used_up)

    def why_too_early(self, now: int) -> Cause:
        """Return why no convoy may set out now, though it may later."""
        if self.dated:
            number = self._next_departure(now)
            if number >= len(self._departures) or self._departures[number] > now:
                return Cause.NOT_BEGUN
        return Cause.OUTSIDE_HOURS

    def may_send_after(self, now: int) -> bool:
        """Whether a moment is left from now on at which a convoy may set out."""
        if self.awaited or self.opens == NEVER:
            return now < self.closes
        return self.next_chance(max(now, self.opens)) < self.closes

    # What comes as the run goes on

    def open(self, now: int) -> None:
        """Note that the moment of opening has come: earlier departures are over."""
        self.opens = now
        self._departures = tuple(each for each in self._departures if each >= now)

    def close(self, now: int) -> None:
        """Note that the moment of closing has come."""
        self.closes = min(self.closes, now)
        self._ever_closes = True
        self.awaited = 0

    def depart(self, now: int) -> None:
        """Note that the moment of a departure has come; before it opens it is none."""
        if now >= self.closes:
            self.awaited = 0
            return
        self.awaited -= 1
        if now < self.opens:
            return
        place = bisect_right(self._departures, now)
        before, after = self._departures[:place], self._departures[place:]
        self._departures = (*before, now, *after)

    def go_on_from(self, before: Timetable, now: int) -> None:
        """Take over from the timetable that held until now."""
        self.opens, self.closes = before.opens, before.closes
        self._ever_closes = before._ever_closes
        if before.dated:
            self._departures, self._made = before._departures, before._made
            self.awaited = before.awaited
            self.rest, self._rest_of = before.rest, before._rest_of
        else:
            self._departures = tuple(each for each in self._departures if each >= now)

    # Which departures are made

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
    """Return when a flow may send convoys, as far as that is known at the start."""
    horizon, clock = operation.ends, operation.clock
    windows: Windows = ((0, horizon),)
    if plan.hours is not None:
        windows = windows_of(clock, plan.hours, horizon)
    opens = 0 if plan.opens is None else dated(plan.opens)
    closes = dated(plan.closes)
    departures = None
    if plan.dispatch_dates:
        departures = sorted(m for m in plan.dispatch_dates if isinstance(m, int))
    elif plan.dispatch_times:
        departures = [
            moment
            for moment in clock.moments(plan.dispatch_times, horizon)
            if any(start <= moment < end for start, end in windows)
        ]
    if departures is not None:
        first, last = opens or 0, horizon if closes is None else closes
        departures = [moment for moment in departures if first <= moment < last]
    return Timetable(
        opens=opens,
        closes=closes,
        windows=windows,
        ends=horizon,
        departures=None if departures is None else tuple(departures),
        if_missed=plan.if_missed or ("late" if plan.dispatch_dates else "drop"),
        dated=bool(plan.dispatch_dates),
        awaited=sum(not isinstance(m, int) for m in plan.dispatch_dates),
        has_none=_has_none(plan),
    )


def _has_none(plan: FlowPlan) -> bool:
    """Whether no departure by time of day lies within the hours, on whatever day."""
    times, hours = plan.dispatch_times, plan.hours
    return bool(times) and hours is not None and not any(map(hours.include, times))
