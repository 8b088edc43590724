"""How the benchmark times what it compares, and the table that it prints."""

import gc
import time
from collections.abc import Callable
from statistics import median
from typing import Protocol, runtime_checkable

Run = Callable[[int], object]
"""One replication of something, given its seed."""


@runtime_checkable
class TakesItsTime(Protocol):
    """Something that runs elsewhere and says itself how long it took."""

    def cpu_s(self, seeds: range) -> float:
        """Return the processor time of one replication, on average over seeds [s]."""
        ...


def head(title: str, *columns: str) -> None:
    """Print the head of a part of the table."""
    print(f"\n{title:<44}" + "".join(f"{column:>15}" for column in columns))


def row(name: str, *cells: str) -> None:
    """Print a row of the table."""
    print(f"  {name:<42}" + "".join(f"{cell:>15}" for cell in cells), flush=True)


def cpu_s(run: Run, seeds: range) -> float:
    """Return the processor time of one replication, on average over some seeds [s]."""
    if isinstance(run, TakesItsTime):
        return run.cpu_s(seeds)
    gc.collect()  # the garbage of one program is not to be another's cost
    began = time.process_time()
    for seed in seeds:
        run(seed)
    return (time.process_time() - began) / len(seeds)


def interleaved(
    runs: dict[str, Run], rounds: int, replications: dict[str, int] | None = None
) -> dict[str, list[float]]:
    """Return the processor time of a replication of each, round by round [s]."""
    counts = replications or {}
    times: dict[str, list[float]] = {name: [] for name in runs}
    for run in runs.values():
        run(0)  # what the first run sets up is not its own cost
    for turn in range(rounds):
        for name, run in runs.items():
            first = 1 + 100 * turn
            seeds = range(first, first + counts.get(name, 10))
            times[name].append(cpu_s(run, seeds))
    return times


def ratio(above: list[float], below: list[float]) -> float:
    """Return the median of the ratios within each round."""
    return median(a / b for a, b in zip(above, below, strict=True))
