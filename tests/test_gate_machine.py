"""A gate that stoppages open and close in any order, against a plain list of rules."""

import pytest
import simpy
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from sim.distributions import Distribution
from sim.events import EventLog, Kind
from sim.model import Streams
from sim.model.gate import Gate
from sim.model.kernel import CLOSE, MOVE, OPEN, Alarm, Going, Lines
from sim.model.occurrence import Occurrence
from sim.scenario.plans import StoppagePlan


class Bus:
    """What a gate sees of a convoy."""

    flow = "out"
    booking = None
    is_lost = False
    has_boarded = True

    def __init__(self, number, people, told):
        self.number = number
        self.name = f"out-{number}"
        self.people = people
        self.place_in_line = 0
        self._told = told

    def note(self, kind, place, *_):
        if kind is Kind.CROSSED:
            self._told.append((self.number, "crossed"))

    def turn_back(self, place, reason):
        self._told.append((self.number, "turned back"))

    def hold(self, place, cause, reason):
        """Stand; what for is told elsewhere."""

    def release(self, place, cause):
        """Go on."""


class Halt:
    """A stoppage in the plain list: what it does, and to whom it has done it."""

    def __init__(self, caught, catches, lasts, afterwards):
        self.caught = caught
        self.catches = catches
        self.lasts = lasts
        self.afterwards = afterwards
        self.met = set()
        self.pardoned = set()

    def meet(self, number, people):
        self.met.add(number)
        if not people or self.caught == "hold" or self.catches == 0:
            return "hold"
        if self.catches is not None:
            self.catches -= 1
        return self.caught


class PlainGate:
    """The rules of a gate, one after the other, in every second in which it moves."""

    def __init__(self):
        self.halts = []
        self.line = {}  # in the order of coming: people aboard
        self.detained = {}  # until when, and by whom
        self.told = []

    def second(self, now, ended, begun, comers):
        for halt in ended:
            self.halts.remove(halt)
        self.halts += begun
        if ended or begun:
            for number in list(self.line):
                self._look(number, now)
        ends = [n for n, by in self.detained.items() if max(by)[0] == now]
        for number in sorted([*ends, *comers]):
            if number in comers:
                self.line[number] = comers[number]
            else:
                self._detention_ends(number)
            self._look(number, now)

    def _look(self, number, now):
        for halt in self.halts:
            if number in self.line and number not in halt.met:
                fate = halt.meet(number, self.line[number])
                if fate == "turn_back":
                    self._go(number, "turned back")
                elif fate == "detain":
                    by = self.detained.setdefault(number, [])
                    by.append((now + halt.lasts, len(by), halt))
        if number not in self.line or number in self.detained:
            return
        if all(number in halt.pardoned for halt in self.halts):
            self._go(number, "crossed")

    def _detention_ends(self, number):
        by = self.detained.pop(number)
        if max(by)[2].afterwards == "turn_back":
            self._go(number, "turned back")
        for *_, halt in by:
            if halt.afterwards == "release":
                halt.pardoned.add(number)

    def _go(self, number, whereto):
        del self.line[number]
        self.detained.pop(number, None)
        self.told.append((number, whereto))


HALTS = st.fixed_dictionaries(
    {
        "caught": st.sampled_from(["hold", "turn_back", *["detain"] * 4]),
        "catches": st.sampled_from([None, None, 1, 2]),
        "lasts": st.integers(1, 9),
        "afterwards": st.sampled_from(["release", "turn_back"]),
    }
)


class Gates(RuleBasedStateMachine):
    """In every second some stoppages end, some begin, and some convoys come."""

    @initialize()
    def build(self):
        self.env = simpy.Environment()
        log = EventLog()
        log.set_clock(self.env)
        self.lines = Lines()
        self.gate = Gate(self.env, "gate", log, self.lines)
        self.plain = PlainGate()
        self.told = []
        self.occurrences = {}
        self.number = 0

    @rule(
        data=st.data(),
        begin=st.lists(HALTS, max_size=2),
        come=st.lists(st.integers(0, 2), max_size=3),
    )
    def pass_a_second(self, data, begin, come):
        env, now = self.env, int(self.env.now)
        present = list(self.occurrences)
        ended = (
            data.draw(
                st.lists(st.sampled_from(present), unique=True, max_size=2), "ended"
            )
            if present
            else []
        )
        for order, halt in enumerate(sorted(ended, key=present.index)):
            self._at(OPEN + order, self.gate.open, self.occurrences.pop(halt))
        begun = []
        for order, settings_ in enumerate(begin):
            halt = Halt(**settings_)
            begun.append(halt)
            self.occurrences[halt] = _occurrence(order, settings_)
            self._at(CLOSE + order, self.gate.close, self.occurrences[halt])
        comers = {}
        for people in come:
            self.number += 1
            bus = Bus(self.number, people, self.told)
            comers[self.number] = people
            self._at(MOVE + bus.number, self._come, bus)
        env.run(until=now + 1)
        self.plain.second(now, sorted(ended, key=present.index), begun, comers)

    @rule(seconds=st.integers(1, 9))
    def pass_time(self, seconds):
        for _ in range(seconds):
            now = int(self.env.now)
            self.env.run(until=now + 1)
            self.plain.second(now, [], [], {})

    def _at(self, rank, act, about):
        alarm = Alarm(self.env, 0, rank)
        alarm.callbacks.append(lambda _: act(about))

    def _come(self, bus):
        Going(self._pass(bus))

    def _pass(self, bus):
        yield from self.gate.pass_through(bus)

    @invariant()
    def both_say_the_same(self):
        if hasattr(self, "gate"):
            assert self.told == self.plain.told
            assert self.gate.is_open == (not self.plain.halts)

    @invariant()
    def who_has_looked_looks_no_more(self):
        if hasattr(self, "lines"):
            assert self.lines.to_look == 0


def _occurrence(order, settings_):
    """Return a stoppage that has begun, as its plan comes out of a file."""
    plan = StoppagePlan.model_construct(
        loses={},
        unaccounted=0,
        deters=None,
        caught=settings_["caught"],
        catches=settings_["catches"],
        afterwards=settings_["afterwards"],
        detained_for=Distribution.fixed(settings_["lasts"]),
    )
    return Occurrence(f"halt-{order}", plan, 1, Streams(1, 0))


@pytest.mark.slow
def test_a_gate_lets_pass_and_turns_back_as_the_rules_say():
    run_state_machine_as_test(
        Gates, settings=settings(max_examples=300, stateful_step_count=30)
    )
