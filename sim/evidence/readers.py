"""What each documented metric is, asked of one run: a count, or something else."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isnan
from statistics import median
from sys import maxsize
from types import MappingProxyType
from typing import NamedTuple

from sim.evidence import countings
from sim.evidence.countings import of_kind
from sim.evidence.questions import Counting, Question, Run
from sim.evidence.vocabulary import MEANINGS
from sim.metrics.convoys import Passage
from sim.metrics.fleet import people_per_vehicle
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.scenario.titles import sites_in

Reader = Callable[[Question, Run], float | None]
"""Reads a number in the figure's unit, a moment in hours after the start; None if the
run has no such thing."""

COUNTED: Mapping[str, Counting] = MappingProxyType(
    {
        "cumulative_arrivals": countings.people_arrived,
        "cumulative_departures": countings.people_departed,
        "arrivals_between": countings.people_arrived,
        "departures_between": countings.people_departed,
        "vehicles_entered": countings.vehicles_entered,
        "vehicles_waiting": countings.vehicles_waiting,
        "vehicles_crossed_between": countings.vehicles_crossed,
        "vehicles_arrived_between": countings.vehicles_arrived,
        "convoys_arrived": countings.convoys_arrived,
        "still_inside": countings.people_inside,
        "turned_back_people": countings.people_turned_back,
        "vehicles_lost": countings.vehicles_lost,
    }
)
"""What the metrics count that have a value at every moment; see `looks`."""
_AT_LAST = maxsize


class Looks(NamedTuple):
    """When a run is asked for a count: in each case before a second.

    Attributes
    ----------
    base_s : what was counted before this does not belong to the figure.
    first_s, last_s : the earliest and the latest moment that the figure may mean.
    """

    base_s: int
    first_s: int
    last_s: int


def looks(asked: Question) -> Looks:
    """Return when a run is asked for the count of a figure.

    What falls on the second at which a figure holds is in it, what falls on the second
    in which a window ends is not.
    """
    since_s, from_s, to_s = asked.since_s, asked.from_s, asked.to_s
    if MEANINGS[asked.metric].when == "between":
        if since_s is None:
            return Looks(from_s or 0, _or_last(to_s), _or_last(to_s))
        return Looks(since_s, _or_last(from_s), _or_last(to_s))
    return Looks(since_s or 0, _or_last(from_s, 1), _or_last(to_s, 1))


def _or_last(moment_s: int | None, later_s: int = 0) -> int:
    return _AT_LAST if moment_s is None else moment_s + later_s


def _first(counting: Counting) -> Reader:
    """Read the first moment at which something is counted."""

    def read(asked: Question, run: Run) -> float | None:
        moments_s = run.curve(counting, asked.origin, asked.portion).times_s
        begin = asked.from_s if asked.since_s is None else asked.since_s
        return _hours(moments_s[bisect_left(moments_s, begin or 0) :][:1])

    return read


def _last(counting: Counting) -> Reader:
    """Read the last moment at which something is counted."""

    def read(asked: Question, run: Run) -> float | None:
        moments_s = run.curve(counting, asked.origin, asked.portion).times_s
        if asked.since_s is None:
            return _hours(moments_s[-1:])
        end = run.account.log.horizon_s if asked.to_s is None else asked.to_s
        first = bisect_left(moments_s, asked.since_s)
        return _hours(moments_s[first : bisect_left(moments_s, end)][-1:])

    return read


def _convoy_people(asked: Question, run: Run) -> float | None:
    convoy = run.convoy(asked)
    if convoy is None:
        return None
    sites = sites_in(asked.origin)
    return convoy.people_of(convoy.arrived, sites, asked.portion.group)


def _convoy_vehicles(asked: Question, run: Run) -> float | None:
    convoy = run.convoy(asked)
    return None if convoy is None else of_kind(convoy.vehicles, asked.portion.kind)


def _people_per_vehicle(asked: Question, run: Run) -> float | None:
    mean = people_per_vehicle(run.departed(asked), asked.portion.kind)
    return None if isnan(mean) else mean


def _median(
    began_s: Callable[[Passage], int | None],
    duration_s: Callable[[Passage], int | None],
) -> Reader:
    """Read the median over the convoys that arrived, in the figure's unit.

    Parameters
    ----------
    began_s : when a convoy left, which must be in the window of the figure.
    duration_s : what is asked for.
    """

    def read(asked: Question, run: Run) -> float | None:
        if asked.convoy is None:
            begin_s, end_s = run.window(asked)
            rows = [
                row
                for row in run.arrived(asked.origin, asked.portion)
                if (second := began_s(row)) is not None and begin_s <= second < end_s
            ]
        else:
            rows = _only(asked, run)
        return _median_of(map(duration_s, rows), asked)

    return read


def _hold_time(asked: Question, run: Run) -> float | None:
    """Read the median time that convoys with people stood at a place."""
    if asked.convoy is None:
        rows, (begin_s, end_s) = (
            run.convoys(asked.origin, asked.portion),
            run.window(asked),
        )
    else:
        rows, (begin_s, end_s) = _only(asked, run), (-_AT_LAST, _AT_LAST)
    names = {row.convoy for row in rows}
    first_s: dict[str, int] = {}
    stood_s: dict[str, int] = {}
    for hold in run.account.stood.get(asked.portion.place, ()):
        if hold.people and hold.convoy in names:
            first_s.setdefault(hold.convoy, hold.since_s)
            lasted_s = hold.until_s - hold.since_s
            stood_s[hold.convoy] = stood_s.get(hold.convoy, 0) + lasted_s
    return _median_of(
        (
            stood_s[name]
            for name, second in first_s.items()
            if begin_s <= second < end_s
        ),
        asked,
    )


def _only(asked: Question, run: Run) -> list[Passage]:
    """Return the convoy asked for, if it carries anybody of the group asked for."""
    row = run.convoy(asked)
    sites = sites_in(asked.origin)
    return [row] if row is not None and asked.portion.has(row, sites) else []


def _median_of(durations: Iterable[int | None], asked: Question) -> float | None:
    known = [time_s for time_s in durations if time_s is not None]
    return median(known) / asked.unit_s if known else None


def _left(row: Passage) -> int | None:
    return row.departed_s


def _set_out(row: Passage) -> int | None:
    return row.boarded_s


def _trip_time(row: Passage) -> int | None:
    return _lasted(row.departed_s, row.arrived_s)


def _journey_time(row: Passage) -> int | None:
    return _lasted(row.boarded_s, row.arrived_s)


def _cycle_time(row: Passage) -> int | None:
    return _lasted(row.formed_s, row.relieved_s)


def _lasted(begins_s: int | None, ends_s: int | None) -> int | None:
    return None if begins_s is None or ends_s is None else ends_s - begins_s


def _hours(moments_s: Sequence[int]) -> float | None:
    return moments_s[0] / SECONDS_PER_HOUR if moments_s else None


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "convoy_people": _convoy_people,
        "convoy_vehicles": _convoy_vehicles,
        "first_arrival": _first(countings.people_arrived),
        "last_arrival": _last(countings.people_arrived),
        "first_crossing": _first(countings.vehicles_crossed),
        "last_crossing": _last(countings.vehicles_crossed),
        "people_per_vehicle": _people_per_vehicle,
        "trip_time": _median(_left, _trip_time),
        "journey_time": _median(_set_out, _journey_time),
        "hold_time": _hold_time,
        "cycle_time": _median(_left, _cycle_time),
    }
)
"""How the other metrics of `vocabulary.MEANINGS` are read."""
