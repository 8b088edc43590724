"""Distributions that a scenario may name, sampled by inverse transform.

A distribution turns numbers between 0 and 1 into values. It draws nothing
itself: who asks brings the numbers, so that the same numbers always give the
same values, on every platform.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log, log1p, sqrt
from statistics import NormalDist

_STANDARD_NORMAL = NormalDist()


class Shape(StrEnum):
    """The family a distribution belongs to."""

    FIXED = "fixed"
    UNIFORM = "uniform"
    TRIANGULAR = "triangular"
    LOGNORMAL = "lognormal"
    EXPONENTIAL = "exponential"


@dataclass(frozen=True, slots=True)
class Distribution:
    """What is known about one quantity, in its base unit (s, m/s, people, 1).

    Attributes
    ----------
    shape : the family.
    low, high : bounds; for an unbounded family the 0 and 1 quantiles.
    best : fixed value, mode (triangular), median (lognormal) or mean (uniform,
        exponential).
    spread : geometric standard deviation of a lognormal, else 1.
    """

    shape: Shape
    low: float
    best: float
    high: float
    spread: float = 1.0

    @classmethod
    def fixed(cls, value: float) -> "Distribution":
        """Return a quantity that is always `value`."""
        return cls(Shape.FIXED, value, value, value)

    @classmethod
    def uniform(cls, low: float, high: float) -> "Distribution":
        """Return a quantity of which only the bounds are known.

        Raises
        ------
        ValueError
            If `low` is not below `high`.
        """
        if not low < high:
            raise ValueError(f"needs low < high, got {low} and {high}")
        return cls(Shape.UNIFORM, low, (low + high) / 2, high)

    @classmethod
    def triangular(cls, low: float, mode: float, high: float) -> "Distribution":
        """Return a quantity known by its least, likeliest and greatest value.

        Raises
        ------
        ValueError
            If not `low` <= `mode` <= `high` with `low` < `high`.
        """
        if not low <= mode <= high or low == high:
            raise ValueError(
                f"needs low <= likeliest <= high and low < high, "
                f"got {low}, {mode} and {high}"
            )
        return cls(Shape.TRIANGULAR, low, mode, high)

    @classmethod
    def lognormal(cls, median: float, spread: float) -> "Distribution":
        """Return a positive quantity whose logarithm is normal.

        `spread` is the factor that one standard deviation multiplies or divides by.

        Raises
        ------
        ValueError
            If `median` is not positive or `spread` not above 1.
        """
        if not (median > 0 and spread > 1):
            raise ValueError(
                f"needs a median > 0 and a spread > 1, got {median} and {spread}"
            )
        return cls(Shape.LOGNORMAL, 0.0, median, float("inf"), spread)

    @classmethod
    def exponential(cls, mean: float) -> "Distribution":
        """Return a memoryless waiting time with the given mean.

        Raises
        ------
        ValueError
            If `mean` is not positive.
        """
        if not mean > 0:
            raise ValueError(f"needs a mean > 0, got {mean}")
        return cls(Shape.EXPONENTIAL, 0.0, mean, float("inf"))

    @property
    def is_fixed(self) -> bool:
        """Whether every sample is the same, so that no number need be drawn."""
        return self.shape is Shape.FIXED

    def values(self, numbers: Sequence[float]) -> list[float]:
        """Return the quantiles at `numbers`, each strictly between 0 and 1."""
        return _QUANTILES[self.shape](self, numbers)

    def whole_values(self, numbers: Sequence[float]) -> list[int]:
        """Return the quantiles at `numbers`, rounded to whole units."""
        return list(map(round, _QUANTILES[self.shape](self, numbers)))


Quantiles = Callable[[Distribution, Sequence[float]], list[float]]


def _fixed(it: Distribution, numbers: Sequence[float]) -> list[float]:
    return [it.best] * len(numbers)


def _uniform(it: Distribution, numbers: Sequence[float]) -> list[float]:
    low, width = it.low, it.high - it.low
    return [low + width * number for number in numbers]


def _triangular(it: Distribution, numbers: Sequence[float]) -> list[float]:
    low, high, width = it.low, it.high, it.high - it.low
    at_mode = (it.best - low) / width
    rising, falling = width * (it.best - low), width * (high - it.best)
    return [
        low + sqrt(number * rising)
        if number < at_mode
        else high - sqrt((1 - number) * falling)
        for number in numbers
    ]


def _lognormal(it: Distribution, numbers: Sequence[float]) -> list[float]:
    median, scale = it.best, log(it.spread)
    inverse = _STANDARD_NORMAL.inv_cdf
    return [median * exp(scale * inverse(number)) for number in numbers]


def _exponential(it: Distribution, numbers: Sequence[float]) -> list[float]:
    mean = it.best
    return [-mean * log1p(-number) for number in numbers]


_QUANTILES: dict[Shape, Quantiles] = {
    Shape.FIXED: _fixed,
    Shape.UNIFORM: _uniform,
    Shape.TRIANGULAR: _triangular,
    Shape.LOGNORMAL: _lognormal,
    Shape.EXPONENTIAL: _exponential,
}
