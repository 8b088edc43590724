"""Rates by phase: one to four open-hours rates, one after the other, and no convoys."""

from math import log

import numpy as np

from sim.inference.claims import Numbers
from sim.inference.comparators.ensemble import Ensemble
from sim.inference.comparators.known import KnownAtOrigin
from sim.inference.comparators.onwards import anchored, onwards, rates
from sim.inference.comparators.reporting import agreeing

_PROPOSALS = 3_000
MOST_PHASES = 4
_BETWEEN_PHASES = log(2.5)
"""Judgement: spread of the logarithm of the rate of a phase around the one before."""
_AHEAD = log(1.5)
"""Judgement: the same of what is still to come around the last phase."""


def rates_by_phase(
    known: KnownAtOrigin,
    so_far: Ensemble,
    stream: np.random.Generator,
    phases: tuple[int, ...] = tuple(range(1, MOST_PHASES + 1)),
) -> Ensemble:
    """Return open-hours rates by phase, as probable as the counts make them.

    They go on from the last count. When a phase begins is not known; any open hour so
    far is as likely.

    Parameters
    ----------
    phases : how many there may be; each is as likely before anything was counted.
    """
    return anchored(fitted_phases(known, stream, phases), so_far, known)


def fitted_phases(
    known: KnownAtOrigin,
    stream: np.random.Generator,
    phases: tuple[int, ...],
) -> Ensemble:
    """Return the same from the beginning on, not only from the last count.

    Parameters
    ----------
    known, stream, phases : as of `rates_by_phase`.
    """
    hours = known.grid_h
    many = -(-_PROPOSALS // known.draws)
    leaving = np.concatenate([known.leaving(stream) for _ in range(many)])
    opened = known.opened_by(hours)
    last = float(known.opened_by(np.array([known.last_h]))[0])
    number = stream.choice(phases, len(leaving))
    began, pace = _phases(known, number, last, stream)
    added = np.zeros((len(leaving), len(hours)))
    for at in range(began.shape[1]):
        ends = began[:, at + 1] if at + 1 < began.shape[1] else np.full(len(pace), last)
        begins = began[:, at]
        passed = np.clip(
            opened - begins[:, None], 0, np.maximum(ends - begins, 0)[:, None]
        )
        added += pace[:, at, None] * passed
    ahead = pace[:, -1] * np.exp(_AHEAD * stream.standard_normal(len(pace)))
    added += ahead[:, None] * np.maximum(opened - last, 0.0)
    none = Ensemble(hours, np.zeros_like(added), leaving)
    curves = onwards(none, added, leaving)
    return agreeing(curves, known.counts, known.draws, stream)


def _phases(
    known: KnownAtOrigin, number: Numbers, last: float, stream: np.random.Generator
) -> tuple[Numbers, Numbers]:
    """Return when phases begin [open hours], and people an hour in each.

    Whoever has fewer phases has the last ones alike.
    """
    size = (len(number), MOST_PHASES)
    began = np.sort(stream.uniform(0.0, max(last, 1e-6), size), axis=1)
    began[:, 0] = 0.0
    same = np.arange(MOST_PHASES) >= number[:, None]
    began = np.where(same, max(last, 1e-6), began)
    steps = _BETWEEN_PHASES * stream.standard_normal(size)
    # The class says little of the first rate; the counts choose among what is tried.
    first = rates(np.zeros(len(number)), 0.0, known, stream)
    steps[:, 0] = np.log(first) + log(2) * stream.standard_normal(len(number))
    steps[same] = 0.0
    return began, np.exp(np.cumsum(steps, axis=1))
