"""Turn the plans of an operation into the living things of one run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import simpy

from sim.events import EventLog
from sim.model.agreement import Agreement
from sim.model.checkpoint import Checkpoint
from sim.model.convoy import Stage
from sim.model.engine import Going
from sim.model.fleet import Fleet
from sim.model.flow import Flow
from sim.model.gate import Gate
from sim.model.ledger import Crowd
from sim.model.leg import Leg
from sim.model.loading import rides_of
from sim.model.luck import luck_of
from sim.model.party import Party
from sim.model.platform import Boarding, Unloading
from sim.model.site import Site
from sim.model.station import Station
from sim.model.stoppage import Stoppage
from sim.model.streams import Streams
from sim.model.ties import Alarm, Tie
from sim.model.timetable import timetable_of
from sim.model.weather import Spell, Weather
from sim.model.world import World
from sim.scenario.plans import AgreementPlan, Operation, PreconditionPlan


def build(operation: Operation, streams: Streams, log: EventLog) -> World:
    """Build a run that has not begun."""
    env = simpy.Environment()
    log.set_clock(env)
    gates = {name: Gate(env, name, log) for name in operation.gates}
    for name, checkpoint in operation.checkpoints.items():
        gates[name] = Checkpoint(env, name, log, checkpoint.lanes)
    stages: dict[str, Stage] = {**gates}
    spells = _spells(operation, streams)
    for name in operation.legs:
        stages[name] = Leg(env, name, _weather(operation, name, spells))
    world = World(
        env=env,
        log=log,
        sites=_sites(operation, log),
        fleets={name: Fleet(name, plan) for name, plan in operation.fleets.items()},
        gates=gates,
        stages=stages,
        flows={},
        agreements={
            name: Agreement(env, name, plan, log)
            for name, plan in operation.agreements.items()
        },
        stoppages={},
    )
    _add_flows(world, operation, streams)
    _add_fleet_changes(world, operation)
    _add_agreements(world, operation, streams)
    _add_stoppages(world, operation, streams)
    for site in world.sites.values():
        site.start()
    for flow in world.flows.values():
        flow.start()
    return world


def _at(env: simpy.Environment, moment: int, tie: Tie, act: Callable[[], None]) -> None:
    """Do something at a moment of the run."""
    alarm = Alarm(env, max(moment - int(env.now), 0), tie)
    alarm.callbacks.append(lambda _: act())


def _sites(operation: Operation, log: EventLog) -> dict[str, Site]:
    sites = {}
    for name, plan in operation.sites.items():
        site = sites[name] = Site(name, log)
        for group, people in plan.groups.items():
            site.crowds[group] = Crowd(
                name, group, people.people, people.stay, people.priority
            )
    return sites


def _spells(operation: Operation, streams: Streams) -> dict[str, Spell]:
    """Return when each spell of weather begins and ends, and how fast one drives."""
    return {
        name: (
            plan.starts,
            plan.until,
            plan.speed_factor.values(streams.numbers("weather", name, 1))[0],
        )
        for name, plan in operation.weather.items()
    }


def _weather(
    operation: Operation, leg: str, spells: dict[str, Spell]
) -> Weather | None:
    on_the_leg = [
        spells[name]
        for name, plan in operation.weather.items()
        if plan.legs is None or leg in plan.legs
    ]
    return Weather(sorted(on_the_leg)) if on_the_leg else None


def _add_flows(world: World, operation: Operation, streams: Streams) -> None:
    bays: dict[tuple[str, str], Station] = {}
    always_open: dict[str, Gate] = {}

    def bays_of(site: str, gate: Gate) -> Station:
        plan = operation.sites[site]
        return bays.setdefault((site, gate.name), Station(plan.bays))

    def no_gate(site: str) -> Gate:
        return always_open.setdefault(site, Gate(world.env, site, world.log))

    for name, plan in operation.flows.items():
        route = operation.routes[plan.route]
        luck = luck_of(operation, name, streams)
        flow = Flow(world.env, name, plan, world.log, luck)
        site = flow.site = world.sites[route.origin]
        flow.origin, flow.destination = route.origin, route.destination
        flow.crowds = sorted(
            (site.crowds[group] for group in plan.groups), key=lambda c: c.priority
        )
        flow.fleets = {fleet: world.fleets[fleet] for fleet in plan.convoy}
        flow.lead, flow.rides = rides_of(plan, flow.fleets, flow.crowds)
        gate = world.gates[plan.boards_at] if plan.boards_at else no_gate(route.origin)
        flow.boarding_gate = gate
        boarding = Boarding(route.origin, bays_of(route.origin, gate), gate)
        quay = no_gate(route.destination)
        bays_there = bays_of(route.destination, quay)
        unloading = Unloading(route.destination, bays_there, quay)
        flow.stages = [
            *(world.stages[stage] for stage in route.inbound),
            boarding,
            *(world.stages[stage] for stage in route.through),
            unloading,
            *(world.stages[stage] for stage in route.back if plan.returns),
        ]
        passed = [world.gates[s] for s in route.inbound if s in world.gates]
        passed += [world.gates[s] for s in route.through if s in world.gates]
        flow.gates = list(dict.fromkeys(passed))
        for each in dict.fromkeys([*flow.gates, gate]):
            each.flows[flow] = each is gate
        flow.timetable = timetable_of(operation, plan)
        flow.rivals = [f for f in site.flows if set(f.crowds) & set(flow.crowds)]
        for rival in flow.rivals:
            rival.rivals.append(flow)
        site.flows.append(flow)
        for fleet in flow.fleets.values():
            fleet.flows.append(flow)
        world.flows[name] = flow


def _add_fleet_changes(world: World, operation: Operation) -> None:
    for name, plan in operation.fleets.items():
        fleet = world.fleets[name]
        for moment, number in plan.joins.items():
            _at(world.env, moment, Tie.FLEET, partial(fleet.join, number))
        for moment, number in plan.leaves.items():
            _at(world.env, moment, Tie.FLEET, partial(fleet.leave, number))


def _add_agreements(world: World, operation: Operation, streams: Streams) -> None:
    for name, plan in operation.agreements.items():
        agreement = world.agreements[name]
        for side, party in plan.parties.items():
            flows = [world.flows[flow] for flow in party.flows]
            crowds = dict.fromkeys(crowd for flow in flows for crowd in flow.crowds)
            agreement.join(Party(side, world.gates[party.gate], flows, crowds))
            for flow in flows:
                flow.agreements.append(agreement)
    for name, plan in operation.agreements.items():
        _add_dates(world, world.agreements[name], plan, streams)


def _add_dates(
    world: World, agreement: Agreement, plan: AgreementPlan, streams: Streams
) -> None:
    proposed = plan.proposed or 0

    def at(moment: int, act: Callable[[], None]) -> None:
        _at(world.env, moment, Tie.AGREE, act)

    at(proposed, agreement.propose)
    if plan.in_force is not None and plan.in_force > proposed:
        agreement.unmet["date"] = "not in force yet"
        at(plan.in_force, lambda: agreement.meet("date"))
    for name, condition in plan.requires.items():
        agreement.unmet[name] = condition.note or name
        _require(world, agreement, name, condition, proposed, streams)
    for moment, terms in plan.amendments.items():
        at(moment, partial(agreement.amend, terms))
    if plan.deadline is not None:
        at(plan.deadline, agreement.expire)


def _require(
    world: World,
    agreement: Agreement,
    name: str,
    condition: PreconditionPlan,
    proposed: int,
    streams: Streams,
) -> None:
    def met() -> None:
        if name in agreement.unmet:
            agreement.meet(name)

    if condition.on is not None:
        _at(world.env, condition.on, Tie.AGREE, met)
    elif condition.after is not None:
        numbers = streams.numbers(f"precondition/{name}", agreement.name, 1)
        delay = condition.after.whole_values(numbers)[0]
        _at(world.env, proposed + delay, Tie.AGREE, met)
    elif condition.agreement is not None:
        other = world.agreements[condition.agreement]
        agreement.waits_for[name] = [
            flow for party in other.parties.values() for flow in party.flows
        ]
        other.when_completed.append(met)
    elif condition.arrived is not None:
        agreement.waits_for[name] = [world.flows[flow] for flow in condition.arrived]
        _when_arrived(world.flows, condition.arrived, met)


def _when_arrived(
    flows: dict[str, Flow], wanted: dict[str, int], met: Callable[[], None]
) -> None:
    def look(_: Flow) -> None:
        if all(flows[name].people_arrived >= count for name, count in wanted.items()):
            met()

    for name in wanted:
        flows[name].when_arrived.append(look)


def _add_stoppages(world: World, operation: Operation, streams: Streams) -> None:
    for name, plan in operation.stoppages.items():
        stoppage = Stoppage(world.env, name, plan, world.log, streams)
        stoppage.gates = [world.gates[gate] for gate in plan.closes]
        stoppage.suspends = _named(world.agreements, plan.suspends)
        stoppage.breaches = _named(world.agreements, plan.breaches)
        if plan.until_agreement is not None:
            stoppage.lasts_until = world.agreements[plan.until_agreement]
        world.stoppages[name] = stoppage
        Going(stoppage.run())


def _named(agreements: dict[str, Agreement], names: Iterable[str]) -> list[Agreement]:
    return [agreements[name] for name in names]
