"""When convoys stood before a closed gate or waited for another side."""

from typing import NamedTuple

from sim.events import Cause, Event, Kind, Reason, RunLog

_STANDS = frozenset({Kind.HELD, Kind.DETAINED})
_LEAVES_IT_STANDING = frozenset(
    {Kind.LOST, Kind.UNACCOUNTED, Kind.ASSIGNED, Kind.COUNTED}
)


class Hold(NamedTuple):
    """A convoy, loaded or empty, that stood for one reason.

    Attributes
    ----------
    convoy, flow : which.
    place : gate or checkpoint.
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


def holds(log: RunLog) -> tuple[Hold, ...]:
    """Return all holds and detentions of a run, first to begin first.

    One that lasts at the end of the run ends with it; one that is over in the same
    second is left out.
    """
    open_holds: dict[str, Event] = {}
    ended: list[tuple[Event, int]] = []
    for event in log.events:
        kind = event.kind
        if not event.convoy or kind in _LEAVES_IT_STANDING:
            continue
        if event.convoy in open_holds:
            ended.append((open_holds.pop(event.convoy), event.time_s))
        if kind in _STANDS:
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


def _cause(event: Event) -> str:
    """Return the cause of a hold; for an empty convoy the log has the reason only."""
    if event.cause:
        return event.cause
    if event.kind is Kind.DETAINED:
        return Cause.DETENTION
    return Cause.AGREEMENT if event.reason.agreement else Cause.STOPPAGE
