"""Mistakes in reading the record of December 2016, each planted once and seen."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from sim.errors import EvidenceError
from sim.evidence.table import load_figures
from sim.inference.calibration.posterior_predictive import predictive_reports
from sim.inference.calibration.semiautomatic_abc import screen
from sim.inference.claims import Scales, intervals
from sim.inference.double_counting import refuse_double_counting
from sim.inference.likelihood import ObservationModel
from sim.inference.problem import prepared
from sim.inference.record import entries_of
from sim.inference.scores import crps, pit
from sim.inference.simulator import new_luck, simulated
from sim.scenario import find, load

ROOT = Path(__file__).parent.parent
OPERATION = load(find("aleppo-2016", ROOT))
FIGURES = load_figures(ROOT / "scenarios/aleppo-2016/evidence.csv")
FITTED = [row for row in FIGURES if row.role == "fit"]
ROWS = {row.id: row for row in FIGURES}
RUNS, LUCK = 250, 8


def entries(figures):
    return entries_of(list(figures), OPERATION, Scales())


def as_daily(name, day):
    """Return a total as somebody reads it who takes it for the count of its day."""
    row = ROWS[name]
    begins = row.from_.replace(day=day, hour=0, minute=0)
    return row.model_copy(
        update={
            "id": "planted",
            "metric": "arrivals_between",
            "claim_group": "",
            "since": begins,
            "from_": begins + timedelta(days=1),
            "to": begins + timedelta(days=1),
            "role": "fit",
        }
    )


@pytest.mark.parametrize(("name", "day"), [("S4-23", 19), ("EA16-126", 21)])
def test_a_total_read_as_the_count_of_its_day_is_refused(name, day):
    """Beside its family's own steps of that day it counts the same people again."""
    with pytest.raises(EvidenceError, match="planted"):
        refuse_double_counting(entries([*FITTED, as_daily(name, day)]), {})


@pytest.fixture(scope="module")
def predictions():
    """Reports of what was held out, from runs that look like the rest of the record.

    Held out are the moments, and 25,000 by the end of 19 December: once as the total
    that it is and once as the count of that day, said by families of their own.
    """
    held = [
        row.model_copy(
            update={"id": name, "family": name, "attributed_to": name, "role": "fit"}
        )
        for name, row in (
            ("total", ROWS["S4-23"].model_copy(update={"claim_group": ""})),
            ("daily", as_daily("S4-23", 19)),
        )
    ]
    ready = prepared(OPERATION, [*FITTED, *held])
    claims = ready.claims
    rng = np.random.default_rng(1)
    points, luck = rng.random((RUNS, ready.prior.size)), new_luck(rng, RUNS, LUCK)
    quantities = simulated(ready.simulator, points, luck)
    used = [
        place
        for place, claim in enumerate(claims)
        if claim.unit != "time" and claim.name not in {"total", "daily"}
    ]
    sources = ObservationModel(claims)
    fit = screen(points, quantities[:, used], sources.some(used), 1)
    runs = fit.fit(intervals(claims)[used], RUNS, 1).runs
    reports = predictive_reports(
        quantities[runs], sources, intervals(claims), used, rng
    )
    return {
        claim.name: (claim, reports[:, place]) for place, claim in enumerate(claims)
    }


@pytest.mark.slow
def test_alone_a_total_read_as_daily_lowers_the_score(predictions):
    """With no row of its family to refuse it: its CRPS of logarithms rises by .5."""

    def score(name):
        claim, reports = predictions[name]
        return crps(claim.scaled(reports), float(claim.scaled(claim.best)))

    assert score("daily") > score("total") + 0.5


@pytest.mark.slow
@pytest.mark.parametrize("slip_h", [-2, 2])
def test_a_slip_of_two_hours_moves_the_first_arrival(predictions, slip_h):
    """Damascus is two hours ahead of GMT: its place among predictions moves by .15."""
    claim, reports = predictions["EA16-first-arrival"]
    place = pit(reports, claim.low, claim.high)
    slipped = pit(reports, claim.low + slip_h, claim.high + slip_h)

    assert 0.05 < place < 0.95
    assert abs(slipped - place) > 0.15
    assert (slipped > place) is (slip_h > 0)
