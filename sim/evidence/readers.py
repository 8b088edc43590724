"""One reader for each documented metric: what it is, asked of one run."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from statistics import median
from types import MappingProxyType
from typing import NamedTuple

from sim.evidence.figures import Figure
from sim.evidence.vocabulary import SECONDS_PER_UNIT
from sim.metrics.arrivals import total
from sim.metrics.convoys import Passage, arrived, arrived_as, departed
from sim.metrics.curves import Curve
from sim.metrics.fleet import people_per_vehicle


class Reading(NamedTuple):
    """What one run says about a figure, in the figure's unit.

    Moments are hours after the operation starts. `low` and `high` differ only if the
    figure is vague about when it holds.
    """

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Run:
    """What the figures of one run share."""

    arrivals: Mapping[tuple[str, str], Curve]
    inside: Mapping[tuple[str, str], Curve]
    convoys: tuple[Passage, ...]
    origins: frozenset[str]
    horizon_s: int


@dataclass(frozen=True, slots=True)
class Question:
    """One figure, asked of one run.

    Attributes
    ----------
    rows : convoys of the figure's site.
    selected : what its `select` says.
    since_s, from_s, to_s : seconds after the operation starts; None if empty.
    """

    figure: Figure
    run: Run
    rows: list[Passage]
    selected: Mapping[str, str]
    since_s: int | None
    from_s: int | None
    to_s: int | None

    def kind_of(self, vehicles: Mapping[str, int]) -> int:
        """Return how many vehicles are of the kind asked for; all if none is."""
        kind = self.selected.get("kind")
        return vehicles.get(kind, 0) if kind else sum(vehicles.values())

    def by_group(self, curves: Mapping[tuple[str, str], Curve]) -> Curve:
        """Return the curve of the group asked for; of all groups if none is."""
        group = self.selected.get("group")
        return total(
            curve
            for (site, name), curve in curves.items()
            if site == self.figure.origin and group in {None, name}
        )

    def convoy(self) -> Passage | None:
        """Return the convoy asked for: the n-th to arrive since `since`."""
        since_s = self.since_s or 0
        rows = [row for row in arrived(self.rows) if (row.arrived_s or 0) >= since_s]
        return arrived_as(rows, int(self.selected["convoy"]))

    def first(self, moments_s: Sequence[int]) -> Reading | None:
        """Return the first moment of those asked about."""
        begin = self.from_s if self.since_s is None else self.since_s
        return _hours([s for s in moments_s if s >= (begin or 0)][:1])

    def last(self, moments_s: Sequence[int]) -> Reading | None:
        """Return the last moment of those asked about."""
        if self.since_s is None:
            return _hours(moments_s[-1:])
        end = self.run.horizon_s if self.to_s is None else self.to_s
        return _hours([s for s in moments_s if self.since_s <= s < end][-1:])

    def in_window(self) -> list[Passage]:
        """Return the convoys that left in the window, or by its end if it is a point.

        Without a window all that left.
        """
        begin = self.from_s if self.since_s is None else self.since_s
        end = self.run.horizon_s if self.to_s is None else self.to_s
        if begin is None or begin >= end:
            begin = min(0, end)
        return departed(self.rows, begin, end)


Reader = Callable[[Question], Reading | None]


def _counted(curve: Curve, asked: Question) -> Reading:
    """Return a count at the earliest and latest moment, less what came before."""
    base = 0 if asked.since_s is None else curve.before(asked.since_s)
    ends = [
        curve.last - base if moment is None else curve.at(moment) - base
        for moment in (asked.from_s, asked.to_s)
    ]
    return Reading(float(min(ends)), float(max(ends)))


def _counted_between(curve: Curve, asked: Question) -> Reading:
    """Return what is counted in a window, its end exclusive."""
    begin = asked.from_s if asked.since_s is None else asked.since_s
    base = curve.before(begin or 0)
    earliest = asked.to_s if asked.since_s is None else asked.from_s
    ends = [
        curve.last - base if moment is None else curve.before(moment) - base
        for moment in (earliest, asked.to_s)
    ]
    return Reading(float(min(ends)), float(max(ends)))


def _exactly(value: float | None) -> Reading | None:
    return None if value is None else Reading(float(value), float(value))


def _curve(steps: Iterable[tuple[int | None, int]]) -> Curve:
    """Return the cumulative count of steps that happened."""
    happened = [(time_s, count) for time_s, count in steps if time_s is not None]
    return Curve.of_changes(sorted(happened))


def _arrivals(asked: Question) -> Curve:
    return asked.by_group(asked.run.arrivals)


def _departures(asked: Question) -> Curve:
    group = asked.selected.get("group")
    return _curve(
        (row.departed_s, row.departed.get(group, 0) if group else row.departed_people)
        for row in asked.rows
    )


def _vehicles_crossed(asked: Question) -> Curve:
    return _curve((row.departed_s, asked.kind_of(row.vehicles)) for row in asked.rows)


def _vehicles_arrived(asked: Question) -> Curve:
    return _curve((row.arrived_s, asked.kind_of(row.vehicles)) for row in asked.rows)


def _convoys_arrived(asked: Question) -> Curve:
    return _curve((row.arrived_s, 1) for row in asked.rows)


def _turned_back_people(asked: Question) -> Curve:
    return _curve((row.turned_back_s, row.turned_back_people) for row in asked.rows)


def _vehicles_lost(asked: Question) -> Curve:
    return _curve((row.lost_s, asked.kind_of(row.lost_vehicles)) for row in asked.rows)


def _still_inside(asked: Question) -> Curve:
    return asked.by_group(asked.run.inside)


CURVES: Mapping[str, Callable[[Question], Curve]] = MappingProxyType(
    {
        "cumulative_arrivals": _arrivals,
        "cumulative_departures": _departures,
        "arrivals_between": _arrivals,
        "vehicles_crossed_between": _vehicles_crossed,
        "vehicles_arrived_between": _vehicles_arrived,
        "convoys_arrived": _convoys_arrived,
        "turned_back_people": _turned_back_people,
        "vehicles_lost": _vehicles_lost,
        "still_inside": _still_inside,
    }
)
"""The curve that each counting metric is read from."""


def _count(name: str) -> Reader:
    return lambda asked: _counted(CURVES[name](asked), asked)


def _count_between(name: str) -> Reader:
    return lambda asked: _counted_between(CURVES[name](asked), asked)


def _convoy_people(asked: Question) -> Reading | None:
    convoy = asked.convoy()
    if convoy is None:
        return None
    group = asked.selected.get("group")
    return _exactly(convoy.arrived.get(group, 0) if group else convoy.people)


def _convoy_vehicles(asked: Question) -> Reading | None:
    convoy = asked.convoy()
    return None if convoy is None else _exactly(asked.kind_of(convoy.vehicles))


def _arrival_moments(asked: Question) -> tuple[int, ...]:
    return asked.by_group(asked.run.arrivals).times_s


def _crossing_moments(asked: Question) -> tuple[int, ...]:
    steps = [(row.departed_s, asked.kind_of(row.vehicles)) for row in asked.rows]
    return _curve(steps).times_s


def _first(moments_s: Callable[[Question], Sequence[int]]) -> Reader:
    return lambda asked: asked.first(moments_s(asked))


def _last(moments_s: Callable[[Question], Sequence[int]]) -> Reader:
    return lambda asked: asked.last(moments_s(asked))


def _hours(moments_s: Sequence[int]) -> Reading | None:
    return _exactly(moments_s[0] / 3600 if moments_s else None)


def _people_per_vehicle(asked: Question) -> Reading | None:
    mean = people_per_vehicle(asked.in_window(), asked.selected["kind"])
    return None if isnan(mean) else _exactly(mean)


def _median_duration(
    asked: Question, duration_s: Callable[[Passage], int | None]
) -> Reading | None:
    """Return the median over the convoys that arrived, in the figure's unit."""
    if "convoy" in asked.selected:
        only = asked.convoy()
        rows = [only] if only else []
    else:
        rows = arrived(asked.in_window())
    durations = [time_s for row in rows if (time_s := duration_s(row)) is not None]
    unit_s = SECONDS_PER_UNIT[asked.figure.unit]
    return _exactly(median(durations) / unit_s if durations else None)


