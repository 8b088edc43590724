"""Something that closes gates for a time, once or again and again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import simpy

from sim.events import NO_REASON, EventLog, Kind, Reason, ReasonKind
from sim.model.agreement.governor import Governor
from sim.model.convoy import Convoy
from sim.model.gate import Gate
from sim.model.kernel import CLOSE, OPEN, Alarm, Going, Process, Signal
from sim.model.luck import gaps, lengths
from sim.model.moments import Moments, Told, tell
from sim.model.occurrence import NO_DETOURS, Detours, Occurrence, is_selective
from sim.model.streams import Streams
from sim.scenario.moments import Hanging
from sim.scenario.plans import StoppagePlan


class Stoppage:
    """Closes its gates and suspends or breaks agreements, and opens and resumes later.

    Attributes
    ----------
    lasts_until : the agreement that ends it when it is in force, if there is one.
    present : the occurrence that lasts, if one does.
    when_begun, when_ended : who is told each time that it begins, or ends.
    """

    def __init__(
        self,
        env: simpy.Environment,
        name: str,
        plan: StoppagePlan,
        order: int,
        log: EventLog,
        streams: Streams,
        gates: Sequence[Gate],
        suspends: Sequence[Governor],
        breaches: Sequence[Governor],
        lasts_until: Governor | None,
        moments: Moments,
        begins_at: Gate | None = None,
        detours: Detours = NO_DETOURS,
    ) -> None:
        self.name = name
        self.plan = plan
        self.lasts_until = lasts_until
        self.present: Occurrence | None = None
        self.when_begun: list[Told] = []
        self.when_ended: list[Told] = []
        self._env = env
        self._order = order
        self._log = log
        self._streams = streams
        self._gates = gates
        self._suspends = suspends
        self._breaches = breaches
        self._moments = moments
        self._number = 0
        self._until: Signal | None = None
        self._detours = detours
        self._came: set[int] = set()
        if begins_at is not None:
            begins_at.when_comes.append(self._comes)
        if is_selective(plan):
            for gate in gates:
                gate.is_selective = True
        self._lengths: Iterator[int] = iter(())
        if plan.lasts is not None:
            self._lengths = lengths(streams, plan.lasts, name)

    def run(self) -> Process:
        """Begin and end: once if documented, again and again if random."""
        plan = self.plan
        if plan.until is not None:
            self._until = self._at(plan.until, OPEN, "until")
        if plan.starts is not None:
            yield self._at(plan.starts, CLOSE, "starts")
            yield from self._last()
        if plan.every is not None:
            if plan.since:
                yield self._at(plan.since, CLOSE, "since")
            for gap in gaps(self._streams, plan.every, self.name):
                yield self._alarm(gap, CLOSE)
                yield from self._last()

    def _comes(self, convoy: Convoy) -> None:
        """Begin if this is the convoy with which it does; its parts count with it."""
        awaited = self.plan.starts_with
        assert awaited is not None  # noqa: S101 - the gate calls only then
        came = self._came
        if not convoy.people or convoy.flow != awaited.flow or convoy.whole in came:
            return
        came.add(convoy.whole)
        if len(came) == awaited.convoy:
            reason = Reason(ReasonKind.CONVOY_CAME, place=awaited.at, note=convoy.name)
            Going(self._last(reason))

    def _at(self, moment: int | Hanging, rank: int, field: str) -> Signal:
        """Return what is given at a moment of a field."""
        signal = Signal(self._env)
        path = f"stoppages.{self.name}.{field}"
        self._moments.at(moment, signal.give, rank + self._order, path)
        return signal

    def _alarm(self, seconds: int, rank: int) -> Alarm:
        return Alarm(self._env, seconds, rank + self._order)

    def _last(self, reason: Reason = NO_REASON) -> Process:
        self._begin(reason)
        if self.lasts_until is not None:
            yield from self._end_with_agreement(self.lasts_until)
            return
        if self._until is None:
            yield self._alarm(next(self._lengths), OPEN)
        elif not self._until.given:
            yield self._until
        self._end()

    def _end_with_agreement(self, agreement: Governor) -> Process:
        if agreement.is_in_force:
            self._end()
            return
        ended = Signal(self._env)
        agreement.when[Kind.IN_FORCE].append(partial(self._end_once, ended))
        yield ended

    def _end_once(self, ended: Signal) -> None:
        if not ended.given:
            self._end()
            ended.give()

    def _begin(self, reason: Reason) -> None:
        self._number += 1
        self.present = Occurrence(
            self.name, self.plan, self._number, self._streams, self._detours
        )
        self._log.record(Kind.STOPPAGE_BEGAN, self.name, reason=reason)
        tell(self.when_begun)
        if self.plan.meets is not None:
            self._count_who_stands(self.present)
        for agreement in self._suspends:
            agreement.suspend(self.name)
        for agreement in self._breaches:
            agreement.breach(self.name)
        for gate in self._gates:
            gate.close(self.present)

    def _count_who_stands(self, occurrence: Occurrence) -> None:
        """Count those who came before it began, in the order in which they came."""
        standing = [convoy for gate in self._gates for convoy in gate.standing()]
        for convoy in sorted(standing, key=lambda convoy: convoy.place_in_line):
            occurrence.note_coming(convoy)

    def _end(self) -> None:
        occurrence, self.present = self.present, None
        assert occurrence is not None  # noqa: S101 - only one lasts at a time
        self._log.record(Kind.STOPPAGE_ENDED, self.name)
        occurrence.record_not_found(self._log)
        for gate in self._gates:
            gate.open(occurrence)
        for agreement in self._suspends:
            agreement.resume(self.name)
        occurrence.end()
        tell(self.when_ended)

    def let_go(self) -> None:
        """Hold on to nobody any more: the run is over."""
        if self.present is not None:
            self.present.let_go()
