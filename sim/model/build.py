"""Turn the plans of an operation into the living things of one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import count

import simpy

from sim.events import EventLog
from sim.model.added import Added
from sim.model.agreement.dates import At, add_dates, unmet_at_first
from sim.model.agreement.governor import Governor
from sim.model.checkpoint import Checkpoint
from sim.model.coming import as_it_comes
from sim.model.crowd import Crowd
from sim.model.dispatch.build_flows import FlowBuilder, Parts
from sim.model.dispatch.flow import Flow
from sim.model.dispatch.order import Order
from sim.model.fleet import Fleet
from sim.model.gate import Gate
from sim.model.hours import keep_hours, windows_of
from sim.model.kernel import AGREE, FLEET, OPEN, Going, Lines
from sim.model.leg import Leg, NarrowLeg
from sim.model.luck import releases, speed_factor
from sim.model.moments import Act, Moments, tell
from sim.model.occurrence import NO_DETOURS, Curfew, Detours
from sim.model.reception import Reception
from sim.model.releasing import ReleasingGate
from sim.model.site import Site
from sim.model.station import Station
from sim.model.stoppage import Stoppage
from sim.model.streams import Streams
from sim.model.watch import connect
from sim.model.weather import Spell, Weather
from sim.model.world import World
from sim.parts.stages import STAGES
from sim.scenario.clock import Hours
from sim.scenario.moments import Hanging, Happening, write
from sim.scenario.plans import Operation, ReleasePlan
from sim.scenario.readiness import ready_at

_SITES, _CHANGES = 1 << 20, 1 << 21
"""Where sites, and changes of gates and roads, stand in the order within a second:
behind fleets and groups, before flows (`dispatch.build_flows`)."""


def build(operation: Operation, streams: Streams, log: EventLog) -> World:
    """Build a run that has not begun, without the stoppages that do not come in it."""
    return _ModelBuilder(as_it_comes(operation, streams), streams, log).world()


class _ModelBuilder:
    """Builds one run."""

    def __init__(self, operation: Operation, streams: Streams, log: EventLog) -> None:
        self._operation = operation
        self._streams = streams
        self._log = log
        self._env = simpy.Environment()
        self._lines = Lines()
        self._order = Order(self._env)
        self._moments = Moments(self._env, operation.clock, streams, log)
        self._changes = 0
        log.set_clock(self._env)

    def world(self) -> World:
        """Return everything that lives in the run."""
        operation, env, log = self._operation, self._env, self._log
        gates = self._gates()
        legs = self._legs()
        fleets = {name: Fleet(name, plan) for name, plan in operation.fleets.items()}
        sites = self._sites()
        parts = Parts(
            gates,
            {n: Station(env, plan.bays) for n, plan in operation.sites.items()},
            {**gates, **legs, **self._added()},
            fleets,
            sites,
            lambda name: Gate(env, name, log, self._lines),
            self._receptions(),
        )
        flow_builder = FlowBuilder(
            operation, env, self._streams, log, self._order, self._moments, parts
        )
        flows = flow_builder.flows()
        self._add_fleet_changes(fleets)
        self._add_changes_of_people(sites)
        flow_builder.add_changes(flows)
        governors = self._governors(flows, gates, flow_builder.all_crowds)
        places = count(AGREE)
        for name in governors:
            next_place = partial(self._place_of, name, places)
            add_dates(name, operation, governors, flows, self._streams, next_place)
        stoppages = self._stoppages(gates, governors, flow_builder.detours(flows))
        for stoppage in stoppages.values():
            Going(stoppage.run())
        self._keep_hours(gates, legs)
        for site in sites.values():
            site.start()
        self._name_moments()
        connect(self._moments.watched, gates, sites, flows, governors, stoppages)
        for flow in flows.values():
            flow.review()
        return World(
            env,
            log,
            self._order,
            sites,
            parts.bays,
            fleets,
            {**gates, **{f"at {n}": gate for n, gate in parts.always_open.items()}},
            flows,
            governors,
            stoppages,
            legs,
            parts.receptions,
            parts.stops,
        )

    def _name_moments(self) -> None:
        """Let moments that have a name come, for whatever hangs on them."""
        for name, moment in self._operation.moments.items():
            told = self._moments.watched.setdefault(Happening(name, "comes"), [])
            self._moments.at(moment, partial(tell, told), OPEN, f"moments.{name}")

    def _place_of(self, agreement: str, places: Iterator[int]) -> At:
        """Return what does something in the next place, for an agreement."""
        return partial(self._at_agreement, agreement, next(places))

    def _at_agreement(
        self, name: str, rank: int, moment: int | Hanging, act: Act, field: str
    ) -> None:
        self._moments.at(moment, act, rank, f"agreements.{name}.{field}")

    # Places and roads

    def _gates(self) -> dict[str, Gate]:
        """Return gates and checkpoints, with what they do from the start."""
        env, log, lines, operation = self._env, self._log, self._lines, self._operation
        gates: dict[str, Gate] = {}
        for name, plan in operation.gates.items():
            if plan.releases is None and not plan.changes:
                gates[name] = Gate(env, name, log, lines)
                continue
            gate = gates[name] = ReleasingGate(env, name, log, lines)
            if plan.releases is not None:
                gate.change(*self._releases(name, plan.releases, 0))
            for number, (moment, change) in enumerate(plan.changes.items(), 1):
                terms = self._releases(name, change.releases, number)
                self._change(moment, partial(gate.change, *terms), f"gates.{name}")
        for name, at in operation.checkpoints.items():
            checkpoint = Checkpoint(env, name, log, lines, at.lanes)
            gates[name] = checkpoint
            for number, (moment, new) in enumerate(at.changes.items(), 1):
                other = "" if new.inspection is None else str(number)
                act = partial(checkpoint.change, new.lanes, other)
                self._change(moment, act, f"checkpoints.{name}")
        return gates

    def _releases(
        self, gate: str, plan: ReleasePlan, change: int
    ) -> tuple[int, Iterator[int]]:
        return plan.vehicles, releases(self._streams, plan.every, gate, change)

    def _change(self, moment: int | Hanging, act: Act, place: str) -> None:
        """Let a gate, a checkpoint or a leg be otherwise from a moment on."""
        order = _CHANGES + self._changes
        self._changes += 1
        self._at(moment, act, order, f"{place}.changes")

    def _at(self, moment: int | Hanging, act: Act, order: int, field: str) -> None:
        """Do something at a moment that is a key of a field."""
        path = f"{field}.{write(moment, self._operation.clock)}"
        self._moments.at(moment, act, FLEET + order, path)

    def _keep_hours(self, gates: Mapping[str, Gate], legs: Mapping[str, Leg]) -> None:
        """Open and close gates, checkpoints and legs by their hours, as named."""
        operation = self._operation
        order = len(operation.stoppages)
        for name, plan in {**operation.gates, **operation.checkpoints}.items():
            if plan.hours is not None:
                curfew, gate = Curfew(name), gates[name]
                close, open_ = partial(gate.close, curfew), partial(gate.open, curfew)
                self._keep(plan.hours, order, close, open_)
            order += 1
        for name, leg in operation.legs.items():
            if leg.hours is not None:
                narrow = legs[name]
                assert isinstance(narrow, NarrowLeg)  # noqa: S101 - it has hours
                self._keep(leg.hours, order, narrow.close, narrow.open)
            order += 1

    def _keep(
        self,
        hours: Hours,
        order: int,
        close: Callable[[], None],
        open_: Callable[[], None],
    ) -> None:
        windows = windows_of(self._operation.clock, hours, self._operation.ends)
        Going(keep_hours(self._env, windows, order, close, open_))

    def _sites(self) -> dict[str, Site]:
        sites = {}
        for name, plan in self._operation.sites.items():
            site = sites[name] = Site(name, self._log)
            for group, people in plan.groups.items():
                crowd = site.crowds[group] = Crowd(
                    name, group, people.people, people.stay, people.priority
                )
                crowd.to_come = sum(people.joins.values())
                if later := sum(people.ready_later.values()):
                    crowd.get_ready_later(later)
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
        legs: dict[str, Leg] = {}
        for leg in self._operation.legs:
            on_the_leg = [
                spells[name]
                for name, plan in self._operation.weather.items()
                if plan.legs is None or leg in plan.legs
            ]
            weather = Weather(sorted(on_the_leg)) if on_the_leg else None
            legs[leg] = self._leg(leg, weather)
        return legs

    def _leg(self, name: str, weather: Weather | None) -> Leg:
        plan = self._operation.legs[name]
        narrow = plan.hours or plan.vehicles_per_hour or plan.holds or plan.changes
        if not narrow:
            return Leg(self._env, name, weather)
        leg = NarrowLeg(self._env, name, weather, self._log)
        leg.change(plan.vehicles_per_hour, plan.holds)
        for moment, new in plan.changes.items():
            act = partial(leg.change, new.vehicles_per_hour, new.holds)
            self._change(moment, act, f"legs.{name}")
        return leg

    def _added(self) -> dict[str, Added]:
        return {
            name: Added(name, STAGES[kind].begin(plan))
            for kind, plans in self._operation.stages.items()
            for name, plan in plans.items()
        }

    def _receptions(self) -> dict[str, Reception]:
        """Return the destinations that take in so many people and no more."""
        found = {}
        for order, (name, plan) in enumerate(self._operation.sites.items(), _SITES):
            if plan.holds is not None:
                there = found[name] = Reception(name, plan.holds, self._log)
                for moment, people in plan.moves_on.items():
                    act = partial(there.move_on, people)
                    self._at(moment, act, order, f"sites.{name}.moves_on")
        return found

    # Fleets

    def _add_fleet_changes(self, fleets: Mapping[str, Fleet]) -> None:
        plans = self._operation.fleets
        for order, (name, plan) in enumerate(plans.items()):
            fleet, here = fleets[name], f"fleets.{name}"
            for moment, number in plan.joins.items():
                self._at(moment, partial(fleet.join, number), order, f"{here}.joins")
            after = len(plans) + order
            for moment, number in plan.leaves.items():
                self._at(moment, partial(fleet.leave, number), after, f"{here}.leaves")

    def _add_changes_of_people(self, sites: Mapping[str, Site]) -> None:
        operation = self._operation
        groups = (
            (sites[name], group, people)
            for name, plan in operation.sites.items()
            for group, people in plan.groups.items()
        )
        order = 2 * len(operation.fleets)
        for site, group, plan in groups:
            crowd, here = site.crowds[group], f"sites.{site.name}.groups.{group}"
            for moment, number in ready_at(plan, operation.ends):
                ready = partial(site.get_ready, crowd, number)
                self._at(moment, ready, order, f"{here}.ready")
            for moment, number in plan.joins.items():
                join = partial(site.join, crowd, number)
                self._at(moment, join, order + 1, f"{here}.joins")
            for moment, number in plan.withdraws.items():
                withdraw = partial(site.withdraw, crowd, number)
                self._at(moment, withdraw, order + 2, f"{here}.withdraws")
            order += 3

    # Agreements

    def _governors(
        self,
        flows: Mapping[str, Flow],
        gates: Mapping[str, Gate],
        crowds_of: Callable[[str], Sequence[Crowd]],
    ) -> dict[str, Governor]:
        governors = {}
        for name, plan in self._operation.agreements.items():
            crowds: dict[str, Sequence[Crowd]] = {
                side: list(dict.fromkeys(c for f in party.flows for c in crowds_of(f)))
                for side, party in plan.parties.items()
            }
            governor = governors[name] = Governor(
                name,
                plan,
                unmet_at_first(name, plan, self._streams),
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

    def _stoppages(
        self,
        gates: Mapping[str, Gate],
        governors: Mapping[str, Governor],
        detours: Mapping[str, Detours],
    ) -> dict[str, Stoppage]:
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
                self._moments,
                gates[plan.starts_with.at] if plan.starts_with else None,
                detours.get(plan.to or "", NO_DETOURS),
            )
            for order, (name, plan) in enumerate(self._operation.stoppages.items())
        }


def _review(flows: Sequence[Flow]) -> None:
    for flow in flows:
        flow.review()
