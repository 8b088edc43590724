"""What the runs of a study say of a place that receives people, hour by hour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from sim.experiment.rows import Numbers
from sim.experiment.study import Study
from sim.metrics.receiving import NIGHT_H
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.scenario.clock import SECONDS_PER_DAY, Hours

_BLOCKS, _LONGEST_BLOCK = ((10, 3), (20, 6)), 12
"""Up to how many days an operation has blocks of how many hours; else the longest."""


@dataclass(frozen=True, slots=True)
class Receiving:
    """Quantiles over the runs at one destination, shape (levels, hours or nights).

    Attributes
    ----------
    groups : people who arrive in each hour of the local clock, by group.
    people : the same of all groups.
    vehicles : most vehicles at once that unload or wait to, in each hour.
    by_block : people who arrive in each of `blocks`.
    by_night : people who arrive in each of `nights`.
    beds : people who have come by the end of each night, and need a bed if all stay.
    """

    groups: Mapping[str, Numbers]
    people: Numbers
    vehicles: Numbers
    by_block: Numbers
    by_night: Numbers
    beds: Numbers


class Night(NamedTuple):
    """A night, cut to the operation: seconds after the start, the end exclusive."""

    evening: date
    since_s: int
    until_s: int


def hours_of_a_block(study: Study) -> int:
    """Return how many hours of the local clock a picture of arrivals puts together.

    So few that the days of a short operation are told apart, and so many that bars of
    a long one can be.
    """
    days = study.operation.horizon_s / SECONDS_PER_DAY
    return next((hours for most, hours in _BLOCKS if days <= most), _LONGEST_BLOCK)


def blocks(study: Study, hours_s: Sequence[int]) -> tuple[int, ...]:
    """Return which of the hours of the local clock begin a block, the first too.

    Parameters
    ----------
    hours_s : of `Clock.hours`.
    """
    clock, hours = study.operation.clock, hours_of_a_block(study)
    shown = [clock.local(second) for second in hours_s]
    keys = [(each.date(), each.hour // hours) for each in shown]
    return tuple(
        place for place, key in enumerate(keys) if place == 0 or key != keys[place - 1]
    )


def nights(study: Study) -> tuple[Night, ...]:
    """Return the nights of an operation."""
    begins_h, ends_h = NIGHT_H
    clock, ends = study.operation.clock, study.operation.ends
    found = []
    night = Hours(begins_h * SECONDS_PER_HOUR, ends_h * SECONDS_PER_HOUR)
    for since_s, until_s in clock.windows(night, ends):
        last = clock.local(until_s - 1)
        evening = last.date() - timedelta(days=last.hour < begins_h)
        found.append(Night(evening, since_s, until_s))
    return tuple(found)


def receiving_at(
    study: Study, destination: str, hours_s: Sequence[int], levels: Sequence[float]
) -> Receiving:
    """Return what the runs say of one destination.

    Parameters
    ----------
    hours_s : of `Clock.hours`.
    levels : of the quantiles.
    """
    groups = [group for site, group in study.layout.received if site == destination]
    columns = [study.received_at(destination, group) for group in groups]
    # Nobody has come before the first hour, all before the one after the last.
    come = {0: np.zeros(len(study.replications), np.int64)}
    spans = [(night.since_s, night.until_s) for night in nights(study)]
    borders = np.searchsorted(hours_s, spans).reshape(-1, 2)
    wanted = {*borders.ravel().tolist()}
    so_far = come[0].copy()
    begun = blocks(study, hours_s)
    wanted |= {*begun, len(hours_s)}
    people = np.zeros((len(levels), len(hours_s)))
    for place in range(len(hours_s)):
        arrived = sum(column.column(place).astype(np.int64) for column in columns)
        people[:, place] = np.quantile(arrived, levels)
        so_far += arrived
        if place + 1 in wanted:
            come[place + 1] = so_far.copy()
    by_evening, by_morning = (
        np.array([come[place] for place in side.tolist()]).reshape(-1, len(so_far))
        for side in borders.T
    )
    at_borders = np.array([come[place] for place in (*begun, len(hours_s))])
    return Receiving(
        {
            group: column.quantiles(levels)
            for group, column in zip(groups, columns, strict=True)
        },
        people,
        study.unloading_at(destination).quantiles(levels),
        np.quantile(np.diff(at_borders, axis=0), levels, axis=1),
        np.quantile(by_morning - by_evening, levels, axis=1),
        np.quantile(by_morning, levels, axis=1),
    )
