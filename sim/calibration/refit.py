"""A fit to some of the claims of a record, with either method: one way for all.

What is left out is not handed to the fit at all. The draws are run once more and asked
about every figure and about the end of the operation.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.special import logsumexp

from sim.calibration.bias import Reference
from sim.calibration.checkpoint import key_of, load_cloud, save_cloud
from sim.calibration.claims import Numbers
from sim.calibration.fit import Tell, Wish
from sim.calibration.likelihood import log_likelihood
from sim.calibration.nearest import screen
from sim.calibration.outlook import Answers, Outlook
from sim.calibration.pool import Pool
from sim.calibration.prepare import Prepared
from sim.calibration.simulator import Mapper, Parts, simulated
from sim.calibration.tempering import Problem, temper
from sim.experiment.program import fingerprint


@dataclass(frozen=True, slots=True)
class Asked:
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

    asked: Asked
    points: Numbers
    answers: Answers
    log_evidence: float
    worth: float


@dataclass(frozen=True, slots=True)
class Bench:
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
    wish: Wish
    pool: Pool
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

    def refitted(self, asked: Asked) -> Refit:
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

    def _problem(self, asked: Asked) -> Problem:
        """Return the fit without anything of the claims that it may not see."""
        simulator = self.ready.simulator
        some = replace(
            simulator, probes=tuple(simulator.probes[at] for at in asked.used)
        )
        return Problem(
            some,
            self.ready.prior.size,
            tuple(self.ready.claims[at] for at in asked.used),
            self.ready.reported[list(asked.used)],
            asked.believed,
        )

    def _screened(self, problem: Problem, asked: Asked) -> tuple[Numbers, Parts]:
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

    def _evidence(self, problem: Problem, asked: Asked) -> tuple[float, float]:
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

    def _tempered(self, problem: Problem, asked: Asked) -> tuple[Numbers, Parts, float]:
        seed, settings = self.wish.seeds[0], self.wish.settings
        about = f"{self.ready.scenario} {fingerprint()}"
        key = key_of(problem, settings, seed, about)
        path = self.kept / f"fit-{key[:12]}.npz"
        cloud = temper(
            problem,
            settings,
            seed,
            begun=load_cloud(path, key),
            mapper=self.mapper,
            keep=lambda cloud: save_cloud(path, cloud, key),
            report=lambda told: self.tell(asked.name, told),
        )
        return cloud.points, cloud.luck, cloud.log_evidence
