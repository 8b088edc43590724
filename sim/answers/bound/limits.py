"""What limits how many people can have arrived: one file for all limits of a bound.

A limit is a sum over rides that is never more than a number that grows with time. Each
holds by itself, so leaving one out keeps the bound valid.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import partial
from itertools import combinations
from math import ceil
from typing import NamedTuple

from sim.answers.bound.dispatch import DispatchLimit, earliest_departures
from sim.answers.bound.readings import NEVER
from sim.answers.bound.regimes import RegimeSpan
from sim.answers.bound.rides import Rides, StagePassed
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.scenario.moments import write
from sim.scenario.readiness import ready_at

_FEW = 8
Most = Callable[[int], float]


class LimitKind(StrEnum):
    """What a limit is of."""

    PEOPLE = "people"  # who are there and ready
    VEHICLES = "vehicles"  # how many there are, and how long a round takes
    CONVOYS = "convoys"  # their size, headway, hours, and how many at once
    PACE = "pace"  # in a day or a week
    DEPARTURES = "departures"
    LANES = "lanes"
    BAYS = "bays"
    ROAD = "road"
    RELEASES = "releases"
    FERRY = "ferry"
    ROOM = "room"
    WAY = "way"  # how long it takes to drive, board and unload; no limit by itself


class Limit(NamedTuple):
    """A sum that is never more than something that grows with time.

    Attributes
    ----------
    kind, name : what it is of, and of which site, fleet, flow or place.
    rides : by position, what one person counts for.
    convoys : by position of the regime, what one convoy counts for.
    most : takes a moment [s], returns the most until then.
    """

    kind: LimitKind
    name: str
    rides: Mapping[int, float]
    convoys: Mapping[int, float]
    most: Most


def limits_of(rides: Rides) -> Iterator[Limit]:
    """Yield all limits on people who ride."""
    yield from _people(rides)
    yield from _vehicles(rides)
    yield from _convoys(rides)
    yield from _paces(rides)
    yield from _bays(rides)
    yield from _room(rides)
    for stage in dict.fromkeys(s for r in rides.regimes for s in _stages(r)):
        yield from _places(rides, stage)


def _stages(regime: RegimeSpan) -> Iterator[str]:
    for way in regime.ways:
        yield from way.through


# People


def _people(rides: Rides) -> Iterator[Limit]:
    """Nobody arrives who was not ready so long before."""
    groups = dict.fromkeys((ride.site, ride.group) for ride in rides.each)
    for site, group in groups:
        ready = _Steps(_supply(rides, site, group))
        chosen = _those(rides, site=site, group=group)
        for left_s, some in rides.nested(chosen, lambda ride: ride.ready_s):
            most = partial(_later, ready.until, left_s)
            yield Limit(LimitKind.PEOPLE, site, dict.fromkeys(some, 1.0), {}, most)


def _supply(rides: Rides, site: str, name: str) -> Iterator[tuple[int, int]]:
    """Yield when how many more of a group are ready."""
    operation, reading = rides.operation, rides.reading
    plan, here = operation.sites[site].groups[name], f"sites.{site}.groups.{name}"
    yield 0, max(plan.people - plan.stay - sum(plan.ready_later.values()), 0)
    for moment, people in ready_at(plan, operation.ends):
        path = f"{here}.ready.{write(moment, operation.clock)}"
        yield reading.moment(moment, path), people
    for moment, people in plan.joins.items():
        path = f"{here}.joins.{write(moment, operation.clock)}"
        yield reading.moment(moment, path), people


# Vehicles


def _vehicles(rides: Rides) -> Iterator[Limit]:
    """Bound loads: the k-th of a vehicle comes k - 1 rounds after its first can."""
    operation, reading = rides.operation, rides.reading
    for fleet in dict.fromkeys(ride.fleet for ride in rides.each):
        joins = [
            (
                reading.moment(
                    moment, f"fleets.{fleet}.joins.{write(moment, operation.clock)}"
                ),
                number,
            )
            for moment, number in operation.fleets[fleet].joins.items()
        ]
        chosen = _those(rides, fleet=fleet)
        for out_s, some in rides.nested(chosen, lambda ride: ride.out_s):
            used = [rides.each[place] for place in some]
            begins_s = min(ride.regime.begins_s for ride in used)
            round_s = min(ride.round_s for ride in used)
            if not any(ride.regime.returns for ride in used):
                round_s = NEVER
            most = partial(
                _loads,
                [(max(at_s, begins_s), number) for at_s, number in joins],
                out_s,
                round_s,
            )
            yield Limit(LimitKind.VEHICLES, fleet, _by_vehicle(rides, some), {}, most)


def _loads(
    joins: list[tuple[int, int]], out_s: int, round_s: int, moment: int
) -> float:
    """Return how many loads vehicles can have brought."""
    loads = 0
    for at_s, number in joins:
        span_s = moment - at_s - out_s
        if span_s >= 0:
            if not round_s:
                return NEVER
            loads += number * (1 + span_s // round_s)
    return loads


# Convoys


def _convoys(rides: Rides) -> Iterator[Limit]:
    """People go in convoys, which are not larger, or more often, than may be."""
    by_regime = _by_regime(rides)
    for number, regime in enumerate(rides.regimes):
        for fleet, size in regime.sizes.items():
            some = [at for at in by_regime[number] if rides.each[at].fleet == fleet]
            if some:
                seats = size * regime.loads[fleet]
                weights = dict.fromkeys(some, 1.0)
                yield Limit(
                    LimitKind.CONVOYS, regime.flow, weights, {number: -seats}, _none
                )
    for flow, numbers in _by_flow(rides).items():
        for some in _in_a_row(numbers):
            yield from _departures(rides, flow, some, by_regime)
        yield from _dated(rides, flow)


def _in_a_row(numbers: list[int]) -> Iterator[list[int]]:
    """Yield regimes that follow each other; of many each, and all up to each."""
    if len(numbers) <= _FEW:
        for begin, end in combinations(range(len(numbers) + 1), 2):
            yield numbers[begin:end]
        return
    for end, number in enumerate(numbers, 1):
        yield [number]
        yield numbers[:end]


def _departures(
    rides: Rides, flow: str, numbers: list[int], by_regime: Mapping[int, list[int]]
) -> Iterator[Limit]:
    """Bound the convoys under some regimes in a row."""
    firsts = [rides.each[by_regime[number][0]] for number in numbers]
    sent = earliest_departures(
        rides.operation,
        [ride.regime for ride in firsts],
        [ride.round_s for ride in firsts],
        _most_convoys(rides, [ride.regime for ride in firsts]),
    )
    out_s = min(ride.out_s for ride in firsts)
    most = partial(_so_many_by, sent, out_s)
    yield Limit(LimitKind.CONVOYS, flow, {}, dict.fromkeys(numbers, 1.0), most)


def _dated(rides: Rides, flow: str) -> Iterator[Limit]:
    """Of each fleet no more set out than full convoys at as many departures."""
    operation, reading = rides.operation, rides.reading
    plan, clock = operation.flows[flow], operation.clock
    changes = any(phase.dispatch_times is not None for phase in plan.phases.values())
    if plan.dispatch_dates:
        moments = [
            reading.moment(moment, f"flows.{flow}.dispatch_dates.{number}")
            for number, moment in enumerate(plan.dispatch_dates)
        ]
    elif plan.dispatch_times and not changes:
        moments = clock.moments(plan.dispatch_times, operation.ends)
    else:
        return
    moments.sort()
    its = _those(rides, flow=flow)
    out_s = min(rides.each[place].out_s for place in its)
    for fleet in dict.fromkeys(rides.each[place].fleet for place in its):
        some = [place for place in its if rides.each[place].fleet == fleet]
        size = max(rides.each[place].regime.sizes[fleet] for place in some)
        most = partial(_times, size, partial(_so_many_by, moments, out_s))
        weights = _by_vehicle(rides, some)
        yield Limit(LimitKind.DEPARTURES, flow, weights, {}, most)


def _paces(rides: Rides) -> Iterator[Limit]:
    """No more sets out in a day or a week than may."""
    by_regime = _by_regime(rides)
    for flow, numbers in _by_flow(rides).items():
        quota = DispatchLimit(
            rides.operation, [rides.regimes[number] for number in numbers]
        )
        if not quota.unit:
            continue
        some = [place for number in numbers for place in by_regime[number]]
        most = partial(_later, quota.most, min(rides.each[at].out_s for at in some))
        weights, convoys = dict.fromkeys(some, 1.0), {}
        if quota.unit == "vehicles":
            weights = _by_vehicle(rides, some)
        elif quota.unit == "convoys":
            weights, convoys = {}, dict.fromkeys(numbers, 1.0)
        yield Limit(LimitKind.PACE, flow, weights, convoys, most)


# Places


def _bays(rides: Rides) -> Iterator[Limit]:
    """Each vehicle has its turn at a bay where it loads, and where it unloads."""
    for site, plan in rides.operation.sites.items():
        if plan.bays is None:
            continue
        loading = _those(rides, site=site)
        turns = [
            (at, rides.each[at].boarding, rides.each[at].boards_s) for at in loading
        ]
        yield from _served(rides, LimitKind.BAYS, site, plan.bays, turns)
        unloading = _those(rides, destination=site)
        ends = [
            (at, rides.each[at].unloading, rides.each[at].regime.unloads_s)
            for at in unloading
        ]
        yield from _served(rides, LimitKind.BAYS, site, plan.bays, ends)


def _places(rides: Rides, stage: str) -> Iterator[Limit]:
    """Yield what a stage lets through of those who cannot go around it."""
    there = [
        (at, passing, 0)
        for at, ride in enumerate(rides.each)
        if (passing := ride.passing(stage)) is not None
    ]
    operation, roads = rides.operation, rides.roads
    if stage in operation.checkpoints:
        turn_s = roads.inspection_s(stage)
        turns = [(at, passing, turn_s) for at, passing, _ in there]
        lanes = roads.lanes(stage)
        yield from _served(rides, LimitKind.LANES, stage, lanes, turns)
    elif stage in operation.legs:
        yield from _road(rides, stage, there)
    elif stage in operation.gates and not roads.skips_turns(stage):
        yield from _released(rides, stage, there)
    elif (ferry := roads.ferry(stage)) is not None:
        way_s = rides.reading.seconds(ferry.crossing)
        if way_s:
            most = partial(_trips, ferry.places, way_s)
            yield from _through(rides, LimitKind.FERRY, stage, there, most)


_There = list[tuple[int, StagePassed, int]]
"""Positions of rides, when they are at a place, and how long a turn takes there."""


def _road(rides: Rides, stage: str, there: _There) -> Iterator[Limit]:
    plan = rides.operation.legs[stage]
    if plan.vehicles_per_hour is not None:
        more = (change.vehicles_per_hour or 0 for change in plan.changes.values())
        rate = max([plan.vehicles_per_hour, *more])
        drive_s = rides.roads.leg_s(stage)
        most = partial(_entered, rate, drive_s)
        yield from _through(rides, LimitKind.ROAD, stage, there, most)
    if plan.holds is not None:
        more = (change.holds or 0 for change in plan.changes.values())
        holds, drive_s = max([plan.holds, *more]), rides.roads.leg_s(stage)
        turns = [(at, passing, drive_s) for at, passing, _ in there]
        yield from _served(rides, LimitKind.ROAD, stage, holds, turns)


def _released(rides: Rides, stage: str, there: _There) -> Iterator[Limit]:
    plan = rides.operation.gates[stage]
    if plan.releases is None:
        return
    ways = [plan.releases, *(change.releases for change in plan.changes.values())]
    every_s = min(max(rides.reading.seconds(each.every), 1) for each in ways)
    vehicles = max(each.vehicles for each in ways)
    most = partial(_let_go, vehicles, every_s)
    yield from _through(rides, LimitKind.RELEASES, stage, there, most)


def _served(
    rides: Rides, kind: LimitKind, name: str, places: int, turns: _There
) -> Iterator[Limit]:
    """Bound what so many places serve, each one vehicle at a time."""
    turn_s = min((each for _, _, each in turns), default=0)
    if turn_s:
        most = partial(_turns, places, turn_s)
        yield from _through(rides, kind, name, turns, most)


def _through(
    rides: Rides, kind: LimitKind, name: str, there: _There, most: Most
) -> Iterator[Limit]:
    """Bound vehicles that have been through a place.

    Parameters
    ----------
    most : takes how long the place has been in use, returns how many are through.
    """
    passings = {at: passing for at, passing, _ in there}
    times = {id(rides.each[at]): passing.after_s for at, passing in passings.items()}
    for after_s, some in rides.nested(passings, lambda ride: times[id(ride)]):
        begins_s = min(
            rides.each[at].regime.begins_s + passings[at].before_s for at in some
        )
        weights = _by_vehicle(rides, some)
        yield Limit(kind, name, weights, {}, partial(_later, most, begins_s + after_s))


def _room(rides: Rides) -> Iterator[Limit]:
    """No more arrive than there is room for, and have moved on."""
    for site, plan in rides.operation.sites.items():
        if plan.holds is None:
            continue
        chosen = _those(rides, destination=site)
        here, clock = f"sites.{site}.moves_on", rides.operation.clock
        steps = [(0, plan.holds)]
        for moment, people in plan.moves_on.items():
            at_s = rides.reading.moment(moment, f"{here}.{write(moment, clock)}")
            steps.append((at_s, people))
        if chosen:
            weights = dict.fromkeys(chosen, 1.0)
            yield Limit(LimitKind.ROOM, site, weights, {}, _Steps(steps).until)


# Sums over time


class _Steps:
    """A sum that grows at some moments."""

    def __init__(self, steps: Iterable[tuple[int, int]]) -> None:
        self._times: list[int] = []
        self._sums: list[int] = []
        whole = 0
        for at_s, more in sorted(steps):
            whole += more
            self._times.append(at_s)
            self._sums.append(whole)

    def until(self, moment: int) -> float:
        """Return the sum of all steps up to a moment."""
        place = bisect_right(self._times, moment)
        return self._sums[place - 1] if place else 0


def _later(most: Most, delay_s: int, moment: int) -> float:
    return most(moment - delay_s) if moment >= delay_s else 0


def _times(number: float, most: Most, moment: int) -> float:
    return number * most(moment)


def _so_many_by(moments: list[int], delay_s: int, moment: int) -> float:
    return bisect_right(moments, moment - delay_s)


def _none(_: int) -> float:
    return 0


def _turns(places: int, turn_s: int, span_s: int) -> float:
    """Return how many turns places have given; they end before one leaves."""
    return places * (span_s // turn_s)


def _entered(per_hour: int, drive_s: int, span_s: int) -> float:
    """Return how many have driven over a road, one after the other."""
    if span_s < drive_s:
        return 0
    return 1 + (span_s - drive_s) * per_hour // SECONDS_PER_HOUR


def _let_go(vehicles: int, every_s: int, span_s: int) -> float:
    return vehicles * (1 + span_s // every_s)


def _trips(places: int, way_s: int, span_s: int) -> float:
    return 0 if span_s < way_s else places * (1 + (span_s - way_s) // (2 * way_s))


# Which rides


def _those(rides: Rides, **are: str) -> list[int]:
    """Return the positions of rides of which something is so."""
    return [
        place
        for place, ride in enumerate(rides.each)
        if all(getattr(ride, what) == name for what, name in are.items())
    ]


def _by_vehicle(rides: Rides, some: Iterable[int]) -> dict[int, float]:
    return {place: 1 / rides.each[place].load for place in some}


def _by_regime(rides: Rides) -> dict[int, list[int]]:
    numbers = {id(regime): number for number, regime in enumerate(rides.regimes)}
    found: dict[int, list[int]] = {number: [] for number in numbers.values()}
    for place, ride in enumerate(rides.each):
        found[numbers[id(ride.regime)]].append(place)
    return found


def _by_flow(rides: Rides) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, regime in enumerate(rides.regimes):
        found.setdefault(regime.flow, []).append(number)
    return found


def _most_convoys(rides: Rides, regimes: Iterable[RegimeSpan]) -> int:
    """Return as many full convoys as everybody fills; more would not help."""
    groups = dict.fromkeys((ride.site, ride.group) for ride in rides.each)
    plans = (rides.operation.sites[site].groups[group] for site, group in groups)
    people = sum(plan.leaving for plan in plans)
    seats = [
        size * regime.loads[fleet]
        for regime in regimes
        for fleet, size in regime.sizes.items()
    ]
    return ceil(people / min(seats)) + 1
