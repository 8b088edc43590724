"""Why a convoy or a group waited: its own time line, and that of who it waited for."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType
from typing import NamedTuple

from sim.events import Reason, ReasonKind, RunLog
from sim.metrics.holds import Hold, holds
from sim.metrics.spans import Span, spans

AgreementParties = Mapping[str, Mapping[str, Sequence[str]]]
"""The flows of each side, by agreement and side."""
_NO_AGREEMENTS: AgreementParties = MappingProxyType({})


class Line(NamedTuple):
    """What somebody waited for in a stretch of time.

    Attributes
    ----------
    depth : 0 for the convoy or group asked for; 1 for the side it waited for at that
        time, in the lines that follow; 2 for the side that one waited for, ...
    who : convoy, or site of a waiting crowd.
    since_s, until_s : seconds after the operation starts; the end is exclusive.
    place : where.
    cause, reason : why, and who or what stood in the way.
    people : waiting at the beginning; 0 for an empty convoy.
    person_seconds : waited in all.
    """

    depth: int
    who: str
    since_s: int
    until_s: int
    place: str
    cause: str
    reason: Reason
    people: int
    person_seconds: int


class Waited(NamedTuple):
    """How long a convoy or a group waited.

    Attributes
    ----------
    who : convoy, or group as `site/group`, while at its site.
    person_seconds : in all.
    longest : the line of the time line that cost most of them.
    """

    who: str
    person_seconds: int
    longest: Line


def everybody(log: RunLog) -> list[str]:
    """Return every convoy, and every group as `site/group`, of a run, each once."""
    convoys = dict.fromkeys(event.convoy for event in log.events if event.convoy)
    groups = dict.fromkeys(
        f"{event.place}/{event.group}"
        for event in log.events
        if event.group and not event.convoy
    )
    return [*convoys, *groups]


def longest_first(log: RunLog) -> list[Waited]:
    """Return all who waited, first whose longest wait cost most person-seconds."""
    lines: dict[str, list[Line]] = {}
    for span in spans(log):
        group = f"{span.charge.origin}/{span.charge.group}"
        own = lines.setdefault(span.convoy or group, [])
        own.append(_line_of(span, span.convoy or span.charge.origin))
    waited = [
        Waited(
            who,
            sum(map(_cost, own)),
            max(_joined(sorted(_combined(own), key=_by_time)), key=_cost),
        )
        for who, own in lines.items()
    ]
    return sorted(waited, key=lambda each: -_cost(each.longest))


def explain_convoy(
    log: RunLog, convoy: str, agreement_parties: AgreementParties = _NO_AGREEMENTS
) -> tuple[Line, ...]:
    """Return why the people of one convoy waited from boarding to the end of the trip.

    Parameters
    ----------
    log : of one run.
    convoy : its name in the log.
    agreement_parties : flows of each side of each agreement; waits for a side that is
        not in it are not followed.

    Returns
    -------
    tuple
        In time order. A line that waits for another side is followed by what that
        side was doing. Holds of the empty convoy are in it with no people.

    Raises
    ------
    ValueError
        If the log knows no such convoy.
    """
    known = {event.convoy for event in log.events if event.convoy}
    _check_known("convoy", convoy, known)
    history = _History(log, agreement_parties)
    own = _combined(
        [_line_of(span, convoy) for span in history.spans if span.convoy == convoy]
    )
    empty = [
        _line_of_hold(hold)
        for hold in history.holds
        if hold.convoy == convoy and not hold.people
    ]
    return history.followed(_joined(sorted([*own, *empty], key=_by_time)))


def explain_group(
    log: RunLog,
    site: str,
    group: str,
    agreement_parties: AgreementParties = _NO_AGREEMENTS,
) -> tuple[Line, ...]:
    """Return why people of one group waited at their site; not what befell them after.

    Parameters
    ----------
    log : of one run.
    site, group : where and who.
    agreement_parties : flows of each side of each agreement; waits for a side that is
        not in it are not followed.

    Returns
    -------
    tuple
        In time order. A line that waits for another side is followed by what that
        side was doing.

    Raises
    ------
    ValueError
        If the log knows no such site, or no such group there.
    """
    here = {event.place for event in log.events if event.group and not event.convoy}
    _check_known("site", site, here)
    known = {event.group for event in log.events if event.place == site and event.group}
    _check_known("group", group, known)
    history = _History(log, agreement_parties)
    own = [
        _line_of(span, site)
        for span in history.spans
        if not span.convoy and span.charge[:2] == (site, group)
    ]
    return history.followed(_joined(sorted(own, key=_by_time)))


def totals(lines: Iterable[Line]) -> dict[str, int]:
    """Return what an explanation adds up to, by cause [person-seconds].

    Only who was asked for counts, not those it waited for.
    """
    seconds: dict[str, int] = {}
    for line in lines:
        if not line.depth and line.person_seconds:
            seconds[line.cause] = seconds.get(line.cause, 0) + line.person_seconds
    return seconds


class _History:
    """The spans and holds of a run, and who the sides of its agreements are."""

    def __init__(self, log: RunLog, agreement_parties: AgreementParties) -> None:
        self.spans = tuple(spans(log))
        self.holds = holds(log)
        self._served = log.served
        self._parties = agreement_parties

    def followed(self, lines: Iterable[Line]) -> tuple[Line, ...]:
        """Return lines, each followed by what those it waits for were doing."""
        return tuple(self._follow(lines, frozenset()))

    def _follow(
        self, lines: Iterable[Line], path: frozenset[tuple[str, str]]
    ) -> list[Line]:
        told = []
        for line in lines:
            told.append(line)
            why = line.reason
            awaited = (why.agreement, why.side)
            # Two sides that wait for each other would be followed for ever.
            if why.kind is ReasonKind.WAITS_FOR_SIDE and awaited not in path:
                theirs = self._doing(*awaited, line)
                told.extend(self._follow(theirs, path | {awaited}))
        return told

    def _doing(self, agreement: str, side: str, line: Line) -> list[Line]:
        """Return what a side's crowds and held convoys did while somebody waited."""
        flows = self._parties.get(agreement, {}).get(side, ())
        crowds: dict[tuple[str, str], list[Line]] = {}
        for span in self.spans:
            site, group = span.charge.origin, span.charge.group
            here = site, group
            if not span.convoy and any(here in self._served[f] for f in flows):
                at_site = crowds.setdefault((site, group), [])
                at_site.extend(_clipped(_line_of(span, site), line))
        waiting = [found for lines in crowds.values() for found in _joined(lines)]
        held = [
            found
            for hold in self.holds
            if hold.flow in flows
            for found in _clipped(_line_of_hold(hold), line)
        ]
        found = sorted([*_combined(waiting), *held], key=_by_time)
        return [each._replace(depth=line.depth + 1) for each in found]


