"""Who can ride in what, over which way: the unknowns of a bound, and their times."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from sim.answers.bound.readings import NEVER, BoundReading
from sim.answers.bound.regimes import RegimeSpan, regimes_of
from sim.answers.bound.ways import Roads, RouteWay
from sim.metrics.of_sites import ALL_SITES
from sim.scenario import Operation


class StagePassed(NamedTuple):
    """When a convoy can be at a place at the earliest.

    Attributes
    ----------
    before_s : from setting out until it is there.
    after_s : from leaving it until all are out.
    """

    before_s: int
    after_s: int


@dataclass(frozen=True)
class BoundRide:
    """People of one group in the vehicles of one fleet, under one regime of a flow.

    Attributes
    ----------
    load : most of them in one vehicle.
    """

    regime: RegimeSpan
    site: str
    group: str
    fleet: str
    load: float
    roads: Roads

    @property
    def flow(self) -> str:
        """Flow of its convoys."""
        return self.regime.flow

    @property
    def boards_s(self) -> int:
        """How long one vehicle boards."""
        picked_up_s = self.regime.pick_up_s.get(self.site, NEVER)
        if any(way.origin == self.site for way in self.regime.ways):
            return min(self.regime.boards_s, picked_up_s)
        return picked_up_s

    @cached_property
    def out_s(self) -> int:
        """From setting out until all are out."""
        return min(self._times(way, len(way.through))[1] for way in self.regime.ways)

    @cached_property
    def ready_s(self) -> int:
        """From when they must be ready until all are out.

        Who leaves the origin must be when the convoy sets out to fetch them.
        """
        if any(way.origin == self.site for way in self.regime.ways):
            return self.out_s
        there = self.passing(self.site)
        return 0 if there is None else there.after_s

    @cached_property
    def round_s(self) -> int:
        """From setting out until the vehicles are free again."""
        regime, roads = self.regime, self.roads
        return min(
            self._times(way, len(way.through))[1]
            + (roads.back_s(way.back, regime.vehicles) if regime.returns else 0)
            for way in regime.ways
        )

    @cached_property
    def boarding(self) -> StagePassed:
        """Where they board."""
        if not any(way.origin == self.site for way in self.regime.ways):
            found = self.passing(self.site)
            return StagePassed(0, 0) if found is None else found
        before, after = [], []
        for way in self.regime.ways:
            inbound_s = self.roads.all_s(way.inbound, self.regime.vehicles)
            before.append(inbound_s)
            whole = self._times(way, len(way.through))[1]
            after.append(whole - inbound_s - self.regime.boarding_s)
        return StagePassed(min(before), min(after))

    @cached_property
    def unloading(self) -> StagePassed:
        """Where they get out."""
        before = [self._times(way, len(way.through))[0] for way in self.regime.ways]
        return StagePassed(min(before), 0)

    def passing(self, stage: str) -> StagePassed | None:
        """Return when they pass a stage with people aboard; None if they need not."""
        before, after = [], []
        for way in self.regime.ways:
            if stage not in way.through:
                return None
            first = way.through.index(stage)
            last = len(way.through) - 1 - way.through[::-1].index(stage)
            whole = self._times(way, len(way.through))[1]
            before.append(self._times(way, first)[0])
            behind_s = self._times(way, last + 1)[0]
            if stage == self.site:  # the time of boarding there is not behind it
                behind_s = self._times(way, last)[0]
            after.append(whole - behind_s)
        return StagePassed(min(before), min(after))

    @property
    def destination(self) -> str | None:
        """Where they arrive, if that is certain."""
        found = {way.destination for way in self.regime.ways}
        return found.pop() if len(found) == 1 else None

    def _times(self, way: RouteWay, stages: int) -> tuple[int, int]:
        """Return the time to a place of a way, and that of the whole way."""
        regime, roads = self.regime, self.roads
        first_s = roads.all_s(way.inbound, regime.vehicles) + regime.boarding_s
        before_s = first_s + roads.all_s(way.through[:stages], regime.vehicles)
        whole_s = first_s + roads.all_s(way.through, regime.vehicles)
        return before_s, whole_s + regime.unloading_s


@dataclass(frozen=True)
class Rides:
    """All that people of a site can ride in, or those of all sites.

    Attributes
    ----------
    reading : what quantities are taken for.
    roads : their times.
    regimes : of the flows that serve them.
    each : the rides.
    """

    operation: Operation
    reading: BoundReading
    roads: Roads
    regimes: tuple[RegimeSpan, ...]
    each: tuple[BoundRide, ...]

    @classmethod
    def of(cls, operation: Operation, reading: BoundReading, whose: str) -> "Rides":
        """Return them, of the people of a site, or of all."""
        roads = Roads.of(operation, reading)
        regimes = [
            regime
            for name in operation.flows
            for regime in regimes_of(operation, reading, name)
        ]
        each = tuple(
            BoundRide(regime, site, group, fleet, load, roads)
            for regime in regimes
            for site, group in regime.groups
            if whose in {site, ALL_SITES}
            for fleet, load in regime.loads.items()
            if _may_ride(operation, site, group, fleet)
        )
        used = tuple(dict.fromkeys(id(ride.regime) for ride in each))
        kept = tuple(regime for regime in regimes if id(regime) in used)
        return cls(operation, reading, roads, kept, each)

    def nested(
        self, chosen: Iterable[int], left_s: Callable[[BoundRide], int]
    ) -> Iterator[tuple[int, list[int]]]:
        """Yield times, and all rides of those chosen that take no less.

        Whoever has arrived by a moment was at the place that much before it.

        Parameters
        ----------
        chosen : positions of rides.
        left_s : from the place until arrival.
        """
        times = {place: left_s(self.each[place]) for place in chosen}
        for least_s in sorted(set(times.values())):
            yield least_s, [at for at, time_s in times.items() if time_s >= least_s]


def _may_ride(operation: Operation, site: str, group: str, fleet: str) -> bool:
    plan = operation.sites[site].groups[group]
    carries = operation.fleets[fleet].carries
    return (
        plan.leaving > 0
        and not plan.counts_apart
        and (carries is None or group in carries)
    )
