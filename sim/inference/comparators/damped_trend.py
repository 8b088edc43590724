"""A damped trend: the latest rate goes on, less and less of it.

References
----------
Gardner and McKenzie, Forecasting trends in time series, Management Science 31 (1985)
1237-1246.
"""

import numpy as np

from sim.inference.claims import Numbers
from sim.inference.comparators.ensemble import Ensemble
from sim.inference.comparators.known import KnownAtOrigin
from sim.inference.comparators.onwards import BETWEEN_DAYS, onwards, rates

_PERIOD_H = 6.0
_LEVEL, _TREND = 0.5, 0.3
"""Share of what is new in the level and in the trend; usual values."""
_DAMPING = (0.8, 0.98)
"""Between which the share of the trend that is left after a period may lie."""


def damped_trend(
    known: KnownAtOrigin, so_far: Ensemble, stream: np.random.Generator
) -> Ensemble:
    """Return what follows if the smoothed trend of the curve so far wears off."""
    leaving = known.leaving(stream)
    damping = stream.uniform(*_DAMPING, len(so_far.people))
    periods = int((known.last_h - known.begins_h) // _PERIOD_H)
    moments = known.last_h - _PERIOD_H * np.arange(periods, -1, -1)
    trend = _trend(so_far.at(moments), damping)
    if not known.counts:
        trend = rates(trend, 0.0, known, stream) * _PERIOD_H
    trend = trend * np.exp(BETWEEN_DAYS * stream.standard_normal(len(trend)))
    passed = np.maximum(so_far.hours - known.last_h, 0.0) / _PERIOD_H
    worn = damping[:, None] * (1 - damping[:, None] ** passed) / (1 - damping[:, None])
    return onwards(so_far, trend[:, None] * worn, leaving)


def _trend(people: Numbers, damping: Numbers) -> Numbers:
    """Return the smoothed trend [people a period] of curves of (draw, period)."""
    level, trend = people[:, 0], np.zeros(len(people))
    for seen in people.T[1:]:
        smoothed = _LEVEL * seen + (1 - _LEVEL) * (level + damping * trend)
        trend = _TREND * (smoothed - level) + (1 - _TREND) * damping * trend
        level = smoothed
    return np.maximum(trend, 0.0)
