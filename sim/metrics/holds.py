"""When convoys came to a place, and when they stood there and for what."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sim.events import Cause, Event, Kind, Reason, ReasonKind, RunLog
from sim.metrics.convoys import whole_of

HELD = frozenset({Kind.HELD, Kind.DETAINED})
"""Events after which a convoy stands although it might go on."""
WAITS = HELD | {Kind.QUEUED}
"""The same, or stands in line for a bay, for a lane or at a stage of another kind."""
_ENTERS = frozenset(
    {Kind.AT_SITE, Kind.REACHED, Kind.CROSSED, Kind.CLEARED, Kind.DEPARTED}
)
_LEAVES_IT_STANDING = frozenset(
    {
        Kind.LOST,
        Kind.UNACCOUNTED,
        Kind.LIVES_LOST,
        Kind.SET_DOWN,
        Kind.ASSIGNED,
        Kind.COUNTED,
    }
)


class Hold(NamedTuple):
    """A convoy, loaded or empty, that stood for one reason.

    Attributes
    ----------
    convoy, flow : which.
    place : gate or checkpoint; of one in line, also a site.
    since_s, until_s : seconds after the operation starts; the end is exclusive.
    cause, reason : why; the stoppage, or the agreement and what it waits for.
    people : aboard.
    """

    convoy: str
    flow: str
    place: str
    since_s: int
    until_s: int
    cause: str
    reason: Reason
    people: int


def holds(log: RunLog, after: Collection[Kind] = HELD) -> tuple[Hold, ...]:
    """Return all holds and detentions of a run, first to begin first.

    One that lasts at the end of the run ends with it; one that is over in the same
    second is left out.

    Parameters
    ----------
    log : of one run.
    after : events after which a convoy stands: `HELD`, or `WAITS` for lines as well.
    """
    open_holds: dict[str, Event] = {}
    ended: list[tuple[Event, int]] = []
    for event in log.events:
        kind = event.kind
        if not event.convoy or kind in _LEAVES_IT_STANDING:
            continue
        if event.convoy in open_holds:
            ended.append((open_holds.pop(event.convoy), event.time_s))
        if kind in after:
            open_holds[event.convoy] = event
    ended.extend((event, log.horizon_s) for event in open_holds.values())
    return tuple(
        sorted(
            (
                Hold(
                    began.convoy,
                    began.flow,
                    began.place,
                    began.time_s,
                    until_s,
                    _cause(began),
                    began.reason,
                    began.people,
                )
                for began, until_s in ended
                if until_s > began.time_s
            ),
            key=lambda hold: (hold.since_s, hold.convoy),
        )
    )


def with_parts(found: Sequence[Hold], log: RunLog) -> tuple[Hold, ...]:
    """Return holds, and those of a convoy once more for each part that went on later.

    So each vehicle stood with the convoy or part that it is of at the end.

    Parameters
    ----------
    found : by `holds`.
    """
    by_convoy: dict[str, list[Hold]] = {}
    for hold in found:
        by_convoy.setdefault(hold.convoy, []).append(hold)
    for part, (whole, parted_s, people) in _parts(log).items():
        before = [
            hold._replace(convoy=part, people=people if hold.people else 0)
            for hold in by_convoy.get(whole, ())
            if hold.since_s < parted_s
        ]
        by_convoy[part] = before + by_convoy.get(part, [])
    every = (hold for own in by_convoy.values() for hold in own)
    return tuple(sorted(every, key=lambda hold: (hold.since_s, hold.convoy)))


def _parts(log: RunLog) -> dict[str, tuple[str, int, int]]:
    """Return of each part the convoy that it was of, when it went on [s], and people.

    Parts come after the convoys that they are of.
    """
    found: dict[str, tuple[str, int, int]] = {}
    for time_s, kind, _, _, convoy, _, people, *_ in log.rows:
        if kind is Kind.PARTED and people > 0:
            _, _, aboard = found.get(convoy, ("", 0, 0))
            found[convoy] = whole_of(convoy), time_s, aboard + people
    return found


def _cause(event: Event) -> str:
    """Return the cause of a hold; for an empty convoy the log has the reason only."""
    if event.cause:
        return event.cause
    if event.kind is Kind.DETAINED:
        return Cause.DETENTION
    if event.kind is Kind.QUEUED:
        return Cause.QUEUE
    if event.reason.kind is ReasonKind.OUTSIDE_HOURS:
        return Cause.OUTSIDE_HOURS
    return Cause.AGREEMENT if event.reason.agreement else Cause.STOPPAGE


def entered(log: RunLog) -> dict[str, dict[str, int]]:
    """Return when convoys, loaded or empty, first came to a place, by place [s].

    They come to a site when they stand there, to a leg when they set out on it, and
    through a gate, a checkpoint or a stage of another kind when it lets them go on.
    A part has come where its convoy had come.
    """
    places: dict[str, dict[str, int]] = {}
    for time_s, kind, place, _, convoy, *_ in log.rows:
        if kind in _ENTERS and convoy:
            places.setdefault(place, {}).setdefault(convoy, time_s)
        elif kind is Kind.PARTED:
            for came_s in places.values():
                if (whole_s := came_s.get(whole_of(convoy))) is not None:
                    came_s.setdefault(convoy, whole_s)
    return places
