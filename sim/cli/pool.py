"""Processes for many runs, opened and closed in one place."""

import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

_FEWEST_RUNS = 16
"""Below, starting processes takes longer than running."""


@contextmanager
def workers_for(replications: int, workers: int) -> Iterator[Executor | None]:
    """Give a pool of processes, or None if they would not pay.

    Parameters
    ----------
    replications : to run.
    workers : processes wanted.
    """
    if workers == 1 or replications < _FEWEST_RUNS:
        yield None
        return
    # Spawned on every system: the same everywhere, and no thread is copied half-way.
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_be_deaf)
    try:
        _start(pool, workers)
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _start(pool: Executor, workers: int) -> None:
    """Start all processes while Ctrl-C is not heard, which they inherit.

    It reaches every process of a terminal, and each would print where it was.
    """
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for _ in range(workers):
            pool.submit(_be_deaf)
    finally:
        signal.signal(signal.SIGINT, heard)


def _be_deaf() -> None:
    """Leave Ctrl-C to the process that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
