"""Flows of the reference: when a convoy can be formed, and why not."""

from functools import partial
from math import inf

from sim.events import Cause
from sim.scenario.moments import Hanging
from tests.reference.chance import luck
from tests.reference.world import HELD, Convoy, Vehicle

BEYOND_S = 10 * 86_400  # to see whether only the end of the operation comes first
NEAREST = (
    Cause.NO_VEHICLE,
    Cause.HEADWAY,
    Cause.DETENTION,
    Cause.OUTSIDE_HOURS,
    Cause.STOPPAGE,
    Cause.AGREEMENT,
    Cause.FULL,
    Cause.NOT_BEGUN,
    Cause.NO_SERVICE,
)


class Flow:
    def __init__(self, world, rank, name, plan):
        self.world, self.rank, self.name, self.plan = world, rank, name, plan
        self.first = plan
        self.sent, self.last_s, self.headway_s = 0, -1, 0
        self.pacts = [a for a in world.agreements.values() if a.side_of(name)]
        self.beyond = world.plan.horizon_s + BEYOND_S
        self.opens = inf if isinstance(plan.opens, Hanging) else plan.opens or 0
        self.closes = plan.closes if isinstance(plan.closes, int) else self.beyond
        self.coming = sum(isinstance(date, Hanging) for date in plan.dispatch_dates)
        self.gave_up_with, self.then = None, None
        self.due, self.missed = [], []  # vehicles by fleet, for each departure
        self.told_off = []  # second, people and vehicles of each convoy
        self.begun = []  # numbers of phases
        self._go_by_plan()

    def _go_by_plan(self):
        """Take over what the plan says now."""
        world, plan, clock = self.world, self.plan, self.world.plan.clock
        self.route = world.plan.routes[plan.route]
        begun = tuple(self.begun)
        self.luck = luck.luck_of(world.plan, self.name, world.streams, plan, begun)
        groups = world.plan.sites[self.route.origin].groups
        self.groups = sorted(plan.groups, key=lambda g: groups[g].priority)
        self.priorities = {g: groups[g].priority for g in plan.groups}
        self.windows = ((0, self.beyond),)
        if plan.hours is not None:
            self.windows = clock.windows(plan.hours, self.beyond)
        times = clock.moments(plan.dispatch_times, self.beyond)
        times = [moment for moment in times if self.within(moment)]
        dates = [date for date in plan.dispatch_dates if isinstance(date, int)]
        self.timetable = sorted({*times, *dates})
        self.scheduled = bool(plan.dispatch_times or plan.dispatch_dates)
        late = "late" if plan.dispatch_dates else "drop"
        self.if_missed = plan.if_missed or late
        for moment in self.ticks():
            if world.now <= moment < world.plan.horizon_s:
                world.push(moment, 7, (self.rank,), lambda: None)
        new = [] if self.begun and plan.dispatch_dates else self.timetable
        for date in new:
            if world.now < date < world.plan.horizon_s or date == world.now == 0:
                act = partial(self.depart, begun)
                world.push(date, 4, (7, self.rank, 1), act)
                # A departure that is missed may set free what was reserved for it.
                world.push(date + 1, 7, (self.rank,), lambda: None)

    def change(self, number, phase):
        """Begin a phase."""
        self.begun.append(number)
        self.plan = self.plan.as_of(phase)
        if not self.plan.dispatch_dates:
            self.due, self.missed = [], []
        self._go_by_plan()
        if self.plan.dispatch_times and self.world.now in self.timetable:
            self.world.push(self.world.now + 1, 7, (self.rank,), lambda: None)
            self.depart(tuple(self.begun))

    @property
    def later(self):
        """The groups that phases serve which have still to begin."""
        phases = enumerate(self.first.phases.values())
        later = (p.groups or () for n, p in phases if n not in self.begun)
        return {group for groups in later for group in groups}

    def ticks(self):
        """Return when its reasons may change by date."""
        hours = [moment for window in self.windows for moment in window]
        pace = self.plan.at_most
        clock, horizon = self.world.plan.clock, self.world.plan.horizon_s
        days = pace.starts(clock, horizon) if pace else ()
        return {self.opens, self.closes, *hours, *days}

    def plan_ahead(self):
        """Fix what happens by date, and wait for what hangs on something."""
        world, plan, here = self.world, self.plan, ("flows", self.name)
        for number, (field, act) in enumerate(
            (("opens", self.open), ("closes", self.close))
        ):
            moment, tie = getattr(plan, field), (7, self.rank, 3 * number)
            if isinstance(moment, Hanging):
                world.moments.on(moment, (*here, field), 4, tie, act)
        for number, date in enumerate(plan.dispatch_dates):
            if isinstance(date, Hanging):
                path = (*here, "dispatch_dates", str(number))
                world.moments.on(date, path, 4, (7, self.rank, 1), self.depart_at_last)

        for number, (moment, phase) in enumerate(plan.phases.items()):
            path, act = (*here, "phases", moment), partial(self.change, number, phase)
            world.moments.on(moment, path, 4, (7, self.rank, 2), act)

    def open(self):
        self.opens = self.world.now

    def close(self):
        self.closes = self.world.now

    def depart_at_last(self):
        self.coming -= 1
        self.world.push(self.world.now + 1, 7, (self.rank,), lambda: None)
        self.depart(tuple(self.begun))

    def review(self):
        """Note when it is over."""
        known = self.world.moments.happened
        nobody = self.is_over or not self.there()
        way = [c for c in self.world.of_flow(self.name) if any(c.riders.values())]
        way += [walk for walk in self.world.on_foot if walk[1] == self.name]
        if self.sent and nobody and not way and not known[self.name, "is over"]:
            self.world.moments.happens(self.name, "is over")

    def there(self):
        """Whether anybody is at the site, or comes or is driven back there."""
        origin, ever = self.route.origin, {*self.groups, *self.later}
        world = self.world
        return any(
            world.free_or_to_come(origin, group) or world.driven_back(origin, group)
            for group in ever
        )

    def depart(self, begun):
        """Make the departure of this second due, if it is one of the phase."""
        if begun != tuple(self.begun) and not self.plan.dispatch_dates:
            return
        if not self.opens <= self.world.now < self.closes:
            return
        self.due += [*self.missed, None]
        self.missed = []

    def end_second(self):
        """Miss what was due in the second that is over."""
        if self.if_missed != "late":
            if self.if_missed == "next":
                self.missed += self.due
            self.due = []
        if self.gave_up_with and self.then is None:
            self.then = self.gave_up_with.answer(self), self.left_free()

    def pause(self, pact):
        """Send none, after one that gave up as it set out, until that may change."""
        self.gave_up_with, self.then = pact, None

    @property
    def pauses(self):
        if not self.gave_up_with or self.then is None:
            return self.gave_up_with is not None
        answer, free = self.then
        more = any(n > free.get(what, 0) for what, n in self.left_free().items())
        return self.gave_up_with.answer(self) == answer and not more

    def left_free(self):
        return {
            **self.free(),
            **{("fleet", f): self.takes(f) for f in self.plan.convoy},
        }

    # When it may send

    def within(self, moment):
        return any(since <= moment < until for since, until in self.windows)

    def may_send(self, limit):
        """Return whether a moment is left, before a limit, at which it may send."""
        now, limit = self.world.now, min(limit, self.closes)
        if self.opens == inf or self.coming:
            return now < limit
        later = [d for d in self.timetable if d > now and d >= self.opens]
        if not self.scheduled:
            moments = [max(now, self.opens)]
        else:
            moments = [*([now] if self.due else []), *later]
        if self.scheduled and self.if_missed != "late":
            return any(m < limit and self.within(m) for m in moments)
        for moment in moments:
            starts = [max(moment, s) for s, until in self.windows if moment < until]
            if starts and min(starts) < limit:
                return True
        return False

    @property
    def is_over(self):
        return not self.may_send(self.world.plan.horizon_s)

    # Why it does not

    def obstacle(self):
        """Return the first that stands in the way of a convoy; None if nothing."""
        own = self.world.of_flow(self.name)
        coming = [c for c in own if c.phase == "inbound" and any(c.told_off.values())]
        return self._no_service(coming) or self._shut() or self._time(own, coming)

    def _no_service(self, coming):
        horizon = self.world.plan.horizon_s
        if self.world.now < self.opens:
            return Cause.NOT_BEGUN
        nobody = not any(self.free().values())
        if nobody and coming:
            return self.no_vehicle()
        if nobody or not self.may_send(horizon + BEYOND_S):
            return Cause.NO_SERVICE
        return None

    def _shut(self):
        world, way = self.world, {*self.route.inbound, *self.route.through}
        for pact in self.pacts:
            may = pact.moving and pact.leaves(pact.side_of(self.name))
            if pact.governs and not may:
                return Cause.AGREEMENT
        if self.pauses:
            return Cause.AGREEMENT
        boards_at = self.plan.boards_at
        shut = boards_at and world.closing_boarding(self.name, boards_at)
        halts = [o for o in world.concerning(self.name) if way & {*o.plan.closes}]
        if shut:
            return shut[0].cause
        if any(deters(o.plan) or self.name in o.deterred for o in halts):
            return Cause.STOPPAGE
        if world.room_at(self.route.destination) == 0:
            return Cause.FULL
        return None

    def _time(self, own, coming):
        world, plan, now = self.world, self.plan, self.world.now
        held = next((world.cause(c) for c in coming if world.cause(c) in HELD), None)
        if self.scheduled and not self.due:
            dated = Cause.NOT_BEGUN if plan.dispatch_dates else Cause.OUTSIDE_HOURS
            return held or dated
        if not self.within(now):
            return held or Cause.OUTSIDE_HOURS
        if self.sent and now < self.last_s + self.headway_s:
            return held or Cause.HEADWAY
        if plan.at_most and not self.left_of_pace():
            return held or Cause.HEADWAY
        if len({c.whole or c for c in own}) >= plan.at_once or self.choose() is None:
            return self.no_vehicle()
        return None

    def no_vehicle(self):
        """Return why it lacks vehicles, or sends none in a second any more."""
        causes = [self.world.cause(c) for c in self.world.of_flow(self.name)]
        if causes and all(cause in HELD for cause in causes):
            return causes[0]
        return Cause.NO_VEHICLE

    # A convoy

    def free(self):
        origin = self.route.origin
        return {g: self.world.free(origin, g) for g in self.groups}

    def riders_of(self, fleet):
        carries = self.world.plan.fleets[fleet].carries
        return [g for g in self.groups if carries is None or g in carries]

    def takes(self, fleet):
        """Return how many vehicles of a fleet it may take now."""
        world, kept = self.world, 0
        for name, number in world.plan.fleets[fleet].reserve.items():
            if name != self.name and not world.flows[name].is_over:
                kept += max(0, number - world.flows[name].under_way(fleet))
        return max(0, world.idle[fleet] - kept)

    def kept_for_others(self, fleet):
        """Return how many vehicles of a fleet others have reserved."""
        world, reserve = self.world, self.world.plan.fleets[fleet].reserve
        return sum(
            number
            for name, number in reserve.items()
            if name != self.name and not world.flows[name].is_over
        )

    def under_way(self, fleet):
        own = self.world.of_flow(self.name)
        return sum(v.fleet == fleet for c in own for v in c.vehicles)

    def loads(self, fleet):
        """Return how many people each vehicle takes in the next convoy."""
        seats, full = self.world.plan.fleets[fleet].seats, self.full_of(fleet)
        chances = self.luck.of(self.sent + 1, self.world.now)
        drawn = chances.get(f"load/{fleet}", [seats] * full)
        return [max(1, min(seats, load)) for load in drawn]

    def full(self):
        """Return the vehicles of a full convoy, or what is left of a departure."""
        if self.scheduled and self.due and self.due[0] is not None:
            return self.due[0]
        return {fleet: self.full_of(fleet) for fleet in self.plan.convoy}

    def full_of(self, fleet):
        size, world = self.plan.convoy[fleet], self.world
        if isinstance(size, int):
            return size
        drawn = self.luck.of(self.sent + 1, world.now)[f"convoy/{fleet}"][0]
        return max(1, min(drawn, sum(world.plan.fleets[fleet].joins.values())))

    def left_of_pace(self):
        """Return how much of its pace is left in this day or week."""
        pace, world = self.plan.at_most, self.world
        days = pace.starts(world.plan.clock, world.plan.horizon_s)
        since = max(day for day in days if day <= world.now)
        sizes = [size for second, size in self.told_off if second >= since]
        return max(0, pace.number - sum(size[pace.unit] for size in sizes))

    def room(self):
        """Return the people and vehicles that its agreements leave, None for any."""
        least = {"people": None, "vehicles": None}
        if self.plan.at_most and self.plan.at_most.unit != "convoys":
            least[self.plan.at_most.unit] = self.left_of_pace()
        if (left := self.world.room_at(self.route.destination)) is not None:
            known = least["people"]
            least["people"] = left if known is None else min(known, left)
        for pact in self.pacts:
            unit = pact.terms.unit
            if pact.governs and unit != "convoys":
                room = pact.room_for_next(pact.side_of(self.name))
                known = least[unit]
                least[unit] = room if known is None else min(known, room)
        return least

    def fill(self, vehicles, room):
        """Return the fleet and load of each vehicle that sets out."""
        free, filled = self.free(), []
        people, number = room["people"], room["vehicles"]
        for fleet in sorted(self.plan.convoy, key=lambda f: len(self.riders_of(f))):
            for seats in self.loads(fleet)[: vehicles.get(fleet, 0)]:
                left = seats if people is None else min(seats, people)
                load = {}
                for group in self.riders_of(fleet):
                    if taken := min(left, free[group]):
                        load[group] = taken
                        free[group] -= taken
                        left -= taken
                if not load or (number is not None and len(filled) >= number):
                    break
                filled.append((fleet, load))
                if people is not None:
                    people -= sum(load.values())
        return filled

    def choose(self):
        """Return the vehicles of the convoy that can be formed now, None if none."""
        full = self.full()
        leader = next(iter(self.plan.convoy))
        takes = {f: min(n, self.takes(f)) for f, n in full.items()}
        room, anything = self.room(), {"people": None, "vehicles": None}
        chosen = self.fill(takes, room)
        has = self.world.idle[leader] + sum(
            flow.under_way(leader) for flow in self.world.flows.values()
        )
        has = max(0, has - self.kept_for_others(leader))
        whole = full.get(leader, 0)
        least = min(self.plan.smallest or whole, whole, has)
        free = self.free()
        left = sum(free[g] for g in self.riders_of(leader))
        for _, load in chosen:
            left -= sum(load.get(g, 0) for g in self.riders_of(leader))
        enough = takes.get(leader, 0) >= least or left == 0
        most = self.fill(full, room)
        if not enough and most != self.fill(full, anything):
            led = [[f for f, _ in some].count(leader) for some in (chosen, most)]
            enough = led[0] >= led[1]
        return chosen if chosen and enough else None

    def send(self):
        """Form a convoy; return it."""
        world, chosen = self.world, self.choose()
        full = self.full()
        if self.scheduled:
            takes = {f: min(n, self.takes(f)) for f, n in full.items()}
            uncut = self.fill(takes, {"people": None, "vehicles": None})
            names, sent = [f for f, _ in uncut], [f for f, _ in chosen]
            stayed = {f: names.count(f) - sent.count(f) for f in full}
            self.due.pop(0)
            if any(n > 0 for n in stayed.values()):
                self.due.insert(0, {f: n for f, n in stayed.items() if n > 0})
        self.sent += 1
        if self.sent == 1:
            world.moments.happens(self.name, "begins")
        chances = self.luck.of(self.sent, world.now)
        self.gave_up_with = None
        self.last_s, self.headway_s = world.now, chances.get("headway", [0])[0]
        vehicles = [Vehicle(f, n, load) for n, (f, load) in enumerate(chosen)]
        for vehicle in vehicles:
            world.idle[vehicle.fleet] -= 1
        name = f"{self.name}-{self.sent:03d}"
        number, now = next(world.numbers), world.now
        convoy = Convoy(name, self.name, number, now, vehicles, chances, self.plan)
        people = sum(convoy.told_off.values())
        size = {"people": people, "vehicles": len(vehicles), "convoys": 1}
        self.told_off.append((now, size))
        world.convoys.append(convoy)
        for pact in self.pacts:
            if pact.governs:
                pact.enter(convoy)
        return convoy

    def turn(self):
        """Return what decides which of several flows that can sends first."""
        leader = next(iter(self.plan.convoy))
        given = self.world.plan.fleets[leader].priority.get(self.name, 5)
        people = min(self.priorities[g] for g, n in self.free().items() if n > 0)
        return given, people, self.last_s, self.rank


def deters(plan):
    """Return whether nobody sets out towards the gates of a stoppage."""
    if plan.deters is not None or plan.meets is not None:
        return bool(plan.deters)
    back = plan.caught == "detain" and plan.afterwards == "turn_back"
    return plan.caught == "turn_back" or back
