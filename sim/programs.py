"""The surface for programs: a few functions that do what the commands do.

They return what the commands write about: logs, studies and comparisons whose numbers
are numpy arrays and, where pandas is installed, frames.
"""

from pathlib import Path

from sim.events import RunLog
from sim.experiment import Study
from sim.experiment import run_study as studied
from sim.experiment.pool import processes
from sim.model import simulate as simulated
from sim.scenario import Operation
from sim.studies.cases import Case, opened

Scenario = Case | Operation | str | Path
"""A scenario that was loaded, or its file, or its name among those that are shipped."""


def load(scenario: str | Path) -> Case:
    """Return a scenario and the documented figures beside it.

    Parameters
    ----------
    scenario : a file, or a name in the folder scenarios, as `aleppo-2016`.

    Raises
    ------
    ScenarioError
        If there is no such scenario, or anything in it is wrong: all at once, each
        with its place and what to do.
    EvidenceError
        If anything in its evidence table is wrong.
    """
    return opened(str(scenario))


def simulate(scenario: Scenario, *, seed: int = 1, replication: int = 0) -> RunLog:
    """Run a scenario once; return everything that happened.

    Parameters
    ----------
    scenario : loaded, or its file or name.
    seed : root of all random numbers.
    replication : which luck; the same number, the same luck, in variants too.
    """
    operation = _case(scenario).operation
    return simulated(operation, seed=seed, replication=replication)


def run_study(
    scenario: Scenario,
    *,
    replications: int = 100,
    seed: int = 1,
    knowledge: bool = False,
    per_draw: int = 1,
    workers: int = 1,
) -> Study:
    """Run a scenario many times.

    Parameters
    ----------
    scenario : loaded, or its file or name.
    replications : runs, each with its own luck.
    seed : root of all random numbers: the same seed, the same results.
    knowledge : whether each run also draws what is not known, from `uncertain`.
    per_draw : runs that share such a draw.
    workers : processes; what a program registers itself is known only in its own,
        unless it does so wherever its file is imported.

    Raises
    ------
    AllFailedError
        If every run failed.
    """
    case = _case(scenario)
    with processes(workers) as pool:
        return studied(
            case.operation,
            case.figures,
            seed=seed,
            replications=replications,
            band="knowledge and chance" if knowledge else "chance",
            per_draw=per_draw,
            pool=pool,
        )
