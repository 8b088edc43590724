"""Simulation-based calibration, and that it catches a method that is too sure."""

from dataclasses import replace

import numpy as np
import pytest
from toy_crossing import CLAIMS, NAMES, PARTS, SOURCES, toy

from sim.inference.calibration.options import SmcSettings
from sim.inference.calibration.pool import PoolOrigin, draw_pool
from sim.inference.calibration.posterior import (
    contraction,
    identifiability,
    means_apart,
    verdict,
)
from sim.inference.calibration.semiautomatic_abc import screen
from sim.inference.calibration.tempered_smc import temper
from sim.inference.claims import intervals
from sim.inference.likelihood import POOLED, ObservationModel, Reference
from sim.inference.problem import InferenceProblem
from sim.inference.synthetic_reports import synthetic_reports
from sim.inference.validation.simulation_based_calibration import (
    as_shares,
    ecdf,
    ecdf_band,
    ranked,
    ranks_of_screen,
)

ORIGIN = PoolOrigin("toy", "1", 5, NAMES, tuple(each.name for each in CLAIMS))
RUNS, SETS, DRAWS = 6_000, 500, 200


@pytest.fixture(scope="module")
def pool():
    return draw_pool(toy, ORIGIN, RUNS, PARTS)


@pytest.fixture(scope="module")
def truths():
    return draw_pool(toy, replace(ORIGIN, seed=77), SETS, PARTS)


def ranks_believing(reference, pool, truths):
    """Ranks of a screen that believes in `reference` while sources have their bias."""
    reports = synthetic_reports(truths.quantities, SOURCES, 3)
    ready = screen(pool.points, pool.quantities, ObservationModel(CLAIMS, reference), 1)
    return ranks_of_screen(ready, NAMES, truths.points, reports, DRAWS, 5)


@pytest.fixture(scope="module")
def sound(pool, truths):
    return ranks_believing(POOLED, pool, truths)


def test_a_sound_method_has_uniform_ranks(sound):
    within = ecdf_band(SETS, 0.99, len(NAMES))

    assert all(within.holds(column) for column in sound.shares.T)


def test_a_sound_method_covers_what_it_says(sound):
    assert 0.87 <= sound.coverage(0.9).mean() <= 0.93
    assert 0.46 <= sound.coverage(0.5).mean() <= 0.54


def test_without_source_bias_the_ranks_are_not_uniform(pool):
    """Mutation: a fit that takes all sources at their word is caught."""
    truths = draw_pool(toy, replace(ORIGIN, seed=77), 2 * SETS, PARTS)
    naive = ranks_believing(Reference(every_source=True), pool, truths)
    people = NAMES.index("people")

    assert not ecdf_band(2 * SETS, 0.99, len(NAMES)).holds(naive.shares[:, people])
    assert naive.coverage(0.9)[people] < 0.87


def test_a_derived_quantity_can_be_ranked(pool, truths):
    """The people arrived by hour 24, beside the parameters."""

    def targets(quantities):
        return quantities[:, [1], [4]]

    both = np.concatenate([targets(pool.quantities), targets(truths.quantities)])
    shares = as_shares(both)
    ready = screen(
        np.hstack([pool.points, shares[:RUNS]]), pool.quantities, SOURCES, seed=1
    )
    reports = synthetic_reports(truths.quantities, SOURCES, 3)
    goal = np.hstack([truths.points, shares[RUNS:]])

    found = ranks_of_screen(ready, (*NAMES, "by hour 24"), goal, reports, DRAWS, 5)

    assert ecdf_band(SETS, 0.99, len(found.names)).holds(found.shares[:, -1])
    assert 0.86 <= found.coverage(0.9)[-1] <= 0.94


def test_ranks_are_shares_of_the_draws_below():
    draws = np.arange(9.0)[:, None]

    found = ranked(("a",), np.array([[-1.0], [4.5], [99.0]]), [draws] * 3, seed=1)

    low, middle, high = found.shares[:, 0]
    assert low < 0.1
    assert 0.5 <= middle < 0.6
    assert high >= 0.9


