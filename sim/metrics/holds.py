"""When convoys stood before a closed gate or waited for another side."""

from typing import NamedTuple

from sim.events import Cause, Event, Kind, RunLog

WAITS_FOR = ": waits for "
"""Between the agreement and the side in the `by` of an event."""

_STANDS = frozenset({Kind.HELD, Kind.DETAINED})
_LEAVES_IT_STANDING = frozenset({Kind.LOST, Kind.UNACCOUNTED, Kind.ASSIGNED})


class Hold(NamedTuple):
    """A convoy, loaded or empty, that stood for one reason.

    Attributes
    ----------
    convoy, flow : which.
    place : gate or checkpoint.
    since_s, until_s : seconds after the operation starts; the end is exclusive.
    cause, by : why; the stoppage, or the agreement and what it waits for.
    people : aboard.
    """

    convoy: str
    flow: str
    place: str
    since_s: int
    until_s: int
    cause: str
    by: str
    people: int


def holds(log: RunLog) -> tuple[Hold, ...]:
    """Return all holds and detentions of a run, first to begin first.

    One that lasts at the end of the run ends with it; one that is over in the same
    second is left out.
    """
    standing: dict[str, Event] = {}
    ended: list[tuple[Event, int]] = []
    for event in log.events:
        kind = event.kind
        if not event.convoy or kind in _LEAVES_IT_STANDING:
            continue
        if event.convoy in standing:
            ended.append((standing.pop(event.convoy), event.time_s))
        if kind in _STANDS:
            standing[event.convoy] = event
    ended.extend((event, log.horizon_s) for event in standing.values())
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
                    began.by,
                    began.people,
                )
                for began, until_s in ended
                if until_s > began.time_s
            ),
            key=lambda hold: (hold.since_s, hold.convoy),
        )
    )


def _cause(event: Event) -> str:
    """Return the cause of a hold; for an empty convoy the log names only `by`."""
    if event.cause:
        return event.cause
    if event.kind is Kind.DETAINED:
        return Cause.DETENTION
    return Cause.AGREEMENT if ": " in event.by else Cause.STOPPAGE


def awaited_side(by: str) -> tuple[str, str] | None:
    """Return the agreement and the side that a cause names, None if it names none.

    Parameters
    ----------
    by : of an event, as `exchange: waits for villages`.
    """
    agreement, found, side = by.partition(WAITS_FOR)
    return (agreement, side) if found else None
