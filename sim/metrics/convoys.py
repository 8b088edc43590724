"""What became of each convoy: when it left, turned back, arrived, with whom."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sim.events import Event, Kind, RunLog, Trip


@dataclass
class Passage:
    """One trip of a convoy, as an observer at the roadside would tell it.

    Times are seconds after the operation starts, None if it did not happen.

    Attributes
    ----------
    departed_s : when it crossed its first gate with people aboard.
    departed : aboard at that crossing, by group.
    aboard : now, by group, while the log is read.
    gate : that first gate.
    arrived_s : when the last vehicle was empty at the destination.
    arrived : people who arrived, by group.
    turned_back_s : when it was turned back with people aboard.
    turned_back_people : aboard at that moment.
    unaccounted : people who neither arrived nor returned.
    lost_s : when vehicles were first destroyed.
    """

    convoy: str
    flow: str
    origin: str
    trip: Trip | None
    kinds: Mapping[str, str]
    formed_s: int | None = None
    relieved_s: int | None = None
    departed_s: int | None = None
    departed: dict[str, int] = field(default_factory=dict)
    aboard: dict[str, int] = field(default_factory=dict)
    gate: str = ""
    arrived_s: int | None = None
    arrived: dict[str, int] = field(default_factory=dict)
    turned_back_s: int | None = None
    turned_back_people: int = 0
    unaccounted: int = 0
    lost_s: int | None = None

    @property
    def departed_people(self) -> int:
        """People aboard at the first crossing."""
        return sum(self.departed.values())

    @property
    def people(self) -> int:
        """People who arrived."""
        return sum(self.arrived.values())

    @cached_property
    def vehicles(self) -> Counter[str]:
        """Vehicles by kind, without those destroyed."""
        return self._count(lost=False)

    @property
    def lost_vehicles(self) -> Counter[str]:
        """Vehicles by kind that were destroyed."""
        return self._count(lost=True)

    def loads(self, kind: str) -> list[int]:
        """Return the people in each vehicle of a kind that carried anybody."""
        if self.trip is None:
            return []
        return [
            load
            for fleet, load in zip(self.trip.fleets, self.trip.loads, strict=True)
            if load and self.kinds[fleet] == kind
        ]

    def _count(self, *, lost: bool) -> Counter[str]:
        if self.trip is None:
            return Counter()
        fleets, fates = self.trip.fleets, self.trip.fates
        if fates:
            fleets = [
                fleet
                for position, fleet in enumerate(fleets)
                if (fates.get(position) == "lost") is lost
            ]
        elif lost:
            return Counter()
        return Counter(map(self.kinds.__getitem__, fleets))


def _crossed(row: Passage, event: Event) -> None:
    if event.people and row.departed_s is None:
        row.departed_s, row.gate = event.time_s, event.place
        row.departed = dict(row.aboard)


def _assigned(row: Passage, event: Event) -> None:
    row.aboard[event.group] = row.aboard.get(event.group, 0) + event.people


def _left(row: Passage, event: Event) -> None:
    row.aboard[event.group] = row.aboard.get(event.group, 0) - event.people


def _arrived(row: Passage, event: Event) -> None:
    _left(row, event)
    if event.people:
        row.arrived_s = event.time_s
        row.arrived[event.group] = row.arrived.get(event.group, 0) + event.people


def _unaccounted(row: Passage, event: Event) -> None:
    _left(row, event)
    row.unaccounted += event.people


def _formed(row: Passage, event: Event) -> None:
    row.formed_s = event.time_s


def _relieved(row: Passage, event: Event) -> None:
    row.relieved_s = event.time_s


def _turned_back(row: Passage, event: Event) -> None:
    if event.people and row.turned_back_s is None:
        row.turned_back_s, row.turned_back_people = event.time_s, event.people


def _lost(row: Passage, event: Event) -> None:
    if row.lost_s is None:
        row.lost_s = event.time_s


_NOTES: Mapping[Kind, Callable[[Passage, Event], None]] = {
    Kind.CROSSED: _crossed,
    Kind.ASSIGNED: _assigned,
    Kind.ARRIVED: _arrived,
    Kind.RETURNED: _left,
    Kind.UNACCOUNTED: _unaccounted,
    Kind.FORMED: _formed,
    Kind.RELIEVED: _relieved,
    Kind.TURNED_BACK: _turned_back,
    Kind.LOST: _lost,
}
"""What an event says about its convoy; most kinds say nothing."""


def passages(log: RunLog) -> tuple[Passage, ...]:
    """Return what became of every convoy, in the order they appear in the log."""
    trips = {trip.convoy: trip for trip in log.trips}
    known: dict[str, Passage] = {}
    for event in log.events:
        note = _NOTES.get(event.kind)
        name = event.convoy
        if note is None or not name:
            continue
        row = known.get(name)
        if row is None:
            origin = log.origins[event.flow]
            row = Passage(name, event.flow, origin, trips.get(name), log.kinds)
            known[name] = row
        note(row, event)
    return tuple(known.values())


def of_origin(rows: Sequence[Passage], origin: str) -> list[Passage]:
    """Return the convoys that carry people of one site."""
    return [row for row in rows if row.origin == origin]


def arrived(rows: Sequence[Passage]) -> list[Passage]:
    """Return the convoys that arrived with people, first to arrive first."""
    return sorted(
        (row for row in rows if row.arrived_s is not None),
        key=lambda row: (row.arrived_s, row.convoy),
    )


def departed(rows: Sequence[Passage], since_s: int, until_s: int) -> list[Passage]:
    """Return the convoys that left with people in a window, first to leave first.

    A convoy that was turned back later has left too and is in the list; its
    `turned_back_s` says so.

    Parameters
    ----------
    rows : convoys, in any order.
    since_s, until_s : seconds after the operation starts; the end is exclusive.
    """
    return sorted(
        (
            row
            for row in rows
            if row.departed_s is not None and since_s <= row.departed_s < until_s
        ),
        key=lambda row: (row.departed_s, row.convoy),
    )


def turned_back(rows: Sequence[Passage]) -> list[Passage]:
    """Return the convoys that were turned back with people aboard."""
    return [row for row in rows if row.turned_back_s is not None]


def vehicles_by_kind(rows: Sequence[Passage]) -> Counter[str]:
    """Return the vehicles of convoys by kind, without those destroyed."""
    return sum((row.vehicles for row in rows), Counter())


def vehicles_lost(rows: Sequence[Passage]) -> Counter[str]:
    """Return the vehicles destroyed, by kind."""
    some = (row.lost_vehicles for row in rows if row.trip and row.trip.fates)
    return sum(some, Counter())
