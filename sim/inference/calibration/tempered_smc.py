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
from dataclasses import replace
from enum import IntEnum

import numpy as np

from sim.inference.calibration.options import SmcSettings
from sim.inference.calibration.particles import Level, Particles
from sim.inference.calibration.progress import Report, Telling
from sim.inference.calibration.proposals import moved, redrawn, renewed
from sim.inference.claims import Numbers
from sim.inference.problem import InferenceProblem
from sim.inference.simulator import Mapper, new_luck, simulated

_LOW, _HIGH = 0.15, 0.35
"""Acceptance below or above which steps are made smaller or larger."""


class _Kind(IntEnum):
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
    mapper : as of `simulated`.
    keep : called with the cloud at each temperature.
    report : called after each chunk of runs.
    """
    told = Telling(report, settings.particles, settings.moves, settings.last_moves)
    cloud = begun or _first(problem, settings, seed, mapper, told)
    if begun is None:
        keep(cloud)
    while not cloud.done:
        cloud = _hotter(cloud, problem, settings, seed, mapper, told)
        keep(cloud)
    return cloud


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
        return float(weights.sum() ** 2 / (weights**2).sum() / len(weights))

    low, high = 0.0, 1.0 - now
    if left(high) >= effective:
        return 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if left(middle) >= effective else (low, middle)
    return now + high


def _first(
    problem: InferenceProblem,
    settings: SmcSettings,
    seed: int,
    mapper: Mapper,
    told: Telling,
) -> Particles:
    rng = np.random.default_rng((seed, 0))
    points = rng.random((settings.particles, problem.parameters))
    luck = new_luck(rng, settings.particles, settings.parts)
    told.runs((), 0, 0.0)
    quantities = simulated(
        problem.simulator, points, luck, mapper, lambda done: told.runs((), done, 0.0)
    )
    return Particles(
        points=points,
        luck=luck,
        quantities=quantities,
        likelihoods=problem.log_likelihood(quantities),
        roots=np.arange(settings.particles),
        levels=(),
        log_evidence=0.0,
        scale=0.6,
        share=0.4,
        runs=settings.particles,
    )


def _hotter(
    cloud: Particles,
    problem: InferenceProblem,
    settings: SmcSettings,
    seed: int,
    mapper: Mapper,
    told: Telling,
) -> Particles:
    """Return the cloud at the next temperature."""
    rng = np.random.default_rng((seed, 1 + len(cloud.levels)))
    before = cloud.temperature
    temperature = next_temperature(cloud.likelihoods, before, settings.effective)
    log_weights = (temperature - before) * cloud.likelihoods
    top = log_weights.max()
    weights = np.exp(log_weights - top)
    evidence = cloud.log_evidence + float(top + np.log(weights.mean()))
    cloud = cloud.resampled(weights, rng)
    moves = settings.last_moves if temperature >= 1 else settings.moves
    accepted: dict[_Kind, list[float]] = {kind: [] for kind in _Kind}
    told.runs(cloud.temperatures, cloud.runs, temperature)
    for move in range(moves):
        kind = _Kind(move % len(_Kind))
        cloud, share = _move(cloud, kind, temperature, problem, rng, mapper, told)
        accepted[kind].append(share)
    walks, luck, new = (
        float(np.mean(each)) if each else 0.0 for each in accepted.values()
    )
    return replace(
        cloud,
        levels=(*cloud.levels, Level(temperature, walks, new, luck)),
        log_evidence=evidence,
        scale=_adapted(cloud.scale, walks, 0.02, 3.0),
        share=_adapted(cloud.share, luck, 0.5 / settings.parts, 0.95),
    )


def _move(
    cloud: Particles,
    kind: _Kind,
    temperature: float,
    problem: InferenceProblem,
    rng: np.random.Generator,
    mapper: Mapper,
    told: Telling,
) -> tuple[Particles, float]:
    """Propose another point or other luck for every particle."""
    points, luck = cloud.points, cloud.luck
    log_factor: Numbers = np.zeros(len(points))
    match kind:
        case _Kind.WALK:
            points, log_factor = moved(points, cloud.scale, rng)
        case _Kind.LUCK:
            luck = renewed(luck, cloud.share, rng)
        case _Kind.REDRAW:
            points = redrawn(points, rng)
    quantities = simulated(
        problem.simulator,
        points,
        luck,
        mapper,
        lambda done: told.runs(cloud.temperatures, cloud.runs + done, temperature),
    )
    likelihoods = problem.log_likelihood(quantities)
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


def _adapted(size: float, accepted: float, least: float, most: float) -> float:
    if accepted < _LOW:
        return max(least, size * 0.8)
    return min(most, size * 1.2) if accepted > _HIGH else size
