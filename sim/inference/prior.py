"""What is not known about an operation, as a point in the unit cube.

Each coordinate is a probability that the inverse of a distribution turns into a value,
so that before any figure is seen every point is as likely as any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.distributions import Distribution
from sim.inference.claims import Numbers
from sim.scenario import Operation, uncertain_fields

_EDGE = 1e-9
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Prior:
    """Independent distributions of the uncertain fields.

    Attributes
    ----------
    names : dotted paths of the fields.
    spreads : what the sources allow for each.
    """

    names: tuple[str, ...]
    spreads: tuple[Distribution, ...]

    @classmethod
    def of(cls, operation: Operation) -> "Prior":
        """Return what an operation says under `uncertain`.

        Raises
        ------
        ValueError
            If it says nothing there: then nothing can be calibrated.
        """
        fields = uncertain_fields(operation)
        if not fields:
            raise ValueError("the scenario names nothing under `uncertain`")
        return cls(tuple(fields), tuple(fields.values()))

    @property
    def size(self) -> int:
        """How many parameters there are."""
        return len(self.names)

    def values(self, point: Sequence[float]) -> dict[str, float]:
        """Return the values at a point, by path, in base units.

        Parameters
        ----------
        point : a probability for each parameter, between 0 and 1.
        """
        return {
            name: spread.values([min(max(float(share), _EDGE), 1 - _EDGE)])[0]
            for name, spread, share in zip(self.names, self.spreads, point, strict=True)
        }

    def table(self, points: Numbers) -> Numbers:
        """Return the values at many points, a row each."""
        return np.array([list(self.values(point).values()) for point in points])

    def points(self, table: Numbers) -> Numbers:
        """Return the points at which values lie, a row each: the inverse of `table`.

        By halving, since every distribution rises.

        Parameters
        ----------
        table : values of (draw, parameter), in base units.
        """
        found = np.empty_like(table)
        for at, spread in enumerate(self.spreads):
            low, high = np.full(len(table), _EDGE), np.full(len(table), 1 - _EDGE)
            for _ in range(_HALVINGS):
                middle = (low + high) / 2
                below = np.array(spread.values(middle.tolist())) < table[:, at]
                low, high = np.where(below, middle, low), np.where(below, high, middle)
            found[:, at] = (low + high) / 2
        return found
