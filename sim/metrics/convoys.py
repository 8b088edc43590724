"""What became of each convoy: when it left, turned back, arrived, with whom."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sim.events import Kind, RunLog, Trip

Who = tuple[str, str]
"""Site of origin and group."""


@dataclass
class Passage:
    """One trip of a convoy, as an observer at the roadside would tell it.

    Times are seconds after the operation starts, None if it did not happen.

    Attributes
    ----------
    origin : site at which it boards first; it may pick people up elsewhere.
    fleets : where the vehicles of each fleet stand in the trip, fleet after fleet.
    kinds : of each fleet.
    apart : groups that are nobody evacuated, by site and name.
    boarded_s : when the last vehicle was full, and it set out with people.
    departed_s : when it crossed its first gate with people aboard.
    departed : aboard at that crossing, by origin and group.
    left : by site of origin, when its people first crossed a gate, and how many.
    aboard : now, by origin and group, while the log is read.
    carried : of whom anybody was ever told off to it.
    has_joined : whether anybody was since it crossed a gate.
    gate : that first gate.
    arrived_s : when the last vehicle was empty at the destination.
    arrived : people who arrived, by origin and group.
    last_of : when the last of them had, by site of origin.
    turned_back_s : when it was turned back with people aboard.
    turned_back : aboard at that moment, by origin and group.
    unaccounted, lives_lost : people who neither arrived nor returned, likewise.
    lost_s : when vehicles were first destroyed.
    """

    convoy: str
    flow: str
    origin: str
    trip: Trip | None
    fleets: Mapping[str, slice]
    kinds: Mapping[str, str]
    apart: frozenset[Who] = frozenset()
    formed_s: int | None = None
    relieved_s: int | None = None
    boarded_s: int | None = None
    departed_s: int | None = None
    departed: dict[Who, int] = field(default_factory=dict)
    left: dict[str, tuple[int, dict[Who, int]]] = field(default_factory=dict)
    aboard: dict[Who, int] = field(default_factory=dict)
    carried: set[Who] = field(default_factory=set)
    has_joined: bool = False
    gate: str = ""
    arrived_s: int | None = None
    arrived: dict[Who, int] = field(default_factory=dict)
    last_of: dict[str, int] = field(default_factory=dict)
    turned_back_s: int | None = None
    turned_back: dict[Who, int] = field(default_factory=dict)
    unaccounted: dict[Who, int] = field(default_factory=dict)
    lives_lost: dict[Who, int] = field(default_factory=dict)
    lost_s: int | None = None

    @property
    def departed_people(self) -> int:
        """People aboard at the first crossing."""
        return self.evacuees(self.departed)

    @property
    def people(self) -> int:
        """People who arrived."""
        return self.evacuees(self.arrived)

    @property
    def turned_back_people(self) -> int:
        """People aboard when it was turned back."""
        return self.evacuees(self.turned_back)

    @property
    def origins(self) -> set[str]:
        """The site at which it boards first, and all where it picked people up."""
        return {self.origin, *(site for site, _ in self.carried)}

    def evacuees(self, people: Mapping[Who, int]) -> int:
        """Return how many of these are people evacuated."""
        whole = sum(people.values())
        return whole - sum(people.get(who, 0) for who in self.apart)

    def people_of(
        self, people: Mapping[Who, int], sites: Collection[str], group: str = ""
    ) -> int:
        """Return how many of these are of some sites, and of a group if one is named.

        Without a group, those evacuated.
        """
        return sum(
            count
            for who, count in people.items()
            if who[0] in sites and (who[1] == group if group else who not in self.apart)
        )

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


def _crossed(row: Passage, time_s: int, place: str, _: Who, people: int) -> None:
    if not people or not row.has_joined:
        return
    row.has_joined = False
    if row.departed_s is None:
        row.departed_s, row.gate = time_s, place
        row.departed = dict(row.aboard)
    for site in dict.fromkeys(site for (site, _), n in row.aboard.items() if n):
        if site not in row.left:
            people_of_site = {w: n for w, n in row.aboard.items() if w[0] == site}
            row.left[site] = time_s, people_of_site


def _assigned(row: Passage, _: int, __: str, who: Who, people: int) -> None:
    row.aboard[who] = row.aboard.get(who, 0) + people
    if people > 0:
        row.carried.add(who)
        row.has_joined = True


def _boarded(row: Passage, time_s: int, _: str, __: Who, people: int) -> None:
    if people and row.boarded_s is None:
        row.boarded_s = time_s


def _left(row: Passage, _: int, __: str, who: Who, people: int) -> None:
    row.aboard[who] = row.aboard.get(who, 0) - people


def _arrived(row: Passage, time_s: int, place: str, who: Who, people: int) -> None:
    _left(row, time_s, place, who, people)
    if people:
        row.arrived_s = row.last_of[who[0]] = time_s
        row.arrived[who] = row.arrived.get(who, 0) + people


def _unaccounted(row: Passage, time_s: int, place: str, who: Who, people: int) -> None:
    _left(row, time_s, place, who, people)
    row.unaccounted[who] = row.unaccounted.get(who, 0) + people


def _lives_lost(row: Passage, time_s: int, place: str, who: Who, people: int) -> None:
    _left(row, time_s, place, who, people)
    row.lives_lost[who] = row.lives_lost.get(who, 0) + people


def _formed(row: Passage, time_s: int, *_: object) -> None:
    row.formed_s = time_s


def _relieved(row: Passage, time_s: int, *_: object) -> None:
    row.relieved_s = time_s


def _turned_back(row: Passage, time_s: int, _: str, __: Who, people: int) -> None:
    if people and row.turned_back_s is None:
        row.turned_back_s = time_s
        row.turned_back = dict(row.aboard)


def _lost(row: Passage, time_s: int, *_: object) -> None:
    if row.lost_s is None:
        row.lost_s = time_s


_NOTES: Mapping[Kind, Callable[[Passage, int, str, Who, int], None]] = {
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
"""What a second, place, origin with group and people say about a convoy; most kinds
say nothing."""


def passages(log: RunLog) -> tuple[Passage, ...]:
    """Return what became of every convoy, in the order they appear in the log.

    What a convoy did before a part went on without the others, the part has done too,
    with its own people and vehicles.
    """
    trips = {trip.convoy: trip for trip in log.trips}
    known: dict[str, Passage] = {}
    noted = [row for row in log.rows if row[1] in _NOTES and row[4]]
    for time_s, kind, place, flow, convoy, group, people, *_, of in noted:
        row = known.get(convoy)
        if row is None:
            origin, trip = log.origins[flow], trips.get(convoy)
            fleets = {} if trip is None else _fleets(trip)
            row = Passage(convoy, flow, origin, trip, fleets, log.kinds, log.apart)
            known[convoy] = row
        if kind is Kind.PARTED and people > 0:
            _share(known[whole_of(convoy)], row, (of, group), people)
        _NOTES[kind](row, time_s, place, (of, group), people)
    return tuple(known.values())


def whole_of(part: str) -> str:
    """Return the convoy that a part was of until it went on."""
    return part.rpartition(".")[0]


def _share(whole: Passage, part: Passage, who: Who, people: int) -> None:
    part.formed_s, part.boarded_s = whole.formed_s, whole.boarded_s
    if whole.departed_s is not None:
        part.departed_s, part.gate = whole.departed_s, whole.gate
        _move(whole.departed, part.departed, who, people)
    if (left := whole.left.get(who[0])) is not None:
        _move(left[1], part.left.setdefault(who[0], (left[0], {}))[1], who, people)


def _move(whole: dict[Who, int], part: dict[Who, int], who: Who, people: int) -> None:
    """Move people who were there; who was not has joined the whole since."""
    if who in whole:
        whole[who] -= people
        part[who] = part.get(who, 0) + people


Crossing = tuple[int, dict[Who, int]]
"""Second, and who was aboard by origin and group."""
_ABOARD = {
    Kind.ASSIGNED: 1,
    Kind.PARTED: 1,
    Kind.RETURNED: -1,
    Kind.ARRIVED: -1,
    Kind.UNACCOUNTED: -1,
    Kind.LIVES_LOST: -1,
    Kind.SET_DOWN: -1,
}


def crossings(
    log: RunLog, through: Kind = Kind.CROSSED
) -> dict[str, dict[str, Crossing]]:
    """Return when convoys with people first crossed each gate, by gate and convoy.

    A part has crossed what its convoy had crossed, with its own people.

    Parameters
    ----------
    log : of one run.
    through : `CLEARED` for when they were through checkpoints and other stages.
    """
    aboard: dict[str, dict[Who, int]] = {}
    found: dict[str, dict[str, Crossing]] = {}
    for time_s, kind, place, _, convoy, group, people, *_, origin in log.rows:
        if kind in _ABOARD and convoy:
            riding, who = aboard.setdefault(convoy, {}), (origin, group)
            riding[who] = riding.get(who, 0) + _ABOARD[kind] * people
            if kind is Kind.PARTED and people > 0:
                for of_gate in found.values():
                    if (whole := of_gate.get(whole_of(convoy))) is not None:
                        part = of_gate.setdefault(convoy, (whole[0], {}))
                        _move(whole[1], part[1], who, people)
        elif kind is through and people:
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
