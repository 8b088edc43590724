"""Pictures and findings of a fit: what they show and what they say they are over."""

import pickle

import numpy as np
import pytest
from small_case import written

from sim.evidence.table import load_figures
from sim.inference.calibration.fit import Calibrator
from sim.inference.calibration.goodness_of_fit import goodness_of_fit
from sim.inference.calibration.options import FitOptions, FitTask, SmcSettings
from sim.inference.calibration.pool import pool_at, pool_name
from sim.inference.problem import prepared
from sim.plots import PICTURES
from sim.report.calibration import report_on_calibration
from sim.scenario import load
from sim.words import Words

OPTIONS = FitOptions("screen", (1,), SmcSettings(particles=60), 500)


@pytest.fixture(scope="module")
def fit(tmp_path_factory):
    folder = tmp_path_factory.mktemp("case")
    path = written(folder)
    ready = prepared(load(path), load_figures(folder / "evidence.csv"))
    pool = pool_at(folder / pool_name(ready, OPTIONS), ready, OPTIONS)
    task = FitTask.of_all("fit", ready, ("UN",))
    return Calibrator(ready, OPTIONS, pool, folder).fit(task)


@pytest.fixture(scope="module")
def good(fit):
    return goodness_of_fit(fit)


@pytest.fixture(scope="module")
def pictures(good):
    """Return the pictures of the report, by name."""
    report = report_on_calibration(good, command="")
    return {picture.name: picture for picture in report.pictures()}


def drawn(picture):
    return PICTURES[picture.drawing](*picture.arguments)


def words_in(figure):
    return " ".join(text.get_text() for text in figure.texts)


@pytest.mark.slow
def test_every_picture_says_what_it_is_over_and_whom_it_takes_at_its_word(pictures):
    assert set(pictures) == {"figures", "parameters", "sources", "ridge"}
    for picture in pictures.values():
        words = words_in(drawn(picture))
        assert "calibrated" in words
        assert "Simulation, not a record. Screen of 60 draws, seed 1, UN." in words


@pytest.mark.slow
def test_another_process_can_draw_every_picture(pictures):
    for picture in pictures.values():
        again = pickle.loads(pickle.dumps(picture))
        assert words_in(drawn(again)) == words_in(drawn(picture))


def test_every_picture_has_its_numbers_beside_it(pictures):
    for picture in pictures.values():
        assert Words().of(picture.alternative)
        assert any(picture.table.rows)


def test_a_picture_has_a_row_for_each_figure(pictures):
    (ax,) = drawn(pictures["figures"]).axes

    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == ["icrc-1  ICRC", "icrc-2  ICRC", "un-1  UN", "un-2  UN"]


def test_prior_only_parameters_are_hollow(good, pictures):
    (ax,) = drawn(pictures["parameters"]).axes
    dots = [
        line.get_markerfacecolor() == "white"
        for line in ax.lines
        if line.get_marker() == "o"
    ][1::2]

    assert dots == [row.name not in good.learned for row in good.parameters]


def test_the_ridge_names_each_parameter_once(fit, good):
    found = good.ridge

    assert found.names == fit.ready.prior.names
    assert found.points.shape == (60, 2)
    ((one, two, together),) = found.pairs()
    assert (one, two) == (0, 1)
    assert together == pytest.approx(np.corrcoef(fit.points.T)[0, 1])


def test_a_pool_of_something_else_is_not_used(fit, tmp_path):
    path = tmp_path / "pool.npz"
    fit.pool.save(path)
    np.testing.assert_array_equal(
        pool_at(path, fit.ready, OPTIONS).points, fit.pool.points
    )
    other = FitOptions("screen", (2,), OPTIONS.settings, 500)

    assert pool_name(fit.ready, other) != pool_name(fit.ready, OPTIONS)
    assert pool_at(path, fit.ready, other).origin.seed == 2