def test_ties_are_broken_by_chance():
    draws = np.zeros((9, 1))

    found = ranked(("a",), np.zeros((500, 1)), [draws] * 500, seed=1)

    assert ecdf_band(500, 0.99).holds(found.shares[:, 0])


def test_the_band_holds_as_often_as_it_says():
    """Uniform ranks leave a 95 percent band in about one of twenty sets."""
    rng, within = np.random.default_rng(1), ecdf_band(200)
    held = np.mean([within.holds(rng.random(200)) for _ in range(1_000)])

    # Three standard errors of both simulations together.
    assert abs(held - 0.95) < 3 * np.sqrt(0.05 * 0.95 * (1 / 1_000 + 1 / 2_000))


def test_the_band_treats_ranks_from_above_as_ranks_from_below():
    within = ecdf_band(200)

    assert within.low == pytest.approx(1 - within.high[::-1])


def test_the_band_rejects_a_posterior_a_third_too_narrow():
    rng = np.random.default_rng(1)
    shares = rng.beta(0.75, 0.75, size=(100, 500))

    rejected = np.mean([not ecdf_band(500).holds(row) for row in shares])

    assert rejected > 0.9


def test_cumulated_counts_what_is_at_most_there():
    shares = np.array([0.1, 0.2, 0.2, 0.9])

    assert ecdf(shares, np.array([0.1, 0.5])).tolist() == [0.25, 0.75]


def test_shares_of_a_column_are_even_and_nothing_comes_last():
    found = as_shares(np.array([[3.0], [np.nan], [1.0]]))

    np.testing.assert_allclose(found[:, 0], [0.5, 5 / 6, 1 / 6])


def test_what_the_figures_cannot_fix_is_named_prior(pool):
    shares = identifiability(pool.points, pool.quantities, SOURCES, seed=1)
    by_name = dict(zip(NAMES, shares, strict=True))

    assert verdict(by_name["nothing"]) == "prior only"
    assert by_name["nothing"] < 0.02
    assert verdict(by_name["people"]) == "learned from the record"


def test_fewer_figures_fix_less(pool):
    def share(places):
        sources = SOURCES.some(places)
        found = identifiability(pool.points, pool.quantities[:, places], sources, 1)
        return found[NAMES.index("people")]

    assert share([1]) < 0.1 < share([1, 5]) < share(list(range(7))) + 0.02


def test_the_variance_removed_by_one_fit():
    prior = np.random.default_rng(1).random((1_000, 2))
    posterior = np.stack([prior[:, 0] / 2, prior[:, 1]], axis=1)

    assert contraction(prior, posterior) == pytest.approx([0.75, 0.0])


def test_two_seeds_are_compared_in_standard_deviations():
    problem = InferenceProblem(toy, len(NAMES), SOURCES, intervals(CLAIMS))
    settings = SmcSettings(
        particles=60, moves=2, last_moves=2, effective=0.5, parts=PARTS
    )
    one, two = (temper(problem, settings, seed) for seed in (1, 2))

    different = means_apart([one, two])

    assert not means_apart([one, one]).any()
    assert 0 < different.max() < 1.5
    shifted = replace(two, points=two.points + 10 * two.points.std(axis=0))
    assert means_apart([one, shifted]).min() > 1.5
    assert np.isnan(means_apart([one])).all()


@pytest.mark.slow
def test_tempered_fits_are_as_sure_as_they_may_be():
    """The exact method on made-up records; two minutes for 150 of them."""
    sets, settings = 150, SmcSettings(150, 6, 12, 0.9, PARTS)
    truths = draw_pool(toy, replace(ORIGIN, seed=78), sets, PARTS)
    reports = synthetic_reports(truths.quantities, SOURCES, 3)
    draws = [
        temper(InferenceProblem(toy, len(NAMES), SOURCES, each), settings, seed).points
        for seed, each in enumerate(reports)
    ]

    found = ranked(NAMES, truths.points, draws, seed=1)

    within = ecdf_band(sets, 0.99, len(NAMES))
    assert all(within.holds(column) for column in found.shares.T)
    assert 0.86 <= found.coverage(0.9).mean() <= 0.94
    assert 0.44 <= found.coverage(0.5).mean() <= 0.56
