"""Scores of every past operation, foretold from the others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from math import inf, isfinite, log

import numpy as np

from sim.evidence.figures import Figure
from sim.inference.claims import Numbers
from sim.inference.past_operations.cases import PastCase
from sim.inference.past_operations.foretold import (
    PastForetold,
    at_rate,
    by_others,
    by_simulation,
    evenly,
    rng_of,
)
from sim.inference.scores import (
    crps,
    fewest_inside,
    is_inside,
    weighted_interval_score,
)
from sim.past.reporting import reporting_error

LEVELS = (0.5, 0.9)
GRAIN = 10.0
"""People added before logarithms are taken: below that nobody looks closely."""
WITHIN = 2.0
"""Factor within which the time to completion is asked for."""


class Method(Enum):
    """Who foretells."""

    SIMULATION = "simulation"
    EVENLY = "announced total, spread evenly"
    RATE = "rate of Aleppo"
    OTHERS = "class's own spread"


RIVALS = (Method.EVENLY, Method.RATE, Method.OTHERS)


@dataclass(frozen=True, slots=True)
class Scored:
    """One documented figure beside what was foretold of it.

    Attributes
    ----------
    figure : id of its row.
    low, best, high : as documented; people, or the day of the last departure.
    is_time : whether it is the time to completion.
    quantiles : 5, 50 and 95 percent of the simulation.
    inside : whether it is in the central interval of each level.
    crps, interval_score : by method, of logarithms.
    """

    figure: str
    low: float
    best: float
    high: float
    is_time: bool
    quantiles: tuple[float, float, float]
    inside: tuple[bool, ...]
    crps: Mapping[Method, float]
    interval_score: Mapping[Method, float]


@dataclass(frozen=True, slots=True)
class OfOperation:
    """All figures of one operation.

    Attributes
    ----------
    id, title : of it.
    rows : its figures, the time to completion last.
    """

    id: str
    title: str
    rows: tuple[Scored, ...]

    def mean(self, of: Callable[[Scored], float]) -> float:
        """Return the mean of something over its figures."""
        return float(np.mean([of(row) for row in self.rows]))

    def crps(self, method: Method) -> float:
        """Return the mean CRPS of a method over its figures."""
        return self.mean(lambda row: row.crps[method])

    def interval_score(self, method: Method) -> float:
        """Return the mean interval score of a method over its figures."""
        return self.mean(lambda row: row.interval_score[method])

    @property
    def completion(self) -> Scored | None:
        """Its time to completion, if that is documented."""
        return next((row for row in self.rows if row.is_time), None)

    @property
    def ratio(self) -> float:
        """Median time to completion over the documented one; NaN if there is none."""
        it = self.completion
        return it.quantiles[1] / it.best if it else float("nan")

    def beats(self, rival: Method) -> bool:
        """Whether the simulation has the lower mean CRPS."""
        return self.crps(Method.SIMULATION) < self.crps(rival)

    @property
    def completes_in_time(self) -> bool:
        """Whether the median is within the factor that is asked for."""
        return 1 / WITHIN <= self.ratio <= WITHIN


@dataclass(frozen=True, slots=True)
class LeaveOneOut:
    """What foretelling each operation from the others came to.

    Attributes
    ----------
    operations : by id.
    draws : of each method.
    error : standard deviation of the logarithm of a count.
    people_per_h : rate of Aleppo.
    """

    operations: tuple[OfOperation, ...]
    draws: int
    error: float
    people_per_h: float

    @property
    def rows(self) -> tuple[Scored, ...]:
        """All figures."""
        return tuple(row for each in self.operations for row in each.rows)

    def inside(self, level: float) -> tuple[int, int]:
        """Return how many figures are inside, and the lower binomial point."""
        at = LEVELS.index(level)
        number = sum(row.inside[at] for row in self.rows)
        return number, fewest_inside(len(self.rows), level)

    def interval_score(self, method: Method) -> float:
        """Return the mean over operations of the interval score of a method."""
        scores = [each.interval_score(method) for each in self.operations]
        return float(np.mean(scores))

    def beaten(self, rival: Method) -> int:
        """Return in how many operations the simulation has the lower CRPS."""
        return sum(each.beats(rival) for each in self.operations)

    @property
    def in_time(self) -> int:
        """In how many operations completion is within the factor asked for."""
        return sum(each.completes_in_time for each in self.operations)


def left_one_out(
    cases: Sequence[PastCase],
    people_per_h: float,
    draws: int = 400,
    seed: int = 1,
    told: Callable[[str], None] = lambda name: None,
) -> LeaveOneOut:
    """Return every operation foretold from the others, and its scores.

    Parameters
    ----------
    cases : the operations.
    people_per_h : rate of another operation, for comparison.
    draws : of each method.
    seed : root of all random numbers.
    told : hears the name of each operation before it is run.
    """
    error = reporting_error()
    operations = []
    for case in cases:
        told(case.id)
        errors = error * rng_of(seed, case.id, "report").standard_normal(draws)
        said = {
            Method.SIMULATION: by_simulation(case, draws, seed),
            Method.EVENLY: evenly(case, draws),
            Method.RATE: at_rate(case, draws, people_per_h),
            Method.OTHERS: by_others(case, draws, seed),
        }
        told_by = {method: each.reported(errors) for method, each in said.items()}
        operations.append(
            OfOperation(case.id, case.operation.operation, _scored(case, told_by))
        )
    return LeaveOneOut(tuple(operations), draws, error, people_per_h)


def _scored(case: PastCase, said: Mapping[Method, PastForetold]) -> tuple[Scored, ...]:
    rows = [
        _of_figure(figure, {m: each.totals[:, at] for m, each in said.items()})
        for at, figure in enumerate(case.counts)
    ]
    if case.last is not None:
        hours = case.hours(case.last.best)
        day = float(case.days_until(np.array(hours)))
        days = {method: each.days for method, each in said.items()}
        rows.append(_row(case.last.id, day, day, day, days, is_time=True))
    return tuple(rows)


def _of_figure(figure: Figure, draws: Mapping[Method, Numbers]) -> Scored:
    low, high = figure.bounds
    best = float(figure.best)  # type: ignore[arg-type] # counts have numbers
    least = low if isinstance(low, float) else 0.0
    most = high if isinstance(high, float) else inf
    return _row(figure.id, least, best, most, draws, is_time=False)


def _row(
    name: str,
    low: float,
    best: float,
    high: float,
    draws: Mapping[Method, Numbers],
    *,
    is_time: bool,
) -> Scored:
    own = draws[Method.SIMULATION]
    grain = 0.0 if is_time else GRAIN
    logs = {method: np.log(np.maximum(d, 0.0) + grain) for method, d in draws.items()}
    value = log(best + grain)
    q05, q50, q95 = np.quantile(own, [0.05, 0.5, 0.95]).tolist()
    return Scored(
        name,
        low,
        best,
        high if isfinite(high) else best,
        is_time,
        (q05, q50, q95),
        tuple(is_inside(own, low, high, level) for level in LEVELS),
        {method: crps(d, value) for method, d in logs.items()},
        {method: weighted_interval_score(d, value) for method, d in logs.items()},
    )
