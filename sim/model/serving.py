"""A gate that serves vehicle after vehicle: what checkpoints and releases share."""

from __future__ import annotations

import simpy

from sim.events import Cause, EventLog, Kind
from sim.model.convoy import Convoy
from sim.model.gate import Gate
from sim.model.kernel import Lines, Passage, Process
from sim.model.station import Booking, Station

CLEARED, ROAD = Kind.CLEARED, Cause.ROAD


class ServingGate(Gate):
    """Vehicles have their turns at it, first come first served.

    The convoy re-forms behind the gate: it goes on when its last vehicle is through.

    Parameters
    ----------
    station : where vehicles have their turns.
    what : they are, as in `inspection`.
    """

    def __init__(
        self,
        env: simpy.Environment,
        name: str,
        log: EventLog,
        lines: Lines,
        station: Station,
        what: str,
    ) -> None:
        super().__init__(env, name, log, lines)
        self._station = station
        self.stations.append(station)
        self._what_and_where = what, name

    def pass_through(self, convoy: Convoy) -> Process:
        """Be let in, queue, have all turns, and pass or be turned back."""
        convoy.place_in_line = self._lines.join()
        if self.is_free_for(convoy) or (yield from self.admit(convoy)):
            yield from self.go_on(convoy)

    def go_on(self, convoy: Convoy) -> Process:
        """Queue, have all turns, pass or be turned back, for one that was let in."""
        # Who is let go although the gate stays closed has no turns.
        if not self.closers or self.closer_to(convoy) is None:
            turns, door = self._turns(convoy), self.door_of(convoy)
            booking = convoy.book(self._station, turns, door)
            self._joined(convoy, booking)
            env = self._env
            if booking.last > env._now:
                self.at_work[convoy] = booking
                yield booking.wait(env)
                booking.alarm = None
                del self.at_work[convoy]
                if booking.last <= env._now:
                    self._served(convoy, booking)
                elif not (yield from self._go_on(convoy, booking)):
                    return
            else:
                self._served(convoy, booking)
        convoy.note(CLEARED, self.name, ROAD)
        self.cross(convoy)

    def _go_on(self, convoy: Convoy, booking: Booking) -> Passage:
        """Go on with turns that the closing of the gate interrupts.

        The process returns whether the convoy may go on. One that the closing finds
        here is dealt with like one that comes: it is held, detained or turned back.
        """
        while booking.last > self._env._now:
            convoy.catch_up()
            if not (yield from self.admit(convoy, self._cause(convoy))):
                return False
            if booking.last <= self._env._now:
                break
            if self.closer_to(convoy) is not None:  # pardoned
                self._leave(convoy)
                return True
            if convoy.booking is None:  # it was detained, and has left the line
                booking = self._book_again(convoy, booking)
                self._joined(convoy, booking)
            if booking.last > self._env._now:
                self.at_work[convoy] = booking
                yield booking.wait(self._env)
                booking.alarm = None
                del self.at_work[convoy]
        self._served(convoy, booking)
        return True

    def standing(self) -> list[Convoy]:
        """Return the convoys that stand before it, those that have turns too."""
        now: int = self._env._now  # type: ignore[assignment] # whole seconds
        in_turn = [
            convoy
            for convoy, work in self.at_work.items()
            if isinstance(work, Booking)
            and work in self._station.bookings
            and work.last > now
        ]
        return [*super().standing(), *in_turn]

    def _leave(self, convoy: Convoy) -> None:
        """Free the places that a convoy holds, and give up its turns."""
        super()._leave(convoy)
        if convoy.booking is not None:
            convoy.catch_up()
            convoy.later = None
            convoy.booking.leave(int(self._env.now))
            convoy.booking = None

    def _served(self, convoy: Convoy, booking: Booking) -> None:
        """Note that all vehicles have had their turns."""
        convoy.leave_station(booking, self._what_and_where)

    def _turns(self, convoy: Convoy) -> list[int]:
        """Return how long each vehicle's turn takes."""
        raise NotImplementedError

    def _book_again(self, convoy: Convoy, booking: Booking) -> Booking:
        """Join again with what was left when the convoy had to leave."""
        raise NotImplementedError

    def _joined(self, convoy: Convoy, booking: Booking) -> None:
        """Write down that the convoy has joined those who have turns here."""
        raise NotImplementedError

    def _cause(self, convoy: Convoy) -> Cause:
        """Return what its time goes to here, while the gate is open."""
        raise NotImplementedError
