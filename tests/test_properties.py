"""What every run keeps, over operations that Hypothesis makes up."""

import gc
from collections import Counter, defaultdict
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.distributions import Distribution
from sim.events import Kind
from sim.metrics.waiting import charges
from sim.model import simulate
from sim.scenario.plans import FleetPlan, FlowPlan, LegPlan, RoutePlan, SitePlan
from tests.logs import total_waiting
from tests.strategies import operations, wide_operations

SEEDS = st.integers(0, 2**32)
many = settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
some = settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])


@given(operations(), SEEDS)
@many
def test_nobody_is_lost_after_any_event_and_no_seat_is_used_twice(operation, seed):
    """The audit checks people, vehicles, seats and agreed crossings at every event."""
    simulate(operation, seed=seed, audit=True)


@given(operations(), SEEDS)
@many
def test_every_second_of_waiting_has_exactly_one_cause(operation, seed):
    log = simulate(operation, seed=seed)

    assert sum(charges(log).values()) == total_waiting(log)


@given(operations(), SEEDS)
@some
def test_the_same_seed_tells_the_same_story(operation, seed):
    first, second = (simulate(operation, seed=seed) for _ in range(2))

    assert first.events == second.events
    assert first.trips == second.trips


@given(st.one_of(operations(), wide_operations()), SEEDS)
@some
def test_a_run_that_is_over_leaves_nothing_of_the_model_to_be_searched_for(
    operation, seed
):
    """A study puts the search for garbage off, and would fill the memory."""
    left = {type(thing).__module__ for thing in garbage_of(operation, seed)}

    # Of SimPy and numpy, each run leaves one thing that refers to itself.
    assert left <= {"builtins", "itertools", "_thread"} | {
        "simpy.core",
        "numpy.random._philox",
        "numpy.random._generator",
    }


def garbage_of(operation, seed):
    """Return what is freed after a run only by the search for it."""
    gc.disable()
    gc.freeze()  # what was there before
    try:
        log = simulate(operation, seed=seed)
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        found = gc.garbage.copy()
        assert log.trips is not None
        return found
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.unfreeze()
        gc.enable()


@given(operations(), SEEDS)
@some
def test_time_never_runs_back_and_ends_before_the_horizon(operation, seed):
    log = simulate(operation, seed=seed)

    assert all(a.time_s <= b.time_s for a, b in pairwise(log.events))
    assert all(0 <= event.time_s < operation.ends for event in log.events)


@given(operations(), SEEDS)
@some
def test_lanes_are_never_overfilled(operation, seed):
    log = simulate(operation, seed=seed)
    changes = []
    for trip in log.trips:
        if ("inspection", "post") in trip.station_times:
            starts, ends = trip.station_times["inspection", "post"]
            changes += [(start, 1) for start in starts] + [(end, -1) for end in ends]
    busy = 0
    for _, change in sorted(changes):
        busy += change
        assert busy <= operation.checkpoints["post"].lanes


@given(operations(), SEEDS)
@some
def test_no_vehicle_carries_more_than_its_seats_or_rides_in_two_convoys(
    operation, seed
):
    log = simulate(operation, seed=seed)
    spells = defaultdict(list)
    ended = {e.convoy: e.time_s for e in log.events if e.kind is Kind.RELIEVED}
    formed = {e.convoy: e.time_s for e in log.events if e.kind is Kind.FORMED}
    for trip in log.trips:
        assert all(
            load <= seats for load, seats in zip(trip.loads, trip.seats, strict=True)
        )
        assert sum(trip.loads) == sum(trip.groups.values())
        for vehicle in zip(trip.fleets, trip.vehicles, strict=True):
            end = ended.get(trip.convoy, operation.ends)
            spells[vehicle].append((formed[trip.convoy], end))
    for uses in spells.values():
        assert all(before[1] <= after[0] for before, after in pairwise(sorted(uses)))


@given(operations(), SEEDS)
@many
def test_nothing_crosses_beyond_what_the_agreement_permits(operation, seed):
    """But for those who turn back, or lose everybody, and so give up their places."""
    deal = operation.agreements["deal"]
    log = simulate(operation, seed=seed)
    moved = Counter()
    back = {e.convoy for e in log.events if e.kind is Kind.TURNED_BACK}
    lost = Counter()
    for event in log.events:
        if event.kind is Kind.UNACCOUNTED:
            lost[event.convoy] += event.people
    back |= {t.convoy for t in log.trips if lost[t.convoy] == sum(t.loads)}
    for event in log.events:
        if event.kind is not Kind.CROSSED or not event.people:
            continue
        if event.place != f"{event.flow}-gate" or event.convoy in back:
            continue
        moved[event.flow] += {"people": event.people, "convoys": 1}.get(
            deal.unit, event.vehicles
        )
    for side, count in moved.items():
        promised = [tranche[side] for tranche in deal.tranches]
        if "rest" not in promised:
            assert count <= sum(promised)


@given(operations(with_deal=False), SEEDS)
@some
def test_a_stranger_changes_nobody_elses_luck(operation, seed):
    """A bus convoy of its own beside them leaves every other draw as it was.

    The stranger goes from another site over other roads, so that the others' rows
    stay the same to the last one.
    """
    data = {
        "sites": {"far": {"groups": {"people": {"people": 20}}}, "haven": {}},
        "legs": {"far-road": {"time": "10 min to 30 min"}},
        "fleets": {
            "strange-bus": {"kind": "bus", "seats": 20, "joins": {0: 1}},
        },
    }
    joined = with_stranger(operation, data)

    alone = simulate(operation, seed=seed).events
    together = simulate(joined, seed=seed).events
    strange = {"far", "haven", "far-road", "strange"}
    assert alone == tuple(
        e for e in together if e.place not in strange and e.flow not in strange
    )


def with_stranger(operation, data):
    """Add a site, a road, a bus and a flow that touch nothing else."""
    people = SitePlan.model_validate(data["sites"]["far"])
    route = RoutePlan(origin="far", destination="haven", through=("far-road",))
    road = LegPlan(time=Distribution.uniform(600, 1800))
    fixed = Distribution.fixed(60)
    bus = FleetPlan.model_construct(
        kind="bus", seats=20, joins={0: 1}, leaves={}, carries=None
    )
    flow = FlowPlan(
        route="strange",
        groups=("people",),
        convoy={"strange-bus": 1},
        boarding=fixed,
        unloading=fixed,
    )
    return operation.model_copy(
        update={
            "sites": {**operation.sites, "far": people, "haven": SitePlan()},
            "legs": {**operation.legs, "far-road": road},
            "fleets": {**operation.fleets, "strange-bus": bus},
            "routes": {**operation.routes, "strange": route},
            "flows": {**operation.flows, "strange": flow},
        }
    )
