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
from sim.scenario.plans import FlowPlan, Operation, StagePlan

Phases = tuple[int, ...]
"""Which phases of a flow have begun, in that order."""
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


def delay_s(streams: Streams, draw: Distribution, whose: str) -> int:
    """Return how long after another moment one comes."""
    return draw.whole_values(streams.numbers("moment", whose, 1))[0]


def comes_about(streams: Streams, chance: float, agreement: str) -> bool:
    """Return whether an agreement can come into force in this run."""
    return streams.numbers("agreement/chance", agreement, 1)[0] < chance


def given_up_after_s(streams: Streams, draw: Distribution, agreement: str) -> int:
    """Return how long after it has come into force an agreement is given up."""
    return draw.whole_values(streams.numbers("agreement/given up", agreement, 1))[0]


def policy_number(
    streams: Streams, agreement: str, side: str, terms: int, tranche: int
) -> float:
    """Return the number by which a side decides what it does in a tranche.

    Parameters
    ----------
    terms : how often the agreement has begun to count anew.
    tranche : from 0.
    """
    place = f"policy/{agreement}/{terms}/{tranche}"
    return streams.numbers(place, side, 1)[0]


def speed_factor(streams: Streams, draw: Distribution, weather: str) -> float:
    """Return how fast one drives in a spell of weather, as a share."""
    return draw.values(streams.numbers("weather", weather, 1))[0]


def gaps(streams: Streams, draw: Distribution, stoppage: str) -> Iterator[int]:
    """Yield the times to the next occurrence of a random stoppage [s]."""
    return _durations(streams, "stoppage/gap", stoppage, draw)


def lengths(streams: Streams, draw: Distribution, stoppage: str) -> Iterator[int]:
    """Yield how long each occurrence of a stoppage lasts [s]."""
    return _durations(streams, "stoppage/lasts", stoppage, draw)


def releases(
    streams: Streams, draw: Distribution, gate: str, change: int
) -> Iterator[int]:
    """Yield the times from each release at a gate to the next [s].

    Parameters
    ----------
    change : by the plan itself 0, by its changes 1, 2, ... as they are named.
    """
    return _durations(streams, f"release/{change}", gate, draw)


def luck_of(
    operation: Operation,
    name: str,
    streams: Streams,
    plan: FlowPlan | None = None,
    phases: Phases = (),
) -> Luck:
    """Return what chance decides for the convoys of a flow on their whole journey.

    Parameters
    ----------
    plan : of the flow, with what its phases so far have changed; absent: as at first.
    phases : which these are, by number.
    """
    known = _draws_so_far(Itself(operation))
    if (name, phases) not in known:
        known[name, phases] = _draws_of(operation, plan or operation.flows[name])
    return Luck(streams, name, known[name, phases])


@lru_cache(maxsize=8)
def _draws_so_far(itself: Itself) -> dict[tuple[str, Phases], Draws]:
    """Return what is to be drawn, by flow and phases: once for all its runs."""
    return {}


def _draws_of(operation: Operation, plan: FlowPlan) -> Draws:
    route = operation.routes[plan.route]
    kinds = {name: kind for kind, plans in operation.stages.items() for name in plans}
    vehicles = sum(plan.convoy.values())
    draws = Draws()
    for fleet, full in plan.convoy.items():
        if (load := plan.load.get(fleet)) is not None:
            draws.each_vehicle(f"load/{fleet}", load, full)
    if plan.headway is not None:
        draws.whole_convoy("headway", plan.headway)
    draws.each_vehicle(f"{route.origin}/boarding", plan.boarding, vehicles)
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
                for number, change in enumerate(checkpoint.changes.values(), 1):
                    if change.inspection is not None:
                        place = f"{stage}/{state}/{number}"
                        draws.each_vehicle(place, change.inspection, vehicles)
            elif (kind := kinds.get(stage)) is not None:
                its, place = operation.stages[kind][stage], f"{stage}/{{}}/{state}"
                _draw_fields(draws, STAGES[kind], its, place, vehicles)
    return draws


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
