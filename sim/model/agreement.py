"""An agreement: who may cross how many when, against whose crossing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import simpy

from sim.events import EventLog, Kind
from sim.model.convoy import Convoy
from sim.model.party import UNLIMITED, Party, released, units_of, what_is_missing
from sim.model.rules import open_tranches
from sim.model.standing import Standing
from sim.scenario.plans import AgreementPlan, TermsPlan

if TYPE_CHECKING:
    from sim.model.flow import Flow

COMPLETED, LAPSED, MOVING = Kind.COMPLETED, Kind.LAPSED, Kind.MOVING
_IN_FORCE = {Kind.IN_FORCE, MOVING, Kind.HELD, COMPLETED}


class Agreement:
    """The state of one agreement, and what it allows each side.

    Its states are the kinds of event it writes: proposed, in force, moving, held,
    suspended, breached, renegotiated, completed, lapsed.
    """

    def __init__(
        self, env: simpy.Environment, name: str, plan: AgreementPlan, log: EventLog
    ) -> None:
        self.name = name
        self.plan = plan
        self.terms: TermsPlan = plan
        self.parties: dict[str, Party] = {}
        self.state: Kind | None = None
        self.in_force = False
        self.unmet: dict[str, str] = {}
        self.waits_for: dict[str, list[Flow]] = {}
        self.when_in_force: list[Callable[[], None]] = []
        self.when_completed: list[Callable[[], None]] = []
        self._env = env
        self._log = log
        self._side: dict[str, Party] = {}
        self._suspended_by: list[str] = []
        self._released = 0
        self._standing = Standing({})
        self._was_shut: str | None = "not proposed"

    def join(self, party: Party) -> None:
        """Add a side."""
        self.parties[party.name] = party
        party.begin(self.terms)
        self._start_counting()
        for flow in party.flows:
            self._side[flow.name] = party
            party.gate.governors.setdefault(flow.name, []).append(self)

    def _start_counting(self) -> None:
        done = dict.fromkeys(self.parties, 0)
        self._standing = Standing(done, self.terms.first)
        self._released = 0

    # What it allows

    def _shut(self) -> str | None:
        """Return why nobody may pass, None if nothing says so, "" if all may."""
        if self.in_force and not self._suspended_by:
            return None
        if self.state is LAPSED:
            return ""
        if self._suspended_by:
            return f"{self.name}: suspended by {self._suspended_by[0]}"
        if self.in_force:
            return None
        if self.state is Kind.BREACHED:
            return f"{self.name}: breached"
        unmet = next(iter(self.unmet.values()), "not in force yet")
        return f"{self.name}: {unmet}"

    def forbids(self, convoy: Convoy) -> str | None:
        """Return why the convoy may not pass its side's gate now, or None."""
        if self.state is LAPSED:
            return None
        party = self._side[convoy.flow.name]
        if convoy not in party.claims:
            return None
        newly_ready = convoy not in party.ready
        party.ready.add(convoy)
        reason = shut = self._shut()
        if not shut:
            if newly_ready and self.terms.rule == "simultaneous":
                self.review()
            if party.granted + party.claims[convoy] > party.limit:
                reason = f"{self.name}: {self._missing(party)}"
            elif party.must_yield(convoy):
                party.watchful = True
                reason = f"{self.name}: waits for {party.name}"
            else:
                return None
            self._goes_on(Kind.HELD, by=reason)
        party.tell(shut, self._missing(party))
        return reason

    def watch(self, convoy: Convoy) -> None:
        """Note that a convoy it would let through is kept by another agreement."""
        self._side[convoy.flow.name].watchful = True

    def _missing(self, party: Party) -> str:
        return what_is_missing(
            self.terms, party, self.parties, self._standing, self._released
        )

    def room(self, flow: Flow) -> tuple[int, str]:
        """Return how much a convoy of a flow may claim, and why not more if 0."""
        if self.state is LAPSED:
            return UNLIMITED, ""
        if shut := self._shut():
            return 0, shut
        room = self._side[flow.name].room()
        return room, "" if room else f"{self.name}: nothing more is agreed"

    # What moves under it

    def claim(self, convoy: Convoy) -> None:
        """Count the convoy towards its side's promises."""
        party = self._side[convoy.flow.name]
        party.claim(convoy, units_of(convoy, self.terms))
        if party.ready:
            self.review(party)

    def give_up(self, convoy: Convoy) -> None:
        """Take back what the convoy counted for: it was lost or turned back."""
        self._side[convoy.flow.name].give_up(convoy)
        self.review()
        self._tell_flows()

    def grant(self, convoy: Convoy) -> None:
        """Let the convoy through: it may pass even if the agreement changes now."""
        party = self._side[convoy.flow.name]
        room = party.room()
        party.let_pass(convoy, binds=self.state is not LAPSED)
        if room != party.room():
            party.tell_flows()
        if party.ready or self.terms.rule == "simultaneous":
            self.review(party)

    def recount(self, convoy: Convoy) -> None:
        """Count anew a convoy that has lost vehicles or people before its gate."""
        party = self._side[convoy.flow.name]
        if convoy in party.claims:
            if convoy.expected:
                party.claim_anew(convoy, units_of(convoy, self.terms))
            else:
                party.give_up(convoy)
            self.review()
            self._tell_flows()

    def crossed(self, convoy: Convoy) -> None:
        """Count the convoy as having passed its side's gate."""
        party = self._side[convoy.flow.name]
        self._goes_on(MOVING)
        if party.ready:
            self._goes_on(Kind.HELD, by=f"{self.name}: {self._missing(party)}")
        if self.terms.counted_at == "crossing":
            self._count(convoy)

    def arrived(self, convoy: Convoy) -> None:
        """Count the convoy as having arrived."""
        if self.terms.counted_at == "arrival":
            self._count(convoy)

    def _count(self, convoy: Convoy) -> None:
        party = self._side[convoy.flow.name]
        # Let through under terms that were replaced since: it counts for the old ones.
        if convoy in party.let_through:
            units = party.counted[convoy] = party.let_through.pop(convoy)
            party.moved += units
            self.review(party)

    def people_left(self, flow: Flow) -> None:
        """Look again if nobody is left whom a side could still bring."""
        party = self._side[flow.name]
        if party.nobody_left:
            self.review(party)

    # How it changes

    def propose(self) -> None:
        """Put it forward."""
        self._become(Kind.PROPOSED)
        if not self.unmet:
            self._come_into_force()

    def meet(self, precondition: str) -> None:
        """Note that a precondition is met; with the last one it comes into force."""
        del self.unmet[precondition]
        self._log.record(Kind.MET, self.name, by=precondition)
        if not self.unmet and self.state is Kind.PROPOSED:
            self._come_into_force()
        else:
            self.review()

    def _come_into_force(self) -> None:
        self._become(Kind.IN_FORCE)
        for call in self.when_in_force:
            call()
        self.review()

    def amend(self, terms: TermsPlan) -> None:
        """Replace the terms; what was moved before does not count for the new ones."""
        self.terms = terms
        self._start_counting()
        for party in self.parties.values():
            party.begin(terms)
            party.gate.look_again()
        self._was_shut = "amended"
        self._become(Kind.RENEGOTIATED)
        if self.unmet:
            self._become(Kind.PROPOSED)
            self.review()
        else:
            self._come_into_force()

    def awaited(self) -> list[Flow]:
        """Return the flows whose movement its unmet preconditions wait for."""
        return [
            flow
            for name, flows in self.waits_for.items()
            if name in self.unmet
            for flow in flows
        ]

    def suspend(self, by: str) -> None:
        """Let nobody through while a stoppage lasts."""
        self._suspended_by.append(by)
        self._log.record(Kind.SUSPENDED, self.name, by=by)
        self.review()

    def resume(self, by: str) -> None:
        """End what this stoppage suspended."""
        self._suspended_by.remove(by)
        if not self._suspended_by and self.state:
            self._log.record(self.state, self.name, by=by)
        self.review()

    def breach(self, by: str) -> None:
        """Break it: nobody passes until it is amended. It must have been proposed."""
        if self.state not in {None, COMPLETED, LAPSED}:
            self._become(Kind.BREACHED, by=by)
            self.review()

    def expire(self) -> None:
        """End it at its deadline, if it is not completed."""
        if self.state is not COMPLETED:
            lapses = self.plan.after_deadline == "lapse"
            self._become(Kind.LAPSED if lapses else Kind.BREACHED, by="deadline")
            self.review()

    def review(self, changed: Party | None = None) -> None:
        """Work out which tranches are open and completed, and tell who waits.

        Parameters
        ----------
        changed : the one side of which anything has changed, if it is only one.
        """
        if changed is None or self.terms.rule == "simultaneous":
            self._review_all()
            return
        done = changed.completed() if self.in_force else changed.done
        if done != changed.done:
            concerned: Iterable[Party] = (changed,)
            if self._complete_tranches(changed, done):
                concerned = self.parties.values()
            self._open_tranches(concerned)
            self._tell_gates(concerned)
            self._complete()
        elif changed.ready:
            self._tell_gates((changed,))

    def _review_all(self) -> None:
        parties = self.parties.values()
        if self.in_force:
            for party in parties:
                self._complete_tranches(party, party.completed())
            if self.terms.rule == "simultaneous":
                done = self._standing.done
                self._released = released(self.parties, self._released, done)
            self._open_tranches(parties)
        self._tell_gates(parties)
        shut = self._shut()
        if shut != self._was_shut:
            self._was_shut = shut
            self._tell_flows()
        self._complete()

    def _complete_tranches(self, party: Party, done: int) -> bool:
        """Note how far a side has come; return whether that concerns the others."""
        if done == party.done:
            return False
        if done > party.done:
            self._tell(Kind.TRANCHE_COMPLETED, party, done)
        party.done = done
        concerns_others = self._standing.set(party.name, done)
        return concerns_others or party.name == self.terms.first

    def _open_tranches(self, parties: Iterable[Party]) -> None:
        for party in parties:
            tranches = open_tranches(
                self.terms, party.name, self._standing, self._released
            )
            tranches = min(tranches, len(party.borders))
            if tranches > party.open and not self._suspended_by:
                self._tell(Kind.TRANCHE_OPENED, party, tranches)
                party.open_up_to(tranches)
                party.tell_flows()
            elif tranches < party.open:
                party.open_up_to(tranches)

    def _tell_gates(self, parties: Iterable[Party]) -> None:
        """Let convoys that wait at a gate look again if there is news for them."""
        shut = self._shut()
        for party in parties:
            if party.ready and party.tell(shut, self._missing(party)):
                party.watchful = False
                party.gate.look_again()

    def _tell_flows(self) -> None:
        for party in self.parties.values():
            party.tell_flows()

    def _complete(self) -> None:
        """Note that every side has done what it promised, if so."""
        parties = self.parties.values()
        if (
            self.in_force
            and self.state is not COMPLETED
            and all(party.done == len(party.borders) for party in parties)
        ):
            self._become(COMPLETED)
            for call in self.when_completed:
                call()

    def _goes_on(self, state: Kind, by: str = "") -> None:
        """Note a movement or a hold, unless it is over or out of force."""
        if self.in_force and self.state is not COMPLETED:
            self._become(state, by)

    def _become(self, state: Kind, by: str = "") -> None:
        if self.state is not state:
            self.state = state
            self.in_force = state in _IN_FORCE
            self._log.record(state, self.name, by=by)

    def _tell(self, kind: Kind, party: Party, number: int) -> None:
        self._log.record(
            kind, self.name, party.name, people=party.moved, by=str(number)
        )

    def let_go(self) -> None:
        """Hold on to nobody any more: the run is over."""
        self.parties.clear()
        self.waits_for.clear()
        self.when_in_force.clear()
        self.when_completed.clear()
        self._side.clear()