def _cost(line: Line) -> int:
    return line.person_seconds


def _line_of(span: Span, who: str) -> Line:
    return Line(
        0,
        who,
        span.since_s,
        span.until_s,
        span.charge.place,
        span.charge.cause,
        span.charge.reason,
        span.people,
        span.person_seconds,
    )


def _line_of_hold(hold: Hold) -> Line:
    return Line(
        0,
        hold.convoy,
        hold.since_s,
        hold.until_s,
        hold.place,
        hold.cause,
        hold.reason,
        hold.people,
        hold.people * (hold.until_s - hold.since_s),
    )


def _clipped(line: Line, window: Line) -> list[Line]:
    """Return the part of a line, whose people do not change, within another's time."""
    since_s = max(line.since_s, window.since_s)
    until_s = min(line.until_s, window.until_s)
    if since_s >= until_s:
        return []
    waited = line.people * (until_s - since_s)
    return [line._replace(since_s=since_s, until_s=until_s, person_seconds=waited)]


def _combined(lines: Iterable[Line]) -> list[Line]:
    """Return one line for groups that waited together for the same reason."""
    together: dict[tuple[str, int, int, str, str, Reason], Line] = {}
    for line in lines:
        key = line[1:7]
        before = together.get(key)
        together[key] = (
            line
            if before is None
            else before._replace(
                people=before.people + line.people,
                person_seconds=before.person_seconds + line.person_seconds,
            )
        )
    return list(together.values())


def _joined(lines: Iterable[Line]) -> list[Line]:
    """Return lines in time order with those made one that only people tell apart.

    Also if somebody of the same group waited for something else meanwhile.
    """
    joined: list[Line] = []
    last: dict[tuple[str, str, str, Reason], int] = {}
    for line in lines:
        place = last.get(_why(line))
        if place is not None and joined[place].until_s == line.since_s:
            before = joined[place]
            joined[place] = before._replace(
                until_s=line.until_s,
                person_seconds=before.person_seconds + line.person_seconds,
            )
        else:
            last[_why(line)] = len(joined)
            joined.append(line)
    return joined


def _why(line: Line) -> tuple[str, str, str, Reason]:
    return line.who, line.place, line.cause, line.reason


def _by_time(line: Line) -> tuple[int, int, str]:
    return line.since_s, line.until_s, line.who


def _check_known(what: str, name: str, known: set[str]) -> None:
    if name not in known:
        near = get_close_matches(name, known, n=3) or sorted(known)[:8]
        raise ValueError(f"no {what} {name!r} in this run; known: {', '.join(near)}")
