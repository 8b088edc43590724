"""Who arrived when, who is still inside, and when so many percent had come out."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from sim.events import Kind, Row, RunLog
from sim.metrics.curves import Curve

_TO_LEAVE = {Kind.STARTED: 1, Kind.JOINED: 1, Kind.STAYED: -1}
_INSIDE = {
    Kind.STARTED: 1,
    Kind.JOINED: 1,
    Kind.RETURNED: 1,
    Kind.ASSIGNED: -1,
}
_COUNTS = frozenset(
    {*_TO_LEAVE, *_INSIDE, Kind.ARRIVED, Kind.UNACCOUNTED, Kind.LIVES_LOST}
)


class Arrival(NamedTuple):
    """People of a group of a site who arrived.

    Attributes
    ----------
    place : site where they arrived.
    origin : site that they started from.
    """

    time_s: int
    flow: str
    place: str
    origin: str
    group: str
    people: int


class CountedPeople(NamedTuple):
    """The rows of a log that count people by group, with what else is needed here.

    Whoever asks several of the functions below can give them this in place of the
    log, of which it is a small part.
    """

    rows: Sequence[Row]
    leaving: Sequence[str]
    apart: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, log: RunLog) -> "CountedPeople":
        """Return that part of a log."""
        return cls(
            [row for row in log.rows if row[1] in _COUNTS], log.leaving, log.apart
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
    arrived, apart = Kind.ARRIVED, log.apart
    return [
        tuple.__new__(Arrival, (row[0], row[3], row[2], row[12], row[5], row[6]))
        for row in log.rows
        if row[1] is arrived and not (apart and (row[12], row[5]) in apart)
    ]


def arrivals_by_origin(log: RunLog | CountedPeople) -> dict[str, Curve]:
    """Return the cumulative arrivals of each site of origin [people].

    Of people evacuated.
    """
    changes: dict[str, list[tuple[int, int]]] = {site: [] for site in log.leaving}
    for time_s, _, _, origin, _, people in every_arrival(log):
        changes[origin].append((time_s, people))
    return {origin: Curve.of_changes(steps) for origin, steps in changes.items()}


def arrivals_by_group(log: RunLog | CountedPeople) -> dict[tuple[str, str], Curve]:
    """Return the cumulative arrivals of each (site of origin, group) [people]."""
    arrived = Kind.ARRIVED
    changes: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for time_s, _, _, _, _, group, people, *_, origin in [
        row for row in log.rows if row[1] is arrived
    ]:
        changes.setdefault((origin, group), []).append((time_s, people))
    return {who: Curve.of_changes(steps) for who, steps in changes.items()}


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


def _balance(
    log: RunLog | CountedPeople, signs: Mapping[Kind, int]
) -> dict[tuple[str, str], Curve]:
    """Return, by (site, group), the people who came less those who went."""
    changes: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for time_s, kind, place, _, _, group, people, *_, origin in log.rows:
        sign = signs.get(kind)
        if sign:
            site = origin or place
            changes.setdefault((site, group), []).append((time_s, sign * people))
    return {key: Curve.of_changes(steps) for key, steps in changes.items()}
