"""Hands out work in chunks and takes back what comes, in any order or in theirs."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from functools import partial
from typing import NamedTuple, TypeVar

from sim.experiment.pool import Pool

Job = TypeVar("Job")
Result = TypeVar("Result")

_CHUNK_S = 1.0
_AHEAD = 2
"""Chunks in line for each worker, so that none waits for the next."""
_MOST_BREAKDOWNS = 5
"""Breakdowns with nothing done in between: then it is the work, not bad luck."""


class Chunk(NamedTuple):
    """Replications of one job, one after the other."""

    job: int
    replications: range


def worked_through(
    jobs: Sequence[Job],
    missing: Sequence[Iterable[int]],
    work: Callable[[Job, range], Result],
    pool: Pool,
) -> Iterator[tuple[Chunk, Result]]:
    """Yield each chunk with its result as soon as it is done.

    Chunks take about a second each, judged by those done so far. If a worker is lost,
    what was under way is done again.

    Parameters
    ----------
    jobs : what to do.
    missing : replications of each job, in rising order.
    work : does one chunk; must not depend on anything but what it is given.
    pool : where.

    Raises
    ------
    BrokenExecutor
        If workers are lost again and again and nothing gets done.
    """
    line = _Line(missing, pool.size)
    under_way: dict[Future[tuple[Result, float]], Chunk] = {}
    breakdowns = 0
    while line or under_way:
        broken = False
        while line and len(under_way) < _AHEAD * pool.size:
            chunk = line.next()
            try:
                future = pool.submit(_timed, work, jobs[chunk.job], chunk.replications)
            except BrokenExecutor:
                line.put_back(chunk)
                broken = True
                break
            under_way[future] = chunk
            if future.done():
                break
        done, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in done:
            chunk = under_way.pop(future)
            try:
                result, seconds = future.result()
            except BrokenExecutor:
                line.put_back(chunk)
                broken = True
                continue
            breakdowns = 0
            line.took(seconds, len(chunk.replications))
            yield chunk, result
        if broken:
            breakdowns += 1
            if breakdowns > _MOST_BREAKDOWNS:
                raise BrokenExecutor
            for chunk in under_way.values():
                line.put_back(chunk)
            under_way.clear()
            pool.renew()


def in_order(
    pool: Pool, work: Callable[[Job], Result], jobs: Iterable[Job]
) -> Iterator[Result]:
    """Yield the result of each job, in the order of the jobs, as `map` does.

    Parameters
    ----------
    pool, work : as of `worked_through`; a job is done as one chunk.
    jobs : what to do.

    Raises
    ------
    BrokenExecutor
        If workers are lost again and again and nothing gets done.
    """
    line = list(jobs)
    once = [range(1)] * len(line)
    early: dict[int, Result] = {}
    turn = 0
    for chunk, result in worked_through(line, once, partial(_whole, work), pool):
        early[chunk.job] = result
        while turn in early:
            yield early.pop(turn)
            turn += 1


def of_every_run(
    jobs: Sequence[Job],
    replications: Sequence[Iterable[int]],
    read: Callable[[Job, range], Sequence[tuple[int, Result]]],
    pool: Pool,
    progress: Callable[[int], None],
) -> list[list[Result]]:
    """Return what is read off every run of some jobs, in order.

    Parameters
    ----------
    jobs : whose runs are read.
    replications : of each job, those that did not fail.
    read : what is read off some runs, each with its number; runs in a worker.
    pool : where to run.
    progress : called with how many are done.

    Raises
    ------
    BrokenExecutor
        If workers are lost again and again and nothing gets done.
    """
    wanted = [sorted(each) for each in replications]
    found: list[dict[int, Result]] = [{} for _ in jobs]
    for chunk, rows in worked_through(jobs, wanted, read, pool):
        found[chunk.job].update(rows)
        progress(sum(map(len, found)))
    return [
        [rows[number] for number in numbers]
        for rows, numbers in zip(found, wanted, strict=True)
    ]


class _Line:
    """Replications that wait, and how many make a chunk."""

    def __init__(self, missing: Sequence[Iterable[int]], workers: int) -> None:
        self._waiting = deque(
            Chunk(job, stretch)
            for job, replications in enumerate(missing)
            for stretch in _ranges(replications)
        )
        self._workers = workers
        self._left = sum(len(chunk.replications) for chunk in self._waiting)
        self._pace_s = 0.0

    def __bool__(self) -> bool:
        """Return whether any replication waits."""
        return bool(self._waiting)

    def took(self, seconds: float, replications: int) -> None:
        """Learn how long a replication takes."""
        pace = seconds / replications
        self._pace_s = (self._pace_s + pace) / 2 if self._pace_s else pace

    def put_back(self, chunk: Chunk) -> None:
        """Let a chunk that got lost be the next."""
        self._waiting.appendleft(chunk)
        self._left += len(chunk.replications)

    def next(self) -> Chunk:
        """Return the next chunk: of each job in turn, so that all grow together."""
        job, stretch = self._waiting.popleft()
        size = min(len(stretch), self._size())
        if size < len(stretch):
            self._waiting.append(Chunk(job, stretch[size:]))
        self._left -= size
        return Chunk(job, stretch[:size])

    def _size(self) -> int:
        """Return how many replications take about a second.

        Towards the end they are shared out, so that all workers end together.
        """
        if not self._pace_s:
            return 1
        fair = -(-self._left // (_AHEAD * self._workers))
        return max(1, min(round(_CHUNK_S / self._pace_s), fair))


def _ranges(numbers: Iterable[int]) -> Iterator[range]:
    """Yield numbers in rising order as ranges without a gap."""
    stretch = range(0)
    for number in numbers:
        if stretch and number == stretch.stop:
            stretch = range(stretch.start, number + 1)
            continue
        if stretch:
            yield stretch
        stretch = range(number, number + 1)
    if stretch:
        yield stretch


def _whole(work: Callable[[Job], Result], job: Job, replications: range) -> Result:
    """Do a job that is not made of replications."""
    del replications
    return work(job)


def _timed(
    work: Callable[[Job, range], Result], job: Job, replications: range
) -> tuple[Result, float]:
    began = time.perf_counter()
    return work(job, replications), time.perf_counter() - began
