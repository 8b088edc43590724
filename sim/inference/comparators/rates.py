"""Rates that go on: all hours alike, or the open hours alone."""

import numpy as np

from sim.inference.comparators.ensemble import Ensemble
from sim.inference.comparators.known import KnownAtOrigin
from sim.inference.comparators.onwards import BETWEEN_DAYS, onwards, rates


def constant_rate(
    known: KnownAtOrigin, so_far: Ensemble, stream: np.random.Generator
) -> Ensemble:
    """Return what follows if the mean rate since people could move goes on."""
    leaving = known.leaving(stream)
    hours = known.last_h - known.begins_h
    rate = rates(so_far.people[:, -1], hours, known, stream)
    passed = np.maximum(so_far.hours - known.last_h, 0.0)
    return onwards(so_far, rate[:, None] * passed, leaving)


def open_hours_rate(
    known: KnownAtOrigin, so_far: Ensemble, stream: np.random.Generator
) -> Ensemble:
    """Return what follows if the mean rate in the open hours goes on in those."""
    leaving = known.leaving(stream)
    hours = known.open_hours(known.begins_h, known.last_h)
    rate = rates(so_far.people[:, -1], hours, known, stream)
    opened = known.opened_by(so_far.hours)
    before = known.opened_by(np.array([known.last_h]))
    return onwards(so_far, rate[:, None] * np.maximum(opened - before, 0.0), leaving)


def last_day_again(
    known: KnownAtOrigin, so_far: Ensemble, stream: np.random.Generator
) -> Ensemble:
    """Return what follows if the 24 hours before the last count come again and again.

    Each of them comes a little more or less strongly, as days do.
    """
    leaving = known.leaving(stream)
    last_h = known.last_h
    day = so_far.between(last_h - 24, last_h) / 24
    if not known.counts:
        day = rates(day, 0.0, known, stream)
    day = day * np.exp(BETWEEN_DAYS * stream.standard_normal(len(day)))
    passed = np.maximum(so_far.hours - last_h, 0.0)
    return onwards(so_far, day[:, None] * passed, leaving)
