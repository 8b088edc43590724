"""What stands in the way of people, by name: which stoppage, agreement or place.

Causes say what kind of thing people wait for; an obstacle is one thing of its kind.
Every person-second is charged to exactly one.
"""

from enum import StrEnum
from typing import NamedTuple

from sim.events import Cause, Reason
from sim.metrics.waiting import Charges


class ObstacleKind(StrEnum):
    """What an obstacle is."""

    STOPPAGE = "stoppage"  # also where it suspends an agreement, or turned people back
    AGREEMENT = "agreement"  # waits for a side, for terms or to come into force
    CHECKPOINT = "checkpoint"  # its line and its inspections
    HOURS = "hours"  # of a gate, a leg or a site
    VEHICLES = "vehicles"  # none free for the people of a site
    PACE = "pace"  # headway, or as much as may set out in a day or week, at a site
    BAYS = "bays"  # a line for a bay
    ROOM = "room"  # none left at a destination
    NOT_READY = "not ready"  # people of a site who are not ready to leave
    NOT_BEGUN = "not begun"  # no flow of a site has begun, or none serves its people
    STATION = "station"  # boarding or unloading
    ROAD = "road"  # under way on a leg, or carried on
    OTHER = "other"


class Obstacle(NamedTuple):
    """One thing that people wait for.

    Attributes
    ----------
    kind : what it is.
    name : which: a stoppage, an agreement, or a place.
    """

    kind: ObstacleKind
    name: str


UNNAMED = Obstacle(ObstacleKind.OTHER, "")
"""Whatever a scenario does not name, as what a stage of somebody's own waits for."""

_OF_CAUSES = {
    Cause.AGREEMENT: ObstacleKind.AGREEMENT,
    Cause.STOPPAGE: ObstacleKind.STOPPAGE,
    Cause.DETENTION: ObstacleKind.STOPPAGE,
    Cause.QUEUE: ObstacleKind.CHECKPOINT,
    Cause.INSPECTION: ObstacleKind.CHECKPOINT,
    Cause.OUTSIDE_HOURS: ObstacleKind.HOURS,
    Cause.NO_VEHICLE: ObstacleKind.VEHICLES,
    Cause.HEADWAY: ObstacleKind.PACE,
    Cause.BAY: ObstacleKind.BAYS,
    Cause.FULL: ObstacleKind.ROOM,
    Cause.NOT_READY: ObstacleKind.NOT_READY,
    Cause.NOT_BEGUN: ObstacleKind.NOT_BEGUN,
    Cause.NO_SERVICE: ObstacleKind.NOT_BEGUN,
    Cause.BOARDING: ObstacleKind.STATION,
    Cause.UNLOADING: ObstacleKind.STATION,
    Cause.ROAD: ObstacleKind.ROAD,
}


def obstacle(cause: str, place: str, reason: Reason) -> Obstacle:
    """Return what people wait for.

    Parameters
    ----------
    cause, reason : why they wait.
    place : where.
    """
    if reason.stoppage:
        return Obstacle(ObstacleKind.STOPPAGE, reason.stoppage)
    if reason.agreement:
        return Obstacle(ObstacleKind.AGREEMENT, reason.agreement)
    kind = _OF_CAUSES.get(Cause(cause)) if cause in _CAUSES else None
    return Obstacle(kind or ObstacleKind.OTHER, reason.place or place)


_CAUSES = frozenset(map(str, Cause))


def by_obstacle(booked: Charges) -> dict[Obstacle, int]:
    """Return waiting by what people waited for [person-seconds].

    Parameters
    ----------
    booked : from `charges`; the sum over all obstacles is theirs.
    """
    found: dict[Obstacle, int] = {}
    for charge, time_s in booked.items():
        to = obstacle(charge.cause, charge.place, charge.reason)
        found[to] = found.get(to, 0) + time_s
    return found
