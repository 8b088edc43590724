"""What the runs of a study say together: quantiles, and how many runs they rest on."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor
from typing import Any, NamedTuple

import numpy as np

from sim.experiment.receiving import Receiving, receiving_at
from sim.experiment.rows import Numbers
from sim.experiment.study import Study
from sim.statistics.shares import Shares, shares

LEVELS = (0.05, 0.5, 0.95)


class Band(NamedTuple):
    """Quantiles over the runs of a study.

    What did not come in a run (a NaN) counts as later than all that came, so a
    quantile is infinite if so many runs lack it.

    Attributes
    ----------
    p5, median, p95 : 5 %, 50 % and 95 % of all runs lie below.
    mean : NaN if any run lacks it.
    n : runs in which it came.
    """

    p5: float
    median: float
    p95: float
    mean: float
    n: int


def band_of(values: Numbers) -> Band:
    """Return the quantiles of one number over the runs."""
    ranked = np.sort(np.where(np.isnan(values), np.inf, values).astype(np.float64))
    came = int(np.isfinite(ranked).sum())
    low, middle, high = (_quantile(ranked, level) for level in LEVELS)
    mean = float(ranked.mean()) if came == len(ranked) else float("nan")
    return Band(low, middle, high, mean, came)


@dataclass(frozen=True)
class Bands:
    """Every band of a study, each worked out once.

    Tables and pictures take their numbers from here.
    """

    study: Study

    def __getstate__(self) -> dict[str, Any]:
        """Return what is sent to other processes: what was worked out goes along."""
        return dict(self.__dict__)

    @cached_property
    def metrics(self) -> Mapping[str, Band]:
        """The band of every metric, by its full name."""
        study = self.study
        return {name: band_of(study.metric(name)) for name in study.layout.metrics}

    @cached_property
    def to_leave(self) -> Mapping[str, Band]:
        """People who are to leave each site: arrived and not arrived."""
        study = self.study
        return {name: band_of(study.to_leave(name)) for name in study.layout.origins}

    @cached_property
    def leaving(self) -> tuple[str, ...]:
        """The sites that anybody is to leave, those with most people first."""
        people = {name: band.mean for name, band in self.to_leave.items()}
        return tuple(
            sorted(
                (name for name in people if people[name] > 0),
                key=lambda name: (-people[name], name),
            )
        )

    @cached_property
    def origins(self) -> tuple[str, ...]:
        """The sites that people are to leave; others may send goods or detainees."""
        operation = self.study.operation
        return tuple(
            name
            for name in self.study.layout.origins
            if name in self.leaving
            or not all(
                group.counts_apart for group in operation.sites[name].groups.values()
            )
        )

    @cached_property
    def waiting(self) -> Mapping[tuple[str, str], Band]:
        """Person-hours of waiting by (site of origin, cause), most first."""
        hours = {key: self.study.hours_of(*key) for key in self.study.layout.waiting}
        bands = {key: band_of(column) for key, column in hours.items() if column.any()}
        order = sorted(bands, key=lambda key: (key[0], -bands[key].mean, key[1]))
        return {key: bands[key] for key in order}

    @cached_property
    def knowledge_shares(self) -> Mapping[str, Shares]:
        """How much of what varies is not known and how much chance, by metric.

        Only of metrics that vary, and only if several runs shared each draw.
        """
        study = self.study
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

    @cached_property
    def day_starts(self) -> tuple[int, ...]:
        """When each local day of the run begins [s], the first with the run."""
        operation = self.study.operation
        return tuple(operation.clock.days(operation.ends))

    @cached_property
    def daily(self) -> Mapping[str, tuple[Band, ...]]:
        """People who arrived on each day of `day_starts`, by origin."""
        days = range(len(self.day_starts))
        return {
            origin: tuple(
                band_of(self.study.daily_of(origin).column(day)) for day in days
            )
            for origin in self.study.layout.origins
        }

    @cached_property
    def curves(self) -> Mapping[str, Numbers]:
        """P5, median and p95 of the people arrived at each moment, by origin."""
        study = self.study
        return {
            name: study.arrivals_of(name).quantiles(LEVELS)
            for name in study.layout.origins
        }

    @cached_property
    def by_chance(self) -> Mapping[str, Numbers]:
        """P5 and p95 of the same if what is not known were known, around the median.

        From how far the runs of each draw lie from their mean; empty unless several
        runs shared each draw.
        """
        study, per_draw = self.study, self.study.job.per_draw
        if study.band == "chance" or per_draw == 1 or len(study.replications) < 2:
            return {}
        _, draws = np.unique(study.replications // per_draw, return_inverse=True)
        runs = np.bincount(draws)
        found = {}
        for name in study.layout.origins:
            column = study.arrivals_of(name).column
            spreads = []
            for place, middle in enumerate(self.curves[name][1]):
                people = column(place)
                means = np.bincount(draws, people) / runs
                off = np.quantile(people - means[draws], (LEVELS[0], LEVELS[-1]))
                spreads.append(middle + off)
            found[name] = np.array(spreads).T
        return found

    @cached_property
    def hours_s(self) -> tuple[int, ...]:
        """When each hour of the local clock begins [s], the first with the run."""
        operation = self.study.operation
        return tuple(operation.clock.hours(operation.ends))

    @cached_property
    def receiving(self) -> Mapping[str, Receiving]:
        """P5, median and p95 of what each destination sees, hour by hour."""
        study = self.study
        return {
            name: receiving_at(study, name, self.hours_s, LEVELS)
            for name in study.layout.destinations
        }

    @cached_property
    def receivers(self) -> tuple[str, ...]:
        """The destinations at which anybody arrived, those with most people first."""
        people = {
            site: self.metrics[f"received/{site}"].mean for site in self.receiving
        }
        came = (site for site in people if people[site])
        return tuple(sorted(came, key=lambda site: (-people[site], site)))

    @cached_property
    def flows(self) -> Mapping[str, Numbers]:
        """P5, median and p95 of the people arrived at each moment, by flow."""
        study = self.study
        return {
            name: study.arrivals_by(name).quantiles(LEVELS)
            for name in study.layout.flows
        }


def _quantile(ranked: Numbers, level: float) -> float:
    """Return a quantile of numbers in rising order, between the two next to it."""
    position = level * (len(ranked) - 1)
    below, above = float(ranked[floor(position)]), float(ranked[ceil(position)])
    # Two infinities, or an exact position, must not be subtracted.
    return below if below == above else below + (above - below) * (position % 1)
