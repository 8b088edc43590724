"""The named numbers of a run, for tables and comparisons.

To add one, write a function of `Account` and register it in `METRICS`. A name in a
summary is the metric's own, a slash, and what it is given for: `t90/east-aleppo`, or
`t90/all` for all sites together. Numbers at a moment have it in their name; what may be
asked for so is in `sim.metrics.moments`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.events import Cause, RunLog
from sim.metrics.account import Account
from sim.metrics.convoys import turned_back, vehicles_lost
from sim.metrics.curves import Curve
from sim.metrics.fleet import share_in_use
from sim.metrics.moments import STOCKS, at_moment
from sim.metrics.spans import UNCHARGED
from sim.metrics.waiting import (
    SECONDS_PER_HOUR,
    by_cause,
    by_origin,
    held_aboard,
    mean_wait_h,
)
from sim.registry import Registry, UnknownNameError

NAN = float("nan")
ALL_SITES = "all"
"""What metrics of a site are given for when they are of all sites together; no site
may be called so."""
AT = "@"
"""Stands between what is asked for at a moment and the moment."""
WOUNDED = ("wounded",)
"""Groups whose waiting is given per person."""
_CAUSES = (*Cause, UNCHARGED)
_ONE_SITE_AND_ALL = 2


@dataclass(frozen=True, slots=True)
class Metric:
    """A number, or one for each site, cause, fleet or kind of vehicle.

    Attributes
    ----------
    name : before the slash.
    unit : of the number.
    description : one sentence, for tables.
    per : what stands after the slash.
    values : the numbers of a run, by what stands after the slash.
    """

    name: str
    unit: str
    description: str
    per: str
    values: Callable[[Account], Mapping[str, float]]


Values = Callable[[Account], Mapping[str, float]]


def _with_sum(of_sites: Values) -> Values:
    """Add the sum over all sites."""

    def values(run: Account) -> dict[str, float]:
        found = of_sites(run)
        return {**found, ALL_SITES: sum(found.values())}

    return values


@_with_sum
def _arrived(run: Account) -> dict[str, float]:
    return {origin: run.arrivals[origin].last for origin in run.origins}


def _percentile(percent: int) -> Values:
    """Return when so many percent had arrived: of each site, and of all together."""

    def values(run: Account) -> dict[str, float]:
        expected = {origin: run.expected(origin) for origin in run.origins}
        whole = sum(expected.values())
        return {
            **{
                origin: _hours(run.arrivals[origin].time_of_percent(percent, people))
                for origin, people in expected.items()
            },
            ALL_SITES: _hours(run.all_arrivals.time_of_percent(percent, whole)),
        }

    return values


def _first_arrival(run: Account) -> dict[str, float]:
    return {of: _hours(next(iter(curve.times_s), None)) for of, curve in _curves(run)}


def _last_arrival(run: Account) -> dict[str, float]:
    return {
        origin: _hours(next(reversed(c.times_s), None)) for origin, c in _curves(run)
    }


def _curves(run: Account) -> Iterator[tuple[str, Curve]]:
    yield from ((origin, run.arrivals[origin]) for origin in run.origins)
    yield ALL_SITES, run.all_arrivals


@_with_sum
def _not_arrived(run: Account) -> dict[str, float]:
    return {
        origin: run.people_to_leave(origin) - run.arrivals[origin].last
        for origin in run.origins
    }


@_with_sum
def _convoys_arrived(run: Account) -> dict[str, float]:
    counts = dict.fromkeys(run.origins, 0.0)
    for row in run.convoys:
        counts[row.origin] += row.arrived_s is not None
    return counts


@_with_sum
def _turned_back(run: Account) -> dict[str, float]:
    people = dict.fromkeys(run.origins, 0.0)
    for row in turned_back(run.convoys):
        people[row.origin] += row.turned_back_people
    return people


@_with_sum
def _unaccounted(run: Account) -> Mapping[str, float]:
    return run.unaccounted


@_with_sum
def _waiting(run: Account) -> dict[str, float]:
    return dict.fromkeys(run.origins, 0.0) | by_origin(run.charges)


@_with_sum
def _held_aboard(run: Account) -> dict[str, float]:
    return dict.fromkeys(run.origins, 0.0) | held_aboard(run.charges)


def _waiting_by_cause(run: Account) -> dict[str, float]:
    return {str(cause): 0.0 for cause in _CAUSES} | by_cause(run.charges)


def _wounded_wait(run: Account) -> dict[str, float]:
    """Return the mean wait of each site that wounded leave, and of all of them."""
    hours = mean_wait_h(run.charges, run.leaving, WOUNDED)
    people = {
        site: sum(run.leaving.get((site, group), 0) for group in WOUNDED)
        for site in hours
    }
    if not hours:
        return {}
    waited = sum(hours[site] * count for site, count in people.items())
    return {**hours, ALL_SITES: waited / sum(people.values())}


def _fleet_use(run: Account) -> dict[str, float]:
    return share_in_use(run.log, run.convoys)


def _vehicles_lost(run: Account) -> dict[str, float]:
    lost = vehicles_lost(run.convoys)
    return {kind: float(lost[kind]) for kind in sorted(set(run.log.kinds.values()))}


def _hours(time_s: int | None) -> float:
    return NAN if time_s is None else time_s / SECONDS_PER_HOUR


_H = "h after start"
_PH = "person-hours"

METRICS: Registry[Metric] = Registry(
    "metric",
    {
        metric.name: metric
        for metric in (
            Metric("arrived", "people", "People who arrived.", "origin", _arrived),
            Metric(
                "not_arrived",
                "people",
                "People to leave who had not arrived at the end.",
                "origin",
                _not_arrived,
            ),
            Metric("t50", _H, "When half had arrived.", "origin", _percentile(50)),
            Metric("t90", _H, "When 90 % had arrived.", "origin", _percentile(90)),
            Metric("t100", _H, "When all had arrived.", "origin", _percentile(100)),
            Metric("first_arrival", _H, "First arrival.", "origin", _first_arrival),
            Metric("last_arrival", _H, "Last arrival.", "origin", _last_arrival),
            Metric(
                "convoys_arrived",
                "convoys",
                "Convoys that arrived with people.",
                "origin",
                _convoys_arrived,
            ),
            Metric(
                "turned_back",
                "people",
                "People in convoys that were turned back.",
                "origin",
                _turned_back,
            ),
            Metric(
                "unaccounted",
                "people",
                "People who neither arrived nor returned.",
                "origin",
                _unaccounted,
            ),
            Metric("waiting", _PH, "All time until arrival.", "origin", _waiting),
            Metric(
                "held_aboard",
                _PH,
                "Time in convoys that were held or detained.",
                "origin",
                _held_aboard,
            ),
            Metric(
                "waiting_by_cause",
                _PH,
                "Time until arrival charged to this cause.",
                "cause",
                _waiting_by_cause,
            ),
            Metric(
                "wounded_wait",
                "h per person",
                "Mean time until arrival of the wounded.",
                "origin",
                _wounded_wait,
            ),
            Metric(
                "fleet_use",
                "1",
                "Share of the run that vehicles were under way.",
                "fleet",
                _fleet_use,
            ),
            Metric(
                "vehicles_lost",
                "vehicles",
                "Vehicles destroyed.",
                "kind",
                _vehicles_lost,
            ),
        )
    },
)
"""Every metric by its name; a program may register its own."""


def measured(
    asked: Iterable[str] = (), to_seconds: Callable[[str], int] | None = None
) -> tuple[Metric, ...]:
    """Return what is read off every run: every metric, and those asked for.

    Parameters
    ----------
    asked : metrics at a moment, without what they are given for.
    to_seconds : turns local times into seconds after the start, as `Clock.seconds`.

    Raises
    ------
    UnknownNameError
        If there is no such metric, with the nearest.
    """
    return (*METRICS.values(), *(_at_moment(name, to_seconds) for name in asked))


def metric_of(full_name: str) -> Metric:
    """Return the metric of a full name, or of one without what it is given for.

    Raises
    ------
    UnknownNameError
        If there is none, with the nearest.
    """
    name = full_name.partition("/")[0]
    return _at_moment(name) if AT in name else METRICS[name]


def _at_moment(name: str, to_seconds: Callable[[str], int] | None = None) -> Metric:
    """Return a metric at a moment; without a clock, only what it is.

    Raises
    ------
    UnknownNameError
        If there is no such metric, with the nearest.
    """
    asked = at_moment(name)
    if asked is None:
        moment = name.partition(AT)[2]
        raise UnknownNameError(
            "metric", name, [f"{each}{AT}{moment}" for each in STOCKS]
        )
    second = None if to_seconds is None else to_seconds(asked.moment)

    def values(run: Account) -> dict[str, float]:
        people = {} if second is None else asked.counted(run, second)
        people[ALL_SITES] = sum(people.values())
        return {of: asked.said(count) for of, count in people.items()}

    return Metric(name, asked.unit, asked.description, "origin", values)


def summary(log: RunLog) -> dict[str, float]:
    """Return every metric of a run by its full name, as `t90/east-aleppo`.

    NaN stands for a moment that did not come. The names are the same for every run
    of a scenario.
    """
    return summary_of(Account(log))


def summary_of(run: Account, metrics: Sequence[Metric] = ()) -> dict[str, float]:
    """Return what `summary` does, of a run whose log has been read.

    Parameters
    ----------
    metrics : from `measured`; those that are registered if none.
    """
    return {
        f"{metric.name}/{key}": float(value)
        for metric in metrics or METRICS.values()
        for key, value in metric.values(run).items()
    }


def full_names(wanted: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return the full names that a name stands for; none if it is not known.

    Parameters
    ----------
    wanted : a full name, or that of a metric for all that it is given for. All sites
        together are among these only if there are several.
    known : full names.
    """
    if wanted in known:
        return (wanted,)
    found = [name for name in known if name.partition("/")[0] == wanted]
    whole = f"{wanted}/{ALL_SITES}"
    if whole in found and len(found) == _ONE_SITE_AND_ALL:
        found.remove(whole)
    return tuple(found)


def unit_of(full_name: str) -> str:
    """Return the unit of a metric.

    Parameters
    ----------
    full_name : as in a summary.

    Raises
    ------
    KeyError
        If there is no such metric.
    """
    return metric_of(full_name).unit
