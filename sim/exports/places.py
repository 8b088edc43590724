"""Places and routes of a run as far as the scenario says where they are.

Positions are coarse: rounded to a tenth of a degree, some ten kilometres, unless the
scenario says even less. A map is to show which place is meant, and not to be driven or
aimed by.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from sim.exports.contents import KeptRun, NothingToWriteError
from sim.scenario import Operation
from sim.scenario.plans import BarrierPlan, SitePlan, StagePlan
from sim.scenario.position import Position
from sim.scenario.titles import of_place
from sim.words import Text, listed, say

COARSE = 1
"""Decimals of a degree."""
PlaceKind = Literal["site", "gate", "checkpoint", "stage"]
Line = tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class PlaceOnMap:
    """A place that has a position.

    Attributes
    ----------
    at : rounded.
    people_at_start : of a site; None of another place.
    arrived, left : of a site by the end, the median of the runs, of people who arrived
        there and of people from there who arrived elsewhere.
    """

    name: str
    title: str
    kind: PlaceKind
    at: Position
    people_at_start: int | None = None
    arrived: float | None = None
    left: float | None = None


@dataclass(frozen=True, slots=True)
class RouteOnMap:
    """A route between places that have positions; straight lines, not roads.

    Attributes
    ----------
    lines : through the places met, cut where it crosses the date line.
    """

    name: str
    origin: str
    destination: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class OnMap:
    """What of a run can be drawn on a map.

    Attributes
    ----------
    unplaced : titles of places without a position, which are left out.
    """

    places: tuple[PlaceOnMap, ...]
    routes: tuple[RouteOnMap, ...]
    unplaced: tuple[str, ...]

    @property
    def left_out(self) -> Text:
        """Which places are left out; None if none is."""
        if not self.unplaced:
            return None
        return say(
            "without position and left out: {places}", places=listed(self.unplaced)
        )


def on_map(run: KeptRun) -> OnMap:
    """Return what of a run can be drawn on a map.

    Raises
    ------
    NothingToWriteError
        If no place has a position.
    """
    operation = run.operation
    kinds = _kinds(operation)
    positions = {
        name: coarse(at) for name in kinds if (at := _said(operation, name)) is not None
    }
    if not positions:
        raise NothingToWriteError(
            say("No place of the scenario says where it is; add 'at' to its sites.")
        )
    left, arrived = _levels(run, "arrived"), _levels(run, "received")
    places = tuple(
        PlaceOnMap(
            *(name, of_place(operation, name), kinds[name], at),
            people_at_start=_people(operation, name),
            arrived=arrived.get(name),
            left=left.get(name),
        )
        for name, at in positions.items()
    )
    unplaced = [of_place(operation, name) for name in kinds if name not in positions]
    return OnMap(places, tuple(_routes(operation, positions)), tuple(unplaced))


def coarse(at: Position) -> Position:
    """Return a position rounded to what a map may show."""
    return Position(*(round(each, COARSE) + 0.0 for each in at))


def _kinds(operation: Operation) -> dict[str, PlaceKind]:
    """Return the places of an operation with their kinds."""
    kinds: dict[str, PlaceKind] = {
        **dict.fromkeys(operation.sites, "site"),
        **dict.fromkeys(operation.gates, "gate"),
        **dict.fromkeys(operation.checkpoints, "checkpoint"),
    }
    for section in operation.stages.values():
        kinds.update(dict.fromkeys(section, "stage"))
    return kinds


def _said(operation: Operation, name: str) -> Position | None:
    sections: tuple[Mapping[str, SitePlan | BarrierPlan | StagePlan], ...] = (
        *(operation.sites, operation.gates, operation.checkpoints),
        *operation.stages.values(),
    )
    return next(section[name].at for section in sections if name in section)


def _people(operation: Operation, name: str) -> int | None:
    site = operation.sites.get(name)
    if site is None:
        return None
    return sum(group.people for group in site.groups.values() if not group.counts_apart)


def _levels(run: KeptRun, metric: str) -> Mapping[str, float]:
    """Return the median of a metric by place, as the summary of the run has it."""
    return {
        row["metric"].partition("/")[2]: float(row["median"])
        for row in run.table("summary")
        if row["metric"].startswith(f"{metric}/") and row["median"]
    }


def _routes(
    operation: Operation, positions: Mapping[str, Position]
) -> Iterator[RouteOnMap]:
    for name, route in operation.routes.items():
        met = (route.origin, *route.through, route.destination)
        points = [positions[place] for place in met if place in positions]
        apart = [
            point
            for number, point in enumerate(points)
            if not number or point != points[number - 1]
        ]
        if len(apart) > 1:
            lines = tuple(_cut(apart))
            yield RouteOnMap(name, route.origin, route.destination, lines)


def _cut(points: list[Position]) -> Iterator[Line]:
    """Yield a line in parts that end at the date line where it crosses that.

    A part that went the other way round the earth would be drawn by every map.
    """
    part = [points[0]]
    for last, point in pairwise(points):
        if abs(point.longitude - last.longitude) > 180:
            edge = 180.0 if last.longitude > 0 else -180.0
            beyond = point.longitude + 2 * edge
            share = (edge - last.longitude) / (beyond - last.longitude)
            north = last.latitude + share * (point.latitude - last.latitude)
            part.append(Position(round(north, COARSE), edge))
            yield tuple(part)
            part = [Position(round(north, COARSE), -edge)]
        part.append(point)
    yield tuple(part)
