"""The checkpoint against queueing theory, with tolerances that are computed."""

from math import factorial

import numpy as np
import pytest

from sim.distributions import Distribution
from sim.model.station import Station
from sim.model.streams import Streams

LANES, ARRIVALS_PER_S, MEAN_INSPECTION_S = 2, 1 / 600, 900.0


def erlang_c_wait(lanes):
    """Return the mean wait of M/M/c [s]: Gross et al., Fundamentals of Queueing
    Theory, 4th ed., section 2.3.
    """
    offered = ARRIVALS_PER_S * MEAN_INSPECTION_S
    load = offered / lanes
    last = offered**lanes / factorial(lanes) / (1 - load)
    below = sum(offered**n / factorial(n) for n in range(lanes))
    waits = last / (below + last)
    return waits * MEAN_INSPECTION_S / (lanes * (1 - load))


def mean_wait(replication, vehicles=20_000):
    """Return the mean wait [s] at a station fed by a Poisson stream of vehicles."""
    streams = Streams(7, replication)
    gaps = Distribution.exponential(1 / ARRIVALS_PER_S).values(
        streams.numbers("gap", "line", vehicles)
    )
    durations = Distribution.exponential(MEAN_INSPECTION_S).whole_values(
        streams.numbers("inspection", "line", vehicles)
    )
    station = Station(LANES)
    waited = 0
    arrivals = np.round(np.cumsum(gaps)).astype(int).tolist()
    for now, duration in zip(arrivals, durations, strict=True):
        starts, _ = station.book(now, [duration])
        waited += starts[0] - now
    return waited / vehicles


@pytest.fixture(scope="module")
def z():
    """How many standard errors the mean wait lies from a claimed mean."""
    waits = [mean_wait(replication) for replication in range(30)]
    error = np.std(waits, ddof=1) / np.sqrt(len(waits))
    return lambda claimed: (np.mean(waits) - claimed) / error


def test_mean_wait_is_that_of_erlang_c(z):
    assert abs(z(erlang_c_wait(LANES))) < 4


def test_the_check_would_notice_a_wrong_number_of_lanes(z):
    """Negative control: three lanes, or a wait longer by a tenth, are rejected."""
    assert abs(z(erlang_c_wait(3))) > 4
    assert abs(z(erlang_c_wait(LANES) * 1.1)) > 4


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
