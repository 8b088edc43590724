"""Chunks of runs handed to whatever place does the work, their answers in order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Future

from sim.calibration.claims import Numbers
from sim.calibration.simulator import Chunk, Mapper
from sim.experiment.pool import Pool

_AHEAD = 2
"""Chunks in line for each worker, so that none waits for the next."""
_MOST_BREAKDOWNS = 5


def spread_over(pool: Pool) -> Mapper:
    """Return what makes runs in a pool.

    If a worker is lost, what was under way is done again; if that happens again and
    again and nothing gets done, the mapper raises `BrokenExecutor`.
    """

    def mapped(
        work: Callable[[Chunk], Numbers], chunks: Iterable[Chunk]
    ) -> Iterator[Numbers]:
        waiting = deque(chunks)
        under_way: deque[tuple[Chunk, Future[Numbers]]] = deque()
        breakdowns = 0
        while waiting or under_way:
            try:
                while waiting and len(under_way) < _AHEAD * pool.size:
                    under_way.append((waiting[0], pool.submit(work, waiting[0])))
                    waiting.popleft()
                answer = under_way[0][1].result()
            except BrokenExecutor:
                breakdowns += 1
                if breakdowns > _MOST_BREAKDOWNS:
                    raise
                waiting.extendleft(chunk for chunk, _ in reversed(under_way))
                under_way.clear()
                pool.renew()
                continue
            breakdowns = 0
            under_way.popleft()
            yield answer

    return mapped
