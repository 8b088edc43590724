"""What the runs of a study say together: quantiles, and how many runs they rest on."""

from contextlib import suppress

import numpy as np

from sim.experiment import Study
from sim.experiment.bands import LEVELS, Band, band_of
from sim.experiment.rows import Numbers
from sim.statistics.shares import Shares, shares


def metric_bands(study: Study) -> dict[str, Band]:
    """Return the band of every metric, by its full name."""
    return {name: band_of(study.metric(name)) for name in study.layout.metrics}


def to_leave_bands(study: Study) -> dict[str, Band]:
    """Return the people who are to leave each site: arrived and not arrived."""
    return {origin: band_of(study.to_leave(origin)) for origin in study.layout.origins}


def waiting_bands(study: Study) -> dict[tuple[str, str], Band]:
    """Return person-hours of waiting by (site of origin, cause), most first."""
    hours = {key: study.hours_of(*key) for key in study.layout.waiting}
    bands = {key: band_of(column) for key, column in hours.items() if column.any()}
    order = sorted(bands, key=lambda key: (key[0], -bands[key].mean, key[1]))
    return {key: bands[key] for key in order}


def knowledge_shares(study: Study) -> dict[str, Shares]:
    """Return how much of what varies is not known and how much chance, by metric.

    Only of metrics that vary, and only if several runs shared each draw.
    """
    per_draw = study.job.per_draw
    if study.band == "chance" or per_draw == 1:
        return {}
    draws = study.replications // per_draw
    borders = np.flatnonzero(np.diff(draws)) + 1
    found: dict[str, Shares] = {}
    for name in study.layout.metrics:
        # Of a single draw, or if it happened too rarely, nothing can be said.
        with suppress(ValueError):
            parts = shares(np.split(study.metric(name), borders))
            if parts.chance + parts.knowledge:
                found[name] = parts
    return found


def day_starts(study: Study) -> list[int]:
    """Return when each local day of the run begins [s], the first with the run."""
    return study.operation.clock.days(study.operation.ends)


def daily_bands(study: Study) -> dict[str, list[Band]]:
    """Return the people who arrived on each day of `day_starts`, by origin."""
    days = range(len(day_starts(study)))
    return {
        origin: [band_of(study.daily_of(origin).column(day)) for day in days]
        for origin in study.layout.origins
    }


def curve_bands(study: Study) -> dict[str, Numbers]:
    """Return p5, median and p95 of the people arrived at each moment, by origin."""
    return {
        name: study.arrivals_of(name).quantiles(LEVELS) for name in study.layout.origins
    }


def flow_bands(study: Study) -> dict[str, Numbers]:
    """Return p5, median and p95 of the people arrived at each moment, by flow."""
    return {
        name: study.arrivals_by(name).quantiles(LEVELS) for name in study.layout.flows
    }
