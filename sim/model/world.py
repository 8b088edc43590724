"""Everything that lives in one run, and what must hold for it."""

from __future__ import annotations

from dataclasses import dataclass

import simpy

from sim.errors import BrokenInvariantError
from sim.events import EventLog
from sim.model import invariants
from sim.model.agreement import Agreement
from sim.model.convoy import Stage
from sim.model.fleet import Fleet
from sim.model.flow import Flow
from sim.model.gate import Gate
from sim.model.ledger import Crowd
from sim.model.site import Site
from sim.model.stoppage import Stoppage


@dataclass
class World:
    """Everything that lives in one run."""

    env: simpy.Environment
    log: EventLog
    sites: dict[str, Site]
    fleets: dict[str, Fleet]
    gates: dict[str, Gate]
    stages: dict[str, Stage]
    flows: dict[str, Flow]
    agreements: dict[str, Agreement]
    stoppages: dict[str, Stoppage]

    def check(self) -> None:
        """Check everything that must hold after any event.

        Raises
        ------
        BrokenInvariantError
            If somebody is lost or doubled, a seat used twice, or more has passed a
            gate than was agreed.
        """
        for site in self.sites.values():
            for crowd in site.crowds.values():
                invariants.everybody_is_somewhere(crowd)
        for fleet in self.fleets.values():
            invariants.every_vehicle_is_somewhere(fleet)
        for agreement in self.agreements.values():
            for party in agreement.parties.values():
                invariants.nobody_passes_beyond_what_was_agreed(party)
        self._check_vehicles()

    def dismantle(self) -> None:
        """Cut the ties between the parts, so that each is freed when nobody holds it.

        They refer to each other in circles, which Python would have to search for.
        """
        for *_, event in self.env._queue:
            event.callbacks.clear()
        self.env._queue.clear()
        for gate in self.gates.values():
            gate.let_go()
        for flow in self.flows.values():
            flow.let_go()
        for agreement in self.agreements.values():
            agreement.let_go()
        for fleet in self.fleets.values():
            fleet.flows.clear()
        for site in self.sites.values():
            site.let_go()

    def _check_vehicles(self) -> None:
        used: set[tuple[str, int]] = set()
        aboard: dict[Crowd, int] = {}
        for flow in self.flows.values():
            for convoy in flow.under_way:
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
        for site in self.sites.values():
            for crowd in site.crowds.values():
                if aboard.get(crowd, 0) != crowd.aboard:
                    raise BrokenInvariantError(
                        "who is aboard sits in a vehicle", (crowd.group, crowd.aboard)
                    )
