"""Ways that convoys of a flow may take, and how long each part of them takes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sim.answers.bound.readings import BoundReading
from sim.scenario import Operation
from sim.scenario.plans import RoutePlan
from sim.scenario.stages.ferry import FerryPlan


class RouteWay(NamedTuple):
    """One way of a convoy.

    Attributes
    ----------
    inbound, through, back : stages as of a route; of a convoy that is diverted those
        of the one route as far as the gate, and of the other behind it.
    origin, destination : sites.
    """

    origin: str
    inbound: tuple[str, ...]
    through: tuple[str, ...]
    destination: str
    back: tuple[str, ...]


def ways_of(operation: Operation, flow: str, route: str) -> tuple[RouteWay, ...]:
    """Return a route, and all that convoys may drive if stoppages divert them."""
    first = operation.routes[route]
    return tuple(
        RouteWay(first.origin, first.inbound, through, last.destination, last.back)
        for through, last in _onward(operation, flow, first, 0, frozenset())
    )


def _onward(
    operation: Operation,
    flow: str,
    route: RoutePlan,
    since: int,
    seen: frozenset[tuple[str, int]],
) -> Iterator[tuple[tuple[str, ...], RoutePlan]]:
    """Yield the stages from a place of a route on, and the route that they end on."""
    yield route.through[since:], route
    for place in range(since, len(route.through)):
        gate = route.through[place]
        for name in _detours(operation, flow, gate):
            other = operation.routes[name]
            behind = other.through.index(gate) + 1
            if (name, behind) in seen:
                continue
            on = _onward(operation, flow, other, behind, seen | {(name, behind)})
            for stages, last in on:
                yield (*route.through[since : place + 1], *stages), last


def _detours(operation: Operation, flow: str, gate: str) -> Iterator[str]:
    for plan in operation.stoppages.values():
        if plan.to is None or gate not in plan.closes:
            continue
        if plan.flows is not None and flow not in plan.flows:
            continue
        if gate in operation.routes[plan.to].through:
            yield plan.to


@dataclass(frozen=True)
class Roads:
    """How long stages take.

    Attributes
    ----------
    reading : least or usual times.
    speeds_up : by leg: what weather may divide its time by, where that is above 1.
    """

    operation: Operation
    reading: BoundReading
    speeds_up: Mapping[str, float]

    @classmethod
    def of(cls, operation: Operation, reading: BoundReading) -> "Roads":
        """Return the roads of an operation."""
        faster: dict[str, float] = {}
        for weather in operation.weather.values():
            most = min(weather.speed_factor.high, weather.speed_factor.most)
            for leg in operation.legs if weather.legs is None else weather.legs:
                faster[leg] = max(faster.get(leg, 1.0), most)
        return cls(operation, reading, faster)

    def skips_turns(self, gate: str) -> bool:
        """Whether somebody may pass a gate without a turn there.

        Who was detained, or is diverted, goes on though it stays closed.
        """
        return any(
            gate in plan.closes and plan.caught in {"detain", "divert"}
            for plan in self.operation.stoppages.values()
        )

    def inspection_s(self, name: str, convoy: float = 1) -> int:
        """Return how long the inspections of a convoy take at a checkpoint."""
        plan, reading = self.operation.checkpoints[name], self.reading
        if self.skips_turns(name):
            return 0
        turns = [plan.inspection]
        turns += [new.inspection for new in plan.changes.values() if new.inspection]
        return min(reading.turns(turn, convoy, self.lanes(name)) for turn in turns)

    def lanes(self, name: str) -> int:
        """Return the most lanes that a checkpoint ever has."""
        plan = self.operation.checkpoints[name]
        return max([plan.lanes, *(new.lanes or 0 for new in plan.changes.values())])

    def leg_s(self, name: str) -> int:
        """Return how long a leg takes."""
        plan = self.operation.legs[name]
        if plan.time is not None:
            seconds = self.reading.seconds(plan.time)
        elif plan.speed is not None:
            seconds = self.reading.drive(plan.length or 0.0, plan.speed)
        else:
            return 0
        return int(seconds / self.speeds_up.get(name, 1.0))

    def ferry(self, name: str) -> FerryPlan | None:
        """Return the plan of a stage that is a ferry."""
        found = self.operation.stages.get("ferry", {}).get(name)
        return found if isinstance(found, FerryPlan) else None

    def stage_s(self, name: str, convoy: float) -> int:
        """Return how long a convoy takes for a stage, if nothing is in its way."""
        if name in self.operation.legs:
            return self.leg_s(name)
        if name in self.operation.checkpoints:
            return self.inspection_s(name, convoy)
        if (ferry := self.ferry(name)) is not None:
            return self.reading.seconds(ferry.crossing)
        return 0

    def all_s(self, stages: tuple[str, ...], convoy: float) -> int:
        """Return how long a convoy takes for several stages."""
        return sum(self.stage_s(stage, convoy) for stage in stages)

    def back_s(self, stages: tuple[str, ...], convoy: float) -> int:
        """Return after how long a convoy is relieved on its way back.

        One of which a stoppage there destroys all vehicles is relieved on the spot.
        """
        for place, stage in enumerate(stages):
            if self._ends_at(stage):
                return self.all_s(stages[:place], convoy)
        return self.all_s(stages, convoy)

    def _ends_at(self, gate: str) -> bool:
        stoppages = self.operation.stoppages.values()
        return any(gate in plan.closes and plan.loses for plan in stoppages)
