"""The result of a calibration: its file, its replays and its table of figures."""

from math import isnan

import numpy as np
import pytest
from toy_crossing import CLAIMS, NAMES, PARTS, SOURCES, claim, toy

from sim.distributions import Distribution
from sim.errors import ResultsError
from sim.inference.calibration.options import SmcSettings
from sim.inference.calibration.posterior_draws import About, PosteriorDraws, load_draws
from sim.inference.calibration.posterior_predictive import (
    predictive_checks,
)
from sim.inference.calibration.tempered_smc import temper
from sim.inference.claims import intervals
from sim.inference.npz_file import load_arrays, save_arrays
from sim.inference.prior import Prior
from sim.inference.problem import InferenceProblem

PRIOR = Prior(NAMES, (Distribution.uniform(0, 2),) * len(NAMES))
SETTINGS = SmcSettings(particles=20, moves=1, last_moves=1, effective=0.5, parts=PARTS)


@pytest.fixture(scope="module")
def fits():
    problem = InferenceProblem(toy, len(NAMES), SOURCES, intervals(CLAIMS))
    return [temper(problem, SETTINGS, seed) for seed in (1, 2)]


@pytest.fixture
def draws(fits):
    about = About("a" * 64, "b" * 64, "tempered", ("UN",), (1,), 1, NAMES, ("people",))
    return PosteriorDraws(about, PRIOR.table(fits[0].points), fits[0].luck)


def test_draws_come_back_from_their_file(draws, tmp_path):
    draws.save(tmp_path / "draws.npz")

    back = load_draws(tmp_path / "draws.npz")

    assert list(back.each()) == list(draws.each())
    assert back.about == draws.about


def test_a_draw_is_a_replay(draws, fits):
    values, luck = next(draws.each())
    point = [values[name] / 2 for name in NAMES]

    np.testing.assert_allclose(toy(point, luck), fits[0].quantities[0])


def test_draws_of_a_later_version_are_refused(draws, tmp_path):
    path = tmp_path / "draws.npz"
    draws.save(path)
    about, arrays = load_arrays(path, ("values", "luck"), "")
    save_arrays(path, about | {"form": 99}, arrays)

    with pytest.raises(ResultsError, match="its form is 99"):
        load_draws(path)


ONE = claim("one", "A", 90.0, 100.0, 110.0)
TWO = claim("two", "A", 190.0, 200.0, 210.0)
LEAST = claim("least", "A", 50.0, 50.0, np.inf, wording="at_least")


def rows_of(*columns):
    claims = (ONE, TWO, LEAST)
    predicted = np.stack([np.linspace(*column, 101) for column in columns], axis=1)
    return predictive_checks(predicted, claims, intervals(claims))


def test_each_figure_stands_beside_its_prediction():
    one, two, least = rows_of((80, 120), (0, 100), (0, 60))

    assert (one.least, one.middle, one.most) == pytest.approx((82, 100, 118))
    assert one.inside
    assert one.pit == pytest.approx(0.5, abs=0.01)
    assert not two.inside
    assert two.pit == 1.0
    assert least.inside
    assert isnan(least.crps)


def test_what_never_happens_is_not_inside():
    claims = (ONE,)

    (row,) = predictive_checks(np.full((10, 1), np.nan), claims, intervals(claims))

    assert not row.inside
    assert isnan(row.middle)
