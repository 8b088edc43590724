"""The benchmark operation in SimPy, the way the textbooks teach it.

A process for each turn of each vehicle, a `Resource` for each checkpoint and for the
bays of each site, `AllOf` to form the convoy again, and `AnyOf` to be interrupted by a
closure. It knows only the rules that the benchmark uses, and records only arrivals.
"""

from collections.abc import Generator
from typing import Any

import simpy

from benchmarks.inputs import REST, Arrival, Crowd, Draws
from sim.scenario import Operation
from sim.scenario.plans import AgreementPlan, CheckpointPlan

Process = Generator[simpy.Event, Any, None]


def arrivals(operation: Operation, seed: int) -> list[Arrival]:
    """Run the operation once; return the arrivals in order."""
    world = World(operation, seed)
    world.env.run(until=operation.ends)
    return sorted(world.arrivals)


def events(operation: Operation, seed: int) -> int:
    """Run the operation once; return how many events SimPy handled."""
    env = World(operation, seed).env
    steps = 0
    while env.peek() < operation.ends:
        env.step()
        steps += 1
    return steps


class Checkpoint:
    """Lanes, and whether a stoppage closes them."""

    def __init__(self, env: simpy.Environment, plan: CheckpointPlan) -> None:
        self.env = env
        self.plan = plan
        self.lanes = simpy.Resource(env, plan.lanes)
        self.closed_by = 0
        self.closing = env.event()
        self.opening = env.event()

    def close(self) -> None:
        """Stop work, unless it is stopped already."""
        self.closed_by += 1
        if self.closed_by == 1:
            self.closing.succeed()
            self.closing = self.env.event()

    def open(self) -> None:
        """Let work go on, unless something else stops it."""
        self.closed_by -= 1
        if not self.closed_by:
            self.opening.succeed()
            self.opening = self.env.event()

    def let_in(self) -> Process:
        """Wait until the checkpoint is open."""
        while self.closed_by:
            yield self.opening

    def inspect(self, seconds: int) -> Process:
        """Inspect one vehicle in a lane; closed time does not count."""
        with self.lanes.request() as lane:
            yield lane
            while seconds > 0:
                yield from self.let_in()
                began = self.env.now
                yield self.env.timeout(seconds) | self.closing
                seconds -= int(self.env.now - began)


class Exchange:
    """Convoys of each side let through and arrived, tranche by tranche."""

    def __init__(self, env: simpy.Environment, plan: AgreementPlan) -> None:
        self.env = env
        self.sides = list(plan.parties)
        self.side = {flow: s for s, p in plan.parties.items() for flow in p.flows}
        self.gate = {flow: p.gate for p in plan.parties.values() for flow in p.flows}
        self.tranches = plan.tranches
        self.passed = dict.fromkeys(self.sides, 0)
        self.arrived = dict.fromkeys(self.sides, 0)
        self.news = env.event()

    def promised(self, side: str, tranches: int) -> int:
        """Return how many convoys a side may send in the first so many tranches."""
        counts = [tranche.get(side, 0) for tranche in self.tranches[:tranches]]
        return sum(REST if count == "rest" else int(count) for count in counts)

    def completed(self, side: str) -> int:
        """Return how many tranches a side has completed."""
        done = 0
        while (
            done < len(self.tranches)
            and self.promised(side, done + 1) <= self.arrived[side]
        ):
            done += 1
        return done

    def pass_gate(self, flow: str) -> Process:
        """Wait until every other side has completed the tranche before."""
        side = self.side[flow]
        others = [other for other in self.sides if other != side]
        while self.passed[side] >= self.promised(
            side, 1 + min(self.completed(other) for other in others)
        ):
            yield self.news
        self.passed[side] += 1

    def count(self, flow: str) -> None:
        """Count a convoy that has arrived, and let those who wait look again."""
        if flow in self.side:
            self.arrived[self.side[flow]] += 1
            self.news.succeed()
            self.news = self.env.event()


class World:
    """All that lives in one run."""

    def __init__(self, operation: Operation, seed: int) -> None:
        self.operation = operation
        self.draws = Draws(operation, seed)
        self.env = env = simpy.Environment()
        self.arrivals: list[Arrival] = []
        self.bays = {
            name: simpy.Resource(env, site.bays or REST)
            for name, site in operation.sites.items()
        }
        self.checkpoints = {
            name: Checkpoint(env, plan) for name, plan in operation.checkpoints.items()
        }
        self.exchanges = [Exchange(env, plan) for plan in operation.agreements.values()]
        for name in operation.stoppages:
            env.process(self.stoppage(name))
        for name in operation.flows:
            env.process(self.flow(name))

    def stoppage(self, name: str) -> Process:
        """Close checkpoints and open them again, for ever."""
        closes = self.operation.stoppages[name].closes
        for gap, lasts in self.draws.spells(name):
            yield self.env.timeout(gap)
            for checkpoint in closes:
                self.checkpoints[checkpoint].close()
            yield self.env.timeout(lasts)
            for checkpoint in closes:
                self.checkpoints[checkpoint].open()

    def flow(self, name: str) -> Process:
        """Send convoys while people are left and vehicles are there."""
        plan = self.operation.flows[name]
        crowd = Crowd(self.operation, plan)
        convoys = simpy.Resource(self.env, plan.at_once)
        sent = 0
        while any(crowd.left.values()):
            turn = convoys.request()
            yield turn
            sent += 1
            loads = crowd.next_convoy()
            self.env.process(
                self.convoy(name, f"{name}-{sent:03d}", loads, convoys, turn)
            )

    def convoy(
        self,
        flow: str,
        name: str,
        loads: list[int],
        convoys: simpy.Resource,
        turn: simpy.resources.resource.Request,
    ) -> Process:
        """Take a convoy to its destination and back."""
        env, draws, operation = self.env, self.draws, self.operation
        plan = operation.flows[flow]
        route = operation.routes[plan.route]
        number = len(loads)
        place = f"{route.origin}/boarding"
        turns = draws.turns(place, name, number)
        bays = self.bays[route.origin]
        yield env.all_of([env.process(self.at_bay(bays, s)) for s in turns])
        for stage in route.through:
            if stage in operation.legs:
                yield env.timeout(draws.drive(stage, name, "loaded"))
            elif stage in self.checkpoints:
                checkpoint = self.checkpoints[stage]
                yield from checkpoint.let_in()
                place = f"{stage}/loaded"
                turns = draws.turns(place, name, number)
                yield env.all_of([env.process(checkpoint.inspect(s)) for s in turns])
            else:
                for exchange in self.exchanges:
                    if exchange.gate.get(flow) == stage:
                        yield from exchange.pass_gate(flow)
        place = f"{route.destination}/unloading"
        turns = draws.turns(place, name, number)
        bays = self.bays[route.destination]
        yield env.all_of([env.process(self.at_bay(bays, s)) for s in turns])
        self.arrivals.append(Arrival(int(env.now), name, sum(loads)))
        for exchange in self.exchanges:
            exchange.count(flow)
        for leg in route.back:
            yield env.timeout(draws.drive(leg, name, "empty"))
        convoys.release(turn)

    def at_bay(self, bays: simpy.Resource, seconds: int) -> Process:
        """Load or unload one vehicle."""
        with bays.request() as bay:
            yield bay
            yield self.env.timeout(seconds)
