"""How each flow works when: its phases, in each the most favourable that may hold."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.answers.bound.readings import NEVER, BoundReading, Moment
from sim.answers.bound.ways import Roads, RouteWay, ways_of
from sim.scenario import Operation
from sim.scenario.clock import Hours
from sim.scenario.moments import write
from sim.scenario.pace import Pace
from sim.scenario.plans import FlowPlan, PickUpPlan


@dataclass(frozen=True)
class RegimeSpan:
    """How a flow may work at best between two moments.

    Attributes
    ----------
    flow : its name.
    begins_s, ends_s : convoys set out from then on, and before [s].
    ways : any of which a convoy may take.
    groups : (site, group) of all who may ride.
    sizes : vehicles of each fleet in the largest convoy.
    loads : most people in one vehicle of each fleet.
    boards_s, unloads_s : how long one vehicle does.
    boarding_s, unloading_s : how long a convoy does.
    pick_up_s : of a convoy, by site on the way.
    headway_s : to the next convoy.
    at_once : convoys.
    returns : whether vehicles may come back.
    hours : in which convoys set out, if that is certain.
    at_most : all that may hold; None among them for any number.
    """

    flow: str
    begins_s: int
    ends_s: int
    ways: tuple[RouteWay, ...]
    groups: tuple[tuple[str, str], ...]
    sizes: Mapping[str, float]
    loads: Mapping[str, float]
    boards_s: int
    boarding_s: int
    unloads_s: int
    unloading_s: int
    pick_up_s: Mapping[str, int]
    headway_s: int
    at_once: int
    returns: bool
    hours: Hours | None
    at_most: tuple[Pace | None, ...]

    @property
    def vehicles(self) -> float:
        """Vehicles of a full convoy."""
        return sum(self.sizes.values())


class _Source(NamedTuple):
    """Where values of fields come from: the flow as it is at first, or a phase.

    Attributes
    ----------
    comes_s : from when they may hold.
    replaces_s : from when those of before do not hold any more; None if that is not
        known.
    """

    comes_s: int
    replaces_s: int | None
    plan: FlowPlan
    fields: Collection[str]


class _Phases:
    """Which values of a field may hold at a moment."""

    def __init__(self, operation: Operation, name: str, reading: BoundReading) -> None:
        plan = operation.flows[name]
        self._sources = [_Source(-1, -1, plan, FlowPlan.model_fields.keys())]
        for moment, phase in plan.phases.items():
            path = f"flows.{name}.phases.{write(moment, operation.clock)}"
            comes_s = reading.moment(moment, path)
            replaces_s = None
            if reading.is_known(moment):
                replaces_s = comes_s + reading.tie_s(moment)
            source = _Source(
                comes_s, replaces_s, plan.as_of(phase), phase.model_fields_set
            )
            self._sources.append(source)

    def cuts(self) -> Iterator[int]:
        """Yield when anything may change."""
        for source in self._sources:
            yield from (source.comes_s, source.replaces_s or 0)

    def values(self, field: str, at_s: int) -> list[Any]:
        """Return what may hold at a moment.

        A value holds until a later phase has another, which is certain only of two
        whose moments are known.
        """
        naming = [s for s in self._sources if field in s.fields and s.comes_s <= at_s]
        last_s = max(
            source.comes_s
            for source in naming
            if source.replaces_s is not None and source.replaces_s <= at_s
        )
        return [
            getattr(source.plan, field)
            for source in naming
            if source.replaces_s is None or source.comes_s >= last_s
        ]


def regimes_of(
    operation: Operation, reading: BoundReading, name: str
) -> list[RegimeSpan]:
    """Return how a flow works from when to when, until the operation ends."""
    plan, roads = operation.flows[name], Roads.of(operation, reading)
    phases = _Phases(operation, name, reading)
    opens_s = _moment(reading, plan.opens, f"flows.{name}.opens", 0)
    closes_s = operation.ends
    if plan.closes is not None and reading.is_known(plan.closes):
        last_s = reading.moment(plan.closes, f"flows.{name}.closes")
        closes_s = min(last_s + reading.tie_s(plan.closes), closes_s)
    cuts = sorted({0, *(cut for cut in phases.cuts() if 0 <= cut < operation.ends)})
    found = []
    for begins_s, ends_s in zip(cuts, [*cuts[1:], operation.ends], strict=True):
        made = _Maker(operation, roads, name, phases, begins_s)
        first_s = max(begins_s, opens_s, made.vehicles_s())
        last_s = min(ends_s, closes_s)
        if first_s < last_s:
            found.append(made.regime(first_s, last_s))
    return found


def _moment(
    reading: BoundReading, moment: Moment | None, path: str, absent: int
) -> int:
    return absent if moment is None else reading.moment(moment, path)


class _Maker:
    """Makes the regime of a flow at a moment."""

    def __init__(
        self,
        operation: Operation,
        roads: Roads,
        name: str,
        phases: _Phases,
        at_s: int,
    ) -> None:
        self._operation = operation
        self._roads = roads
        self._reading = roads.reading
        self._name = name
        self._phases = phases
        self._at_s = at_s

    def _values(self, field: str) -> list[Any]:
        return self._phases.values(field, self._at_s)

    def regime(self, begins_s: int, ends_s: int) -> RegimeSpan:
        """Return it, of convoys that set out between two moments."""
        reading, operation = self._reading, self._operation
        sizes = self._sizes()
        vehicles = sum(sizes.values())
        ways = [
            way
            for route in dict.fromkeys(self._values("route"))
            for way in ways_of(operation, self._name, route)
        ]
        hours = set(self._values("hours"))
        headways = self._values("headway")
        return RegimeSpan(
            self._name,
            begins_s,
            ends_s,
            tuple(dict.fromkeys(ways)),
            tuple(dict.fromkeys(self._groups(ways))),
            sizes,
            self._loads(sizes),
            min(map(reading.seconds, self._values("boarding"))),
            self._boarding_s(ways, vehicles),
            min(map(reading.seconds, self._values("unloading"))),
            min(
                reading.turns(turn, vehicles, operation.sites[way.destination].bays)
                for turn in self._values("unloading")
                for way in ways
            ),
            self._pick_up_s(),
            min(reading.seconds(each) if each else 0 for each in headways),
            max(self._values("at_once")),
            any(self._values("returns")),
            hours.pop() if len(hours) == 1 else None,
            tuple(self._values("at_most")),
        )

    def vehicles_s(self) -> int:
        """Return when the first vehicle joins that it may take."""
        clock = self._operation.clock
        return min(
            self._reading.moment(moment, f"fleets.{fleet}.joins.{write(moment, clock)}")
            for fleet in dict.fromkeys(f for c in self._values("convoy") for f in c)
            for moment in self._operation.fleets[fleet].joins
        )

    def _sizes(self) -> dict[str, float]:
        """Return the largest convoy, no more of a fleet than ever join."""
        sizes: dict[str, float] = {}
        for convoy in self._values("convoy"):
            for fleet, size in convoy.items():
                most = self._operation.fleets[fleet].ever_joining
                number = self._reading.number(size, most)
                sizes[fleet] = max(sizes.get(fleet, 0), number)
        return sizes

    def _loads(self, fleets: Iterable[str]) -> dict[str, float]:
        """Return the most people in a vehicle: who is picked up may fill all seats.

        So may those whose own vehicle is destroyed.
        """
        seats = {fleet: self._operation.fleets[fleet].seats for fleet in fleets}
        stoppages = self._operation.stoppages.values()
        if self._pick_ups() or any(plan.loses_loaded for plan in stoppages):
            return dict(seats)
        return {
            fleet: max(
                self._reading.number(load[fleet], most) if fleet in load else most
                for load in self._values("load")
            )
            for fleet, most in seats.items()
        }

    def _pick_ups(self) -> list[tuple[str, PickUpPlan]]:
        values = self._values("picks_up")
        return [at for plans in values for at in (plans or {}).items()]

    def _groups(self, ways: Iterable[RouteWay]) -> Iterator[tuple[str, str]]:
        for origin in dict.fromkeys(way.origin for way in ways):
            for groups in self._values("groups"):
                yield from ((origin, group) for group in groups)
        for site, plan in self._pick_ups():
            yield from ((site, group) for group in plan.groups)

    def _boarding_s(self, ways: Iterable[RouteWay], vehicles: float) -> int:
        """Return how long a convoy boards: not at all if none need board.

        A convoy that lost those vehicles on its way in that had people to fetch goes
        on to those whom it picks up.
        """
        stoppages = self._operation.stoppages.values()
        if self._pick_ups() and any(plan.loses for plan in stoppages):
            return 0
        return min(
            self._reading.turns(turn, vehicles, self._operation.sites[way.origin].bays)
            for turn in self._values("boarding")
            for way in ways
        )

    def _pick_up_s(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for site, plan in self._pick_ups():
            seconds = self._reading.seconds(plan.boarding)
            found[site] = min(found.get(site, NEVER), seconds)
        return found
