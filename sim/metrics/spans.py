"""Who waited where, from when to when, and why: the log as spans of time.

This is the one place that knows how causes in the log apply to people. Waiting
times are sums of these spans, explanations are lists of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sim.events import NO_REASON, Cause, Kind, Reason, Row, RunLog

UNCHARGED = "uncharged"
"""Stands for the cause of time for which the log names none; a gap in the model."""


class Charge(NamedTuple):
    """What a stretch of waiting is booked under.

    Attributes
    ----------
    origin : site where the people started.
    group : of people.
    place : where they waited.
    cause, reason : why, and who or what stood in the way.
    held : whether they sat in a convoy that was held or detained.
    """

    origin: str
    group: str
    place: str
    cause: str
    reason: Reason
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


Who = tuple[str, str]
"""Site of origin and group."""
Why = tuple[str, str, Reason, bool]
"""Place, cause, reason and held."""
PlainCharge = tuple[str, str, str, str, Reason, bool]
"""Who and why: the fields of `Charge`."""
Stretch = tuple[int, int, str, Why, tuple[tuple[Who, int], ...]]
"""Since, until, convoy, why, and how many of whom: the spans of people who waited
together. A log is read as these, because to make every span takes longer than all the
rest of the reading."""


@dataclass(slots=True)
class _Crowd:
    """People of one group who wait at their site."""

    since_s: int
    why: Why
    people: int = 0


@dataclass(slots=True)
class _Load:
    """People aboard one convoy; `carried` is what `aboard` says, for stretches."""

    since_s: int
    why: Why
    aboard: dict[Who, int] = field(default_factory=dict)
    carried: tuple[tuple[Who, int], ...] = ()


_OF_THE_SITE = frozenset(
    {Kind.STARTED, Kind.JOINED, Kind.STAYED, Kind.NOT_READY, Kind.READY, Kind.WAITING}
)
_COMES_ABOARD = frozenset({Kind.ASSIGNED, Kind.PARTED, Kind.ON_FOOT})
"""People come to a convoy, or to those who go on foot from it."""
_BY_GROUP = _COMES_ABOARD | {
    Kind.RETURNED,
    Kind.ARRIVED,
    Kind.UNACCOUNTED,
    Kind.LIVES_LOST,
    Kind.SET_DOWN,
}
_STANDS: Mapping[Kind, bool | None] = {
    Kind.HELD: True,
    Kind.DETAINED: True,
    Kind.LOST: None,
    Kind.COUNTED: None,
    **dict.fromkeys(_BY_GROUP),
}
"""Whether a convoy is held after an event, None if the event does not say; after any
other it is not."""
_AT_SITE: Mapping[Kind, int] = {
    Kind.STARTED: 1,
    Kind.JOINED: 1,
    Kind.STAYED: -1,
    Kind.NOT_READY: -1,
    Kind.READY: 1,
    Kind.ASSIGNED: -1,
    Kind.RETURNED: 1,
}
"""Whether an event brings people to the crowd at a site or takes them from it."""
_WAITING = Kind.WAITING
_NOT_READY: Mapping[Kind, int] = {Kind.NOT_READY: 1, Kind.READY: -1, Kind.STAYED: -1}
"""The same of those there who are not ready to leave."""


class _Follower:
    """Reads the rows of a log and closes a stretch whenever something changes."""

    def __init__(self) -> None:
        self._crowds: dict[Who, _Crowd] = {}
        self._not_ready: dict[Who, _Crowd] = {}
        self._loads: dict[str, _Load] = {}
        self.closed: list[Stretch] = []

    def read(self, rows: Iterable[Row]) -> None:
        """Apply rows, oldest first."""
        loads, closed = self._loads, self.closed
        for row in rows:
            now_s, kind, place, _, convoy, _, _, _, cause, reason, _, _, _ = row
            if not convoy:
                if kind in _OF_THE_SITE:
                    self._read_site(row)
                continue
            load = loads.get(convoy)
            if load is None:
                load = loads[convoy] = _Load(
                    now_s, (place, UNCHARGED, NO_REASON, False)
                )
            stands = _STANDS.get(kind, False)
            if stands is None and kind in _BY_GROUP:
                self._count(load, row)
            if cause:
                why = (place, cause, reason, bool(stands))
            elif stands is None or stands is load.why[3]:
                continue
            else:
                why = (*load.why[:3], stands)
            # What `_close` does, written out because most rows come here.
            if load.carried and load.since_s != now_s:
                closed.append((load.since_s, now_s, convoy, load.why, load.carried))
            load.since_s, load.why = now_s, why

    def finish(self, horizon_s: int) -> None:
        """Close what is still open at the end of the run."""
        for crowds in (self._crowds, self._not_ready):
            for who in crowds:
                self._move(who, 0, horizon_s, crowds)
        for convoy, load in self._loads.items():
            self._close(convoy, load, horizon_s)

    def _read_site(self, row: Row) -> None:
        now_s, kind, site, _, _, group, people, _, cause, reason, *_ = row
        who, of_ready = (site, group), _AT_SITE.get(kind, 0)
        if kind in _NOT_READY and (kind is not Kind.STAYED or cause):
            of_others = _NOT_READY[kind] * people
            others = self._move(who, of_others, now_s, self._not_ready)
            others.why = (site, Cause.NOT_READY, NO_REASON, False)
            of_ready *= kind is not Kind.STAYED
        crowd = self._move(who, of_ready * people, now_s, self._crowds)
        if kind is _WAITING:
            crowd.why = (site, cause or UNCHARGED, reason, False)

    def _count(self, load: _Load, row: Row) -> None:
        """Move people between the crowd, the convoy and the places it serves."""
        now_s, kind, site, _, convoy, group, people, *_, origin = row
        if load.carried and load.since_s != now_s:
            self._close(convoy, load, now_s)
        load.since_s = now_s
        at_site = _AT_SITE.get(kind, 0)
        who, aboard = (origin, group), load.aboard
        boards = kind in _COMES_ABOARD
        riders = aboard.get(who, 0) + (people if boards else -people)
        if riders:
            aboard[who] = riders
        else:
            aboard.pop(who, None)
            if not aboard and not boards:
                load.why = (load.why[0], UNCHARGED, NO_REASON, False)
        load.carried = tuple(aboard.items())
        if at_site:
            self._move((site, group), at_site * people, now_s, self._crowds)

    def _move(
        self, who: Who, people: int, now_s: int, crowds: dict[Who, _Crowd]
    ) -> _Crowd:
        """Close the stretch of a crowd and let people join it, or leave if negative."""
        crowd = crowds.get(who)
        if crowd is None:
            crowd = crowds[who] = _Crowd(now_s, (who[0], UNCHARGED, NO_REASON, False))
        elif crowd.people and now_s > crowd.since_s:
            waited = ((who, crowd.people),)
            self.closed.append((crowd.since_s, now_s, "", crowd.why, waited))
        crowd.since_s = now_s
        crowd.people += people
        return crowd

    def _close(self, convoy: str, load: _Load, now_s: int) -> None:
        """Close the stretch of a convoy."""
        if load.carried and load.since_s != now_s:
            self.closed.append((load.since_s, now_s, convoy, load.why, load.carried))
        load.since_s = now_s


def stretches(log: RunLog) -> list[Stretch]:
    """Return all spans of a run, those of one convoy together, for sums over them.

    Every second of every person between the start and the arrival (or the loss from
    sight, or the horizon) lies in exactly one; people who stay by choice are in none
    from the moment that says so.
    """
    follower = _Follower()
    follower.read(log.rows)
    follower.finish(log.horizon_s)
    return follower.closed


def spans(log: RunLog) -> Iterator[Span]:
    """Return all spans of a run; see `stretches`."""
    for since_s, until_s, convoy, why, waited in stretches(log):
        for who, people in waited:
            yield Span(since_s, until_s, people, convoy, Charge(*(who + why)))