def _trip_time(asked: Question) -> Reading | None:
    return _median_duration(asked, lambda row: _between(row.departed_s, row.arrived_s))


def _cycle_time(asked: Question) -> Reading | None:
    return _median_duration(asked, lambda row: _between(row.formed_s, row.relieved_s))


def _between(begins_s: int | None, ends_s: int | None) -> int | None:
    return None if begins_s is None or ends_s is None else ends_s - begins_s


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "cumulative_arrivals": _count("cumulative_arrivals"),
        "cumulative_departures": _count("cumulative_departures"),
        "arrivals_between": _count_between("arrivals_between"),
        "vehicles_crossed_between": _count_between("vehicles_crossed_between"),
        "vehicles_arrived_between": _count_between("vehicles_arrived_between"),
        "convoys_arrived": _count("convoys_arrived"),
        "convoy_people": _convoy_people,
        "convoy_vehicles": _convoy_vehicles,
        "still_inside": _count("still_inside"),
        "turned_back_people": _count("turned_back_people"),
        "first_arrival": _first(_arrival_moments),
        "last_arrival": _last(_arrival_moments),
        "first_crossing": _first(_crossing_moments),
        "last_crossing": _last(_crossing_moments),
        "people_per_vehicle": _people_per_vehicle,
        "trip_time": _trip_time,
        "cycle_time": _cycle_time,
        "vehicles_lost": _count("vehicles_lost"),
    }
)
"""How each metric of `vocabulary.MEANINGS` is read."""
