"""A fit to some or all claims of a record, with either method: one way for all.

What is left out is not handed to the fit at all. The draws are run once more and asked
about every figure and about the end of the operation. All fits rest on one pool of runs
at points of the prior: it shows what the figures can say at all, and what the draws are
compared with; the screen takes its draws from it.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.errors import ResultsError
from sim.experiment.npz import MOST_MB
from sim.experiment.program import fingerprint
from sim.inference.calibration.options import FitOptions, FitTask, SmcSettings
from sim.inference.calibration.particles import (
    Particles,
    key_of,
    load_particles,
    save_particles,
)
from sim.inference.calibration.pool import PriorPool
from sim.inference.calibration.progress import Tell
from sim.inference.calibration.semiautomatic_abc import screen
from sim.inference.calibration.tempered_smc import from_pool, temper
from sim.inference.claims import Numbers
from sim.inference.likelihood import ObservationModel, Reference
from sim.inference.problem import InferenceProblem, Prepared
from sim.inference.simulator import Mapper, Outcomes, Parts
from sim.whole_file import aside

SHORT = SmcSettings(particles=100, moves=3, last_moves=6, effective=0.5)
"""How carefully a fit goes on from the pool; as a forecast does."""
_USUAL = 5_000
"""Particles of which the file is far smaller than any that is refused."""


@dataclass(frozen=True, slots=True)
class Calibrator:
    """What all fits of one calibration or validation share.

    Attributes
    ----------
    ready : the operation and all claims about it.
    options : method, seeds, and how carefully.
    pool : runs at points of the prior.
    kept : folder in which tempered fits that are under way are kept.
    mapper, tell : where runs are made, and who hears of it.
    """

    ready: Prepared
    options: FitOptions
    pool: PriorPool
    kept: Path
    mapper: Mapper = map
    tell: Tell = lambda what, progress: None

    def fit(self, task: FitTask) -> "Fit":
        """Return the fit that is wanted; a tempered one that was stopped goes on.

        What is damaged of it is set aside, and made again.
        """
        problem = self.ready.problem(task.used, task.believed)
        if self.options.method == "screen":
            clouds: tuple[Particles, ...] = ()
            points, luck = self._screened(problem, task)
        else:
            clouds = tuple(
                self._tempered(problem, task, seed) for seed in self.options.seeds
            )
            points, luck = self._together(clouds)
        return self._run(task, points, luck, clouds)

    def gone_on(self, task: FitTask) -> "Fit":
        """Return a short tempered fit that goes on from the pool.

        It has few draws, and they are no coarser than the likelihood: a screen of a
        record that hardly any run has goes on in straight lines.
        """
        problem, pool = self.ready.problem(task.used, task.believed), self.pool
        seed = self.options.seeds[0]
        some = pool.points, pool.luck, pool.quantities[:, task.used]
        rng = np.random.default_rng(seed)
        cloud = temper(
            problem,
            SHORT,
            seed,
            begun=from_pool(problem, *some, SHORT.particles, rng),
            mapper=self.mapper,
            report=lambda told: self.tell(task.name, told),
        )
        return self._run(task, cloud.points, cloud.luck, (cloud,))

    def _run(
        self,
        task: FitTask,
        points: Numbers,
        luck: Parts,
        clouds: tuple[Particles, ...],
    ) -> "Fit":
        """Return the draws of a fit with their runs."""
        outcomes = self.ready.simulator.outcomes(
            points,
            luck,
            self.mapper,
            lambda done: self.tell(f"{task.name}: runs", (done, len(points))),
        )
        return Fit(self, task, points, luck, outcomes, clouds)

    def _screened(
        self, problem: InferenceProblem, task: FitTask
    ) -> tuple[Numbers, Parts]:
        seed = self.options.seeds[0]
        quantities = self.pool.quantities[:, task.used]
        made = screen(self.pool.points, quantities, problem.sources, seed)
        found = made.fit(problem.reported, self.options.settings.particles, seed)
        return found.points, self.pool.luck[found.runs]

    def _tempered(
        self, problem: InferenceProblem, task: FitTask, seed: int
    ) -> Particles:
        settings = self.options.settings
        about = f"{self.ready.scenario} {fingerprint()}"
        key = key_of(problem, settings, seed, about)
        path = self.kept / f"seed-{seed}-{key[:12]}.npz"
        return temper(
            problem,
            settings,
            seed,
            begun=_begun(path, key, MOST_MB * settings.particles / _USUAL),
            mapper=self.mapper,
            keep=lambda cloud: save_particles(path, cloud, key),
            report=lambda told: self.tell(f"{task.name}, seed {seed}", told),
        )

    def _together(self, clouds: tuple[Particles, ...]) -> tuple[Numbers, Parts]:
        """Return the draws of all seeds; those of several are mixed."""
        points = np.concatenate([cloud.points for cloud in clouds])
        luck = np.concatenate([cloud.luck for cloud in clouds])
        if len(clouds) == 1:
            return points, luck
        order = np.random.default_rng(self.options.seeds[0]).permutation(len(points))
        return points[order], luck[order]


def _begun(path: Path, key: str, most_mb: float) -> Particles | None:
    """Return what is kept of a fit; what cannot be used is set aside."""
    try:
        return load_particles(path, key, max(most_mb, MOST_MB))
    except ResultsError:
        aside(path)
        return None


@dataclass(frozen=True, slots=True)
class Fit:
    """Draws of what is not known, given some or all claims.

    Attributes
    ----------
    calibrator : with what it was made.
    task : which claims it has seen.
    points, luck : of (draw, ...), of all seeds together, in no order.
    outcomes : of runs with them, about all claims.
    clouds : particles of the fits, by seed; none for a screen.
    """

    calibrator: Calibrator
    task: FitTask
    points: Numbers
    luck: Parts
    outcomes: Outcomes
    clouds: tuple[Particles, ...]

    @property
    def ready(self) -> Prepared:
        """The operation and what is claimed about it."""
        return self.calibrator.ready

    @property
    def options(self) -> FitOptions:
        """How it was made."""
        return self.calibrator.options

    @property
    def pool(self) -> PriorPool:
        """Runs at points of the prior."""
        return self.calibrator.pool

    @property
    def quantities(self) -> Numbers:
        """What its runs say, of (draw, claim, node)."""
        return self.outcomes.quantities

    @property
    def reference(self) -> Reference:
        """Which families are taken at their word."""
        return self.task.believed

    @property
    def sources(self) -> ObservationModel:
        """How sources report on a run, if it is so."""
        return ObservationModel(self.ready.claims, self.reference)
