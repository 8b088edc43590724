"""How many runs are enough: more of them until chosen metrics are known well enough.

The rule looks at the runs only when there are so many as `looks` names, and then at
the first so many of them. So the answer depends on the seed alone, never on how many
workers there are or on which run ends first. This file runs nothing: it is handed
numbers, or a function that gets them.

**What stopping early costs.** An interval that is looked at again and again until it is
narrow stops sooner when the spread looks small by luck, and so holds the true value
less often than it says. Four things make up for that: no look before `first` runs,
which see what happens in one of twenty; few looks (each at half as many runs again); a
fifth of the mistakes allowed is kept for looking often, so that what is called 95 % is
judged at 96; and no end while fewer runs differ than an interval needs, or while all
are the same and there are fewer than `SAME_ENOUGH`. What is left is measured by `python
-m benchmarks.coverage`. Each interval has its confidence by itself; that all of several
hold at once is less sure.

References
----------
Law, Simulation Modeling and Analysis, 5th ed. (2015), section 9.4.1.
Chow and Robbins, On the asymptotic theory of fixed-width sequential confidence
intervals for the mean, Annals of Mathematical Statistics 36 (1965) 457-462.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite, nan

import numpy as np

from sim.statistics.intervals import (
    CONFIDENCE,
    SAME_ENOUGH,
    Interval,
    Numbers,
    Untold,
    mean_interval,
    quantile_interval,
)

_FEWEST = 10
"""Below this, a spread that is small by luck ends a study too often."""
_FOR_ONE_LOOK = 0.8
"""Share of the mistakes that an interval is allowed; the rest is for looking often."""


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
    first: int = 60
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
    interval : of the mean or quantile.
    most : what was wished for, in the unit of the metric; NaN without an estimate.
    enough : whether the target is met.
    """

    target: PrecisionTarget
    asked: int
    came: int
    estimate: float
    interval: Interval
    most: float
    enough: bool


@dataclass(frozen=True, slots=True)
class Look:
    """What was known after so many runs.

    Attributes
    ----------
    runs : replications looked at.
    first : runs in which a metric must have happened before it is judged.
    known : in the order of the targets.
    """

    runs: int
    first: int
    known: tuple[Known, ...]

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
    return Look(runs, rule.first, known)


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
    estimate, interval = _estimated(numbers, target.quantile, rule.confidence)
    most = target.most / 100 * abs(estimate) if target.percent else target.most
    if interval.untold is Untold.SAME:
        enough = numbers.size >= max(rule.first, SAME_ENOUGH)
    else:
        enough = numbers.size >= rule.first and interval.half <= most
    return Known(target, asked, numbers.size, estimate, interval, most, enough)


def _estimated(
    numbers: Numbers, quantile: float | None, confidence: float
) -> tuple[float, Interval]:
    """Return a mean or quantile, and the interval that it is judged by."""
    if not numbers.size:
        return nan, mean_interval(numbers)
    judged = 1 - (1 - confidence) * _FOR_ONE_LOOK
    interval = mean_interval(numbers, judged)
    if quantile is None:
        return float(numbers.mean()), interval
    estimate = float(np.quantile(numbers, quantile))
    if interval.untold is Untold.SAME:
        return estimate, interval
    low, high = quantile_interval(numbers, quantile, judged)
    untold = Untold.FEW if np.isnan(low) else None
    return estimate, Interval(low, high, untold, interval.apart)
