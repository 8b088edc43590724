"""One replication: a pure function of a job and a number."""

import traceback
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from sim.errors import SimError
from sim.events import RunLog
from sim.evidence.figures import Figure
from sim.experiment.drawn import Drawn
from sim.experiment.observe import Counts, Lens, Notes, observe
from sim.experiment.rows import Failure, Followed, Rows
from sim.experiment.tabulate import tabulated
from sim.experiment.unknowns import draw
from sim.metrics.deadlocks import deadlocks
from sim.metrics.movements import movements
from sim.model import no_search_for_garbage, simulate
from sim.scenario import Operation, settled

Band = Literal["chance", "knowledge and chance", "calibrated"]
GRID_STEP_S = 1800


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that a replication depends on, besides its number.

    Attributes
    ----------
    figures : documented figures to read off each run.
    seed : root of all random numbers.
    band : `chance`: all runs share the values of the file; `knowledge and chance`:
        what is not known is drawn from its range; `calibrated`: it is a draw of a fit,
        and so is luck.
    per_draw : replications in a row that share a draw of what is not known.
    drawn : by a fit.
    at_moments : metrics at a moment that are asked for, without what they are given
        for.
    followed : of so many replications, from 0 on, it is kept how each convoy moved and
        who is held in a deadlock at the end.
    only : metrics that somebody asks for, without what they are given for; nothing else
        is read off a run but who arrived when. Everything if empty.
    """

    operation: Operation
    figures: tuple[Figure, ...]
    seed: int
    band: Band = "chance"
    per_draw: int = 1
    drawn: Drawn | None = None
    at_moments: tuple[str, ...] = ()
    followed: int = 0
    only: tuple[str, ...] = ()

    def of(self, operation: Operation) -> "Job":
        """Return the same job of an operation that is derived from its own.

        A fit does not draw what that operation does not leave unknown.
        """
        drawn = self.drawn and self.drawn.within(self.operation, operation)
        return replace(self, operation=operation, drawn=drawn)

    def world(self, replication: int) -> tuple[Operation, dict[str, float]]:
        """Return the operation as a replication takes it, and what was drawn for it."""
        if self.drawn is not None:
            parameters = self.drawn.parameters(replication)
        elif self.band == "chance":
            return self.operation, {}
        else:
            parameters = draw(self.operation, self.seed, replication // self.per_draw)
        return settled(self.operation, parameters), parameters

    def log_of(self, replication: int) -> RunLog:
        """Run a replication and return everything that happened in it."""
        operation, _ = self.world(replication)
        return self.run(operation, replication)

    def run(self, operation: Operation, replication: int) -> RunLog:
        """Run an operation under the luck of a replication."""
        luck = replication if self.drawn is None else self.drawn.luck[replication]
        return simulate(operation, seed=self.seed, replication=luck)


def grid(horizon_s: int) -> Counts:
    """Return the moments at which curves are kept [s after the start]."""
    return np.arange(0, horizon_s + 1, GRID_STEP_S, dtype=np.int64)


def replicated(job: Job, replications: Iterable[int]) -> Rows:
    """Run some replications; what raises becomes a failure among them."""
    plan = job.operation
    lens = Lens.of(plan, job.figures, grid(plan.ends), job.at_moments)
    if job.only:
        lens = lens.narrowed(job.only)
    found: list[Notes] = []
    failures: list[Failure] = []
    with no_search_for_garbage():
        for replication in replications:
            try:
                operation, parameters = job.world(replication)
                log = job.run(operation, replication)
                notes = observe(log, replication, parameters, lens)
                if replication < job.followed:
                    notes = notes._replace(followed=follow(log, replication))
                found.append(notes)
            except Exception as error:  # noqa: BLE001 - any failure of a run is a row
                trace = traceback.format_exc()
                failures.append(Failure(replication, _said(error), trace))
    return tabulated(found, failures, lens)


def follow(log: RunLog, replication: int) -> Followed:
    """Return what is kept of single convoys of a replication."""
    return Followed(replication, movements(log), deadlocks(log))


def _said(error: Exception) -> str:
    """Return why a run failed; what was raised on purpose is a sentence already."""
    if isinstance(error, SimError):
        return " ".join(str(error).split()).removesuffix(".")
    return repr(error)
