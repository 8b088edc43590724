"""How far quick draws lie from those of a tempered fit."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.calibration.claims import Numbers

MOST = 0.75
"""Standard deviations above which the tempered fit is to be trusted instead."""


@dataclass(frozen=True, slots=True)
class Distance:
    """How far the mean of one parameter is from that of a tempered fit.

    Attributes
    ----------
    name : dotted path.
    learned : whether the tempered fit says that the record fixes it.
    apart : in standard deviations of the tempered fit; with a sign.
    wider : ratio of the standard deviations.
    """

    name: str
    learned: bool
    apart: float
    wider: float

    @property
    def too_far(self) -> bool:
        """Whether the tempered fit is to be trusted instead."""
        return self.learned and abs(self.apart) > MOST


def distances(
    names: Sequence[str], learned: Sequence[str], ours: Numbers, tempered: Numbers
) -> tuple[Distance, ...]:
    """Return a row for each parameter.

    Parameters
    ----------
    names : of the columns.
    learned : those that the record fixes.
    ours, tempered : values of (draw, parameter).
    """
    spread = tempered.std(axis=0)
    apart = (ours.mean(axis=0) - tempered.mean(axis=0)) / spread
    wider = np.asarray(ours.std(axis=0) / spread)
    return tuple(
        Distance(name, name in learned, float(apart[at]), float(wider[at]))
        for at, name in enumerate(names)
    )
