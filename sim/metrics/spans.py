"""Who waited where, from when to when, and why: the log as spans of time.

This is the one place that knows how causes in the log apply to people. Waiting
times are sums of these spans, explanations are lists of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from sim.events import Event, Kind, RunLog

UNCHARGED = "uncharged"
"""Stands for the cause of time for which the log names none; a gap in the model."""


class Charge(NamedTuple):
    """What a stretch of waiting is booked under.

    Attributes
    ----------
    origin : site where the people started.
    group : of people.
    place : where they waited.
    cause, by : why, and who or what stood in the way.
    held : whether they sat in a convoy that was held or detained.
    """

    origin: str
    group: str
    place: str
    cause: str
    by: str
    held: bool


class Span(NamedTuple):
    """A stretch of time in which nothing changed for some people.

    Attributes
    ----------
    since_s, until_s : seconds after the operation starts; the end is exclusive.
    people : how many, at least 1.
    convoy : that they are aboard, empty at a site.
    charge : what the time is booked under.
    """

    since_s: int
    until_s: int
    people: int
    convoy: str
    charge: Charge

    @property
    def person_seconds(self) -> int:
        """People times seconds."""
        return self.people * (self.until_s - self.since_s)


PlainCharge = tuple[str, str, str, str, str, bool]
PlainSpan = tuple[int, int, int, str, PlainCharge]
"""The fields of `Span` and `Charge`. A log is read as these, because making named
tuples takes as long as all the rest of the reading."""


@dataclass(slots=True)
class _Crowd:
    """People of one group who wait at their site."""

    since_s: int
    charge: PlainCharge
    people: int = 0


@dataclass(slots=True)
class _Load:
    """People aboard one convoy, by site of origin and group."""

    convoy: str
    since_s: int
    place: str
    cause: str = UNCHARGED
    by: str = ""
    held: bool = False
    aboard: dict[tuple[str, str], int] = field(default_factory=dict)


_STANDS = frozenset({Kind.HELD, Kind.DETAINED})
_OF_THE_SITE = frozenset({Kind.STARTED, Kind.STAYED, Kind.WAITING})
_COUNTED = frozenset({Kind.ASSIGNED, Kind.RETURNED, Kind.ARRIVED, Kind.UNACCOUNTED})
_SAYS_NOTHING_OF_MOVING = _COUNTED | {Kind.LOST}


class _Follower:
    """Reads events one by one and closes a span whenever something changes."""

    def __init__(self, log: RunLog) -> None:
        self._origins = log.origins
        self._crowds: dict[tuple[str, str], _Crowd] = {}
        self._loads: dict[str, _Load] = {}
        self.closed: list[PlainSpan] = []

    def read(self, event: Event) -> None:
        """Apply one event."""
        if event.kind in _OF_THE_SITE:
            self._read_site(event)
        elif event.convoy:
            self._read_convoy(event)

    def finish(self, horizon_s: int) -> None:
        """Close what is still open at the end of the run."""
        for crowd in self._crowds.values():
            self._close_crowd(crowd, horizon_s)
        for load in self._loads.values():
            self._close_load(load, horizon_s)

    def _crowd(self, site: str, group: str, now_s: int) -> _Crowd:
        """Return the crowd of a group, its span up to now closed."""
        crowd = self._crowds.get((site, group))
        if crowd is None:
            charge = (site, group, site, UNCHARGED, "", False)
            crowd = self._crowds[site, group] = _Crowd(now_s, charge)
        else:
            self._close_crowd(crowd, now_s)
        return crowd

    def _read_site(self, event: Event) -> None:
        crowd = self._crowd(event.place, event.group, event.time_s)
        if event.kind is Kind.WAITING:
            site, group = event.place, event.group
            cause = event.cause or UNCHARGED
            crowd.charge = (site, group, site, cause, event.by, False)
        elif event.kind is Kind.STARTED:
            crowd.people += event.people
        else:
            crowd.people -= event.people

    def _read_convoy(self, event: Event) -> None:
        load = self._loads.get(event.convoy)
        if load is None:
            load = self._loads[event.convoy] = _Load(
                event.convoy, event.time_s, event.place
            )
        kind = event.kind
        if kind in _COUNTED:
            self._close_load(load, event.time_s)
            self._count(load, event)
        if event.cause:
            self._close_load(load, event.time_s)
            load.place, load.cause, load.by = event.place, event.cause, event.by
            load.held = kind in _STANDS
        elif kind not in _SAYS_NOTHING_OF_MOVING and load.held is not (kind in _STANDS):
            self._close_load(load, event.time_s)
            load.held = kind in _STANDS

    def _count(self, load: _Load, event: Event) -> None:
        """Move people between the crowd, the convoy and the places it serves."""
        who = (self._origins[event.flow], event.group)
        boards = event.kind is Kind.ASSIGNED
        aboard = load.aboard.get(who, 0) + (event.people if boards else -event.people)
        load.aboard[who] = aboard
        if not aboard:
            del load.aboard[who]
            if not load.aboard and not boards:
                load.cause, load.by, load.held = UNCHARGED, "", False
        if boards:
            self._crowd(event.place, event.group, event.time_s).people -= event.people
        elif event.kind is Kind.RETURNED:
            self._crowd(event.place, event.group, event.time_s).people += event.people

    def _close_crowd(self, crowd: _Crowd, now_s: int) -> None:
        since_s = crowd.since_s
        crowd.since_s = now_s
        if crowd.people and now_s > since_s:
            self.closed.append((since_s, now_s, crowd.people, "", crowd.charge))

    def _close_load(self, load: _Load, now_s: int) -> None:
        since_s = load.since_s
        load.since_s = now_s
        if now_s == since_s:
            return
        convoy, place, held = load.convoy, load.place, load.held
        cause, by = load.cause, load.by
        for (origin, group), people in load.aboard.items():
            charge = (origin, group, place, cause, by, held)
            self.closed.append((since_s, now_s, people, convoy, charge))


def plain_spans(log: RunLog) -> list[PlainSpan]:
    """Return all spans of a run as plain tuples, for sums over many of them.

    Every second of every person between the start and the arrival (or the loss from
    sight, or the horizon) lies in exactly one span; people who stay by choice are in
    none from the moment that says so.
    """
    follower = _Follower(log)
    for event in log.events:
        follower.read(event)
    follower.finish(log.horizon_s)
    return follower.closed


def spans(log: RunLog) -> Iterator[Span]:
    """Return all spans of a run; see `plain_spans`."""
    for since_s, until_s, people, convoy, charge in plain_spans(log):
        yield Span(since_s, until_s, people, convoy, Charge(*charge))
