"""Who rides in which vehicle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from sim.events import Trip
from sim.model.fleet import Fleet
from sim.model.ledger import Crowd
from sim.model.luck import Chances
from sim.scenario.plans import FlowPlan

if TYPE_CHECKING:
    from sim.model.flow import Flow

Value = TypeVar("Value")


@dataclass(slots=True)
class Loading:
    """Vehicles that go, and who rides in them.

    Attributes
    ----------
    fleets : of each vehicle.
    people : how many ride in each vehicle.
    shares : by group, how many of it ride in each vehicle.
    """

    fleets: list[Fleet] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    shares: dict[Crowd, list[int]] = field(default_factory=dict)

    def riders(self) -> dict[Crowd, int]:
        """Return how many ride, by group."""
        return {crowd: sum(share) for crowd, share in self.shares.items()}

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


def places(
    plan: FlowPlan, fleets: Mapping[str, Fleet], chances: Chances
) -> list[tuple[Fleet, list[int]]]:
    """Return by fleet how many people each vehicle that could come would take."""
    rows: list[tuple[Fleet, list[int]]] = []
    for name, full in plan.convoy.items():
        fleet = fleets[name]
        number = min(full, len(fleet.idle))
        draw = plan.load.get(name)
        if draw is None:
            takes = [fleet.seats] * number
        else:
            takes = chances[f"load/{name}"][:number]
            if draw.low < 1 or draw.high > fleet.seats:
                takes = [min(max(people, 1), fleet.seats) for people in takes]
        rows.append((fleet, takes))
    return rows


def enough_vehicles(
    plan: FlowPlan, fleets: Mapping[str, Fleet], crowds: list[Crowd]
) -> bool:
    """Whether the vehicles that are free are enough to set out with."""
    lead = fleets[next(iter(plan.convoy))]
    idle = len(lead.idle)
    if idle >= _least(plan, lead):
        return any(fleets[name].idle for name in plan.convoy)
    free = sum(crowd.free for crowd in crowds)
    return idle * lead.seats >= free


def too_few(
    loading: Loading, plan: FlowPlan, fleets: Mapping[str, Fleet], crowds: list[Crowd]
) -> bool:
    """Whether more of the leading fleet would be needed, and must be waited for."""
    lead_name, full = next(iter(plan.convoy.items()))
    lead = fleets[lead_name]
    number = loading.fleets.count(lead)
    if number >= _least(plan, lead) or number < min(len(lead.idle), full):
        return False
    riders = loading.riders()
    return any(
        crowd.free > riders.get(crowd, 0)
        for crowd in crowds
        if lead.carries_group(crowd.group)
    )


def _least(plan: FlowPlan, lead: Fleet) -> int:
    """Fewest vehicles of the leading fleet that set out, if as many are needed."""
    return min(plan.smallest or next(iter(plan.convoy.values())), lead.present)


def trip_of(
    flow: Flow, name: str, loading: Loading, taken: Mapping[Fleet, list[int]]
) -> Trip:
    """Return the record of a trip that begins."""
    return Trip(
        convoy=name,
        flow=flow.name,
        origin=flow.origin,
        destination=flow.destination,
        fleets=_each([(fleet.name, len(n)) for fleet, n in taken.items()]),
        vehicles=[number for numbers in taken.values() for number in numbers],
        seats=_each([(fleet.seats, len(n)) for fleet, n in taken.items()]),
        loads=[0] * len(loading.fleets),
        groups={},
        station_times={},
        fates={},
    )


def _each(values: list[tuple[Value, int]]) -> list[Value]:
    """Return each value as often as it says."""
    return [value for value, times in values for _ in range(times)]


def fill(
    rows: list[tuple[Fleet, list[int]]], crowds: list[Crowd], seats: int, vehicles: int
) -> Loading:
    """Tell people off to vehicles, and leave out vehicles that nobody needs.

    Groups of higher priority go first; vehicles that few groups may use are filled
    before those that all may use, so that ambulances take the wounded.

    Parameters
    ----------
    rows : by fleet, the places of each vehicle that could come.
    crowds : the groups served, by priority.
    seats : most people that may go.
    vehicles : most vehicles that may go.
    """
    free = {crowd: crowd.free for crowd in crowds}
    riders = [
        (fleet, [crowd for crowd in crowds if fleet.carries_group(crowd.group)], places)
        for fleet, places in rows
    ]
    loading = Loading()
    for fleet, may_ride, places in sorted(riders, key=lambda row: len(row[1])):
        before = len(loading.people)
        _fill_fleet(loading, may_ride, places[:vehicles], free, seats)
        seats -= sum(loading.people[before:])
        vehicles -= len(loading.people) - before
        loading.fleets += [fleet] * (len(loading.people) - before)
    return loading


def _fill_fleet(
    loading: Loading,
    may_ride: list[Crowd],
    all_places: list[int],
    free: dict[Crowd, int],
    seats: int,
) -> None:
    """Fill the vehicles of one fleet, those of others having been filled before."""
    before = len(loading.people)
    left = _trimmed(all_places, min(seats, sum(free[crowd] for crowd in may_ride)))
    loading.people += left
    for share in loading.shares.values():
        share.extend([0] * len(left))
    for crowd in may_ride:
        if not free[crowd]:
            continue
        taken = _trimmed(left, free[crowd])
        free[crowd] -= sum(taken)
        taken += [0] * (len(left) - len(taken))
        loading.shares.setdefault(crowd, [0] * before)[before:] = taken
        if taken == left:
            break
        left = [places - people for places, people in zip(left, taken, strict=True)]


def _trimmed(places: list[int], people: int) -> list[int]:
    """Return how many fill each vehicle in turn, without those left empty."""
    if people >= sum(places):
        return list(places)
    filled = []
    for place in places:
        if people <= 0:
            break
        filled.append(min(place, people))
        people -= place
    return filled
