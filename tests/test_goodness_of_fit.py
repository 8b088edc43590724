"""Baselines and sizes that stand beside a fit, each against a case worked by hand."""

from dataclasses import replace

import numpy as np
import pytest
from toy_crossing import CLAIMS, PARAMETERS, PARTS, SOURCES, toy

from sim.inference.calibration.goodness_of_fit import expected_of_the_knowing
from sim.inference.calibration.options import SmcSettings
from sim.inference.calibration.posterior import effective_draws
from sim.inference.calibration.relative_difference import RateStep, best_rate
from sim.inference.calibration.tempered_smc import temper
from sim.inference.claims import intervals
from sim.inference.problem import InferenceProblem
from sim.inference.scores import crps


def test_a_constant_rate_fits_what_is_constant():
    steps = [RateStep(0, 10, 100), RateStep(10, 15, 50), RateStep(0, 20, 200)]

    assert best_rate(steps, [(0, 20)]) == pytest.approx(0)


def test_the_best_rate_is_found_and_none_is_better():
    steps = [RateStep(0, 10, 100), RateStep(10, 20, 500), RateStep(20, 30, 150)]
    hours = np.array([10, 10, 10])
    people = np.array([100, 500, 150])

    found = best_rate(steps, [(0, 30)])

    tried = [
        np.abs(rate * hours - people).sum() / people.sum()
        for rate in np.linspace(0, 60, 601)
    ]
    assert found == pytest.approx(min(tried))


def test_nobody_arrives_outside_the_span():
    assert best_rate([RateStep(0, 10, 100)], [(10, 20)]) == 1.0


def test_a_rate_in_open_hours_fits_what_stops_and_goes_on():
    steps = [RateStep(0, 10, 100), RateStep(10, 20, 0), RateStep(20, 30, 100)]

    assert best_rate(steps, [(0, 10), (20, 30)]) == pytest.approx(0)
    assert best_rate(steps, [(0, 30)]) == pytest.approx(0.5)


def test_who_knows_everything_can_expect_the_errors_of_single_reports_only():
    """Against draws: reports of a known run, scored by the distribution they have."""
    counts = [claim for claim in CLAIMS if claim.scale == "ratio"]
    rng = np.random.default_rng(1)
    tried = [
        np.mean(
            [
                crps(claim.spread * rng.standard_normal(400), error)
                for error in claim.spread * rng.standard_normal(400)
            ]
        )
        for claim in counts
    ]

    assert expected_of_the_knowing(CLAIMS, "ratio") == pytest.approx(
        np.mean(tried), rel=0.03
    )


def test_draws_of_one_root_are_worth_less():
    problem = InferenceProblem(toy, PARAMETERS, SOURCES, intervals(CLAIMS))
    quick = SmcSettings(particles=40, moves=1, last_moves=1, effective=0.5, parts=PARTS)
    cloud = temper(problem, quick, seed=1)
    rng = np.random.default_rng(1)
    points = rng.random((400, 3))

    alone = replace(cloud, points=points, roots=np.arange(400))
    copies = replace(
        cloud, points=points[:40].repeat(10, axis=0), roots=np.arange(400) // 10
    )

    assert effective_draws(alone).min() > 300
    assert effective_draws(copies) == pytest.approx([40] * 3)
