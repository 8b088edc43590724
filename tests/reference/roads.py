"""Hours, releases, changes and legs with capacity in the reference."""

from fractions import Fraction
from functools import partial

from sim.events import Cause
from tests.reference.chance import luck

FAR_S = 10 * 86_400


class HoursOf:
    """What closes a gate outside its hours; a stoppage that meets nobody."""

    cause = Cause.OUTSIDE_HOURS
    until_agreement = None
    suspends = breaches = ()
    flows = meets = None
    deters, caught, afterwards = False, "hold", "release"

    def __init__(self, gate):
        self.closes, self.plan = (gate,), self
        self.deterred, self.halt = set(), None


class Road:
    """A leg that convoys enter one after the other."""

    def __init__(self, plan, clock, horizon_s):
        self.per_hour, self.holds = plan.vehicles_per_hour, plan.holds
        self.windows = ((0, horizon_s + FAR_S),)
        if plan.hours is not None:
            self.windows = clock.windows(plan.hours, horizon_s + FAR_S)
        self.line, self.last, self.last_s, self.ends = [], None, 0, []

    def is_open(self, now):
        return any(since <= now < until for since, until in self.windows)

    def change(self, plan):
        self.per_hour = plan.vehicles_per_hour or self.per_hour
        self.holds = plan.holds or self.holds
        if self.last is not None:
            self.last = Fraction(self.last_s)

    def earliest(self, since):
        """Return when the next vehicle can enter, exactly."""
        exact = Fraction(max(since, self.last_s))
        if self.per_hour and self.last is not None:
            paced = self.last + Fraction(3600, self.per_hour)
            exact = paced if -(-paced // 1) >= exact else exact
        if self.holds:
            second = -(-exact // 1)
            while sum(end > second for end in self.ends) >= self.holds:
                second = min(end for end in self.ends if end > second)
                exact = Fraction(second)
        return exact

    def first(self, now):
        """Return when the first vehicle of the next convoy can enter, exactly."""
        exact = self.earliest(now)
        second = -(-exact // 1)
        if not self.is_open(second):
            starts = [s for s, _ in self.windows if s > second]
            if not starts:
                return None
            exact = self.earliest(min(starts))
        return exact


class Roads:
    """A part of `Run`."""

    def plan_roads(self):
        """Fix when gates and legs open, close and change."""
        plan, self.roads, self.releases = self.plan, {}, {}
        self.lanes, self.inspects = {}, {}
        shut = [*plan.gates.items(), *plan.checkpoints.items()]
        for rank, (name, gate) in enumerate(shut):
            if gate.hours is not None:
                self._plan_hours(len(plan.stoppages) + rank, name, gate.hours)
        on = self.moments.on
        for rank, (name, gate) in enumerate(plan.gates.items()):
            if gate.releases is not None:
                self._release_by(name, gate.releases, 0)
            for number, (moment, change) in enumerate(gate.changes.items(), 1):
                act = partial(self._release_by, name, change.releases, number)
                on(moment, ("gates", name, "changes", moment), 4, (4, rank), act)
        for rank, (name, post) in enumerate(plan.checkpoints.items()):
            for number, (moment, change) in enumerate(post.changes.items(), 1):
                act = partial(self._change_post, name, change, number)
                on(moment, ("checkpoints", name, "changes", moment), 4, (5, rank), act)
        for rank, (name, leg) in enumerate(plan.legs.items()):
            if leg.hours or leg.vehicles_per_hour or leg.holds or leg.changes:
                self.roads[name] = Road(leg, plan.clock, plan.horizon_s)
                self._tick(self.roads[name].windows)
            for moment, change in leg.changes.items():
                act = partial(self._change_leg, name, change)
                on(moment, ("legs", name, "changes", moment), 4, (6, rank), act)

    def _tick(self, windows):
        for second in {s for window in windows for s in window}:
            if second < self.plan.horizon_s:
                self.push(second, 7, (), lambda: None)

    def _plan_hours(self, rank, gate, hours):
        windows = self.plan.clock.windows(hours, self.plan.horizon_s + FAR_S)
        shut = HoursOf(gate)
        if windows[0][0] > 0:
            self.push(0, 2, (rank,), lambda: self.active.append(shut))
        for since, until in windows:
            if since > 0:
                self.push(since, 1, (rank,), lambda: self.active.remove(shut))
            self.push(until, 2, (rank,), lambda: self.active.append(shut))

    # Releases at gates

    def _release_by(self, gate, plan, number):
        gaps = luck.releases(self.streams, plan.every, gate, number)
        before = self.releases.get(gate)
        last_s = before["last_s"] if before else None
        now = {"plan": plan, "gaps": gaps, "last_s": last_s, "let": 0, "next_s": 0}
        if before:
            now["let"] = before["let"]
        if last_s is not None:
            now["next_s"] = last_s + next(gaps)
            self.push(max(self.now, now["next_s"]), 5.5, (), lambda: None)
        self.releases[gate] = now

    def released(self, gate):
        """Return whether one more vehicle is let through a gate now; note it."""
        state = self.releases[gate]
        if state["last_s"] == self.now:
            if state["let"] >= state["plan"].vehicles:
                return False
            state["let"] += 1
            return True
        if self.now < state["next_s"]:
            return False
        state["last_s"], state["let"] = self.now, 1
        state["next_s"] = self.now + next(state["gaps"])
        self.push(state["next_s"], 5.5, (), lambda: None)
        return True

    def _change_post(self, name, change, number):
        if change.lanes is not None:
            self.lanes[name] = change.lanes
        if change.inspection is not None:
            self.inspects[name] = number
            for turn in self.stations[name]:
                if turn.began == self.now and not turn.done and not turn.kept:
                    turn.left = self.turn_s(turn)
                    self._run_turn(turn)

    # Legs

    def _change_leg(self, name, change):
        road = self.roads[name]
        road.change(change)
        if road.line:
            self._call_first(name)

    def come_to_leg(self, convoy, leg):
        convoy.doing, convoy.leg = "before leg", leg
        self.roads[leg].line.append(convoy)
        if self.roads[leg].line[0] is convoy:
            self._call_first(leg)

    def _call_first(self, leg):
        """Let the first in line enter, now or when it can."""
        road = self.roads[leg]
        convoy, exact = road.line[0], road.first(self.now)
        if exact is None:
            return
        second = int(-(-exact // 1))
        if second == self.now:
            self._enter_leg(convoy, leg, exact)
        else:
            self.push(second, 6, (convoy.rank,), partial(self._try, convoy, leg))

    def _try(self, convoy, leg):
        road = self.roads[leg]
        if road.line and road.line[0] is convoy:
            exact = road.first(self.now)
            if exact is not None and -(-exact // 1) == self.now:
                self._enter_leg(convoy, leg, exact)

    def _enter_leg(self, convoy, leg, exact):
        road, base = self.roads[leg], self.base_s(convoy, leg)
        road.line.remove(convoy)
        ends = []
        for number in range(len(convoy.vehicles)):
            if number:
                exact = road.earliest(road.last_s)
            road.last, road.last_s = exact, int(-(-exact // 1))
            end = road.last_s + self.drive_s(leg, base, road.last_s)
            ends.append(end)
            road.ends.append(end)
        self.under_way(convoy, max(ends) - self.now)
        if road.line:
            nxt = road.line[0]
            self.push(self.now, 6, (nxt.rank,), partial(self._call_first, leg))
