"""Who rides in which vehicle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sim.events import StationTimes, Trip
from sim.model.fleet import Fleet
from sim.model.ledger import Crowd
from sim.model.sheet import Chances
from sim.scenario.plans import FlowPlan

if TYPE_CHECKING:
    from sim.model.flow import Flow


class Ride(NamedTuple):
    """What one fleet can do for a flow.

    Attributes
    ----------
    full : vehicles of it in a full convoy.
    crowds : who may ride, by priority.
    load : where to find how many people a vehicle takes; empty if it is its seats.
    least : fewest vehicles of it that set out, as long as so many are there.
    """

    fleet: Fleet
    full: int
    crowds: list[Crowd]
    load: str
    least: int

    def places(self, chances: Chances) -> list[int]:
        """Return how many people each vehicle that could come would take."""
        fleet = self.fleet
        number = min(self.full, len(fleet.idle))
        if not self.load:
            return [fleet.seats] * number
        takes = chances[self.load][:number]
        if takes and (min(takes) < 1 or max(takes) > fleet.seats):
            takes = [min(max(people, 1), fleet.seats) for people in takes]
        return takes


def rides_of(
    plan: FlowPlan, fleets: dict[str, Fleet], crowds: Sequence[Crowd]
) -> tuple[Ride, list[Ride]]:
    """Return the leading fleet of a flow, and all in the order in which they fill.

    A convoy waits for enough vehicles of the leading fleet. Vehicles that few groups
    may use are filled before those that all may use, so that ambulances take the
    wounded.
    """
    lead, *others = (
        Ride(
            fleets[name],
            full,
            [crowd for crowd in crowds if fleets[name].carries_group(crowd.group)],
            f"load/{name}" if name in plan.load else "",
            plan.smallest or full,
        )
        for name, full in plan.convoy.items()
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

    def strike(self, position: int) -> dict[Crowd, int]:
        """Take a vehicle out; return who was to ride in it."""
        struck = {}
        for crowd, share in self.shares.items():
            struck[crowd], share[position] = share[position], 0
        self.people[position] = 0
        return struck

    def take_out(self, people: int) -> dict[Crowd, int]:
        """Take so many people out of the first vehicles; return who they were."""
        gone = dict.fromkeys(self.shares, 0)
        for position in range(len(self.people)):
            for crowd, share in self.shares.items():
                taken = min(share[position], people - sum(gone.values()))
                share[position] -= taken
                gone[crowd] += taken
        return gone


def enough_vehicles(lead: Ride, rides: list[Ride], crowds: list[Crowd]) -> bool:
    """Whether the vehicles that are free are enough to set out with."""
    fleet = lead.fleet
    idle = len(fleet.idle)
    if idle >= min(lead.least, fleet.present):
        return idle > 0 or any(ride.fleet.idle for ride in rides)
    return idle * fleet.seats >= sum(crowd.free for crowd in crowds)


def too_few(loading: Loading, lead: Ride) -> bool:
    """Whether more of the leading fleet would be needed, and must be waited for."""
    fleet = lead.fleet
    number = loading.vehicles.get(fleet, 0)
    if number >= min(lead.least, fleet.present) or number < min(
        len(fleet.idle), lead.full
    ):
        return False
    return any(crowd.free > loading.riders.get(crowd, 0) for crowd in lead.crowds)


def trip_of(
    flow: Flow, name: str, loading: Loading, taken: dict[Fleet, list[int]]
) -> Trip:
    """Return the record of a trip that begins."""
    fleets: list[str] = []
    vehicles: list[int] = []
    seats: list[int] = []
    for fleet, numbers in taken.items():
        fleets += [fleet.name] * len(numbers)
        vehicles += numbers
        seats += [fleet.seats] * len(numbers)
    loads = [0] * len(vehicles)
    return Trip(
        name,
        flow.name,
        flow.origin,
        flow.destination,
        fleets,
        vehicles,
        seats,
        loads,
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
        if places:
            loading.add(ride.fleet, places, people, ride.crowds, free)
            most_people -= people
            most_vehicles -= len(places)
    return loading


def _trimmed(places: list[int], people: int) -> list[int]:
    """Return how many fill each vehicle in turn, without those left empty."""
    filled = []
    for place in places:
        if people <= 0:
            break
        filled.append(min(place, people))
        people -= place
    return filled
