"""A forecast as it is shipped: the simulation, or a pool that was nearer so far.

Which of them, and how the pool is weighed, is learned from forecasts of the days
before, scored by what was published by now.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sim.errors import EvidenceError
from sim.evidence.figures import Figure
from sim.inference.forecast.forecast import Effort, Forecast, forecast
from sim.inference.forecast.forecasters import (
    POOL,
    forecasters,
    later_counts,
    pool_of,
    with_draws,
)
from sim.inference.forecast.kept_draws import KeptForecast
from sim.inference.forecast.pool import FigureScore, choice_at
from sim.inference.forecast.pool_choice import PoolChoice
from sim.inference.forecast.reweighed import reweighed_forecast
from sim.inference.forecast.rolling_score import figure_scores
from sim.inference.forecast.task import Tell, known_at
from sim.inference.record import known_by
from sim.inference.simulator import Mapper
from sim.scenario import Operation

DAYS_BEFORE = 4
"""Judgement: how many days back forecasts are made that this one learns from."""
_SHARE = 4
"""Each of them rests on this part of the runs, but on some at least."""
_FEWEST_RUNS, _FEWEST_DRAWS = 100, 20
QUICK_DRAWS, _QUICK_CHANCE = 150, 40
"""Judgement: kept draws that a quick forecast runs again, and runs for chance alone; on
two cores they take some seconds."""


def pooled_forecast(
    operation: Operation,
    figures: Iterable[Figure],
    moment: datetime,
    effort: Effort,
    mapper: Mapper = map,
    tell: Tell = lambda done: None,
) -> Forecast:
    """Return a forecast that rests on what was published by a local time.

    It says whom it follows (`followed`).

    Parameters
    ----------
    operation, figures, moment, effort, mapper, tell : as of `forecast`.

    Raises
    ------
    EvidenceError
        If nothing was known, or the figures would count anything twice.
    """
    rows = tuple(figures)
    earlier = earlier_moments(operation, rows, moment)
    less = lesser(effort)
    past: list[FigureScore] = []
    for number, before in enumerate(earlier):
        begun = number * less.runs

        def told(done: int, begun: int = begun) -> None:
            tell(begun + done)

        then = forecast(operation, rows, before, less, mapper, told)
        past += _scores(then, moment, effort.seed)
    begun = len(earlier) * less.runs
    made = forecast(
        operation, rows, moment, effort, mapper, lambda done: tell(begun + done)
    )
    choices = tuple(choice_at(moment, site, past) for site in made.sites)
    return _shipped(made, choices, effort.seed)


def quick_forecast(
    operation: Operation,
    figures: Iterable[Figure],
    moment: datetime,
    kept: KeptForecast,
    effort: Effort,
    mapper: Mapper = map,
    tell: Tell = lambda done: None,
) -> Forecast:
    """Return a pooled forecast by weighing anew what another one has left.

    Whom it follows is what that one had learned; nothing else is older.

    Parameters
    ----------
    operation, figures, moment, effort, mapper, tell : as of `forecast`.
    kept : of a forecast in full.

    Raises
    ------
    EvidenceError
        If nothing was known, or the figures would count anything twice.
    """
    less = quick_effort(effort)
    made = reweighed_forecast(
        operation, figures, moment, kept.draws.some(QUICK_DRAWS), less, mapper, tell
    )
    known = {choice.site: choice for choice in kept.followed}
    choices = tuple(
        known[site] if site in known else choice_at(moment, site, ())
        for site in made.sites
    )
    return _shipped(made, choices, effort.seed)


def quick_effort(effort: Effort) -> Effort:
    """Return the effort of a quick forecast, of which no pool is run."""
    return replace(effort, pool=0, chance=min(effort.chance, _QUICK_CHANCE))


def runs_of(
    operation: Operation,
    figures: Sequence[Figure],
    moment: datetime,
    effort: Effort,
) -> int:
    """Return how many runs are made at most, those of earlier moments included."""
    earlier = earlier_moments(operation, figures, moment)
    return effort.runs + len(earlier) * lesser(effort).runs


def lesser(effort: Effort) -> Effort:
    """Return the effort of a forecast that is only learned from."""
    return replace(
        effort,
        pool=max(_FEWEST_RUNS, effort.pool // _SHARE),
        draws=max(_FEWEST_DRAWS, effort.draws // _SHARE),
        chance=1,
    )


def earlier_moments(
    operation: Operation, figures: Sequence[Figure], moment: datetime
) -> tuple[datetime, ...]:
    """Return moments before, a day apart, that foretold what was published by now."""
    found = []
    for days in range(DAYS_BEFORE, 0, -1):
        before = moment - timedelta(days=days)
        try:
            _, entries, known = known_at(operation, figures, before)
        except EvidenceError:  # nothing was known yet, or nobody moved
            continue
        if any(
            entry.counts_everybody and known_by(entry.figure, moment)
            for entry in entries[known:]
        ):
            found.append(before)
    return tuple(found)


def _scores(then: Forecast, moment: datetime, seed: int) -> list[FigureScore]:
    """Return how near everybody was, then, to what was published by a moment."""
    scores: list[FigureScore] = []
    for site in then.sites:
        if later_counts(then, site):
            choice = choice_at(then.moment, site, ())
            said = forecasters(then, site, seed)
            said[POOL] = pool_of(then, site, choice.weights, seed, said)
            for name, each in said.items():
                scores += figure_scores(then, site, name, each)
    return [score for score in scores if known_by(score.figure, moment)]


def _shipped(made: Forecast, choices: tuple[PoolChoice, ...], seed: int) -> Forecast:
    """Return what is shipped, of each site, by whom to follow there."""
    shipped = made
    for choice in choices:
        if choice.shipped == POOL:
            said = pool_of(made, choice.site, choice.weights, seed)
            shipped = with_draws(shipped, choice.site, said)
    return replace(shipped, followed=choices)
