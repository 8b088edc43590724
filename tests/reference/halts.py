"""Stoppages of the reference."""

from sim.scenario.moments import Hanging
from tests.reference.chance import luck
from tests.reference.world import Occurrence


class Halt:
    """A stoppage that comes once, or again and again."""

    def __init__(self, world, rank, name, plan):
        self.world, self.rank, self.name, self.plan = world, rank, name, plan
        self.occurrences, self.over = 0, False
        if plan.every is not None:
            self.gaps = luck.gaps(world.streams, plan.every, name)
        if plan.lasts is not None:
            self.lengths = luck.lengths(world.streams, plan.lasts, name)

    def plan_first(self):
        """Fix when it begins first, and when it is over."""
        plan, on, here = self.plan, self.world.moments.on, ("stoppages", self.name)
        if isinstance(plan.until, Hanging):
            on(plan.until, (*here, "until"), 1, (self.rank,), self.end_at_last)
        if plan.every is None:
            on(plan.starts, (*here, "starts"), 2, (self.rank,), self.begin)
        elif isinstance(plan.since, Hanging):
            on(plan.since, (*here, "since"), 2, (self.rank,), self.plan_next)
        else:
            self.plan_next(plan.since or 0)

    def plan_next(self, since=None):
        """Fix when it begins again."""
        since = self.world.now if since is None else since
        self.world.push(since + next(self.gaps), 2, (self.rank,), self.begin)

    def begin(self):
        world, plan = self.world, self.plan
        self.occurrences += 1
        occurrence = Occurrence(
            self.name,
            plan,
            self.rank,
            self.occurrences,
            plan.unaccounted,
            dict(plan.loses),
            self,
        )
        world.active.append(occurrence)
        world.moments.happens(self.name, "begins")
        if plan.lasts is not None:
            self.plan_end(occurrence, world.now + next(self.lengths))
        elif isinstance(plan.until, int):
            self.plan_end(occurrence, max(world.now, plan.until))
        elif self.over:
            self.plan_end(occurrence, world.now)
        for name in plan.breaches:
            world.agreements[name].breach()

    def plan_end(self, occurrence, moment):
        self.world.push(moment, 1, (self.rank,), lambda: self.end(occurrence))

    def end_at_last(self):
        self.over = True
        for occurrence in [o for o in self.world.active if o.halt is self]:
            self.end(occurrence)

    def end(self, occurrence):
        if occurrence in self.world.active:
            self.world.active.remove(occurrence)
            self.world.moments.happens(self.name, "ends")
            if self.plan.every is not None:
                self.plan_next()

    def meet(self, convoy, occurrence):
        """Deal with a convoy that stands before a gate of this stoppage."""
        plan = self.plan
        occurrence.met.add(convoy)
        if convoy.aboard:
            fate, limit = plan.caught, plan.catches
            if fate == "hold" or limit is None or occurrence.caught < limit:
                occurrence.caught += 1
                self._take_people(convoy, occurrence)
            else:
                fate = "hold"
        else:
            back = plan.caught == "turn_back" and not convoy.boarded
            fate = "turn_back" if back else "hold"
            self._destroy(convoy, occurrence)
        if convoy.phase == "over":
            return
        if fate == "turn_back":
            self.deter(convoy, occurrence)
            self.world.turn_back(convoy)
        elif fate == "detain":
            self._detain(convoy, occurrence)

    def deter(self, convoy, occurrence):
        """Deter the flow of a convoy that got nowhere at all."""
        if convoy.formed_s == self.world.now:
            occurrence.deterred.add(convoy.flow)

    def _take_people(self, convoy, occurrence):
        taken = dict.fromkeys(convoy.riders, 0)
        for vehicle in convoy.vehicles:
            for group in vehicle.load:
                number = min(vehicle.load.get(group, 0), occurrence.unaccounted)
                if number:
                    occurrence.unaccounted -= number
                    taken[group] += number
                    vehicle.load[group] -= number
        for group, people in taken.items():
            if people:
                row = (self.world.now, convoy.name, group, people)
                self.world.outcome.unaccounted.append(row)
        self.world.has_lost(convoy)

    def _destroy(self, convoy, occurrence):
        gone = []
        for vehicle in convoy.vehicles:
            if occurrence.loses.get(vehicle.fleet, 0):
                occurrence.loses[vehicle.fleet] -= 1
                gone.append(vehicle)
        if gone:
            row = (self.world.now, convoy.name, len(gone))
            self.world.outcome.lost.append(row)
            convoy.vehicles = [v for v in convoy.vehicles if v not in gone]
            self.world.owe_what_is_there()
            self.world.remove_turns(convoy, gone)
            if not convoy.vehicles:
                self.deter(convoy, occurrence)
            self.world.has_lost(convoy)

    def _detain(self, convoy, occurrence):
        world = self.world
        args = world.streams, self.plan.detained_for, self.name
        seconds = luck.detention_s(*args, occurrence.number, convoy.name)
        convoy.detained[occurrence] = world.now + seconds
        if convoy.doing == "lanes":
            world.leave_lanes(convoy)
        world.push(
            world.now + seconds, 6, (convoy.rank,), lambda: self.end_detention(convoy)
        )

    def end_detention(self, convoy):
        ends = convoy.detained
        if not ends or max(ends.values()) > self.world.now:
            return
        last = [o for o, end in ends.items() if end == max(ends.values())][-1]
        convoy.detained = {}
        if last.plan.afterwards == "turn_back":
            last.halt.deter(convoy, last)
            self.world.turn_back(convoy)
        else:
            convoy.pardons |= {o for o in ends if o.plan.afterwards == "release"}
