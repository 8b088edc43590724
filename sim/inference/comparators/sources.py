"""The mean of the sources: each one's own mean rate goes on."""

import numpy as np

from sim.inference.arrival_curves import documented_series
from sim.inference.comparators.ensemble import Ensemble
from sim.inference.comparators.known import KnownAtOrigin
from sim.inference.comparators.onwards import onwards, rates


def mean_of_sources(
    known: KnownAtOrigin, so_far: Ensemble, stream: np.random.Generator
) -> Ensemble:
    """Return what follows if the mean rate of each source goes on, on average.

    A source that stopped counting early speaks of the hours up to there alone.
    """
    leaving = known.leaving(stream)
    series = documented_series(known.counts, known.site, known.begins_h).values()
    each = [
        rates(
            np.full(known.draws, curve.people[-1]),
            curve.hours[-1] - known.begins_h,
            known,
            stream,
        )
        for curve in series
    ] or [rates(np.zeros(known.draws), 0.0, known, stream)]
    passed = np.maximum(so_far.hours - known.last_h, 0.0)
    return onwards(so_far, np.mean(each, axis=0)[:, None] * passed, leaving)
