"""Who arrived when, who is still inside, and when so many percent had come out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeVar

from sim.events import Event, Kind, RunLog
from sim.metrics.curves import Curve

Key = TypeVar("Key")

_TO_LEAVE = {Kind.STARTED: 1, Kind.STAYED: -1}
_INSIDE = {
    Kind.STARTED: 1,
    Kind.RETURNED: 1,
    Kind.ASSIGNED: -1,
}
_UNDER_WAY = {
    Kind.STARTED: 1,
    Kind.STAYED: -1,
    Kind.ARRIVED: -1,
    Kind.UNACCOUNTED: -1,
}


_COUNTS = frozenset(_TO_LEAVE.keys() | _INSIDE.keys() | _UNDER_WAY.keys())


class Counted(NamedTuple):
    """The events of a log that count people by group, with what else is needed here.

    Whoever asks several of the functions below can give them this in place of the
    log, of which it is a small part.
    """

    events: Sequence[Event]
    origins: Mapping[str, str]

    @classmethod
    def of(cls, log: RunLog) -> "Counted":
        """Return that part of a log."""
        counted = [event for event in log.events if event.kind in _COUNTS]
        return cls(counted, log.origins)


def people_to_leave(log: RunLog | Counted) -> dict[tuple[str, str], int]:
    """Return the people who are to leave, by (site, group): started less stayed."""
    leaving: dict[tuple[str, str], int] = {}
    for event in log.events:
        sign = _TO_LEAVE.get(event.kind)
        if sign:
            key = (event.place, event.group)
            leaving[key] = leaving.get(key, 0) + sign * event.people
    return leaving


def arrivals_by_origin(log: RunLog | Counted) -> dict[str, Curve]:
    """Return the cumulative arrivals of each site of origin [people]."""
    curves = dict.fromkeys(log.origins.values(), Curve())
    return curves | _curves(_arrivals(log), lambda event: log.origins[event.flow])


def arrivals_by_flow(log: RunLog | Counted) -> dict[str, Curve]:
    """Return the cumulative arrivals of each flow [people]."""
    curves = dict.fromkeys(log.origins, Curve())
    return curves | _curves(_arrivals(log), lambda event: event.flow)


def arrivals_by_group(log: RunLog | Counted) -> dict[tuple[str, str], Curve]:
    """Return the cumulative arrivals of each (site of origin, group) [people]."""
    return _curves(_arrivals(log), lambda event: (log.origins[event.flow], event.group))


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


def still_inside(log: RunLog | Counted) -> dict[tuple[str, str], Curve]:
    """Return the people at their site by (site, group), those who stay included."""
    return _balance(log, _INSIDE)


def not_yet_arrived(log: RunLog | Counted) -> dict[tuple[str, str], Curve]:
    """Return the people at their site or aboard, by (site, group).

    Those who stay or are unaccounted for are left out.
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


def _arrivals(log: RunLog | Counted) -> list[Event]:
    arrived = Kind.ARRIVED
    return [event for event in log.events if event.kind is arrived]


def _curves(events: list[Event], key: Callable[[Event], Key]) -> dict[Key, Curve]:
    changes: dict[Key, list[tuple[int, int]]] = {}
    for event in events:
        changes.setdefault(key(event), []).append((event.time_s, event.people))
    return {name: Curve.of_changes(steps) for name, steps in changes.items()}


def _balance(
    log: RunLog | Counted, signs: dict[Kind, int]
) -> dict[tuple[str, str], Curve]:
    """Return, by (site, group), the people who came less those who went."""
    changes: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for event in log.events:
        sign = signs.get(event.kind)
        if sign:
            site = log.origins[event.flow] if event.flow else event.place
            steps = changes.setdefault((site, event.group), [])
            steps.append((event.time_s, sign * event.people))
    return {key: Curve.of_changes(steps) for key, steps in changes.items()}
