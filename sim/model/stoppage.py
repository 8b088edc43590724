"""Something that closes gates for a time."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import partial
from typing import Any

import simpy

from sim.events import Cause, EventLog, Kind
from sim.model.agreement import Agreement
from sim.model.convoy import Convoy
from sim.model.engine import Process
from sim.model.gate import Gate
from sim.model.luck import durations
from sim.model.streams import Streams
from sim.model.ties import Alarm, Tie
from sim.scenario.plans import StoppagePlan


class Stoppage:
    """Closes its gates at a moment, opens them later, and deals with who is caught."""

    def __init__(
        self,
        env: simpy.Environment,
        name: str,
        plan: StoppagePlan,
        log: EventLog,
        streams: Streams,
    ) -> None:
        self.name = name
        self.plan = plan
        self.gates: list[Gate] = []
        self.suspends: list[Agreement] = []
        self.breaches: list[Agreement] = []
        self.lasts_until: Agreement | None = None
        self._env = env
        self._log = log
        self._streams = streams
        self._lasts: Iterator[int] = iter(())
        if plan.lasts is not None:
            self._lasts = durations(streams, "stoppage/lasts", name, plan.lasts)
        self._caught = 0
        self._losses = dict(plan.loses)
        self._unaccounted = 0

    @property
    def sends_back(self) -> bool:
        """Whether nobody would set out towards a gate that it closes."""
        return self.plan.caught != "hold"

    def run(self) -> Process:
        """Begin and end: once if documented, again and again if random."""
        plan = self.plan
        if plan.starts is not None:
            yield Alarm(self._env, plan.starts, Tie.CLOSE)
            yield from self._last()
        if plan.every is not None:
            if plan.since:
                yield Alarm(self._env, plan.since, Tie.CLOSE)
            for gap in durations(self._streams, "stoppage/gap", self.name, plan.every):
                yield Alarm(self._env, gap, Tie.CLOSE)
                yield from self._last()

    def _last(self) -> Process:
        plan = self.plan
        self._begin()
        if self.lasts_until is not None:
            yield from self._end_with_agreement(self.lasts_until)
            return
        if plan.until is not None:
            seconds = plan.until - int(self._env.now)
        else:
            seconds = next(self._lasts)
        yield Alarm(self._env, max(seconds, 0), Tie.OPEN)
        self._end()

    def _end_with_agreement(self, agreement: Agreement) -> Process:
        if agreement.in_force:
            self._end()
            return
        ended = self._env.event()
        agreement.when_in_force.append(partial(self._end_once, ended))
        yield ended

    def _end_once(self, ended: simpy.Event) -> None:
        if not ended.triggered:
            self._end()
            ended.succeed()

    def _begin(self) -> None:
        self._caught = 0
        self._unaccounted = self.plan.unaccounted
        self._losses = dict(self.plan.loses)
        self._log.record(Kind.STOPPAGE_BEGAN, self.name)
        for agreement in self.suspends:
            agreement.suspend(self.name)
        for agreement in self.breaches:
            agreement.breach(self.name)
        for gate in self.gates:
            gate.close(self)

    def _end(self) -> None:
        self._log.record(Kind.STOPPAGE_ENDED, self.name)
        for agreement in self.suspends:
            agreement.resume(self.name)
        for gate in self.gates:
            gate.open(self)

    def meet(
        self, convoy: Convoy, gate: Gate
    ) -> Generator[simpy.Event, Any, bool | None]:
        """Deal with a convoy that stands before a closed gate.

        Returns False if it drives back, None if it should look again.
        """
        if self.plan.caught != "detain":
            self._lose_sight(convoy, gate)
        if not convoy.people:
            for fleet, number in self._losses.items():
                self._losses[fleet] -= convoy.lose_vehicles(
                    fleet, number, gate.name, self.name
                )
            if convoy.stranded:
                return False
        fate = self._fate(convoy)
        if fate == "detain":
            yield from self._detain(convoy, gate)
            fate = self.plan.afterwards
        if fate == "turn_back":
            convoy.held_by = None
            convoy.note(Kind.TURNED_BACK, gate.name, Cause.ROAD, self.name)
            convoy.flow.vehicles_changed()
            return False
        if fate == "hold":
            convoy.hold(gate.name, Cause.STOPPAGE, self.name)
            yield gate.turn(convoy)
        return None

    def _fate(self, convoy: Convoy) -> str:
        if not convoy.people:
            # On the way home there is nowhere else to go to.
            goes_home = bool(convoy.trip.groups)
            sent_back = self.plan.caught == "turn_back" and not goes_home
            return "turn_back" if sent_back else "hold"
        most = self.plan.catches
        if self.plan.caught == "hold" or (most is not None and self._caught >= most):
            return "hold"
        self._caught += 1
        return self.plan.caught

    def _detain(self, convoy: Convoy, gate: Gate) -> Process:
        convoy.held_by = (Cause.DETENTION, self.name)
        convoy.note(Kind.DETAINED, gate.name, Cause.DETENTION, self.name)
        convoy.flow.vehicles_changed()
        assert self.plan.detained_for is not None  # noqa: S101 - the plan checks it
        numbers = self._streams.numbers("stoppage/detained", convoy.name, 1)
        seconds = self.plan.detained_for.whole_values(numbers)[0]
        self._lose_sight(convoy, gate)
        yield Alarm(self._env, seconds, Tie.MOVE)
        convoy.pardoned_by.add(self.name)

    def _lose_sight(self, convoy: Convoy, gate: Gate) -> None:
        """Take the unaccounted out of the first convoy with people that is caught."""
        if self._unaccounted and convoy.people:
            convoy.lose_sight_of(self._unaccounted, gate.name, self.name)
            self._unaccounted = 0
