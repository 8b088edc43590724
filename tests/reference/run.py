"""One run of the reference: events in their order, and everybody asked after each."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial

from sim.events import Cause
from tests.reference.chance import Streams, luck
from tests.reference.demand import Demand
from tests.reference.dispatch import NEAREST, Flow
from tests.reference.halts import Halt
from tests.reference.journey import Journey
from tests.reference.moments import Moments
from tests.reference.pact import Pact
from tests.reference.parting import Parting
from tests.reference.roads import Roads
from tests.reference.world import World


@dataclass
class Outcome:
    """What happened, as far as it is compared."""

    arrivals: list = field(default_factory=list)  # time, convoy, group, people
    person_seconds: dict = field(default_factory=lambda: defaultdict(int))
    crossings: list = field(default_factory=list)  # time, convoy, gate, people
    returned: list = field(default_factory=list)  # time, convoy, group, people
    unaccounted: list = field(default_factory=list)  # time, convoy, group, people
    lives_lost: list = field(default_factory=list)  # time, convoy, group, people
    on_foot: list = field(default_factory=list)  # time, convoy, group, people
    left: list = field(default_factory=list)  # time, stoppage, kind, fleet, number
    diverted: list = field(default_factory=list)  # time, convoy, gate
    lost: list = field(default_factory=list)  # time, convoy, vehicles
    counted: list = field(default_factory=list)  # time, agreement, convoy, units
    changes: list = field(default_factory=list)  # time, agreement, kind
    came: list = field(default_factory=list)  # time, field


class EndlessError(Exception):
    """Something goes on and on within one second."""


MOST = 3000
"""Steps within one second that a small scenario may need."""


class Run(Journey, Parting, Roads, Demand, World):
    """A run: the journey of convoys and the state, driven by the heap."""

    def __init__(self, operation, streams):
        super().__init__(operation, streams)
        self.outcome, self.steps, self.mover = Outcome(), 0, None
        self.moments = Moments(self)
        self.factors = {
            name: luck.speed_factor(streams, weather.speed_factor, name)
            for name, weather in operation.weather.items()
        }
        for rank, (name, plan) in enumerate(operation.agreements.items()):
            self.agreements[name] = Pact(self, rank, name, plan)
        for rank, (name, plan) in enumerate(operation.flows.items()):
            self.flows[name] = Flow(self, rank, name, plan)
        for rank, (name, plan) in enumerate(operation.stoppages.items()):
            self.halts.append(Halt(self, rank, name, plan))
            self.halts[-1].plan_first()
        for name, moment in operation.moments.items():
            self.moments.on(
                moment, ("moments", name), 0, (), partial(self.come_about, name)
            )
        for pact in self.agreements.values():
            self._plan_pact(pact)
        self.plan_roads()
        self._plan_fleets()
        self.plan_people()
        self._plan_flows()
        for midnight in operation.clock.days(operation.horizon_s):
            self.push(midnight, 3, (), lambda: None)  # what is open or drawn is another

    # What is known beforehand

    def _plan_pact(self, pact):
        plan, here = pact.plan, ("agreements", pact.name)
        on, terms_of = self.moments.on, plan.amendments.items()

        def propose():
            pact.propose()
            for number, (name, way) in enumerate(plan.requires.items()):
                if way.after is not None:
                    args = self.streams, way.after, pact.name, name
                    happens = self.now + luck.precondition_s(*args)
                    tie = (pact.rank, 2, number)
                    self.push(happens, 3, tie, lambda name=name: pact.met.add(name))

        def date():
            pact.dated = True

        on(plan.proposed or 0, (*here, "proposed"), 3, (pact.rank, 0, 0), propose)
        if plan.in_force is not None:
            on(plan.in_force, (*here, "in_force"), 3, (pact.rank, 1, 0), date)
        for number, (name, way) in enumerate(plan.requires.items()):
            if way.on is not None:
                tie = (pact.rank, 2, number)
                path = (*here, "requires", name, "on")
                on(way.on, path, 3, tie, partial(pact.met.add, name))
        for number, (moment, terms) in enumerate(terms_of):
            path = (*here, "amendments", moment)
            on(moment, path, 3, (pact.rank, 3, number), partial(pact.amend, terms))
        for path, terms in [
            (here, plan),
            *(((*here, "amendments", moment), terms) for moment, terms in terms_of),
        ]:
            if (ends := terms.deadline) is not None:
                act = partial(pact.end, ends)
                on(ends, (*path, "deadline"), 3, (pact.rank, 4, 0), act)

    def _plan_fleets(self):
        for rank, (fleet, plan) in enumerate(self.plan.fleets.items()):
            for moment, number in plan.joins.items():
                path, act = ("fleets", fleet, "joins", moment), self.join
                self.moments.on(moment, path, 4, (0, rank), partial(act, fleet, number))
            for moment, number in plan.leaves.items():
                path, act = ("fleets", fleet, "leaves", moment), self.leave
                self.moments.on(moment, path, 4, (1, rank), partial(act, fleet, number))

    def join(self, fleet, number):
        self.idle[fleet] += number

    def leave(self, fleet, number):
        idle = min(number, self.idle[fleet])
        self.idle[fleet] -= idle
        self.owed[fleet] += number - idle
        self.owe_what_is_there()

    def _plan_flows(self):
        for flow in self.flows.values():
            flow.plan_ahead()

    def come_about(self, name):
        self.moments.happens(name, "comes")

    # The run

    def run(self):
        horizon = self.plan.horizon_s
        while self.heap and self.heap[0][0] < horizon:
            if self.heap[0][0] > self.now:
                self.pass_time(self.heap[0][0])
            while self.heap and self.heap[0][0] == self.now:
                (*_, action), self.mover = self.pop(), None
                action()
                self.settle()
        self.pass_time(horizon)
        for occurrence in [o for o in self.active if o.halt]:
            occurrence.halt.tell_what_is_left(occurrence, horizon - 1)
        self.outcome.counted = [c for p in self.agreements.values() for c in p.counted]
        self.outcome.changes = [c for p in self.agreements.values() for c in p.changes]
        return self.outcome

    def next_rank(self):
        """Return the rank of what is next in this second, 9 if nothing is."""
        if self.heap and self.heap[0][0] == self.now:
            return self.heap[0][1]
        return 9

    def settle(self):
        """Ask everybody, until something else goes first or nobody has an answer."""
        self.review_agreements()
        while self.next_rank() > 4:
            done = self.release_and_move_up() or self.look() or self.serve_all()
            if not done and self.next_rank() < 9:
                return
            if not (done or self.send_one() or self.give_up()):
                return
            self.review_agreements()
            self.steps += 1
            if self.steps > MOST:
                raise EndlessError(f"at {self.now} s")

    def review_agreements(self):
        while any(pact.review() for pact in self.agreements.values()):
            pass
        for flow in self.flows.values():
            if self.next_rank() > 4:
                flow.review()
        if not self.moves_on() and self.moments.review():
            self.review_agreements()
        for occurrence in list(self.active):
            awaited = occurrence.plan.until_agreement
            if awaited and self.agreements[awaited].status in {"in force", "completed"}:
                occurrence.halt.plan_end(occurrence, self.now)

    def release_and_move_up(self):
        pacts = [pact for pact in self.agreements.values() if pact.governs]
        return any(pact.release() or pact.move_up() for pact in pacts)

    def moves_on(self):
        """Return whether who moved last has come to a gate and goes on there."""
        convoy = self.mover
        if convoy is None or not convoy.in_line or not self.can_look(convoy):
            return False
        return not any(self.can_look(c) for c in self.convoys if c is not convoy)

    def look(self):
        """Let the first in line who can go on; return whether any did."""
        line = [c for c in self.convoys if c.in_line or self.not_met(c)]
        line.sort(key=lambda c: c.came)
        return any(self.looks(convoy) for convoy in line)

    def give_up(self):
        """Let the first formed turn back whose patience is over; return whether any."""
        stand = [c for c in self.convoys if c.doing in {"gate", "lanes"}]
        line = [c for c in stand if not c.detained]
        for convoy in sorted(line, key=lambda c: c.rank):
            for pact in self.forbidden(convoy):
                if pact.name in convoy.impatient:
                    if convoy.formed_s == self.now:
                        self.flows[convoy.flow].pause(pact)
                    self.turn_back(convoy)
                    return True
            for occurrence in self.bars(convoy):
                if occurrence in convoy.tired and convoy.aboard:
                    occurrence.halt.deter(convoy, occurrence)
                    self.turn_back(convoy)
                    return True
        return False

    def send_one(self):
        can = [flow for flow in self.flows.values() if flow.obstacle() is None]
        if not can:
            return False
        first = min(can, key=Flow.turn)
        convoy = first.send()
        self.push(self.now + first.headway_s, 7, (first.rank,), lambda: None)
        self.advance(convoy)
        return True

    # Person-time

    def pass_time(self, until):
        """Charge the time from now to a later moment."""
        reasons = {
            name: flow.obstacle() or flow.no_vehicle()
            for name, flow in self.flows.items()
        }
        for flow in self.flows.values():
            flow.end_second()
        spent = self.outcome.person_seconds
        for (site, group), people in self.crowd.items():
            own = [
                reasons[name]
                for name, flow in self.flows.items()
                if flow.route.origin == site and group in flow.plan.groups
            ]
            own += [
                Cause.NOT_BEGUN
                for flow in self.flows.values()
                if flow.route.origin == site and group in flow.later - {*flow.groups}
            ]
            cause = min(own, key=NEAREST.index, default=Cause.NO_SERVICE)
            later = self.unready(site, group)
            lasts = until - self.now
            for number, why in ((people - later, cause), (later, Cause.NOT_READY)):
                if number:
                    spent[site, group, why] += number * lasts
        for convoy in self.convoys:
            if convoy.aboard:
                origin, cause = self.origin(convoy), self.cause(convoy)
                for group, people in convoy.riders.items():
                    spent[origin, group, cause] += people * (until - self.now)
        for site, _, walkers in self.on_foot:
            for group, people in walkers.items():
                spent[site, group, Cause.ROAD] += people * (until - self.now)
        self.now, self.steps = until, 0


def simulate(operation, seed=0, replication=0):
    """Return what happens in one run, by the reference."""
    return Run(operation, Streams(seed, replication)).run()
