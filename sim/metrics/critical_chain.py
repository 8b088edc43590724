"""The chain of events that decided when the last people arrived.

It is followed back from the last arrival: through the trip of that convoy to when it
was formed, from there through what the people waited for at their site, and where that
was a free vehicle, through the trip of the convoy whose vehicles came free. So every
second from the start to the last arrival is charged to exactly one thing, and what is
not in the chain could have been quicker without anybody arriving earlier, as long as
all else happens as it did.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sim.events import NO_REASON, Cause, Kind, Reason, Row, RunLog
from sim.metrics.convoys import Passage, passages, whole_of
from sim.metrics.obstacles import Obstacle, obstacle
from sim.metrics.spans import stretches

_CAUSE_OF_EMPTY = {
    Kind.FORMED: Cause.ROAD,
    Kind.DEPARTED: Cause.ROAD,
    Kind.TURNED_BACK: Cause.ROAD,
    Kind.DETAINED: Cause.DETENTION,
    Kind.QUEUED: Cause.QUEUE,
    Kind.INSPECTED: Cause.INSPECTION,
    Kind.BOARDING: Cause.BOARDING,
    Kind.UNLOADING: Cause.UNLOADING,
    Kind.ARRIVED: Cause.ROAD,
}
"""What the time of an empty convoy is charged to, which the log leaves out."""


class Link(NamedTuple):
    """A stretch of the chain in which one thing was waited for.

    Attributes
    ----------
    since_s, until_s : seconds after the operation starts; the end is exclusive.
    convoy : whose trip it is; empty for people who wait at their site.
    place : where.
    cause, reason : why, and who or what stood in the way.
    """

    since_s: int
    until_s: int
    convoy: str
    place: str
    cause: str
    reason: Reason

    @property
    def obstacle(self) -> Obstacle:
        """What was waited for."""
        return obstacle(self.cause, self.place, self.reason)


def critical_chain(log: RunLog, origin: str = "") -> tuple[Link, ...]:
    """Return the chain of the last arrival in a run, oldest link first.

    Parameters
    ----------
    log : of one run.
    origin : site that the people started from; any if empty.

    Returns
    -------
    tuple
        Without a gap from second 0 to the last arrival; empty if nobody arrived.
    """
    rows = passages(log)
    ends = {
        (row.last_of[origin] if origin else row.arrived_s or 0, row.convoy): row
        for row in rows
        if (origin in row.last_of if origin else row.arrived_s is not None)
    }
    if not ends:
        return ()
    last = max(ends)
    links = [*_ChainFollower(log, rows).back(ends[last], last[0])]
    return tuple(_joined(links[::-1]))


def time_by_obstacle(chain: Sequence[Link]) -> dict[Obstacle, int]:
    """Return how long a chain waited for what [s], longest first; sums to its end."""
    found: dict[Obstacle, int] = {}
    for link in chain:
        to = link.obstacle
        found[to] = found.get(to, 0) + link.until_s - link.since_s
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _joined(links: Sequence[Link]) -> Iterator[Link]:
    """Yield links, those that say the same one after the other as one."""
    present: Link | None = None
    for link in links:
        if link.since_s == link.until_s:
            continue
        if present is not None and present[2:] == link[2:]:
            present = present._replace(until_s=link.until_s)
            continue
        if present is not None:
            yield present
        present = link
    if present is not None:
        yield present


class _ChainFollower:
    """Follows a chain back through a log."""

    def __init__(self, log: RunLog, rows: Sequence[Passage]) -> None:
        self._trips = _rows_by_convoy(log)
        self._crowds = _waits_at_sites(log)
        self._relieved = sorted(
            (row.relieved_s, row.convoy, row)
            for row in rows
            if row.relieved_s is not None and row.formed_s is not None
        )

    def back(self, passage: Passage | None, until_s: int) -> Iterator[Link]:
        """Yield the links of a convoy up to a second, and of what came before, back."""
        while passage is not None:
            yield from self._trip(passage, until_s)
            links, passage, until_s = self._before(passage)
            yield from links

    def _trip(self, passage: Passage, until_s: int) -> Iterator[Link]:
        """Yield what a convoy did from when it was formed up to a second, backwards."""
        links, now = [], passage.formed_s or 0
        why = ("", str(Cause.ROAD), NO_REASON)
        for row in self._trips[passage.convoy]:
            second = min(max(row[0], now), until_s)
            links.append(Link(now, second, passage.convoy, *why))
            now, why = second, _why(row, why)
        links.append(Link(now, until_s, passage.convoy, *why))
        yield from reversed(links)

    def _before(self, passage: Passage) -> tuple[list[Link], Passage | None, int]:
        """Return what was waited for before a convoy was formed, backwards.

        Up to the trip of the vehicles that were waited for, if there was one, with the
        second at which they came free.
        """
        now, links = passage.formed_s or 0, []
        fleets = set(passage.fleets)
        for since_s, until_s, why in reversed(self._waits_of(passage)):
            if since_s >= now:
                continue
            if until_s < now:  # nobody waited here: the people came later
                links.append(Link(until_s, now, "", passage.origin, *_NOBODY))
                now = until_s
            if why[1] == Cause.NO_VEHICLE:
                found = self._came_free(fleets, since_s, now)
                if found is not None:
                    free_s, other = found
                    links.append(Link(free_s, now, "", *why))
                    return links, other, free_s
            links.append(Link(since_s, now, "", *why))
            now = since_s
        if now:
            links.append(Link(0, now, "", passage.origin, *_NOBODY))
        return links, None, 0

    def _waits_of(
        self, passage: Passage
    ) -> list[tuple[int, int, tuple[str, str, Reason]]]:
        """Return what the largest group of a convoy waited for at its site.

        Of people whom it took on where it was formed, or if there are none, of those
        whom it picked up on its way.
        """
        carried = passage.arrived or passage.departed
        own = {who: n for who, n in carried.items() if who[0] == passage.origin}
        own = own or dict(carried)
        if not own:
            return []
        return self._crowds.get(max(own, key=lambda who: (own[who], who)), [])

    def _came_free(
        self, fleets: set[str], since_s: int, until_s: int
    ) -> tuple[int, Passage] | None:
        """Return the last convoy of some fleets that came free in a stretch of time."""
        for free_s, _, row in reversed(self._relieved):
            if (
                since_s < free_s <= until_s
                and (row.formed_s or 0) < until_s
                and not fleets.isdisjoint(row.fleets)
            ):
                return free_s, row
        return None


_NOBODY = str(Cause.NOT_BEGUN), NO_REASON


def _why(row: Row, before: tuple[str, str, Reason]) -> tuple[str, str, Reason]:
    """Return what a convoy does after an event."""
    _, kind, place, _, _, _, _, _, cause, reason, *_ = row
    if cause:
        return place, cause, reason
    if kind is Kind.HELD:
        if reason.agreement:
            return place, str(Cause.AGREEMENT), reason
        of_stoppage = Cause.STOPPAGE if reason.stoppage else Cause.OUTSIDE_HOURS
        return place, str(of_stoppage), reason
    empty = _CAUSE_OF_EMPTY.get(kind)
    return before if empty is None else (place, str(empty), reason)


def _rows_by_convoy(log: RunLog) -> Mapping[str, Sequence[Row]]:
    """Return the events of every convoy; of a part, first those of its convoy."""
    found: dict[str, list[Row]] = {}
    for row in log.rows:
        convoy = row[4]
        if not convoy:
            continue
        if convoy not in found:
            parted = row[1] is Kind.PARTED
            found[convoy] = [*found.get(whole_of(convoy), ())] if parted else []
        found[convoy].append(row)
    return found


def _waits_at_sites(
    log: RunLog,
) -> Mapping[tuple[str, str], list[tuple[int, int, tuple[str, str, Reason]]]]:
    """Return what each group waited for at its site, in the order of time."""
    found: dict[tuple[str, str], list[tuple[int, int, tuple[str, str, Reason]]]] = {}
    for since_s, until_s, convoy, (place, cause, reason, _), waited in stretches(log):
        if convoy or cause == Cause.NOT_READY:
            continue
        for who, _ in waited:
            found.setdefault(who, []).append((since_s, until_s, (place, cause, reason)))
    for each in found.values():
        each.sort(key=lambda stretch: stretch[:2])
    return found
