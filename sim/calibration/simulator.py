"""A simulator as a pure function, and many calls of it in any place.

The answer to a call depends on its arguments alone, so it does not matter where or in
which order calls are made.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Protocol

import numpy as np
import numpy.typing as npt

from sim.calibration.claims import Numbers
from sim.model import no_search_for_garbage

Parts = npt.NDArray[np.int64]
"""Parts of luck: whole numbers, of which each settles some of the random numbers."""
MOST_LUCK = 2**31
_CHUNK = 16


class Simulator(Protocol):
    """What is asked of a model: quantities of (claim, node), NaN for what is not."""

    def __call__(self, point: Sequence[float], luck: Sequence[int]) -> Numbers:
        """Run once.

        Parameters
        ----------
        point : in the unit cube.
        luck : whole numbers; the same ones always give the same run.
        """
        ...


Call = tuple[list[float], list[int]]
Chunk = list[Call]
Mapper = Callable[[Callable[[Chunk], Numbers], Iterable[Chunk]], Iterable[Numbers]]
"""Such as `map`, or that of a `concurrent.futures.Executor`: in order."""


def simulated(
    simulator: Simulator,
    points: Numbers,
    luck: Parts,
    mapper: Mapper = map,
    progress: Callable[[int], None] = lambda done: None,
) -> Numbers:
    """Return quantities of (run, claim, node).

    Parameters
    ----------
    simulator : pure; it must be possible to pickle it if the mapper does.
    points : of (run, parameter).
    luck : of (run, part).
    mapper : calls a function of each chunk of runs, and returns answers in order.
    progress : called with the number of runs done so far.
    """
    calls = list(zip(points.tolist(), luck.tolist(), strict=True))
    chunks = [calls[at : at + _CHUNK] for at in range(0, len(calls), _CHUNK)]
    answers = []
    for answer in mapper(partial(_run_chunk, simulator), chunks):
        answers.append(answer)
        progress(min(len(calls), len(answers) * _CHUNK))
    return np.concatenate(answers)


def new_luck(rng: np.random.Generator, runs: int, parts: int) -> Parts:
    """Return fresh luck for runs, of (run, part)."""
    return rng.integers(MOST_LUCK, size=(runs, parts), dtype=np.int64)


def _run_chunk(simulator: Simulator, calls: Chunk) -> Numbers:
    with no_search_for_garbage():
        return np.array([simulator(point, luck) for point, luck in calls])
