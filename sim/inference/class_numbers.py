"""Weak numbers of past operations of this kind, for forecasts and comparators.

They are pooled over 39 operations by convoy under agreements, 1982 to 2023 (a table of
448 documented facts, figures of its section 2). They are arguments wherever they are
used, so that a class that is fitted can take their place.
"""

from dataclasses import dataclass
from math import exp, hypot, log

import numpy as np

from sim.inference.claims import Numbers

_LEVELS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
TENTHS = 2 * 1.2816
"""Standard deviations between the first and the last tenth of a normal."""


@dataclass(frozen=True, slots=True)
class HaltClass:
    """Halts of past operations.

    The mean length is that of the memoryless distribution nearest to 25 named halts of
    15 operations. How often one is stopped, and how much the class is worth, are
    judgements: 0.38 of the days of 16 operations passed without a departure, as if a
    halt came in every 48 h of open gates.

    Attributes
    ----------
    halt_h : mean length of a halt.
    gap_h : mean of the open hours before one.
    seen : halts that this is worth.
    """

    halt_h: float = 28.0
    gap_h: float = 48.0
    seen: float = 2.0


@dataclass(frozen=True, slots=True)
class ClassNumbers:
    """What past operations of this kind were like.

    Attributes
    ----------
    left_of_list : people left over those on the lists of the last days, at the levels
        0, 10, 25, 50, 75, 90 and 100 percent; 11 figures of 10 operations.
    left_of_deal : the same over the figure of the deal or of registration; 10 figures.
    batch : people in a batch, 10 and 90 percent of 56.
    batches_a_day : from weekly schemes to daily ones.
    on_a_bus : people, 10 and 90 percent of 55 batches of 23 operations.
    halts : how often and how long people are stopped.
    """

    left_of_list: tuple[float, ...] = (0.0, 0.59, 0.74, 1.0, 1.01, 1.04, 3.6)
    left_of_deal: tuple[float, ...] = (0.40, 0.42, 0.48, 0.55, 0.86, 1.07, 1.67)
    batch: tuple[float, float] = (460.0, 3_000.0)
    batches_a_day: tuple[float, float] = (0.2, 1.0)
    on_a_bus: tuple[float, float] = (31.0, 54.0)
    halts: HaltClass = HaltClass()

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


CLASS_NUMBERS = ClassNumbers()
