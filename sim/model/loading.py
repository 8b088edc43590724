"""Who rides in which vehicle."""

from sim.model.convoy import Load
from sim.model.fleet import Fleet
from sim.model.ledger import Crowd


def fill(
    rows: list[tuple[Fleet, int]], crowds: list[Crowd], room: int, unit: str
) -> tuple[list[Fleet], list[Load]]:
    """Tell people off to vehicles, and leave out vehicles that nobody needs.

    Groups of higher priority go first; vehicles that few groups may use are filled
    before those that all may use, so that ambulances take the wounded.

    Parameters
    ----------
    rows : fleet and places of each vehicle that could come.
    crowds : the groups served, by priority.
    room : most that may go, in `unit`.
    unit : `people` or `vehicles`.

    Returns
    -------
    tuple of list
        The fleet of each vehicle that goes, and who rides in it.
    """
    free = {crowd: crowd.free for crowd in crowds}
    ridden_by = {
        fleet: [crowd for crowd in crowds if fleet.carries_group(crowd.group)]
        for fleet, _ in rows
    }
    chosen: list[Fleet] = []
    loads: list[Load] = []
    for fleet, places in sorted(rows, key=lambda row: len(ridden_by[row[0]])):
        left = min(places, room) if unit == "people" else places * (room > 0)
        load: Load = []
        for crowd in ridden_by[fleet]:
            people = min(left, free[crowd])
            if people > 0:
                load.append((crowd, people))
                free[crowd] -= people
                left -= people
        if load:
            room -= sum(people for _, people in load) if unit == "people" else 1
            chosen.append(fleet)
            loads.append(load)
    return chosen, loads
