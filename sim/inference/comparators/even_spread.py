"""The agreed total, spread evenly over the open hours of some days."""

from math import log

import numpy as np

from sim.inference.comparators.ensemble import Ensemble
from sim.inference.comparators.known import KnownAtOrigin
from sim.inference.comparators.onwards import onwards

PLANNED = 0.25
"""Judgement: the share of an operation over which what is still to do is spread."""
_WRONG = log(2)
"""Judgement: spread of the logarithm of that. Planned lengths are a weak guide: of past
operations one took half and others four times and more of what was planned."""


def agreed_total_evenly(
    known: KnownAtOrigin, so_far: Ensemble, stream: np.random.Generator
) -> Ensemble:
    """Return what follows if all who are announced come evenly."""
    hours = (
        PLANNED * known.until_h * np.exp(_WRONG * stream.standard_normal(known.draws))
    )
    leaving = np.maximum(known.announced, so_far.people[:, -1])
    rest = leaving - so_far.people[:, -1]
    opened = known.opened_by(known.grid_h)
    begins = known.opened_by(np.array([known.moment_h]))
    passed = np.maximum(opened - begins, 0.0)
    planned = np.array(
        [known.opened_by(np.array([known.moment_h + each]))[0] for each in hours]
    )
    share = passed / np.maximum(planned - begins, 1.0)[:, None]
    return onwards(so_far, rest[:, None] * np.minimum(share, 1.0), leaving)
