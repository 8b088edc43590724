"""The benchmark operation in salabim, the way its manual teaches it.

A component for each vehicle, made once, since salabim takes half a millisecond to make
one; a `Resource` for lanes and bays, a `State` for whether a checkpoint is closed.
Optional: salabim is not among the packages of the project; `pip install salabim` beside
them, and `bench` measures it too.
"""

import math
from collections.abc import Generator
from typing import Any

import salabim

from benchmarks.heap import Exchange
from benchmarks.inputs import REST, Arrival, Crowd, Draws
from sim.scenario import Operation

Process = Generator[Any, Any, None]


def arrivals(operation: Operation, seed: int) -> list[Arrival]:
    """Run the operation once; return the arrivals in order."""
    salabim.yieldless(False)
    world = World(operation, seed)
    world.env.run(till=operation.ends)
    return sorted(world.arrivals)


class World:
    """All that lives in one run."""

    def __init__(self, operation: Operation, seed: int) -> None:
        self.operation = operation
        self.draws = Draws(operation, seed)
        self.env = salabim.Environment(trace=False, random_seed=0)
        self.arrivals: list[Arrival] = []
        self.bays = {
            name: salabim.Resource(name, capacity=site.bays or REST)
            for name, site in operation.sites.items()
        }
        self.lanes = {
            name: salabim.Resource(name, capacity=plan.lanes)
            for name, plan in operation.checkpoints.items()
        }
        self.closed_by = dict.fromkeys(operation.checkpoints, 0)
        self.closed = {name: salabim.State(name) for name in operation.checkpoints}
        self.exchanges = [Exchange(plan) for plan in operation.agreements.values()]
        self.lines: list[list[Convoy]] = [[] for _ in self.exchanges]
        for name in operation.stoppages:
            Stoppage(world=self, stoppage=name)
        self.crowds = {
            name: Crowd(operation, plan) for name, plan in operation.flows.items()
        }
        self.sent = dict.fromkeys(operation.flows, 0)
        for name, plan in operation.flows.items():
            for _ in range(plan.at_once):
                Convoy(world=self, flow=name)


class Stoppage(salabim.Component):  # type: ignore[misc] # salabim has no types
    """Closes checkpoints and opens them again, for ever."""

    def setup(self, world: World, stoppage: str) -> None:
        self.world, self.stoppage = world, stoppage

    def process(self) -> Process:
        world = self.world
        closes = world.operation.stoppages[self.stoppage].closes
        for gap, lasts in world.draws.spells(self.stoppage):
            yield self.hold(gap)
            for checkpoint in closes:
                world.closed_by[checkpoint] += 1
                world.closed[checkpoint].set(True)
            yield self.hold(lasts)
            for checkpoint in closes:
                world.closed_by[checkpoint] -= 1
                world.closed[checkpoint].set(world.closed_by[checkpoint] > 0)


class Vehicle(salabim.Component):  # type: ignore[misc]
    """Takes turns at bays and in lanes; the last of a convoy wakes the convoy up."""

    def setup(self, convoy: "Convoy") -> None:
        self.convoy = convoy
        self.place: Any = None
        self.closed: Any = None
        self.seconds = 0

    def process(self) -> Process:
        while True:
            yield self.request(self.place)
            if self.closed is None:
                yield self.hold(self.seconds)
            while self.closed is not None and self.seconds > 0:
                yield self.wait((self.closed, False))
                began = self.env.now()
                yield self.wait((self.closed, True), fail_delay=self.seconds)
                self.seconds -= int(self.env.now() - began)
            self.release(self.place)
            self.convoy.busy -= 1
            if not self.convoy.busy:
                self.convoy.activate()
            yield self.passivate()


class Convoy(salabim.Component):  # type: ignore[misc]
    """Goes to the destination and back while people are left."""

    def setup(self, world: World, flow: str) -> None:
        self.world, self.flow = world, flow
        self.vehicles: list[Vehicle] = []
        self.busy = 0

    def process(self) -> Process:
        world, flow = self.world, self.flow
        while loads := world.crowds[flow].next_convoy():
            world.sent[flow] += 1
            name = f"{flow}-{world.sent[flow]:03d}"
            yield from self.trip(name, len(loads), sum(loads))

    def trip(self, name: str, number: int, people: int) -> Process:
        """Board, drive, pass what is on the way, unload and come back."""
        world, operation, draws = self.world, self.world.operation, self.world.draws
        plan = operation.flows[self.flow]
        route = operation.routes[plan.route]
        turns = draws.turns(f"{route.origin}/boarding", name, number)
        yield self.all_through(world.bays[route.origin], turns)
        for stage in route.through:
            if stage in operation.legs:
                yield self.hold(draws.drive(stage, name, "loaded"))
            elif stage in world.lanes:
                yield self.wait((world.closed[stage], False))
                turns = draws.turns(f"{stage}/loaded", name, number)
                yield self.all_through(world.lanes[stage], turns, world.closed[stage])
            else:
                yield from self.pass_gate(stage)
        place = f"{route.destination}/unloading"
        turns = draws.turns(place, name, number)
        yield self.all_through(world.bays[route.destination], turns)
        world.arrivals.append(Arrival(int(world.env.now()), name, people))
        self.tell_the_others()
        for leg in route.back:
            yield self.hold(draws.drive(leg, name, "empty"))

    def all_through(self, place: Any, turns: list[int], closed: Any = None) -> Any:
        """Send all vehicles through a place, and sleep until the last is done."""
        self.busy = len(turns)
        while len(self.vehicles) < len(turns):
            self.vehicles.append(Vehicle(convoy=self, at=math.inf))
        for vehicle, seconds in zip(self.vehicles, turns, strict=False):
            vehicle.place, vehicle.seconds, vehicle.closed = place, seconds, closed
            vehicle.activate()
        return self.passivate()

    def pass_gate(self, gate: str) -> Process:
        """Wait until every other side has completed the tranche before."""
        for exchange, line in zip(self.world.exchanges, self.world.lines, strict=True):
            if exchange.gate.get(self.flow) == gate:
                while not exchange.admits(self.flow):
                    line.append(self)
                    yield self.passivate()

    def tell_the_others(self) -> None:
        """Count as arrived, and let those who wait look again."""
        for exchange, line in zip(self.world.exchanges, self.world.lines, strict=True):
            if self.flow in exchange.side and exchange.count(self.flow):
                waiting = line[:]
                line.clear()
                for convoy in waiting:
                    convoy.activate()
