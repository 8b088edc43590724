"""What somebody would say without a simulation: simple curves of arrivals.

A simulation that does not do better than these has not earned its trouble. As a
forecast of a moment each knows what the simulation knows, and goes on from the last
figure known up to the people that are expected to leave. Through the figures of a whole
operation people come at one rate, or at one rate in the hours in which they could move.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from sim.inference.arrival_curves import (
    Totals,
    Windows,
    clipped,
    documented_series,
    mean_of_sources,
    open_windows,
    opens_h,
    said_h,
)
from sim.inference.claims import RecordEntry
from sim.scenario import Operation

CONSTANT, OPEN_HOURS = "constant rate", "open-hours rate"
PLANNED = 0.25
"""Judgement: the share of an operation over which what is still to do is spread."""
_DAY_H = 24.0
_S_PER_H = 3600


def constant_rate(
    known: Totals, origin_h: float, until_h: float, most: float
) -> Totals:
    """Return what follows if the mean rate since the first arrival goes on.

    Parameters
    ----------
    known : documented up to `origin_h`.
    origin_h : when the forecast is made.
    until_h : how far it goes.
    most : people in all, as far as known then.
    """
    begins_h = _begins_h(known)
    so_far = float(known.at(origin_h))
    hours = max(origin_h - begins_h, 1e-9)
    return _onwards(so_far, so_far / hours, [(origin_h, until_h)], most)


def open_hours_rate(
    known: Totals, origin_h: float, until_h: float, most: float, windows: Windows
) -> Totals:
    """Return what follows if the mean rate while people could move goes on.

    Parameters
    ----------
    known, origin_h, until_h, most : as of `constant_rate`.
    windows : when people could move, those expected after the origin included.
    """
    so_far = float(known.at(origin_h))
    past = clipped(windows, _begins_h(known), origin_h)
    rate = so_far / max(sum(end - begin for begin, end in past), 1e-9)
    return _onwards(so_far, rate, clipped(windows, origin_h, until_h), most)


def last_day_rate(
    known: Totals, origin_h: float, until_h: float, most: float
) -> Totals:
    """Return what follows if the rate of the last 24 hours goes on."""
    so_far, before = known.at([origin_h, origin_h - _DAY_H])
    rate = float(so_far - before) / _DAY_H
    return _onwards(float(so_far), rate, [(origin_h, until_h)], most)


def spread_evenly(people: float, windows: Windows) -> Totals:
    """Return a total, agreed or known afterwards, spread evenly over some hours.

    With one window it is a constant rate, with the open hours an open-hours rate.
    """
    length = sum(end - begin for begin, end in windows)
    return _onwards(0.0, people / length, windows, people)


def mean_of_rates(
    series: Sequence[Totals], origin_h: float, until_h: float, most: float
) -> Totals:
    """Return the mean of what follows if the mean rate of each source goes on."""
    futures = [constant_rate(each, origin_h, until_h, most) for each in series]
    hours = sorted({hour for each in futures for hour in each.hours})
    people = np.mean([each.at(hours) for each in futures], axis=0)
    return Totals(tuple(hours), tuple(people.tolist()))


def _onwards(so_far: float, rate: float, windows: Windows, most: float) -> Totals:
    """Return a total that grows at a rate in some windows, up to the most."""
    hours, people = [], []
    total, most = so_far, max(so_far, most)
    for begin, end in windows:
        grown = total + rate * (end - begin)
        hours += [begin]
        people += [total]
        if grown > most:
            hours.append(begin + (most - total) / rate)
            people.append(most)
        hours.append(end)
        total = min(grown, most)
        people.append(total)
    return Totals(tuple(hours), tuple(people))


def _begins_h(known: Totals) -> float:
    """Return the last moment at which nobody had arrived."""
    none = [h for h, n in zip(known.hours, known.people, strict=True) if n <= 0]
    return none[-1] if none else known.hours[0]


def naive_forecasts(
    series: Sequence[Totals],
    begins_h: float,
    moment_h: float,
    until_h: float,
    most: float,
    windows: Windows,
) -> Mapping[str, Totals]:
    """Return what each baseline says, by its name.

    Parameters
    ----------
    series : documented totals known, one for each family.
    begins_h : when people could first move, where no figure says more.
    moment_h : when the forecast is made.
    until_h : how far it goes.
    most : people who are expected to leave in all.
    windows : when people could move, those expected after the moment included.
    """
    told = list(series) or [Totals((begins_h,), (0.0,))]
    known = mean_of_sources(told)
    last_h = max(known.hours[-1], begins_h + 1e-6)
    so_far = float(known.at(last_h))
    planned_h = moment_h + PLANNED * until_h
    soon = clipped(windows, moment_h, min(until_h, planned_h))
    rest = max(0.0, most - so_far)
    spread = spread_evenly(rest, soon or [(moment_h, planned_h)])
    evenly = Totals(
        (moment_h, *spread.hours),
        (so_far, *(so_far + people for people in spread.people)),
    )
    futures = {
        CONSTANT: constant_rate(known, last_h, until_h, most),
        OPEN_HOURS: open_hours_rate(known, last_h, until_h, most, windows),
        "last-24-h rate": last_day_rate(known, last_h, until_h, most),
        "agreed total, spread evenly": evenly,
        "mean of sources": mean_of_rates(told, last_h, until_h, most),
    }
    return {name: known.followed_by(future) for name, future in futures.items()}


def simple_rates(
    operation: Operation,
    known: Sequence[RecordEntry],
    site: str,
    expected: float | None = None,
) -> Mapping[str, Totals]:
    """Return both curves by name; none if the figures known say nothing of a site.

    Parameters
    ----------
    operation : its stoppages say when people could move.
    known : figures that may be used, and no others.
    site : that people leave.
    expected : people in all; None if the last total known is all of them.
    """
    begins_h = said_h(known, site, "first_arrival", opens_h(operation, site))
    series = documented_series(known, site, begins_h)
    if not series:
        return {}
    mean = mean_of_sources(list(series.values()))
    last_h = said_h(known, site, "last_arrival", mean.hours[-1])
    last_h, so_far = min(last_h, mean.hours[-1]), mean.people[-1]
    until_h = operation.ends / _S_PER_H
    windows = open_windows(operation, site, until_h)
    could_move = clipped(windows, begins_h, last_h)
    if not could_move or not so_far > 0:
        return {}
    line = Totals((begins_h, last_h), (0.0, so_far))
    most = so_far if expected is None else max(so_far, expected)
    return {
        CONSTANT: spread_evenly(so_far, [(begins_h, last_h)]).followed_by(
            constant_rate(line, last_h, until_h, most)
        ),
        OPEN_HOURS: spread_evenly(so_far, could_move).followed_by(
            open_hours_rate(line, last_h, until_h, most, windows)
        ),
    }
