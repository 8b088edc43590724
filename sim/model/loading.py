"""Who rides in which vehicle."""

from dataclasses import dataclass, field

from sim.model.convoy import Load
from sim.model.fleet import Fleet
from sim.model.ledger import Crowd


@dataclass(slots=True)
class Loading:
    """Vehicles that go, and who rides in them.

    Attributes
    ----------
    fleets : of each vehicle.
    loads : who rides in each vehicle.
    people : how many ride in each vehicle.
    groups : how many ride, by group.
    """

    fleets: list[Fleet] = field(default_factory=list)
    loads: list[Load] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    groups: dict[Crowd, int] = field(default_factory=dict)


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
    loading.groups = {
        crowd: crowd.free - left for crowd, left in free.items() if crowd.free > left
    }
    return loading


def _fill_fleet(
    loading: Loading,
    may_ride: list[Crowd],
    all_places: list[int],
    free: dict[Crowd, int],
    room: int | None,
) -> None:
    waiting = [crowd for crowd in may_ride if free[crowd]]
    wanted = sum(all_places)
    if not waiting:
        return
    first = waiting[0]
    if wanted <= free[first] and (room is None or wanted <= room):
        # The usual case: the first group alone fills every vehicle.
        free[first] -= wanted
        loading.loads += [[(first, places)] for places in all_places]
        loading.people += all_places
        return
    left_room = wanted if room is None else room
    for places in all_places:
        left = min(places, left_room)
        load: Load = []
        for crowd in waiting:
            people = min(free[crowd], left)
            if people:
                load.append((crowd, people))
                free[crowd] -= people
                left -= people
        if not load:
            return
        riding = sum(people for _, people in load)
        left_room -= riding
        loading.loads.append(load)
        loading.people.append(riding)
