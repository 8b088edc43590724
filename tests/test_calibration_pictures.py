"""Pictures and findings of a fit: what they show and what they say they are over."""

import numpy as np
import pytest
from small_case import written

from sim.errors import ResultsError
from sim.evidence.table import load_figures
from sim.inference.calibration.fit import Calibrator
from sim.inference.calibration.options import FitOptions, FitTask, SmcSettings
from sim.inference.calibration.pool import pool_at, pool_name
from sim.inference.calibration.posterior import (
    learned,
    parameters,
    ridge,
    source_biases,
)
from sim.inference.calibration.posterior_predictive import predictions
from sim.inference.problem import prepared
from sim.plots.calibration import figures_of, parameters_of, ridge_of, sources_of
from sim.scenario import load

OPTIONS = FitOptions("screen", (1,), SmcSettings(particles=60), 500)


@pytest.fixture(scope="module")
def fit(tmp_path_factory):
    folder = tmp_path_factory.mktemp("case")
    path = written(folder)
    ready = prepared(load(path), load_figures(folder / "evidence.csv"))
    pool = pool_at(folder / pool_name(ready, OPTIONS), ready, OPTIONS)
    task = FitTask.of_all("fit", ready, ("UN",))
    return Calibrator(ready, OPTIONS, pool, folder).fit(task)


def words_in(figure):
    return " ".join(text.get_text() for text in figure.texts)


def test_every_picture_says_what_it_is_over_and_whom_it_takes_at_its_word(fit):
    rows, found = parameters(fit), predictions(fit)
    for figure in (
        figures_of(fit, found),
        parameters_of(fit, rows),
        sources_of(fit, source_biases(fit)),
        ridge_of(fit, rows),
    ):
        words = words_in(figure)
        assert "calibrated" in words
        assert "Simulation, not a record. Screen of 60 draws, seed 1, UN." in words


def test_a_picture_has_a_row_for_each_figure(fit):
    (ax,) = figures_of(fit, predictions(fit)).axes

    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == ["icrc-1  ICRC", "icrc-2  ICRC", "un-1  UN", "un-2  UN"]


def test_prior_only_parameters_are_hollow(fit):
    rows = parameters(fit)
    (ax,) = parameters_of(fit, rows).axes
    dots = [
        line.get_markerfacecolor() == "white"
        for line in ax.lines
        if line.get_marker() == "o"
    ][1::2]

    assert dots == [row.name not in learned(rows) for row in rows]


def test_the_ridge_names_each_parameter_once(fit):
    assert ridge(fit, parameters(fit)) == (0, 1)


def test_a_pool_of_something_else_is_not_used(fit, tmp_path):
    path = tmp_path / "pool.npz"
    fit.pool.save(path)
    np.testing.assert_array_equal(
        pool_at(path, fit.ready, OPTIONS).points, fit.pool.points
    )
    other = FitOptions("screen", (2,), OPTIONS.settings, 500)

    assert pool_name(fit.ready, other) != pool_name(fit.ready, OPTIONS)
    with pytest.raises(ResultsError, match="its seed is another one"):
        pool_at(path, fit.ready, other)
