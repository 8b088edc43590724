"""Proposals that leave the prior as it is: of parameters, and of parts of luck.

A point walks in the logits of its coordinates, where no edge is near; the factor that
this costs is returned with the proposal. Or some of its coordinates are drawn anew from
the prior, as parts of luck are, so that only the likelihood decides: a walk follows the
ridges of what the record tells, and new draws leave at once what it does not tell.
"""

from typing import NamedTuple

import numpy as np

from sim.inference.claims import Numbers
from sim.inference.simulator import Parts, new_luck

_EDGE = 1e-12
_SMALLER = 0.3
"""Half of the particles take a smaller step, or move along fewer coordinates."""
_MOST_REDRAWN = 4
"""Coordinates drawn anew at once; of more, one will not agree with the record."""


class Moved(NamedTuple):
    """Points that were proposed, and the logarithm of the factor of each."""

    points: Numbers
    log_factor: Numbers


def moved(points: Numbers, scale: float, rng: np.random.Generator) -> Moved:
    """Return a new point for each particle.

    Half of the particles walk at random along the shape of the cloud, half along the
    line between two others (ter Braak, Statistics and Computing 16 (2006) 239-249).

    Parameters
    ----------
    points : of (particle, parameter), in the unit cube.
    scale : 1 is the best for a normal distribution.
    rng : where the luck of the method comes from.
    """
    logits = _logit(points)
    particles, size = points.shape
    step = np.where(_half(rng, particles), _walk(logits, rng), _between(logits, rng))
    step *= scale * np.where(_half(rng, particles), 1.0, _SMALLER)
    some = np.where(_half(rng, particles), 1.0, _SMALLER)
    step *= rng.random((particles, size)) < some
    proposed = 1 / (1 + np.exp(-(logits + step)))
    return Moved(proposed, _log_jacobian(proposed) - _log_jacobian(points))


def redrawn(points: Numbers, rng: np.random.Generator) -> Numbers:
    """Return a new point for each particle, with a few coordinates drawn anew.

    Parameters
    ----------
    points : of (particle, parameter), in the unit cube.
    rng : where the luck of the method comes from.
    """
    particles, size = points.shape
    many = rng.integers(1, min(size, _MOST_REDRAWN) + 1, size=(particles, 1))
    order = rng.random((particles, size)).argsort(axis=1)
    return np.where(order < many, rng.random((particles, size)), points)


def renewed(luck: Parts, share: float, rng: np.random.Generator) -> Parts:
    """Return luck of which some parts are drawn anew, at least one for each run.

    Parameters
    ----------
    luck : of (particle, part).
    share : of the parts that half of the particles renew; the others renew fewer.
    rng : where the luck of the method comes from.
    """
    runs, parts = luck.shape
    shares = share * np.where(_half(rng, runs), 1.0, _SMALLER)
    chosen = rng.random((runs, parts)) < shares
    chosen[np.arange(runs), rng.integers(parts, size=runs)] = True
    return np.where(chosen, new_luck(rng, runs, parts), luck)


def _walk(logits: Numbers, rng: np.random.Generator) -> Numbers:
    size = logits.shape[1]
    shape = np.atleast_2d(np.cov(logits.T)) + 1e-3 * np.eye(size)
    steps = rng.standard_normal(logits.shape) @ np.linalg.cholesky(shape).T
    return np.asarray(steps * 2.38 / np.sqrt(size))


def _between(logits: Numbers, rng: np.random.Generator) -> Numbers:
    particles, size = logits.shape
    one, two = rng.integers(particles, size=(2, particles))
    steps = (logits[one] - logits[two]) * 2.38 / np.sqrt(2 * size)
    return np.asarray(steps + 0.02 * rng.standard_normal(logits.shape))


def _half(rng: np.random.Generator, particles: int) -> np.ndarray:
    return rng.random((particles, 1)) < 0.5


def _logit(points: Numbers) -> Numbers:
    inside = np.clip(points, _EDGE, 1 - _EDGE)
    return np.log(inside / (1 - inside))


def _log_jacobian(points: Numbers) -> Numbers:
    inside = np.clip(points, _EDGE, 1 - _EDGE)
    return np.asarray((np.log(inside) + np.log1p(-inside)).sum(axis=1))
