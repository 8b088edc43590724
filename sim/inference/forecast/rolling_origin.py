"""A forecast from every morning and evening, scored beside simple ones.

All forecasters know the same figures, the same people and the same closures; only how
they go on from there differs. One pool of runs is drawn for each moment, since each
moment has an operation of its own.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import nan
from typing import Any, NamedTuple

import numpy as np

from sim.errors import EvidenceError
from sim.evidence.figures import Figure
from sim.inference.arrival_curves import (
    Totals,
    documented_series,
    mean_of_sources,
    open_windows,
    opens_h,
)
from sim.inference.baselines import naive_forecasts
from sim.inference.calibration.posterior_predictive import scored
from sim.inference.claims import Numbers, RecordEntry, Scales
from sim.inference.forecast.as_of import as_of
from sim.inference.forecast.forecast import Effort, Forecast, forecast
from sim.inference.record import entries_of
from sim.inference.scores import crps, is_inside, mean_known
from sim.inference.simulator import NEARLY_ALL, Mapper
from sim.scenario import Operation

SIMULATION = "simulation"
_S_PER_H = 3600
_HOURS = (8, 20)
_AVERAGED = ["crps", "crps_days", "completion_h", "inside_50", "inside_90", "width_90"]


@dataclass(frozen=True, slots=True)
class RollingScore:
    """How good one forecast of one site was, from one moment.

    Attributes
    ----------
    moment : local time of the forecast.
    forecaster : the simulation, or the name of a baseline.
    figures : later figures of people arrived that were predicted.
    crps : their mean, of logarithms.
    days : whole days after the moment with documented arrivals.
    crps_days : mean of their arrivals [people].
    completion_h : error of when nearly all had arrived, a forecast of which there is
        none by the end of the run counting as that end [h].
    inside_50, inside_90 : of the figures, inside the central intervals; NaN for a
        forecast without intervals.
    width_90 : mean width of the 90 percent intervals of the figures [people].
    """

    moment: datetime
    site: str
    forecaster: str
    figures: int
    crps: float
    days: int
    crps_days: float
    completion_h: float
    inside_50: float = nan
    inside_90: float = nan
    width_90: float = nan


def rolling_scores(
    operation: Operation,
    figures: Iterable[Figure],
    moments: Sequence[datetime],
    effort: Effort,
    mapper: Mapper = map,
    tell: Callable[[int], None] = lambda done: None,
) -> tuple[RollingScore, ...]:
    """Return the scores of forecasts made at each moment, of each site.

    Parameters
    ----------
    operation, figures : as of `forecast`.
    moments : local times.
    effort : for each forecast.
    mapper, tell : as of `forecast`.
    """
    rows = tuple(figures)
    ended = {row.origin for row in rows if row.metric == "last_arrival"}
    scores: list[RollingScore] = []
    for number, moment in enumerate(moments):
        before = number * effort.runs

        def told(done: int, before: int = before) -> None:
            tell(before + done)

        made = forecast(operation, rows, moment, effort, mapper, told)
        for site in made.sites:
            truth = documented_curve(operation, rows, site)
            if truth is not None:
                scores += scores_at(made, site, truth, ended=site in ended)
    return tuple(scores)


def half_days(operation: Operation, figures: Iterable[Figure]) -> list[datetime]:
    """Return the mornings and evenings from which there is anything to forecast."""
    rows = tuple(figures)
    clock = operation.clock
    curves = [documented_curve(operation, rows, site) for site in operation.sites]
    last_h = max((curve.hours[-1] for curve in curves if curve), default=0.0)
    moments = clock.moments([hour * _S_PER_H for hour in _HOURS], operation.ends)
    found = []
    for moment_s in moments:
        moment = clock.local(moment_s).replace(tzinfo=None)
        if moment_s / _S_PER_H < last_h and _anything(operation, rows, moment):
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


def worse_at(scores: Sequence[RollingScore], baseline: str) -> list[datetime]:
    """Return the moments at which a baseline was nearer to the later figures.

    Parameters
    ----------
    scores : of one site.
    baseline : its name.
    """
    ours = {row.moment: row.crps for row in scores if row.forecaster == SIMULATION}
    return [
        row.moment
        for row in scores
        if row.forecaster == baseline and row.crps < ours[row.moment]
    ]


def documented_curve(
    operation: Operation, figures: Iterable[Figure], site: str
) -> Totals | None:
    """Return the mean of what the sources say in the end; None if they say nothing.

    It is no truth: the sources contradict each other.
    """
    fitted = [figure for figure in figures if figure.role == "fit"]
    entries = entries_of(fitted, operation, Scales())
    series = documented_series(entries, site, opens_h(operation, site))
    return mean_of_sources(list(series.values())) if series else None


def scores_at(
    made: Forecast, site: str, truth: Totals, *, ended: bool
) -> list[RollingScore]:
    """Return the scores of a forecast and of each baseline, of one site.

    Parameters
    ----------
    made : the forecast.
    site : that people leave.
    truth : what is documented in the end, from `documented_curve`.
    ended : whether the last arrival is documented; else there is no completion.
    """
    places = [at for at in made.later if made.entries[at].counts_all_of(site)]
    if not places:
        return []
    entries = [made.entries[place] for place in places]
    days = [day for day in made.days[1:] if _hours(day)[1] <= truth.hours[-1] + 2]
    most = float(np.median(made.to_leave(site)))
    said = {SIMULATION: _by_simulation(made, site, places, days)}
    for name, curve in _curves(made, site, most).items():
        said[name] = _by(curve, entries, days, most)
    done_h = truth.completed(NEARLY_ALL * truth.people[-1])
    late = ended and done_h > made.then.moment_s / _S_PER_H
    until_h = made.then.operation.ends / _S_PER_H
    in_days = [truth.between(*_hours(day)) for day in days]
    rows = []
    for name, told in said.items():
        of_figures = [
            scored(crps, reports, entry.claim)
            for reports, entry in zip(told.reports, entries, strict=True)
        ]
        row = RollingScore(
            made.moment,
            site,
            name,
            len(entries),
            mean_known(of_figures),
            len(days),
            mean_known(list(map(crps, told.arrivals, in_days))),
            crps(np.minimum(told.done_h, until_h), done_h) if late else nan,
        )
        simulated = name == SIMULATION
        rows.append(_with_intervals(row, told, entries) if simulated else row)
    return rows


def _curves(made: Forecast, site: str, most: float) -> Mapping[str, Totals]:
    """Return what each baseline says that knows the same."""
    operation = made.then.operation
    until_h = operation.ends / _S_PER_H
    begins_h = opens_h(operation, site)
    known = documented_series(made.entries[: made.known], site, begins_h)
    return naive_forecasts(
        list(known.values()),
        begins_h,
        made.then.moment_s / _S_PER_H,
        until_h,
        most,
        open_windows(operation, site, until_h),
    )


class _Said(NamedTuple):
    """What a forecaster says of a site, in draws; a curve is a single one.

    Attributes
    ----------
    reports : of each figure.
    arrivals : of each day.
    done_h : when nearly all have arrived.
    """

    reports: list[Numbers]
    arrivals: list[Numbers]
    done_h: Numbers


def _by_simulation(
    made: Forecast,
    site: str,
    places: Sequence[int],
    days: Sequence[tuple[int, int]],
) -> _Said:
    return _Said(
        [made.reports[:, place] for place in places],
        [made.arrivals(site, *day) for day in days],
        made.done_h(site, nearly=True),
    )


def _by(
    curve: Totals,
    entries: Sequence[RecordEntry],
    days: Sequence[tuple[int, int]],
    most: float,
) -> _Said:
    return _Said(
        [np.array([curve.between(*entry.window_h)]) for entry in entries],
        [np.array([curve.between(*_hours(day))]) for day in days],
        np.array([curve.completed(NEARLY_ALL * most)]),
    )


def _hours(day: tuple[int, int]) -> tuple[float, float]:
    begins, ends = day
    return begins / _S_PER_H, ends / _S_PER_H


def _anything(
    operation: Operation, figures: Sequence[Figure], moment: datetime
) -> bool:
    """Whether anything that moves anybody was known."""
    try:
        as_of(operation, figures, moment)
    except EvidenceError:
        return False
    return True


def _with_intervals(
    score: RollingScore, said: _Said, entries: Sequence[RecordEntry]
) -> RollingScore:
    claims = [entry.claim for entry in entries]
    half, most = (
        mean_known(
            [
                is_inside(reports, *claim.reported, level)
                for reports, claim in zip(said.reports, claims, strict=True)
            ]
        )
        for level in (0.5, 0.9)
    )
    widths = [np.ptp(np.quantile(reports, [0.05, 0.95])) for reports in said.reports]
    return replace(score, inside_50=half, inside_90=most, width_90=mean_known(widths))
