"""Whom earlier moments follow, the pool, and paired differences of dependent scores."""

from dataclasses import replace
from datetime import datetime, timedelta
from math import exp, isnan

import numpy as np
import pytest

from sim.inference.comparators.known import stream_of
from sim.inference.comparators.registry import COMPARATORS, STOP_AND_GO
from sim.inference.forecast.forecasters import POOL, SIMULATION, SiteDraws, mixed
from sim.inference.forecast.pool import LEARNING, FigureScore, choice_at
from sim.inference.scores import paired_difference
from tests.foreseen import arrived

NOW = datetime(2020, 1, 5, 8)
BEFORE = NOW - timedelta(days=1)
PUBLIC = arrived("public", 100, 4)
LATER = arrived("later", 100, 5, published="2020-01-05T09:00")
EVERYBODY = (SIMULATION, POOL, *COMPARATORS)


def scores(figure=PUBLIC, moment=BEFORE, otherwise=1.0, **crps):
    """Return the score of everybody; names are those of `NAMES`."""
    return [
        FigureScore(moment, name, figure, crps.get(SHORT.get(name, ""), otherwise))
        for name in EVERYBODY
    ]


def chosen(past, site="pocket"):
    return choice_at(NOW, site, past)


SHORT = {SIMULATION: "simulation", POOL: "pool", "Gompertz curves": "gompertz"}


def test_before_anything_is_scored_half_is_the_simulation_and_half_all_others():
    choice = chosen([])

    assert choice.weights[SIMULATION] == pytest.approx(0.5)
    others = {choice.weights[name] for name in COMPARATORS}
    assert len(others) == 1
    assert others.pop() * len(COMPARATORS) == pytest.approx(0.5)
    assert (choice.shipped, choice.comparator) == (POOL, STOP_AND_GO)


def test_who_was_nearer_has_more_of_the_weight():
    """By the exponent of the difference of the scores."""
    weights = chosen(scores(gompertz=0.5)).weights

    ratio = weights["Gompertz curves"] / weights[SIMULATION] * len(COMPARATORS)
    assert ratio == pytest.approx(exp(0.5 * LEARNING))
    assert sum(weights.values()) == pytest.approx(1)


def test_figures_published_later_say_nothing():
    assert chosen(scores(LATER, gompertz=0.0)) == chosen([])


def test_forecasts_made_at_the_moment_or_later_say_nothing():
    assert chosen(scores(moment=NOW, gompertz=0.0)) == chosen([])


def test_a_figure_counts_once_however_many_moments_foretold_it():
    once = scores(gompertz=0.5)
    twice = [*once, *scores(moment=BEFORE - timedelta(hours=12), gompertz=0.5)]

    assert chosen(twice) == chosen(once)


def test_two_figures_count_twice():
    other = arrived("other", 80, 3)
    choice = chosen([*scores(gompertz=0.5), *scores(other, gompertz=0.5)])

    ratio = choice.weights["Gompertz curves"] / choice.weights["logistic curves"]
    assert ratio == pytest.approx(exp(2 * 0.5 * LEARNING))
    assert choice.figures == 2


def test_the_simulation_is_shipped_where_it_was_nearer_than_the_pool():
    assert chosen(scores(simulation=0.2, pool=0.3)).shipped == SIMULATION
    assert chosen(scores(simulation=0.3, pool=0.3)).shipped == POOL


def test_a_site_without_figures_of_its_own_is_foretold_by_the_pool():
    """Weights speak of all sites; the simulation alone is for where it was nearer."""
    past = scores(simulation=0.2, pool=0.3, gompertz=0.1)
    here, there = (chosen(past, site) for site in ("pocket", "elsewhere"))

    assert (here.shipped, there.shipped) == (SIMULATION, POOL)
    assert here.weights == there.weights
    assert here.comparator == there.comparator == "Gompertz curves"


def test_the_comparator_that_was_nearest_is_chosen():
    assert chosen(scores(gompertz=0.9)).comparator == "Gompertz curves"


def draws_of(value, size):
    column = np.full(size, float(value))
    return SiteDraws(column[:, None], column[:, None], column, column, column)


def test_a_pool_has_draws_by_weight():
    by_name = {"a": draws_of(1, 50), "b": draws_of(2, 300), "c": draws_of(3, 10)}
    pool = mixed(by_name, {"a": 0.5, "b": 0.3, "c": 0.2}, 100, stream_of(1, "x"))

    values, counts = np.unique(pool.people, return_counts=True)
    assert dict(zip(values, counts, strict=True)) == {1.0: 50, 2.0: 30, 3.0: 20}


def test_a_pool_keeps_the_parts_of_a_draw_together():
    one = draws_of(0, 40)
    numbered = replace(one, people=np.arange(40.0), done_h=np.arange(40.0))
    pool = mixed({"a": numbered}, {"a": 1.0}, 30, stream_of(1, "x"))

    assert np.array_equal(pool.people, pool.done_h)
    assert len(set(pool.people)) == 30


def test_a_difference_that_is_always_the_same_is_sure():
    found = paired_difference([1.5, 2.5, 3.5, 4.5], [1.0, 2.0, 3.0, 4.0], seed=1)

    assert (found.mean, found.low, found.high) == pytest.approx((0.5, 0.5, 0.5))


def test_too_few_moments_have_no_interval():
    found = paired_difference([1.0, 2.0], [0.5, 1.0], seed=1)

    assert found.mean == 0.75
    assert isnan(found.low)


def test_dependent_moments_say_less_than_as_many_independent_ones():
    """Runs of the same sign: blocks of four keep them together."""
    runs = np.repeat([1.0, -1.0, 1.0, -1.0], 4)
    mixed_up = np.tile([1.0, -1.0], 8)
    zero = np.zeros(16)
    dependent, independent = (
        paired_difference(each.tolist(), zero.tolist(), seed=1)
        for each in (runs, mixed_up)
    )

    assert dependent.high - dependent.low > 2 * (independent.high - independent.low)


def test_intervals_hold_the_mean_of_dependent_differences():
    """A moving average over four moments, 15 of them, 400 times.

    By quantiles of the means that are drawn it would be 69 percent.
    """
    rng = np.random.default_rng(3)
    held = 0
    for number in range(400):
        noise = rng.standard_normal(18)
        apart = np.convolve(noise, np.ones(4) / 4, "valid")
        found = paired_difference(apart.tolist(), [0.0] * 15, number)
        held += found.low <= 0 <= found.high

    assert 0.85 < held / 400 < 0.98
