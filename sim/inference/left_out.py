"""What the model leaves out: it moves people in time, and never makes or loses any.

A day is faster or slower than the model knows, by a factor on the share of those still
to come who come in it. A fast day takes from the days after it; hours in which nobody
comes stay so, and the last one comes when he did. Factors of days that follow each
other are alike (a first-order autoregression), and those of two sites are not.

This is part of what is predicted, not of how anybody reports: `docs/decisions/0016`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

import numpy as np
import scipy

from sim.inference.claims import Numbers
from sim.metrics.curves import Curve
from sim.model import Streams

SPREAD = 0.15
"""Standard deviation of the logarithm of the factor of a day, a judgement."""
ALIKE = 0.5
"""Correlation of the factors of one day and the next, a judgement."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What the model leaves out of one run.

    Attributes
    ----------
    streams : random numbers of the run.
    days_s : at which local days begin, the first of them 0, rising; none: nothing is
        left out.
    """

    streams: Streams
    days_s: tuple[int, ...]
    _factors: dict[str, Numbers] = field(default_factory=dict)

    @classmethod
    def of(
        cls, seed: int, luck: int | Sequence[int], days_s: tuple[int, ...]
    ) -> "LeftOut":
        """Return what is left out of the run with this luck."""
        return cls(Streams(seed, luck), days_s)

    def moved(self, site: str, curve: Curve) -> Curve:
        """Return a count of what leaves a site, moved by what is left out.

        Parameters
        ----------
        site : of which the people, vehicles or convoys are counted.
        curve : never falling.
        """
        if not curve.last or not self.days_s:
            return curve
        totals = np.array(curve.totals, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            hazard = -np.log1p(-totals / curve.last)
            share = np.diff(hazard, prepend=0.0)
        # After the last one nobody is still to come, and nobody comes.
        share[np.isnan(share)] = 0.0
        days = np.searchsorted(self.days_s, curve.times_s, side="right") - 1
        steps = share * self._of(site)[days]
        moved = np.rint(-curve.last * np.expm1(-np.cumsum(steps)))
        return Curve(curve.times_s, tuple(moved.astype(int).tolist()))

    def _of(self, site: str) -> Numbers:
        """Return the factor of each day."""
        found = self._factors.get(site)
        if found is None:
            luck = self._numbers(site)
            state = float(luck[0])
            logs: list[float] = []
            for number in luck:
                if logs:
                    state = ALIKE * state + sqrt(1 - ALIKE**2) * number
                logs.append(state)
            found = np.exp(SPREAD * np.array(logs))
            self._factors[site] = found
        return found

    def _numbers(self, site: str) -> Numbers:
        """Return a normal number for each day, each a stream of its own."""
        luck = [
            self.streams.numbers("left out", f"{site}/{day}", 1)[0]
            for day in range(len(self.days_s))
        ]
        return np.asarray(scipy.special.ndtri(luck))
