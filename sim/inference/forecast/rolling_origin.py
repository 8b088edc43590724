"""A forecast from every morning and evening, scored beside comparators.

All know the same figures, the same people and the same closures; only how they go on
from there differs. One pool of runs is drawn for each moment, since each moment has an
operation of its own. What is shipped, the simulation or a pool of it with the
comparators, is chosen by earlier moments alone; so is the comparator that it is held
against.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sim.errors import EvidenceError
from sim.evidence.figures import Figure
from sim.inference.forecast.as_of import as_of
from sim.inference.forecast.forecast import Effort, Forecast, forecast
from sim.inference.forecast.forecasters import (
    POOL,
    forecasters,
    later_counts,
    pool_of,
)
from sim.inference.forecast.pool import FigureScore, choice_at
from sim.inference.forecast.pool_choice import PoolChoice
from sim.inference.forecast.rolling_score import (
    RollingScore,
    documented_curve,
    figure_scores,
    score_of,
)
from sim.inference.scores import (
    PairedDifference,
    mean_known,
    paired_difference,
)
from sim.inference.simulator import Mapper
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.scenario import Operation

SHIPPED, CHOSEN = "as shipped", "comparator chosen before"
_HOURS = (8, 20)
_AVERAGED = [
    *("crps", "interval_score", "crps_days", "completion_h"),
    *("inside_50", "inside_90", "width_90"),
]


@dataclass(frozen=True, slots=True)
class Rolling:
    """Forecasts from one moment to the next, scored.

    Attributes
    ----------
    scores : of each moment, site and forecaster.
    choices : whom earlier moments would have followed, of each moment and site.
    """

    scores: tuple[RollingScore, ...]
    choices: tuple[PoolChoice, ...]

    def of(self, site: str) -> "Rolling":
        """Return the same of one site."""
        return Rolling(
            tuple(score for score in self.scores if score.site == site),
            tuple(choice for choice in self.choices if choice.site == site),
        )


@dataclass(slots=True)
class Scoring:
    """Scores of forecasts, in the order of their moments: each learns from the last.

    Attributes
    ----------
    operation, figures : as of `forecast`.
    seed : of comparators and pools.
    """

    operation: Operation
    figures: tuple[Figure, ...]
    seed: int
    scores: list[RollingScore] = field(default_factory=list)
    choices: list[PoolChoice] = field(default_factory=list)
    past: list[FigureScore] = field(default_factory=list)

    def add(self, made: Forecast) -> None:
        """Score a forecast of each site that it is about."""
        past = tuple(self.past)
        for site in made.sites:
            truth = documented_curve(self.operation, self.figures, site)
            if truth is None or not later_counts(made, site):
                continue
            choice = choice_at(made.moment, site, past)
            self.choices.append(choice)
            said = forecasters(made, site, self.seed)
            said[POOL] = pool_of(made, site, choice.weights, self.seed, said)
            named = said | {
                SHIPPED: said[choice.shipped],
                CHOSEN: said[choice.comparator],
            }
            ended = any(
                row.metric == "last_arrival" and row.origin == site
                for row in self.figures
            )
            self.scores += [
                score_of(made, site, name, each, truth, ended=ended)
                for name, each in named.items()
            ]
            for name, each in said.items():
                self.past += figure_scores(made, site, name, each)


def rolling_scores(
    operation: Operation,
    figures: Iterable[Figure],
    moments: Sequence[datetime],
    effort: Effort,
    mapper: Mapper = map,
    tell: Callable[[int], None] = lambda done: None,
) -> Rolling:
    """Return the scores of forecasts made at each moment, of each site.

    Parameters
    ----------
    operation, figures : as of `forecast`.
    moments : local times, in order.
    effort : for each forecast.
    mapper, tell : as of `forecast`.
    """
    scoring = Scoring(operation, tuple(figures), effort.seed)
    for number, moment in enumerate(moments):
        before = number * effort.runs

        def told(done: int, before: int = before) -> None:
            tell(before + done)

        made = forecast(operation, scoring.figures, moment, effort, mapper, told)
        scoring.add(made)
    return Rolling(tuple(scoring.scores), tuple(scoring.choices))


def half_days(operation: Operation, figures: Iterable[Figure]) -> list[datetime]:
    """Return the mornings and evenings from which there is anything to forecast."""
    rows = tuple(figures)
    clock = operation.clock
    curves = [documented_curve(operation, rows, site) for site in operation.sites]
    last_h = max((curve.hours[-1] for curve in curves if curve), default=0.0)
    moments = clock.moments(
        [hour * SECONDS_PER_HOUR for hour in _HOURS], operation.ends
    )
    found = []
    for moment_s in moments:
        moment = clock.local(moment_s).replace(tzinfo=None)
        if moment_s / SECONDS_PER_HOUR < last_h and _anything(operation, rows, moment):
            found.append(moment)
    return found


def compared(scores: Sequence[RollingScore]) -> list[RollingScore]:
    """Return the mean scores of each forecaster over all moments, the best first.

    All are means over the same moments: those where the score has a meaning.
    """
    means = []
    for name in dict.fromkeys(score.forecaster for score in scores):
        own = [score for score in scores if score.forecaster == name]
        mean: dict[str, Any] = {
            field: mean_known([getattr(score, field) for score in own])
            for field in _AVERAGED
        }
        means.append(replace(own[0], **mean))
    return sorted(means, key=lambda score: score.crps)


def apart(
    scores: Sequence[RollingScore], ours: str, theirs: str, seed: int = 1
) -> PairedDifference:
    """Return how much the mean CRPS of one forecaster is above that of another.

    Parameters
    ----------
    scores : of one site.
    ours, theirs : names.
    seed : of the bootstrap.
    """
    ours_at, theirs_at = (
        {row.moment: row.crps for row in scores if row.forecaster == name}
        for name in (ours, theirs)
    )
    moments = sorted(ours_at)
    return paired_difference(
        [ours_at[moment] for moment in moments],
        [theirs_at[moment] for moment in moments],
        seed,
    )


def worse_at(scores: Sequence[RollingScore], comparator: str) -> list[datetime]:
    """Return the moments at which a comparator was nearer than what was shipped.

    Parameters
    ----------
    scores : of one site.
    comparator : its name.
    """
    ours = {row.moment: row.crps for row in scores if row.forecaster == SHIPPED}
    return [
        row.moment
        for row in scores
        if row.forecaster == comparator and row.crps < ours[row.moment]
    ]


def _anything(
    operation: Operation, figures: Sequence[Figure], moment: datetime
) -> bool:
    """Whether anything that moves anybody was known."""
    try:
        as_of(operation, figures, moment)
    except EvidenceError:
        return False
    return True
