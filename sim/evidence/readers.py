"""One reader for each documented metric: what it is, asked of one run."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from math import isnan
from statistics import median
from types import MappingProxyType
from typing import NamedTuple

from sim.evidence import countings
from sim.evidence.countings import of_kind
from sim.evidence.questions import Counting, Question, Run
from sim.metrics.convoys import Passage, arrived
from sim.metrics.fleet import people_per_vehicle


class Reading(NamedTuple):
    """What one run says about a figure, in the figure's unit.

    Moments are hours after the operation starts. `low` and `high` differ only if the
    figure is vague about when it holds.
    """

    low: float
    high: float


Reader = Callable[[Question, Run], Reading | None]


def _as_of(counting: Counting) -> Reader:
    """Read a count at the earliest and latest moment, less what came before."""

    def read(asked: Question, run: Run) -> Reading:
        curve = run.curve(counting, asked)
        base = 0 if asked.since_s is None else curve.before(asked.since_s)
        first, last = asked.from_s, asked.to_s
        return _between(
            (curve.last if first is None else curve.at(first)) - base,
            (curve.last if last is None else curve.at(last)) - base,
        )

    return read


def _in_window(counting: Counting) -> Reader:
    """Read what is counted in a window, its end exclusive."""

    def read(asked: Question, run: Run) -> Reading:
        curve = run.curve(counting, asked)
        begin = asked.from_s if asked.since_s is None else asked.since_s
        base = curve.before(begin or 0)
        first = asked.to_s if asked.since_s is None else asked.from_s
        last = asked.to_s
        return _between(
            (curve.last if first is None else curve.before(first)) - base,
            (curve.last if last is None else curve.before(last)) - base,
        )

    return read


def _first(counting: Counting) -> Reader:
    """Read the first moment at which something is counted."""

    def read(asked: Question, run: Run) -> Reading | None:
        moments_s = run.curve(counting, asked).times_s
        begin = asked.from_s if asked.since_s is None else asked.since_s
        return _hours(moments_s[bisect_left(moments_s, begin or 0) :][:1])

    return read


def _last(counting: Counting) -> Reader:
    """Read the last moment at which something is counted."""

    def read(asked: Question, run: Run) -> Reading | None:
        moments_s = run.curve(counting, asked).times_s
        if asked.since_s is None:
            return _hours(moments_s[-1:])
        end = run.account.log.horizon_s if asked.to_s is None else asked.to_s
        first = bisect_left(moments_s, asked.since_s)
        return _hours(moments_s[first : bisect_left(moments_s, end)][-1:])

    return read


def _convoy_people(asked: Question, run: Run) -> Reading | None:
    convoy = run.convoy(asked)
    if convoy is None:
        return None
    group = asked.part
    return _exactly(convoy.arrived.get(group, 0) if group else convoy.people)


def _convoy_vehicles(asked: Question, run: Run) -> Reading | None:
    convoy = run.convoy(asked)
    return None if convoy is None else _exactly(of_kind(convoy.vehicles, asked.part))


def _people_per_vehicle(asked: Question, run: Run) -> Reading | None:
    mean = people_per_vehicle(run.departed(asked), asked.part)
    return None if isnan(mean) else _exactly(mean)


def _median(duration_s: Callable[[Passage], int | None]) -> Reader:
    """Read the median over the convoys that arrived, in the figure's unit."""

    def read(asked: Question, run: Run) -> Reading | None:
        if asked.convoy is None:
            rows = arrived(run.departed(asked))
        else:
            only = run.convoy(asked)
            rows = [only] if only else []
        durations = [time_s for row in rows if (time_s := duration_s(row)) is not None]
        return _exactly(median(durations) / asked.unit_s if durations else None)

    return read


def _trip_time(row: Passage) -> int | None:
    return _lasted(row.departed_s, row.arrived_s)


def _cycle_time(row: Passage) -> int | None:
    return _lasted(row.formed_s, row.relieved_s)


def _lasted(begins_s: int | None, ends_s: int | None) -> int | None:
    return None if begins_s is None or ends_s is None else ends_s - begins_s


def _between(one: int, other: int) -> Reading:
    if one > other:
        one, other = other, one
    return Reading(float(one), float(other))


def _exactly(value: float | None) -> Reading | None:
    return None if value is None else Reading(float(value), float(value))


def _hours(moments_s: Sequence[int]) -> Reading | None:
    return _exactly(moments_s[0] / 3600 if moments_s else None)


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "cumulative_arrivals": _as_of(countings.people_arrived),
        "cumulative_departures": _as_of(countings.people_departed),
        "arrivals_between": _in_window(countings.people_arrived),
        "vehicles_crossed_between": _in_window(countings.vehicles_crossed),
        "vehicles_arrived_between": _in_window(countings.vehicles_arrived),
        "convoys_arrived": _as_of(countings.convoys_arrived),
        "convoy_people": _convoy_people,
        "convoy_vehicles": _convoy_vehicles,
        "still_inside": _as_of(countings.people_inside),
        "turned_back_people": _as_of(countings.people_turned_back),
        "first_arrival": _first(countings.people_arrived),
        "last_arrival": _last(countings.people_arrived),
        "first_crossing": _first(countings.vehicles_crossed),
        "last_crossing": _last(countings.vehicles_crossed),
        "people_per_vehicle": _people_per_vehicle,
        "trip_time": _median(_trip_time),
        "cycle_time": _median(_cycle_time),
        "vehicles_lost": _as_of(countings.vehicles_lost),
    }
)
"""How each metric of `vocabulary.MEANINGS` is read."""
