"""An agreement as a state machine: a fact goes in, effects come out.

It knows no clock, gate or journey, and convoys only as numbers in the order in which
they were formed. Whoever does tells it facts in the order in which they happen, and
carries out the effects. `TABLE` says what it does with each fact in each state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sim.events import Reason, ReasonKind
from sim.model.agreement.claim import Claim
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
from sim.model.agreement.paces import PaceTally, vehicles_that_fit
from sim.model.agreement.places import Places
from sim.parts.policies import POLICIES, Choice
from sim.parts.rules import RULES, UNLIMITED, Standing, open_tranches
from sim.scenario.pace import Pace, Period
from sim.scenario.plans import AgreementPlan, TermsPlan

_GOES_ON = frozenset({State.IN_FORCE, State.COMPLETED})
_BINDS_NOBODY = frozenset({State.DRAFT, State.LAPSED})
ITS_CHANCE = "its chance"
"""A precondition that is never met; no name of a scenario has a blank."""
Answer = tuple[bool, bool, int, tuple[int, int], int, list[list[int]]]
"""What the next convoy would meet: whether it binds and lets its side pass, tranches
open, tranche and room of its place, what its pace leaves, who stands at the gates able
to go."""
Told = tuple[Reason | None, int, str, int]
"""What was told at a gate: why nobody passes, tranches open, whom they wait for (empty
for the next day or week), what the pace leaves."""


class Agreement:
    """The state of one agreement, and what it allows each side.

    Attributes
    ----------
    state : which of its states it is in.
    terms : that are agreed now.
    sides : by name.
    unmet : preconditions that are not met, by name, and what to call them.
    suspended_by : stoppages that suspend it, the first to begin first.
    told_room : by side, how many units its next convoy may claim.
    has_been_in_force : once or still: what it required has done its part.
    """

    def __init__(
        self,
        name: str,
        plan: AgreementPlan,
        unmet: Mapping[str, str],
        number: Callable[[str, int, int], float] = lambda *_: 0.5,
    ) -> None:
        self.name = name
        self.state = State.DRAFT
        self.terms: TermsPlan = plan
        self.sides = {side: Places(side) for side in plan.parties}
        self.unmet = dict(unmet)
        self.suspended_by: list[str] = []
        self.has_been_in_force = False
        self._lapses = plan.after_deadline == "lapse"
        self._policies = {
            side: party.policy
            for side, party in plan.parties.items()
            if party.policy.kind != "plain"
        }
        self._number = number
        self._terms_begun = 0
        # Who waits no more has to know also while it could not go.
        self._impatient = {
            side: party.gives_up_after is not None
            for side, party in plan.parties.items()
        }
        self._rule = RULES[plan.rule]
        self._standing = Standing({})
        self._told_open = dict.fromkeys(self.sides, 0)
        self.told_room = dict.fromkeys(self.sides, UNLIMITED)
        self._told_gate: dict[str, Told] = {}
        self._effects: list[Effect] = []
        self._progress = False
        self._periods = 0
        self._paces: Mapping[str, Pace] = {}
        self._has_paces = any(terms.at_most for terms in plan.all_terms)
        self._counted = {side: PaceTally() for side in plan.parties}
        self._begin({})

    def tell(self, fact: Fact, *about: Any) -> Sequence[Effect]:
        """Take in a fact; return what follows from it, in order."""
        self._effects = []
        TABLE[fact][self.state](self, *about)
        return self._effects

    # What it allows

    @property
    def binds(self) -> bool:
        """Whether it governs its gates."""
        return self.state not in _BINDS_NOBODY

    @property
    def is_in_force(self) -> bool:
        """Whether it is in force, be it completed or not."""
        return self.state in _GOES_ON

    def shut(self) -> Reason | None:
        """Return why nobody may pass, None if nothing says so."""
        if self.suspended_by:
            kind = ReasonKind.SUSPENDED
            return Reason(kind, self.name, stoppage=self.suspended_by[0])
        if self.state in _GOES_ON:
            return None
        if self.state is State.BREACHED:
            return Reason(ReasonKind.BREACHED, self.name)
        required, note = next(iter(self.unmet.items()), ("", ""))
        if required == ITS_CHANCE:
            return Reason(ReasonKind.NOT_CONCLUDED, self.name)
        return Reason(ReasonKind.NOT_IN_FORCE, self.name, note=note)

    def why_not(
        self, side: str, convoy: int, loads: Sequence[int] = ()
    ) -> Reason | None:
        """Return why a convoy may not pass its side's gate now, None if it may.

        Parameters
        ----------
        loads : people in each of its vehicles, if the terms let it cross in parts.
        """
        places = self.sides[side]
        if self.state in _BINDS_NOBODY or convoy not in places.claims:
            return None
        if (shut := self.shut()) is not None:
            return shut
        if places.may_pass(convoy):
            if self._holds_back(side, places.claims[convoy].parts[0][0]):
                return Reason(ReasonKind.HOLDS_BACK, self.name, side)
            return self._why_not_whole(side, convoy, loads)
        if not places.claims[convoy].parts:
            return Reason(ReasonKind.NOTHING_MORE_AGREED, self.name)
        return self.why_held_back(side)

    def may_cross(self, side: str, convoy: int, loads: Sequence[int]) -> int:
        """Return how many of the first vehicles of a convoy may pass now, in parts.

        Some that carry nobody, or leave nobody behind, do not go without the others.
        """
        places = self.sides[side]
        if self.state in _BINDS_NOBODY or convoy not in places.claims:
            return len(loads)
        parts = places.claims[convoy].parts
        if self.shut() is not None or not parts:
            return 0
        if self._holds_back(side, parts[0][0]):
            return 0
        number = self._that_fit(side, places, convoy, loads)
        people = sum(loads[:number])
        return number if number == len(loads) or 0 < people < sum(loads) else 0

    def _that_fit(
        self, side: str, places: Places, convoy: int, loads: Sequence[int]
    ) -> int:
        open_units, pace = places.open_units(convoy), self._paces.get(side)
        left = self._left(side)
        return vehicles_that_fit(loads, self.terms.unit, open_units, pace, left)

    def _why_not_whole(
        self, side: str, convoy: int, loads: Sequence[int]
    ) -> Reason | None:
        places = self.sides[side]
        if not loads:
            return self._why_too_fast(side, places.claims[convoy])
        number = self._that_fit(side, places, convoy, loads)
        if number == len(loads):
            return None
        unit, open_units = self.terms.unit, places.open_units(convoy)
        pace = self._paces.get(side)
        if number < vehicles_that_fit(loads, unit, open_units, None, 0):
            return Reason(ReasonKind.PACE, self.name, side, note=str(pace))
        return self.why_held_back(side)

    def _holds_back(self, side: str, tranche: int) -> bool:
        """Whether a side by its policy does not let a convoy of a tranche go on."""
        settings = self._policies.get(side)
        if settings is None:
            return False
        policy, places = POLICIES[settings.kind], self.sides[side]
        others = [other.moved for name, other in self.sides.items() if name != side]
        under_way = sum(claim.units for claim in places.let_through.values())
        choice = Choice(
            side,
            tranche,
            self._standing,
            places.moved + under_way - min(others, default=0),
            len(places.let_through) + len(places.counted),
            len(places.ready),
            not places.nobody_left or len(places.claims) > len(places.ready),
            self._number(side, self._terms_begun, tranche),
            settings,
        )
        return policy.holds_back(choice)

    def why_held_back(self, side: str) -> Reason:
        """Return why a side does not pass whose places are not the reason."""
        if self._waits_for_period(side):
            return Reason(ReasonKind.NEXT_PERIOD, self.name, note=self.terms.each or "")
        return Reason(ReasonKind.WAITS_FOR_SIDE, self.name, self.waits_for(side))

    def why_next_not(self, side: str) -> Reason:
        """Return why the next convoy of a side would not pass that has room."""
        pace, places = self._paces.get(side), self.sides[side]
        tranche, _ = places.next_place()
        if tranche < places.open and self._holds_back(side, tranche):
            return Reason(ReasonKind.HOLDS_BACK, self.name, side)
        if pace is not None and tranche < places.open:
            return Reason(ReasonKind.PACE, self.name, side, note=str(pace))
        return self.why_held_back(side)

    def answer(self, side: str) -> Answer:
        """Return all on which it depends whether the next convoy of a side may pass."""
        places = self.sides[side]
        holds_back = self._holds_back(side, places.next_place()[0])
        lets_pass = self.shut() is None and not holds_back
        standing = [sorted(each.ready) for each in self.sides.values()]
        left = self._left(side)
        return self.binds, lets_pass, places.open, places.next_place(), left, standing

    def _waits_for_period(self, side: str) -> bool:
        """Whether a side may move no more only because the next day has not come."""
        if self.terms.each is None:
            return False
        standing, tranche = self._standing, self.sides[side].open
        if tranche < self._periods or tranche >= self.sides[side].tranches:
            return False
        if self._rule.together:
            return standing.least >= tranche and all(
                _has_ready(each, tranche) for each in self.sides.values()
            )
        return open_tranches(self._rule, self.terms, side, standing) > tranche

    def _left(self, side: str) -> int:
        """Return what the pace of a side leaves in this day or week."""
        pace = self._paces.get(side)
        if pace is None:
            return UNLIMITED
        counted = self._counted[side].of(pace)
        under_way = self.sides[side].let_through.values()
        return pace.number - counted - sum(claim.of(pace.unit) for claim in under_way)

    def _why_too_fast(self, side: str, claim: Claim) -> Reason | None:
        """Return that a convoy is more than the pace leaves, None if it is not.

        One that is larger than the whole pace passes as the first of a day or week.
        """
        pace = self._paces.get(side)
        if pace is None:
            return None
        left = self._left(side)
        if claim.of(pace.unit) <= left or left == pace.number:
            return None
        return Reason(ReasonKind.PACE, self.name, side, note=str(pace))

    def waits_for(self, side: str) -> str:
        """Return whom a side waits for if it may move no more: another, or its own."""
        if not self._rule.together:
            return self._standing.slowest_other(side)
        tranche = self._standing.released
        for name, other in self.sides.items():
            if name != side and not _has_ready(other, tranche):
                return name
        return side

    def room(self, side: str) -> int:
        """Return how many units the next convoy of a side may claim."""
        if self.state in _BINDS_NOBODY:
            return UNLIMITED
        if self.suspended_by or self.state not in _GOES_ON:
            return 0
        room = self.sides[side].room_for_next()
        return min(room, 1) if self.terms.unit == "convoys" else room

    def why_no_room(self) -> Reason:
        """Return why a side that has no room has none."""
        return self.shut() or Reason(ReasonKind.NOTHING_MORE_AGREED, self.name)

    # How it changes

    def _begin(self, kept: Mapping[str, int]) -> None:
        """Count anew under the present terms."""
        terms = self.terms
        self._rule = RULES[terms.rule]
        self._standing = Standing(dict.fromkeys(self.sides, 0), terms.first)
        self._told_open = dict.fromkeys(self.sides, 0)
        self._terms_begun += 1
        self._paces = terms.at_most or {}
        self._periods = 0
        all_tranches = terms.all_tranches
        for name, side in self.sides.items():
            promises = (tranche.get(name, 0) for tranche in all_tranches)
            sizes = [UNLIMITED if p == "rest" else int(p) for p in promises]
            side.begin(sizes, terms.unit, kept.get(name, 0), in_parts=bool(terms.parts))
            side.done = side.open = 0

    def _become(self, state: State, reason: Reason) -> None:
        before, self.state = self.state, state
        if state is State.IN_FORCE:
            self.has_been_in_force = True
            self._periods = max(self._periods, 1)
        self._effects.append(Became(state, reason, before))

    def _settle(self, changed: str | None = None, *, by_date: bool = False) -> None:
        """Work out what is completed and open, and who is to look again.

        Parameters
        ----------
        changed : the side of which something has changed; None for all.
        by_date : other changes by date may follow in this second; who goes first is
            left until they are over.
        """
        concerned: Iterable[str] = self.sides if changed is None else (changed,)
        self._progress = changed is None
        concern_others = False
        for name in concerned:
            concern_others = self._complete_tranches(self.sides[name]) or concern_others
        if self._rule.together or concern_others or self._policies:
            concerned = self.sides
        if by_date:
            self._effects.append(SettleLater())
        while self._arrange(concerned, by_date=by_date):
            concerned = self.sides
        if self._progress:
            self._complete()
        self._tell(concerned)

    def _complete_tranches(self, side: Places) -> bool:
        """Note how far a side has come; return whether that concerns the others."""
        done = side.completed()
        if done == side.done:
            return False
        if done > side.done and self.state in _GOES_ON:
            self._effects.append(TranchesCompleted(side.name, done, side.moved))
        side.done = done
        self._progress = True
        return self._standing.set(side.name, done) or side.name == self.terms.first

    def _arrange(self, concerned: Iterable[str], *, by_date: bool) -> bool:
        """Open tranches and let convoys move up; return whether to look again."""
        again = False
        if self._rule.together and not by_date:
            self._release()
        for name in concerned:
            side = self.sides[name]
            tranches = open_tranches(self._rule, self.terms, name, self._standing)
            if self.terms.each is not None:
                tranches = min(tranches, self._periods)
            side.open = min(tranches, side.tranches)
            if side.ready and not by_date and side.move_up():
                self._told_gate.pop(name, None)
                again = self._complete_tranches(side) or self._rule.together or again
        return again

    def _release(self) -> None:
        """Release what every side has ready, one tranche after the other."""
        if self.suspended_by or self.state not in _GOES_ON:
            return
        standing = self._standing
        latest = min(standing.least + 1, next(iter(self.sides.values())).tranches)
        if self.terms.each is not None:
            latest = min(latest, self._periods)
        while standing.released < latest and all(
            _has_ready(side, standing.released) for side in self.sides.values()
        ):
            standing.released += 1

    def _complete(self) -> None:
        """Note that every side has done what it promised, or no more."""
        complete = all(side.done == side.tranches for side in self.sides.values())
        if complete and self.state is State.IN_FORCE:
            self._become(State.COMPLETED, Reason())
        elif not complete and self.state is State.COMPLETED:
            behind = next(s for s in self.sides.values() if s.done < s.tranches)
            kind = ReasonKind.RETURNED
            self._become(State.IN_FORCE, Reason(kind, self.name, behind.name))

    def _tell(self, concerned: Iterable[str]) -> None:
        """Let those look again for whom there is news."""
        shut = self.shut()
        for name in concerned:
            side = self.sides[name]
            if shut is None and side.open > self._told_open[name]:
                self._effects.append(Opened(name, side.open, side.moved))
            if shut is None:
                self._told_open[name] = side.open
            if side.ready or self._impatient[name]:
                told = shut, *self._awaited(name)
                if self._told_gate.get(name) != told or name in self._policies:
                    self._told_gate[name] = told
                    self._effects.append(LookAtGate(name))
            else:
                self._told_gate.pop(name, None)
            self._tell_flows(name)

    def _awaited(self, side: str) -> tuple[int, str, int]:
        waits_for = "" if self._waits_for_period(side) else self.waits_for(side)
        left = self._left(side) if side in self._paces else UNLIMITED
        return self.sides[side].open, waits_for, left

    def _tell_flows(self, side: str) -> None:
        """Let flows look if there is other room than before."""
        room = self.room(side)
        if room != self.told_room[side]:
            self.told_room[side] = room
            self._effects.append(LookForConvoys(side))

    def _tell_all(self) -> None:
        """Settle everything, and let everybody look again."""
        self._told_gate.clear()
        self._settle(by_date=True)
        self._effects += [LookForConvoys(name) for name in self.sides]


def _has_ready(side: Places, tranche: int) -> bool:
    return tranche >= side.tranches or side.has_ready(tranche)


# What it does with each fact


def _ignore(now: Agreement, *_: Any) -> None:
    """Nothing."""


def _count_anew(now: Agreement, period: Period) -> None:
    """Count anew what a side may move in it, and open the next tranche that it may."""
    for counted in now._counted.values():
        counted.begin(period)
    if now._periods and now.terms.each == period:
        now._periods += 1
    now._tell_all()


def _propose(now: Agreement) -> None:
    """Bind its sides, and give places to convoys that are under way."""
    now._become(State.PROPOSED, Reason())
    now._begin({})
    _enter(now)


def _enter(now: Agreement) -> None:
    """Come into force if every precondition is met."""
    if not now.unmet:
        now._become(State.IN_FORCE, Reason())
    now._tell_all()


def _meet_and_enter(now: Agreement, precondition: str) -> None:
    """Note it; come into force with the last one."""
    now.unmet.pop(precondition, None)
    _enter(now)


def _meet(now: Agreement, precondition: str) -> None:
    """Note it."""
    now.unmet.pop(precondition, None)


def _unmeet(now: Agreement, precondition: str, note: str) -> None:
    """Note it, unless it was in force already: it has to be met again."""
    if not now.has_been_in_force:
        now.unmet[precondition] = note
        if now.state is State.PROPOSED:
            now._tell_all()


def _claim(now: Agreement, side: str, convoy: int, people: int, vehicles: int) -> None:
    """Give it a place."""
    places = now.sides[side]
    places.claim(convoy, people, vehicles)
    if places.ready or now._rule.together:
        now._settle(side)
    else:
        now._tell_flows(side)


def _note_claim(
    now: Agreement, side: str, convoy: int, people: int, vehicles: int
) -> None:
    """Note it: it gets its place when the agreement is proposed."""
    now.sides[side].claims[convoy] = Claim(people, vehicles)


def _part(
    now: Agreement, side: str, convoy: int, part: int, people: int, vehicles: int
) -> None:
    """Give the part the first of its places, or what it counts for."""
    now.sides[side].part(convoy, part, people, vehicles)


def _line_up(now: Agreement, side: str, places_in_line: Mapping[int, int]) -> None:
    """Note it: they may move up, and be part of what a side has ready."""
    places = now.sides[side]
    able = {c: p for c, p in places_in_line.items() if c in places.claims}
    if able:
        places.stand(able)
        now._told_gate.setdefault(side, (now.shut(), *now._awaited(side)))
        now._settle(side)


def _step_aside(
    now: Agreement, side: str, convoys: Sequence[int], by_date: bool = False
) -> None:
    """Note it: others may take their places."""
    places = now.sides[side]
    if [convoy for convoy in convoys if places.step_aside(convoy)]:
        now._settle(side, by_date=by_date)


def _let_pass(now: Agreement, side: str, convoy: int) -> None:
    """Keep its place for it until it counts."""
    now.sides[side].let_pass(convoy)
    if now._rule.together:
        now._tell(now.sides)


def _forget(now: Agreement, side: str, convoy: int) -> None:
    """Leave it uncounted."""
    places = now.sides[side]
    if convoy not in places.counted:
        places.give_up(convoy)


def _count(now: Agreement, side: str, convoy: int) -> None:
    """Count it, if it was let through under these terms."""
    places = now.sides[side]
    claim = places.count(convoy)
    if claim is not None:
        if now._has_paces:
            now._counted[side].add(claim)
        now._effects.append(Counted(side, convoy, claim, taken_back=False))
        if now._policies or places.completed() != places.done:
            now._settle(side)


def _recount(
    now: Agreement, side: str, convoy: int, people: int, vehicles: int
) -> None:
    """Count it for what is left, or has joined; what it does not need falls free."""
    now.sides[side].recount(convoy, people, vehicles)
    now._settle(side)


def _recount_claim(
    now: Agreement, side: str, convoy: int, people: int, vehicles: int
) -> None:
    """Note what is left, or has joined."""
    claims = now.sides[side].claims
    if not (people and vehicles):
        claims.pop(convoy, None)
    elif convoy in claims:
        claims[convoy] = Claim(people, vehicles)


def _take_back(now: Agreement, side: str, convoy: int) -> None:
    """Take back its place, and what it counted for."""
    counted = now.sides[side].give_up(convoy)
    if counted is not None:
        now._effects.append(Counted(side, convoy, counted, taken_back=True))
    now._settle(side)


def _note_left(now: Agreement, side: str, nobody_left: bool) -> None:
    """Note it."""
    now.sides[side].nobody_left = nobody_left


def _settle_left(now: Agreement, side: str, nobody_left: bool) -> None:
    """Note it: tranches may be complete because nobody is left for them."""
    places = now.sides[side]
    places.nobody_left = nobody_left
    if now._rule.together or now._policies or places.completed() != places.done:
        now._settle(side)


def _suspend(now: Agreement, stoppage: str) -> None:
    """Let nobody through as long as it lasts."""
    now.suspended_by.append(stoppage)
    if now.binds:
        now._tell_all()


def _resume(now: Agreement, stoppage: str) -> None:
    """Go on, unless another suspends it."""
    now.suspended_by.remove(stoppage)
    if now.binds:
        now._tell_all()


def _break_off(now: Agreement, reason: Reason) -> None:
    """Let nobody through until it is amended."""
    now._become(State.BREACHED, reason)
    now._tell_all()


def _amend(now: Agreement, terms: TermsPlan) -> None:
    """Take the new terms; be in force, or proposed if a precondition is unmet."""
    kept = {}
    if terms.unit == now.terms.unit:
        moved = {name: side.moved for name, side in now.sides.items()}
        least = min(moved.values())
        kept = {name: units - least for name, units in moved.items()}
    now.terms = terms
    now._effects.append(Renegotiated())
    now._begin(kept)
    now._become(State.PROPOSED if now.unmet else State.IN_FORCE, Reason())
    now._tell_all()


def _replace_terms(now: Agreement, terms: TermsPlan) -> None:
    """Take the new terms."""
    now.terms = terms
    now._begin({})


def _settle(now: Agreement) -> None:
    """Release what every side has ready; let convoys move up."""
    now._settle()


def _expire(now: Agreement) -> None:
    """Lapse or be breached, as the plan says."""
    reason = Reason(ReasonKind.DEADLINE, now.name)
    if now._lapses:
        _lapse(now, reason)
    else:
        _break_off(now, reason)


def _expire_broken(now: Agreement) -> None:
    """Lapse, if the plan says so."""
    if now._lapses:
        _lapse(now, Reason(ReasonKind.DEADLINE, now.name))


def _lapse(now: Agreement, reason: Reason) -> None:
    now._become(State.LAPSED, reason)
    now.told_room = dict.fromkeys(now.sides, UNLIMITED)
    waiting = [name for name, side in now.sides.items() if side.ready]
    now._effects += [LookAtGate(name) for name in waiting]
    now._effects += [LookForConvoys(name) for name in now.sides]


Handler = Callable[..., None]
_ = _ignore
_ROWS: dict[Fact, tuple[Handler, ...]] = {
    # By state: draft, proposed, in force, breached, completed, lapsed.
    Fact.PERIOD: (_, _count_anew, _count_anew, _count_anew, _count_anew, _),
    Fact.PROPOSED: (_propose, _, _, _, _, _),
    Fact.MET: (_meet, _meet_and_enter, _meet, _meet, _meet, _),
    Fact.UNMET: (_unmeet, _unmeet, _, _unmeet, _, _),
    Fact.FORMED: (_note_claim, _claim, _claim, _claim, _claim, _),
    Fact.PARTED: (_part, _part, _part, _part, _part, _),
    Fact.READY: (_, _line_up, _line_up, _line_up, _line_up, _),
    Fact.NOT_READY: (_, _step_aside, _step_aside, _step_aside, _step_aside, _),
    Fact.LET_THROUGH: (_forget, _let_pass, _let_pass, _let_pass, _let_pass, _forget),
    Fact.MOVED: (_, _count, _count, _count, _count, _),
    Fact.RECOUNTED: (_recount_claim, _recount, _recount, _recount, _recount, _),
    Fact.GAVE_UP: (_forget, _take_back, _take_back, _take_back, _take_back, _forget),
    Fact.LEFT: (_note_left, _settle_left, _settle_left, _settle_left, _settle_left, _),
    Fact.SUSPENDED: (_suspend, _suspend, _suspend, _suspend, _suspend, _suspend),
    Fact.RESUMED: (_resume, _resume, _resume, _resume, _resume, _resume),
    Fact.BREACHED: (_, _break_off, _break_off, _, _, _),
    Fact.AMENDED: (_replace_terms, _amend, _amend, _amend, _amend, _),
    Fact.DEADLINE: (_, _expire, _expire, _expire_broken, _, _),
    Fact.SETTLED: (_, _settle, _settle, _settle, _settle, _),
}
TABLE: Mapping[Fact, Mapping[State, Handler]] = {
    fact: dict(zip(State, row, strict=True)) for fact, row in _ROWS.items()
}
