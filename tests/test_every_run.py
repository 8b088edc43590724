"""What every run keeps, over operations in which much comes together."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.events import Event, EventLog
from sim.metrics.spans import UNCHARGED
from sim.metrics.waiting import charges
from sim.model import Streams, simulate
from sim.model.build import build
from tests.logs import total_waiting
from tests.strategies import wide_operations

SEEDS = st.integers(0, 2**32)
many = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@given(wide_operations(), SEEDS)
@many
def test_everybody_is_somewhere_and_waits_for_one_cause(operation, seed):
    log = simulate(operation, seed=seed, audit=True)

    booked = charges(log)
    assert sum(booked.values()) == total_waiting(log)
    assert UNCHARGED not in {charge.cause for charge in booked}


@given(wide_operations(), SEEDS)
@many
def test_nobody_has_missed_that_he_may_go_on(operation, seed):
    """At the end of every hour all are made to look again: it changes nothing."""
    book = EventLog()
    written = []
    book.write = written.append
    world = build(operation, Streams(seed, 0), book)
    last = operation.ends - 1
    for stop in [*range(3600, last, 3600), last]:
        world.env.run(until=stop)
        _finish_this_second(world.env)
        before = len(written)
        _let_all_look(world)
        news = [Event(*row) for row in written[before:]]
        assert [e for e in news if e.convoy or (e.people and e.cause)] == []


def _let_all_look(world):
    """Let everybody look whether anything has changed."""
    for governor in world.governors.values():
        agreement = governor.agreement
        agreement._effects = []
        agreement._tell_all()
        governor._carry_out(agreement._effects)
    for gate in world.gates.values():
        gate.look_again()
    for stop in world.stops.values():
        stop.look_again()
    for flow in world.flows.values():
        flow.review()
    _finish_this_second(world.env)


def _finish_this_second(env):
    while env.peek() <= env.now:
        env.step()
