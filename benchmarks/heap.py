"""The benchmark operation as a bare event loop: what Python itself can do.

No SimPy, no log, no causes, no checks. A heap of (time, number, journey); lanes and
bays are arithmetic on the times at which they fall free; the closures, which depend on
nothing else, are a calendar made beforehand. Convoys that a closure holds are booked as
they come and not as they are let in: the same, unless one comes in the very second in
which the checkpoint opens.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from heapq import heappop, heappush, heapreplace

from benchmarks.inputs import REST, Arrival, Crowd, Draws
from sim.scenario import Operation
from sim.scenario.plans import AgreementPlan

Journey = Iterator[int]
HELD, ENDED = -1, -2
"""Instead of a moment: it waits for the other sides, or it is over."""


def arrivals(operation: Operation, seed: int) -> list[Arrival]:
    """Run the operation once; return the arrivals in order."""
    loop = Loop(operation, seed)
    loop.run(operation.ends)
    return sorted(loop.arrivals)


def events(operation: Operation, seed: int) -> int:
    """Run the operation once; return how often a journey went on."""
    loop = Loop(operation, seed)
    loop.run(operation.ends)
    return loop.steps


class Lanes:
    """Lanes or bays, and the clock that stands still while they are closed."""

    def __init__(self, places: int, closures: list[tuple[int, int]]) -> None:
        self.free = [0] * places
        # Spells of being open: the clock and the time as each began.
        self.clocks, self.times = [0], [0]
        self.shut: list[int] = []
        for begins, ends in sorted(closures):
            if begins <= self.times[-1] and self.shut:
                self.times[-1] = max(self.times[-1], ends)
                continue
            self.shut.append(begins)
            self.clocks.append(self.clocks[-1] + begins - self.times[-1])
            self.times.append(ends)

    def book(self, now: int, turns: list[int]) -> int:
        """Serve vehicles one after the other; return when the last is done."""
        spell = bisect_right(self.shut, now)
        clock = self.clocks[spell] + max(now - self.times[spell], 0)
        free = self.free
        last = 0
        for seconds in turns:
            start = free[0]
            end = (start if start > clock else clock) + seconds
            heapreplace(free, end)
            if end > last:  # noqa: PLR1730 - a call of max() for each vehicle is slower
                last = end
        spell = bisect_left(self.clocks, last) - 1
        return last - self.clocks[spell] + self.times[spell]


class Exchange:
    """Convoys of each side let through and arrived, tranche by tranche."""

    def __init__(self, plan: AgreementPlan) -> None:
        self.borders: dict[str, list[int]] = {}
        for side in plan.parties:
            border, borders = 0, []
            for tranche in plan.tranches:
                count = tranche.get(side, 0)
                border += REST if count == "rest" else int(count)
                borders.append(border)
            self.borders[side] = borders
        self.side = {flow: s for s, p in plan.parties.items() for flow in p.flows}
        self.gate = {flow: p.gate for p in plan.parties.values() for flow in p.flows}
        self.passed = dict.fromkeys(self.borders, 0)
        self.arrived = dict.fromkeys(self.borders, 0)
        self.done = dict.fromkeys(self.borders, 0)
        self.line: list[Journey] = []

    def admits(self, flow: str) -> bool:
        """Let a convoy through if every other side has completed the tranche before."""
        side = self.side[flow]
        slowest = min(done for other, done in self.done.items() if other != side)
        borders = self.borders[side]
        if self.passed[side] >= borders[min(slowest, len(borders) - 1)]:
            return False
        self.passed[side] += 1
        return True

    def count(self, flow: str) -> bool:
        """Count a convoy that has arrived; return whether it completes a tranche."""
        side = self.side[flow]
        self.arrived[side] += 1
        done = bisect_right(self.borders[side], self.arrived[side])
        news = done > self.done[side]
        self.done[side] = done
        return news


class Loop:
    """All that lives in one run."""

    def __init__(self, operation: Operation, seed: int) -> None:
        self.operation = operation
        self.draws = Draws(operation, seed)
        self.arrivals: list[Arrival] = []
        self.queue: list[tuple[int, int, Journey]] = []
        self.steps = 0
        self.now = 0
        self.bays = {
            name: Lanes(site.bays, [])
            for name, site in operation.sites.items()
            if site.bays is not None
        }
        closures = self._closures()
        self.checkpoints = {
            name: Lanes(plan.lanes, closures[name])
            for name, plan in operation.checkpoints.items()
        }
        self.exchanges = [Exchange(plan) for plan in operation.agreements.values()]
        self.crowds = {
            name: Crowd(operation, plan) for name, plan in operation.flows.items()
        }
        self.held_at: Exchange
        self.sent = dict.fromkeys(operation.flows, 0)
        for name, plan in operation.flows.items():
            for _ in range(plan.at_once):
                self._send(name)

    def run(self, until: int) -> None:
        """Let everything before a moment happen."""
        queue = self.queue
        while queue and queue[0][0] < until:
            self.now, _, journey = heappop(queue)
            self._go_on(journey)

    def _go_on(self, journey: Journey) -> None:
        self.steps += 1
        moment = next(journey, ENDED)
        if moment >= 0:
            heappush(self.queue, (moment, self.steps, journey))
        elif moment == HELD:
            self.held_at.line.append(journey)

    def _send(self, flow: str) -> None:
        """Let a convoy board and set out, if anybody is left."""
        loads = self.crowds[flow].next_convoy()
        if loads:
            self.sent[flow] += 1
            self._go_on(self._journey(flow, f"{flow}-{self.sent[flow]:03d}", loads))

    def _journey(self, flow: str, name: str, loads: list[int]) -> Journey:
        """Take a convoy to its destination and back; yield when to go on."""
        draws, operation = self.draws, self.operation
        plan = operation.flows[flow]
        route = operation.routes[plan.route]
        number = len(loads)
        turns = draws.turns(f"{route.origin}/boarding", name, number)
        yield self.bays[route.origin].book(self.now, turns)
        for stage in route.through:
            if stage in operation.legs:
                yield self.now + draws.drive(stage, name, "loaded")
            elif stage in self.checkpoints:
                turns = draws.turns(f"{stage}/loaded", name, number)
                yield self.checkpoints[stage].book(self.now, turns)
            else:
                for exchange in self.exchanges:
                    if exchange.gate.get(flow) == stage:
                        while not exchange.admits(flow):
                            self.held_at = exchange
                            yield HELD
        place = f"{route.destination}/unloading"
        turns = draws.turns(place, name, number)
        yield self.bays[route.destination].book(self.now, turns)
        self.arrivals.append(Arrival(self.now, name, sum(loads)))
        for exchange in self.exchanges:
            if flow in exchange.side and exchange.count(flow):
                line, exchange.line = exchange.line, []
                for journey in line:
                    self._go_on(journey)
        yield self.now + sum(draws.drive(leg, name, "empty") for leg in route.back)
        self._send(flow)

    def _closures(self) -> dict[str, list[tuple[int, int]]]:
        """Return when each checkpoint is closed."""
        closures: dict[str, list[tuple[int, int]]] = {
            name: [] for name in self.operation.checkpoints
        }
        for name, plan in self.operation.stoppages.items():
            now = 0
            for gap, lasts in self.draws.spells(name):
                now += gap
                if now >= self.operation.ends:
                    break
                for checkpoint in plan.closes:
                    closures[checkpoint].append((now, now + lasts))
                now += lasts
        return closures
