"""Moments of the reference: what has happened, and which moments have come by it."""

from collections import defaultdict
from itertools import count
from math import inf

from sim.scenario.moments import (
    After,
    AllOf,
    AnyOf,
    Happening,
    Next,
    SoMany,
    write,
)
from tests.reference.chance import luck


class Moments:
    """All moments of a run that hang on something, asked again after every event."""

    def __init__(self, world):
        self.world = world
        self.happened = defaultdict(list)  # seconds, by name and what
        self.moved = defaultdict(list)  # second and number so far, by what is counted
        self.delays = {}  # drawn, by field and which of its delays
        self.awaited, self.woken = [], set()

    def on(self, moment, path, rank, tie, act):
        """Do something when a moment comes, in its rank."""
        if isinstance(moment, int):
            self.world.push(moment, rank, tie, act)
        else:
            clock = self.world.plan.clock
            steps = (s if isinstance(s, str) else write(s, clock) for s in path)
            self.awaited.append((moment, ".".join(steps), rank, tie, act))

    def happens(self, name, what):
        self.happened[name, what].append(self.world.now)

    def moves(self, convoy, what, gate=""):
        """Count people, vehicles and the convoy that have set out, crossed, arrived."""
        if not convoy.aboard and what != "arrived":
            return
        sizes = {"people": convoy.aboard, "vehicles": len(convoy.vehicles)}
        for unit, number in {**sizes, "convoys": 1}.items():
            told = self.moved[unit, convoy.flow, what, gate]
            before = told[-1][1] if told else 0
            told.append((self.world.now, before + number))

    def comes(self, moment, path, delays):  # noqa: PLR0911
        """Return when a moment comes, as far as that is settled; infinity if not."""
        match moment:
            case Happening(name, what, time):
                times = self.happened[name, what]
                return times[time - 1] if len(times) >= time else inf
            case SoMany(number, unit, flow, what, gate):
                told = self.moved[unit, flow, what, gate]
                return next((s for s, so_far in told if so_far >= number), inf)
            case After(delay, of):
                key = f"{path}\0{next(delays)}"
                if key not in self.delays:
                    draw = luck.delay_s(self.world.streams, delay, key)
                    self.delays[key] = draw
                return self.comes(of, path, delays) + self.delays[key]
            case Next(time_of_day, of):
                since = self.comes(of, path, delays)
                if since == inf:
                    return inf
                return self.world.plan.clock.next_time(since, time_of_day)
            case AllOf(parts):
                return max(self.comes(part, path, delays) for part in parts)
            case AnyOf(parts):
                return min(self.comes(part, path, delays) for part in parts)
        return moment

    def review(self):
        """Let moments come that do now; return whether any did."""
        world, found = self.world, False
        for awaited in list(self.awaited):
            moment, path, rank, tie, act = awaited
            comes = self.comes(moment, path, count(1))
            if comes <= world.now:
                self.awaited.remove(awaited)
                world.outcome.came.append((world.now, path))
                world.push(world.now, rank, tie, act)
                found = True
            elif comes < inf and comes not in self.woken:
                self.woken.add(comes)
                world.push(comes, 0, (), lambda: None)
        return found
