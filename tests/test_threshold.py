"""From which value on a goal holds: right as often as it says, wherever it fails again.

Coins of known probability stand for the runs of each value.
"""

import numpy as np
import pytest

from sim.statistics.threshold import Threshold, Wish, margin_of, threshold

SEARCHES = 200
RISING = (0.5, 0.7, 0.8, 0.86, 0.94, 0.97, 0.99, 1.0)
"""With 0.9 wanted: 0.86 is too little and 0.94 enough, for a margin of 3 percent."""


def searched(shares, wish, seed=0, shared=True):
    """Return what a search over coins finds, and how many runs it asked for."""
    rng = np.random.default_rng(seed)
    luck = rng.random(wish.most) if shared else rng.random((len(shares), wish.most))
    asking, asked = threshold(len(shares), wish), {}
    wanted = next(asking)
    while True:
        own = luck if shared else luck[wanted.value]
        asked[wanted.value] = wanted.upto
        try:
            wanted = asking.send(own[: wanted.upto] < shares[wanted.value])
        except StopIteration as end:
            return end.value, sum(asked.values())


def wish(**changes):
    return Wish(**{"probability": 0.9, "margin": 0.03, **changes})


@pytest.mark.parametrize("shared", [True, False])
def test_two_hundred_searches_are_right_as_often_as_they_say(shared) -> None:
    found = [searched(RISING, wish(), seed, shared)[0] for seed in range(SEARCHES)]
    right = sum(each.least == 4 for each in found)

    # The lower 2.5 percent point of 200 tosses at 95 percent is 184.
    assert right >= 184


def test_a_value_within_the_margin_may_be_either() -> None:
    shares = (0.5, 0.89, 0.91, 1.0)
    found = {searched(shares, wish(), seed)[0].least for seed in range(60)}

    assert found <= {1, 2, 3}


def test_a_search_without_a_margin_of_error_would_be_caught() -> None:
    """Control: a test that decides after one batch is wrong far more often."""
    hasty = wish(batch=20, most=20, confidence=0.51)
    found = [searched(RISING, hasty, seed, False)[0] for seed in range(SEARCHES)]

    assert sum(each.least == 4 for each in found) < 184


def test_the_least_is_the_one_from_which_all_greater_ones_hold() -> None:
    """It holds from the second on, but not at the fifth."""
    shares = (0.2, 1.0, 1.0, 1.0, 0.5, 1.0, 1.0, 1.0)
    found, _ = searched(shares, wish())

    assert found.least == 5
    assert found.fails_again == (4,)


def test_it_cannot_be_met_if_the_greatest_value_is_too_little() -> None:
    found, runs = searched((0.1, 0.2, 0.6), wish())

    assert found == Threshold(None, found.tested, ())
    assert list(found.tested) == [2]
    assert runs < 100


def test_the_smallest_may_be_enough() -> None:
    found, _ = searched((1.0, 1.0, 1.0), wish())

    assert found.least == 0


def test_runs_that_do_not_decide_count_as_not_enough() -> None:
    found, _ = searched((0.9,), wish(most=40))

    assert found.least is None
    assert found.tested[0].holds is None
    assert found.tested[0].runs == 40


@pytest.mark.parametrize("batch", [1, 7, 20, 500])
def test_what_is_decided_does_not_depend_on_batches(batch) -> None:
    assert searched(RISING, wish(batch=batch), 5)[0] == searched(RISING, wish(), 5)[0]


@pytest.mark.parametrize("probability", [0.01, 0.5, 0.9, 0.99, 0.999])
def test_every_wanted_probability_has_a_margin(probability) -> None:
    Wish(probability, margin_of(probability))


@pytest.mark.parametrize(
    "changes",
    [
        {"probability": 1.0},
        {"probability": 0.0},
        {"margin": 0.1},
        {"margin": 0.0},
        {"confidence": 0.5},
        {"batch": 0},
        {"batch": 3000},
    ],
)
def test_what_cannot_be_decided_is_refused(changes) -> None:
    with pytest.raises(ValueError, match="got"):
        wish(**changes)


def test_no_values_are_refused() -> None:
    with pytest.raises(ValueError, match="values"):
        next(threshold(0, wish()))
