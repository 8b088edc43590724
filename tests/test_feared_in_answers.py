"""A stoppage that may come in studies: shared luck, what it held, what is not known."""

import numpy as np
import pytest
from scipy.stats import binom

from sim import sweep
from sim.answers.removals import without
from sim.experiment.runner import run_study
from sim.metrics.account import Account
from sim.metrics.obstacles import Obstacle, ObstacleKind, by_obstacle
from sim.model import simulate
from sim.scenario import amended, from_data
from sim.scenario.written import data_of
from tests.builders import halt, with_gate

RUNS = 60
HALT = Obstacle(ObstacleKind.STOPPAGE, "halt")
HELD_S = 100 * 130 * 60
"""Of fifty who stand from minute 70 to 200, and of fifty who wait for their bus."""


def world(chance):
    return with_gate({"halt": halt("gate", 60, 200, chance=chance)})


def lasts(operation, **options):
    """Return when the last arrives, run by run."""
    study = run_study(operation, seed=1, replications=RUNS, **options)
    return study.metric("t100/pocket")


def test_variants_that_differ_in_the_chance_share_their_luck():
    """Each run is one of the two; with a greater chance no run is better."""
    never, third, half, always = (
        lasts(amended(world(0), {"stoppages.halt.chance": chance}))
        for chance in (0, "1 in 3", "50 %", 1)
    )

    assert set(third) == set(half) == {*never, *always}
    assert np.all(never <= third)
    assert np.all(third <= half)
    assert np.all(half <= always)
    assert never.mean() < third.mean() < half.mean() < always.mean()


def test_a_sweep_goes_from_runs_without_it_to_runs_with_it():
    swept = sweep(
        world(0.5),
        "stoppages.halt.chance=0, 1 in 4, 1",
        metrics=("t100/pocket",),
        replications=RUNS,
    )
    means = [study.metric("t100/pocket").mean() for study in swept.studies]

    assert means == sorted(means)
    assert means[0] == lasts(world(0)).mean()
    assert means[2] == lasts(world(1)).mean()


def test_what_is_not_known_of_the_chance_leaves_the_luck():
    """Of chances from 0 to 1 the halt comes in half of the worlds, not in none or all.

    As many as a binomial gives but once in a million; a third would be found.
    """
    data = data_of(world(0.1))
    data["uncertain"] = {"stoppages.halt.chance": {"spread": "0 % to 100 %"}}
    study = run_study(
        from_data(data), seed=1, replications=400, band="knowledge and chance"
    )
    times = study.metric("t100/pocket")
    came = int((times > times.min()).sum())

    assert _likely(came, 0.5)
    assert not _likely(came, 1 / 3)


def _likely(came, chance):
    low, high = binom.interval(1 - 1e-6, 400, chance)
    return low <= came <= high


def test_what_it_held_is_all_or_nothing():
    found = {
        by_obstacle(Account(simulate(world(0.5), seed=seed)).charges).get(HALT, 0)
        for seed in range(20)
    }

    assert found == {0, HELD_S}


def test_without_it_every_run_is_one_in_which_it_did_not_come():
    removed = lasts(without(world(0.5), [HALT]))

    assert np.array_equal(removed, lasts(world(0)))


@pytest.mark.parametrize("chance", ["1 in 3", 0.5])
def test_a_chance_that_is_changed_back_leaves_the_scenario_as_it_was(chance):
    base = world(chance)
    there = amended(base, {"stoppages.halt.chance": "1 in 7"})

    assert amended(there, {"stoppages.halt.chance": chance}) == base
