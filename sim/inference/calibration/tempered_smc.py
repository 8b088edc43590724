"""Tempered sequential Monte Carlo over parameters and luck, with exact likelihood.

Particles begin as draws of the prior and go through rising powers of the likelihood.
The simulator is a pure function, so the likelihood of a particle is exact and no
tolerance is needed; a particle is a whole run that agrees with the record.

References
----------
Del Moral, Doucet and Jasra, Sequential Monte Carlo samplers, JRSS B 68 (2006) 411-436.
Zhou, Johansen and Aston, Toward automatic model comparison, JCGS 25 (2016) 701-726
(the conditional effective sample size).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np

from sim.inference.calibration.options import SmcSettings
from sim.inference.calibration.particles import Particles, TemperatureReached
from sim.inference.calibration.progress import Report, Telling
from sim.inference.calibration.proposals import moved, redrawn, renewed
from sim.inference.claims import Numbers
from sim.inference.problem import InferenceProblem
from sim.inference.simulator import Mapper, Parts, new_luck, simulated
from sim.inference.weights import effective_number

_LOW, _HIGH = 0.15, 0.35
"""Acceptance below or above which steps are made smaller or larger."""


class _MoveKind(IntEnum):
    """What a move changes."""

    WALK = 0
    LUCK = 1
    REDRAW = 2


Keep = Callable[[Particles], None]


def temper(
    problem: InferenceProblem,
    settings: SmcSettings,
    seed: int,
    *,
    begun: Particles | None = None,
    most_levels: int | None = None,
    mapper: Mapper = map,
    keep: Keep = lambda cloud: None,
    report: Report = lambda progress: None,
) -> Particles:
    """Return draws of parameters and luck, given the reports.

    Parameters
    ----------
    problem : what to fit.
    settings : how carefully.
    seed : settles all draws; where the runs are made does not matter.
    begun : to go on from; the result is the same as without interruption.
    most_levels : temperatures, that of `begun` included: the last is then 1, however
        few particles it leaves; None for as many as it takes.
    mapper : as of `simulated`.
    keep : called with the cloud at each temperature.
    report : called after each chunk of runs.
    """
    told = Telling(report, settings)
    sampler = _Sampler(problem, settings, seed, mapper, told, most_levels)
    cloud = begun or sampler.first()
    if begun is None:
        keep(cloud)
    while not cloud.done:
        cloud = sampler.hotter(cloud)
        keep(cloud)
    return cloud


def from_pool(
    problem: InferenceProblem,
    points: Numbers,
    luck: Parts,
    quantities: Numbers,
    particles: int,
    rng: np.random.Generator,
) -> Particles:
    """Return particles to go on from, out of runs at points of the prior.

    They have the highest temperature that leaves as many effective runs of the pool as
    there are to be particles; where that is 1, they are draws of the result.

    Parameters
    ----------
    problem : what to fit.
    points, luck, quantities : of a pool, the quantities those of the claims.
    particles : how many to draw.
    rng : where the luck of the drawing comes from.
    """
    pool = _of_prior(problem, points, luck, quantities)
    share = min(particles / len(points), 0.5)
    temperature = next_temperature(pool.likelihoods, 0.0, share)
    log_weights = temperature * pool.likelihoods
    top = log_weights.max()
    weights = np.exp(log_weights - top)
    level = TemperatureReached(
        temperature, accepted_walks=0, accepted_redrawn=0, accepted_luck=0
    )
    return replace(
        pool.resampled(weights, rng, particles),
        levels=(level,),
        log_evidence=float(top + np.log(weights.mean())),
    )


def _of_prior(
    problem: InferenceProblem, points: Numbers, luck: Parts, quantities: Numbers
) -> Particles:
    return Particles(
        points=points,
        luck=luck,
        quantities=quantities,
        likelihoods=problem.log_likelihood(quantities),
        roots=np.arange(len(points)),
        levels=(),
        log_evidence=0.0,
        scale=0.6,
        share=0.4,
        runs=len(points),
    )


def next_temperature(likelihoods: Numbers, now: float, effective: float) -> float:
    """Return the temperature at which so much of the sample is still effective.

    Parameters
    ----------
    likelihoods : logarithms, of particles that weigh the same.
    now : temperature that they have.
    effective : share of the sample.
    """
    above = likelihoods - likelihoods.max()

    def left(step: float) -> float:
        weights = np.exp(step * above)
        return effective_number(weights) / len(weights)

    low, high = 0.0, 1.0 - now
    if left(high) >= effective:
        return 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if left(middle) >= effective else (low, middle)
    return now + high


@dataclass(frozen=True, slots=True)
class _Sampler:
    """What stays the same through all temperatures."""

    problem: InferenceProblem
    settings: SmcSettings
    seed: int
    mapper: Mapper
    told: Telling
    most_levels: int | None

    def first(self) -> Particles:
        """Return draws of the prior."""
        rng = np.random.default_rng((self.seed, 0))
        particles = self.settings.particles
        points = rng.random((particles, self.problem.parameters))
        luck = new_luck(rng, particles, self.settings.parts)
        self.told.runs((), 0, 0.0)
        quantities = self._run(points, luck, 0.0, None)
        return _of_prior(self.problem, points, luck, quantities)

    def hotter(self, cloud: Particles) -> Particles:
        """Return the particles at the next temperature."""
        settings = self.settings
        rng = np.random.default_rng((self.seed, 1 + len(cloud.levels)))
        before = cloud.temperature
        temperature = next_temperature(cloud.likelihoods, before, settings.effective)
        if self.most_levels and len(cloud.levels) + 1 >= self.most_levels:
            temperature = 1.0
        log_weights = (temperature - before) * cloud.likelihoods
        top = log_weights.max()
        weights = np.exp(log_weights - top)
        evidence = cloud.log_evidence + float(top + np.log(weights.mean()))
        cloud = cloud.resampled(weights, rng)
        accepted: dict[_MoveKind, list[float]] = {kind: [] for kind in _MoveKind}
        self.told.runs(cloud.temperatures, cloud.runs, temperature)
        kinds = [*_MoveKind] if self.problem.parameters else [_MoveKind.LUCK]
        for move in range(settings.last_moves if temperature >= 1 else settings.moves):
            kind = kinds[move % len(kinds)]
            cloud, share = self._moved(cloud, kind, temperature, rng)
            accepted[kind].append(share)
        walks, luck, new = (
            float(np.mean(each)) if each else 0.0 for each in accepted.values()
        )
        return replace(
            cloud,
            levels=(*cloud.levels, TemperatureReached(temperature, walks, new, luck)),
            log_evidence=evidence,
            scale=_adapted(cloud.scale, walks, 0.02, 3.0),
            share=_adapted(cloud.share, luck, 0.5 / settings.parts, 0.95),
        )

    def _moved(
        self,
        cloud: Particles,
        kind: _MoveKind,
        temperature: float,
        rng: np.random.Generator,
    ) -> tuple[Particles, float]:
        """Propose another point or other luck for every particle."""
        points, luck = cloud.points, cloud.luck
        log_factor: Numbers = np.zeros(len(points))
        match kind:
            case _MoveKind.WALK:
                points, log_factor = moved(points, cloud.scale, rng)
            case _MoveKind.LUCK:
                luck = renewed(luck, cloud.share, rng)
            case _MoveKind.REDRAW:
                points = redrawn(points, rng)
        quantities = self._run(points, luck, temperature, cloud)
        likelihoods = self.problem.log_likelihood(quantities)
        gain = temperature * (likelihoods - cloud.likelihoods) + log_factor
        taken = np.log(rng.random(len(points))) < gain
        return (
            replace(
                cloud,
                points=np.where(taken[:, None], points, cloud.points),
                luck=np.where(taken[:, None], luck, cloud.luck),
                quantities=np.where(taken[:, None, None], quantities, cloud.quantities),
                likelihoods=np.where(taken, likelihoods, cloud.likelihoods),
                runs=cloud.runs + len(points),
            ),
            float(taken.mean()),
        )

    def _run(
        self, points: Numbers, luck: Parts, temperature: float, cloud: Particles | None
    ) -> Numbers:
        """Return the quantities of runs, and tell of each chunk of them."""
        before, runs = (cloud.temperatures, cloud.runs) if cloud else ([], 0)
        return simulated(
            self.problem.simulator,
            points,
            luck,
            self.mapper,
            lambda done: self.told.runs(before, runs + done, temperature),
        )


def _adapted(size: float, accepted: float, least: float, most: float) -> float:
    if accepted < _LOW:
        return max(least, size * 0.8)
    return min(most, size * 1.2) if accepted > _HIGH else size
