"""Simulation-based calibration of chained totals, and of what the model leaves out.

1,000 made-up records of two sources that count along; each thing that the observation
model knows is left out of a fit in turn, which must then be too sure.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from toy_crossing import claim

from sim.inference.calibration.semiautomatic_abc import screen
from sim.inference.claims import moments_in
from sim.inference.left_out import LeftOut
from sim.inference.likelihood import POOLED, ObservationModel, Reference
from sim.inference.synthetic_reports import synthetic_reports
from sim.inference.validation.simulation_based_calibration import (
    ecdf_band,
    ranks_of_screen,
)
from sim.metrics.curves import Curve

NAMES = ("people", "rate")
SETS, RUNS, DRAWS = 1_000, 7_000, 200
HOUR_S, DAY_S = 3_600, 86_400
DAYS_S = tuple(range(0, 7 * DAY_S, DAY_S))
WINDOWS = tuple((day * DAY_S - 3 * HOUR_S, day * DAY_S) for day in range(1, 7))
WORD = Reference(every_source=True)


def statements(spread):
    """Return what two sources say of six evenings, each as it counts along."""
    return tuple(
        replace(
            claim(f"{who} {at}", who, 9_500.0, 10_000.0, 10_500.0, spread=spread),
            window=window,
            counter=who,
        )
        for who in "AB"
        for at, window in enumerate(WINDOWS)
    )


CLAIMS, SURE = statements(0.1), statements(0.03)
APART = tuple(replace(each, counter="") for each in CLAIMS)
"""The same totals, as if each had been counted anew."""


@cache
def pool(runs, seed, *, whole=True):
    """Return points and quantities of a site that empties at a rate, day and night."""
    points = np.random.default_rng(seed).random((runs, 2))
    moments = np.array([moments_in(window) for window in WINDOWS])
    rows = []
    for place, (many, fast) in enumerate(points):
        people = round(np.exp(np.log(12_000) + many * np.log(4)))
        rate = np.exp(np.log(400) + fast * np.log(3))
        times = tuple(range(HOUR_S, 7 * DAY_S, HOUR_S))
        totals = tuple(min(people, round(rate * at / HOUR_S)) for at in times)
        days = DAYS_S if whole else ()
        curve = LeftOut.of(seed, [place], days).moved("town", Curve(times, totals))
        told = [[curve.at(moment) for moment in each] for each in moments]
        rows.append([*told, *told])
    return points, np.array(rows, dtype=np.float64)


def ranks(claims, reference=POOLED, *, made_by=CLAIMS, biased=POOLED, whole=True):
    """Return ranks of a screen that believes something about records of the truth."""
    points, quantities = pool(RUNS, 3, whole=whole)
    truths, true = pool(SETS, 77)
    reports = synthetic_reports(true, ObservationModel(made_by, biased), 5)
    ready = screen(points, quantities, ObservationModel(claims, reference), 1)
    return ranks_of_screen(ready, NAMES, truths, reports, DRAWS, 9)


def within(found):
    """Return whether all ranks lie in their simultaneous band."""
    band = ecdf_band(SETS, 0.99, len(NAMES))
    return all(band.holds(column) for column in found.shares.T)


@pytest.mark.slow
def test_a_fit_that_knows_how_reports_are_made_is_as_sure_as_it_may_be():
    found = ranks(CLAIMS)

    assert within(found)
    assert 0.87 <= found.coverage(0.9).mean() <= 0.93
    assert 0.46 <= found.coverage(0.5).mean() <= 0.54


@pytest.mark.slow
def test_a_fit_without_the_bias_of_sources_is_too_sure():
    found = ranks(CLAIMS, WORD)

    assert not within(found)
    assert found.coverage(0.9)[NAMES.index("people")] < 0.87


@pytest.mark.slow
def test_a_fit_that_takes_each_total_for_a_new_count_is_too_sure():
    """Totals of the evenings after the last arrival say the same again, with its error.

    Of sources without bias, so that their errors are what counts.
    """
    told = {"reference": WORD, "biased": WORD}

    assert within(ranks(CLAIMS, **told))
    apart = ranks(APART, **told)
    assert not within(apart)
    assert apart.coverage(0.9)[NAMES.index("people")] < 0.87


@pytest.mark.slow
def test_a_fit_without_what_the_model_leaves_out_is_too_sure():
    """With sources that err little and have no bias, so that it is seen."""
    told = {"claims": SURE, "reference": WORD, "made_by": SURE, "biased": WORD}

    assert within(ranks(**told))
    blind = ranks(**told, whole=False)
    assert not within(blind)
    assert blind.coverage(0.9)[NAMES.index("rate")] < 0.87
