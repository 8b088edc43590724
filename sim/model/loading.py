"""Who rides in which vehicle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import add, sub
from typing import NamedTuple

from sim.events import StationTimes, Trip
from sim.model.crowd import Crowd
from sim.model.fleet import Fleet
from sim.model.sheet import Chances
from sim.parts.rules import UNLIMITED
from sim.scenario.plans import FlowPlan


class Ride(NamedTuple):
    """What one fleet can do for a flow.

    Attributes
    ----------
    flow : its name.
    full : vehicles of it in a full convoy; in the largest, if the size is drawn.
    crowds : who may ride, by priority.
    load : where to find how many people a vehicle takes; empty if it is its seats.
    size : where to find how many vehicles are in a full convoy; empty if always `full`.
    least : fewest vehicles of it that set out, as long as so many are there.
    all_free : as if all vehicles of a full convoy were free.
    joining : who may ride of those that are picked up on the way, as they come.
    """

    flow: str
    fleet: Fleet
    full: int
    crowds: list[Crowd]
    load: str
    size: str
    least: int
    all_free: bool = False
    joining: tuple[Crowd, ...] = ()

    @property
    def free(self) -> int:
        """Vehicles that the flow may take now."""
        fleet = self.fleet
        if self.all_free:
            return self.full
        return fleet.free_for(self.flow) if fleet.reserve else len(fleet.idle)

    @property
    def enough(self) -> int:
        """Vehicles with which it sets out: fewer only if the fleet has no more."""
        fleet = self.fleet
        most = fleet.most_for(self.flow) if fleet.reserve else fleet.present
        return min(self.least, most)

    def at_most(self, vehicles: int) -> Ride:
        """Return it for a convoy with no more than so many vehicles of the fleet."""
        least = min(self.least, vehicles)
        return self._replace(full=min(self.full, vehicles), least=least)

    def of_size_drawn(self, chances: Chances) -> Ride:
        """Return it for a convoy for which its size has been drawn."""
        return self.at_most(max(chances[self.size][0], 1)) if self.size else self

    def with_all_free(self) -> Ride:
        """Return it as if all vehicles of a full convoy were free."""
        return self._replace(all_free=True)

    def places(self, chances: Chances) -> list[int]:
        """Return how many people each vehicle that could come would take."""
        fleet = self.fleet
        number = min(self.full, self.free)
        if not self.load:
            return [fleet.seats] * number
        takes = chances[self.load][:number]
        if takes and (min(takes) < 1 or max(takes) > fleet.seats):
            takes = [min(max(people, 1), fleet.seats) for people in takes]
        return takes


class PickUp(NamedTuple):
    """Whom convoys of a flow take on at a site on their way.

    Attributes
    ----------
    crowds : who may join there, by priority.
    rides : fleets, and who of them may ride in each, in the order in which they fill.
    waits : a convoy stands there for a time if nobody is there yet.
    """

    crowds: Sequence[Crowd]
    rides: Sequence[tuple[Fleet, Sequence[Crowd]]]
    waits: bool


def rides_of(
    flow: str,
    plan: FlowPlan,
    largest: Mapping[str, int],
    fleets: Mapping[str, Fleet],
    crowds: Sequence[Crowd],
    joining: Sequence[Crowd],
) -> tuple[Ride, list[Ride]]:
    """Return the leading fleet of a flow, and all in the order in which they fill.

    A convoy waits for enough vehicles of the leading fleet. Vehicles that few groups
    may use are filled before those that all may use, so that ambulances take the
    wounded.

    Parameters
    ----------
    largest : vehicles of each fleet in the largest convoy.
    joining : who is picked up on the way.
    """
    lead, *others = (
        Ride(
            flow,
            fleets[name],
            full,
            [crowd for crowd in crowds if fleets[name].carries_group(crowd.group)],
            f"load/{name}" if name in plan.load else "",
            "" if isinstance(plan.convoy[name], int) else f"convoy/{name}",
            plan.smallest or full,
            joining=tuple(c for c in joining if fleets[name].carries_group(c.group)),
        )
        for name, full in largest.items()
    )
    return lead, sorted([lead, *others], key=lambda ride: len(ride.crowds))


class Loading:
    """Vehicles that go, and who rides in them.

    Attributes
    ----------
    vehicles : how many go, by fleet, in the order of `people`.
    people : how many ride in each vehicle.
    shares : by group, how many of it ride in each vehicle.
    riders : how many ride, by group.
    """

    __slots__ = ("people", "riders", "shares", "vehicles")

    def __init__(self) -> None:
        self.vehicles: dict[Fleet, int] = {}
        self.people: list[int] = []
        self.shares: dict[Crowd, list[int]] = {}
        self.riders: dict[Crowd, int] = {}

    def add(
        self,
        fleet: Fleet,
        places: list[int],
        people: int,
        crowds: list[Crowd],
        free: dict[Crowd, int],
    ) -> None:
        """Add vehicles of a fleet, and fill all places with people of these groups.

        Parameters
        ----------
        people : sum of the places.
        """
        before, number = len(self.people), len(places)
        self.vehicles[fleet] = number
        self.people += places
        for share in self.shares.values():
            share.extend([0] * number)
        left, room = places, people
        for crowd in crowds:
            ride = min(free[crowd], room)
            if not ride:
                continue
            free[crowd] -= ride
            taken = left
            if ride < room:
                taken = _trimmed(left, ride)
                taken += [0] * (number - len(taken))
            share = self.shares.setdefault(crowd, [0] * before)
            share[before:] = taken
            self.riders[crowd] = self.riders.get(crowd, 0) + ride
            room -= ride
            if not room:
                break
            left = [has - people for has, people in zip(left, taken, strict=True)]

    def split(self, cut: int) -> Loading:
        """Keep the vehicles from a position on; return those before it."""
        first, before = Loading(), cut
        first.people, self.people = self.people[:cut], self.people[cut:]
        for fleet, number in self.vehicles.items():
            first.vehicles[fleet] = min(number, before)
            self.vehicles[fleet] = number - first.vehicles[fleet]
            before -= first.vehicles[fleet]
        for crowd, share in self.shares.items():
            first.shares[crowd], self.shares[crowd] = share[:cut], share[cut:]
            first.riders[crowd] = sum(share[:cut])
            self.riders[crowd] -= first.riders[crowd]
        return first

    def strike(self, position: int) -> dict[Crowd, int]:
        """Take a vehicle out; return who was to ride in it."""
        struck = {}
        for crowd, share in self.shares.items():
            struck[crowd], share[position] = share[position], 0
        self.people[position] = 0
        return struck

    def seat(self, crowd: Crowd, people: int, seats: Sequence[int]) -> int:
        """Give people free seats in vehicles that carry them; return how many had one.

        Parameters
        ----------
        seats : of each vehicle.
        """
        share, left = self.shares[crowd], people
        for position, fleet in enumerate(self.fleets()):
            if fleet.carries_group(crowd.group):
                taken = min(max(seats[position] - self.people[position], 0), left)
                share[position] += taken
                self.people[position] += taken
                left -= taken
        return people - left

    def fleets(self) -> list[Fleet]:
        """Return the fleet of each vehicle."""
        return [fleet for fleet, n in self.vehicles.items() for _ in range(n)]

    def tell_off(
        self,
        rides: Sequence[tuple[Fleet, Sequence[Crowd]]],
        seats_left: Sequence[int],
        most_people: int,
    ) -> dict[Crowd, list[int]]:
        """Return who may take the seats left, by group and vehicle.

        Parameters
        ----------
        rides : fleets in the order in which they fill, and who may ride in them.
        seats_left : of each vehicle.
        most_people : that may join.
        """
        left, fleets = list(seats_left), self.fleets()
        told: dict[Crowd, list[int]] = {}
        free = {crowd: crowd.free for _, crowds in rides for crowd in crowds}
        for fleet, crowds in rides:
            for crowd in crowds:
                for position, of_fleet in enumerate(fleets):
                    if of_fleet is not fleet:
                        continue
                    taken = min(left[position], free[crowd], most_people)
                    if taken:
                        told.setdefault(crowd, [0] * len(fleets))[position] = taken
                        left[position] -= taken
                        free[crowd] -= taken
                        most_people -= taken
        return told

    def take_on(self, boarded: Mapping[Crowd, list[int]]) -> None:
        """Add people to vehicles that have seats for them, by group and vehicle."""
        for crowd, share in boarded.items():
            before = self.shares.get(crowd, [0] * len(share))
            self.shares[crowd] = list(map(add, before, share))
            self.people = list(map(add, self.people, share))
            self.riders[crowd] = self.riders.get(crowd, 0) + sum(share)

    def let_out(self, crowds: Iterable[Crowd]) -> None:
        """Take everybody of these groups out."""
        for crowd in tuple(crowds):
            self.people = list(map(sub, self.people, self.shares.pop(crowd)))
            del self.riders[crowd]

    def take_out(self, people: int, first: Sequence[int] = ()) -> dict[Crowd, int]:
        """Take so many people out of the first vehicles; return who they were.

        In a vehicle by priority.

        Parameters
        ----------
        first : positions of vehicles that come before all others.
        """
        crowds = sorted(self.shares, key=lambda crowd: crowd.priority)
        gone = dict.fromkeys(crowds, 0)
        left = people
        for position in dict.fromkeys([*first, *range(len(self.people))]):
            for crowd in crowds:
                share = self.shares[crowd]
                taken = min(share[position], left)
                share[position] -= taken
                self.people[position] -= taken
                gone[crowd] += taken
                left -= taken
        return gone


def choose(
    lead: Ride,
    rides: list[Ride],
    crowds: list[Crowd],
    chances: Chances,
    most_people: int,
    most_vehicles: int,
) -> Loading | None:
    """Return the convoy that can set out with the vehicles that are free.

    None if nobody would ride, or too few vehicles of the leading fleet are free: fewer
    than are enough, while people who may ride in it would stay, and not because an
    agreement has no room for more.

    Parameters
    ----------
    most_people, most_vehicles : for which agreements have room.
    """
    few = lead.free < lead.enough
    limited = min(most_people, most_vehicles) < UNLIMITED
    if few and not limited:
        seats = sum(ride.free * ride.fleet.seats for ride in rides)
        if seats < sum(crowd.free for crowd in lead.crowds):
            return None
    loading = fill(rides, crowds, chances, most_people, most_vehicles)
    if not any(loading.people):
        return None
    if few and any(crowd.free > loading.riders.get(crowd, 0) for crowd in lead.crowds):
        if not limited:
            return None
        whole = [ride.with_all_free() for ride in rides]
        most = fill(whole, crowds, chances, most_people, most_vehicles)
        unlimited = fill(whole, crowds, chances, UNLIMITED, UNLIMITED)
        number = loading.vehicles.get(lead.fleet, 0)
        if most.people == unlimited.people or number < most.vehicles.get(lead.fleet, 0):
            return None
    return loading


def trip_of(
    flow: str,
    origin: str,
    destination: str,
    name: str,
    taken: dict[Fleet, list[int]],
) -> Trip:
    """Return the record of a trip that begins."""
    fleets: list[str] = []
    vehicles: list[int] = []
    seats: list[int] = []
    for fleet, numbers in taken.items():
        fleets += [fleet.name] * len(numbers)
        vehicles += numbers
        seats += [fleet.seats] * len(numbers)
    return Trip(
        name,
        flow,
        origin,
        destination,
        fleets,
        vehicles,
        seats,
        loads=[0] * len(vehicles),
        groups={},
        station_times=StationTimes(),
        fates={},
    )


def fill(
    rides: list[Ride],
    crowds: list[Crowd],
    chances: Chances,
    most_people: int,
    most_vehicles: int,
) -> Loading:
    """Tell people off to vehicles, and leave out vehicles that nobody needs.

    Groups of higher priority go first.

    Parameters
    ----------
    most_people, most_vehicles : that may go.
    """
    loading = Loading()
    free = {crowd: crowd.waiting - crowd.expected for crowd in crowds}
    joining = {c: c.free + c.not_ready for ride in rides for c in ride.joining}
    for ride in rides:
        places = ride.places(chances)
        if len(places) > most_vehicles:
            places = places[:most_vehicles]
        people = sum(places)
        may_go = 0
        for crowd in ride.crowds:
            may_go += free[crowd]
        may_go = min(may_go, most_people)
        if people > may_go:
            people = may_go
            places = _trimmed(places, people)
        if joining:
            places += [0] * _more_for(ride, joining, places, most_vehicles)
        if places:
            loading.add(ride.fleet, places, people, ride.crowds, free)
            most_people -= people
            most_vehicles -= len(places)
    return loading


def _more_for(
    ride: Ride, joining: dict[Crowd, int], places: list[int], most_vehicles: int
) -> int:
    """Return how many vehicles go empty, for those who are picked up on the way.

    Parameters
    ----------
    joining : how many of each group have no seat yet; less those who have one now.
    places : people in each vehicle that goes in any case.
    most_vehicles : that may go.
    """
    seats = ride.fleet.seats
    left, most = len(places) * seats - sum(places), min(ride.full, ride.free)
    need = sum(joining[crowd] for crowd in ride.joining)
    more = min(-(-max(need - left, 0) // seats), min(most, most_vehicles) - len(places))
    left += max(more, 0) * seats
    for crowd in ride.joining:
        seated = min(joining[crowd], left)
        joining[crowd] -= seated
        left -= seated
    return max(more, 0)


def _trimmed(places: list[int], people: int) -> list[int]:
    """Return how many fill each vehicle in turn, without those left empty."""
    filled = []
    for place in places:
        if people <= 0:
            break
        filled.append(min(place, people))
        people -= place
    return filled
