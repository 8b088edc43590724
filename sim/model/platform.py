"""Boarding at a site and unloading at another."""

from typing import ClassVar

from sim.events import Cause, Kind
from sim.model.convoy import Convoy
from sim.model.engine import Process
from sim.model.gate import Gate
from sim.model.station import Station

AT_SITE, BOARDED, REACHED = Kind.AT_SITE, Kind.BOARDED, Kind.REACHED
BAY, BOARDING, ROAD, UNLOADING = Cause.BAY, Cause.BOARDING, Cause.ROAD, Cause.UNLOADING


class Platform:
    """The bays of a site, where the vehicles of a convoy load or unload."""

    __slots__ = ("_bays", "_gate", "_station", "_turns", "name")

    what: ClassVar[str]

    def __init__(self, site: str, bays: Station, gate: Gate) -> None:
        self.name = site
        self._bays = bays
        self._gate = gate
        self._turns = f"{site}/{self.what}"
        self._station = self.what, site


class Boarding(Platform):
    """People of a site board the vehicles of a convoy."""

    __slots__ = ()
    what = "boarding"

    def pass_through(self, convoy: Convoy) -> Process:
        """Wait until boarding is possible, and board those who were told off."""
        gate, name = self._gate, self.name
        convoy.came_s, convoy.driven_s = convoy.driven_s, 0
        convoy.note(AT_SITE, name)
        if not gate.is_open:
            yield from gate.wait_until_open(convoy, "")
        clock = gate.clock
        turns = convoy.turns(self._turns)
        starts, last = self._bays.book(clock, turns)
        if starts[0] > clock:
            convoy.board(name, BAY)
            convoy.later = gate, starts[0], Kind.BOARDING, name, BOARDING
        else:
            convoy.board(name, BOARDING)
        convoy.flow.boarded()
        if last > clock:
            alarm = gate.begin_work(last - clock)
            yield alarm
            del gate.at_work[alarm]
        if gate.clock < last:
            yield from gate.work_until(convoy, last, BOARDING, in_line=BAY)
        if convoy.later is not None:
            convoy.catch_up()
        convoy.trip.station_times.note(self._station, gate.times_of, starts, turns)
        convoy.note(BOARDED, name, ROAD)


class Unloading(Platform):
    """People leave the vehicles at their destination."""

    __slots__ = ()
    what = "unloading"

    def pass_through(self, convoy: Convoy) -> Process:
        """Unload every vehicle; people count as arrived when all are out."""
        gate, name = self._gate, self.name
        convoy.note(REACHED, name, UNLOADING)
        turns = convoy.turns(self._turns)
        clock = gate.clock
        starts, last = self._bays.book(clock, turns)
        if last > clock:
            alarm = gate.begin_work(last - clock)
            yield alarm
            del gate.at_work[alarm]
        convoy.trip.station_times.note(self._station, gate.times_of, starts, turns)
        people = convoy.people
        convoy.empty(Kind.ARRIVED, name)
        convoy.trip.fate = "arrived"
        convoy.flow.arrived(convoy, people)
