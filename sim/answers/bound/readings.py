"""How a bound reads what is left to chance: the least that can be, or the usual."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, exp, inf, log
from typing import Protocol

from sim.distributions import AnyDistribution, Distribution, Shape
from sim.scenario.moments import Hanging, earliest

NEVER = 10**15
"""A moment that does not come [s]; also: as many as anybody likes."""
Moment = int | Hanging


class BoundReading(Protocol):
    """What a bound takes a quantity for."""

    def seconds(self, duration: AnyDistribution, convoy: float = 1) -> int:
        """Return how long something takes, or the slowest of so many vehicles."""
        ...

    def turns(self, turn: AnyDistribution, convoy: float, places: int | None) -> int:
        """Return how long it takes until each vehicle of a convoy has had its turn."""
        ...

    def drive(self, length: float, speed: AnyDistribution) -> int:
        """Return how long it takes to drive a length [m] at a speed [m/s]."""
        ...

    def number(self, count: int | AnyDistribution, most: int) -> float:
        """Return how many people or vehicles there are: 1 or more, up to `most`."""
        ...

    def moment(self, moment: Moment, path: str) -> int:
        """Return when a moment comes, `NEVER` if it does not."""
        ...

    def is_known(self, moment: Moment) -> bool:
        """Whether it comes then, and not later."""
        ...

    def tie_s(self, moment: Moment) -> int:
        """Return how long after it convoys may set out as if it had not come."""
        ...


@dataclass(frozen=True)
class Sure:
    """The shortest times and the greatest numbers that there can be.

    Attributes
    ----------
    came : when moments that hang on something came in a run [s], by path of the field,
        from `came_in`: then no run is faster in which they come so. None: they are
        taken at their earliest, and no run at all is.
    """

    came: Mapping[str, int] | None = None

    def seconds(self, duration: AnyDistribution, convoy: float = 1) -> int:
        """Return the least."""
        return round(_least(duration))

    def turns(self, turn: AnyDistribution, convoy: float, places: int | None) -> int:
        """Return the least of one: a convoy may have a single vehicle."""
        return self.seconds(turn)

    def drive(self, length: float, speed: AnyDistribution) -> int:
        """Return the time at the greatest speed."""
        return round(length / min(speed.high, _cut(speed)))

    def number(self, count: int | AnyDistribution, most: int) -> float:
        """Return the most."""
        high = count if isinstance(count, int) else min(count.high, _cut(count))
        return most if high >= most else max(round(high), 1)

    def moment(self, moment: Moment, path: str) -> int:
        """Return when it came, or the earliest, as far as its dates say."""
        if isinstance(moment, int) or self.came is None:
            return earliest(moment)
        return self.came.get(path, NEVER)

    def is_known(self, moment: Moment) -> bool:
        """Whether it is a date, or known to have come then."""
        return isinstance(moment, int) or self.came is not None

    def tie_s(self, moment: Moment) -> int:
        """Return a second of what hangs on something: that may be a convoy in it."""
        return 0 if isinstance(moment, int) else 1


SURE = Sure()


@dataclass(frozen=True)
class Usual:
    """Means, and moments that hang on something as they came in one run.

    Attributes
    ----------
    came : when they came [s], by path of the field, from `came_in`.
    """

    came: Mapping[str, int]

    def seconds(self, duration: AnyDistribution, convoy: float = 1) -> int:
        """Return the mean of one, or about that of the slowest of several."""
        if convoy <= 1:
            return round(mean(duration))
        each = duration if isinstance(duration, Distribution) else duration.each
        return round(each.values([convoy / (convoy + 1)])[0])

    def turns(self, turn: AnyDistribution, convoy: float, places: int | None) -> int:
        """Return the time of as many rounds as there are, and no wait for others."""
        if places is None or convoy <= places:
            return self.seconds(turn, convoy)
        return round(mean(turn) * ceil(convoy / places))

    def drive(self, length: float, speed: AnyDistribution) -> int:
        """Return the time at the middle speed."""
        return round(length / speed.best)

    def number(self, count: int | AnyDistribution, most: int) -> float:
        """Return the mean."""
        if isinstance(count, int):
            return min(count, most)
        return min(max(mean(count), 1), most)

    def moment(self, moment: Moment, path: str) -> int:
        """Return when it came in the run."""
        return moment if isinstance(moment, int) else self.came.get(path, NEVER)

    def is_known(self, moment: Moment) -> bool:
        """Whether it is known: each is."""
        return True

    def tie_s(self, moment: Moment) -> int:
        """Return 0: ties are seldom."""
        return 0


def mean(quantity: AnyDistribution) -> float:
    """Return the mean of a quantity; of what has none, or varies by level, the middle.

    Factors by level have the median 1.
    """
    if not isinstance(quantity, Distribution):
        return mean(quantity.each)
    match quantity.shape:
        case Shape.TRIANGULAR:
            return (quantity.low + quantity.best + quantity.high) / 3
        case Shape.LOGNORMAL:
            return quantity.best * exp(log(quantity.spread) ** 2 / 2)
        case _:
            return quantity.best


def _least(quantity: AnyDistribution) -> float:
    return min(quantity.low, _cut(quantity))


def _cut(quantity: AnyDistribution) -> float:
    """Return where values are cut."""
    return quantity.most if isinstance(quantity, Distribution) else inf
