"""Distributions that a scenario may name, sampled by inverse transform.

A distribution turns numbers between 0 and 1 into values. It draws nothing
itself: who asks brings the numbers, so that the same numbers always give the
same values, on every platform.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import exp, inf, log, log1p, sqrt
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
    most : where values above it are cut, as a share is at 1; infinite: nowhere.
    """

    shape: Shape
    low: float
    best: float
    high: float
    spread: float = 1.0
    most: float = inf

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
        return cls(Shape.LOGNORMAL, 0.0, median, inf, spread)

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
        return cls(Shape.EXPONENTIAL, 0.0, mean, inf)

    @property
    def is_fixed(self) -> bool:
        """Whether every sample is the same, so that no number need be drawn."""
        return self.shape is Shape.FIXED

    def about(self, middle: float, most: float = inf) -> "Distribution":
        """Return the same about another middle, which is `best`.

        Every value is multiplied by the same factor, so that the shape stays: 0 stays
        0, what is positive stays so, and a spread of twice the length is twice as
        wide.

        Parameters
        ----------
        middle : 0 or more; at 0 nothing of the spread is left.
        most : where the values are cut, if none of these lies above it.

        Raises
        ------
        ValueError
            If the middle is 0 now, and so has no multiples.
        """
        if self.is_fixed or middle == 0:
            return Distribution.fixed(middle)
        if self.best == 0:
            raise ValueError("the middle of the spread is 0 and cannot be scaled")
        factor = middle / self.best
        return self._between(self.low * factor, middle, self.high * factor, most)

    def widened(self, factor: float, most: float = inf) -> "Distribution":
        """Return the same about its middle, so many times as wide.

        The ends of a range move away from the middle. The spread of a lognormal is
        raised to the power of the factor: it is the factor of one standard deviation.

        Parameters
        ----------
        factor : above 0.
        most : as of `about`.

        Raises
        ------
        ValueError
            If it has no width of its own: a fixed value, or an exponential.
        """
        if self.shape is Shape.LOGNORMAL:
            return replace(self, spread=self.spread**factor)
        if self.shape not in (Shape.UNIFORM, Shape.TRIANGULAR):
            raise ValueError(f"a quantity that is {self.shape} has no width of its own")
        low = self.best - (self.best - self.low) * factor
        high = self.best + (self.high - self.best) * factor
        return self._between(low, self.best, high, most)

    def _between(
        self, low: float, best: float, high: float, most: float
    ) -> "Distribution":
        """Return the same shape elsewhere, cut where nothing of this one lies above."""
        cut = most if min(self.high, self.most) <= most < high else inf
        return replace(self, low=low, best=best, high=high, most=cut)

    def values(self, numbers: Sequence[float]) -> list[float]:
        """Return the quantiles at `numbers`, each strictly between 0 and 1."""
        values = _QUANTILES[self.shape](self, numbers)
        return values if self.most == inf else [min(v, self.most) for v in values]

    def whole_values(self, numbers: Sequence[float]) -> list[int]:
        """Return the quantiles at `numbers`, rounded to whole units."""
        return list(map(round, self.values(numbers)))


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
