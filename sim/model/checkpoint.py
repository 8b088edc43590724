"""A checkpoint: a gate where vehicles are inspected."""

import simpy

from sim.events import Cause, EventLog, Kind
from sim.model.convoy import Convoy
from sim.model.gate import Gate
from sim.model.kernel import Lines, Passage, Process
from sim.model.station import Booking, Station

QUEUED, INSPECTED, CLEARED = Kind.QUEUED, Kind.INSPECTED, Kind.CLEARED
QUEUE, INSPECTION, ROAD = Cause.QUEUE, Cause.INSPECTION, Cause.ROAD


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
        lines: Lines,
        lanes: int,
    ) -> None:
        super().__init__(env, name, log, lines)
        self._lanes = Station(env, lanes)
        self.stations.append(self._lanes)
        self._loaded, self._empty = f"{name}/loaded", f"{name}/empty"
        self._inspection = "inspection", name

    def pass_through(self, convoy: Convoy) -> Process:
        """Be let in, queue, be inspected, and pass or be turned back."""
        convoy.place_in_line = self._lines.join()
        if not (self.is_free_for(convoy) or (yield from self.admit(convoy))):
            return
        # Who is let go although the checkpoint stays closed is not inspected.
        if not self._closers or self.closer_to(convoy) is None:
            turns = convoy.turns(self._loaded if convoy.laden else self._empty)
            booking = self._book(convoy, turns)
            env = self._env
            if booking.last > env._now:
                self.at_work[convoy] = booking
                yield booking.wait(env)
                booking.alarm = None
                del self.at_work[convoy]
                if booking.last <= env._now:
                    convoy.leave_station(booking, self._inspection)
                elif not (yield from self._go_on(convoy, booking)):
                    return
            else:
                convoy.leave_station(booking, self._inspection)
        convoy.note(CLEARED, self.name, ROAD)
        self.cross(convoy)

    def _book(self, convoy: Convoy, turns: list[int]) -> Booking:
        now: int = self._env._now  # type: ignore[assignment] # whole seconds
        booking = convoy.book(self._lanes, turns, self.door_of(convoy))
        if booking.starts[0] > now:
            convoy.note(QUEUED, self.name, QUEUE)
            convoy.begin_later(booking, INSPECTED, self.name, INSPECTION)
        else:
            convoy.note(INSPECTED, self.name, INSPECTION)
        return booking

    def _go_on(self, convoy: Convoy, booking: Booking) -> Passage:
        """Go on with an inspection that the closing of the checkpoint interrupts.

        The process returns whether the convoy may go on. One that the closing finds
        here is dealt with like one that comes: it is held, detained or turned back.
        """
        while booking.last > self._env._now:
            convoy.catch_up()
            cause = QUEUE if convoy.later else INSPECTION
            if not (yield from self.admit(convoy, cause)):
                return False
            if booking.last <= self._env._now:
                break
            if self.closer_to(convoy) is not None:  # pardoned
                self._leave(convoy)
                return True
            if convoy.booking is None:  # it was detained, and has left the lanes
                booking = self._book(convoy, booking.leave(int(self._env.now)))
            if booking.last > self._env._now:
                self.at_work[convoy] = booking
                yield booking.wait(self._env)
                booking.alarm = None
                del self.at_work[convoy]
        convoy.leave_station(booking, self._inspection)
        return True

    def standing(self) -> list[Convoy]:
        """Return the convoys that stand before it, those in its lanes too."""
        now: int = self._env._now  # type: ignore[assignment] # whole seconds
        in_lanes = [
            convoy
            for convoy, work in self.at_work.items()
            if isinstance(work, Booking)
            and work in self._lanes.bookings
            and work.last > now
        ]
        return [*super().standing(), *in_lanes]

    def _leave(self, convoy: Convoy) -> None:
        """Free the lanes that a convoy holds, and give up its turns."""
        super()._leave(convoy)
        if convoy.booking is not None:
            convoy.catch_up()
            convoy.later = None
            convoy.booking.leave(int(self._env.now))
            convoy.booking = None
