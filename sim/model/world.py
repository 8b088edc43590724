"""Everything that lives in one run, and what must hold for it."""

from __future__ import annotations

from dataclasses import dataclass

import simpy

from sim.errors import BrokenInvariantError
from sim.events import EventLog
from sim.model.agreement.governor import Governor
from sim.model.crowd import Crowd
from sim.model.dispatch.flow import Flow
from sim.model.dispatch.order import Order
from sim.model.fleet import Fleet
from sim.model.gate import Gate
from sim.model.kernel import cancel_all
from sim.model.leg import Leg
from sim.model.pick_up import Stop
from sim.model.reception import Reception
from sim.model.site import Site
from sim.model.station import Station
from sim.model.stoppage import Stoppage


@dataclass
class World:
    """Everything that lives in one run."""

    env: simpy.Environment
    log: EventLog
    order: Order
    sites: dict[str, Site]
    bays: dict[str, Station]
    fleets: dict[str, Fleet]
    gates: dict[str, Gate]
    flows: dict[str, Flow]
    governors: dict[str, Governor]
    stoppages: dict[str, Stoppage]
    legs: dict[str, Leg]
    receptions: dict[str, Reception]
    stops: dict[str, Stop]

    @property
    def crowds(self) -> list[Crowd]:
        """All groups of all sites."""
        return [crowd for site in self.sites.values() for crowd in site.crowds.values()]

    def check(self) -> None:
        """Check everything that must hold after any event.

        Raises
        ------
        BrokenInvariantError
            If somebody is lost or doubled, a seat or vehicle used twice, a side has
            more in its tranches than was agreed, or a destination more people than it
            holds.
        """
        for crowd in self.crowds:
            crowd.check()
        for fleet in self.fleets.values():
            fleet.check()
        for governor in self.governors.values():
            for places in governor.agreement.sides.values():
                places.check()
        for reception in self.receptions.values():
            reception.check()
        self._check_vehicles()

    def dismantle(self) -> None:
        """Cut the ties between the parts, so that each is freed when nobody holds it.

        They refer to each other in circles, which Python would have to search for.
        """
        cancel_all(self.env)
        for gate in self.gates.values():
            gate.let_go()
        for leg in self.legs.values():
            leg.let_go()
        for bays in self.bays.values():
            bays.let_go()
        for stop in self.stops.values():
            stop.let_go()
        for flow in self.flows.values():
            flow.let_go()
        for governor in self.governors.values():
            governor.let_go()
        for stoppage in self.stoppages.values():
            stoppage.let_go()
        for fleet in self.fleets.values():
            fleet.when_changed.clear()
            fleet.may_send.clear()
        for site in self.sites.values():
            site.let_go()
        for reception in self.receptions.values():
            reception.let_go()
        self.order.let_go()

    def _check_vehicles(self) -> None:
        used: set[tuple[str, int]] = set()
        aboard: dict[Crowd, int] = {}
        for flow in self.flows.values():
            for convoy in flow.under_way:
                convoy.check()
                trip = convoy.trip
                for position, riding in enumerate(convoy.loading.people):
                    vehicle = (trip.fleets[position], trip.vehicles[position])
                    if vehicle in used or riding > trip.seats[position]:
                        raise BrokenInvariantError(
                            "a vehicle is in one convoy, a seat has one person",
                            (convoy.name, vehicle, riding),
                        )
                    used.add(vehicle)
                if convoy.people:
                    for crowd, share in convoy.loading.shares.items():
                        aboard[crowd] = aboard.get(crowd, 0) + sum(share)
        for crowd in self.crowds:
            if aboard.get(crowd, 0) != crowd.aboard:
                raise BrokenInvariantError(
                    "who is aboard sits in a vehicle", (crowd.group, crowd.aboard)
                )
