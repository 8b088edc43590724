"""When moments come that hang on what happens in a run."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import count

import simpy

from sim.events import EventLog, Kind, Reason, ReasonKind
from sim.model.kernel import OPEN, Alarm
from sim.model.luck import delay_s
from sim.model.streams import Streams
from sim.scenario.clock import Clock
from sim.scenario.moments import (
    After,
    AllOf,
    AnyOf,
    Hanging,
    Happening,
    Next,
    SoMany,
    write,
)

Act = Callable[[], None]
Told = Callable[[int], None]
"""Takes how many more it is that have moved; of a happening always 1."""


class Moments:
    """Tells whoever waits for a moment that it has come.

    Attributes
    ----------
    watched : what somebody waits for, and whom to tell each time that it happens.
    """

    def __init__(
        self, env: simpy.Environment, clock: Clock, streams: Streams, log: EventLog
    ) -> None:
        self.watched: dict[Happening | SoMany, list[Told]] = {}
        self._env = env
        self._clock = clock
        self._streams = streams
        self._log = log

    def at(self, moment: int | Hanging, act: Act, rank: int, path: str) -> None:
        """Do something at a moment, in a rank of its second.

        Parameters
        ----------
        moment : a date that is over is now.
        path : of the field that says when, for the log and for what chance decides.
        """
        if isinstance(moment, int):
            self._alarm(moment - int(self._env.now), act, rank)
        else:
            self.when(moment, lambda: self._alarm(0, act, rank), path)

    def when(self, moment: Hanging, act: Act, path: str) -> None:
        """Do something as soon as a moment has come, and write down that it has."""
        reason = Reason(ReasonKind.MOMENT, note=str(write(moment, self._clock)))
        delays = count(1)

        def come() -> None:
            self._log.record(Kind.CAME, path, reason=reason)
            act()

        self._await(moment, come, lambda: f"{path}\0{next(delays)}")

    def _alarm(self, delay_s: int, act: Act, rank: int) -> None:
        alarm = Alarm(self._env, max(delay_s, 0), rank)
        alarm.callbacks.append(lambda _: act())

    def _await(self, moment: int | Hanging, come: Act, name: Callable[[], str]) -> None:
        match moment:
            case int():
                self._alarm(moment - int(self._env.now), come, OPEN)
            case Happening(time=time):
                key = Happening(moment.name, moment.what)
                self._tell_when(key, time, come)
            case SoMany(number=number):
                self._tell_when(moment, number, come)
            case After(delay, of):
                seconds = delay_s(self._streams, delay, name())
                self._await(of, partial(self._alarm, seconds, come, OPEN), name)
            case Next(time_of_day, of):
                self._await(of, partial(self._at_next, time_of_day, come), name)
            case AllOf(parts):
                left = [len(parts)]
                for part in parts:
                    self._await(part, partial(_last, left, come), name)
            case AnyOf(parts):
                first = [1]
                for part in parts:
                    self._await(part, partial(_last, first, come), name)

    def _at_next(self, time_of_day: int, come: Act) -> None:
        now = int(self._env.now)
        seconds = self._clock.next_time(now, time_of_day) - now
        self._alarm(seconds, come, OPEN)

    def _tell_when(self, event: Happening | SoMany, number: int, come: Act) -> None:
        """Tell once when an event has happened, or so many have moved."""
        left = [number]

        def told(more: int) -> None:
            before, left[0] = left[0], left[0] - more
            if before > 0 >= left[0]:
                come()

        self.watched.setdefault(event, []).append(told)

    def let_go(self) -> None:
        """Hold on to nobody any more: the run is over."""
        self.watched.clear()


def _last(left: list[int], come: Act) -> None:
    """Note that one more has come; of several, only one completes the number."""
    left[0] -= 1
    if left[0] == 0:
        come()


def tell(told: list[Told], more: int = 1) -> None:
    """Tell whoever waits that something has happened, or that so many more moved."""
    for each in told:
        each(more)
