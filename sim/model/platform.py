"""Boarding at a site and unloading at another."""

import simpy

from sim.events import Cause, Kind, Reason, ReasonKind
from sim.model.convoy import Convoy
from sim.model.gate import Gate
from sim.model.hours import Windows, next_within
from sim.model.kernel import MOVE, Alarm, Process
from sim.model.station import Station

AT_SITE, BOARDED, REACHED = Kind.AT_SITE, Kind.BOARDED, Kind.REACHED
BAY, BOARDING, ROAD, UNLOADING = Cause.BAY, Cause.BOARDING, Cause.ROAD, Cause.UNLOADING


class Platform:
    """The bays of a site, where the vehicles of a convoy load or unload.

    Parameters
    ----------
    what : `boarding` or `unloading`.
    bays : of the site, one pool for all who load or unload there.
    gate : that must be open.
    guarded : it is a gate of the scenario; otherwise it never closes.
    """

    __slots__ = (
        "_bays",
        "_env",
        "_gate",
        "_guarded",
        "_turns",
        "_what_and_where",
        "name",
    )

    def __init__(
        self,
        env: simpy.Environment,
        what: str,
        site: str,
        bays: Station,
        gate: Gate,
        *,
        guarded: bool = False,
    ) -> None:
        self.name = site
        self._env = env
        self._bays = bays
        self._gate = gate
        self._guarded = guarded
        self._turns = f"{site}/{what}"
        self._what_and_where = what, site


class Boarding(Platform):
    """People of a site board the vehicles of a convoy.

    Parameters
    ----------
    leaves : when convoys that have boarded leave; None if as soon as they have.
    """

    __slots__ = ("_leaves",)

    def __init__(
        self,
        env: simpy.Environment,
        site: str,
        bays: Station,
        gate: Gate,
        *,
        guarded: bool,
        leaves: Windows | None,
    ) -> None:
        super().__init__(env, "boarding", site, bays, gate, guarded=guarded)
        self._leaves = leaves

    def pass_through(self, convoy: Convoy) -> Process:
        """Wait until boarding is possible, and board those who were told off."""
        gate, name, env = self._gate, self.name, self._env
        convoy.place_in_line = gate.next_place()
        convoy.note(AT_SITE, name)
        free = not self._guarded or gate.is_free_for(convoy)
        if not (free or (yield from gate.admit(convoy, ""))):
            return
        convoy.came_s, convoy.driven_s = convoy.driven_s, 0
        door = gate.door_for(convoy.flow)
        turns = convoy.turns(self._turns)
        if 0 in convoy.loading.people:  # for those whom it picks up on its way
            riding = zip(turns, convoy.loading.people, strict=True)
            turns = [turn if people else 0 for turn, people in riding]
        booking = convoy.book(self._bays, turns, door)
        if booking.starts[0] > env._now:
            convoy.board(name, BAY)
            convoy.begin_later(booking, Kind.BOARDING, name, BOARDING)
        else:
            convoy.board(name, BOARDING)
        while booking.last > env._now:
            gate.at_work[convoy] = booking
            yield booking.wait(env)
            booking.alarm = None
            del gate.at_work[convoy]
            if booking.last > env._now:
                convoy.catch_up()
                cause = BAY if convoy.later else BOARDING
                yield from gate.wait_until_open(convoy, cause)
        convoy.leave_station(booking, self._what_and_where)
        convoy.note(BOARDED, name, ROAD)
        if self._leaves is not None:
            yield from self._until_released(convoy, self._leaves)
        convoy.dispatcher.set_out(convoy)

    def _until_released(self, convoy: Convoy, leaves: Windows) -> Process:
        """Stand with people aboard until convoys leave."""
        now = int(self._env.now)
        moment = next_within(leaves, now)
        if moment > now:
            reason = Reason(ReasonKind.OUTSIDE_HOURS, place=self.name)
            convoy.hold(self.name, Cause.OUTSIDE_HOURS, reason)
            yield Alarm(self._env, moment - now, MOVE + convoy.number)
            convoy.release(self.name, ROAD)


class Unloading(Platform):
    """People leave the vehicles at their destination."""

    __slots__ = ()

    def pass_through(self, convoy: Convoy) -> Process:
        """Unload every vehicle; people count as arrived when all are out."""
        name, env = self.name, self._env
        booking = convoy.book(self._bays, convoy.turns(self._turns), self._gate)
        if booking.starts[0] > env._now:
            convoy.note(REACHED, name, BAY)
            convoy.note(Kind.QUEUED, name, BAY)
            convoy.begin_later(booking, Kind.UNLOADING, name, UNLOADING)
        else:
            convoy.note(REACHED, name, UNLOADING)
        if booking.last > env._now:
            at_work = self._gate.at_work
            at_work[convoy] = booking
            yield booking.wait(env)
            booking.alarm = None
            del at_work[convoy]
        convoy.leave_station(booking, self._what_and_where)
        convoy.arrive(name)
