"""A gate: a place that stoppages close and agreements govern."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import simpy

from sim.events import Cause, EventLog, Kind
from sim.model.convoy import Convoy, Passage
from sim.model.engine import Process
from sim.model.spells import Spells
from sim.model.ties import Alarm, Tie, Turn

if TYPE_CHECKING:
    from sim.model.agreement import Agreement
    from sim.model.flow import Flow
    from sim.model.stoppage import Stoppage

CROSSED, MOVE = Kind.CROSSED, Tie.MOVE


class Gate:
    """Convoys pass it one after the other, while it is open to them.

    A gate has a clock that stands still while it is closed. Work done at a gate
    (boarding, inspection) is timed by that clock, so that it pauses when the gate
    closes and goes on when it opens, without anything being interrupted.

    Attributes
    ----------
    at_work : for each convoy that works here, what it waits for.
    flows : that have anything to do here, and whether their convoys board here.
    deterrent : what closes it, if that is such that nobody would set out towards it.
    """

    def __init__(self, env: simpy.Environment, name: str, log: EventLog) -> None:
        self.name = name
        self._env = env
        self._log = log
        self._closers: list[Stoppage] = []
        self.spells = Spells()
        self.times_of = self.spells.times_of
        self._open_s = 0
        self._lag_s = 0
        self._line: dict[Convoy, Turn] = {}
        self.at_work: dict[Alarm, None] = {}
        self.governors: dict[str, list[Agreement]] = {}
        self.flows: dict[Flow, bool] = {}
        self.deterrent: Stoppage | None = None

    # The clock

    @property
    def closer(self) -> Stoppage | None:
        """The stoppage that closes the gate, the earliest if several do."""
        return self._closers[0] if self._closers else None

    @property
    def is_open(self) -> bool:
        """Whether no stoppage closes the gate."""
        return not self._closers

    def barrier(self, convoy: Convoy) -> Stoppage | None:
        """Return the stoppage that bars the way to a convoy, if any."""
        for stoppage in self._closers:
            if stoppage.name not in convoy.pardoned_by:
                return stoppage
        return None

    @property
    def clock(self) -> int:
        """Seconds for which the gate has been open so far."""
        if self._closers:
            return self._open_s
        return self._env._now - self._lag_s  # type: ignore[return-value] # whole seconds

    def work_until(
        self, convoy: Convoy, clock: int, cause: Cause, in_line: Cause
    ) -> Process:
        """Wait until the gate's clock shows a reading; closed time does not count.

        Parameters
        ----------
        cause, in_line : what the time goes to, and to what before its turn has begun.
        """
        while not (yield from self.work(clock)):
            convoy.catch_up()
            yield from self.wait_until_open(convoy, in_line if convoy.later else cause)

    def wait_until_open(self, convoy: Convoy, cause: Cause | str) -> Process:
        """Stand while the gate is closed; from then the time goes to `cause`."""
        while closer := self.closer:
            convoy.hold(self.name, Cause.STOPPAGE, closer.name)
            yield self.turn(convoy)
        self._line.pop(convoy, None)
        convoy.release(self.name, cause)

    def work(self, clock: int) -> Passage:
        """Work until the gate's clock shows a reading, or the gate closes.

        The process returns whether the work is done, be it in the very second in
        which the gate closes.
        """
        while (left := clock - self.clock) > 0 and not self._closers:
            alarm = self.begin_work(left)
            yield alarm
            del self.at_work[alarm]
        return left <= 0

    def begin_work(self, seconds: int) -> Alarm:
        """Return what happens after so much work, or when the gate closes."""
        alarm = Alarm(self._env, seconds, MOVE)
        self.at_work[alarm] = None
        return alarm

    # Opening and closing

    def close(self, stoppage: Stoppage) -> None:
        """Let nobody through until the stoppage ends."""
        if not self._closers:
            self._open_s = self.clock
            self._log.record(Kind.CLOSED, self.name, by=stoppage.name)
        self._closers.append(stoppage)
        for alarm in self.at_work:
            alarm.ring_now(self._env)
        self._changed()

    def open(self, stoppage: Stoppage) -> None:
        """End what this stoppage closed; the gate opens if nothing else closes it."""
        self._closers.remove(stoppage)
        if not self._closers:
            now = int(self._env.now)
            self.spells.begin(self._open_s, now)
            self._lag_s = now - self._open_s
            self._log.record(Kind.OPENED, self.name, by=stoppage.name)
        self._changed()

    def _changed(self) -> None:
        """Let those look again to whom it may matter."""
        self.look_again()
        closer = self.closer
        before = self.deterrent
        self.deterrent = closer if closer is not None and closer.sends_back else None
        for flow, boards_here in self.flows.items():
            if boards_here or self.deterrent is not before:
                flow.review()

    def look_again(self) -> None:
        """Let everybody in line look whether they may pass, in their order."""
        for turn in self._line.values():
            if not turn.triggered:
                turn.grant()

    def turn(self, convoy: Convoy) -> Turn:
        """Join the line, or keep the place; it happens when something has changed."""
        turn = self._line[convoy] = Turn(self._env)
        return turn

    def let_go(self) -> None:
        """Hold on to nobody any more: the run is over."""
        for turn in self._line.values():
            if not turn.processed:
                turn.callbacks.clear()
        self._line.clear()
        self._closers.clear()
        self.at_work.clear()
        self.governors.clear()
        self.flows.clear()
        self.deterrent = None

    # Passing

    def pass_through(self, convoy: Convoy) -> Iterable[simpy.Event]:
        """Pass at once, or wait until the gate is open to the convoy."""
        if self.is_free_for(convoy):
            self.cross(convoy)
            return ()
        return self._wait_and_pass(convoy)

    def is_free_for(self, convoy: Convoy) -> bool:
        """Whether nothing closes the gate, and no agreement governs the convoy."""
        return not self._closers and not (
            convoy.people and convoy.flow.name in self.governors
        )

    def _wait_and_pass(self, convoy: Convoy) -> Process:
        """Wait until the gate is open to the convoy, and pass or be turned back."""
        if (yield from self.admit(convoy)):
            self.cross(convoy)

    def admit(self, convoy: Convoy, cause: Cause = Cause.ROAD) -> Passage:
        """Wait until nothing bars the convoy; from then its time goes to `cause`.

        The process returns whether the convoy may go on.
        """
        while True:
            if self._closers and (barrier := self.barrier(convoy)):
                if (yield from barrier.meet(convoy, self)) is False:
                    self._line.pop(convoy, None)
                    convoy.sent_back = True
                    return False
                continue
            if not convoy.people:
                break
            if (forbidden := self._forbidden(convoy)) is None:
                break
            convoy.hold(self.name, Cause.AGREEMENT, forbidden)
            yield self.turn(convoy)
        self._line.pop(convoy, None)
        convoy.release(self.name, cause)
        return True

    def _forbidden(self, convoy: Convoy) -> str | None:
        governors = self.governors.get(convoy.flow.name, ())
        for number, agreement in enumerate(governors):
            if (reason := agreement.forbids(convoy)) is not None:
                for other in governors[:number]:
                    other.watch(convoy)
                return reason
        for agreement in governors:
            agreement.grant(convoy)
        return None

    def cross(self, convoy: Convoy) -> None:
        """Write down that the convoy has passed, and let it count."""
        convoy.note(CROSSED, self.name)
        if convoy.people and self.governors:
            for agreement in self.governors.get(convoy.flow.name, ()):
                agreement.crossed(convoy)
