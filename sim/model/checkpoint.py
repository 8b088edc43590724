"""A checkpoint: a gate where vehicles are inspected."""

from __future__ import annotations

import simpy

from sim.events import Cause, EventLog, Kind
from sim.model.convoy import Convoy
from sim.model.kernel import Lines
from sim.model.serving import ServingGate
from sim.model.station import Booking, Station

QUEUED, INSPECTED = Kind.QUEUED, Kind.INSPECTED
QUEUE, INSPECTION = Cause.QUEUE, Cause.INSPECTION


class Checkpoint(ServingGate):
    """Vehicles are inspected in lanes, first come first served."""

    def __init__(
        self,
        env: simpy.Environment,
        name: str,
        log: EventLog,
        lines: Lines,
        lanes: int,
    ) -> None:
        super().__init__(env, name, log, lines, Station(env, lanes), "inspection")
        self._loaded, self._empty = f"{name}/loaded", f"{name}/empty"

    def change(self, lanes: int | None, inspection: str) -> None:
        """Have other lanes or inspections from now on; turns that have begun go on.

        Parameters
        ----------
        lanes : how many; None for as many as before.
        inspection : what tells the inspections apart from those before; empty for the
            same.
        """
        now = int(self._env.now)
        if inspection:
            self._loaded = f"{self.name}/loaded/{inspection}"
            self._empty = f"{self.name}/empty/{inspection}"
            for convoy in (*self.at_work, *self._line):
                if convoy.booking is not None:
                    convoy.booking.take(self._turns(convoy), now)
        if lanes is not None:
            self._station.change_places(lanes, now)
        else:
            self._station.arrange(now)

    def _turns(self, convoy: Convoy) -> list[int]:
        return convoy.turns(self._loaded if convoy.laden else self._empty)

    def _book_again(self, convoy: Convoy, booking: Booking) -> Booking:
        return convoy.book(
            self._station, booking.leave(int(self._env.now)), self.door_of(convoy)
        )

    def _joined(self, convoy: Convoy, booking: Booking) -> None:
        if booking.starts[0] > self._env._now:
            convoy.note(QUEUED, self.name, QUEUE)
            convoy.begin_later(booking, INSPECTED, self.name, INSPECTION)
        else:
            convoy.note(INSPECTED, self.name, INSPECTION)

    def _cause(self, convoy: Convoy) -> Cause:
        return QUEUE if convoy.later else INSPECTION
