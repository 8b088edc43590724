"""Who is held in a deadlock at the end of a run, and by which chain."""

from collections.abc import Iterator
from typing import NamedTuple

from sim.events import Kind, Reason, RunLog

_ENDINGS = frozenset({Kind.DEADLOCK, Kind.UNFINISHED})


class ChainLink(NamedTuple):
    """A flow, and what keeps it.

    Attributes
    ----------
    flow : its name.
    cause, reason : of its waiting.
    """

    flow: str
    cause: str
    reason: Reason


Chain = tuple[ChainLink, ...]
"""Who waits for whom, from the people on."""


class Deadlock(NamedTuple):
    """People of one group who can arrive no more, since agreements wait in a circle.

    Attributes
    ----------
    site, group, people : who.
    chain : what they wait for, and what is behind that.
    """

    site: str
    group: str
    people: int
    chain: Chain


def deadlocks(log: RunLog) -> tuple[Deadlock, ...]:
    """Return every deadlock at the end of a run, as the run found them."""
    return tuple(_deadlocks(log))


def _deadlocks(log: RunLog) -> Iterator[Deadlock]:
    found: Deadlock | None = None
    for event in log.events:
        if event.kind in _ENDINGS:
            if found is not None:
                yield found
            found = None
            if event.kind is Kind.DEADLOCK:
                first = ChainLink(event.flow, event.cause, event.reason)
                found = Deadlock(event.place, event.group, event.people, (first,))
        elif event.kind is Kind.BEHIND and found is not None:
            link = ChainLink(event.flow, event.cause, event.reason)
            found = found._replace(chain=(*found.chain, link))
    if found is not None:
        yield found
