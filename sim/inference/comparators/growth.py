"""Growth curves: slow, then fast, then slow again, up to those who leave.

References
----------
Winsor, The Gompertz curve as a growth curve, PNAS 18 (1932) 1-8.
"""

from collections.abc import Callable
from math import log

import numpy as np

from sim.inference.claims import Numbers
from sim.inference.comparators.ensemble import Ensemble
from sim.inference.comparators.known import KnownAtOrigin
from sim.inference.comparators.onwards import anchored
from sim.inference.comparators.reporting import agreeing

Shape = Callable[[Numbers], Numbers]
_PROPOSALS = 3_000
_FAR = 40.0
"""Units of growth beyond which a curve is as good as level."""
_SLOWEST_H, _FASTEST_H = 200.0, 4.0
"""Between which the time in which growth changes by a factor e may lie."""


def gompertz(
    known: KnownAtOrigin, so_far: Ensemble, stream: np.random.Generator
) -> Ensemble:
    """Return Gompertz curves that fit the counts, from the last one on."""
    return _grown(
        known, so_far, stream, lambda at: np.exp(-np.exp(-np.clip(at, -40, 40)))
    )


def logistic(
    known: KnownAtOrigin, so_far: Ensemble, stream: np.random.Generator
) -> Ensemble:
    """Return logistic curves that fit the counts, from the last one on."""
    return _grown(
        known, so_far, stream, lambda at: 1 / (1 + np.exp(-np.clip(at, -40, 40)))
    )


def _grown(
    known: KnownAtOrigin, so_far: Ensemble, stream: np.random.Generator, shape: Shape
) -> Ensemble:
    """Return curves of a shape; nobody has arrived before people could move.

    Parameters
    ----------
    shape : from 0 to 1, of time after the turning point in units of the growth.
    """
    hours = known.grid_h
    many = -(-_PROPOSALS // known.draws)
    leaving = np.concatenate([known.leaving(stream) for _ in range(many)])
    growth = np.exp(stream.uniform(log(_FASTEST_H), log(_SLOWEST_H), len(leaving)))
    turns = stream.uniform(known.begins_h - 24, known.until_h, len(leaving))
    grown, before = (
        shape(np.clip((at - turns[:, None]) / growth[:, None], -_FAR, _FAR))
        for at in (hours, np.array([known.begins_h]))
    )
    # Where the curve had grown before people could move, that growth is left out.
    share = np.maximum(grown - before, 0.0) / np.maximum(1.0 - before, 1e-9)
    curves = Ensemble(hours, leaving[:, None] * share, leaving)
    return anchored(agreeing(curves, known.counts, known.draws, stream), so_far, known)
