"""A stretch of road: one that takes whoever comes, and one that does not."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable

import simpy

from sim.events import Cause, EventLog, Kind, Reason, ReasonKind
from sim.model.convoy import Convoy
from sim.model.kernel import MOVE, NEVER, Alarm, Process, move_callbacks
from sim.model.weather import Weather

DEPARTED, ROAD = Kind.DEPARTED, Cause.ROAD
_HOUR_S = 3600


class Leg:
    """A road that takes time, and any number of convoys at any time."""

    __slots__ = ("_empty", "_env", "_loaded", "_weather", "name")

    def __init__(
        self, env: simpy.Environment, name: str, weather: Weather | None
    ) -> None:
        self.name = name
        self._env = env
        self._weather = weather
        self._loaded, self._empty = f"{name}/loaded", f"{name}/empty"

    def pass_through(self, convoy: Convoy) -> Iterable[simpy.Event]:
        """Drive the whole stretch."""
        convoy.note(DEPARTED, self.name, ROAD, convoy.why_there)
        place = self._loaded if convoy.laden else self._empty
        [seconds] = convoy.chances[place]
        if self._weather is not None:
            now: int = self._env._now  # type: ignore[assignment] # whole seconds
            seconds = self._weather.arrival(now, seconds) - now
        convoy.driven_s += seconds
        return (Alarm(self._env, seconds, MOVE + convoy.number),)

    def let_go(self) -> None:
        """Hold on to nobody any more: the run is over."""


class NarrowLeg(Leg):
    """A road that convoys enter one after the other, as its capacity and hours allow.

    Its vehicles enter in a row, so long after each other as the flow of the road asks
    for, each as soon as there is room; who is on it goes on whatever the hour.
    """

    __slots__ = (
        "_busy",
        "_holds",
        "_is_open",
        "_last",
        "_line",
        "_log",
        "_next",
        "_per_hour",
    )

    def __init__(
        self, env: simpy.Environment, name: str, weather: Weather | None, log: EventLog
    ) -> None:
        super().__init__(env, name, weather)
        self._log = log
        self._is_open = True
        self._holds = NEVER
        self._per_hour = 0
        # When the last to enter does, and from when on another may by the flow: in
        # parts of a second, as many as vehicles enter in an hour, so that it is exact.
        self._last = -NEVER
        self._next = -NEVER
        # When those who are on it will have left, in order.
        self._busy: list[int] = []
        # Who stands before it, and what each waits for; the first for its turn.
        self._line: dict[Convoy, simpy.Event] = {}

    # What it takes

    def change(self, vehicles_per_hour: int | None, holds: int | None) -> None:
        """Take so many from now on, None for as many as before."""
        if vehicles_per_hour is not None:
            self._per_hour = vehicles_per_hour
            self._next = self._last * vehicles_per_hour + _HOUR_S
        if holds is not None:
            self._holds = holds
        self._call_the_first()

    def close(self) -> None:
        """Let nobody enter until it opens."""
        self._is_open = False
        reason = self._outside_hours()
        self._log.record(Kind.CLOSED, self.name, reason=reason)
        for convoy in self._line:
            convoy.hold(self.name, Cause.OUTSIDE_HOURS, reason)
        self._call_the_first()

    def open(self) -> None:
        """Let convoys enter again, in the order in which they came."""
        self._is_open = True
        self._log.record(Kind.OPENED, self.name, reason=self._outside_hours())
        for convoy in self._line:
            convoy.release(self.name, Cause.QUEUE)
            convoy.note(Kind.QUEUED, self.name, Cause.QUEUE)
        self._call_the_first()

    def _outside_hours(self) -> Reason:
        return Reason(ReasonKind.OUTSIDE_HOURS, place=self.name)

    # Who comes

    def pass_through(self, convoy: Convoy) -> Process:
        """Wait for its turn, and drive until the last vehicle has arrived."""
        now: int = self._env._now  # type: ignore[assignment] # whole seconds
        if self._line or self._entry(now) > now:
            self._stand(convoy)
            is_first = not self._line
            event = self._turn(convoy) if is_first else simpy.Event(self._env)
            self._line[convoy] = event
            yield event
            del self._line[convoy]
        seconds = self._enter(convoy)
        self._call_the_first()
        yield Alarm(self._env, seconds, MOVE + convoy.number)

    def _stand(self, convoy: Convoy) -> None:
        if self._is_open:
            convoy.note(Kind.QUEUED, self.name, Cause.QUEUE)
        else:
            convoy.hold(self.name, Cause.OUTSIDE_HOURS, self._outside_hours())

    def _turn(self, convoy: Convoy) -> simpy.Event:
        """Return what the first in line waits for, as things are."""
        now = int(self._env.now)
        entry = self._entry(now)
        if entry >= NEVER:
            return simpy.Event(self._env)
        return Alarm(self._env, entry - now, MOVE + convoy.number)

    def _call_the_first(self) -> None:
        """Let the first in line enter when it can, as things are now."""
        for convoy, before in self._line.items():
            self._line[convoy] = after = self._turn(convoy)
            move_callbacks(before, after)
            return

    def _entry(self, now: int) -> int:
        """Return the first second from now on at which the first in line may enter."""
        if not self._is_open:
            return NEVER
        if not self._per_hour:
            return self._room(now)
        return max(self._room(now), -(-self._next // self._per_hour))

    def _room(self, now: int) -> int:
        """Return from when on there is room for one more, behind all before it."""
        second = max(now, self._last)
        too_many = len(self._busy) - self._holds
        return max(second, self._busy[too_many]) if too_many >= 0 else second

    def _enter(self, convoy: Convoy) -> int:
        """Let all vehicles enter from now on; return when the last has arrived [s]."""
        convoy.note(DEPARTED, self.name, ROAD, convoy.why_there)
        now = int(self._env.now)
        [seconds] = convoy.chances[self._loaded if convoy.laden else self._empty]
        arrives = now
        for _ in range(convoy.vehicles):
            enters = self._room(now)
            if self._per_hour:
                exact = self._next
                if -(-exact // self._per_hour) < enters:  # something else kept it
                    exact = enters * self._per_hour
                self._next = exact + _HOUR_S
                enters = -(-exact // self._per_hour)
            self._last = enters
            arrives = enters + seconds
            if self._weather is not None:
                arrives = self._weather.arrival(enters, seconds)
            del self._busy[: bisect_right(self._busy, enters)]
            insort(self._busy, arrives)
        convoy.driven_s += arrives - now
        return arrives - now

    def let_go(self) -> None:
        """Hold on to nobody any more: the run is over."""
        for event in self._line.values():
            if event.callbacks:
                event.callbacks.clear()
        self._line.clear()
