"""Who rides in which vehicle."""

from dataclasses import dataclass, field

from sim.model.fleet import Fleet
from sim.model.ledger import Crowd


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


def fill(
    rows: list[tuple[Fleet, list[int]]], crowds: list[Crowd], room: int, unit: str
) -> Loading:
    """Tell people off to vehicles, and leave out vehicles that nobody needs.

    Groups of higher priority go first; vehicles that few groups may use are filled
    before those that all may use, so that ambulances take the wounded.

    Parameters
    ----------
    rows : by fleet, the places of each vehicle that could come.
    crowds : the groups served, by priority.
    room : most that may go, in `unit`.
    unit : `people` or `vehicles`.
    """
    free = {crowd: crowd.free for crowd in crowds}
    riders = [
        (fleet, [crowd for crowd in crowds if fleet.carries_group(crowd.group)], places)
        for fleet, places in rows
    ]
    loading = Loading()
    for fleet, may_ride, places in sorted(riders, key=lambda row: len(row[1])):
        before = len(loading.people)
        if unit == "people":
            _fill_fleet(loading, may_ride, places, free, room)
            room -= sum(loading.people[before:])
        else:
            _fill_fleet(loading, may_ride, places[: max(room, 0)], free, None)
            room -= len(loading.people) - before
        loading.fleets += [fleet] * (len(loading.people) - before)
    return loading


def _fill_fleet(
    loading: Loading,
    may_ride: list[Crowd],
    all_places: list[int],
    free: dict[Crowd, int],
    room: int | None,
) -> None:
    """Fill the vehicles of one fleet, those of others having been filled before."""
    left_room = sum(all_places) if room is None else min(room, sum(all_places))
    before = len(loading.people)
    left = _trimmed(all_places, min(left_room, sum(free[crowd] for crowd in may_ride)))
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
