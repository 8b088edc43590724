"""What became of each convoy: when it left, turned back, arrived, with whom."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sim.events import Kind, RunLog, Trip


@dataclass
class Passage:
    """One trip of a convoy, as an observer at the roadside would tell it.

    Times are seconds after the operation starts, None if it did not happen.

    Attributes
    ----------
    fleets : where the vehicles of each fleet stand in the trip, fleet after fleet.
    kinds : of each fleet.
    apart : groups that are nobody evacuated.
    boarded_s : when the last vehicle was full, and it set out with people.
    departed_s : when it crossed its first gate with people aboard.
    departed : aboard at that crossing, by group.
    aboard : now, by group, while the log is read.
    carried : groups of which anybody was ever told off to it.
    gate : that first gate.
    arrived_s : when the last vehicle was empty at the destination.
    arrived : people who arrived, by group.
    turned_back_s : when it was turned back with people aboard.
    turned_back_people : aboard at that moment; like all totals without those of groups
        that are nobody evacuated.
    unaccounted, lives_lost : people who neither arrived nor returned.
    lost_s : when vehicles were first destroyed.
    """

    convoy: str
    flow: str
    origin: str
    trip: Trip | None
    fleets: Mapping[str, slice]
    kinds: Mapping[str, str]
    apart: frozenset[str] = frozenset()
    formed_s: int | None = None
    relieved_s: int | None = None
    boarded_s: int | None = None
    departed_s: int | None = None
    departed: dict[str, int] = field(default_factory=dict)
    aboard: dict[str, int] = field(default_factory=dict)
    carried: set[str] = field(default_factory=set)
    gate: str = ""
    arrived_s: int | None = None
    arrived: dict[str, int] = field(default_factory=dict)
    turned_back_s: int | None = None
    turned_back_people: int = 0
    unaccounted: int = 0
    lives_lost: int = 0
    lost_s: int | None = None

    @property
    def departed_people(self) -> int:
        """People aboard at the first crossing."""
        return self.evacuees(self.departed)

    @property
    def people(self) -> int:
        """People who arrived."""
        return self.evacuees(self.arrived)

    def evacuees(self, people: Mapping[str, int]) -> int:
        """Return how many of these, by group, are people evacuated."""
        whole = sum(people.values())
        return whole - sum(people.get(group, 0) for group in self.apart)

    @cached_property
    def vehicles(self) -> Mapping[str, int]:
        """Vehicles by kind, without those destroyed."""
        counts: dict[str, int] = {}
        for fleet, place in self.fleets.items():
            kind = self.kinds[fleet]
            counts[kind] = counts.get(kind, 0) + place.stop - place.start
        if self.trip is not None and self.trip.fates:
            return dict(Counter(counts) - self.lost_vehicles)
        return counts

    @property
    def lost_vehicles(self) -> Counter[str]:
        """Vehicles by kind that were destroyed."""
        if self.trip is None or not self.trip.fates:
            return Counter()
        return Counter(
            self.kinds[self.trip.fleets[position]]
            for position, fate in self.trip.fates.items()
            if fate == "lost"
        )

    def loads(self, kind: str) -> list[int]:
        """Return the people in each vehicle of a kind that carried anybody."""
        if self.trip is None:
            return []
        return [
            load
            for fleet, load in zip(self.trip.fleets, self.trip.loads, strict=True)
            if load and self.kinds[fleet] == kind
        ]


def _crossed(row: Passage, time_s: int, place: str, _: str, people: int) -> None:
    if people and row.departed_s is None:
        row.departed_s, row.gate = time_s, place
        row.departed = dict(row.aboard)


def _assigned(row: Passage, _: int, __: str, group: str, people: int) -> None:
    row.aboard[group] = row.aboard.get(group, 0) + people
    if people > 0:
        row.carried.add(group)


def _boarded(row: Passage, time_s: int, _: str, __: str, people: int) -> None:
    if people and row.boarded_s is None:
        row.boarded_s = time_s


def _left(row: Passage, _: int, __: str, group: str, people: int) -> None:
    row.aboard[group] = row.aboard.get(group, 0) - people


def _arrived(row: Passage, time_s: int, _: str, group: str, people: int) -> None:
    row.aboard[group] = row.aboard.get(group, 0) - people
    if people:
        row.arrived_s = time_s
        row.arrived[group] = row.arrived.get(group, 0) + people


def _unaccounted(row: Passage, _: int, __: str, group: str, people: int) -> None:
    row.aboard[group] = row.aboard.get(group, 0) - people
    row.unaccounted += people if group not in row.apart else 0


def _lives_lost(row: Passage, _: int, __: str, group: str, people: int) -> None:
    row.aboard[group] = row.aboard.get(group, 0) - people
    row.lives_lost += people if group not in row.apart else 0


def _formed(row: Passage, time_s: int, *_: object) -> None:
    row.formed_s = time_s


def _relieved(row: Passage, time_s: int, *_: object) -> None:
    row.relieved_s = time_s


def _turned_back(row: Passage, time_s: int, _: str, __: str, people: int) -> None:
    if people and row.turned_back_s is None:
        row.turned_back_s = time_s
        row.turned_back_people = row.evacuees(row.aboard) if row.apart else people


def _lost(row: Passage, time_s: int, *_: object) -> None:
    if row.lost_s is None:
        row.lost_s = time_s


_NOTES: Mapping[Kind, Callable[[Passage, int, str, str, int], None]] = {
    Kind.CROSSED: _crossed,
    Kind.ASSIGNED: _assigned,
    Kind.PARTED: _assigned,
    Kind.BOARDED: _boarded,
    Kind.ARRIVED: _arrived,
    Kind.RETURNED: _left,
    Kind.SET_DOWN: _left,
    Kind.UNACCOUNTED: _unaccounted,
    Kind.LIVES_LOST: _lives_lost,
    Kind.FORMED: _formed,
    Kind.RELIEVED: _relieved,
    Kind.TURNED_BACK: _turned_back,
    Kind.LOST: _lost,
}
"""What a second, place, group and people say about a convoy; most kinds say nothing."""


def passages(log: RunLog) -> tuple[Passage, ...]:
    """Return what became of every convoy, in the order they appear in the log.

    What a convoy did before a part went on without the others, the part has done too,
    with its own people and vehicles.
    """
    trips = {trip.convoy: trip for trip in log.trips}
    known: dict[str, Passage] = {}
    noted = [row for row in log.rows if row[1] in _NOTES and row[4]]
    for time_s, kind, place, flow, convoy, group, people, *_ in noted:
        row = known.get(convoy)
        if row is None:
            origin, trip = log.origins[flow], trips.get(convoy)
            fleets = {} if trip is None else _fleets(trip)
            row = Passage(
                *(convoy, flow, origin, trip, fleets, log.kinds),
                frozenset(group for site, group in log.apart if site == origin),
            )
            known[convoy] = row
        if kind is Kind.PARTED and people > 0:
            _share(known[whole_of(convoy)], row, group, people)
        _NOTES[kind](row, time_s, place, group, people)
    return tuple(known.values())


def whole_of(part: str) -> str:
    """Return the convoy that a part was of until it went on."""
    return part.rpartition(".")[0]


def _share(whole: Passage, part: Passage, group: str, people: int) -> None:
    part.formed_s, part.boarded_s = whole.formed_s, whole.boarded_s
    if whole.departed_s is not None:
        part.departed_s, part.gate = whole.departed_s, whole.gate
        _move(whole.departed, part.departed, group, people)


def _move(whole: dict[str, int], part: dict[str, int], group: str, people: int) -> None:
    whole[group] -= people
    part[group] = part.get(group, 0) + people


Crossing = tuple[int, dict[str, int]]
"""Second, and who was aboard by group."""
_ABOARD = {
    Kind.ASSIGNED: 1,
    Kind.PARTED: 1,
    Kind.RETURNED: -1,
    Kind.ARRIVED: -1,
    Kind.UNACCOUNTED: -1,
    Kind.LIVES_LOST: -1,
    Kind.SET_DOWN: -1,
    Kind.PARTED: 1,
}


def crossings(log: RunLog) -> dict[str, dict[str, Crossing]]:
    """Return when convoys with people first crossed each gate, by gate and convoy.

    A part has crossed what its convoy had crossed, with its own people.
    """
    aboard: dict[str, dict[str, int]] = {}
    found: dict[str, dict[str, Crossing]] = {}
    for time_s, kind, place, _, convoy, group, people, *_ in log.rows:
        if kind in _ABOARD and convoy:
            riding = aboard.setdefault(convoy, {})
            riding[group] = riding.get(group, 0) + _ABOARD[kind] * people
            if kind is Kind.PARTED and people > 0:
                for of_gate in found.values():
                    if (whole := of_gate.get(whole_of(convoy))) is not None:
                        part = of_gate.setdefault(convoy, (whole[0], {}))
                        _move(whole[1], part[1], group, people)
        elif kind is Kind.CROSSED and people:
            crossing = time_s, dict(aboard[convoy])
            found.setdefault(place, {}).setdefault(convoy, crossing)
    return found


def _fleets(trip: Trip) -> dict[str, slice]:
    names, since = trip.fleets, 0
    places = {}
    while since < len(names):
        until = since + names.count(names[since])
        places[names[since]] = slice(since, until)
        since = until
    return places


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


def vehicles_lost(rows: Sequence[Passage]) -> Counter[str]:
    """Return the vehicles destroyed, by kind."""
    some = (row.lost_vehicles for row in rows if row.trip and row.trip.fates)
    return sum(some, Counter())
