"""How curves go on from the last count: rates, open hours, and nobody beyond the total.

Shared by the comparators that start from the curve so far.
"""

from math import log

import numpy as np

from sim.inference.claims import Numbers
from sim.inference.comparators.ensemble import Ensemble
from sim.inference.comparators.known import KnownAtOrigin

BETWEEN_DAYS = 0.5
"""Judgement: spread of the logarithm of the rate of one day around that of others."""


def onwards(so_far: Ensemble, added: Numbers, leaving: Numbers) -> Ensemble:
    """Return curves so far with what is added to them, up to those who leave.

    Parameters
    ----------
    so_far : level after the last count.
    added : from the last count on, of (draw, hour); never falling.
    leaving : who leave in all, by draw; at least who have arrived.
    """
    arrived = so_far.people[:, -1]
    total = np.maximum(leaving, arrived)
    people = np.minimum(so_far.people + added, total[:, None])
    return Ensemble(so_far.hours, people, total)


def anchored(curves: Ensemble, so_far: Ensemble, known: KnownAtOrigin) -> Ensemble:
    """Return curves that go on from the curve so far as others do from the last count.

    Parameters
    ----------
    curves : from the beginning, of as many draws.
    so_far : level after the last count.
    """
    last = curves.at([known.last_h])
    added = np.where(curves.hours > known.last_h, curves.people - last, 0.0)
    return onwards(so_far, added, curves.expected)


def rates(
    arrived: Numbers, hours: float, known: KnownAtOrigin, stream: np.random.Generator
) -> Numbers:
    """Return draws of the rate to come [people an hour].

    The logarithm is normal, of the class and of the days seen, each of which may be off
    by `BETWEEN_DAYS`: who starts fast for some hours seldom stays so fast, and the
    longer a rate was seen the less the class matters. Where nothing was counted the
    class alone speaks.

    Parameters
    ----------
    arrived : by draw.
    hours : in which they came.
    """
    median, spread = known.usual.people_an_hour
    middle, width = np.full(len(arrived), log(median)), log(spread)
    if hours > 0 and known.counts:
        before, seen = width**-2, hours / 24 / BETWEEN_DAYS**2
        own = np.log(np.maximum(arrived, 1.0) / hours)
        middle = (before * middle + seen * own) / (before + seen)
        width = (before + seen) ** -0.5
    return np.asarray(np.exp(middle + width * stream.standard_normal(len(arrived))))
