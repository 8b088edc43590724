"""The checkpoint against queueing theory, with tolerances that are computed."""

from functools import cache
from math import factorial

import numpy as np
import pytest

from sim.events import Kind
from sim.model import Streams, simulate
from tests.builders import START, operation

LANES, MEAN_GAP_S, MEAN_INSPECTION_S = 2, 600.0, 900.0
CONVOYS, REPLICATIONS = 2_000, 16


def erlang_c_wait(lanes):
    """Return the mean wait of M/M/c [s].

    Gross et al., Fundamentals of Queueing Theory, 4th ed., section 2.3.
    """
    offered = MEAN_INSPECTION_S / MEAN_GAP_S
    load = offered / lanes
    last = offered**lanes / factorial(lanes) / (1 - load)
    below = sum(offered**n / factorial(n) for n in range(lanes))
    return last / (below + last) * MEAN_INSPECTION_S / (lanes * (1 - load))


@cache
def line():
    """Single buses that set out at random and meet at a checkpoint."""
    return operation(
        ends="2020-01-21T00:00",
        sites__pocket__groups__civilians__people=CONVOYS,
        checkpoints={
            "post": {"lanes": LANES, "inspection": "on average 15 min, memoryless"}
        },
        routes__out__through=["road", "post"],
        fleets__buses__seats=1,
        fleets__buses__joins={START: CONVOYS},
        flows__evacuation__headway="on average 10 min, memoryless",
        flows__evacuation__at_once=CONVOYS,
        flows__evacuation__returns=False,
    )


def mean_wait(replication):
    """Return the mean wait before inspection in one run [s]."""
    log = simulate(line(), seed=7, replication=replication)
    joined = {e.convoy: e.time_s for e in log.events if e.kind is Kind.QUEUED}
    inspected = [e for e in log.events if e.kind is Kind.INSPECTED]
    waited = sum(e.time_s - joined.get(e.convoy, e.time_s) for e in inspected)
    return waited / len(inspected)


@pytest.fixture(scope="module")
def z():
    """How many standard errors the mean wait lies from a claimed mean."""
    waits = [mean_wait(replication) for replication in range(REPLICATIONS)]
    error = np.std(waits, ddof=1) / np.sqrt(len(waits))
    return lambda claimed: (np.mean(waits) - claimed) / error


def test_mean_wait_is_that_of_erlang_c(z):
    assert abs(z(erlang_c_wait(LANES))) < 4


def test_the_check_would_notice_a_wrong_number_of_lanes(z):
    """Negative control: three lanes, or a wait longer by half, are rejected."""
    assert abs(z(erlang_c_wait(3))) > 4
    assert abs(z(erlang_c_wait(LANES) * 1.5)) > 4


def test_numbers_are_uniform_and_independent_of_the_block_they_are_in():
    """Kolmogorov's bound for 100,000 numbers at a level of one in a million."""
    numbers = np.sort(Streams(1, 0).numbers("place", "who", 100_000))
    ideal = (np.arange(100_000) + 0.5) / 100_000

    assert np.abs(numbers - ideal).max() < 2.7 / np.sqrt(100_000)
    assert (
        Streams(1, 0).numbers("place", "who", 3)
        == Streams(1, 0).numbers("place", "who", 9)[:3]
    )


def test_names_seeds_and_replications_give_other_numbers():
    asked = [
        Streams(seed, replication).numbers(place, who, 1)[0]
        for seed in (1, 2)
        for replication in (0, 1)
        for place in ("a", "b")
        for who in ("x", "y")
    ]

    assert len(set(asked)) == len(asked)
