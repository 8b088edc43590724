"""A linear pool of the simulation and the comparators, weighed by earlier moments.

Whoever was near to the figures that were published by now, from the moments before, has
more of the weight. A figure counts once, however many moments foretold it, since their
scores are not independent. Before anything can be scored the simulation has half of the
weight and the comparators share the other half: they are two kinds of forecaster, one
that knows roads and vehicles and one that does not, however many of the second kind are
asked.

References
----------
Hall and Mitchell, Combining density forecasts, International Journal of Forecasting 23
(2007) 1-13.
Gneiting and Ranjan, Combining predictive distributions, Electronic Journal of
Statistics 7 (2013) 1747-1782.
Vovk, Competitive on-line statistics, International Statistical Review 69 (2001)
213-248 (weights by exponents of past losses).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp
from types import MappingProxyType

import numpy as np

from sim.evidence.figures import Figure
from sim.inference.comparators.registry import COMPARATORS, STOP_AND_GO
from sim.inference.forecast.forecasters import POOL, SIMULATION
from sim.inference.forecast.pool_choice import PoolChoice
from sim.inference.record import known_by

LEARNING = 2.0
"""Judgement: by how much a figure that was foretold worse by 1 (CRPS of the logarithm)
lowers the logarithm of the weight."""
WEIGHTS_BEFORE: Mapping[str, float] = MappingProxyType(
    {SIMULATION: 0.5, **dict.fromkeys(COMPARATORS, 0.5 / len(COMPARATORS))}
)
"""Judgement: weights in the pool before anything is scored."""


@dataclass(frozen=True, slots=True)
class FigureScore:
    """How near one forecaster came to one later figure.

    Attributes
    ----------
    moment : local time of the forecast.
    crps : of the logarithm.
    """

    moment: datetime
    forecaster: str
    figure: Figure
    crps: float


def choice_at(moment: datetime, site: str, past: Iterable[FigureScore]) -> PoolChoice:
    """Return whom to follow, by what was published by a moment.

    Parameters
    ----------
    moment : local time.
    site : that people leave.
    past : scores of forecasts; those made later, or of figures published later, are
        left out.
    """
    known = [
        score
        for score in past
        if score.moment < moment and known_by(score.figure, moment)
    ]
    here = _losses([score for score in known if score.figure.origin == site])
    everywhere = _losses(known)
    nearest = STOP_AND_GO
    if known:
        losses = here or everywhere
        nearest = min(COMPARATORS, key=lambda name: losses[name])
    worse = bool(here) and here[POOL] > here[SIMULATION]
    return PoolChoice(
        moment,
        site,
        SIMULATION if worse else POOL,
        nearest,
        _weights(everywhere),
        len({score.figure.id for score in known}),
    )


def _weights(losses: Mapping[str, float]) -> dict[str, float]:
    """Return those from before, less by the exponents of losses."""
    least = min(
        (losses[name] for name in WEIGHTS_BEFORE if name in losses), default=0.0
    )
    raw = {
        name: before * exp(-LEARNING * (losses.get(name, least) - least))
        for name, before in WEIGHTS_BEFORE.items()
    }
    whole = sum(raw.values())
    return {name: weight / whole for name, weight in raw.items()}


def _losses(past: Sequence[FigureScore]) -> dict[str, float]:
    """Return the sum over figures of the mean score, by forecaster."""
    found: dict[str, dict[str, list[float]]] = {}
    for score in past:
        own = found.setdefault(score.forecaster, {})
        own.setdefault(score.figure.id, []).append(score.crps)
    return {
        name: float(sum(np.mean(each) for each in own.values()))
        for name, own in found.items()
    }
