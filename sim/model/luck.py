"""What chance decides for the convoys of one flow: loads, turns and drives.

Numbers are drawn for eight convoys and 32 vehicles at a time, under the names of the
place, the flow and the block. A number belongs to its place, convoy and vehicle: one
vehicle or one convoy more leaves every other as it was. What varies by level is drawn
likewise and multiplied by the factors of its run, day and convoy before it is rounded;
these have streams of their own, by the path of the field.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import count
from math import prod
from typing import NamedTuple

from sim.distributions import (
    GREATEST,
    AnyDistribution,
    Distribution,
    Level,
    MultilevelDistribution,
)
from sim.model.kernel import NEVER
from sim.model.sheet import CONVOYS, VEHICLES, Chances, Sheet
from sim.model.streams import Streams
from sim.parts.stages import STAGES
from sim.scenario.clock import Clock
from sim.scenario.detours import reached_from
from sim.scenario.plans import CheckpointPlan, FlowPlan, Operation, RoutePlan

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


class Factors(NamedTuple):
    """By what a quantity varies besides, at one place.

    Attributes
    ----------
    path : of the field; all places that share it share the factors of a run and a day.
    by_level : what each level multiplies by.
    divides : whether they divide, as speeds do the time that is drawn from them.
    """

    path: str
    by_level: dict[Level, Distribution]
    divides: bool


class Draws:
    """What is to be drawn for each convoy of a flow, in whatever run.

    Attributes
    ----------
    factors : of what varies by level, by place.
    """

    __slots__ = ("_fixed", "_raw", "_raw_sheets", "_sheets", "factors")

    def __init__(self) -> None:
        self.factors: dict[str, Factors] = {}
        self._fixed: Chances = {}
        self._sheets: dict[int, Sheet] = {}
        self._raw: dict[str, list[float]] = {}
        self._raw_sheets: dict[int, Sheet] = {}

    @property
    def by_day(self) -> bool:
        """Whether anything varies by day."""
        return any(Level.DAY in each.by_level for each in self.factors.values())

    def each_vehicle(
        self, place: str, path: str, draw: AnyDistribution, vehicles: int
    ) -> None:
        """Draw a whole value for each of so many vehicles."""
        blocks = -(-vehicles // VEHICLES)
        if not isinstance(draw, Distribution):
            self.factors[place] = _factors_of(path, draw, divides=False)
            if draw.each.is_fixed:
                self._raw[place] = [draw.best] * vehicles
            else:
                sheet = _sheet(self._raw_sheets, blocks, whole=False)
                sheet.each_vehicle(place, draw.each, vehicles)
        elif draw.is_fixed:
            self._fixed[place] = [round(draw.best)] * vehicles
        else:
            sheet = _sheet(self._sheets, blocks, whole=True)
            sheet.each_vehicle(place, draw, vehicles)

    def whole_convoy(
        self, place: str, path: str, draw: AnyDistribution, length: float = 0
    ) -> None:
        """Draw one whole value for the convoy; with a length, from a speed."""
        fixed = length / draw.best if length else draw.best
        if not isinstance(draw, Distribution):
            self.factors[place] = _factors_of(path, draw, divides=bool(length))
            if draw.each.is_fixed:
                self._raw[place] = [fixed]
            else:
                sheet = _sheet(self._raw_sheets, 1, whole=False)
                sheet.whole_convoy(place, draw.each, length)
        elif draw.is_fixed:
            self._fixed[place] = [round(fixed)]
        else:
            _sheet(self._sheets, 1, whole=True).whole_convoy(place, draw, length)

    def draw(self, streams: Streams, whose: str) -> list[Chances]:
        """Draw everything for eight convoys; it shares one part of luck."""
        part = streams.part_of(whose)
        chances = [self._fixed.copy() for _ in range(CONVOYS)]
        for sheet in self._sheets.values():
            sheet.draw(streams, whose, part, chances)
        return chances

    def draw_raw(self, streams: Streams, whose: str) -> list[dict[str, list[float]]]:
        """Draw for eight convoys what is to be multiplied by other levels still."""
        part = streams.part_of(whose)
        raw = [self._raw.copy() for _ in range(CONVOYS)]
        for sheet in self._raw_sheets.values():
            sheet.draw(streams, whose, part, raw)
        return raw


def _sheet(sheets: dict[int, Sheet], blocks: int, *, whole: bool) -> Sheet:
    if blocks not in sheets:
        sheets[blocks] = Sheet(blocks, whole=whole)
    return sheets[blocks]


def _factors_of(path: str, draw: MultilevelDistribution, *, divides: bool) -> Factors:
    by_level = {level: draw.factor(level) for level in draw.spreads}
    return Factors(path, by_level, divides)


class Luck:
    """What chance decides for the convoys of one flow in one run."""

    __slots__ = (
        "_clock",
        "_drawn",
        "_draws",
        "_flow",
        "_latest",
        "_raw",
        "_shared",
        "_streams",
    )

    def __init__(self, streams: Streams, flow: str, draws: Draws, clock: Clock) -> None:
        self._streams = streams
        self._flow = flow
        self._draws = draws
        self._clock = clock
        self._drawn: dict[int, list[Chances]] = {}
        self._raw: dict[int, list[dict[str, list[float]]]] = {}
        self._shared: dict[tuple[str, Level, str], float] = {}
        self._latest: tuple[tuple[int, str], Chances] = (0, ""), {}

    def of(self, number: int, now_s: int | None = None) -> Chances:
        """Return the chances of a convoy of the flow.

        Parameters
        ----------
        number : of the convoy, counted from 1.
        now_s : when it sets out; needed only if something varies by day.

        Raises
        ------
        ValueError
            If something varies by day, and it is not said when the convoy sets out.
        """
        block, convoy = divmod(number - 1, CONVOYS)
        if block not in self._drawn:
            whose = f"{self._flow}\0{block}"
            self._drawn[block] = self._draws.draw(self._streams, whose)
        if not self._draws.factors:
            return self._drawn[block][convoy]
        key = number, self._day(now_s)
        if self._latest[0] != key:
            chances = self._drawn[block][convoy] | self._multiplied(*key)
            self._latest = key, chances
        return self._latest[1]

    def next_day(self, now_s: int) -> int:
        """Return when what is drawn by day is drawn anew; `NEVER` if nothing is."""
        return self._clock.next_time(now_s + 1, 0) if self._draws.by_day else NEVER

    def _day(self, now_s: int | None) -> str:
        """Return the day on which a convoy sets out, if that makes a difference.

        Raises
        ------
        ValueError
            If it does, and it is not said when the convoy sets out.
        """
        if not self._draws.by_day:
            return ""
        if now_s is None:
            raise ValueError(
                f"something of '{self._flow}' varies by day, but of which?"
            )
        return self._clock.local(now_s).date().isoformat()

    def _multiplied(self, number: int, day: str) -> Chances:
        """Return whole values of what varies by level."""
        block, convoy = divmod(number - 1, CONVOYS)
        if block not in self._raw:
            whose = f"{self._flow}\0{block}"
            self._raw[block] = self._draws.draw_raw(self._streams, whose)
        raw = self._raw[block][convoy]
        who = {Level.RUN: "", Level.DAY: day, Level.CONVOY: f"{self._flow}\0{number}"}
        multiplied = {}
        for place, (path, by_level, divides) in self._draws.factors.items():
            factor = prod(
                self._factor(path, level, draw, who[level])
                for level, draw in by_level.items()
            )
            by = 1 / factor if divides else factor
            multiplied[place] = [round(min(it * by, GREATEST)) for it in raw[place]]
        return multiplied

    def _factor(self, path: str, level: Level, draw: Distribution, who: str) -> float:
        """Return what all who share a level of a field are multiplied by."""
        key = path, level, who
        if key not in self._shared:
            numbers = self._streams.numbers(f"level/{level}/{path}", who, 1)
            self._shared[key] = draw.values(numbers)[0]
        return self._shared[key]


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


def delay_s(streams: Streams, draw: Distribution, whose: str) -> int:
    """Return how long after another moment one comes."""
    return draw.whole_values(streams.numbers("moment", whose, 1))[0]


def comes_about(streams: Streams, chance: float, agreement: str) -> bool:
    """Return whether an agreement can come into force in this run."""
    return streams.numbers("agreement/chance", agreement, 1)[0] < chance


def stoppage_comes(streams: Streams, chance: float, stoppage: str) -> bool:
    """Return whether a stoppage comes in this run."""
    return streams.numbers("stoppage/chance", stoppage, 1)[0] < chance


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
        now = plan or operation.flows[name]
        known[name, phases] = _draws_of(operation, name, now)
    return Luck(streams, name, known[name, phases], operation.clock)


@lru_cache(maxsize=8)
def _draws_so_far(itself: Itself) -> dict[tuple[str, Phases], Draws]:
    """Return what is to be drawn, by flow and phases: once for all its runs."""
    return {}


def largest_convoy(operation: Operation, flow: FlowPlan) -> dict[str, int]:
    """Return the most vehicles of each fleet in a convoy of a flow.

    If the size is drawn: no more of a fleet than ever join.
    """
    largest = {}
    for fleet, size in flow.convoy.items():
        join = operation.fleets[fleet].ever_joining
        drawn = not isinstance(size, int) and size.high > join
        largest[fleet] = join if drawn else round(flow.largest(fleet))
    return largest


def _draws_of(operation: Operation, name: str, plan: FlowPlan) -> Draws:
    here = f"flows.{name}"
    largest = largest_convoy(operation, plan)
    vehicles = sum(largest.values())
    draws = Draws()
    for fleet, full in largest.items():
        if (load := plan.load.get(fleet)) is not None:
            draws.each_vehicle(f"load/{fleet}", f"{here}.load.{fleet}", load, full)
        if not isinstance(size := plan.convoy[fleet], int):
            draws.whole_convoy(f"convoy/{fleet}", f"{here}.convoy.{fleet}", size)
    if plan.headway is not None:
        draws.whole_convoy("headway", f"{here}.headway", plan.headway)
    place = f"{operation.routes[plan.route].origin}/boarding"
    draws.each_vehicle(place, f"{here}.boarding", plan.boarding, vehicles)
    for site, stop in plan.pick_ups.items():
        path = f"{here}.picks_up.{site}"
        place = f"{site}/boarding"
        draws.each_vehicle(place, f"{path}.boarding", stop.boarding, vehicles)
        if stop.waits is not None:
            draws.whole_convoy(f"{site}/waits", f"{path}.waits", stop.waits)
    for way in reached_from(operation, name, plan.route):
        route = operation.routes[way]
        place = f"{route.destination}/unloading"
        draws.each_vehicle(place, f"{here}.unloading", plan.unloading, vehicles)
        _draw_way(draws, operation, route, vehicles)
    return draws


def _draw_way(
    draws: Draws, operation: Operation, route: RoutePlan, vehicles: int
) -> None:
    """Draw what chance decides on the legs and at the stations of a route."""
    kinds = {name: kind for kind, plans in operation.stages.items() for name in plans}
    for stages, state in (
        (route.inbound, "empty"),
        (route.through, "loaded"),
        (route.back, "empty"),
    ):
        for stage in stages:
            # A place may be passed out and back in one trip: two draws.
            if (leg := operation.legs.get(stage)) is not None:
                field = "speed" if leg.time is None else "time"
                if (draw := leg.time or leg.speed) is not None:
                    path, length = f"legs.{stage}.{field}", leg.length or 0
                    draws.whole_convoy(f"{stage}/{state}", path, draw, length)
            elif (checkpoint := operation.checkpoints.get(stage)) is not None:
                _draw_inspections(draws, checkpoint, stage, state, vehicles)
            elif (kind := kinds.get(stage)) is not None:
                _draw_stage(draws, operation, kind, stage, state, vehicles)


def _draw_inspections(
    draws: Draws, plan: CheckpointPlan, name: str, state: str, vehicles: int
) -> None:
    """Draw how long vehicles are inspected at first, and after each change."""
    path = f"checkpoints.{name}.inspection"
    draws.each_vehicle(f"{name}/{state}", path, plan.inspection, vehicles)
    for number, change in enumerate(plan.changes.values(), 1):
        if (turn := change.inspection) is not None:
            draws.each_vehicle(f"{name}/{state}/{number}", path, turn, vehicles)


def _draw_stage(
    draws: Draws,
    operation: Operation,
    kind: str,
    stage: str,
    state: str,
    vehicles: int,
) -> None:
    """Draw what chance decides at a stage, as far as its plan has the fields."""
    plan, here = operation.stages[kind][stage], f"stages.{kind}.{stage}"
    for field in STAGES[kind].per_convoy:
        if (draw := getattr(plan, field)) is not None:
            draws.whole_convoy(f"{stage}/{field}/{state}", f"{here}.{field}", draw)
    for field in STAGES[kind].per_vehicle:
        if (draw := getattr(plan, field)) is not None:
            place = f"{stage}/{field}/{state}"
            draws.each_vehicle(place, f"{here}.{field}", draw, vehicles)
