"""Baselines and sizes that stand beside a fit, each against a case worked by hand."""

from dataclasses import replace
from math import pi, sqrt
from types import SimpleNamespace

import numpy as np
import pytest
from small_case import written
from toy_crossing import CLAIMS, PARAMETERS, PARTS, SOURCES, claim, toy

from sim.evidence.table import load_figures
from sim.inference.calibration.goodness_of_fit import expected_of_the_knowing
from sim.inference.calibration.options import SmcSettings
from sim.inference.calibration.posterior import (
    contraction,
    effective_draws,
    means_apart,
)
from sim.inference.calibration.relative_difference import (
    NEAREST,
    RateStep,
    best_rate,
    conflict_floor,
    relative_differences,
)
from sim.inference.calibration.tempered_smc import temper
from sim.inference.claims import NODES, intervals
from sim.inference.likelihood import ObservationModel, Reference
from sim.inference.problem import InferenceProblem, prepared
from sim.scenario import load

PEOPLE = claim("some", "A", 29_000.0, 30_000.0, 31_000.0)


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
    """The error is normal, so what is expected of it has a closed form."""
    known = np.full((20, 1, NODES), 30_000.0)
    pinned = ObservationModel((PEOPLE,), Reference(every_source=True))
    by_hand = PEOPLE.spread / sqrt(pi)

    found = expected_of_the_knowing(known, pinned, "ratio", 1)
    biased = expected_of_the_knowing(known, ObservationModel((PEOPLE,)), "ratio", 1)

    assert found == pytest.approx(by_hand, rel=0.05)
    assert biased > 1.2 * by_hand


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


def test_of_the_prior_no_more_draws_are_tried_than_of_the_fit(tmp_path):
    """Its nearest draw lies beyond them: the record itself."""
    path = written(tmp_path)
    ready = prepared(load(path), load_figures(tmp_path / "evidence.csv"))
    said = np.array([claim.best for claim in ready.claims])
    fit = said * np.array([1.3, 1.2, 1.1])[:, None]
    prior = said * np.array([1.6, 1.5, 1.4, 1.0, 1.05])[:, None]
    found = relative_differences(
        ready.operation,
        ready.record.entries,
        fit[:, :, None].repeat(NODES, axis=2),
        prior[:, :, None].repeat(NODES, axis=2),
    )
    (nearest,) = (row for row in found if row.name == NEAREST)

    assert nearest.fit == pytest.approx(0.1)
    assert nearest.prior == pytest.approx(0.4)


def test_no_curve_that_never_falls_comes_below_the_floor():
    """A total of 100, of which 300 came in the first half: one of them errs by 200."""
    steps = [RateStep(0, 20, 100), RateStep(0, 10, 300)]

    assert conflict_floor(steps) == pytest.approx(200 / 400)
    assert conflict_floor([*steps, RateStep(10, 20, 0)]) == pytest.approx(200 / 400)
    assert conflict_floor([RateStep(0, 10, 50), RateStep(10, 20, 0)]) == 0


def test_the_seeds_furthest_apart_are_told():
    rng = np.random.default_rng(1)
    clouds = [
        SimpleNamespace(points=rng.normal(mean, 1, (4_000, 1)))
        for mean in (0.0, 0.1, 2.0)
    ]
    whole = np.concatenate([cloud.points for cloud in clouds]).std()

    assert means_apart(clouds)[0] == pytest.approx(2.0 / whole, rel=0.05)
    assert np.isnan(means_apart(clouds[:1])).all()


def test_a_contraction_is_a_share_of_variance():
    rng = np.random.default_rng(1)
    prior = rng.normal(0, 2, (20_000, 1))

    assert contraction(prior, prior / 2)[0] == pytest.approx(0.75)
    assert contraction(prior, prior * 2)[0] == pytest.approx(-3)
