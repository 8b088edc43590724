"""The parts of an operation that are right by themselves, as far as there are any."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Self, TypeVar

from pydantic import BaseModel, ValidationError

from sim.messages import Text, in_plain
from sim.parts.stages import STAGES
from sim.scenario.clock import Clock
from sim.scenario.detours import routes_of
from sim.scenario.moments import Hanging, write
from sim.scenario.nodes import MappingNode, plain, table_at
from sim.scenario.origins import served
from sim.scenario.plans import (
    AgreementPlan,
    CheckpointPlan,
    FleetPlan,
    FlowPlan,
    GatePlan,
    LegPlan,
    Operation,
    RoutePlan,
    SitePlan,
    StoppagePlan,
    WeatherPlan,
)
from sim.scenario.shapes import Path

_Plan = TypeVar("_Plan", bound=BaseModel)


class Finding(NamedTuple):
    """Parts that do not fit together.

    Attributes
    ----------
    path : steps to the field at fault.
    said, advice : what is wrong and what to do.
    """

    path: Path
    said: Text
    advice: Text

    @property
    def problem(self) -> str:
        """What is wrong, in English."""
        return in_plain(self.said)


@dataclass(frozen=True, slots=True)
class Draft:
    """What the checks look at: the valid parts by section.

    Attributes
    ----------
    stages : by kind, and then by name.
    broken : sections of which some parts are not valid.
    """

    clock: Clock | None = None
    sites: Mapping[str, SitePlan] = field(default_factory=dict)
    fleets: Mapping[str, FleetPlan] = field(default_factory=dict)
    legs: Mapping[str, LegPlan] = field(default_factory=dict)
    gates: Mapping[str, GatePlan] = field(default_factory=dict)
    checkpoints: Mapping[str, CheckpointPlan] = field(default_factory=dict)
    stages: Mapping[str, Mapping[str, BaseModel]] = field(default_factory=dict)
    routes: Mapping[str, RoutePlan] = field(default_factory=dict)
    flows: Mapping[str, FlowPlan] = field(default_factory=dict)
    agreements: Mapping[str, AgreementPlan] = field(default_factory=dict)
    stoppages: Mapping[str, StoppagePlan] = field(default_factory=dict)
    weather: Mapping[str, WeatherPlan] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()

    @classmethod
    def of(cls, operation: Operation) -> Self:
        """Return the draft of an operation in which every part is valid."""
        return cls(
            operation.clock,
            operation.sites,
            operation.fleets,
            operation.legs,
            operation.gates,
            operation.checkpoints,
            operation.stages,
            operation.routes,
            operation.flows,
            operation.agreements,
            operation.stoppages,
            operation.weather,
        )

    @classmethod
    def of_tree(cls, root: MappingNode, clock: Clock | None) -> Self:
        """Return the draft of the parts of a tree that are valid."""
        broken: set[str] = set()

        def valid(section: str, plan: type[_Plan]) -> dict[str, _Plan]:
            parts = {}
            for name, node in table_at(root, section).values.items():
                try:
                    parts[name] = plan.model_validate(
                        plain(node), context={"clock": clock}
                    )
                except ValidationError:
                    broken.add(section.partition(".")[0])
            return parts

        kinds = table_at(root, "stages").values
        if not kinds.keys() <= STAGES.keys():
            broken.add("stages")
        return cls(
            clock,
            valid("sites", SitePlan),
            valid("fleets", FleetPlan),
            valid("legs", LegPlan),
            valid("gates", GatePlan),
            valid("checkpoints", CheckpointPlan),
            {
                kind: valid(f"stages.{kind}", STAGES[kind].plan)
                for kind in kinds
                if kind in STAGES
            },
            valid("routes", RoutePlan),
            valid("flows", FlowPlan),
            valid("agreements", AgreementPlan),
            valid("stoppages", StoppagePlan),
            valid("weather", WeatherPlan),
            frozenset(broken),
        )

    def route_of(self, flow: FlowPlan) -> RoutePlan | None:
        """Return the route of a flow, if it is valid."""
        return self.routes.get(flow.route)

    def ways(self, *, detours: bool = True) -> list[tuple[str, RoutePlan]]:
        """Return flows with each of their routes; none if not all of them are valid.

        Parameters
        ----------
        detours : with those onto which convoys may be diverted.
        """
        ways = []
        for name, flow in self.flows.items():
            routes = routes_of(self, name) if detours else flow.routes
            if any(route not in self.routes for route in routes):
                return []
            ways += [(name, self.routes[route]) for route in routes]
        return [] if self.broken & {"flows", "routes"} else ways

    def passed(self) -> set[str]:
        """Return the legs and gates that flows go through or board at."""
        passed = {gate for f in self.flows.values() for gate in f.ever_boards_at}
        for _, route in self.ways():
            passed |= {*route.inbound, *route.through, *route.back}
        return passed

    def passed_by(self, stage: str) -> list[str]:
        """Return the flows that go through a leg, a gate or another stage."""
        passing = (
            name
            for name, route in self.ways()
            if stage in (*route.inbound, *route.through, *route.back)
        )
        return list(dict.fromkeys(passing))

    def other_stages(self) -> set[str]:
        """Return the stages of other kinds than legs, gates and checkpoints."""
        return {name for stages in self.stages.values() for name in stages}

    def on_a_route(self) -> set[str]:
        """Return all names of which routes are made, but for those of sites."""
        return {*self.legs, *self.gates, *self.checkpoints} | self.other_stages()

    def users(self, fleet: str) -> list[str]:
        """Return the flows that take vehicles of a fleet."""
        return [name for name, flow in self.flows.items() if fleet in flow.ever_takes]

    def vehicles(self, fleet: str) -> int:
        """Return how many vehicles of a fleet ever join."""
        return self.fleets[fleet].ever_joining if fleet in self.fleets else 0

    def largest_convoy(self, flow: FlowPlan) -> dict[str, float]:
        """Return the most vehicles in a convoy, by fleet: no more than ever join."""
        return {f: min(flow.largest(f), self.vehicles(f)) for f in flow.convoy}

    def load(self, flow: FlowPlan, fleet: str) -> float:
        """Return how many people commonly board one vehicle of a fleet."""
        seats = self.fleets[fleet].seats if fleet in self.fleets else 0
        return min(flow.load[fleet].best, seats) if fleet in flow.load else seats

    def when(self, moment: int | Hanging) -> str:
        """Return a moment as the file writes it."""
        written = write(moment, self.clock)
        return written if isinstance(written, str) else f"second {written}"

    def people_of(self, flows: Iterable[str]) -> int:
        """Return how many people flows can move at most, each counted once."""
        known = (name for name in flows if name in self.flows)
        moved = {who for name in known for who in served(self, name)}
        people = 0
        for site, group in moved:
            plan = self.sites[site].groups.get(group) if site in self.sites else None
            people += plan.leaving if plan else 0
        return people

    def share_people(self, flows: Collection[str]) -> bool:
        """Return whether any of the people of flows may move with another flow."""
        every = [(name, who) for name in self.flows for who in served(self, name)]
        ours = [who for name, who in every if name in flows]
        others = {who for name, who in every if name not in flows}
        return len(ours) != len(set(ours)) or not others.isdisjoint(ours)

    @property
    def may_lose_people(self) -> bool:
        """Whether people may be lost on the way, or decide to stay after all."""
        groups = (g for site in self.sites.values() for g in site.groups.values())
        stoppages = self.stoppages.values()
        return any(group.withdraws for group in groups) or any(
            plan.unaccounted or plan.lives_lost for plan in stoppages
        )
