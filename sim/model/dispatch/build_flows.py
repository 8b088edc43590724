"""Flows out of their plans, and what changes them as the run goes on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

import simpy

from sim.events import EventLog
from sim.model.convoy import Convoy, Detour
from sim.model.crowd import Crowd
from sim.model.dispatch.flow import Flow
from sim.model.dispatch.joining import Joining
from sim.model.dispatch.order import Order
from sim.model.dispatch.quota import Quota
from sim.model.dispatch.regime import Regime
from sim.model.dispatch.timetable import timetable_of
from sim.model.fleet import Fleet
from sim.model.gate import Gate
from sim.model.hours import Windows, next_within, windows_of
from sim.model.kernel import FLEET
from sim.model.loading import PickUp
from sim.model.luck import Phases, largest_convoy, luck_of
from sim.model.moments import Moments
from sim.model.occurrence import Detours
from sim.model.pick_up import Stop
from sim.model.platform import Boarding, Unloading
from sim.model.reception import Reception
from sim.model.site import Site
from sim.model.station import Station
from sim.model.streams import Streams
from sim.parts.rules import UNLIMITED
from sim.parts.stages import Stage
from sim.scenario.detours import destinations_of, onward
from sim.scenario.moments import write
from sim.scenario.pace import Pace
from sim.scenario.plans import FlowPlan, Operation, RoutePlan

_FLOWS = 1 << 22
"""Where changes of flows stand in the order within a second: behind all of vehicles,
people, places and roads."""


@dataclass(frozen=True)
class Parts:
    """What flows need of a run that is being built.

    Attributes
    ----------
    gates, bays, fleets, sites : by name; the bays are those of the sites.
    stages : what a route may be made of, by name.
    receptions : destinations that take in so many people and no more.
    new_gate : makes one of a name that no stoppage closes.
    always_open : such gates that were made so far, by site.
    stops : sites at which convoys pick people up, that were made so far.
    """

    gates: Mapping[str, Gate]
    bays: dict[str, Station]
    stages: Mapping[str, Stage[Convoy]]
    fleets: Mapping[str, Fleet]
    sites: Mapping[str, Site]
    new_gate: Callable[[str], Gate]
    receptions: dict[str, Reception]
    always_open: dict[str, Gate] = field(default_factory=dict)
    stops: dict[str, Stop] = field(default_factory=dict)

    def no_gate(self, site: str) -> Gate:
        """Return what stands for the gate of a site that has none."""
        if site not in self.always_open:
            self.always_open[site] = self.new_gate(site)
        return self.always_open[site]


class FlowBuilder:
    """Builds the flows of one run."""

    def __init__(
        self,
        operation: Operation,
        env: simpy.Environment,
        streams: Streams,
        log: EventLog,
        order: Order,
        moments: Moments,
        parts: Parts,
    ) -> None:
        self._operation = operation
        self._env = env
        self._streams = streams
        self._log = log
        self._order = order
        self._moments = moments
        self._parts = parts

    def flows(self) -> dict[str, Flow]:
        """Return the flows, each of which knows whom it shares its people with."""
        flows = {
            name: self._flow(name, number)
            for number, name in enumerate(self._operation.flows)
        }
        people = {name: set(self.all_crowds(name)) for name in flows}
        for flow in flows.values():
            ours = people[flow.name]
            flow.rivals += [
                other
                for other in flows.values()
                if other is not flow and not ours.isdisjoint(people[other.name])
            ]
            for fleet in self._parts.fleets.values():
                if flow.name in fleet.reserve:
                    fleet.may_send[flow.name] = flow.may_send
                    flow.reserved_in.append(fleet)
        return flows

    def all_crowds(self, name: str) -> Sequence[Crowd]:
        """Return all groups that a flow serves, or picks up, at any time."""
        plan = self._operation.flows[name]
        joining = (self._joining(plan, site) for site in plan.ever_picks_up)
        return [*self._crowds(plan), *chain.from_iterable(joining)]

    def _crowds(self, plan: FlowPlan) -> Sequence[Crowd]:
        crowds = self._site_of(plan).crowds
        return [crowds[group] for group in plan.ever_serves]

    def _joining(self, plan: FlowPlan, site: str) -> Sequence[Crowd]:
        crowds = self._parts.sites[site].crowds
        return [crowds[group] for group in plan.ever_picks_up[site]]

    def _site_of(self, plan: FlowPlan) -> Site:
        return self._parts.sites[self._operation.routes[plan.route].origin]

    def _flow(self, name: str, number: int) -> Flow:
        plan = self._operation.flows[name]
        site = self._site_of(plan)
        first = self._regime(name, plan, ())
        flow = Flow(self._env, name, number, self._log, self._order, site, first)
        self._tell_whom_later(flow, ())
        for on_the_way in plan.ever_picks_up:
            stop, there = self._stop(on_the_way), self._parts.sites[on_the_way]
            people = self._joining(plan, on_the_way)
            flow.joining.append(Joining(flow, stop, there, people))
        flow.begin_pick_ups()
        return flow

    def _tell_whom_later(self, flow: Flow, begun: Collection[int]) -> None:
        """Let its site know whom it serves in phases that have still to begin."""
        plan = self._operation.flows[flow.name]
        site, phases = self._site_of(plan), enumerate(plan.phases.values())
        later = [phase.groups or () for n, phase in phases if n not in begun]
        groups = dict.fromkeys(group for some in later for group in some)
        site.serve_later(flow, [site.crowds[group] for group in groups])

    def _regime(self, name: str, plan: FlowPlan, phases: Phases) -> Regime:
        """Return how a flow works by a plan, to which so many phases have led."""
        operation, parts = self._operation, self._parts
        route = operation.routes[plan.route]
        at = plan.boards_at
        gate = parts.gates[at] if at else parts.no_gate(route.origin)
        bays = parts.bays[route.origin]
        if bays not in gate.stations:
            gate.stations.append(bays)
        passed = [
            parts.gates[stage]
            for stage in (*route.inbound, *route.through)
            if stage in parts.gates
        ]
        crowds = [parts.sites[route.origin].crowds[group] for group in plan.groups]
        return Regime(
            plan,
            route.destination,
            sorted(crowds, key=lambda crowd: crowd.priority),
            {fleet: parts.fleets[fleet] for fleet in plan.convoy},
            largest_convoy(operation, plan),
            self._stages(plan, gate),
            list(dict.fromkeys(passed)),
            gate,
            timetable_of(operation, plan),
            self._quota(plan),
            parts.receptions.get(route.destination),
            luck_of(operation, name, self._streams, plan, phases),
            {site: self._pick_up(site, plan) for site in plan.pick_ups},
        )

    def _pick_up(self, site: str, plan: FlowPlan) -> PickUp:
        """Return whom convoys take on at a site; fleets fill as they do at first."""
        at, crowds = plan.pick_ups[site], self._parts.sites[site].crowds
        joining = sorted(
            (crowds[group] for group in at.groups), key=lambda crowd: crowd.priority
        )
        rides = [
            (fleet, [c for c in joining if fleet.carries_group(c.group)])
            for fleet in (self._parts.fleets[name] for name in plan.convoy)
        ]
        rides.sort(key=lambda ride: len(ride[1]))
        return PickUp(joining, rides, at.waits is not None)

    def _stages(self, plan: FlowPlan, gate: Gate) -> list[Stage[Convoy]]:
        """Return the stages of the whole journey."""
        parts, env = self._parts, self._env
        route = self._operation.routes[plan.route]
        origin = route.origin
        guarded = plan.boards_at is not None
        return [
            *(parts.stages[stage] for stage in route.inbound),
            Boarding(
                env,
                origin,
                parts.bays[origin],
                gate,
                guarded=guarded,
                leaves=self._leaves(plan),
            ),
            *(self._on_the_way(stage) for stage in route.through),
            self._unloading(route.destination),
            *(parts.stages[stage] for stage in route.back if plan.returns),
        ]

    def _on_the_way(self, name: str) -> Stage[Convoy]:
        """Return a stage with people aboard; what is no other stage is a site."""
        return self._parts.stages.get(name) or self._stop(name)

    def _stop(self, site: str) -> Stop:
        stops = self._parts.stops
        if site not in stops:
            bays, quay = self._parts.bays[site], self._parts.no_gate(site)
            stops[site] = Stop(self._env, site, bays, quay)
        return stops[site]

    def _unloading(self, site: str) -> Unloading:
        bays, quay = self._parts.bays[site], self._parts.no_gate(site)
        return Unloading(self._env, "unloading", site, bays, quay)

    def detours(self, flows: Mapping[str, Flow]) -> dict[str, Detours]:
        """Return how convoys go on that are diverted, by route and gate on it.

        Where people may then arrive, it is known which flows lead there.
        """
        operation, parts = self._operation, self._parts
        found: dict[str, Detours] = {}
        for name in {plan.to: None for plan in operation.stoppages.values()}:
            if name is not None:
                route = operation.routes[name]
                found[name] = {
                    gate: self._detour(name, route, gate)
                    for gate in route.through
                    if gate in parts.gates
                }
        for name, flow in flows.items() if found else ():
            for site in destinations_of(operation, name):
                if site in parts.receptions:
                    parts.receptions[site].receive(flow)
        return found

    def _detour(self, name: str, route: RoutePlan, gate: str) -> Detour:
        """Return what follows on a route after a gate, its first place."""
        stages, behind = self._parts.stages, onward(route, gate)
        on_the_way = (self._on_the_way(stage) for stage in behind)
        return Detour(
            name,
            route.destination,
            behind,
            [*on_the_way, self._unloading(route.destination)],
            [stages[stage] for stage in route.back],
            self._parts.receptions.get(route.destination),
        )

    def _leaves(self, plan: FlowPlan) -> Windows | None:
        """Return when its loaded convoys leave; None if as soon as they can."""
        clock, horizon = self._operation.clock, self._operation.ends
        windows: Windows | None = None
        if plan.release_hours is not None:
            windows = windows_of(clock, plan.release_hours, horizon)
        if plan.release_times:
            windows = tuple(
                (moment, moment + 1)
                for moment in clock.moments(plan.release_times, horizon)
                if windows is None or next_within(windows, moment) == moment
            )
        return windows

    def _quota(self, plan: FlowPlan) -> Quota | None:
        """Return how much may set out; it counts also if only a later phase says so."""
        pace = plan.at_most
        if pace is None and any(phase.at_most for phase in plan.phases.values()):
            pace = Pace(UNLIMITED, "convoys", "week")
        if pace is None:
            return None
        return Quota(pace, pace.starts(self._operation.clock, self._operation.ends))

    # What changes them

    def add_changes(self, flows: Mapping[str, Flow]) -> None:
        """Let flows open, depart, change and close as their moments come."""
        at, rank = self._moments.at, FLEET + _FLOWS
        for name, plan in self._operation.flows.items():
            flow, here = flows[name], f"flows.{name}"
            if plan.opens is not None and not isinstance(plan.opens, int):
                at(plan.opens, flow.open, rank, f"{here}.opens")
            for number, moment in enumerate(plan.dispatch_dates):
                if not isinstance(moment, int):
                    path = f"{here}.dispatch_dates.{number}"
                    at(moment, flow.depart, rank + 1, path)
            begun: list[int] = []
            for number, moment in enumerate(plan.phases):
                path = f"{here}.phases.{write(moment, self._operation.clock)}"
                at(moment, partial(self._enter, flow, number, begun), rank + 2, path)
            if plan.closes is not None and not isinstance(plan.closes, int):
                at(plan.closes, flow.close, rank + 3, f"{here}.closes")
            rank += 4

    def _enter(self, flow: Flow, number: int, begun: list[int]) -> None:
        """Let a flow work as a phase says, and otherwise as it does."""
        begun.append(number)
        self._tell_whom_later(flow, begun)
        phase = [*self._operation.flows[flow.name].phases.values()][number]
        flow.enter(self._regime(flow.name, flow.plan.as_of(phase), tuple(begun)))
