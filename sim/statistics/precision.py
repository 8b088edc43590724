"""How many runs are enough: more of them until chosen metrics are known well enough.

The rule looks at the runs only when there are so many as `looks` names, and then at
the first so many of them. So the answer depends on the seed alone, never on how many
workers there are or on which run ends first. This file runs nothing: it is handed
numbers, or a function that gets them.

**What stopping early costs.** An interval that is looked at again and again until it
is narrow stops sooner when the spread looks small by luck, so it holds the true value
a little less often than it says. Three things keep that small: no look before `first`
runs, few looks (each at half as many runs again), and no choice between looks. The
tests measure what is left: with `first` at 20 and targets that take about 70 runs, an
interval of 95 % holds the mean of normal numbers in 94 % of studies or more, their
median in 92 %, and the mean of exponential ones in 89 % (93 % if the number of runs is
fixed beforehand). Each interval has its confidence by itself; that all of several hold
at once is less sure.

References
----------
Law, Simulation Modeling and Analysis, 5th ed. (2015), section 9.4.1.
Chow and Robbins, On the asymptotic theory of fixed-width sequential confidence
intervals for the mean, Annals of Mathematical Statistics 36 (1965) 457-462.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite, isnan, nan

import numpy as np

from sim.statistics.intervals import (
    CONFIDENCE,
    Numbers,
    half_width,
    quantile_interval,
)

_FEWEST = 10
"""Below this, a spread that is small by luck ends a study too often."""


@dataclass(frozen=True, slots=True)
class PrecisionTarget:
    """How well one metric is to be known.

    Attributes
    ----------
    metric : its full name.
    most : half the width of the interval, at most; in the unit of the metric, or in
        percent of what is estimated.
    percent : whether `most` is in percent.
    quantile : what is to be known, 0.5 for the median; the mean if None.

    Raises
    ------
    ValueError
        If the width is not above 0, or the quantile not between 0 and 1.
    """

    metric: str
    most: float
    percent: bool = False
    quantile: float | None = None

    def __post_init__(self) -> None:
        if not (self.most > 0 and isfinite(self.most)):
            raise ValueError(
                f"{self.metric}: half the width of an interval is above 0, "
                f"got {self.most}"
            )
        if self.quantile is not None and not 0 < self.quantile < 1:
            raise ValueError(
                f"{self.metric}: a quantile lies between 0 and 1, got {self.quantile}"
            )


@dataclass(frozen=True, slots=True)
class StoppingRule:
    """When to stop.

    Attributes
    ----------
    targets : all of which are to be met.
    first : runs before the first look, and runs in which a metric must have happened
        before it is judged.
    most : runs, at most.
    confidence : of each interval.

    Raises
    ------
    ValueError
        If there is no target, or the numbers do not fit together.
    """

    targets: tuple[PrecisionTarget, ...]
    first: int = 20
    most: int = 1_000
    confidence: float = CONFIDENCE

    def __post_init__(self) -> None:
        if not self.targets:
            raise ValueError("name at least one metric to be known well")
        if not _FEWEST <= self.first <= self.most:
            raise ValueError(
                f"the first look needs at least {_FEWEST} runs and at most all of "
                f"them, got {self.first} of {self.most}"
            )
        if not 0 < self.confidence < 1:
            raise ValueError(
                f"a confidence lies between 0 and 1, got {self.confidence}"
            )

    @property
    def looks(self) -> tuple[int, ...]:
        """Numbers of runs at which to look: each half as many again, then all."""
        looks = [self.first]
        while looks[-1] < self.most:
            looks.append(min(self.most, (3 * looks[-1] + 1) // 2))
        return tuple(looks)


@dataclass(frozen=True, slots=True)
class Known:
    """How well one metric is known.

    Attributes
    ----------
    asked : runs that did not fail.
    came : those of them in which it happened; only these count.
    estimate : their mean or quantile; NaN if there are none.
    half_width : half the width of its interval; NaN if it cannot be told.
    most : what was wished for, in the unit of the metric; NaN without an estimate.
    enough : whether the target is met.
    """

    target: PrecisionTarget
    asked: int
    came: int
    estimate: float
    half_width: float
    most: float
    enough: bool


@dataclass(frozen=True, slots=True)
class Look:
    """What was known after so many runs.

    Attributes
    ----------
    runs : replications looked at.
    known : in the order of the targets.
    notes : sentences on what the numbers do not show.
    """

    runs: int
    known: tuple[Known, ...]
    notes: tuple[str, ...]

    @property
    def enough(self) -> bool:
        """Whether every target is met."""
        return all(known.enough for known in self.known)


def look(rule: StoppingRule, runs: int, values: Mapping[str, Numbers]) -> Look:
    """Return what is known after so many runs.

    Parameters
    ----------
    rule : what is wished for.
    runs : replications that were run.
    values : by metric, one number for each of the first `runs` replications that did
        not fail; NaN if it did not happen.

    Raises
    ------
    ValueError
        If a metric is not there, or has more numbers than there were runs.
    """
    known = tuple(_known(rule, runs, target, values) for target in rule.targets)
    return Look(runs, known, tuple(_notes(rule, known)))


def until_precise(
    rule: StoppingRule, values_of: Callable[[int], Mapping[str, Numbers]]
) -> Look:
    """Return the first look at which every target is met, or the last one.

    Parameters
    ----------
    rule : when to stop.
    values_of : runs what is missing of the first so many replications, and returns
        their numbers as `look` takes them.
    """
    *early, last = rule.looks
    for runs in early:
        found = look(rule, runs, values_of(runs))
        if found.enough:
            return found
    return look(rule, last, values_of(last))


def _known(
    rule: StoppingRule,
    runs: int,
    target: PrecisionTarget,
    values: Mapping[str, Numbers],
) -> Known:
    if target.metric not in values:
        raise ValueError(f"the runs have no metric {target.metric!r}")
    numbers = values[target.metric]
    if numbers.size > runs:
        raise ValueError(
            f"{target.metric}: {runs} runs cannot have {numbers.size} numbers"
        )
    asked, numbers = numbers.size, numbers[~np.isnan(numbers)]
    if not numbers.size:
        return Known(target, asked, 0, nan, nan, nan, enough=False)
    if target.quantile is None:
        estimate = float(numbers.mean())
        half = half_width(numbers, rule.confidence)
    else:
        estimate = float(np.quantile(numbers, target.quantile))
        low, high = quantile_interval(numbers, target.quantile, rule.confidence)
        half = (high - low) / 2
    most = target.most / 100 * abs(estimate) if target.percent else target.most
    enough = numbers.size >= rule.first and half <= most
    return Known(target, asked, numbers.size, estimate, half, most, enough)


def _notes(rule: StoppingRule, known: tuple[Known, ...]) -> Iterator[str]:
    for one in known:
        metric, came = one.target.metric, f"{one.came:,} of {one.asked:,} runs"
        if one.came < rule.first:
            yield f"{metric} happened in {came}: too few to judge it, {rule.first} do."
            continue
        if one.came < one.asked:
            yield f"{metric} happened in {came}: its interval is over these."
        if isnan(one.half_width):
            yield f"{metric}: {came} are too few for an interval of this quantile."
        elif one.half_width == 0:
            yield f"{metric} was the same in {came}."
