"""Build one run from a scenario, run it, and return what happened."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sim.events import Cause, EventLog, RunLog, SilentLog
from sim.model.build import build
from sim.model.kernel import (
    DISPATCH,
    Alarm,
    happened,
    let_happen,
    only_stoppages_begin,
)
from sim.model.standstill import record_who_is_left
from sim.model.streams import Streams
from sim.model.world import World
from sim.scenario.detours import destinations
from sim.scenario.origins import origins_of, served
from sim.scenario.plans import Operation


def simulate(
    operation: Operation,
    *,
    seed: int,
    replication: int | Sequence[int] = 0,
    log: bool = True,
    audit: bool = False,
) -> RunLog:
    """Run an operation once.

    Parameters
    ----------
    operation : what to run; it is not changed.
    seed : root of all random numbers, shared by runs that are compared.
    replication : which independent repetition this is, from 0; or several numbers in
        its place, see `Streams`.
    log : whether to record; without, the run returns an empty log.
    audit : check all invariants after every event, and not only those that it could
        have broken; a test of the checks themselves, which takes far longer.

    Returns
    -------
    RunLog
        Everything that happened strictly before the operation ends.

    Raises
    ------
    BrokenInvariantError
        If the model breaks a rule of its own; this is a bug.
    """
    return run(operation, Streams(seed, replication), log=log, audit=audit)


def run(
    operation: Operation, streams: Streams, *, log: bool = True, audit: bool = False
) -> RunLog:
    """Run an operation with the given random numbers; otherwise as `simulate`.

    Raises
    ------
    BrokenInvariantError
        If the model breaks a rule of its own; this is a bug.
    """
    book = EventLog() if log else SilentLog()
    with no_search_for_garbage():
        world = build(operation, streams, book)
        steps = _run_until(world, operation.ends, audit=audit)
        origins = {flow.name: flow.origin for flow in world.flows.values()}
        world.dismantle()
    return RunLog(
        rows=book.rows(),
        trips=tuple(book.trips),
        horizon_s=operation.ends,
        origins=origins,
        kinds={name: plan.kind for name, plan in operation.fleets.items()},
        steps=steps,
        served={name: tuple(served(operation, name)) for name in operation.flows},
        leaving=tuple(sorted(origins_of(operation))),
        destinations=destinations(operation),
        starts=operation.clock.local(0),
        seldom=frozenset(_seldom_causes(operation)),
        apart=frozenset(
            (site, name)
            for site, plan in operation.sites.items()
            for name, group in plan.groups.items()
            if group.counts_apart
        ),
        reports_lives_lost=any(p.lives_lost for p in operation.stoppages.values()),
    )


def _seldom_causes(operation: Operation) -> Iterator[str]:
    """Return the causes of waiting that few operations have, of one that has them."""
    for site in operation.sites.values():
        if any(group.ready_later for group in site.groups.values()):
            yield Cause.NOT_READY
        if site.holds is not None:
            yield Cause.FULL
    for flow in operation.flows.values():
        if any(plan.waits for _, plan in flow.all_pick_ups):
            yield Cause.NOT_READY


def _run_until(world: World, horizon: int, *, audit: bool) -> int:
    """Let everything before the horizon happen; return the number of events."""
    env, last = world.env, horizon - 1
    if not audit:
        let_happen(env, horizon)
    while env.peek() < horizon:
        env.step()
        world.check()
    world.check()
    # Stoppages that are still to begin set nobody free.
    ran_dry = only_stoppages_begin(env)
    steps = happened(env)
    Alarm(env, last - int(env.now), DISPATCH)
    env.step()
    for flow in world.flows.values():
        for convoy in flow.under_way:
            convoy.catch_up()
    for stoppage in world.stoppages.values():
        if stoppage.present is not None:
            stoppage.present.record_not_found(world.log)
    record_who_is_left(
        world.log,
        world.flows,
        world.governors,
        world.stoppages,
        world.crowds,
        ran_dry=ran_dry,
    )
    return steps


@contextmanager
def no_search_for_garbage() -> Iterator[None]:
    """Put Python's cyclic garbage collector off for a while.

    All that a run makes lives until its end and is then taken apart; to look through
    it for garbage again and again takes an eighth of its time and finds nothing.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
