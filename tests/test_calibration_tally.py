"""Baselines and sizes that stand beside a fit, each against a case worked by hand."""

from dataclasses import replace

import numpy as np
import pytest
from toy_crossing import CLAIMS, PARAMETERS, PARTS, toy

from sim.calibration.agreement import effective
from sim.calibration.claims import intervals
from sim.calibration.floor import Step
from sim.calibration.tally import best_line
from sim.calibration.tempering import Problem, Settings, temper


def test_a_constant_rate_fits_what_is_constant():
    steps = [Step(0, 10, 100), Step(10, 15, 50), Step(0, 20, 200)]

    assert best_line(steps, (0, 20)) == pytest.approx(0)


def test_the_best_rate_is_found_and_none_is_better():
    steps = [Step(0, 10, 100), Step(10, 20, 500), Step(20, 30, 150)]
    hours = np.array([10, 10, 10])
    people = np.array([100, 500, 150])

    found = best_line(steps, (0, 30))

    tried = [
        np.abs(rate * hours - people).sum() / people.sum()
        for rate in np.linspace(0, 60, 601)
    ]
    assert found == pytest.approx(min(tried))


def test_nobody_arrives_outside_the_span():
    assert best_line([Step(0, 10, 100)], (10, 20)) == 1.0


def test_draws_of_one_root_are_worth_less():
    problem = Problem(toy, PARAMETERS, CLAIMS, intervals(CLAIMS))
    quick = Settings(particles=40, moves=1, last_moves=1, effective=0.5, parts=PARTS)
    cloud = temper(problem, quick, seed=1)
    rng = np.random.default_rng(1)
    points = rng.random((400, 3))

    alone = replace(cloud, points=points, roots=np.arange(400))
    copies = replace(
        cloud, points=points[:40].repeat(10, axis=0), roots=np.arange(400) // 10
    )

    assert effective(alone).min() > 300
    assert effective(copies) == pytest.approx([40] * 3)
