"""Boarding at a site and unloading at another."""

from sim.distributions import Distribution
from sim.events import Cause, Kind
from sim.model.convoy import Convoy, Passage
from sim.model.gate import Gate
from sim.model.station import Station
from sim.model.streams import Streams


class Platform:
    """The bays of a site, where the vehicles of a convoy load or unload."""

    def __init__(
        self, site: str, bays: Station, gate: Gate, draw: Distribution, streams: Streams
    ) -> None:
        self.name = site
        self._bays = bays
        self._gate = gate
        self._draw = draw
        self._streams = streams

    def book(self, convoy: Convoy, what: str) -> tuple[list[int], list[int]]:
        """Return when each vehicle's turn begins and ends [s of the gate's clock]."""
        turns = convoy.turns(self._draw, self._streams, f"{self.name}/{what}")
        return self._bays.book(self._gate.clock, turns)


class Boarding(Platform):
    """People of a site board the vehicles of a convoy."""

    def pass_through(self, convoy: Convoy) -> Passage:
        """Wait until boarding is possible, and board those who were told off."""
        gate = self._gate
        convoy.note(Kind.AT_SITE, self.name)
        yield from gate.wait_until_open(convoy, "")
        starts, ends = self.book(convoy, "boarding")
        if starts[0] > gate.clock:
            convoy.board(self.name, Cause.BAY)
            convoy.flow.boarded()
            yield from gate.work_until(convoy, starts[0], Cause.BAY)
            convoy.note(Kind.BOARDING, self.name, Cause.BOARDING)
        else:
            convoy.board(self.name, Cause.BOARDING)
            convoy.flow.boarded()
        yield from gate.work_until(convoy, max(ends), Cause.BOARDING)
        times = gate.times(starts, ends)
        convoy.trip.station_times["boarding", self.name] = times
        convoy.note(Kind.BOARDED, self.name, Cause.ROAD)
        return True


class Unloading(Platform):
    """People leave the vehicles at their destination."""

    def pass_through(self, convoy: Convoy) -> Passage:
        """Unload every vehicle; people count as arrived when all are out."""
        gate = self._gate
        convoy.note(Kind.REACHED, self.name, Cause.UNLOADING)
        starts, ends = self.book(convoy, "unloading")
        yield from gate.work_until(convoy, max(ends), Cause.UNLOADING)
        times = gate.times(starts, ends)
        convoy.trip.station_times["unloading", self.name] = times
        convoy.empty(Kind.ARRIVED, self.name)
        convoy.trip.fate = "arrived"
        return True
