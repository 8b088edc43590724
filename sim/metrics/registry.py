"""The named numbers of a run, for tables and comparisons.

To add one, write a function of `Account` and register it in `METRICS`. A name in a
summary is the metric's own, a slash, and what it is given for: `t90/east-aleppo`, or
`t90/all` for all sites together. Numbers at a moment have it in their name; what may be
asked for so is in `sim.metrics.moments`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sim.events import SELDOM, Cause, RunLog
from sim.metrics import of_destinations, of_sites
from sim.metrics.account import Account
from sim.metrics.convoys import vehicles_lost
from sim.metrics.fleet import share_in_use
from sim.metrics.moments import AT, STOCKS, at_moment
from sim.metrics.of_sites import ALL_SITES
from sim.metrics.spans import UNCHARGED
from sim.metrics.waiting import by_cause
from sim.registry import Registry, UnknownNameError

_CAUSES = (*Cause, UNCHARGED)
_ONE_SITE_AND_ALL = 2
_OF_GROUP = 2


@dataclass(frozen=True, slots=True)
class Metric:
    """A number, or one for each site, destination, cause, fleet or kind of vehicle.

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


def _waiting_by_cause(run: Account) -> dict[str, float]:
    may_be = (c for c in _CAUSES if c not in SELDOM or c in run.log.seldom)
    return {str(cause): 0.0 for cause in may_be} | by_cause(run.charges)


def _fleet_use(run: Account) -> dict[str, float]:
    return share_in_use(run.log, run.convoys)


def _vehicles_lost(run: Account) -> dict[str, float]:
    lost = vehicles_lost(run.convoys)
    return {kind: float(lost[kind]) for kind in sorted(set(run.log.kinds.values()))}


HOURS = "h after start"
"""Unit of moments."""
_PH = "person-hours"

METRICS: Registry[Metric] = Registry(
    "metric",
    {
        metric.name: metric
        for metric in (
            Metric(
                "arrived", "people", "People who arrived.", "origin", of_sites.arrived
            ),
            Metric(
                "not_arrived",
                "people",
                "People to leave who had not arrived at the end.",
                "origin",
                of_sites.not_arrived,
            ),
            Metric(
                "t50",
                HOURS,
                "When half had arrived.",
                "origin",
                of_sites.percentile(50),
            ),
            Metric(
                "t90",
                HOURS,
                "When 90 % had arrived.",
                "origin",
                of_sites.percentile(90),
            ),
            Metric(
                "t100",
                HOURS,
                "When all had arrived.",
                "origin",
                of_sites.percentile(100),
            ),
            Metric(
                "first_arrival",
                HOURS,
                "First arrival.",
                "origin",
                of_sites.first_arrival,
            ),
            Metric(
                "last_arrival", HOURS, "Last arrival.", "origin", of_sites.last_arrival
            ),
            Metric(
                "arrived_apart",
                "people or loads",
                "Arrived of a group that is nobody evacuated.",
                "group",
                of_sites.arrived_apart,
            ),
            Metric(
                "convoys_arrived",
                "convoys",
                "Convoys that arrived with people.",
                "origin",
                of_sites.convoys_arrived,
            ),
            Metric(
                "turned_back",
                "people",
                "People in convoys that were turned back.",
                "origin",
                of_sites.turned_back,
            ),
            Metric(
                "unaccounted",
                "people",
                "People who neither arrived nor returned.",
                "origin",
                of_sites.unaccounted,
            ),
            Metric(
                "lives_lost",
                "people",
                "People reported to have lost their lives, if the scenario has any.",
                "origin",
                of_sites.lives_lost,
            ),
            Metric(
                "waiting", _PH, "All time until arrival.", "origin", of_sites.waiting
            ),
            Metric(
                "held_aboard",
                _PH,
                "Time in convoys that were held or detained.",
                "origin",
                of_sites.held_aboard,
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
                of_sites.wounded_wait,
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
            Metric(
                "received",
                "people",
                "People who arrived here, whatever site they left.",
                "destination",
                of_destinations.received,
            ),
            Metric(
                "busiest_hour",
                "people",
                "Most people who arrived here in an hour of the local clock.",
                "destination",
                of_destinations.busiest_hour,
            ),
            Metric(
                "busiest_night",
                "people",
                "Most people who arrived here in a night, 20:00 to 06:00 local time.",
                "destination",
                of_destinations.busiest_night,
            ),
            Metric(
                "vehicles_at_once",
                "vehicles",
                "Most vehicles here at once that unloaded or waited to.",
                "destination",
                of_destinations.vehicles_at_once,
            ),
            Metric(
                "bays_needed",
                "bays",
                "Fewest bays here at which no vehicle would have waited to unload.",
                "destination",
                of_destinations.bays_needed,
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
    return METRICS[name] if name in METRICS or AT not in name else _at_moment(name)


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
        return {} if second is None else asked.values(run, second)

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


def of_group(full_name: str) -> bool:
    """Return whether a metric is given for one group of a site."""
    return full_name.count("/") == _OF_GROUP


def full_names(wanted: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return the full names that a name stands for; none if it is not known.

    Parameters
    ----------
    wanted : a full name, or that of a metric for all that it is given for. All sites
        together are among these only if there are several, and groups never.
    known : full names.
    """
    if wanted in known:
        return (wanted,)
    found = [
        name
        for name in known
        if name.partition("/")[0] == wanted and not of_group(name)
    ]
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
