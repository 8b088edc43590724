"""Replications of one operation: where they run, and what comes of a failed one."""

import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from sim.events import RunLog
from sim.evidence.figures import Figure
from sim.experiment.observe import Counts, Observed, observe
from sim.experiment.unknowns import draw
from sim.model import simulate
from sim.scenario import Operation, amended

Band = Literal["chance", "knowledge and chance"]
Progress = Callable[[int], None]
GRID_STEP_S = 1800


@dataclass(frozen=True, slots=True)
class Failure:
    """A replication that raised. It is a row, so one bad run never ends a study."""

    replication: int
    error: str
    trace: str


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker is handed: everything that a replication depends on."""

    operation: Operation
    figures: tuple[Figure, ...]
    seed: int
    band: Band


@dataclass(frozen=True, slots=True)
class Study:
    """Replications of one operation under one seed.

    Attributes
    ----------
    band : what differs between the replications: `chance`, or also what is not known.
    grid_s : moments at which curves are kept [s after the start].
    runs : in order of replication.
    typical : the replication whose last arrivals lie nearest to the median.
    """

    operation: Operation
    figures: tuple[Figure, ...]
    seed: int
    band: Band
    grid_s: Counts
    runs: tuple[Observed, ...]
    failures: tuple[Failure, ...]
    typical: int

    def log_of(self, replication: int) -> RunLog:
        """Run one replication again and return everything that happened in it."""
        operation, _ = _world(self._job, replication)
        return simulate(operation, seed=self.seed, replication=replication)

    @property
    def _job(self) -> Job:
        return Job(self.operation, self.figures, self.seed, self.band)


def grid(horizon_s: int) -> Counts:
    """Return the moments at which curves are kept."""
    return np.arange(0, horizon_s + 1, GRID_STEP_S, dtype=np.int64)


def run_study(
    operation: Operation,
    figures: Sequence[Figure] = (),
    *,
    seed: int,
    replications: int,
    band: Band = "chance",
    pool: Executor | None = None,
    workers: int = 1,
    progress: Progress = lambda done: None,
) -> Study:
    """Run an operation many times.

    Parameters
    ----------
    operation : what to run.
    figures : documented figures to read off each run.
    seed : root of all random numbers.
    replications : how many.
    band : `chance`: all runs share the values of the file; `knowledge and chance`:
        each run draws what is not known from its range.
    pool : where to run; the caller opens and closes it. In this process if None.
    workers : of the pool, for the size of the chunks.
    progress : called with the number of replications done so far.

    Raises
    ------
    RuntimeError
        If every replication failed; the first error is its cause.
    """
    job = Job(operation, tuple(figures), seed, band)
    found: list[Observed | Failure] = []
    for rows in _chunks_done(job, replications, pool, workers):
        found += rows
        progress(len(found))
    found.sort(key=lambda row: row.replication)
    runs = tuple(row for row in found if isinstance(row, Observed))
    failures = tuple(row for row in found if isinstance(row, Failure))
    if not runs:
        raise RuntimeError(f"every replication failed; the first: {failures[0].trace}")
    return Study(
        operation=operation,
        figures=job.figures,
        seed=seed,
        band=band,
        grid_s=grid(operation.ends),
        runs=runs,
        failures=failures,
        typical=_typical(runs),
    )


def _chunks_done(
    job: Job, replications: int, pool: Executor | None, workers: int
) -> Iterator[list[Observed | Failure]]:
    if pool is None:
        for replication in range(replications):
            yield [_run_one(job, replication)]
        return
    size = max(1, min(25, replications // (4 * workers)))
    chunks = [
        range(first, min(first + size, replications))
        for first in range(0, replications, size)
    ]
    pending = [pool.submit(partial(_run_many, job), chunk) for chunk in chunks]
    for future in as_completed(pending):
        yield future.result()


def _run_many(job: Job, chunk: range) -> list[Observed | Failure]:
    return [_run_one(job, replication) for replication in chunk]


def _run_one(job: Job, replication: int) -> Observed | Failure:
    try:
        operation, parameters = _world(job, replication)
        log = simulate(operation, seed=job.seed, replication=replication)
        return observe(
            log,
            replication,
            parameters,
            job.figures,
            operation.clock,
            grid(operation.ends),
        )
    except Exception as error:  # noqa: BLE001 - any failure of a run is a row here
        return Failure(replication, repr(error), traceback.format_exc())


def _world(job: Job, replication: int) -> tuple[Operation, dict[str, float]]:
    """Return the operation as one replication takes it, and what was drawn for it."""
    if job.band == "chance":
        return job.operation, {}
    parameters = draw(job.operation, job.seed, replication)
    return amended(job.operation, parameters), parameters


def _typical(runs: Sequence[Observed]) -> int:
    """Return the run whose moments of last arrival lie nearest to the medians."""
    names = [name for name in runs[0].metrics if name.startswith("last_arrival/")]
    table = np.array([[run.metrics[name] for name in names] for run in runs])
    table = np.nan_to_num(table, nan=0.0)
    distance = np.abs(table - np.median(table, axis=0)).sum(axis=1)
    return runs[int(distance.argmin())].replication
