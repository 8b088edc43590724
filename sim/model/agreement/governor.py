"""An agreement in a run: tells it what happens, and carries out what follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

import simpy

from sim.events import EventLog, Kind, Reason, ReasonKind
from sim.model.agreement.facts import (
    Became,
    Counted,
    Effect,
    Fact,
    LookAtGate,
    LookForConvoys,
    Opened,
    Renegotiated,
    SettleLater,
    State,
    TranchesCompleted,
)
from sim.model.agreement.machine import Agreement, Answer
from sim.model.convoy import Convoy
from sim.model.crowd import Crowd
from sim.model.gate import Gate
from sim.model.kernel import LINE, Alarm
from sim.model.luck import patience_s, policy_number
from sim.model.streams import Streams
from sim.parts.rules import UNLIMITED
from sim.scenario.moments import Hanging
from sim.scenario.pace import Period
from sim.scenario.plans import AgreementPlan, AmendmentPlan

_KINDS = {
    State.PROPOSED: Kind.PROPOSED,
    State.IN_FORCE: Kind.IN_FORCE,
    State.BREACHED: Kind.BREACHED,
    State.COMPLETED: Kind.COMPLETED,
    State.LAPSED: Kind.LAPSED,
}


class Governor:
    """Stands between an agreement and the gates, convoys and flows that it concerns.

    Attributes
    ----------
    agreement : its state, and what it allows.
    deadline : when it ends if it is not completed; None for never.
    waits_for : flows whose movement a precondition waits for, by precondition.
    when : by what the log calls it, what is called each time that it changes so.
    look_for_convoys : by side, called when its flows may or may not send convoys.
    when_told : by flow, called at anything that may change its answer.
    """

    def __init__(
        self,
        name: str,
        plan: AgreementPlan,
        unmet: Mapping[str, str],
        gates: Mapping[str, Gate],
        crowds: Mapping[str, Sequence[Crowd]],
        env: simpy.Environment,
        log: EventLog,
        streams: Streams,
    ) -> None:
        self.name = name
        self._env = env
        self._settles_s = -1
        number = partial(policy_number, streams, name)
        self.agreement = Agreement(name, plan, unmet, number)
        self.deadline = plan.deadline
        self.waits_for: dict[str, Sequence[str]] = {}
        self.when: defaultdict[Kind, list[Callable[[], None]]] = defaultdict(list)
        self.look_for_convoys: dict[str, Callable[[], None]] = {}
        self.when_told: dict[str, Callable[[], None]] = {}
        self._plan = plan
        self._gates = dict(gates)
        self._crowds = dict(crowds)
        self._log = log
        self._streams = streams
        self._by_side = {
            side: Reason(ReasonKind.SIDE, name, side) for side in plan.parties
        }
        self._side = {f: s for s, party in plan.parties.items() for f in party.flows}
        self._convoys: dict[int, Convoy] = {}
        for party in plan.parties.values():
            self.people_changed(party.flows[0])

    def flows_of(self, side: str) -> Sequence[str]:
        """Return the flows that move for a side."""
        return self._plan.parties[side].flows

    @property
    def now_s(self) -> int:
        """Seconds after the operation starts."""
        return int(self._env.now)

    # What it allows

    @property
    def binds(self) -> bool:
        """Whether it governs its gates now."""
        return self.agreement.binds

    @property
    def is_in_force(self) -> bool:
        """Whether it is in force."""
        return self.agreement.is_in_force

    @property
    def unit(self) -> str:
        """What its tranches count."""
        return self.agreement.terms.unit

    def has_room(self, flow: str) -> bool:
        """Return whether the next convoy of a flow may claim anything."""
        return self.agreement.told_room[self._side[flow]] > 0

    def room(self, flow: str) -> int:
        """Return how many units the next convoy of a flow may claim."""
        return self.agreement.room(self._side[flow])

    def room_for_more(self, convoy: Convoy) -> int:
        """Return how many more people a convoy may carry for which it has a place."""
        side = self.agreement.sides[self._side[convoy.flow]]
        return side.room_for_more(convoy.number) if self.binds else UNLIMITED

    def why_no_room(self) -> Reason:
        """Return why a flow that has no room has none."""
        return self.agreement.why_no_room()

    def why_not(self, convoy: Convoy) -> Reason | None:
        """Return why the convoy may not pass, None if it may."""
        loads = convoy.loads() if self.agreement.terms.parts else ()
        return self.agreement.why_not(self._side[convoy.flow], convoy.number, loads)

    def may_cross(self, convoy: Convoy) -> int:
        """Return how many of the first vehicles of a convoy may pass now.

        None if the terms let it pass in no parts.
        """
        side, number, loads = self._side[convoy.flow], convoy.number, convoy.loads()
        if self.agreement.terms.parts:
            return self.agreement.may_cross(side, number, loads)
        may_pass = self.agreement.why_not(side, number) is None
        return len(loads) if may_pass else 0

    def answer(self, flow: str) -> Answer:
        """Return all on which it depends whether the next convoy of a flow may pass."""
        return self.agreement.answer(self._side[flow])

    def why_held_back(self, flow: str) -> Reason:
        """Return why a flow does not pass that has its places."""
        return self.agreement.why_next_not(self._side[flow])

    def patience_s(self, convoy: Convoy) -> int | None:
        """Return how long the convoy stands at its gate at most, None if for ever."""
        draw = self._plan.parties[self._side[convoy.flow]].gives_up_after
        if draw is None:
            return None
        return patience_s(self._streams, draw, self.name, convoy.name)

    def gave_up(self, convoy: Convoy, _: str = "") -> Reason:
        """Return the reason for which a convoy turns back whose patience is over."""
        return Reason(ReasonKind.GAVE_UP, self.name, self._side[convoy.flow])

    # What happens to convoys and people

    def formed(self, convoy: Convoy) -> None:
        """Note that a convoy was formed."""
        self._convoys[convoy.number] = convoy
        self._tell(Fact.FORMED, convoy, convoy.expected, convoy.vehicles)

    def parted(self, convoy: Convoy, part: Convoy) -> None:
        """Note that the first vehicles of a convoy are a convoy of their own."""
        self._convoys[part.number] = part
        what = part.number, part.expected, part.vehicles
        self._tell(Fact.PARTED, convoy, *what)

    def rest_stands(self, convoy: Convoy) -> None:
        """Note that a convoy of which a part has gone on stands there able to go."""
        side = self._side[convoy.flow]
        if convoy.number in self.agreement.sides[side].ready:
            able = {convoy.number: convoy.place_in_line}
            self._carry_out(self.agreement.tell(Fact.READY, side, able))

    def ready(self, convoys: Sequence[Convoy]) -> bool:
        """Note that convoys stand at their gate able to go; return if that is news."""
        news = False
        for side, places in self.agreement.sides.items():
            able = {
                convoy.number: convoy.place_in_line
                for convoy in convoys
                if self._side[convoy.flow] == side
                and convoy.number in places.claims
                and convoy.number not in places.ready
            }
            if able:
                news = True
                self._carry_out(self.agreement.tell(Fact.READY, side, able))
        return news

    def not_ready(self, convoys: Sequence[Convoy], *, by_date: bool = False) -> None:
        """Note that convoys cannot go, whatever is agreed.

        Parameters
        ----------
        by_date : as a stoppage begins: others move up once all that has.
        """
        for side in self.agreement.sides:
            unable = [c.number for c in convoys if self._side[c.flow] == side]
            if unable:
                fact = Fact.NOT_READY, side, unable, by_date
                self._carry_out(self.agreement.tell(*fact))

    def let_through(self, convoy: Convoy) -> None:
        """Note that the convoy may pass, also if the agreement changes now."""
        self._tell(Fact.LET_THROUGH, convoy)

    def crossed(self, convoy: Convoy) -> None:
        """Count the convoy as having passed its side's gate."""
        if self.agreement.terms.counted_at == "crossing":
            self._tell(Fact.MOVED, convoy)

    def arrived(self, convoy: Convoy) -> None:
        """Count the convoy as having arrived."""
        if self.agreement.terms.counted_at == "arrival":
            self._tell(Fact.MOVED, convoy)

    def recount(self, convoy: Convoy) -> None:
        """Count the convoy for what is left of it, or has joined it."""
        self._tell(Fact.RECOUNTED, convoy, convoy.expected, convoy.vehicles)

    def give_up(self, convoy: Convoy) -> None:
        """Take back what the convoy counts for: it was lost or turns back."""
        self._tell(Fact.GAVE_UP, convoy)

    def diverted(self, convoy: Convoy, place: str, gates: Collection[str]) -> None:
        """Take back the place of a convoy that comes to its side's gate no more.

        Parameters
        ----------
        place : gate from which it goes on over another route.
        gates : on that route.
        """
        side = self._side[convoy.flow]
        gate, places = self._plan.parties[side].gate, self.agreement.sides[side]
        is_there = gate == place and convoy.number in places.let_through
        if gate not in gates and (is_there or convoy.number in places.claims):
            self.give_up(convoy)

    def over(self, convoy: Convoy) -> None:
        """Forget a convoy whose journey is over."""
        self._convoys.pop(convoy.number, None)

    def people_changed(self, flow: str) -> None:
        """Note that people have left the sites of a flow's side, or come to them."""
        side = self._side[flow]
        nobody_left = True
        for crowd in self._crowds[side]:
            if crowd.waiting or crowd.driven_back or crowd.to_come:
                nobody_left = False
                break
        if nobody_left is not self.agreement.sides[side].nobody_left:
            self._carry_out(self.agreement.tell(Fact.LEFT, side, nobody_left))

    # How it changes

    def begin_period(self, period: Period) -> None:
        """Note that a day or a week of the calendar begins."""
        self._carry_out(self.agreement.tell(Fact.PERIOD, period))

    def propose(self) -> None:
        """Put it forward: from now on it governs its gates."""
        self._carry_out(self.agreement.tell(Fact.PROPOSED))
        for gate in dict.fromkeys(self._gates.values()):
            gate.line_up_later()
            gate.look_again()

    def meet(self, precondition: str) -> None:
        """Note that a precondition is met; with the last one it comes into force."""
        if precondition in self.agreement.unmet:
            self._note(Kind.MET, self._precondition(precondition))
            self._carry_out(self.agreement.tell(Fact.MET, precondition))

    def unmeet(self, precondition: str, note: str) -> None:
        """Note that a precondition has to be met again, unless it has done its part."""
        agreement = self.agreement
        if not agreement.has_been_in_force and precondition not in agreement.unmet:
            self._note(Kind.UNMET, self._precondition(precondition))
            self._carry_out(self.agreement.tell(Fact.UNMET, precondition, note))

    def amend(self, terms: AmendmentPlan) -> None:
        """Replace the terms, and the deadline if there is a new one."""
        if self.agreement.state is not State.LAPSED:
            if terms.deadline is not None:
                self.deadline = terms.deadline
            self._carry_out(self.agreement.tell(Fact.AMENDED, terms))

    def expire(self, moment: int | Hanging) -> None:
        """End it, if this moment is its deadline still and it is not completed."""
        if moment == self.deadline:
            self._carry_out(self.agreement.tell(Fact.DEADLINE))

    def be_given_up(self) -> None:
        """Break it, if it is not completed: its sides have given it up."""
        reason = Reason(ReasonKind.GIVEN_UP, self.name)
        self._carry_out(self.agreement.tell(Fact.BREACHED, reason))

    def suspend(self, stoppage: str) -> None:
        """Let nobody through while a stoppage lasts."""
        self._note(Kind.SUSPENDED, Reason(ReasonKind.STOPPAGE, stoppage=stoppage))
        self._carry_out(self.agreement.tell(Fact.SUSPENDED, stoppage))

    def resume(self, stoppage: str) -> None:
        """End what this stoppage suspended."""
        effects = self.agreement.tell(Fact.RESUMED, stoppage)
        if not self.agreement.suspended_by:
            self._note(Kind.RESUMED, Reason(ReasonKind.STOPPAGE, stoppage=stoppage))
        self._carry_out(effects)

    def breach(self, stoppage: str) -> None:
        """Break it: nobody passes until it is amended."""
        reason = Reason(ReasonKind.STOPPAGE, stoppage=stoppage)
        self._carry_out(self.agreement.tell(Fact.BREACHED, reason))

    # What follows

    def _precondition(self, name: str) -> Reason:
        return Reason(ReasonKind.PRECONDITION, self.name, note=name)

    def _note(self, kind: Kind, reason: Reason) -> None:
        self._log.record(kind, self.name, reason=reason)
        self._tell_of(kind)

    def _tell_of(self, kind: Kind) -> None:
        if kind in self.when:
            for call in self.when[kind]:
                call()

    def _tell(self, fact: Fact, convoy: Convoy, *about: int) -> None:
        side = self._side[convoy.flow]
        effects = self.agreement.tell(fact, side, convoy.number, *about)
        if effects or self.when_told:
            self._carry_out(effects)

    def _carry_out(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            _CARRIED_OUT[type(effect)](self, effect)
        for call in self.when_told.values():
            call()

    def _settle_later(self, _: SettleLater) -> None:
        now = int(self._env.now)
        if self._settles_s != now:
            self._settles_s = now
            Alarm(self._env, 0, LINE).callbacks.append(self._settle)

    def _settle(self, _: simpy.Event) -> None:
        self._settles_s = -1
        self._carry_out(self.agreement.tell(Fact.SETTLED))

    def _look_at_gate(self, effect: LookAtGate) -> None:
        self._gates[effect.side].look_again()

    def _look_for_convoys(self, effect: LookForConvoys) -> None:
        if (look := self.look_for_convoys.get(effect.side)) is not None:
            look()

    def _record_new_terms(self, _: Renegotiated) -> None:
        self._note(Kind.RENEGOTIATED, Reason())

    def _record_opened(self, effect: Opened) -> None:
        self._record_tranche(Kind.TRANCHE_OPENED, *effect)

    def _record_completed(self, effect: TranchesCompleted) -> None:
        self._record_tranche(Kind.TRANCHE_COMPLETED, *effect)

    def _record_tranche(self, kind: Kind, side: str, tranche: int, moved: int) -> None:
        reason = self._by_side[side]
        self._log.record(kind, self.name, reason=reason, units=moved, tranche=tranche)

    def _record_counted(self, effect: Counted) -> None:
        sign, reason = 1, self._by_side[effect.side]
        if effect.taken_back:
            sign, reason = -1, Reason(ReasonKind.RETURNED, self.name, effect.side)
        convoy, claim = self._convoys[effect.convoy], effect.claim
        self._log.record(
            Kind.COUNTED,
            self.name,
            convoy.flow,
            convoy.name,
            people=sign * claim.people,
            vehicles=sign * claim.vehicles,
            reason=reason,
            units=sign * claim.units,
        )

    def _became(self, effect: Became) -> None:
        reopened = effect.reason.kind is ReasonKind.RETURNED
        kind = Kind.REOPENED if reopened else _KINDS[effect.state]
        self._note(kind, effect.reason)
        if effect.before is State.COMPLETED and kind is not Kind.REOPENED:
            self._tell_of(Kind.REOPENED)

    def let_go(self) -> None:
        """Hold on to nobody any more: the run is over."""
        self._gates.clear()
        self._crowds.clear()
        self._convoys.clear()
        self.waits_for.clear()
        self.when.clear()
        self.look_for_convoys.clear()
        self.when_told.clear()


_CARRIED_OUT: Mapping[type[Effect], Callable[..., None]] = {
    SettleLater: Governor._settle_later,
    LookAtGate: Governor._look_at_gate,
    LookForConvoys: Governor._look_for_convoys,
    Counted: Governor._record_counted,
    Opened: Governor._record_opened,
    TranchesCompleted: Governor._record_completed,
    Renegotiated: Governor._record_new_terms,
    Became: Governor._became,
}
