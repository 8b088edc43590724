"""Each baseline as a forecast of a moment: it knows what the simulation knows.

It goes on from the last figure known, with the rate that the figures known show, up to
the people that are expected to leave.
"""

from collections.abc import Iterable, Mapping, Sequence

from sim.calibration.baselines import (
    Totals,
    Windows,
    constant_rate,
    last_day_rate,
    mean_of_rates,
    mean_of_sources,
    open_hours_rate,
    spread_evenly,
)
from sim.calibration.record import Documented
from sim.scenario import Operation

PLANNED_DAYS = 3
"""Judgement: the days over which a planner spreads what is still to do."""
_S_PER_H = 3600


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
    none = Totals((begins_h,), (0.0,))
    told = [each for each in series if each.hours]
    known = mean_of_sources(told) if told else none
    last_h = max(known.hours[-1], begins_h + 1e-6)
    so_far = float(known.at(last_h))
    ahead = [(max(begin, moment_h), min(end, until_h)) for begin, end in windows]
    planned_h = moment_h + 24.0 * PLANNED_DAYS
    soon = [(begin, min(end, planned_h)) for begin, end in ahead if begin < planned_h]
    rest = max(0.0, most - so_far)
    spread = spread_evenly(
        rest, [each for each in soon if each[0] < each[1]] or [(moment_h, planned_h)]
    )
    evenly = Totals(
        (moment_h, *spread.hours),
        (so_far, *(so_far + people for people in spread.people)),
    )
    futures = {
        "constant rate": constant_rate(known, last_h, until_h, most),
        "open-hours rate": open_hours_rate(known, last_h, until_h, most, windows),
        "last-24-h rate": last_day_rate(known, last_h, until_h, most),
        "agreed total, spread evenly": evenly,
        "mean of sources": mean_of_rates(told or [none], last_h, until_h, most),
    }
    return {name: known.followed_by(future) for name, future in futures.items()}


def documented_series(
    entries: Iterable[Documented], origin: str, begins_h: float
) -> dict[str, Totals]:
    """Return the totals of people arrived from a site, by family.

    A step is added to the family's own total at its beginning or, where it has none
    yet, to the mean of the others'.

    Parameters
    ----------
    entries : documented figures; parts of the people and bounds are left out.
    origin : site.
    begins_h : when nobody had arrived.
    """
    found: dict[str, list[tuple[float, float]]] = {}
    counted = [entry for entry in entries if counts_all(entry, origin)]
    for entry in sorted(counted, key=lambda entry: window_h(entry)[1]):
        begin_h, end_h = window_h(entry)
        family = entry.claim.family
        base = 0.0
        if entry.begins is not None:
            own = {family: found[family]} if family in found else found
            if own:
                base = float(mean_of_sources([*_totals(own).values()]).at(begin_h))
        points = found.setdefault(family, [(begins_h, 0.0)])
        if begin_h > points[-1][0]:
            points.append((begin_h, max(base, points[-1][1])))
        points.append((end_h, max(base + entry.claim.best, points[-1][1])))
    return _totals(found)


def opens_h(operation: Operation, site: str) -> float:
    """Return when the first flow of a site opens [h after the start]."""
    opens = [
        flow.opens or 0
        for flow in operation.flows.values()
        if operation.routes[flow.route].origin == site
    ]
    return min(opens, default=0) / _S_PER_H


def counts_all(entry: Documented, origin: str) -> bool:
    """Whether a figure counts all people who arrived from a site, not some."""
    return (
        entry.counts == "arrived"
        and entry.figure.origin == origin
        and not entry.figure.select
        and entry.claim.wording == "cell"
    )


def window_h(entry: Documented) -> tuple[float, float]:
    """Return the middles of the windows in which a count begins and ends [h]."""
    begins, ends = entry.begins or (0, 0), entry.ends or (0, 0)
    return sum(begins) / 2 / _S_PER_H, sum(ends) / 2 / _S_PER_H


def _totals(found: Mapping[str, Sequence[tuple[float, float]]]) -> dict[str, Totals]:
    series = {}
    for family, points in found.items():
        apart = dict(sorted(points))
        series[family] = Totals(tuple(apart), tuple(apart.values()))
    return series
