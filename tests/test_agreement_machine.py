"""An agreement is told facts in any order: what holds of it whatever it was told."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from sim.events import Reason, ReasonKind
from sim.model.agreement.facts import (
    Counted,
    Fact,
    LookAtGate,
    LookForConvoys,
    SettleLater,
    State,
)
from sim.model.agreement.machine import Agreement
from sim.model.agreement.places import UNLIMITED
from sim.scenario.plans import AgreementPlan, TermsPlan

SIDES = ("north", "south", "west")
UNITS = ("people", "vehicles", "convoys")
GOES_ON = {State.IN_FORCE, State.COMPLETED}
BINDS_NOBODY = {State.DRAFT, State.LAPSED}
BY_DATE = {
    Fact.PERIOD,
    Fact.PROPOSED,
    Fact.MET,
    Fact.UNMET,
    Fact.SUSPENDED,
    Fact.RESUMED,
    Fact.BREACHED,
    Fact.AMENDED,
    Fact.DEADLINE,
}


@st.composite
def terms(draw, sides):
    unit = draw(st.sampled_from(["people", "vehicles", "convoys"]))
    most = {"people": 120, "vehicles": 4, "convoys": 2}[unit]
    sizes = st.fixed_dictionaries(dict.fromkeys(sides, st.integers(0, most)))
    tranches = draw(st.lists(sizes, min_size=1, max_size=4))
    if draw(st.booleans()):
        tranches.append(dict.fromkeys(sides, "rest"))
    rule = draw(st.sampled_from(["lockstep", "simultaneous", "credit", "prior"]))
    settings = {"credit": {"ahead": draw(st.integers(0, 2))}}
    settings["prior"] = {"first": draw(st.sampled_from(sides))}
    each = {"each": draw(st.sampled_from(["day", "week"]))}
    unit_of_pace = draw(st.sampled_from(["people", "vehicles", "convoys"]))
    number = draw(st.integers(1, {"people": 150, "vehicles": 5}.get(unit_of_pace, 3)))
    period = draw(st.sampled_from(["day", "week"]))
    pace = {"at_most": {draw(st.sampled_from(sides)): f"{number} {unit_of_pace} a "}}
    pace["at_most"] = {side: f"{p}{period}" for side, p in pace["at_most"].items()}
    return {
        "unit": unit,
        "rule": rule,
        "tranches": tranches,
        **settings.get(rule, {}),
        **({"parts": True} if unit != "convoys" and draw(st.booleans()) else {}),
        **(each if draw(st.integers(0, 2)) == 0 else {}),
        **(pace if draw(st.integers(0, 2)) == 0 else {}),
    }


POLICIES = [
    *["plain"] * 5,
    "tit_for_tat",
    {"kind": "tolerance", "band": 1},
    {"kind": "balance", "lead": 2},
    {"kind": "generous", "chance": 0.5},
    {"kind": "batches", "size": 2},
    {"kind": "lever", "chance": 0.5},
]


def number_of(side, terms, tranche):
    """Stand for what is drawn: one half of the tranches is above .5, one below."""
    return 0.25 if (len(side) + terms + tranche) % 2 else 0.75


class Convoy:
    """What has been told of a convoy."""

    def __init__(self, side, people, vehicles):
        self.side = side
        self.people = people
        self.vehicles = vehicles
        self.standing = "under way"

    def units(self, unit):
        return {"people": self.people, "vehicles": self.vehicles}.get(unit, 1)


class AgreementMachine(RuleBasedStateMachine):
    """Tells facts as they may come about, and keeps its own record of them."""

    @initialize(data=st.data(), number=st.integers(1, 3))
    def build(self, data, number):
        self.sides = SIDES[:number]
        plan = AgreementPlan.model_validate(
            {
                **data.draw(terms(self.sides), "terms"),
                "parties": {
                    side: {
                        "flows": [side],
                        "gate": side,
                        "policy": data.draw(st.sampled_from(POLICIES), "policy"),
                    }
                    for side in self.sides
                },
                "after_deadline": data.draw(st.sampled_from(["breach", "lapse"])),
            }
        )
        names = st.sampled_from(["", "", "", "a", "ab"])
        unmet = dict.fromkeys(data.draw(names, "unmet"), "")
        self.policies = {side: party.policy for side, party in plan.parties.items()}
        self.agreement = Agreement("deal", plan, unmet, number_of)
        # Amendments may set a pace of which its plan says nothing.
        self.agreement._has_paces = True
        self.periods = 0
        self.passed = {period: [] for period in ("day", "week")}
        self.convoys = {}
        self.joined = 0
        self.formed_before = 0
        self.formed_before_parts = set()
        self.unsettled = False
        self.kept = dict.fromkeys(self.sides, 0)
        self.nobody_left = dict.fromkeys(self.sides, False)
        if data.draw(st.integers(0, 3), "draft"):
            self.propose()

    # What is told

    def tell(self, fact, *about):
        """Tell a fact; before convoys move, changes by date are over."""
        if fact not in BY_DATE:
            self.settle()
        return self.tell_now(fact, *about)

    @rule()
    def settle(self):
        if self.unsettled:
            self.unsettled = False
            self.tell_now(Fact.SETTLED)

    def tell_now(self, fact, *about):
        """Tell a fact; whom it lets pass or sends must be made to look."""
        agreement = self.agreement
        passed = {n for n in self.waiting_at_gate() if self.may_pass(n)}
        sent = {s for s in self.sides if agreement.room(s) > 0}
        was_draft = agreement.state is State.DRAFT
        was_lapsed = agreement.state is State.LAPSED
        released = agreement._standing.released
        shut = bool(agreement.suspended_by) or agreement.state not in GOES_ON
        effects = list(agreement.tell(fact, *about))
        self.unsettled |= any(isinstance(e, SettleLater) for e in effects)
        looks = {e.side for e in effects if isinstance(e, LookAtGate)}
        sends = {e.side for e in effects if isinstance(e, LookForConvoys)}
        for number in set(self.waiting_at_gate()) - passed:
            if self.may_pass(number) and fact is not Fact.READY:
                assert self.convoys[number].side in looks
        assert {s for s in self.sides if agreement.room(s) > 0} - sent <= sends
        if was_lapsed:
            assert agreement.state is State.LAPSED
        if fact is Fact.AMENDED or (fact is Fact.PROPOSED and was_draft):
            self.periods = 0
        if agreement.state in GOES_ON:
            self.periods = max(self.periods, 1)
        still_shut = bool(agreement.suspended_by) or agreement.state not in GOES_ON
        if shut and still_shut and fact not in {Fact.AMENDED, Fact.PROPOSED}:
            assert agreement._standing.released == released
        return effects

    def waiting_at_gate(self):
        return [n for n, c in self.convoys.items() if c.standing == "ready"]

    def may_pass(self, number):
        return self.agreement.why_not(self.convoys[number].side, number) is None

    def some(self, data, *standing):
        numbers = [n for n, c in self.convoys.items() if c.standing in standing]
        return data.draw(st.sampled_from(numbers), "convoy") if numbers else None

    @rule(period=st.sampled_from(["day", "week"]))
    def begin_a_day_or_week(self, period):
        bound = self.agreement.binds
        self.passed[period].clear()
        if bound and self.periods and self.agreement.terms.each == period:
            self.periods += 1
        self.tell(Fact.PERIOD, period)

    @rule()
    def propose(self):
        if self.agreement.state is State.DRAFT:
            self.kept = dict.fromkeys(self.sides, 0)
            self.formed_before = len(self.convoys)
        self.tell(Fact.PROPOSED)

    @rule(name=st.sampled_from("ab"))
    def meet(self, name):
        self.tell(Fact.MET, name)

    @rule(name=st.sampled_from("ab"))
    def unmeet(self, name):
        before = self.agreement.state
        self.tell(Fact.UNMET, name, "")
        assert self.agreement.state is before

    @rule(data=st.data(), several=st.integers(1, 4))
    def form_some(self, data, several):
        for _ in range(several):
            self.form(data)

    @rule(data=st.data())
    def all_sides_move(self, data):
        """Each side forms a convoy, and whoever is under way comes and goes on."""
        for side in self.sides:
            self.form(data, side)
        for number, convoy in list(self.convoys.items()):
            if convoy.standing == "under way" and self.agreement.binds:
                self.stand_there(convoy.side, [number])
        self.all_go_on_who_can()

    def form(self, data, side=None):
        side = side or data.draw(st.sampled_from(self.sides), "side")
        room = self.agreement.room(side)
        if not room or self.nobody_left[side]:
            return
        vehicles = data.draw(st.integers(1, 3), "vehicles")
        people = data.draw(st.integers(vehicles, 50 * vehicles), "people")
        unit = self.agreement.terms.unit
        people = min(people, room) if unit == "people" else people
        vehicles = min(vehicles, room) if unit == "vehicles" else vehicles
        number = len(self.convoys) + 1
        self.convoys[number] = Convoy(side, people, vehicles)
        self.tell(Fact.FORMED, side, number, people, vehicles)

    @rule(data=st.data(), more=st.booleans())
    def come_to_the_gate(self, data, more):
        """One comes, or all of a side become able to go as their gate opens."""
        number = self.some(data, "under way")
        if number and self.agreement.state not in BINDS_NOBODY:
            side = self.convoys[number].side
            others = [
                other
                for other, convoy in self.convoys.items()
                if convoy.standing == "under way" and convoy.side == side
            ]
            self.stand_there(side, others if more else [number])

    def stand_there(self, side, numbers):
        able = {}
        for number in numbers:
            self.joined += 1
            self.convoys[number].standing = "ready"
            able[number] = self.joined
        self.tell(Fact.READY, side, able)

    @rule()
    def all_go_on_who_can(self):
        """Whoever may pass does and crosses, the first to come first."""
        for number in self.waiting_at_gate():
            if self.may_pass(number):
                self.let_through(number)
                self.move(number)

    @rule(data=st.data())
    def be_detained(self, data):
        if number := self.some(data, "ready"):
            self.convoys[number].standing = "under way"
            self.tell(Fact.NOT_READY, self.convoys[number].side, [number])

    @rule(data=st.data())
    def pass_if_permitted(self, data):
        number = self.some(data, "ready")
        if number and self.may_pass(number):
            self.let_through(number)

    def let_through(self, number):
        self.convoys[number].standing = "let through"
        self.tell(Fact.LET_THROUGH, self.convoys[number].side, number)

    @rule(data=st.data())
    def part(self, data):
        """The first vehicles of a convoy go on, or have gone, as one of their own."""
        number = self.some(data, "under way", "ready", "let through", "counted")
        convoy = self.convoys.get(number)
        if convoy is None or convoy.vehicles < 2 or convoy.people < 2:
            return
        if self.agreement.terms.unit == "convoys":
            return
        vehicles = data.draw(st.integers(1, convoy.vehicles - 1), "vehicles")
        people = data.draw(st.integers(1, convoy.people - 1), "people")
        part = len(self.convoys) + 1
        stands = "under way" if convoy.standing == "ready" else convoy.standing
        self.convoys[part] = Convoy(convoy.side, people, vehicles)
        self.convoys[part].standing = stands
        if number <= self.formed_before:
            self.formed_before_parts.add(part)
        convoy.people -= people
        convoy.vehicles -= vehicles
        self.tell(Fact.PARTED, convoy.side, number, part, people, vehicles)

    @rule(data=st.data())
    def cross(self, data):
        if number := self.some(data, "let through"):
            self.move(number)

    def move(self, number):
        convoy = self.convoys[number]
        places = self.agreement.sides[convoy.side]
        counts = number in places.let_through and self.agreement.binds
        convoy.standing = "counted" if counts else "gone"
        if counts:
            for passed in self.passed.values():
                passed.append((convoy.side, {u: convoy.units(u) for u in UNITS}))
        effects = self.tell(Fact.MOVED, convoy.side, number)
        assert counts == any(isinstance(e, Counted) for e in effects)

    @rule(data=st.data())
    def lose_people(self, data):
        if number := self.some(data, "under way", "ready", "let through"):
            convoy = self.convoys[number]
            convoy.people = data.draw(st.integers(0, convoy.people), "left")
            if not convoy.people:
                convoy.standing = "gone"
            self.tell(
                Fact.RECOUNTED, convoy.side, number, convoy.people, convoy.vehicles
            )

    @rule(data=st.data())
    def turn_back(self, data):
        number = self.some(data, "under way", "ready", "let through", "counted")
        if number:
            convoy = self.convoys[number]
            counted = convoy.standing == "counted" and self.agreement.binds
            convoy.standing = "gone"
            effects = self.tell(Fact.GAVE_UP, convoy.side, number)
            taken_back = [e.taken_back for e in effects if isinstance(e, Counted)]
            assert taken_back == [True] * counted

    @rule(data=st.data(), nobody=st.booleans())
    def leave_the_site(self, data, nobody):
        side = data.draw(st.sampled_from(self.sides), "side")
        self.nobody_left[side] = nobody
        self.tell(Fact.LEFT, side, nobody)

    @rule(name=st.sampled_from(["talks", "halt"]))
    def suspend_or_resume(self, name):
        over = name in self.agreement.suspended_by
        self.tell(Fact.RESUMED if over else Fact.SUSPENDED, name)

    @rule(really=st.integers(0, 3))
    def break_it(self, really):
        if really:
            return
        before = self.agreement.state
        self.tell(Fact.BREACHED, Reason(ReasonKind.STOPPAGE, stoppage="attack"))
        if before in {State.PROPOSED, State.IN_FORCE}:
            assert self.agreement.state is State.BREACHED
        else:
            assert self.agreement.state is before

    @rule(data=st.data())
    @precondition(lambda self: self.agreement.state not in BINDS_NOBODY)
    def amend(self, data):
        unit = data.draw(st.sampled_from([{}, {"unit": self.agreement.terms.unit}]))
        drawn = data.draw(terms(self.sides), "terms")
        new = TermsPlan.model_validate(drawn | unit)
        moved = {name: side.moved for name, side in self.agreement.sides.items()}
        same = new.unit == self.agreement.terms.unit
        self.kept = {s: moved[s] - min(moved.values()) if same else 0 for s in moved}
        for convoy in self.convoys.values():
            if convoy.standing == "counted":
                convoy.standing = "gone"
        self.formed_before = len(self.convoys)
        self.tell(Fact.AMENDED, new)
        in_force = State.PROPOSED if self.agreement.unmet else State.IN_FORCE
        done = self.agreement.state is State.COMPLETED and not self.agreement.unmet
        assert done or self.agreement.state is in_force

    @rule(really=st.integers(0, 5))
    def pass_the_deadline(self, really):
        if really:
            return
        before = self.agreement.state
        self.tell(Fact.DEADLINE)
        if before not in {*BINDS_NOBODY, State.COMPLETED}:
            assert self.agreement.state in {State.BREACHED, State.LAPSED}
        else:
            assert self.agreement.state is before

    # What must hold

    def sizes(self, side):
        promises = [t.get(side, 0) for t in self.agreement.terms.tranches]
        return [UNLIMITED if p == "rest" else p for p in promises]

    def done(self, side):
        """Work out anew how many tranches a side has completed."""
        places, done, border = self.agreement.sides[side], 0, 0
        for size in self.sizes(side):
            border += size
            if places.moved < border:
                break
            done += 1
        if self.nobody_left[side]:
            pending = [*places.claims.values(), *places.let_through.values()]
            firsts = [claim.parts[0][0] for claim in pending if claim.parts]
            done = max(done, min([*firsts, len(self.sizes(side))]))
        return done

    def opened(self, side):
        """Work out anew how many tranches are open to a side."""
        days = self.periods if self.agreement.terms.each else UNLIMITED
        return min(days, self.opened_by_rule(side))

    def too_fast(self, convoy):
        """Work out anew whether a convoy is more than its side's pace leaves."""
        pace = (self.agreement.terms.at_most or {}).get(convoy.side)
        if pace is None:
            return False
        used = sum(
            units[pace.unit]
            for side, units in self.passed[pace.period]
            if side == convoy.side
        )
        under_way = self.agreement.sides[convoy.side].let_through
        used += sum(self.convoys[n].units(pace.unit) for n in under_way)
        return bool(used) and used + convoy.units(pace.unit) > pace.number

    def held_back(self, number):
        """Work out anew whether the policy of a side holds a convoy back."""
        side, agreement = self.convoys[number].side, self.agreement
        policy, places = self.policies[side], agreement.sides[side]
        tranche = places.claims[number].parts[0][0]
        others = [name for name in self.sides if name != side] or [side]
        fewest = min(self.done(name) for name in others)
        drawn = number_of(side, agreement._terms_begun, tranche)
        gone = [*places.let_through, *places.counted]
        here = [n for n in self.waiting_at_gate() if self.convoys[n].side == side]
        if policy.kind == "batches":
            comes = set(places.claims) - set(here)
            batches = (len(gone) + len(here)) // 2
            last = self.nobody_left[side] and not comes
            return not last and len(gone) >= 2 * batches
        if policy.kind == "balance":
            under_way = sum(claim.units for claim in places.let_through.values())
            moved = [agreement.sides[n].moved for n in self.sides if n != side]
            return places.moved + under_way - min(moved, default=0) >= 2
        return {
            "plain": False,
            "tit_for_tat": tranche > fewest,
            "tolerance": tranche > fewest + 1,
            "generous": tranche > fewest and drawn == 0.75,
            "lever": tranche >= fewest and drawn == 0.25,
        }[policy.kind]

    def opened_by_rule(self, side):
        done = {name: self.done(name) for name in self.sides}
        terms = self.agreement.terms
        others = [done[name] for name in self.sides if name != side]
        if not others:
            return UNLIMITED
        least = min(others) + 1
        if terms.rule == "credit":
            return least + terms.ahead
        if terms.rule == "simultaneous":
            return self.agreement._standing.released
        if terms.rule == "prior" and side != terms.first:
            return min(done[terms.first], least)
        return least

    @property
    def is_bound(self):
        return hasattr(self, "agreement") and self.agreement.binds

    @invariant()
    def no_tranche_has_more_in_it_than_was_agreed(self):
        """But for convoys formed before these terms, of which all must pass."""
        if not self.is_bound:
            return
        for name, places in self.agreement.sides.items():
            room = self.sizes(name)
            for each in (places.claims, places.let_through, places.counted):
                for number, claim in each.items():
                    for tranche, part in claim.parts:
                        room[tranche] -= part
                    if claim.parts and claim.beyond:
                        old = number <= self.formed_before
                        assert old or number in self.formed_before_parts
                        room[claim.parts[-1][0]] += claim.beyond
            assert all(left >= 0 for left in room)
            places.check()

    @invariant()
    def what_has_moved_is_what_counts(self):
        if not self.is_bound:
            return
        unit = self.agreement.terms.unit
        for name, places in self.agreement.sides.items():
            counted = [
                convoy.units(unit)
                for convoy in self.convoys.values()
                if convoy.side == name and convoy.standing == "counted"
            ]
            assert places.moved == sum(counted) + self.kept[name]

    @invariant()
    def tranches_completed_and_open_are_what_the_rules_say(self):
        if not self.is_bound:
            return
        for name, places in self.agreement.sides.items():
            assert places.done == self.done(name)
            assert places.open == min(self.opened(name), len(self.sizes(name)))

    @invariant()
    def who_may_pass_has_a_place_in_an_open_tranche_of_what_is_in_force(self):
        if not hasattr(self, "agreement"):
            return
        goes_on = self.agreement.state in GOES_ON and not self.agreement.suspended_by
        for number, convoy in self.convoys.items():
            if convoy.standing not in {"ready", "under way"}:
                continue
            may_pass = self.may_pass(number)
            if not self.agreement.binds:
                assert may_pass
                continue
            claim = self.agreement.sides[convoy.side].claims[number]
            first = claim.parts[0][0] if claim.parts else UNLIMITED
            is_open = goes_on and first < self.opened(convoy.side)
            if is_open and (self.held_back(number) or self.too_fast(convoy)):
                is_open = False
            assert may_pass == is_open

    @invariant()
    def who_stands_there_has_no_room_before_it(self):
        """Nobody who waits at the gate could have an earlier place that is free."""
        if not self.is_bound or self.unsettled:
            return
        for number in self.waiting_at_gate():
            places = self.agreement.sides[self.convoys[number].side]
            claim = places.claims[number]
            if len(claim.parts) == 1 and claim.parts[0][0] >= places.open:
                for tranche in range(claim.parts[0][0]):
                    free = places._sizes[tranche] - places._used[tranche]
                    assert free < claim.units

    @invariant()
    def it_is_completed_when_every_side_has_completed_all(self):
        if not hasattr(self, "agreement"):
            return
        agreement = self.agreement
        all_done = all(self.done(s) == len(self.sizes(s)) for s in self.sides)
        if agreement.state in GOES_ON:
            assert (agreement.state is State.COMPLETED) == all_done


@pytest.mark.slow
def test_whatever_it_is_told_it_keeps_to_its_terms():
    run_state_machine_as_test(
        AgreementMachine, settings=settings(max_examples=400, stateful_step_count=40)
    )
