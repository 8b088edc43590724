"""A checkpoint: a gate where vehicles are inspected."""

import simpy

from sim.events import Cause, EventLog, Kind
from sim.model.convoy import Convoy, Passage
from sim.model.gate import Gate
from sim.model.station import Station
from sim.model.streams import Streams
from sim.scenario.plans import CheckpointPlan


class Checkpoint(Gate):
    """Vehicles are inspected in lanes, first come first served.

    The convoy re-forms behind the checkpoint: it goes on when its last vehicle is
    through.
    """

    def __init__(
        self,
        env: simpy.Environment,
        name: str,
        log: EventLog,
        plan: CheckpointPlan,
        streams: Streams,
    ) -> None:
        super().__init__(env, name, log)
        self._inspection = plan.inspection
        self._streams = streams
        self._lanes = Station(plan.lanes)
        self._inside = 0

    def lets_pass(self, convoy: Convoy) -> bool:
        """Say no: an inspection takes time."""
        return False

    def pass_through(self, convoy: Convoy) -> Passage:
        """Be let in, queue, be inspected, and pass or be turned back."""
        if not (yield from self.admit(convoy)):
            return False
        # Who is let go although the checkpoint stays closed is not inspected.
        if self.is_open and not (yield from self._inspect(convoy)):
            return False
        convoy.note(Kind.CLEARED, self.name, Cause.ROAD)
        self.cross(convoy)
        return True

    def _inspect(self, convoy: Convoy) -> Passage:
        # A checkpoint may be passed out and back in one trip: two draws.
        place = f"{self.name}/{'loaded' if convoy.people else 'empty'}"
        turns = convoy.turns(self._inspection, self._streams, place)
        starts, ends = self._lanes.book(self.clock, turns)
        self._inside += 1
        may_go_on = True
        if starts[0] > self.clock:
            convoy.note(Kind.QUEUED, self.name, Cause.QUEUE)
            may_go_on = yield from self._last(convoy, starts[0], Cause.QUEUE)
        if may_go_on:
            convoy.note(Kind.INSPECTED, self.name, Cause.INSPECTION)
            may_go_on = yield from self._last(convoy, max(ends), Cause.INSPECTION)
        self._inside -= 1
        if self.clock >= max(ends):
            key = ("inspection", self.name)
            convoy.trip.station_times[key] = self.times(starts, ends)
        elif not self._inside:
            # It left before the end, and nobody else has a turn in the lanes.
            self._lanes.clear()
        return may_go_on

    def _last(self, convoy: Convoy, clock: int, cause: Cause) -> Passage:
        """Queue or be inspected until the gate's clock shows a reading.

        A convoy that the closing of the checkpoint finds here is dealt with like one
        that comes to it closed: it is held, detained or turned back.
        """
        while not (yield from self.work(clock)):
            admitted = yield from self.admit(convoy, cause)
            if not admitted or not self.is_open:
                # Sent back, or let go although the checkpoint stays closed.
                return admitted
        return True
