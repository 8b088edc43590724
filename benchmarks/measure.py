"""`python run.py bench`: what the model costs, beside plain programs of its rules.

Numbers only, no thresholds. Ratios are taken round by round, since the speed of a
machine drifts; every number is the median of the rounds.
"""

import argparse
import importlib.util
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks import heap, naive
from benchmarks.inputs import OPERATION, arrivals_in, last_arrivals
from benchmarks.scaled import many_flows, multiplied
from sim.evidence.figures import Figure
from sim.evidence.table import load_figures
from sim.experiment import run_study
from sim.experiment.observe import Lens, observe
from sim.experiment.pool import Here, Pool, Processes
from sim.experiment.replicate import grid
from sim.metrics.registry import summary
from sim.model import simulate
from sim.scenario import Operation, load

ROOT = Path(__file__).resolve().parent.parent
ALEPPO = ROOT / "scenarios" / "aleppo-2016"
OURS, BARE, NAIVE, HEAP, SALABIM = (
    "our model",
    "our model, no log",
    "plain SimPy",
    "heap loop",
    "salabim",
)
Run = Callable[[int], object]
"""One replication of something, given its seed."""


def main(arguments: Sequence[str]) -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="run.py bench", description="Measure the speed of the model."
    )
    parser.add_argument(
        "--quick", action="store_true", help="3 rounds in place of 7, nothing scaled"
    )
    quick = parser.parse_args(arguments).quick
    rounds = 3 if quick else 7
    print(
        f"{os.cpu_count()} processors, {platform.machine()}, {platform.system()}, "
        f"Python {platform.python_version()}; medians of {rounds} rounds"
    )
    operation = load(OPERATION)
    _engines(operation, rounds)
    _costs(operation, rounds)
    _replays(rounds, 32 if quick else 200)
    if not quick:
        _larger(rounds)
    _starts(rounds)
    return 0


def head(title: str, *columns: str) -> None:
    """Print the head of a part of the table."""
    print(f"\n{title:<44}" + "".join(f"{column:>15}" for column in columns))


def row(name: str, *cells: str) -> None:
    """Print a row of the table."""
    print(f"  {name:<42}" + "".join(f"{cell:>15}" for cell in cells), flush=True)


def cpu_s(run: Run, seeds: range) -> float:
    """Return the processor time of one replication, on average over some seeds [s]."""
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


def _engines(operation: Operation, rounds: int) -> None:
    runs: dict[str, Run] = {
        OURS: lambda seed: simulate(operation, seed=seed),
        BARE: lambda seed: simulate(operation, seed=seed, log=False),
        NAIVE: partial(naive.arrivals, operation),
        HEAP: partial(heap.arrivals, operation),
    }
    if importlib.util.find_spec("salabim"):
        from benchmarks import salabim_naive  # noqa: PLC0415 - it may be missing

        runs[SALABIM] = partial(salabim_naive.arrivals, operation)
    log = simulate(operation, seed=1)
    arrivals = arrivals_in(log)
    trips = sum(len(trip.vehicles) for trip in log.trips)
    programs = [run for name, run in runs.items() if name not in {OURS, BARE}]
    agree = all(program(1) == arrivals for program in programs)
    last = last_arrivals(operation, arrivals)
    days = ", ".join(f"{flow} {moment / 86400:.2f}" for flow, moment in last.items())
    print(f"Benchmark operation: {trips} vehicle trips; last arrival [d]: {days}")
    print(f"Every arrival the same to the second in all programs: {agree}")
    events = {
        OURS: log.steps,
        BARE: log.steps,
        NAIVE: naive.events(operation, 1),
        HEAP: heap.events(operation, 1),
    }
    times = interleaved(runs, rounds, {OURS: 40, BARE: 40, HEAP: 40, SALABIM: 5})
    head("One replication", "CPU ms", "runs/s", "events", "x plain SimPy")
    for name, measured in times.items():
        row(
            name,
            f"{1e3 * median(measured):.2f}",
            f"{1 / median(measured):.0f}",
            str(events.get(name, "")),
            f"{ratio(times[NAIVE], measured):.1f}",
        )
    if SALABIM in times:
        row(
            "our model, x salabim",
            "",
            "",
            "",
            f"{ratio(times[SALABIM], times[OURS]):.1f}",
        )
    else:
        row("salabim is not installed: left out")
    row("our model, x time of the heap loop", f"{ratio(times[OURS], times[HEAP]):.2f}")


