"""Stoppages of the reference."""

from sim.scenario.moments import Hanging
from tests.reference.chance import luck
from tests.reference.fates import Fates
from tests.reference.world import Occurrence


class Halt(Fates):
    """A stoppage that comes once, or again and again."""

    def __init__(self, world, rank, name, plan):
        self.world, self.rank, self.name, self.plan = world, rank, name, plan
        self.occurrences, self.over, self.comes = 0, False, True
        if plan.every is not None:
            self.gaps = luck.gaps(world.streams, plan.every, name)
        if plan.lasts is not None:
            self.lengths = luck.lengths(world.streams, plan.lasts, name)

    def plan_first(self):
        """Fix when it begins first, and when it is over."""
        plan, on, here = self.plan, self.world.moments.on, ("stoppages", self.name)
        args = self.world.streams, plan.chance, self.name
        if plan.chance is not None and not luck.stoppage_comes(*args):
            self.comes = False
            return
        if isinstance(plan.until, Hanging):
            on(plan.until, (*here, "until"), 1, (self.rank,), self.end_at_last)
        if plan.starts_with is not None:
            return
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
            self.occurrences,
            plan.unaccounted,
            dict(plan.loses),
            self,
            plan.lives_lost,
            dict(plan.loses_loaded),
        )
        world.active.append(occurrence)
        world.note_standing(occurrence)
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
            self.tell_what_is_left(occurrence, self.world.now)
            self.world.moments.happens(self.name, "ends")
            if self.plan.every is not None:
                self.plan_next()

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
