"""How near a forecast of one site came to what was published later."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import nan
from typing import Any

import numpy as np

from sim.evidence.figures import Figure
from sim.inference.arrival_curves import (
    Totals,
    documented_series,
    mean_of_sources,
    opens_h,
)
from sim.inference.calibration.posterior_predictive import scored
from sim.inference.claims import RecordEntry, Scales
from sim.inference.forecast.forecast import Forecast
from sim.inference.forecast.forecasters import SiteDraws, later_counts
from sim.inference.forecast.pool import FigureScore
from sim.inference.record import entries_of
from sim.inference.scores import (
    crps,
    is_inside,
    mean_known,
    weighted_interval_score,
)
from sim.inference.simulator import NEARLY_ALL
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.scenario import Operation


@dataclass(frozen=True, slots=True)
class RollingScore:
    """How good one forecast of one site was, from one moment.

    Attributes
    ----------
    moment : local time of the forecast.
    forecaster : the simulation, the pool, a comparator; what was shipped, and the
        comparator that earlier moments would have chosen.
    figures : later figures of people arrived that were predicted.
    crps, interval_score : their means, of logarithms.
    days : whole days after the moment with documented arrivals.
    crps_days : mean of their arrivals [people].
    completion_h : error of when nearly all had arrived, a forecast of which there is
        none by the end of the run counting as that end [h].
    inside_50, inside_90 : of the figures, inside the central intervals.
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
    interval_score: float = nan


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


def figure_scores(
    made: Forecast, site: str, name: str, said: SiteDraws
) -> Iterator[FigureScore]:
    """Yield how near a forecaster came to each later figure.

    Parameters
    ----------
    made : the forecast.
    site : that people leave.
    name : of the forecaster.
    said : by it.
    """
    for column, place in enumerate(later_counts(made, site)):
        entry = made.entries[place]
        near = scored(crps, said.reports[:, column], entry.claim)
        yield FigureScore(made.moment, name, entry.figure, near)


def score_of(
    made: Forecast,
    site: str,
    name: str,
    said: SiteDraws,
    truth: Totals,
    *,
    ended: bool,
) -> RollingScore:
    """Return the scores of one forecaster.

    Parameters
    ----------
    made, site, name, said : as of `figure_scores`.
    truth : what is documented in the end, from `documented_curve`.
    ended : whether the last arrival is documented; else there is no completion.
    """
    entries = [made.entries[place] for place in later_counts(made, site)]
    days = [day for day in made.days[1:] if _hours(day)[1] <= truth.hours[-1] + 2]
    done_h = truth.completed(NEARLY_ALL * truth.people[-1])
    late = ended and done_h > made.then.moment_s / SECONDS_PER_HOUR
    until_h = made.then.operation.ends / SECONDS_PER_HOUR
    of_days = [
        crps(said.arrivals(made, *day), truth.between(*_hours(day))) for day in days
    ]
    row = RollingScore(
        made.moment,
        site,
        name,
        len(entries),
        _mean(crps, said, entries),
        len(days),
        mean_known(of_days),
        crps(np.minimum(said.nearly_h, until_h), done_h) if late else nan,
    )
    return _with_intervals(row, said, entries)


def _mean(
    score: Callable[[Any, float], float],
    said: SiteDraws,
    entries: Sequence[RecordEntry],
) -> float:
    """Return the mean score of the later figures."""
    return mean_known(
        [
            scored(score, reports, entry.claim)
            for reports, entry in zip(said.reports.T, entries, strict=True)
        ]
    )


def _hours(day: tuple[int, int]) -> tuple[float, float]:
    begins, ends = day
    return begins / SECONDS_PER_HOUR, ends / SECONDS_PER_HOUR


def _with_intervals(
    score: RollingScore, said: SiteDraws, entries: Sequence[RecordEntry]
) -> RollingScore:
    claims = [entry.claim for entry in entries]
    half, most = (
        mean_known(
            [
                is_inside(reports, *claim.reported, level)
                for reports, claim in zip(said.reports.T, claims, strict=True)
            ]
        )
        for level in (0.5, 0.9)
    )
    widths = [np.ptp(np.quantile(reports, [0.05, 0.95])) for reports in said.reports.T]
    return replace(
        score,
        inside_50=half,
        inside_90=most,
        width_90=mean_known(widths),
        interval_score=_mean(weighted_interval_score, said, entries),
    )
