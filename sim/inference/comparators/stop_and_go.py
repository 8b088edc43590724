"""Stop and go: a rate while gates are open, nobody while they are closed.

What spells are to come is drawn: the past ones again, with a few of the class, or
spells without memory of the same mean.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from sim.inference.arrival_curves import clipped
from sim.inference.claims import Numbers
from sim.inference.comparators.ensemble import Ensemble
from sim.inference.comparators.known import KnownAtOrigin
from sim.inference.comparators.onwards import onwards, rates

Draw = Callable[[bool], float]
"""Returns how long a spell lasts [h]; whether it is one of closed gates."""
_OF_CLASS = 1
"""Spells of the class among those that are drawn again, of each kind."""


def with_bootstrapped_spells(
    known: KnownAtOrigin, so_far: Ensemble, stream: np.random.Generator
) -> Ensemble:
    """Return what follows if the spells so far, and one of the class, come again."""
    usual = known.usual.halts
    opened, closed = _spells(known)

    def draw(shut: bool) -> float:
        seen = closed if shut else opened
        at = int(stream.integers(len(seen) + _OF_CLASS))
        if at < len(seen):
            return seen[at]
        return float(stream.exponential(usual.halt_h if shut else usual.gap_h))

    return _stop_and_go(known, so_far, stream, draw)


def with_mean_spells(
    known: KnownAtOrigin, so_far: Ensemble, stream: np.random.Generator
) -> Ensemble:
    """Return what follows if spells have the mean of those so far, and no memory."""
    usual = known.usual.halts
    opened, closed = _spells(known)
    mean_gap = float(np.mean([usual.gap_h, *opened]))
    mean_halt = float(np.mean([usual.halt_h, *closed]))

    def draw(shut: bool) -> float:
        return float(stream.exponential(mean_halt if shut else mean_gap))

    return _stop_and_go(known, so_far, stream, draw)


def _stop_and_go(
    known: KnownAtOrigin, so_far: Ensemble, stream: np.random.Generator, draw: Draw
) -> Ensemble:
    leaving = known.leaving(stream)
    hours, last_h = so_far.hours, known.last_h
    opened_h = known.open_hours(known.begins_h, last_h)
    rate = rates(so_far.people[:, -1], opened_h, known, stream)
    known_h = known.opened_by(np.minimum(hours, known.moment_h))
    known_h = np.maximum(known_h - known.opened_by(np.array([last_h])), 0.0)
    added = np.empty_like(so_far.people)
    for number in range(len(rate)):
        spells = list(_to_come(known, stream, draw))
        added[number] = rate[number] * (known_h + _passed(spells, hours))
    return onwards(so_far, added, leaving)


def _to_come(
    known: KnownAtOrigin, stream: np.random.Generator, draw: Draw
) -> Iterator[tuple[float, float]]:
    """Yield when gates are open after the moment; the first spell is under way."""
    at_h = known.moment_h
    shut = not clipped(known.windows, at_h - 1e-6, at_h + 1e-3)
    length = draw(shut) * stream.random()
    while at_h < known.until_h:
        ends_h = at_h + max(length, 1e-3)
        if not shut:
            yield at_h, ends_h
        at_h, shut = ends_h, not shut
        length = draw(shut)


def _passed(spells: Sequence[tuple[float, float]], hours: Numbers) -> Numbers:
    """Return how many hours of some spells have passed by each hour."""
    if not spells:
        return np.zeros_like(hours)
    begins, ends = np.array(spells).T
    return np.asarray(np.clip(hours[:, None] - begins, 0, ends - begins).sum(axis=1))


def _spells(known: KnownAtOrigin) -> tuple[list[float], list[float]]:
    """Return the lengths of spells that are over, of open and of closed gates [h]."""
    past = clipped(known.windows, 0.0, known.moment_h)
    over = [(begin, end) for begin, end in past if end < known.moment_h]
    opened = [end - begin for begin, end in over]
    closed = [later - end for (_, end), (later, _) in pairwise(past)]
    return opened, closed
