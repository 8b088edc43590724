"""How processes and events go on: SimPy's own way with less around each of them.

A run has some eight hundred events. That SimPy calls a function for each, starts and
ends every process by an event, and looks whether one has failed, is a twentieth of it.
"""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappop
from typing import Any

import simpy

Process = Generator[simpy.Event, Any, None]
"""What happens to one thing, one after the other; it gives what it waits for."""


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


def let_happen(env: simpy.Environment, until: int) -> None:
    """Let everything before a moment happen."""
    queue = env._queue
    while queue and queue[0][0] < until:
        env._now, _, _, event = heappop(queue)
        callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]
        for callback in callbacks:
            callback(event)
