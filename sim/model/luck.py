"""What chance decides for the convoys of one flow: loads, turns and drives.

Numbers are drawn for eight convoys and 32 vehicles at a time, under the names of the
place, the flow and the block. A number belongs to its place, convoy and vehicle: one
vehicle or one convoy more leaves every other as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import count

from sim.distributions import Distribution
from sim.model.sheet import CONVOYS, VEHICLES, Chances, Sheet
from sim.model.streams import Streams
from sim.parts.stages import STAGES, StageKind
from sim.scenario.detours import routes_of
from sim.scenario.plans import FlowPlan, Operation, RoutePlan, StagePlan

SPELLS = 16
"""Durations of a block of those that follow one another."""


class Itself:
    """An operation as a key: the very same one, since to compare all of it is slow."""

    __slots__ = ("operation",)

    def __init__(self, operation: Operation) -> None:
        self.operation = operation

    def __hash__(self) -> int:
        return id(self.operation)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Itself) and self.operation is other.operation


class Draws:
    """What is to be drawn for each convoy of a flow, in whatever run."""

    __slots__ = ("_fixed", "_sheets")

    def __init__(self) -> None:
        self._fixed: Chances = {}
        self._sheets: dict[int, Sheet] = {}

    def each_vehicle(self, place: str, draw: Distribution, vehicles: int) -> None:
        """Draw a whole value for each of so many vehicles."""
        if draw.is_fixed:
            self._fixed[place] = [round(draw.best)] * vehicles
        else:
            blocks = -(-vehicles // VEHICLES)
            self._sheet(blocks).each_vehicle(place, draw, vehicles)

    def whole_convoy(self, place: str, draw: Distribution, length: float = 0) -> None:
        """Draw one whole value for the convoy; with a length, from a speed."""
        if draw.is_fixed:
            self._fixed[place] = [round(length / draw.best if length else draw.best)]
        else:
            self._sheet(1).whole_convoy(place, draw, length)

    def _sheet(self, blocks: int) -> Sheet:
        if blocks not in self._sheets:
            self._sheets[blocks] = Sheet(blocks)
        return self._sheets[blocks]

    def draw(self, streams: Streams, whose: str) -> list[Chances]:
        """Draw everything for eight convoys; it shares one part of luck."""
        part = streams.part_of(whose)
        chances = [self._fixed.copy() for _ in range(CONVOYS)]
        for sheet in self._sheets.values():
            sheet.draw(streams, whose, part, chances)
        return chances


class Luck:
    """What chance decides for the convoys of one flow in one run."""

    __slots__ = ("_drawn", "_draws", "_flow", "_streams")

    def __init__(self, streams: Streams, flow: str, draws: Draws) -> None:
        self._streams = streams
        self._flow = flow
        self._draws = draws
        self._drawn: dict[int, list[Chances]] = {}

    def of(self, number: int) -> Chances:
        """Return the chances of a convoy of the flow, counted from 1."""
        block, convoy = divmod(number - 1, CONVOYS)
        if block not in self._drawn:
            whose = f"{self._flow}\0{block}"
            self._drawn[block] = self._draws.draw(self._streams, whose)
        return self._drawn[block][convoy]


def _durations(
    streams: Streams, place: str, who: str, draw: Distribution
) -> Iterator[int]:
    """Yield one duration after the other [s], at least a second each, without end."""
    for block in count():
        numbers = streams.numbers(f"{place}/{block}", who, SPELLS)
        for seconds in draw.whole_values(numbers):
            yield max(seconds, 1)


def detention_s(
    streams: Streams, draw: Distribution, stoppage: str, occurrence: int, convoy: str
) -> int:
    """Return how long a stoppage detains a convoy, its occurrences counted from 1."""
    numbers = streams.numbers(f"stoppage/detained/{stoppage}/{occurrence}", convoy, 1)
    return draw.whole_values(numbers)[0]


def stoppage_patience_s(
    streams: Streams, draw: Distribution, stoppage: str, occurrence: int, convoy: str
) -> int:
    """Return how long a convoy that a stoppage holds stands there."""
    numbers = streams.numbers(f"stoppage/patience/{stoppage}/{occurrence}", convoy, 1)
    return draw.whole_values(numbers)[0]


def patience_s(
    streams: Streams, draw: Distribution, agreement: str, convoy: str
) -> int:
    """Return how long a convoy stands at its gate under an agreement."""
    return draw.whole_values(streams.numbers(f"patience/{agreement}", convoy, 1))[0]


def precondition_s(
    streams: Streams, draw: Distribution, agreement: str, precondition: str
) -> int:
    """Return how long after an agreement is proposed a precondition is met."""
    numbers = streams.numbers(f"precondition/{precondition}", agreement, 1)
    return draw.whole_values(numbers)[0]


def speed_factor(streams: Streams, draw: Distribution, weather: str) -> float:
    """Return how fast one drives in a spell of weather, as a share."""
    return draw.values(streams.numbers("weather", weather, 1))[0]


def gaps(streams: Streams, draw: Distribution, stoppage: str) -> Iterator[int]:
    """Yield the times to the next occurrence of a random stoppage [s]."""
    return _durations(streams, "stoppage/gap", stoppage, draw)


def lengths(streams: Streams, draw: Distribution, stoppage: str) -> Iterator[int]:
    """Yield how long each occurrence of a stoppage lasts [s]."""
    return _durations(streams, "stoppage/lasts", stoppage, draw)


def luck_of(operation: Operation, name: str, streams: Streams) -> Luck:
    """Return what chance decides for the convoys of a flow on their whole journey."""
    return Luck(streams, name, _all_draws(Itself(operation))[name])


@lru_cache(maxsize=8)
def _all_draws(itself: Itself) -> dict[str, Draws]:
    """Return what is to be drawn, by flow: once for all runs of an operation."""
    operation = itself.operation
    draws = {}
    for name, plan in operation.flows.items():
        own, *others = routes_of(operation, name)
        draws[name] = _draws_of(operation, plan, operation.routes[own])
        for route in others:
            _draw_way(draws[name], operation, plan, operation.routes[route])
    return draws


def _draws_of(operation: Operation, plan: FlowPlan, route: RoutePlan) -> Draws:
    draws = Draws()
    vehicles = sum(plan.convoy.values())
    for fleet, full in plan.convoy.items():
        if (load := plan.load.get(fleet)) is not None:
            draws.each_vehicle(f"load/{fleet}", load, full)
    if plan.headway is not None:
        draws.whole_convoy("headway", plan.headway)
    draws.each_vehicle(f"{route.origin}/boarding", plan.boarding, vehicles)
    _draw_way(draws, operation, plan, route)
    return draws


def _draw_way(
    draws: Draws, operation: Operation, plan: FlowPlan, route: RoutePlan
) -> None:
    """Draw what chance decides on the legs and at the stations of a route."""
    kinds = {name: kind for kind, plans in operation.stages.items() for name in plans}
    vehicles = sum(plan.convoy.values())
    draws.each_vehicle(f"{route.destination}/unloading", plan.unloading, vehicles)
    for stages, state in (
        (route.inbound, "empty"),
        (route.through, "loaded"),
        (route.back, "empty"),
    ):
        for stage in stages:
            # A place may be passed out and back in one trip: two draws.
            if (leg := operation.legs.get(stage)) is not None:
                if (draw := leg.time or leg.speed) is not None:
                    draws.whole_convoy(f"{stage}/{state}", draw, leg.length or 0)
            elif (checkpoint := operation.checkpoints.get(stage)) is not None:
                draws.each_vehicle(f"{stage}/{state}", checkpoint.inspection, vehicles)
            elif (kind := kinds.get(stage)) is not None:
                its, place = operation.stages[kind][stage], f"{stage}/{{}}/{state}"
                _draw_fields(draws, STAGES[kind], its, place, vehicles)


def _draw_fields(
    draws: Draws, kind: StageKind, plan: StagePlan, place: str, vehicles: int
) -> None:
    """Draw what chance decides at a stage, as far as its plan has the fields."""
    for field in kind.per_convoy:
        if (draw := getattr(plan, field)) is not None:
            draws.whole_convoy(place.format(field), draw)
    for field in kind.per_vehicle:
        if (draw := getattr(plan, field)) is not None:
            draws.each_vehicle(place.format(field), draw, vehicles)
