"""Turn the plans of an operation into the living things of one run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import simpy

from sim.events import EventLog
from sim.model.added import Added
from sim.model.agreement.dates import add_dates, unmet_at_first
from sim.model.agreement.governor import Governor
from sim.model.checkpoint import Checkpoint
from sim.model.convoy import Convoy, Detour
from sim.model.crowd import Crowd
from sim.model.dispatch.flow import Flow
from sim.model.dispatch.order import Order
from sim.model.dispatch.timetable import timetable_of
from sim.model.fleet import Fleet
from sim.model.gate import Gate
from sim.model.kernel import AGREE, FLEET, Alarm, Going, Lines
from sim.model.leg import Leg
from sim.model.luck import luck_of, speed_factor
from sim.model.occurrence import NO_DETOURS, Detours
from sim.model.platform import Boarding, Unloading
from sim.model.site import Site
from sim.model.station import Station
from sim.model.stoppage import Stoppage
from sim.model.streams import Streams
from sim.model.weather import Spell, Weather
from sim.model.world import World
from sim.parts.stages import STAGES, Stage
from sim.scenario.detours import onward, routes_of
from sim.scenario.plans import FlowPlan, Operation, StoppagePlan


def build(operation: Operation, streams: Streams, log: EventLog) -> World:
    """Build a run that has not begun."""
    return _ModelBuilder(operation, streams, log).world()


@dataclass(frozen=True)
class _Parts:
    """What a route is made of."""

    gates: dict[str, Gate]
    bays: dict[str, Station]
    stages: dict[str, Stage[Convoy]]


class _ModelBuilder:
    """Builds one run."""

    def __init__(self, operation: Operation, streams: Streams, log: EventLog) -> None:
        self._operation = operation
        self._streams = streams
        self._log = log
        self._env = simpy.Environment()
        self._lines = Lines()
        self._order = Order(self._env)
        self._always_open: dict[str, Gate] = {}
        log.set_clock(self._env)

    def world(self) -> World:
        """Return everything that lives in the run."""
        operation, env, log = self._operation, self._env, self._log
        gates = {name: Gate(env, name, log, self._lines) for name in operation.gates}
        for name, plan in operation.checkpoints.items():
            gates[name] = Checkpoint(env, name, log, self._lines, plan.lanes)
        parts = _Parts(
            gates,
            {n: Station(env, plan.bays) for n, plan in operation.sites.items()},
            {**gates, **self._legs(), **self._added()},
        )
        fleets = {name: Fleet(name, plan) for name, plan in operation.fleets.items()}
        sites = self._sites()
        flows = {
            name: self._flow(name, number, parts, fleets, sites)
            for number, name in enumerate(operation.flows)
        }
        _introduce(operation, flows, fleets, sites)
        self._add_fleet_changes(fleets)
        governors = self._governors(flows, gates)
        for order, name in enumerate(governors):
            at = partial(self._at, rank=AGREE + order)
            add_dates(name, operation, governors, flows, self._streams, at)
        self._know_gates_of_detours(flows, gates)
        stoppages = self._stoppages(parts, governors)
        for stoppage in stoppages.values():
            Going(stoppage.run())
        for site in sites.values():
            site.start()
        for flow in flows.values():
            flow.review()
        return World(
            env,
            log,
            self._order,
            sites,
            parts.bays,
            fleets,
            {**gates, **{f"at {n}": gate for n, gate in self._always_open.items()}},
            flows,
            governors,
            stoppages,
        )

    def _at(self, moment: int, act: Callable[[], None], rank: int) -> None:
        """Do something at a moment of the run."""
        delay = max(moment - int(self._env.now), 0)
        alarm = Alarm(self._env, delay, rank)
        alarm.callbacks.append(lambda _: act())

    # Places and roads

    def _sites(self) -> dict[str, Site]:
        sites = {}
        for name, plan in self._operation.sites.items():
            site = sites[name] = Site(name, self._log)
            for group, people in plan.groups.items():
                site.crowds[group] = Crowd(
                    name, group, people.people, people.stay, people.priority
                )
        return sites

    def _legs(self) -> dict[str, Leg]:
        """Return every leg with the weather on it."""
        spells: dict[str, Spell] = {
            name: (
                plan.starts,
                plan.until,
                speed_factor(self._streams, plan.speed_factor, name),
            )
            for name, plan in self._operation.weather.items()
        }
        legs = {}
        for leg in self._operation.legs:
            on_the_leg = [
                spells[name]
                for name, plan in self._operation.weather.items()
                if plan.legs is None or leg in plan.legs
            ]
            weather = Weather(sorted(on_the_leg)) if on_the_leg else None
            legs[leg] = Leg(self._env, leg, weather)
        return legs

    def _added(self) -> dict[str, Added]:
        return {
            name: Added(name, STAGES[kind].begin(plan))
            for kind, plans in self._operation.stages.items()
            for name, plan in plans.items()
        }

    def _no_gate(self, site: str) -> Gate:
        if site not in self._always_open:
            gate = Gate(self._env, site, self._log, self._lines)
            self._always_open[site] = gate
        return self._always_open[site]

    # Flows and fleets

    def _flow(
        self,
        name: str,
        number: int,
        parts: _Parts,
        fleets: Mapping[str, Fleet],
        sites: Mapping[str, Site],
    ) -> Flow:
        operation = self._operation
        plan = operation.flows[name]
        route = operation.routes[plan.route]
        at = plan.boards_at
        gate = parts.gates[at] if at else self._no_gate(route.origin)
        bays = parts.bays[route.origin]
        if bays not in gate.stations:
            gate.stations.append(bays)
        passed = [
            parts.gates[stage]
            for stage in (*route.inbound, *route.through)
            if stage in parts.gates
        ]
        flow = Flow(
            self._env,
            name,
            plan,
            route,
            number,
            self._log,
            luck_of(operation, name, self._streams),
            self._order,
            sites[route.origin],
            fleets,
            self._stages(plan, parts, gate),
            list(dict.fromkeys(passed)),
            gate,
            timetable_of(operation, plan),
        )
        gate.when_changed.append(flow.review)
        for each in dict.fromkeys(passed):
            each.when_deterrent_changed.append(flow.review)
        return flow

    def _stages(self, plan: FlowPlan, parts: _Parts, gate: Gate) -> list[Stage[Convoy]]:
        """Return the stages of the whole journey."""
        route = self._operation.routes[plan.route]
        origin, destination = route.origin, route.destination
        boarding = Boarding(
            self._env,
            "boarding",
            origin,
            parts.bays[origin],
            gate,
            guarded=plan.boards_at is not None,
        )
        return [
            *(parts.stages[stage] for stage in route.inbound),
            boarding,
            *(parts.stages[stage] for stage in route.through),
            self._unloading(destination, parts),
            *(parts.stages[stage] for stage in route.back if plan.returns),
        ]

    def _unloading(self, site: str, parts: _Parts) -> Unloading:
        quay = self._no_gate(site)
        return Unloading(self._env, "unloading", site, parts.bays[site], quay)

    def _add_fleet_changes(self, fleets: Mapping[str, Fleet]) -> None:
        for order, (name, plan) in enumerate(self._operation.fleets.items()):
            fleet = fleets[name]
            for moment, number in plan.joins.items():
                self._at(moment, partial(fleet.join, number), FLEET + order)
            for moment, number in plan.leaves.items():
                self._at(moment, partial(fleet.leave, number), FLEET + order)

    # Agreements

    def _governors(
        self, flows: Mapping[str, Flow], gates: Mapping[str, Gate]
    ) -> dict[str, Governor]:
        governors = {}
        for name, plan in self._operation.agreements.items():
            crowds: dict[str, Sequence[Crowd]] = {
                side: list(
                    dict.fromkeys(c for f in party.flows for c in flows[f].crowds)
                )
                for side, party in plan.parties.items()
            }
            governor = governors[name] = Governor(
                name,
                plan,
                unmet_at_first(plan),
                {side: gates[party.gate] for side, party in plan.parties.items()},
                crowds,
                self._env,
                self._log,
                self._streams,
            )
            for side, party in plan.parties.items():
                of_side = [flows[flow] for flow in party.flows]
                governor.look_for_convoys[side] = partial(_review, of_side)
                for flow in of_side:
                    flow.governors.append(governor)
                    governed = gates[party.gate].governors
                    governed.setdefault(flow.name, []).append(governor)
        return governors

    # Stoppages

    def _know_gates_of_detours(
        self, flows: Mapping[str, Flow], gates: Mapping[str, Gate]
    ) -> None:
        for name, flow in flows.items():
            _, *others = routes_of(self._operation, name)
            ways = (self._operation.routes[route].through for route in others)
            stages = dict.fromkeys(stage for way in ways for stage in way)
            flow.gates_of_detours += [gates[s] for s in stages if s in gates]

    def _detours(self, plan: StoppagePlan, parts: _Parts) -> Detours:
        """Return where convoys go on that a stoppage diverts, by flow and gate."""
        operation = self._operation
        if plan.to is None:
            return NO_DETOURS
        route = operation.routes[plan.to]
        return {
            (name, gate): Detour(
                plan.to,
                route.destination,
                flow.route == plan.to,
                onward(route, gate),
                [
                    *(parts.stages[stage] for stage in onward(route, gate)),
                    self._unloading(route.destination, parts),
                    *(parts.stages[stage] for stage in route.back if flow.returns),
                ],
            )
            for name, flow in operation.flows.items()
            for gate in plan.closes
            if gate in route.through
        }

    def _stoppages(
        self, parts: _Parts, governors: Mapping[str, Governor]
    ) -> dict[str, Stoppage]:
        gates = parts.gates
        return {
            name: Stoppage(
                self._env,
                name,
                plan,
                order,
                self._log,
                self._streams,
                [gates[gate] for gate in plan.closes],
                [governors[agreement] for agreement in plan.suspends],
                [governors[agreement] for agreement in plan.breaches],
                governors[plan.until_agreement] if plan.until_agreement else None,
                gates[plan.starts_with.at] if plan.starts_with else None,
                self._detours(plan, parts),
            )
            for order, (name, plan) in enumerate(self._operation.stoppages.items())
        }


def _introduce(
    operation: Operation,
    flows: Mapping[str, Flow],
    fleets: Mapping[str, Fleet],
    sites: Mapping[str, Site],
) -> None:
    """Let flows know of each other, and of changes in their fleets."""
    for flow in flows.values():
        flow.rivals += [
            other
            for other in flows.values()
            if other is not flow and set(other.crowds) & set(flow.crowds)
        ]
        for fleet in operation.flows[flow.name].convoy:
            fleets[fleet].when_changed.append(flow.vehicles_changed)
            if flow.name in fleets[fleet].reserve:
                fleets[fleet].may_send[flow.name] = flow.may_send


def _review(flows: Sequence[Flow]) -> None:
    for flow in flows:
        flow.review()
