"""Distributions that a scenario may name, sampled by inverse transform.

A distribution turns numbers between 0 and 1 into values. It draws nothing
itself: who asks brings the numbers, so that the same numbers always give the
same values, on every platform.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import exp, inf, log, log1p, sqrt
from statistics import NormalDist
from typing import Self

_STANDARD_NORMAL = NormalDist()
_WIDEST = 1e6
"""Most that one standard deviation may multiply or divide by."""
GREATEST = 1e15
"""No value is taken as greater: in seconds longer than anything lasts, and still exact
as a whole number."""


class Shape(StrEnum):
    """The family a distribution belongs to."""

    FIXED = "fixed"
    UNIFORM = "uniform"
    TRIANGULAR = "triangular"
    LOGNORMAL = "lognormal"
    EXPONENTIAL = "exponential"
    PARETO = "Pareto"


class Level(StrEnum):
    """Whatever shares one factor of chance, the widest first."""

    RUN = "run"
    DAY = "day"
    CONVOY = "convoy"


@dataclass(frozen=True, slots=True)
class Distribution:
    """What is known about one quantity, in its base unit (s, m/s, people, 1).

    Attributes
    ----------
    shape : the family.
    low, high : bounds; for an unbounded family the 0 and 1 quantiles.
    best : fixed value, mode (triangular), median (lognormal, Pareto) or mean (uniform,
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

    @classmethod
    def pareto(cls, least: float, median: float) -> "Distribution":
        """Return a positive quantity with a heavy tail, above its least value.

        The probability of more than x is (least / x) to the power of the tail index,
        which is log 2 / log(median / least). At an index of 1 or less, so with a median
        of twice the least or more, the mean is infinite. M. E. J. Newman, Power laws,
        Pareto distributions and Zipf's law, Contemporary Physics 46 (2005), 323-351.

        Raises
        ------
        ValueError
            If not 0 < `least` < `median`.
        """
        if not 0 < least < median:
            raise ValueError(f"needs 0 < least < median, got {least} and {median}")
        return cls(Shape.PARETO, least, median, inf)

    @property
    def tail_index(self) -> float:
        """Of a Pareto distribution: how fast what is rare becomes rarer."""
        return log(2) / log(self.best / self.low)

    @property
    def is_bounded(self) -> bool:
        """Whether there is a greatest value."""
        return self.high < inf

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
        So is the ratio of the median of a Pareto distribution to its least value.

        Parameters
        ----------
        factor : above 0.
        most : as of `about`.

        Raises
        ------
        ValueError
            If it has no width of its own: a fixed value, or an exponential; or if it
            becomes too wide for numbers.
        """
        if self.shape is Shape.LOGNORMAL:
            return replace(self, spread=_raised(self.spread, factor))
        if self.shape is Shape.PARETO:
            return replace(self, low=self.best / _raised(self.best / self.low, factor))
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


@dataclass(frozen=True, slots=True)
class MultilevelDistribution:
    """A quantity that also varies by run, day or convoy: whoever shares one is alike.

    A value is one of `each`, multiplied by one factor for every level. A factor is
    lognormal with the median 1, so that the median of the whole stays about where that
    of `each` is; its mean is above 1. Multilevel models, as in A. Gelman and J. Hill,
    Data Analysis Using Regression and Multilevel/Hierarchical Models (2007), ch. 11.

    Attributes
    ----------
    each : how the smallest units, vehicles or convoys, differ from each other.
    spreads : by level: the factor that one standard deviation multiplies or divides by.
    """

    each: Distribution
    spreads: Mapping[Level, float]

    @property
    def best(self) -> float:
        """Middle of `each`."""
        return self.each.best

    @property
    def low(self) -> float:
        """Lower bound: a factor may be as small as can be."""
        return 0.0

    @property
    def high(self) -> float:
        """Upper bound: there is none."""
        return inf

    @property
    def is_fixed(self) -> bool:
        """Whether every sample is the same: never."""
        return False

    def factor(self, level: Level) -> Distribution:
        """Return what a level multiplies by."""
        return Distribution.lognormal(1.0, self.spreads[level])

    def about(self, middle: float, most: float = inf) -> "AnyDistribution":
        """Return the same about another middle, as `Distribution.about` does."""
        each = self.each.about(middle, most)
        return each if middle == 0 else replace(self, each=each)

    def widened(self, factor: float, most: float = inf) -> Self:
        """Return it with `each` so many times as wide, as `Distribution.widened`."""
        return replace(self, each=self.each.widened(factor, most))

    def with_level_widened(self, level: Level, factor: float) -> Self:
        """Return it with the spread of a level raised to a power.

        Raises
        ------
        ValueError
            If it does not vary by this level, or becomes too wide for numbers.
        """
        if level not in self.spreads:
            raise ValueError(f"the quantity does not vary by {level}")
        spread = _raised(self.spreads[level], factor)
        return replace(self, spreads={**self.spreads, level: spread})

    def __hash__(self) -> int:
        return hash((self.each, tuple(self.spreads.items())))


AnyDistribution = Distribution | MultilevelDistribution


def _raised(spread: float, factor: float) -> float:
    """Return a spread to the power of a factor.

    Raises
    ------
    ValueError
        If it is more than numbers can bear.
    """
    if log(spread) * factor > log(_WIDEST):
        raise ValueError(
            f"a spread of {spread:g} to the power of {factor:g} is more than a million"
        )
    return float(spread**factor)


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


def _pareto(it: Distribution, numbers: Sequence[float]) -> list[float]:
    least, index = it.low, it.tail_index
    return [
        min(least * exp(min(-log1p(-number) / index, 700.0)), GREATEST)
        for number in numbers
    ]


_QUANTILES: dict[Shape, Quantiles] = {
    Shape.FIXED: _fixed,
    Shape.UNIFORM: _uniform,
    Shape.TRIANGULAR: _triangular,
    Shape.LOGNORMAL: _lognormal,
    Shape.EXPONENTIAL: _exponential,
    Shape.PARETO: _pareto,
}