def _costs(operation: Operation, rounds: int) -> None:
    ends = operation.ends
    lens = Lens.of((), operation.clock, ends, grid(ends))

    def with_summary(seed: int) -> object:
        return summary(simulate(operation, seed=seed))

    def observed(seed: int) -> object:
        log = simulate(operation, seed=seed)
        return observe(log, seed, {}, lens)

    runs: dict[str, Run] = {
        "nothing: no log": lambda seed: simulate(operation, seed=seed, log=False),
        "log": lambda seed: simulate(operation, seed=seed),
        "log, and the summary of metrics": with_summary,
        "log, and all a study keeps (causes, curves)": observed,
        "no log, and the audit after every event": lambda seed: simulate(
            operation, seed=seed, log=False, audit=True
        ),
    }
    times = interleaved(runs, rounds, dict.fromkeys(runs, 20))
    bare = times["nothing: no log"]
    log = simulate(operation, seed=1)
    head("What recording and checking add", "CPU ms", "over no log")
    for name, measured in times.items():
        row(name, f"{1e3 * median(measured):.2f}", f"{ratio(measured, bare) - 1:+.0%}")
    row("rows of the log, and of trips", str(len(log.events)), str(len(log.trips)))


def _replays(rounds: int, replications: int) -> None:
    operation = load(ALEPPO)
    figures = load_figures(ALEPPO / "evidence.csv")
    head(f"Aleppo replay, study of {replications} runs", "runs/s", "x one process")
    with _pool(1) as one, _pool(2) as two:
        kinds: dict[str, Pool] = {
            "this process": Here(),
            "1 worker": one,
            "2 workers": two,
        }
        rates: dict[str, list[float]] = {name: [] for name in kinds}
        for _ in range(rounds):
            for name, pool in kinds.items():
                seconds = _study_s(operation, figures, replications, pool)
                rates[name].append(replications / seconds)
    for name, measured in rates.items():
        times = ratio(measured, rates["this process"])
        row(name, f"{median(measured):.0f}", f"{times:.2f}")


def _study_s(
    operation: Operation,
    figures: Sequence[Figure],
    replications: int,
    pool: Pool,
) -> float:
    began = time.perf_counter()
    run_study(operation, figures, seed=1, replications=replications, pool=pool)
    return time.perf_counter() - began


@contextmanager
def _pool(workers: int) -> Iterator[Pool]:
    """Give processes that have imported the model already."""
    pool = Processes(workers)
    try:
        run_study(load(OPERATION), seed=1, replications=8 * workers, pool=pool)
        yield pool
    finally:
        pool.close()


def _larger(rounds: int) -> None:
    head("Larger operations", "CPU ms", "us each", "x the smallest")
    sizes = {times: multiplied(times) for times in (1, 10, 100)}
    _grown("people, vehicles, lanes x {}: a trip", sizes, rounds)
    for title, one in (("ring of agreements", False), ("one agreement", True)):
        flows = {n: many_flows(n, one_agreement=one) for n in (3, 10, 30, 100)}
        _grown(f"{{}} flows in {title}: a flow", flows, rounds)


def _grown(title: str, operations: dict[int, Operation], rounds: int) -> None:
    runs: dict[str, Run] = {}
    units: dict[str, int] = {}
    counts: dict[str, int] = {}
    for size, operation in operations.items():
        name = title.format(size)
        runs[name] = partial(_simulated, operation)
        trips = simulate(operation, seed=1).trips
        vehicles = sum(len(trip.vehicles) for trip in trips)
        units[name] = size if "flow" in title else vehicles
        counts[name] = max(1, 30 // size)
    times = interleaved(runs, rounds, counts)
    smallest, *_ = runs
    first = [seconds / units[smallest] for seconds in times[smallest]]
    for name, measured in times.items():
        each = [seconds / units[name] for seconds in measured]
        row(
            name,
            f"{1e3 * median(measured):.1f}",
            f"{1e6 * median(each):.1f}",
            f"{ratio(each, first):.2f}",
        )


def _simulated(operation: Operation, seed: int) -> object:
    return simulate(operation, seed=seed)


def _starts(rounds: int) -> None:
    head("Start of the program", "wall s")
    program = [sys.executable, str(ROOT / "run.py")]
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "run.py --help": [*program, "--help"],
        "run.py check aleppo-2016": [*program, "check", "aleppo-2016"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds + 1):
        for name, command in commands.items():
            began = time.perf_counter()
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            times[name].append(time.perf_counter() - began)
    for name, (_, *measured) in times.items():
        row(name, f"{median(measured):.3f}")
