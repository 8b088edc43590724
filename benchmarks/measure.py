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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from unittest.mock import patch

from benchmarks import heap, naive
from benchmarks.compiled import Elsewhere, compiled
from benchmarks.inputs import OPERATION, arrivals_in, last_arrivals
from benchmarks.scaled import long_lines, many_flows, multiplied
from benchmarks.studies import ALEPPO, measure_studies
from benchmarks.timing import Run, head, interleaved, ratio, row
from sim.metrics.registry import summary
from sim.metrics.waiting import charges
from sim.model import CHECKED, no_search_for_garbage, simulate
from sim.scenario import Operation, load

ROOT = Path(__file__).resolve().parent.parent
OURS, BARE, COMPILED, NAIVE, HEAP, SALABIM = (
    "our model",
    "our model, no log",
    "our model, compiled",
    "plain SimPy",
    "heap loop",
    "salabim",
)


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
    why_not = compiled()
    if why_not:
        print(f"The compiled model is left out: {why_not}")
    with _compiled(operation, leave_out=bool(why_not)) as more:
        _engines(operation, rounds, more)
    _costs(operation, rounds)
    with _compiled(load(ALEPPO), leave_out=bool(why_not)) as more:
        _replay(rounds, more)
    measure_studies(rounds, 32 if quick else 1_000, with_compiled=not why_not)
    if not quick:
        _larger(rounds)
    _starts(rounds)
    return 0


@contextmanager
def _compiled(operation: Operation, *, leave_out: bool) -> Iterator[dict[str, Run]]:
    """Give what runs the compiled model, by its name; nothing if it is left out."""
    if leave_out:
        yield {}
        return
    with Elsewhere(operation) as elsewhere:
        yield {COMPILED: elsewhere}


def _engines(operation: Operation, rounds: int, more: Mapping[str, Run]) -> None:
    runs: dict[str, Run] = {
        OURS: lambda seed: simulate(operation, seed=seed),
        BARE: lambda seed: simulate(operation, seed=seed, log=False),
        NAIVE: partial(naive.arrivals, operation),
        HEAP: partial(heap.arrivals, operation),
        **more,
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
    # As in a study, which looks for garbage once a chunk and not once a run.
    with no_search_for_garbage():
        often = dict.fromkeys((OURS, BARE, COMPILED, HEAP), 40)
        times = interleaved(runs, rounds, {**often, SALABIM: 5})
    head("One replication", "CPU ms", "runs/s", "events", "x plain SimPy")
    for name, measured in times.items():
        row(
            name,
            f"{1e3 * median(measured):.2f}",
            f"{1 / median(measured):.0f}",
            str(events.get(name, "")),
            f"{ratio(times[NAIVE], measured):.1f}",
        )
    for name in (OURS, COMPILED):
        if name in times:
            row(
                f"{name}, x time of the heap loop",
                f"{ratio(times[name], times[HEAP]):.2f}",
            )
            if SALABIM in times:
                faster = ratio(times[SALABIM], times[name])
                row(f"{name}, x salabim", "", "", "", f"{faster:.1f}")
    if SALABIM not in times:
        row("salabim is not installed: left out")


def _costs(operation: Operation, rounds: int) -> None:
    def with_causes(seed: int) -> object:
        return charges(simulate(operation, seed=seed))

    def with_summary(seed: int) -> object:
        return summary(simulate(operation, seed=seed))

    silent = partial(_simulated, operation, log=False)
    logged = partial(_simulated, operation)
    bare = "no log, causes or checks"
    runs: dict[str, Run] = {
        bare: _unchecked(silent),
        "log": _unchecked(logged),
        "checks of invariants, as always on": silent,
        "log and causes of waiting": _unchecked(with_causes),
        "log, causes and checks": with_causes,
        "log, checks and the summary of metrics": with_summary,
        "log, and everything checked at every event": partial(
            _simulated, operation, audit=True
        ),
    }
    times = interleaved(runs, rounds, dict.fromkeys(runs, 20))
    log = simulate(operation, seed=1)
    head("What recording and checking add", "CPU ms", "over the bare")
    for name, measured in times.items():
        more = ratio(measured, times[bare]) - 1
        row(name, f"{1e3 * median(measured):.2f}", f"{more:+.0%}")
    row("rows of the log, and of trips", str(len(log.rows)), str(len(log.trips)))


def _unchecked(run: Run) -> Run:
    """Return the same run without its checks, which nobody else can leave out."""

    def without(seed: int) -> object:
        with ExitStack() as stack:
            for part in CHECKED:
                stack.enter_context(patch.object(part, "check", _no_check))
            return run(seed)

    return without


def _no_check(_: object) -> None:
    pass


def _replay(rounds: int, more: Mapping[str, Run]) -> None:
    operation = load(ALEPPO)

    def with_summary(seed: int) -> object:
        return summary(simulate(operation, seed=seed))

    runs: dict[str, Run] = {
        "with log": partial(_simulated, operation),
        "without": partial(_simulated, operation, log=False),
        "with log and the summary of metrics": with_summary,
        **more,
    }
    times = interleaved(runs, rounds, dict.fromkeys(runs, 30))
    head("Aleppo replay, one replication", "CPU ms", "runs/s")
    for name, measured in times.items():
        row(name, f"{1e3 * median(measured):.2f}", f"{1 / median(measured):.0f}")


def _larger(rounds: int) -> None:
    head("Larger operations", "CPU ms", "us each", "x the smallest")
    sizes = {times: multiplied(times) for times in (1, 10, 100)}
    _grown("people, vehicles, lanes x {}: a trip", sizes, rounds)
    for title, one in (("ring of agreements", False), ("one agreement", True)):
        flows = {n: many_flows(n, one_agreement=one) for n in (3, 10, 30, 100)}
        _grown(f"{{}} flows in {title}: a flow", flows, rounds)
    for rule in ("lockstep", "simultaneous"):
        lines = {n: long_lines(n, rule=rule) for n in (30, 100, 300)}
        _grown(f"{{}} convoys in line, {rule}: a trip", lines, rounds)


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
    # As in a study, which looks for garbage once a chunk and not once a run.
    with no_search_for_garbage():
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


def _simulated(
    operation: Operation, seed: int, *, log: bool = True, audit: bool = False
) -> object:
    return simulate(operation, seed=seed, log=log, audit=audit)


def _starts(rounds: int) -> None:
    head("Start of the program", "wall s", "slow imports")
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
        row(name, f"{median(measured):.3f}", _slow_imports(commands[name]) or "none")


def _slow_imports(command: list[str]) -> str:
    """Return which of the slow packages a start imports."""
    python, *rest = command
    done = subprocess.run(
        [python, "-X", "importtime", *rest],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    modules = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    return ", ".join(name for name in ("matplotlib", "scipy") if name in modules)
