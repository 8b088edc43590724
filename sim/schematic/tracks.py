"""Where each convoy was from when on: what its events say, and nothing in between.

Between two events a convoy that is on a way is taken to drive evenly; the log says no
more. Between places that touch it takes no time, so that it leaps from one to the next.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sim.events import Event, Kind, Reason, RunLog
from sim.events.reasons import NO_REASON
from sim.scenario import Operation
from sim.scenario.detours import routes_of
from sim.schematic.network import Hop, Network

_BY_GROUP = frozenset({Kind.ASSIGNED, Kind.RETURNED, Kind.ARRIVED})
"""Events that count people of a group, not those aboard."""
_TAKES_OUT = frozenset({Kind.UNACCOUNTED, Kind.LIVES_LOST, Kind.SET_DOWN})
_NO_PLACE = frozenset({Kind.COUNTED, Kind.ON_FOOT})
_WAITS = frozenset({Kind.HELD, Kind.DETAINED, Kind.QUEUED})


class Whereabouts(NamedTuple):
    """Where a convoy is from a second on.

    Attributes
    ----------
    path : the node at which it stands; or the nodes by which it drives until its next
        stand, the last of them then; nothing once it is gone.
    people : aboard.
    kind : of the event that this follows from.
    cause, reason : why it stands, as its events say.
    """

    time_s: int
    path: tuple[str, ...]
    people: int
    vehicles: int
    kind: Kind
    cause: str = ""
    reason: Reason = NO_REASON

    @property
    def waits(self) -> bool:
        """Whether it stands although it might go on."""
        return self.kind in _WAITS


class Track(NamedTuple):
    """A convoy and where it was, in time order; of one second only the last."""

    convoy: str
    flow: str
    stands: tuple[Whereabouts, ...]


def tracks(log: RunLog, operation: Operation, network: Network) -> tuple[Track, ...]:
    """Return where every convoy of a run was, and every part of one."""
    events: dict[str, list[Event]] = {}
    for event in log.events:
        if event.convoy and event.kind not in _NO_PLACE:
            events.setdefault(event.convoy, []).append(event)
    hops: dict[str, Sequence[Hop]] = {}
    found = []
    for convoy, own in events.items():
        flow = own[0].flow
        if flow not in hops:
            routes = routes_of(operation, flow)
            hops[flow] = [hop for route in routes for hop in network.hops[route]]
        follows = _Follows(own, hops[flow], network)
        stands = tuple(_last_of_each_second(follows.stands()))
        if stands:
            found.append(Track(convoy, flow, stands))
    return tuple(found)


class _Follows:
    """Follows one convoy from event to event."""

    def __init__(
        self,
        events: Sequence[Event],
        hops: Sequence[Hop],
        network: Network,
    ) -> None:
        self._events = events
        self._hops = hops
        self._network = network
        self._here = self._begin()
        self._people = 0
        self._is_turned = False

    def stands(self) -> Iterator[Whereabouts]:
        """Yield where it is, one event after the other."""
        for number, event in enumerate(self._events):
            self._count(event)
            if event.kind is Kind.DEPARTED:
                yield self._drives(event, self._end_of(event, number))
            elif event.kind is Kind.TURNED_BACK:
                self._is_turned = True
                yield self._drives(event, self._back_to(number))
            elif event.kind is Kind.RELIEVED or not event.vehicles:
                yield self._at(event, ())
                return
            elif event.kind is not Kind.RETURNED or self._is_turned:
                if event.kind is not Kind.FORMED:
                    self._here = self._node_of(event.place)
                yield self._at(event, (self._here,))

    def _node_of(self, place: str) -> str:
        """Return the node of a place: of a leg, before which it stands, where it is."""
        place = self._network.boarding.get(place, place)
        return place if place in self._network.nodes else self._here

    def _at(self, event: Event, path: tuple[str, ...]) -> Whereabouts:
        return Whereabouts(
            event.time_s,
            path,
            self._people,
            event.vehicles,
            event.kind,
            event.cause,
            event.reason,
        )

    def _drives(self, event: Event, there: str) -> Whereabouts:
        path = self._network.path(self._here, there)
        self._here = there
        return self._at(event, path)

    def _count(self, event: Event) -> None:
        """Keep count of the people aboard, which events say in several ways."""
        if event.kind is Kind.PARTED:
            self._people += event.people
        elif event.kind in _TAKES_OUT:
            self._people -= event.people
        elif event.kind is Kind.ARRIVED:
            self._people = 0
        elif event.kind not in _BY_GROUP:
            self._people = event.people

    def _begin(self) -> str:
        """Return where it is formed: where its first event after that happens."""
        for event in self._events:
            if event.kind is Kind.FORMED:
                continue
            if event.kind is not Kind.DEPARTED:
                return event.place
            begins = [hop.begin for hop in self._hops if hop.leg == event.place]
            empty = [
                hop.begin
                for hop in self._hops
                if hop.leg == event.place and hop.is_empty != bool(event.people)
            ]
            return (empty or begins or [self._events[0].place])[0]
        return self._events[0].place

    def _end_of(self, event: Event, number: int) -> str:
        """Return where the leg ends on which it sets out.

        As its routes have it, and if they do not, where it is next.
        """
        legs = [hop for hop in self._hops if hop.leg == event.place]
        laden = [hop for hop in legs if hop.is_empty == (event.people == 0)]
        for hop in (*laden, *legs):
            if hop.begin == self._here:
                return hop.end
        for hop in legs:
            if hop.end == self._here:
                return hop.begin
        return next(self._places_after(number), self._here)

    def _back_to(self, number: int) -> str:
        return next(self._places_after(number), self._here)

    def _places_after(self, number: int) -> Iterator[str]:
        return (
            event.place
            for event in self._events[number + 1 :]
            if event.place in self._network.nodes and event.place != self._here
        )


def _last_of_each_second(stands: Iterator[Whereabouts]) -> Iterator[Whereabouts]:
    last = next(stands, None)
    for stand in stands:
        if last is not None and stand.time_s > last.time_s:
            yield last
        last = stand
    if last is not None:
        yield last


def at_moment(track: Track, time_s: float) -> Whereabouts | None:
    """Return the stand that holds at a moment; None before a convoy is formed."""
    before = [stand for stand in track.stands if stand.time_s <= time_s]
    return before[-1] if before else None
