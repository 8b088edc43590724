"""A checkpoint: a gate where vehicles are inspected."""

import simpy

from sim.events import Cause, EventLog, Kind
from sim.model.convoy import Convoy, Passage
from sim.model.engine import Process
from sim.model.gate import Gate
from sim.model.station import Station

QUEUED, INSPECTED, CLEARED = Kind.QUEUED, Kind.INSPECTED, Kind.CLEARED
QUEUE, INSPECTION, ROAD = Cause.QUEUE, Cause.INSPECTION, Cause.ROAD


class Checkpoint(Gate):
    """Vehicles are inspected in lanes, first come first served.

    The convoy re-forms behind the checkpoint: it goes on when its last vehicle is
    through.
    """

    def __init__(
        self, env: simpy.Environment, name: str, log: EventLog, lanes: int
    ) -> None:
        super().__init__(env, name, log)
        self._lanes = Station(lanes)
        self._inside = 0
        self._loaded, self._empty = f"{name}/loaded", f"{name}/empty"
        self._station = "inspection", name

    def pass_through(self, convoy: Convoy) -> Process:
        """Be let in, queue, be inspected, and pass or be turned back."""
        if not (self.is_free_for(convoy) or (yield from self.admit(convoy))):
            return
        # Who is let go although the checkpoint stays closed is not inspected.
        if not self._closers:
            clock = self.clock
            turns = convoy.turns(self._loaded if convoy.laden else self._empty)
            starts, last = self._lanes.book(clock, turns)
            if starts[0] > clock:
                convoy.note(QUEUED, self.name, QUEUE)
                convoy.later = self, starts[0], INSPECTED, self.name, INSPECTION
            else:
                convoy.note(INSPECTED, self.name, INSPECTION)
            self._inside += 1
            if last > clock:
                alarm = self.begin_work(last - clock)
                yield alarm
                del self.at_work[alarm]
            through = self.clock >= last
            may_go_on = through or (yield from self._go_on(convoy, last))
            if convoy.later is not None:
                convoy.catch_up()
            self._inside -= 1
            if through or self.clock >= last:
                times_of = self.times_of
                convoy.trip.station_times.note(self._station, times_of, starts, turns)
            elif not self._inside:
                # It left before the end, and nobody else has a turn in the lanes.
                self._lanes.clear()
            if not may_go_on:
                return
        convoy.note(CLEARED, self.name, ROAD)
        self.cross(convoy)

    def _go_on(self, convoy: Convoy, clock: int) -> Passage:
        """Queue and be inspected until the gate's clock shows a reading.

        A convoy that the closing of the checkpoint finds here is dealt with like one
        that comes to it closed: it is held, detained or turned back.
        """
        while not (yield from self.work(clock)):
            convoy.catch_up()
            cause = QUEUE if convoy.later else INSPECTION
            admitted = yield from self.admit(convoy, cause)
            if not admitted or not self.is_open:
                # Sent back, or let go although the checkpoint stays closed.
                convoy.later = None
                return admitted
        return True
