"""The curve so far, as the counts allow within their errors: where forecasts start."""

from itertools import pairwise

import numpy as np

from sim.inference.arrival_curves import documented_series, mean_of_sources
from sim.inference.claims import Numbers
from sim.inference.comparators.ensemble import Ensemble
from sim.inference.comparators.known import KnownAtOrigin
from sim.inference.comparators.reporting import agreeing

_PROPOSALS = 4_000
_SHARED, _OWN = 0.2, 0.3
"""Spread of the logarithm of what is proposed around the mean of the sources: of the
whole curve, and of what was added between two moments."""


def curves_so_far(known: KnownAtOrigin, stream: np.random.Generator) -> Ensemble:
    """Return curves up to the last count, as probable as the counts make them.

    They are level from there on. Between two moments of which figures speak people
    came at one rate in open hours. Nobody had arrived where nothing was counted.
    """
    grid = known.grid_h
    if not known.counts:
        none = np.zeros((known.draws, len(grid)))
        return Ensemble(grid, none, known.announced)
    hours, added = _increments(known)
    shared = _SHARED * stream.standard_normal((_PROPOSALS, 1))
    own = _OWN * stream.standard_normal((_PROPOSALS, len(added)))
    most = known.announced[stream.integers(known.draws, size=_PROPOSALS)]
    totals = np.cumsum(added * np.exp(shared + own), axis=1)
    totals = np.minimum(totals, most[:, None])
    share = _share_of_steps(known, hours)
    steps = np.diff(totals, axis=1, prepend=0.0)
    people = np.maximum.accumulate(steps @ share, axis=1)
    return agreeing(Ensemble(grid, people, most), known.counts, known.draws, stream)


def _increments(known: KnownAtOrigin) -> tuple[Numbers, Numbers]:
    """Return moments of which figures speak, and who arrived between them."""
    series = documented_series(known.counts, known.site, known.begins_h)
    mean = mean_of_sources(list(series.values()))
    later = [hour for hour in mean.hours if hour > known.begins_h]
    hours = np.array([known.begins_h, *later])
    return hours, np.diff(mean.at(hours))


def _share_of_steps(known: KnownAtOrigin, hours: Numbers) -> Numbers:
    """Return which share of each step has come by each hour, of (step, hour)."""
    grid = known.grid_h
    rows = []
    for begin, end in pairwise(hours.tolist()):
        inside = np.clip(grid, begin, end)
        opened = known.opened_by(np.array([begin, end]))
        if opened[1] - opened[0] > 1.0:
            passed = known.opened_by(inside) - opened[0]
            rows.append(passed / (opened[1] - opened[0]))
        else:
            rows.append((inside - begin) / (end - begin))
    return np.array(rows)
