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

    def pass_through(self, convoy: Convoy) -> Passage:
        """Be let in, queue, be inspected, and pass or be turned back."""
        if not (yield from self.admit(convoy)):
            return False
        # A checkpoint may be passed out and back in one trip: two draws.
        place = f"{self.name}/{'loaded' if convoy.people else 'empty'}"
        turns = convoy.turns(self._inspection, self._streams, place)
        starts, ends = self._lanes.book(self.clock, turns)
        if starts[0] > self.clock:
            convoy.note(Kind.QUEUED, self.name, Cause.QUEUE)
            yield from self.work_until(convoy, starts[0], Cause.QUEUE)
        convoy.note(Kind.INSPECTED, self.name, Cause.INSPECTION)
        yield from self.work_until(convoy, max(ends), Cause.INSPECTION)
        key = ("inspection", self.name)
        convoy.trip.station_times[key] = self.times(starts, ends)
        convoy.note(Kind.CLEARED, self.name, Cause.ROAD)
        self.cross(convoy)
        return True
