"""Weak numbers of past operations of this kind, for forecasts and comparators.

They are worked out from the documented facts that are shipped (`sim.past`), as plain
quantiles of what was documented: no model is between. They are arguments wherever they
are used, so that another class can take their place.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import exp, hypot, log

import numpy as np
from scipy.optimize import minimize_scalar

from sim.inference.claims import Numbers
from sim.past.facts import PastOperations, past_operations
from sim.past.quantities import QUANTITIES

_LEVELS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
_INNER = _LEVELS[1:-1]
TENTHS = 2 * 1.2816
"""Standard deviations between the first and the last tenth of a normal."""
_ENDS = (0.1, 0.9)
_DAYS = {"a day": 1.0, "a week": 7.0}


@dataclass(frozen=True, slots=True)
class HaltClass:
    """Halts of past operations.

    Attributes
    ----------
    halt_h : mean length of a halt.
    gap_h : mean of the open hours before one.
    seen : halts that this is worth; a judgement.
    """

    halt_h: float
    gap_h: float
    seen: float = 2.0


@dataclass(frozen=True, slots=True)
class ClassNumbers:
    """What past operations of this kind were like.

    Attributes
    ----------
    left_of_list : people left over those on the lists of the last days, at the levels
        0, 10, 25, 50, 75, 90 and 100 percent.
    left_of_deal : the same over the figure of the deal or of registration.
    batch : people in a batch, 10 and 90 percent.
    batches_a_day : 10 and 90 percent, from weekly schemes to daily ones.
    on_a_bus : people, mean of a batch, 10 and 90 percent.
    halts : how often and how long people are stopped.
    """

    left_of_list: tuple[float, ...]
    left_of_deal: tuple[float, ...]
    batch: tuple[float, float]
    batches_a_day: tuple[float, float]
    on_a_bus: tuple[float, float]
    halts: HaltClass

    @classmethod
    def of(cls, known: PastOperations) -> "ClassNumbers":
        """Return the numbers of documented operations.

        How often one is stopped is not documented as such. It is as if halts of that
        mean length took the share of the days that passed without a departure in the
        median operation.
        """
        halt_h = memoryless_mean(_values(known, "hours of a halt"))
        empty = float(np.median(_values(known, "days without departure")))
        return cls(
            left_of_list=tuple(np.quantile(_left(known, "list"), _LEVELS).tolist()),
            left_of_deal=tuple(np.quantile(_left(known, "deal"), _LEVELS).tolist()),
            batch=_ends(_values(known, "people of a batch")),
            batches_a_day=_ends(
                row.value / _DAYS[row.unit]
                for row in known.facts
                if row.quantity == "batches_per_period" and row.value
            ),
            on_a_bus=_ends(_values(known, "people on a bus")),
            halts=HaltClass(halt_h, halt_h * (1 - empty) / empty),
        )

    def left_over_announced(self, draws: int, stream: np.random.Generator) -> Numbers:
        """Return draws of people left over people announced, at most all of them.

        It is not known which of the two meanings an announcement has; each is as
        likely.
        """
        level = stream.random(draws)
        of_list, of_deal = (
            np.interp(level, _LEVELS, ratios)
            for ratios in (self.left_of_list, self.left_of_deal)
        )
        return np.minimum(np.where(stream.random(draws) < 0.5, of_list, of_deal), 1.0)

    @property
    def people_an_hour(self) -> tuple[float, float]:
        """People an hour: median, and the factor of one standard deviation."""
        ranges = (self.batch, self.batches_a_day)
        middle = sum(log(low * high) / 2 for low, high in ranges)
        widths = [log(high / low) / TENTHS for low, high in ranges]
        return exp(middle) / 24, exp(hypot(*widths))


@cache
def class_numbers() -> ClassNumbers:
    """Return the numbers of the operations that are shipped with the program."""
    return ClassNumbers.of(past_operations())


def memoryless_mean(lengths: Iterable[float]) -> float:
    """Return the mean of the memoryless distribution nearest to lengths.

    Nearest at 10, 25, 50, 75 and 90 percent: the greatest difference there is least.
    Their own mean would be that of the one or two longest.
    """
    documented = np.quantile(list(lengths), _INNER)
    shape = -np.log1p(-np.array(_INNER))
    found = minimize_scalar(
        lambda mean: float(np.abs(mean * shape - documented).max()),
        bounds=(0.0, float((documented / shape).max())),
        method="bounded",
    )
    return float(found.x)


def _values(known: PastOperations, quantity: str) -> list[float]:
    """Return the values of a quantity; shares as such."""
    return [each.value / each.of for each in QUANTITIES[quantity].values(known, "")]


def _left(known: PastOperations, kind: str) -> list[float]:
    """Return people left over announced, with those of whom nobody left."""
    return [
        row.value
        for row in known.facts
        if row.quantity == "left_over_announced"
        and row.kind == kind
        and row.confidence != "C"
        and row.value is not None
    ]


def _ends(values: Iterable[float]) -> tuple[float, float]:
    low, high = np.quantile(list(values), _ENDS).tolist()
    return low, high
