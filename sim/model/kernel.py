"""What happens when: the order within a second, processes, and the loop of a run.

SimPy's way with less around each event. A run has some eight hundred of them; that
SimPy calls a function for each, starts and ends every process by an event, and looks
whether one has failed, is a twentieth of it. And `simpy.Timeout` knows no order: two
of one second happen as they were made, whatever they stand for.

It touches `_queue`, `_now` and `_eid` of `simpy.Environment`, as they are in the
versions that `pyproject.toml` names; `tests/test_kernel.py` says what it expects. The
rest of the model reads `_now` at most: `now` is a property, and costs a call.
"""

from __future__ import annotations

from collections.abc import Generator
from enum import IntEnum
from heapq import heappop, heappush
from typing import Any

import simpy

Process = Generator[simpy.Event, Any, None]
"""What happens to one thing, one after the other; it gives what it waits for."""
Passage = Generator[simpy.Event, Any, bool]
"""A process that says at its end whether it went well."""
NEVER = 10**12
"""Later than anything."""
_ORDERS = 24
"""Bits of a rank that say the order within it; more would make numbers slow."""


class Rank(IntEnum):
    """What happens first within one second; see `docs/mechanism.md`.

    Within one rank goes first what has the lower order: stoppages and agreements as
    they are named, who stands in a line as it came there, convoys as they were formed.
    """

    OPEN = 1 << _ORDERS
    CLOSE = 2 << _ORDERS
    AGREE = 3 << _ORDERS
    FLEET = 4 << _ORDERS
    LINE = 5 << _ORDERS
    MOVE = 6 << _ORDERS
    DISPATCH = 7 << _ORDERS
    GIVE_UP = 8 << _ORDERS
    OVER = 9 << _ORDERS


OPEN, CLOSE, AGREE, FLEET = map(int, (Rank.OPEN, Rank.CLOSE, Rank.AGREE, Rank.FLEET))
LINE, MOVE, DISPATCH = map(int, (Rank.LINE, Rank.MOVE, Rank.DISPATCH))
GIVE_UP, OVER = int(Rank.GIVE_UP), int(Rank.OVER)
"""The ranks as plain numbers, which are faster."""
LINE_UP = LINE - 1
"""Before anybody looks: who stands there able to go is known, then who moves up."""


class Alarm(simpy.Event):
    """An event that happens after a number of seconds.

    Parameters
    ----------
    rank : when in its second it happens: a `Rank` and, added to that, its order.
    """

    _ok = True
    _value = None

    def __init__(self, env: simpy.Environment, delay_s: int, rank: int) -> None:
        # As `simpy.Timeout` does it: born triggered, so the usual start is left out.
        # Scheduled here and not by `env.schedule`: a tenth of an event's cost.
        self.callbacks = []
        heappush(env._queue, (env._now + delay_s, rank, next(env._eid), self))  # type: ignore[misc]


class Lines:
    """Who stands in a line, at whatever gate, and is still to look in this second.

    Attributes
    ----------
    to_look : how many of them there are.
    """

    __slots__ = ("_last", "to_look")

    def __init__(self) -> None:
        self._last = 0
        self.to_look = 0

    def join(self) -> int:
        """Return the place of one who comes now, behind all who came before."""
        self._last += 1
        return self._last


class Turn(simpy.Event):
    """What one who stands in a line waits for; granted when something has changed."""

    _ok = True
    _value = None

    def __init__(self, env: simpy.Environment, lines: Lines, place: int) -> None:
        self.env = env
        self.callbacks = []
        self.granted = False
        self._lines = lines
        self._place = place

    def grant(self) -> None:
        """Let it look again in this second, once those before it have."""
        if not self.granted:
            self.granted = True
            self._lines.to_look += 1
            env = self.env
            rank = LINE + self._place
            heappush(env._queue, (env._now, rank, next(env._eid), self))  # type: ignore[misc]
            self.callbacks.insert(0, self._looks)

    def look_at_once(self) -> None:
        """Let it look now."""
        callbacks, self.callbacks = self.callbacks, []
        for callback in callbacks:
            callback(self)

    def _looks(self, _: simpy.Event) -> None:
        self._lines.to_look -= 1


class Signal(simpy.Event):
    """What a process waits for until somebody gives it; then it goes on at once.

    Attributes
    ----------
    given : it has been; who comes to wait then does not.
    """

    _ok = True
    _value = None

    def __init__(self, env: simpy.Environment) -> None:
        self.env = env
        self.callbacks = []
        self.given = False

    def give(self) -> None:
        """Let who waits go on."""
        self.given = True
        callbacks, self.callbacks = self.callbacks, []
        for callback in callbacks:
            callback(self)


class Going:
    """A process that goes on whenever what it waits for has happened."""

    __slots__ = ("_process",)

    def __init__(self, process: Process) -> None:
        self._process = process
        self.on()

    def on(self, _: simpy.Event | None = None) -> None:
        """Let it go on until it waits again."""
        for event in self._process:
            event.callbacks.append(self.on)
            return


def move_callbacks(before: simpy.Event, after: simpy.Event) -> None:
    """Let those who wait for one event wait for another."""
    after.callbacks += before.callbacks
    before.callbacks = []


def only_stoppages_begin(env: simpy.Environment) -> bool:
    """Whether nothing is to happen any more but that stoppages begin."""
    return all(CLOSE <= int(rank) < AGREE for _, rank, *_ in env._queue)


def happens_before_flows_look(env: simpy.Environment) -> bool:
    """Whether in this second anything is to happen before flows look."""
    queue = env._queue
    return bool(queue) and queue[0][0] == env._now and queue[0][1] < DISPATCH


def happened(env: simpy.Environment) -> int:
    """Return how many events have happened so far."""
    return next(env._eid) - len(env._queue)


def cancel_all(env: simpy.Environment) -> None:
    """Let nothing happen any more."""
    for *_, event in env._queue:
        event.callbacks.clear()
    env._queue.clear()


def let_happen(env: simpy.Environment, until: int) -> None:
    """Let everything before a moment happen."""
    queue = env._queue
    while queue and queue[0][0] < until:
        env._now, _, _, event = heappop(queue)
        callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]
        for callback in callbacks:
            callback(event)
