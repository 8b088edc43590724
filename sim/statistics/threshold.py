"""The least of several values from which on a goal holds with a wanted probability.

Values are in order; the more of it, the more likely the goal ought to be. It need not
be: more vehicles sometimes finish later. So a bisection finds where it begins to hold,
and then every greater value is tested too: the least value is the smallest from which
all greater ones hold, and where it fails again is told.

Whether the goal holds at a value is decided run by run, by Wald's sequential test of a
share against the wanted one, with a margin on both sides within which either answer is
right. Each test errs with at most `(1 - confidence) / values`, by Ville's inequality
(the ratio of likelihoods is a martingale whose start is 1), so that by Bonferroni all
answers are right together with the confidence, whatever runs of different values share.
A test that runs out of runs is undecided, and counts as not holding.

It asks for runs and is sent whether the goal was met, so whoever asks it decides where
they run. What it decides does not depend on the size of the batches.

References
----------
Wald, Sequential tests of statistical hypotheses, Annals of Mathematical Statistics 16
(1945) 117-186.
Ville, Étude critique de la notion de collectif (1939).
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from math import log
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.statistics.intervals import CONFIDENCE, share_interval

Booleans = npt.NDArray[np.bool_]
MOST_VALUES = 60
"""More would be tested one by one."""
_MARGIN = 0.03


class Asked(NamedTuple):
    """Runs to be sent: replications 0 to `upto` - 1 of the value at this place."""

    value: int
    upto: int


class Tested(NamedTuple):
    """What was decided about one value.

    Attributes
    ----------
    holds : None if the runs did not decide.
    met, runs : in how many, of how many runs the goal was met.
    low, high : interval of the probability with the confidence for one value, by
        Clopper and Pearson; a little too narrow, as the runs ended when it was decided.
    """

    holds: bool | None
    met: int
    runs: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which value on a goal holds.

    Attributes
    ----------
    least : place of the smallest value from which all greater ones hold; None if it
        does not hold at the greatest.
    tested : what was decided, by place.
    fails_again : places of values at which it does not hold although it does at a
        smaller one.
    """

    least: int | None
    tested: Mapping[int, Tested]
    fails_again: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """How likely a goal is to be, and how surely that is to be known.

    Attributes
    ----------
    probability : that is wanted, above 0 and below 1.
    margin : on both sides of it, within which either answer is right.
    confidence : that every answer is right.
    batch : replications to ask for at once.
    most : replications of one value, at most.

    Raises
    ------
    ValueError
        If the numbers do not fit together.
    """

    probability: float
    margin: float
    confidence: float = CONFIDENCE
    batch: int = 20
    most: int = 2_000

    def __post_init__(self) -> None:
        p, margin = self.probability, self.margin
        if not (p - margin > 0 and p + margin < 1 and margin > 0):
            raise ValueError(
                f"probability and margin must leave room below 1 and above 0, got {p} "
                f"and {margin}"
            )
        if not 0.5 < self.confidence < 1:
            raise ValueError(
                f"a confidence lies between 0.5 and 1, got {self.confidence}"
            )
        if not 1 <= self.batch <= self.most:
            raise ValueError(
                f"a batch is at least 1 and at most all runs, got {self.batch} of "
                f"{self.most}"
            )


def margin_of(probability: float) -> float:
    """Return a margin that suits a wanted probability: 3 percent, less near 0 and 1."""
    return min(_MARGIN, (1 - probability) / 2, probability / 2)


def threshold(values: int, wish: Wish) -> Generator[Asked, Booleans, Threshold]:
    """Ask for runs until it is known from which value on a goal holds; return that.

    Advance it with `next`, then `send` it whether the goal was met in the replications
    it asks for, in order. The `Threshold` is the value of the `StopIteration`.

    Parameters
    ----------
    values : how many there are, at least 1, the smallest first.
    wish : how likely it is to be.

    Raises
    ------
    ValueError
        If there are no values.
    """
    if values < 1:
        raise ValueError("there must be values to try")
    level = (1 - wish.confidence) / values
    tested: dict[int, Tested] = {}

    def test(value: int) -> Generator[Asked, Booleans, bool]:
        if value not in tested:
            tested[value] = yield from _test(value, wish, level)
        return tested[value].holds is True

    if not (yield from test(values - 1)):
        return Threshold(None, tested, ())
    fails, holds = -1, values - 1
    while holds - fails > 1:
        middle = (fails + holds) // 2
        if (yield from test(middle)):
            holds = middle
        else:
            fails = middle
    for value in range(holds + 1, values):
        yield from test(value)
    again = [n for n in range(holds + 1, values) if tested[n].holds is not True]
    least = max(again) + 1 if again else holds
    return Threshold(least, tested, tuple(again))


def _test(value: int, wish: Wish, level: float) -> Generator[Asked, Booleans, Tested]:
    """Decide whether a goal holds at a value."""
    high, low = wish.probability + wish.margin, wish.probability - wish.margin
    if_met, if_not = log(high / low), log((1 - high) / (1 - low))
    enough = log(1 / level)
    met = runs = 0
    ratio = 0.0
    while runs < wish.most:
        upto = min(runs + wish.batch, wish.most)
        seen = yield Asked(value, upto)
        for is_met in seen[runs:upto]:
            runs += 1
            met += bool(is_met)
            ratio += if_met if is_met else if_not
            if abs(ratio) >= enough:
                interval = share_interval(met, runs, wish.confidence)
                return Tested(ratio > 0, met, runs, *interval)
    return Tested(None, met, runs, *share_interval(met, runs, wish.confidence))
