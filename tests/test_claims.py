"""Claims: their intervals, their likelihood and its sampler."""

from dataclasses import replace
from math import log

import numpy as np
import pytest
from scipy.stats import norm
from toy_crossing import CLAIMS, PARAMETERS, PARTS, SOURCES, claim, toy

from sim.inference.calibration.posterior_predictive import (
    posterior_biases,
    predictive_reports,
)
from sim.inference.claims import (
    NODES,
    SILENT,
    STRAY,
    intervals,
    rounded,
    stray_share,
)
from sim.inference.likelihood import (
    NARROW,
    POOLED,
    WIDE,
    WIDE_SHARE,
    ObservationModel,
    Reference,
    probability,
)
from sim.inference.simulator import new_luck, simulated
from sim.inference.synthetic_reports import synthetic_reports

PEOPLE = claim("some", "A", 2_500.0, 3_000.0, 3_500.0)
NONE = claim("none", "A", -25.0, 0.0, 25.0)
HOUR = claim("when", "A", 20.0, 22.0, 24.0, unit="time")
PINNED = Reference(frozenset({"A", "B", "C"}))


def alone(what, quantity, low, high, reference=PINNED):
    quantities = np.full((1, 1, NODES), float(quantity))
    reported = np.array([[low, high]])
    return float(
        np.exp(
            ObservationModel((what,), reference).log_likelihood(quantities, reported)
        )[0]
    )


def stray(what, low, high):
    return STRAY * (1 - SILENT) * stray_share(what, what.edge(low), what.edge(high))


def test_a_count_has_the_probability_of_its_interval():
    by_hand = norm.cdf(log(3_550 / 3_050) / 0.18) - norm.cdf(log(2_550 / 3_050) / 0.18)

    found = alone(PEOPLE, 3_000, 2_500, 3_500)

    assert found == pytest.approx((1 - STRAY) * by_hand + stray(PEOPLE, 2_500, 3_500))


def test_a_moment_errs_by_hours():
    by_hand = norm.cdf(2.0) - norm.cdf(0.0)

    found = alone(HOUR, 20.0, 20.0, 24.0)

    assert found == pytest.approx((1 - STRAY) * by_hand + stray(HOUR, 20.0, 24.0))


def test_nobody_is_a_report_like_any_other():
    """A run with nobody explains it; one with a bus load hardly; none is impossible."""
    empty, bus, many = (alone(NONE, people, -25, 25) for people in (0, 55, 5_000))

    assert empty > 0.9
    assert 0 < many < bus < 0.05


def test_a_vague_moment_is_averaged_over_its_nodes():
    rising = np.array([[[1_000.0, 2_000.0, 3_000.0, 4_000.0, 5_000.0]]])

    sources = ObservationModel((PEOPLE,), PINNED)
    found = np.exp(sources.log_likelihood(rising, np.array([[2_500, 3_500]])))

    each = [alone(PEOPLE, people, 2_500, 3_500) for people in rising.ravel()]
    assert found == pytest.approx(np.mean(each))


def test_a_bias_is_shared_by_all_figures_of_a_family():
    """Two figures both half too high are one surprise, not two."""
    quantities = np.full((1, 2, NODES), 3_000.0)
    both = np.array([[4_000.0, 5_000.0], [4_000.0, 5_000.0]])
    same = (replace(PEOPLE, name="one"), replace(PEOPLE, name="two"))
    different = (same[0], replace(same[1], family="B"))

    together, apart = (
        ObservationModel(claims).log_likelihood(quantities, both)
        for claims in (same, different)
    )

    assert together > apart + 0.5


def test_the_quadrature_over_the_bias_is_exact():
    """For one figure the mixture has a closed form."""
    quantities = np.full((1, 1, NODES), 3_000.0)
    low, high = 4_000.0, 4_400.0

    by_hand = sum(
        share
        * (
            norm.cdf(log((high + 50) / 3_050) / np.hypot(spread, 0.18))
            - norm.cdf(log((low + 50) / 3_050) / np.hypot(spread, 0.18))
        )
        for share, spread in ((1 - WIDE_SHARE, NARROW), (WIDE_SHARE, WIDE))
    )
    sources = ObservationModel((PEOPLE,))
    found = np.exp(sources.log_likelihood(quantities, np.array([[low, high]])))

    expected = (1 - STRAY) * by_hand + stray(PEOPLE, low, high)
    assert found == pytest.approx(expected, rel=1e-3)


