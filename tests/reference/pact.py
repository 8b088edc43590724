"""Agreements of the reference: their states, and what is open to a side."""

from math import inf

from sim.events import Kind
from tests.reference.failing import Failing
from tests.reference.tempo import Tempo
from tests.reference.tranches import Tranches

HAPPENS = {
    Kind.PROPOSED: ("is proposed",),
    Kind.IN_FORCE: ("is in force",),
    Kind.RENEGOTIATED: ("is in force",),
    Kind.REOPENED: ("is in force",),
    Kind.COMPLETED: ("is completed",),
    Kind.BREACHED: ("is breached",),
    Kind.LAPSED: ("lapses",),
}


class Pact(Tempo, Tranches, Failing):
    def __init__(self, world, rank, name, plan):
        self.world, self.rank, self.name, self.plan = world, rank, name, plan
        self.status, self.dated = "draft", plan.in_force is None
        self.deadline, self.met = plan.deadline, set()
        self.counted, self.changes, self.was_in_force = [], [], False
        self.tally = []  # second, side and sizes of what has counted
        self.plan_failure()
        self._begin(plan, dict.fromkeys(plan.parties, 0))

    def _begin(self, terms, carried):
        self.terms, self.carried, self.released, self.places = terms, carried, 0, {}
        self.tranches, self.since = terms.all_tranches, None
        self.terms_begun += 1

    def side_of(self, flow):
        sides = self.plan.parties.items()
        return next((side for side, party in sides if flow in party.flows), None)

    # What holds now

    @property
    def governs(self):
        return self.status not in {"draft", "lapsed"}

    @property
    def suspended(self):
        return any(self.name in o.plan.suspends for o in self.world.active)

    @property
    def moving(self):
        return self.status in {"in force", "completed"} and not self.suspended

    def sizes(self, side):
        counts = [tranche.get(side, 0) for tranche in self.tranches]
        return [inf if n == "rest" else n for n in counts]

    def of_side(self, side):
        return {c: p for c, p in self.places.items() if p.side == side}

    def room(self, side, tranche, but=None):
        """Return the room of a tranche, as if the convoy `but` had no place."""
        sizes = self.sizes(side)
        earlier = sum(sizes[:tranche])
        used = max(0, min(sizes[tranche], self.carried[side] - earlier))
        for convoy, place in self.of_side(side).items():
            if convoy is not but:
                used += sum(n for t, n in place.parts if t == tranche)
        return max(0, sizes[tranche] - used)

    def leaves(self, side):
        """Return the first tranche with any room, and how much; None if none has."""
        for tranche in range(len(self.tranches)):
            if room := self.room(side, tranche):
                return tranche, room
        return None

    def room_for_next(self, side):
        """Return how many units the next convoy may take."""
        if not self.terms.parts:
            return self.leaves(side)[1]
        return sum(self.room(side, tranche) for tranche in range(len(self.tranches)))

    def units(self, convoy):
        if self.terms.unit == "people":
            return sum(convoy.riders.values())
        return len(convoy.vehicles) if self.terms.unit == "vehicles" else 1

    def moved(self, side):
        counted = (p.units for p in self.of_side(side).values() if p.counted)
        return self.carried[side] + sum(counted)

    def waits(self, side):
        """Return whether people of a side wait at a site or are driven back there."""
        world, flows = self.world, self.plan.parties[side].flows
        for flow in flows:
            plan = world.plan.flows[flow]
            origin = world.plan.routes[plan.route].origin
            for group in plan.ever_serves:
                if world.crowd[origin, group] or world.driven_back(origin, group):
                    return True
                if world.to_come[origin, group]:
                    return True
        return False

    def done(self, side):
        """Return how many tranches a side has completed."""
        left, filled, sizes = self.moved(side), 0, self.sizes(side)
        while filled < len(sizes) and left >= sizes[filled]:
            left -= sizes[filled]
            filled += 1
        if self.waits(side):
            return filled
        places = self.of_side(side).values()
        ahead = [p.first for p in places if not p.counted]
        return max(filled, min(ahead, default=len(sizes)))

    def opens(self, side):
        """Return how many tranches are open to a side."""
        return min(self.days(), self._opened_by_rule(side))

    def _opened_by_rule(self, side):
        others = [self.done(s) for s in self.plan.parties if s != side]
        if not others:
            return inf
        least = min(others)
        match self.terms.rule:
            case "simultaneous":
                return self.released
            case "credit":
                return least + 1 + self.terms.ahead
            case "prior" if side != self.terms.first:
                return min(self.done(self.terms.first), least + 1)
        return least + 1

    def permits(self, convoy):
        if not self.governs:
            return True
        place = self.places.get(convoy)
        if not (self.moving and place and place.first < self.opens(place.side)):
            return False
        return not self.holds_back(place)

    def answer(self, flow):
        """Return what decides whether the next convoy of a flow may pass."""
        side = self.side_of(flow.name)
        opens = min(self.opens(side), len(self.tranches))
        able = [c for c in self.world.convoys if self.side_of(c.flow) and self.able(c)]
        room, left = self.leaves(side), self.left(side)
        return self.governs, self.moving, opens, room, left, {*able}

    # Changes of state

    def become(self, status, kind):
        self.status = status
        if kind in {Kind.IN_FORCE, Kind.RENEGOTIATED}:
            self.since = self.world.now
        self.was_in_force = self.was_in_force or status == "in force"
        if status == "in force":
            self.first_in_force()
        self.changes.append((self.world.now, self.name, kind))
        for what in HAPPENS[kind]:
            self.world.moments.happens(self.name, what)

    def propose(self):
        self.terms_begun += 1  # a draft counts as terms of its own
        self.become("proposed", Kind.PROPOSED)
        self.proposed_s = self.world.now
        self.place_anew()

    def amend(self, terms):
        if self.status == "draft":
            self._begin(terms, dict.fromkeys(self.plan.parties, 0))
            self.deadline = terms.deadline or self.deadline
        if not self.governs:
            return
        moved = {side: self.moved(side) for side in self.plan.parties}
        keeps = terms.unit == self.terms.unit
        least = min(moved.values())
        gone = {c for c, p in self.places.items() if p.let_through}
        self._begin(terms, {s: n - least if keeps else 0 for s, n in moved.items()})
        if terms.deadline is not None:
            self.deadline = terms.deadline
        self.world.moments.happens(self.name, "is amended")
        if self.unmet():
            self.become("proposed", Kind.PROPOSED)
        else:
            self.become("in force", Kind.RENEGOTIATED)
        self.place_anew(gone)

    def breach(self):
        if self.status in {"proposed", "in force"}:
            self.become("breached", Kind.BREACHED)

    def end(self, deadline):
        """Reach the deadline, if it still is one."""
        if self.deadline != deadline or self.status == "completed":
            return
        if self.plan.after_deadline == "breach":
            self.breach()
        elif self.governs:
            self.become("lapsed", Kind.LAPSED)

    def unmet(self):
        def met(name, way):
            if way.agreement:
                return self.world.agreements[way.agreement].status == "completed"
            if way.arrived:
                arrived = self.world.arrived
                return all(arrived[flow] >= n for flow, n in way.arrived.items())
            return name in self.met

        if self.was_in_force:
            return False
        if self.doomed:
            return True
        ways = self.plan.requires.items()
        return not self.dated or not all(met(name, way) for name, way in ways)

    def review(self):
        """Change the state by itself; return whether it did."""
        if self.status == "proposed" and not self.unmet():
            self.become("in force", Kind.IN_FORCE)
            return True
        if self.status in {"in force", "completed"}:
            tranches = len(self.tranches)
            complete = all(self.done(s) >= tranches for s in self.plan.parties)
            if complete and self.status == "in force":
                self.become("completed", Kind.COMPLETED)
                return True
            if not complete and self.status == "completed":
                self.become("in force", Kind.REOPENED)
                return True
        return False
