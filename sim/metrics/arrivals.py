"""Who arrived when, who is still inside, and when so many percent had come out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeVar

from sim.events import Kind, Row, RunLog
from sim.metrics.curves import Curve

Key = TypeVar("Key")

_TO_LEAVE = {Kind.STARTED: 1, Kind.JOINED: 1, Kind.STAYED: -1}
_INSIDE = {
    Kind.STARTED: 1,
    Kind.JOINED: 1,
    Kind.RETURNED: 1,
    Kind.ASSIGNED: -1,
}
_UNDER_WAY = {
    Kind.STARTED: 1,
    Kind.JOINED: 1,
    Kind.STAYED: -1,
    Kind.ARRIVED: -1,
    Kind.UNACCOUNTED: -1,
    Kind.LIVES_LOST: -1,
}


_COUNTS = frozenset(_TO_LEAVE.keys() | _INSIDE.keys() | _UNDER_WAY.keys())


Arrival = tuple[int, str, str, str, int]
"""Second, flow, site where they arrived, group and people."""


class CountedPeople(NamedTuple):
    """The rows of a log that count people by group, with what else is needed here.

    Whoever asks several of the functions below can give them this in place of the
    log, of which it is a small part.
    """

    rows: Sequence[Row]
    origins: Mapping[str, str]
    apart: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, log: RunLog) -> "CountedPeople":
        """Return that part of a log."""
        return cls(
            [row for row in log.rows if row[1] in _COUNTS], log.origins, log.apart
        )


def people_to_leave(log: RunLog | CountedPeople) -> dict[tuple[str, str], int]:
    """Return the people who are to leave, by (site, group).

    Who was there or has come, less who stays.
    """
    leaving: dict[tuple[str, str], int] = {}
    for _, kind, place, _, _, group, people, *_ in log.rows:
        sign = _TO_LEAVE.get(kind)
        if sign:
            key = (place, group)
            leaving[key] = leaving.get(key, 0) + sign * people
    return leaving


def every_arrival(log: RunLog | CountedPeople) -> list[Arrival]:
    """Return every arrival of people evacuated, oldest first."""
    arrived, apart, origins = Kind.ARRIVED, log.apart, log.origins
    return [
        (row[0], row[3], row[2], row[5], row[6])
        for row in log.rows
        if row[1] is arrived and not (apart and (origins[row[3]], row[5]) in apart)
    ]


def arrivals_by_origin(log: RunLog | CountedPeople) -> dict[str, Curve]:
    """Return the cumulative arrivals of each site of origin [people].

    Of people evacuated.
    """
    changes: dict[str, list[tuple[int, int]]] = {o: [] for o in log.origins.values()}
    for time_s, flow, _, _, people in every_arrival(log):
        changes[log.origins[flow]].append((time_s, people))
    return {origin: Curve.of_changes(steps) for origin, steps in changes.items()}


def arrivals_by_group(log: RunLog | CountedPeople) -> dict[tuple[str, str], Curve]:
    """Return the cumulative arrivals of each (site of origin, group) [people]."""
    return _arrivals(log, lambda flow, group: (log.origins[flow], group))


def daily(curve: Curve, day_starts_s: Sequence[int]) -> tuple[int, ...]:
    """Return how much a curve rises each day.

    Parameters
    ----------
    curve : cumulative.
    day_starts_s : second at which each local day begins, rising, as from
        `Clock.day_starts`. What comes before the first is left out; put the start of
        the operation in front if that is in the middle of a day.

    Returns
    -------
    tuple
        One number a day. What happens in the first second of a day belongs to that
        day; the last day has no end.
    """
    levels = [*(curve.before(start_s) for start_s in day_starts_s), curve.last]
    return tuple(after - before for before, after in pairwise(levels))


def still_inside(log: RunLog | CountedPeople) -> dict[tuple[str, str], Curve]:
    """Return the people at their site by (site, group), those who stay included."""
    return _balance(log, _INSIDE)


def not_yet_arrived(log: RunLog | CountedPeople) -> dict[tuple[str, str], Curve]:
    """Return the people at their site or aboard, by (site, group).

    Those who stay, are unaccounted for or lost their lives are left out.
    """
    return _balance(log, _UNDER_WAY)


def total(curves: Iterable[Curve]) -> Curve:
    """Return the sum of curves."""
    changes = [
        (time_s, after - before)
        for curve in curves
        for time_s, before, after in zip(
            curve.times_s, (0, *curve.totals), curve.totals, strict=False
        )
    ]
    return Curve.of_changes(sorted(changes))


def _arrivals(
    log: RunLog | CountedPeople, key: Callable[[str, str], Key]
) -> dict[Key, Curve]:
    """Return cumulative arrivals by what `key` makes of flow and group."""
    arrived = Kind.ARRIVED
    changes: dict[Key, list[tuple[int, int]]] = {}
    for time_s, _, _, flow, _, group, people, *_ in [
        row for row in log.rows if row[1] is arrived
    ]:
        changes.setdefault(key(flow, group), []).append((time_s, people))
    return {name: Curve.of_changes(steps) for name, steps in changes.items()}


def _balance(
    log: RunLog | CountedPeople, signs: Mapping[Kind, int]
) -> dict[tuple[str, str], Curve]:
    """Return, by (site, group), the people who came less those who went."""
    changes: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for time_s, kind, place, flow, _, group, people, *_ in log.rows:
        sign = signs.get(kind)
        if sign:
            site = log.origins[flow] if flow else place
            changes.setdefault((site, group), []).append((time_s, sign * people))
    return {key: Curve.of_changes(steps) for key, steps in changes.items()}
