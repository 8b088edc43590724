"""Queues for the forecasts of each followed operation, beside that of all studies.

Their results lie in the folder of the operation, so that they are as protected as it
and go with it. A quick forecast waits neither for ten studies nor for a forecast in
full: those that follow a quick one have a queue of their own, behind all others.
"""

import atexit
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.studies.queue import Queue

_MOST = 3
"""Queues that keep processes ready; another one that has nothing to do is closed."""
_AT_WORK = frozenset({"waiting", "running"})


class ForecastQueues:
    """Queues by folder, opened when they are asked for.

    Parameters
    ----------
    make : makes one for a folder, and whether it works behind all others.
    """

    def __init__(self, make: "Callable[[Path, bool], Queue] | None" = None) -> None:
        self._make = make or _queue
        self._open: dict[Path, Queue] = {}
        self._one_at_a_time = Lock()

    def of(self, folder: Path, *, behind: bool = False) -> "Queue":
        """Return the queue of a folder of forecasts.

        Parameters
        ----------
        folder : of their results.
        behind : whether it works only while nobody else on this machine does.
        """
        with self._one_at_a_time:
            if folder not in self._open:
                self._make_room()
                self._open[folder] = self._make(folder, behind).__enter__()
            return self._open[folder]

    def seen(self, folder: Path) -> "Queue":
        """Return a queue behind all others, to look at; opened if it has work to do."""
        with self._one_at_a_time:
            found = self._open.get(folder) or self._make(folder, True)
        return self.of(folder, behind=True) if _is_at_work(found) else found

    def close(self, folder: Path) -> None:
        """Close that of a folder; what is at work in it is ended."""
        with self._one_at_a_time:
            if queue := self._open.pop(folder, None):
                queue.__exit__(None, None, None)

    def close_all(self) -> None:
        """Close all of them."""
        for folder in [*self._open]:
            self.close(folder)

    def _make_room(self) -> None:
        idle = [
            folder for folder, queue in self._open.items() if not _is_at_work(queue)
        ]
        for folder in idle[: max(0, len(self._open) - _MOST + 1)]:
            self._open.pop(folder).__exit__(None, None, None)


def _is_at_work(queue: "Queue") -> bool:
    return any(f"{each.standing}" in _AT_WORK for each in queue.entries())


def _queue(folder: Path, behind: bool) -> "Queue":
    from sim.studies.queue import Queue  # noqa: PLC0415 (only where one is needed)

    return Queue(folder, behind=behind)


QUEUES = ForecastQueues()
"""Those of this program."""
atexit.register(QUEUES.close_all)
