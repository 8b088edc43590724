"""The queues of the page: that of all studies, and those of each followed operation.

The forecasts of an operation lie in its folder, so that they are as protected as it and
go with it. A quick forecast waits neither for ten studies nor for a forecast in full:
those that follow a quick one have a queue of their own, behind all others.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, RLock
from typing import TYPE_CHECKING, Self

from sim.errors import ResultsError

if TYPE_CHECKING:
    from sim.studies.queue import Queue

_MOST = 3
"""Queues of forecasts that keep processes ready; another one that has nothing to do is
closed."""
_AT_WORK = frozenset({"waiting", "running"})


class Queues:
    """Queues, each opened when it is first asked for; a context, which closes them.

    To load what a queue takes is longer than to answer the first page, which needs
    none.

    Parameters
    ----------
    results : folder of results of all studies.
    workers : processes that run a study; one for each processor if 0.
    make : makes a queue of a folder, for so many processes; the last says whether it
        works behind all others.
    """

    def __init__(
        self,
        results: Path,
        workers: int = 0,
        make: "Callable[[Path, int, bool], Queue] | None" = None,
    ) -> None:
        self._results = results
        self._workers = workers
        self._make = make or _queue
        self._of_studies: Queue | None = None
        self._of_forecasts: dict[Path, Queue] = {}
        self._first, self._one_at_a_time = Lock(), RLock()

    def __enter__(self) -> Self:
        """Open none yet."""
        return self

    def __exit__(self, *error: object) -> None:
        """End what is at work in any of them; a later start goes on with it."""
        with self._first:
            if self._of_studies is not None:
                self._of_studies.__exit__(None, None, None)
        for folder in [*self._of_forecasts]:
            self.close(folder)

    def studies(self) -> "Queue":
        """Return the queue of all studies; whoever is early waits for it.

        Raises
        ------
        ResultsError
            If there can be no results in its folder.
        """
        with self._first:
            if self._of_studies is None:
                self._of_studies = self._opened(self._results)
            return self._of_studies

    def of(self, folder: Path, *, behind: bool = False) -> "Queue":
        """Return the queue of a folder of forecasts.

        Parameters
        ----------
        folder : of their results.
        behind : whether it works only while nobody else on this machine does.

        Raises
        ------
        ResultsError
            If there can be no results in it.
        """
        with self._one_at_a_time:
            if folder not in self._of_forecasts:
                self._make_room()
                self._of_forecasts[folder] = self._opened(folder, behind)
            return self._of_forecasts[folder]

    def shown(self, folder: Path, *, behind: bool = False) -> "Queue":
        """Return a queue to look at, also where nothing can be written.

        Parameters
        ----------
        folder, behind : as of `of`.
        """
        try:
            return self.of(folder, behind=behind)
        except ResultsError:
            return self._make(folder, self._workers, behind)

    def seen(self, folder: Path) -> "Queue":
        """Return a queue behind all others, to look at; opened if it has work to do."""
        with self._one_at_a_time:
            found = self._of_forecasts.get(folder)
            found = found or self._make(folder, self._workers, True)
        return self.shown(folder, behind=True) if _is_at_work(found) else found

    def close(self, folder: Path) -> None:
        """Close the queue of a folder of forecasts; what is at work in it is ended."""
        with self._one_at_a_time:
            if queue := self._of_forecasts.pop(folder, None):
                queue.__exit__(None, None, None)

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Keep others from opening a queue of forecasts, or closing one, meanwhile.

        Else a folder that is being deleted would be made anew by who has just looked.
        """
        with self._one_at_a_time:
            yield

    def _opened(self, folder: Path, behind: bool = False) -> "Queue":
        return self._make(folder, self._workers, behind).__enter__()

    def _make_room(self) -> None:
        idle = [
            folder
            for folder, queue in self._of_forecasts.items()
            if not _is_at_work(queue)
        ]
        for folder in idle[: max(0, len(self._of_forecasts) - _MOST + 1)]:
            self._of_forecasts.pop(folder).__exit__(None, None, None)


def _is_at_work(queue: "Queue") -> bool:
    return any(f"{each.standing}" in _AT_WORK for each in queue.entries())


def _queue(folder: Path, workers: int, behind: bool) -> "Queue":
    from sim.studies.queue import Queue  # noqa: PLC0415 (only where one is needed)

    return Queue(folder, workers, behind=behind)
