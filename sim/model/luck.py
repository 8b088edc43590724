"""What chance decides for the convoys of one flow: loads, turns and drives.

Numbers are drawn for eight convoys and 32 vehicles at a time, under the names of the
place, the flow and the block. A number belongs to its place, convoy and vehicle: one
vehicle or one convoy more leaves every other as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from sim.distributions import Distribution, Shape
from sim.model.sheet import CONVOYS, VEHICLES, Chances, Sheet
from sim.model.streams import Streams
from sim.scenario.plans import Operation

SPELLS = 16
"""Durations of a block of those that follow one another."""


class Luck:
    """What chance decides for the convoys of one flow.

    Say first what is to be drawn (`each_vehicle`, `whole_convoy`), then ask for the
    chances of convoys by their number.
    """

    __slots__ = ("_drawn", "_fixed", "_flow", "_sheets", "_streams")

    def __init__(self, streams: Streams, flow: str) -> None:
        self._streams = streams
        self._flow = flow
        self._fixed: Chances = {}
        self._sheets: dict[tuple[Shape, int], Sheet] = {}
        self._drawn: dict[int, list[Chances]] = {}

    def each_vehicle(self, place: str, draw: Distribution, vehicles: int) -> None:
        """Draw a whole value for each of so many vehicles."""
        if draw.is_fixed:
            self._fixed[place] = [round(draw.best)] * vehicles
        else:
            blocks = -(-vehicles // VEHICLES)
            self._sheet(draw.shape, blocks).each_vehicle(place, draw, vehicles)

    def whole_convoy(self, place: str, draw: Distribution, length: float = 0) -> None:
        """Draw one whole value for the convoy; with a length, from a speed."""
        if draw.is_fixed:
            self._fixed[place] = [round(length / draw.best if length else draw.best)]
        else:
            self._sheet(draw.shape, 1).whole_convoy(place, draw, length)

    def of(self, number: int) -> Chances:
        """Return the chances of a convoy of the flow, counted from 1."""
        block, convoy = divmod(number - 1, CONVOYS)
        if block not in self._drawn:
            self._drawn[block] = self._draw(block)
        return self._drawn[block][convoy]

    def _sheet(self, shape: Shape, blocks: int) -> Sheet:
        if (shape, blocks) not in self._sheets:
            self._sheets[shape, blocks] = Sheet(blocks)
        return self._sheets[shape, blocks]

    def _draw(self, block: int) -> list[Chances]:
        """Draw everything for eight convoys; it shares one part of luck."""
        whose = f"{self._flow}\0{block}"
        part = self._streams.part_of(whose)
        chances = [self._fixed] * CONVOYS
        for sheet in self._sheets.values():
            drawn = sheet.draw(self._streams, whose, part)
            chances = [{**a, **b} for a, b in zip(chances, drawn, strict=True)]
        return chances


def durations(
    streams: Streams, place: str, who: str, draw: Distribution
) -> Iterator[int]:
    """Yield one duration after the other [s], at least a second each, without end."""
    for block in count():
        for number in streams.numbers(f"{place}/{block}", who, SPELLS):
            yield max(*draw.whole_values([number]), 1)


def luck_of(operation: Operation, name: str, streams: Streams) -> Luck:
    """Return what chance decides for the convoys of a flow on their whole journey."""
    plan = operation.flows[name]
    route = operation.routes[plan.route]
    vehicles = sum(plan.convoy.values())
    luck = Luck(streams, name)
    for fleet, full in plan.convoy.items():
        if (load := plan.load.get(fleet)) is not None:
            luck.each_vehicle(f"load/{fleet}", load, full)
    if plan.headway is not None:
        luck.whole_convoy("headway", plan.headway)
    luck.each_vehicle(f"{route.origin}/boarding", plan.boarding, vehicles)
    luck.each_vehicle(f"{route.destination}/unloading", plan.unloading, vehicles)
    for stages, state in (
        (route.inbound, "empty"),
        (route.through, "loaded"),
        (route.back, "empty"),
    ):
        for stage in stages:
            # A place may be passed out and back in one trip: two draws.
            if (leg := operation.legs.get(stage)) is not None:
                if (draw := leg.time or leg.speed) is not None:
                    luck.whole_convoy(f"{stage}/{state}", draw, leg.length or 0)
            elif (checkpoint := operation.checkpoints.get(stage)) is not None:
                luck.each_vehicle(f"{stage}/{state}", checkpoint.inspection, vehicles)
    return luck
