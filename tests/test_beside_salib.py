"""Our sensitivity beside SALib's: the same values give the same indices.

And from points that SALib draws itself, indices that agree within their intervals.
Iwanaga, Usher and Herman, Toward SALib 2.0, Socio-Environmental Systems Modelling 4
(2022) 18155.
"""

import numpy as np
import pytest

from sim.answers.sensitivity import RUNS, job_at, planned
from sim.experiment import Runner
from sim.experiment.pool import Here
from sim.experiment.store import Memory
from sim.statistics.sensitivity import Paths, Samples
from tests.builders import operation
from tests.test_sensitivity import g_function, ishigami

pytestmark = pytest.mark.slow
POINTS = 64
LEVELS, STEP = 4, 2 / 3
WEIGHTS = np.array([0.0, 1.0, 4.5])
UNCERTAIN = {
    "legs.road.time": {"spread": "30 min to 90 min"},
    "flows.evacuation.boarding": {"spread": "5 min to 40 min"},
    "sites.pocket.groups.civilians.people": {"spread": "60 to 160"},
}


def evacuated(points):
    """Return when all are out, a number for each point of the cube [h]."""
    plan = planned(operation(uncertain=UNCERTAIN), [])
    job = job_at(plan, points, plan.names, 1)
    (study,) = Runner([job], [Memory()], Here()).upto(len(points) * RUNS)
    return study.metric("t100/pocket").reshape(-1, RUNS).mean(axis=1)


FUNCTIONS = {
    "Ishigami": ishigami,
    "g": lambda points: g_function(points, WEIGHTS),
    "an operation": evacuated,
}


@pytest.fixture(params=FUNCTIONS.values(), ids=list(FUNCTIONS))
def function(request):
    return request.param


def problem():
    return {"num_vars": 3, "names": ["x", "y", "z"], "bounds": [[0, 1]] * 3}


def by_salib(values):
    """Return first and total indices, and half widths of their 95 % intervals."""
    from SALib.analyze import sobol  # noqa: PLC0415 (takes a second)

    found = sobol.analyze(problem(), values, calc_second_order=False, seed=1)
    return [found[name] for name in ("S1", "ST", "S1_conf", "ST_conf")]


def test_the_same_values_give_the_same_shares_of_the_variance(function) -> None:
    """SALib takes the samples point by point: first, mixed, second.

    Both estimators are the same, but for the mean that is taken off before: of both
    samples, or of the mixed ones too. It makes a difference in first indices alone.
    """
    samples = Samples.drawn(3, POINTS, 1)
    values = function(samples.rows)
    first, second, *mixed = values.reshape(5, POINTS)
    one, total, *_ = by_salib(np.column_stack([first, *mixed, second]).ravel())
    ours = samples.indices(values)

    assert [each.first.share for each in ours] == pytest.approx(one, abs=5e-3)
    assert [each.total.share for each in ours] == pytest.approx(total, abs=1e-9)


def test_from_points_of_its_own_it_says_the_same_within_the_intervals(
    function,
) -> None:
    from SALib.sample import sobol  # noqa: PLC0415 (takes a second)

    points = sobol.sample(problem(), POINTS, calc_second_order=False, seed=7)
    one, total, of_one, of_total = by_salib(function(points))
    samples = Samples.drawn(3, POINTS, 1)
    for number, ours in enumerate(samples.indices(function(samples.rows))):
        for index, share, half in (
            (ours.first, one[number], of_one[number]),
            (ours.total, total[number], of_total[number]),
        ):
            # Two independent estimates, each with its own half width: three of both
            # together come apart by chance in less than one of a million cases.
            own = (index.high - index.low) / 2
            assert abs(index.share - share) <= 3 * np.hypot(own, half) + 1e-9


def test_the_same_paths_give_the_same_effects(function) -> None:
    """SALib divides by the step, which is two thirds; ours is what a step changes."""
    from SALib.analyze import morris  # noqa: PLC0415 (takes a second)

    paths = Paths.drawn(3, 20, 1)
    values = function(paths.rows)
    found = morris.analyze(problem(), paths.rows, values, num_levels=LEVELS, seed=1)
    ours = paths.effects(values)

    for name, theirs in (("size", "mu_star"), ("mean", "mu"), ("spread", "sigma")):
        mine = [getattr(each, name) for each in ours]
        assert mine == pytest.approx(STEP * np.array(found[theirs]), abs=1e-9)
