"""A fit to some or all claims of a record, with either method: one way for all.

What is left out is not handed to the fit at all. The draws are run once more and asked
about every figure and about the end of the operation. All fits rest on one pool of runs
at points of the prior: it shows what the figures can say at all, and what the draws are
compared with; the screen takes its draws from it.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.special import logsumexp

from sim.experiment.program import fingerprint
from sim.inference.calibration.options import FitOptions
from sim.inference.calibration.particles import (
    Particles,
    key_of,
    load_particles,
    save_particles,
)
from sim.inference.calibration.pool import PriorPool
from sim.inference.calibration.progress import Tell
from sim.inference.calibration.semiautomatic_abc import screen
from sim.inference.calibration.tempered_smc import temper
from sim.inference.claims import Numbers
from sim.inference.likelihood import Reference, log_likelihood
from sim.inference.problem import InferenceProblem, Prepared
from sim.inference.simulator import Mapper, Outcomes, Outlook, Parts, simulated


@dataclass(frozen=True, slots=True)
class Fit:
    """A calibration that is done.

    Attributes
    ----------
    ready : the operation and what is claimed about it.
    wish : what was asked for.
    pool : runs at points of the prior.
    points, luck, quantities : of (draw, ...), of all seeds together, in no order.
    clouds : of the fits, by seed; none for a screen.
    """

    ready: Prepared
    wish: FitOptions
    pool: PriorPool
    points: Numbers
    luck: Parts
    quantities: Numbers
    clouds: tuple[Particles, ...]

    @property
    def reference(self) -> Reference:
        """Which families are taken at their word."""
        return Reference(frozenset(self.wish.reference))


def fitted(
    ready: Prepared,
    wish: FitOptions,
    pool: PriorPool,
    kept: Path,
    mapper: Mapper = map,
    tell: Tell = lambda what, progress: None,
) -> Fit:
    """Return the draws that were asked for; a fit that was stopped goes on.

    Parameters
    ----------
    ready, wish, pool : what to fit, how, and runs of the prior.
    kept : folder in which fits that are under way are kept.
    mapper, tell : where runs are made, and who hears of it.

    Raises
    ------
    ResultsError
        If a file in the folder is damaged, or of another fit.
    """
    if wish.method == "screen":
        return _screened(ready, wish, pool, mapper, tell)
    clouds = tuple(
        _tempered(ready, wish, place, kept, mapper, tell)
        for place in range(len(wish.seeds))
    )
    order = np.random.default_rng(wish.seeds[0]).permutation(
        sum(len(cloud.points) for cloud in clouds)
    )
    points, luck, quantities = (
        np.concatenate([getattr(cloud, name) for cloud in clouds])[order]
        for name in ("points", "luck", "quantities")
    )
    return Fit(ready, wish, pool, points, luck, quantities, clouds)


def _screened(
    ready: Prepared, wish: FitOptions, pool: PriorPool, mapper: Mapper, tell: Tell
) -> Fit:
    seed, draws = wish.seeds[0], wish.settings.particles
    reference = Reference(frozenset(wish.reference))
    made = screen(pool.points, pool.quantities, ready.claims, seed, reference)
    found = made.fit(ready.reported, draws, seed)
    luck = pool.luck[found.runs]
    # A corrected point is no longer the one that was run.
    quantities = simulated(
        ready.simulator,
        found.points,
        luck,
        mapper,
        lambda done: tell("runs of the draws", (done, draws)),
    )
    return Fit(ready, wish, pool, found.points, luck, quantities, ())


def _tempered(
    ready: Prepared,
    wish: FitOptions,
    place: int,
    kept: Path,
    mapper: Mapper,
    tell: Tell,
) -> Particles:
    seed = wish.seeds[place]
    problem = ready.problem(Reference(frozenset(wish.reference)))
    key = key_of(problem, wish.settings, seed, f"{ready.scenario} {fingerprint()}")
    path = kept / f"seed-{seed}.npz"
    return temper(
        problem,
        wish.settings,
        seed,
        begun=load_particles(path, key),
        mapper=mapper,
        keep=lambda cloud: save_particles(path, cloud, key),
        report=lambda told: tell(f"fit {place + 1} of {len(wish.seeds)}", told),
    )


@dataclass(frozen=True, slots=True)
class FitTask:
    """Which fit is wanted.

    Attributes
    ----------
    name : in words.
    used : places of the claims that it may see, in their order.
    reference : families taken at their word; none if all are pooled.
    """

    name: str
    used: tuple[int, ...]
    reference: tuple[str, ...] = ()

    @property
    def believed(self) -> Reference:
        """Which families are taken at their word."""
        return Reference(frozenset(self.reference))


@dataclass(frozen=True, slots=True)
class Refit:
    """A fit to some of the claims.

    Attributes
    ----------
    points : of (draw, parameter), in the unit cube.
    answers : of runs with them, about all claims.
    log_evidence : logarithm of the probability of the claims used.
    worth : runs of equal weight that the evidence rests on; few make it vague.
    """

    asked: FitTask
    points: Numbers
    answers: Outcomes
    log_evidence: float
    worth: float


@dataclass(frozen=True, slots=True)
class Calibrator:
    """What all fits of one validation share.

    Attributes
    ----------
    ready : the operation and all claims about it.
    wish : method, how carefully, and the seed.
    pool : runs at points of the prior.
    kept : folder in which tempered fits that are under way are kept.
    mapper, tell : where runs are made, and who hears of it.
    """

    ready: Prepared
    wish: FitOptions
    pool: PriorPool
    kept: Path
    mapper: Mapper = map
    tell: Tell = lambda what, progress: None

    @property
    def sites(self) -> tuple[str, ...]:
        """Sites that figures speak of."""
        entries = self.ready.record.entries
        return tuple(dict.fromkeys(entry.figure.origin for entry in entries))

    @property
    def outlook(self) -> Outlook:
        """Answers with all figures, and with the people arrived by the end."""
        simulator = self.ready.simulator
        return Outlook(
            simulator.operation,
            simulator.prior,
            simulator.probes,
            self.sites,
            (simulator.operation.ends,),
            simulator.seed,
        )

    def refitted(self, asked: FitTask) -> Refit:
        """Return the fit that is wanted; a tempered one that was stopped goes on.

        Raises
        ------
        ResultsError
            If what is kept of it is damaged.
        """
        problem = self._problem(asked)
        if self.wish.method == "screen":
            points, luck = self._screened(problem, asked)
            evidence, worth = self._evidence(problem, asked)
        else:
            points, luck, evidence = self._tempered(problem, asked)
            worth = float(len(points))
        rows = simulated(
            self.outlook,
            points,
            luck,
            self.mapper,
            lambda done: self.tell(f"{asked.name}: runs", (done, len(points))),
        )
        return Refit(asked, points, self.outlook.split(rows), evidence, worth)

    def _problem(self, asked: FitTask) -> InferenceProblem:
        """Return the fit without anything of the claims that it may not see."""
        simulator = self.ready.simulator
        some = replace(
            simulator, probes=tuple(simulator.probes[at] for at in asked.used)
        )
        return InferenceProblem(
            some,
            self.ready.prior.size,
            tuple(self.ready.claims[at] for at in asked.used),
            self.ready.reported[list(asked.used)],
            asked.believed,
        )

    def _screened(
        self, problem: InferenceProblem, asked: FitTask
    ) -> tuple[Numbers, Parts]:
        seed = self.wish.seeds[0]
        made = screen(
            self.pool.points,
            self.pool.quantities[:, asked.used],
            problem.claims,
            seed,
            problem.reference,
        )
        found = made.fit(problem.reported, self.wish.settings.particles, seed)
        return found.points, self.pool.luck[found.runs]

    def _evidence(
        self, problem: InferenceProblem, asked: FitTask
    ) -> tuple[float, float]:
        """Return what the pool says of the evidence, and from how many runs."""
        log_p = log_likelihood(
            self.pool.quantities[:, asked.used],
            problem.reported,
            problem.claims,
            problem.reference,
        )
        weights = np.exp(log_p - log_p.max())
        worth = weights.sum() ** 2 / (weights**2).sum()
        return float(logsumexp(log_p) - np.log(len(log_p))), float(worth)

    def _tempered(
        self, problem: InferenceProblem, asked: FitTask
    ) -> tuple[Numbers, Parts, float]:
        seed, settings = self.wish.seeds[0], self.wish.settings
        about = f"{self.ready.scenario} {fingerprint()}"
        key = key_of(problem, settings, seed, about)
        path = self.kept / f"fit-{key[:12]}.npz"
        cloud = temper(
            problem,
            settings,
            seed,
            begun=load_particles(path, key),
            mapper=self.mapper,
            keep=lambda cloud: save_particles(path, cloud, key),
            report=lambda told: self.tell(asked.name, told),
        )
        return cloud.points, cloud.luck, cloud.log_evidence