def test_what_does_not_happen_is_seldom_reported():
    nothing, something = np.full((1, NODES), np.nan), np.full((1, NODES), 3_000.0)
    at_zero = np.zeros(1)

    reported = probability(PEOPLE, nothing, 2_500, 3_500, at_zero)
    silent = probability(PEOPLE, nothing, np.nan, np.nan, at_zero)
    missed = probability(PEOPLE, something, np.nan, np.nan, at_zero)

    assert reported == pytest.approx(stray(PEOPLE, 2_500, 3_500))
    assert silent == pytest.approx(1 - STRAY * (1 - SILENT))
    assert missed == pytest.approx(STRAY * SILENT)


@pytest.mark.parametrize("what", CLAIMS, ids=lambda what: what.name)
def test_probabilities_of_all_reports_sum_to_one(what):
    values = np.r_[np.arange(0.0, 70_000.0, 20.0), np.arange(0.0, 80.0, 0.5)]
    if what.scale == "hours":
        values = np.arange(-60.0, 130.0, 0.5)
    reports = {tuple(report) for report in rounded(what, values).tolist()}
    quantity = np.full((1, NODES), 40.0 if what.scale == "hours" else 3_000.0)

    total = sum(
        probability(what, quantity, low, high, np.zeros(1))[0, 0]
        for low, high in reports
    )

    assert total + STRAY * SILENT == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("what", CLAIMS, ids=lambda what: what.name)
def test_a_claim_is_one_of_the_reports_that_might_be_made(what):
    assert tuple(rounded(what, np.array([what.best]))[0]) == what.reported


def chance_of_all(reference, seed):
    """Return how far Monte Carlo is from a likelihood of two reports, in its errors."""
    pair = CLAIMS[1:3]
    quantities = np.array([[2_500.0, 3_000.0, 3_500.0, 4_000.0, np.nan], [3_300.0] * 5])
    reported = np.array([[4_500.0, 5_500.0], [4_000.0, 5_000.0]])
    runs = 20_000
    found = synthetic_reports(
        quantities[None].repeat(runs, axis=0), ObservationModel(pair, reference), seed
    )
    hits = (found == reported).all(axis=(1, 2)).sum()
    log_p = ObservationModel(pair).log_likelihood(quantities[None], reported)
    expected = float(np.exp(log_p[0]))
    return (hits / runs - expected) / np.sqrt(expected * (1 - expected) / runs)


def test_the_likelihood_is_the_density_of_the_sampler():
    assert abs(chance_of_all(POOLED, 1)) < 4


def test_a_sampler_without_bias_has_another_density():
    assert abs(chance_of_all(Reference(every_source=True), 1)) > 8


def test_the_likelihood_is_highest_near_the_truth():
    rng = np.random.default_rng(3)
    points = rng.random((200, PARAMETERS))
    quantities = simulated(toy, points, new_luck(rng, 200, PARTS))
    truth = 7
    reported = synthetic_reports(quantities, SOURCES, 3)[truth]

    found = SOURCES.log_likelihood(quantities, reported)

    assert (found > found[truth]).mean() < 0.1


def test_a_family_at_its_word_has_no_bias():
    quantities = np.full((50, 2, NODES), 3_000.0)
    pair = (PEOPLE, replace(PEOPLE, name="other", family="B"))
    sources = ObservationModel(pair, Reference(frozenset("A")))
    rng = np.random.default_rng(1)

    biases = posterior_biases(quantities, sources, intervals(pair), [0], rng)

    assert not biases["A: people"].any()
    assert biases["B: people"].std() > 0.05


def test_a_bias_that_was_seen_is_expected_again():
    """One family that counts a third too high is expected to do so elsewhere."""
    quantities = np.full((2_000, 2, NODES), 3_000.0)
    pair = (replace(PEOPLE, low=4_150.0, best=4_200.0, high=4_250.0), PEOPLE)
    rng = np.random.default_rng(1)

    unseen, seen = (
        predictive_reports(
            quantities, ObservationModel(pair), intervals(pair), used, rng
        )[:, 1]
        for used in ([], [0])
    )

    assert np.median(unseen) == pytest.approx(3_000, rel=0.03)
    assert np.median(seen) > 3_150


def test_a_claim_without_width_is_refused():
    with pytest.raises(ValueError, match="has no width"):
        claim("odd", "A", 10.0, 10.0, 10.0)
