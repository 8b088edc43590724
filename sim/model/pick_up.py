"""A site on the way, at which convoys take more people on."""

from __future__ import annotations

from collections.abc import Iterable

import simpy

from sim.events import Cause, Kind, Reason, ReasonKind
from sim.model.convoy import Convoy
from sim.model.crowd import Crowd
from sim.model.gate import Gate
from sim.model.kernel import MOVE, Alarm, Process, move_callbacks
from sim.model.loading import PickUp
from sim.model.station import Station

BAY, BOARDING, ROAD = Cause.BAY, Cause.BOARDING, Cause.ROAD
PICK_UP = "pick-up"
"""What turns at a bay are called that a convoy has on its way."""


class Stop:
    """A site on a route; whom a convoy takes on there its flow says.

    Parameters
    ----------
    bays : of the site.
    quay : stands for the gate that the site does not have.
    """

    __slots__ = ("_bays", "_env", "_quay", "_waiting", "name")

    def __init__(
        self, env: simpy.Environment, site: str, bays: Station, quay: Gate
    ) -> None:
        self.name = site
        self._env = env
        self._bays = bays
        self._quay = quay
        self._waiting: dict[Convoy, Alarm] = {}

    def pass_through(self, convoy: Convoy) -> Iterable[simpy.Event]:
        """Go on at once if nobody is to join, else take those on who are there."""
        pick_up = convoy.dispatcher.pick_up_at(convoy, self.name)
        return () if pick_up is None else self._stop(convoy, pick_up)

    def _stop(self, convoy: Convoy, pick_up: PickUp) -> Process:
        name, env = self.name, self._env
        convoy.note(Kind.AT_SITE, name, ROAD)
        joining = self._joining(convoy, pick_up)
        if pick_up.waits and not joining:
            until = int(env.now) + convoy.chances[f"{name}/waits"][0]
            while not joining and env.now < until and _may_wait(convoy, pick_up):
                yield from self._wait(convoy, until)
                joining = self._joining(convoy, pick_up)
            convoy.release(name, ROAD)
        if not joining:
            convoy.dispatcher.picked_up(convoy, name, 0)
            return
        turns = convoy.turns(f"{name}/boarding")
        busy = [any(of_vehicle) for of_vehicle in zip(*joining.values(), strict=True)]
        turns = [turn * boards for turn, boards in zip(turns, busy, strict=True)]
        booking = convoy.book(self._bays, turns, self._quay)
        convoy.take_on(name, joining)
        if booking.starts[0] > env.now:
            convoy.note(Kind.QUEUED, name, BAY)
            convoy.begin_later(booking, Kind.BOARDING, name, BOARDING)
        else:
            convoy.note(Kind.BOARDING, name, BOARDING)
        if booking.last > env.now:
            at_work = self._quay.at_work
            at_work[convoy] = booking
            yield booking.wait(env)
            booking.alarm = None
            del at_work[convoy]
        convoy.leave_station(booking, (PICK_UP, name))
        convoy.note(Kind.BOARDED, name, ROAD)

    def _joining(self, convoy: Convoy, pick_up: PickUp) -> dict[Crowd, list[int]]:
        """Return who joins now, by group and vehicle."""
        room = convoy.dispatcher.room_for_more(convoy)
        return convoy.loading.tell_off(pick_up.rides, convoy.seats_left(), room)

    def _wait(self, convoy: Convoy, until: int) -> Process:
        """Stand until a moment, or until somebody may have come."""
        reason = Reason(ReasonKind.NOBODY_THERE, place=self.name)
        convoy.hold(self.name, Cause.NOT_READY, reason)
        alarm = Alarm(self._env, until - int(self._env.now), MOVE + convoy.number)
        self._waiting[convoy] = alarm
        yield alarm
        del self._waiting[convoy]

    def look_again(self) -> None:
        """Let those who wait look in this second: people have come, or will not."""
        for convoy, before in self._waiting.items():
            alarm = self._waiting[convoy] = Alarm(self._env, 0, MOVE + convoy.number)
            move_callbacks(before, alarm)

    def let_go(self) -> None:
        """Hold on to nobody any more: the run is over."""
        self._waiting.clear()


def _may_wait(convoy: Convoy, pick_up: PickUp) -> bool:
    """Whether there is a seat, and room, for anybody who is still to come there."""
    seats = convoy.seats_left()
    fleets = convoy.loading.fleets()
    return convoy.dispatcher.room_for_more(convoy) > 0 and any(
        crowd.to_come
        for fleet, crowds in pick_up.rides
        if any(left for left, its in zip(seats, fleets, strict=True) if its is fleet)
        for crowd in crowds
    )
