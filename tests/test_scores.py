"""Scores, the conflict floor and curves of arrivals, each by hand."""

from math import inf, isnan, nan

import numpy as np
import pytest
from scipy.stats import norm

from sim.inference.arrival_curves import Totals, mean_of_sources
from sim.inference.calibration.relative_difference import RateStep, conflict_floor
from sim.inference.scores import (
    Goal,
    GoalKind,
    ard,
    crps,
    fewest_inside,
    is_inside,
    mase,
    pit,
    skill,
    weighted_interval_score,
)
from sim.inference.validation.simple_rates import spread_evenly

TEN = np.arange(1.0, 11.0)
SEEN = Totals((0.0, 10.0, 30.0), (0.0, 0.0, 2_000.0))


def test_ard_is_all_errors_over_all_documented():
    assert ard([90, 20], [100, 10]) == pytest.approx(20 / 110)
    assert isnan(ard([1], [0]))


def test_mase_is_scaled_by_what_was_known():
    """Known steps are 10 and 30, 20 on average; the forecast misses by 5 and 15."""
    assert mase([55, 65], [50, 80], known=[10, 20, 50]) == pytest.approx(10 / 20)


def test_mase_does_not_look_at_what_it_predicts():
    steady, jumpy = [50, 51], [50, 500]

    assert mase([50, 51], steady, [10, 20]) == 0
    assert mase([40, 490], jumpy, [10, 20]) == pytest.approx(1.0)
    assert isnan(mase([1], [1], known=[5]))
    assert isnan(mase([1], [1], known=[5, 5]))


def test_crps_of_one_draw_is_its_error():
    assert crps(np.array([3.0]), 5.0) == 2.0


def test_crps_of_two_draws_by_hand():
    """Mean distance to the value 1; half the mean distance between draws 1/2."""
    assert crps(np.array([0.0, 2.0]), 1.0) == pytest.approx(1.0 - 0.5)


def test_crps_of_a_normal_is_its_closed_form():
    draws = norm.ppf((np.arange(20_000) + 0.5) / 20_000)

    by_hand = 0.5 * (2 * norm.cdf(0.5) - 1) + 2 * norm.pdf(0.5) - 1 / np.sqrt(np.pi)

    assert crps(draws, 0.5) == pytest.approx(by_hand, abs=1e-3)


def test_skill_is_the_share_saved():
    assert skill(0.25, 1.0) == 0.75
    assert skill(2.0, 1.0) == -1.0


def test_the_interval_score_of_a_point_is_its_error():
    """All intervals have no width, so each pays the whole error."""
    by_hand = (0.5 * 2 + 11 * 2) / 11.5

    assert weighted_interval_score(np.full(50, 3.0), 5.0) == pytest.approx(by_hand)


def test_the_interval_score_is_near_the_crps():
    draws = norm.ppf((np.arange(20_000) + 0.5) / 20_000)

    assert weighted_interval_score(draws, 0.5) == pytest.approx(
        crps(draws, 0.5), rel=0.1
    )


def test_the_interval_score_is_twice_the_mean_loss_of_the_quantiles_of_its_paper():
    """Bracher et al. (2021) ask for 23 quantiles, of which 11 make an interval each."""
    levels = np.array([0.01, 0.025, *np.arange(0.05, 0.96, 0.05), 0.975, 0.99])
    draws = np.random.default_rng(1).gamma(2, 1, 500)

    for value in (-1, 0.5, 2, 9):
        quantiles = np.quantile(draws, levels)
        losses = ((value < quantiles) - levels) * (quantiles - value)
        score = weighted_interval_score(draws, value)
        assert score == pytest.approx(2 * losses.mean())


def test_pit_counts_the_interval_by_half():
    assert pit(TEN, 3.0, 5.0) == pytest.approx(0.2 + 0.2 / 2)
    assert pit(TEN, 20.0, 30.0) == 1.0
    assert pit(TEN, 8.0, inf) == pytest.approx(0.7 + 0.3 / 2)


def test_inside_is_where_the_two_intervals_meet():
    assert is_inside(TEN, 9.0, 30.0, 0.9)
    assert not is_inside(TEN, 9.9, 30.0, 0.5)
    assert is_inside(TEN, -inf, 4.0, 0.5)


def test_what_seldom_happens_is_not_inside():
    assert not is_inside(np.array([1.0, nan, nan]), 0.0, 2.0, 0.9)
    assert is_inside(np.array([1.0, 1.0, nan]), 0.0, 2.0, 0.9)


def test_the_fewest_inside_are_those_of_the_binomial():
    assert fewest_inside(22, 0.9) == 17


def test_two_sources_that_contradict_each_other_cost_what_they_must():
    """100 or 200 by the same hour: any number between them errs by 100 in all."""
    assert conflict_floor(
        [RateStep(0, 10, 100), RateStep(0, 10, 200)]
    ) == pytest.approx(1 / 3)


def test_sources_that_agree_cost_nothing():
    assert (
        conflict_floor([RateStep(0, 5, 40), RateStep(5, 10, 60), RateStep(0, 10, 100)])
        < 1e-9
    )


def test_a_curve_never_falls():
    """300 by noon and 100 in the evening: 200 have to be given up."""
    assert conflict_floor(
        [RateStep(0, 12, 300), RateStep(0, 20, 100)]
    ) == pytest.approx(0.5)


def test_a_floor_needs_people():
    with pytest.raises(ValueError, match="needs figures"):
        conflict_floor([])


def test_agreed_total_spread_evenly():
    agreed = spread_evenly(4_000, [(10, 50)])
    in_open_hours = spread_evenly(4_000, [(10, 20), (40, 50)])

    assert agreed.at(20) == pytest.approx(1_000)
    assert in_open_hours.at([20, 30, 45]).tolist() == [2_000, 2_000, 3_000]


def test_mean_of_sources():
    """The second source speaks from hour 10 to 30 only."""
    one = Totals((0, 40), (0, 4_000))
    two = Totals((10, 30), (2_000, 5_000))

    mean = mean_of_sources([one, two])

    assert mean.hours == (0, 10, 30, 40)
    assert mean.people == (0, 1_500, 4_000, 4_000)


def test_what_is_never_reached_is_never_completed():
    assert SEEN.completed(2_001) == inf
    assert SEEN.completed(1_000) == pytest.approx(20)


@pytest.mark.parametrize(
    ("value", "reached"), [(0.86, False), (0.87, True), (0.93, True), (0.94, False)]
)
def test_a_goal_is_reached_within_its_bounds(value, reached):
    goal = Goal(GoalKind.INTERVALS_COVER, value, least=0.87, most=0.93)

    assert goal.reached is reached


def test_to_be_as_far_off_as_a_rate_is_not_to_be_nearer():
    def reached(value):
        return Goal(GoalKind.UNSEEN_BELOW_RATE, value, most=0.2, below=True).reached

    assert reached(0.19)
    assert not reached(0.2)


def test_a_goal_about_nothing_is_not_reached():
    assert not Goal(GoalKind.SKILL, nan, least=0.7).reached
