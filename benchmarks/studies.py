"""How fast studies of the Aleppo replay go, by how many processes run them."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

from benchmarks.compiled import processes_use_it
from benchmarks.timing import head, ratio, row
from sim.evidence.figures import Figure
from sim.evidence.table import load_figures
from sim.experiment import run_study
from sim.experiment.pool import Here, Pool, processes
from sim.experiment.replicate import Job, replicated
from sim.scenario import Operation, load

ALEPPO = Path(__file__).resolve().parent.parent / "scenarios" / "aleppo-2016"


def measure_studies(rounds: int, replications: int, *, with_compiled: bool) -> None:
    """Measure and print replications per second of wall time.

    The yardstick for two workers are two bare processes, which share the same
    replications by halves without a pool, a queue or a word to anybody.
    """
    operation = load(ALEPPO)
    figures = load_figures(ALEPPO / "evidence.csv")
    head(f"Aleppo replay, study of {replications} runs", "runs/s", "x one process")
    job = Job(operation, tuple(figures), seed=1)
    rates: dict[str, list[float]] = {}
    with ExitStack() as stack:
        kinds: dict[str, Pool] = {
            "this process": Here(),
            "1 worker": stack.enter_context(_pool(1)),
            "2 workers": stack.enter_context(_pool(2)),
        }
        halves = stack.enter_context(_Halves(job))
        if with_compiled:
            with processes_use_it():
                pool = stack.enter_context(_pool(2))
            kinds["2 workers, compiled"] = pool
        for _ in range(rounds):
            for name, pool in kinds.items():
                seconds = _study_s(operation, figures, replications, pool)
                rates.setdefault(name, []).append(replications / seconds)
            bare = replications / halves.seconds(replications)
            rates.setdefault("2 bare processes", []).append(bare)
    for name, measured in rates.items():
        times = ratio(measured, rates["this process"])
        row(name, f"{median(measured):.0f}", f"{times:.2f}")
    share = ratio(rates["2 workers"], rates["2 bare processes"])
    row("2 workers, share of 2 bare processes", "", f"{share:.0%}")


def _study_s(
    operation: Operation, figures: Sequence[Figure], replications: int, pool: Pool
) -> float:
    began = time.perf_counter()
    run_study(operation, figures, seed=1, replications=replications, pool=pool)
    return time.perf_counter() - began


@contextmanager
def _pool(workers: int) -> Iterator[Pool]:
    """Give processes that have imported the model already."""
    with processes(workers) as pool:
        run_study(load(ALEPPO), seed=1, replications=8 * workers, pool=pool)
        yield pool


class _Halves:
    """Two processes, each of which runs half of the replications when told to."""

    def __init__(self, job: Job) -> None:
        context = get_context("spawn")
        pipes = [context.Pipe() for _ in range(2)]
        self._ours = [here for here, _ in pipes]
        self._processes = [
            context.Process(target=_obey, args=(there, job), daemon=True)
            for _, there in pipes
        ]

    def __enter__(self) -> "_Halves":
        for process in self._processes:
            process.start()
        self.seconds(8)
        return self

    def __exit__(self, *_: object) -> None:
        for pipe, process in zip(self._ours, self._processes, strict=True):
            pipe.send(range(0))
            process.join()

    def seconds(self, replications: int) -> float:
        """Return how long the replications take [s]."""
        began = time.perf_counter()
        for half, pipe in enumerate(self._ours):
            pipe.send(range(half, replications, 2))
        for pipe in self._ours:
            pipe.recv()
        return time.perf_counter() - began


def _obey(pipe: Connection, job: Job) -> None:
    while chunk := pipe.recv():
        replicated(job, chunk)
        pipe.send(True)
