"""Where each convoy was on its route, from boarding until it arrived or came back."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import NamedTuple

from sim.events import Event, Kind, RunLog
from sim.scenario import Operation
from sim.scenario.plans import RoutePlan

_ABOARD = frozenset({Kind.ASSIGNED, Kind.PARTED})
_ENDS = frozenset({Kind.ARRIVED, Kind.RETURNED, Kind.DIVERTED})
_LEAST_GAP = 0.09
"""Between two places, as a fraction of the whole route, so that names stay apart."""

Point = tuple[int, float]


class Stand(NamedTuple):
    """A convoy that stood, and why.

    Attributes
    ----------
    place : along the route, 0 at the origin and 1 at the destination.
    """

    since_s: int
    until_s: int
    place: float
    cause: str


class Journey(NamedTuple):
    """One convoy with people, along its route.

    Attributes
    ----------
    points : (seconds after the start, place along the route).
    people : most aboard at any time.
    ended : `arrived`, `returned`, `diverted`, or empty if still under way.
    turned : where and when it was turned back, if it was.
    """

    convoy: str
    flow: str
    points: tuple[Point, ...]
    people: int
    ended: str
    turned: Point | None


def places(
    operation: Operation, route: RoutePlan, log: RunLog
) -> list[tuple[str, float]]:
    """Return the places of a route in order, and how far along it each lies.

    Distances are median driving times in the run, but no two names touch.
    """
    legs = _driving_times(log, route)
    marks = [(route.origin, 0.0)]
    drive_s = 0.0
    for stage in route.through:
        if stage in operation.legs:
            drive_s += legs.get(stage, 0.0)
        else:
            marks.append((stage, drive_s))
            drive_s = 0.0
    marks.append((route.destination, drive_s))
    whole = sum(gap for _, gap in marks) or 1.0
    gaps = [0.0, *(max(gap / whole, _LEAST_GAP) for _, gap in marks[1:])]
    total = sum(gaps)
    return [
        (name, sum(gaps[: number + 1]) / total)
        for number, (name, _) in enumerate(marks)
    ]


def journeys(
    log: RunLog, flows: Iterable[str], heights: Mapping[str, float]
) -> list[Journey]:
    """Return every journey with people of some flows.

    Parameters
    ----------
    log : of one run.
    flows : that use the same route.
    heights : how far along the route each place lies; the first is the origin.
    """
    wanted = set(flows)
    events: dict[str, list[Event]] = {}
    for event in log.events:
        if event.flow in wanted and event.convoy and event.kind is not Kind.COUNTED:
            events.setdefault(event.convoy, []).append(event)
    found = (_journey(rows, heights, log.horizon_s) for rows in events.values())
    return [journey for journey in found if journey is not None]


def _journey(
    events: Sequence[Event], heights: Mapping[str, float], horizon_s: int
) -> Journey | None:
    """Return the journey of one convoy, None if nobody boarded it."""
    origin, destination = (heights[place] for place in _ends(heights))
    people = max(event.people for event in events)
    boarded = [n for n, event in enumerate(events) if event.kind in _ABOARD]
    if not people or not boarded:
        return None
    points: list[Point] = []
    turned = None
    ended, at, kind, driving = "", origin, Kind.FORMED, False
    on_the_road = False
    for event in events[boarded[0] :]:
        kind = event.kind
        if kind in {Kind.BOARDED, Kind.PARTED}:
            on_the_road = True
        driving = kind is Kind.DEPARTED
        if kind is Kind.RETURNED:
            at = heights.get(event.place, origin)
        elif kind in {Kind.REACHED, Kind.ARRIVED}:
            at = destination
        elif on_the_road and not driving:
            at = heights.get(event.place, at)
        if not points or points[-1] != (event.time_s, at):
            points.append((event.time_s, at))
        if kind is Kind.TURNED_BACK:
            turned = points[-1]
        if kind in _ENDS and (kind is not Kind.RETURNED or at == origin):
            ended = str(kind)
            break
    if not ended and not driving and kind is not Kind.TURNED_BACK:
        points.append((horizon_s, at))
    return Journey(
        events[0].convoy, events[0].flow, tuple(points), people, ended, turned
    )


def _ends(heights: Mapping[str, float]) -> tuple[str, str]:
    names = list(heights)
    return names[0], names[-1]


def _driving_times(log: RunLog, route: RoutePlan) -> dict[str, float]:
    """Return the median time on each leg of a route, of convoys with people."""
    wanted = set(route.through)
    left: dict[str, Event] = {}
    times: dict[str, list[int]] = {}
    for event in log.events:
        if not event.convoy or event.kind is Kind.COUNTED:
            continue
        began = left.pop(event.convoy, None)
        if began is not None:
            times.setdefault(began.place, []).append(event.time_s - began.time_s)
        if event.kind is Kind.DEPARTED and event.people and event.place in wanted:
            left[event.convoy] = event
    return {leg: float(median(found)) for leg, found in times.items()}
