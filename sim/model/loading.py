"""Who rides in which vehicle."""

from sim.model.convoy import Load
from sim.model.fleet import Fleet
from sim.model.ledger import Crowd


def fill(
    rows: list[tuple[Fleet, list[int]]], crowds: list[Crowd], room: int, unit: str
) -> tuple[list[Fleet], list[Load]]:
    """Tell people off to vehicles, and leave out vehicles that nobody needs.

    Groups of higher priority go first; vehicles that few groups may use are filled
    before those that all may use, so that ambulances take the wounded.

    Parameters
    ----------
    rows : by fleet, the places of each vehicle that could come.
    crowds : the groups served, by priority.
    room : most that may go, in `unit`.
    unit : `people` or `vehicles`.

    Returns
    -------
    tuple of list
        The fleet of each vehicle that goes, and who rides in it.
    """
    free = {crowd: crowd.free for crowd in crowds}
    riders = [
        (fleet, [crowd for crowd in crowds if fleet.carries_group(crowd.group)], places)
        for fleet, places in rows
    ]
    by_people = unit == "people"
    chosen: list[Fleet] = []
    loads: list[Load] = []
    for fleet, may_ride, all_places in sorted(riders, key=lambda row: len(row[1])):
        for places in all_places:
            if room <= 0:
                break
            left = min(places, room) if by_people else places
            load: Load = []
            for crowd in may_ride:
                people = free[crowd]
                if people and left:
                    people = min(people, left)
                    load.append((crowd, people))
                    free[crowd] -= people
                    left -= people
            if not load:
                break
            room -= min(places, room) - left if by_people else 1
            chosen.append(fleet)
            loads.append(load)
    return chosen, loads
