"""What is typed in: an operation with something taken away, and what that costs."""

from pathlib import Path

import pytest
from small_case import written
from test_validation import SCREEN, ready_of

from sim.inference.calibration.fit import Calibrator
from sim.inference.calibration.options import FitTask
from sim.inference.calibration.pool import pool_at, pool_name
from sim.inference.validation import ablation as of_ablation
from sim.inference.validation.ablation import ABLATIONS, ablation, left_of, without
from sim.inference.validation.phases_alone import SHIPPED, without_convoys
from sim.metrics.account import Account
from sim.metrics.registry import summary
from sim.model import simulate
from sim.scenario import find, load

ROOT = Path(__file__).parent.parent
ALEPPO = load(find("aleppo-2016", ROOT))
FOUR_TOWNS = load(find("four-towns-2017", ROOT))
TYPED = {
    "gates": {"gate": {}},
    "routes__out__through": ["gate", "road"],
    "stoppages": {
        "two-days": {
            "cause": "A test",
            "closes": ["gate"],
            "starts": "2020-01-01T12:00",
            "until": "2020-01-03T12:00",
        }
    },
}


@pytest.mark.parametrize(
    "operation", [ALEPPO, FOUR_TOWNS], ids=lambda each: each.operation
)
@pytest.mark.parametrize("name", ABLATIONS)
def test_whatever_is_taken_away_people_still_arrive(operation, name):
    run = summary(simulate(without(operation, name), seed=1))

    assert run["arrived/all"] > 0


def test_what_is_named_is_taken_away_and_nothing_else():
    left = {name: without(ALEPPO, name) for name in ABLATIONS}

    assert left["as shipped"] is ALEPPO
    assert not any(flow.phases for flow in left["one phase a flow"].flows.values())
    assert set(left["one phase a flow"].stoppages) == set(ALEPPO.stoppages)
    assert set(left["one phase a flow"].agreements) == set(ALEPPO.agreements)
    assert not left["no agreements"].agreements
    assert any(flow.phases for flow in left["no agreements"].flows.values())
    assert set(left["stoppages only"].stoppages) == set(ALEPPO.stoppages)
    assert not left["nothing dated"].stoppages
    assert all(plan.every for plan in left["random stoppages"].stoppages.values())


def test_ranges_about_what_is_gone_go_with_it():
    names = without(ALEPPO, "nothing dated").uncertain

    assert "sites.east-aleppo.groups.civilians.people" in names
    assert not any(name.startswith(("stoppages.", "agreements.")) for name in names)
    assert not any(".phases." in name for name in names)


def test_what_was_served_by_a_later_phase_only_is_served_without_phases():
    groups = without(FOUR_TOWNS, "one phase a flow").flows.values()

    assert any("second-stage" in flow.groups for flow in groups)


@pytest.mark.slow
def test_a_stoppage_that_was_documented_is_worth_its_figures(tmp_path, monkeypatch):
    """Counts come from a run that stood still for two days; without it all is off."""
    monkeypatch.setattr(of_ablation, "RUNS", 500)
    arrived = Account(simulate(load(written(tmp_path, **TYPED)), seed=9)).arrivals
    moments = ("01T09", "01T13", "02T12", "03T11", "03T18", "04T12")
    figures = [
        (f"un-{at}", "UN", f"2020-01-{at}:00", arrived["pocket"].at(second(at)))
        for at in moments
    ]
    ready = ready_of(tmp_path, figures=figures, **TYPED)
    pool = pool_at(tmp_path / pool_name(ready, SCREEN), ready, SCREEN)

    left = left_of(Calibrator(ready, SCREEN, pool, tmp_path))
    rows = {name: ablation(name, fit) for name, fit in left.items()}

    assert list(rows) == list(ABLATIONS)
    assert all(row.possible and row.figures == len(figures) for row in rows.values())
    assert rows["stoppages only"].crps < 1.3 * rows["as shipped"].crps
    assert rows["nothing dated"].crps > 2 * rows["as shipped"].crps

    shipped, one, *_, four = without_convoys(left[SHIPPED])
    assert [shipped.name, one.name, four.name] == [SHIPPED, "1", "4"]
    assert shipped.crps == pytest.approx(rows[SHIPPED].crps)
    assert four.inside_90 == len(figures)


@pytest.mark.slow
def test_one_rate_cannot_follow_people_who_came_at_two(tmp_path):
    """3 an hour for two days, then 30 an hour: with two phases the curve bends."""
    counts = {at: 3 * at + 27 * max(at - 48, 0) for at in range(36, 84, 6)}
    figures = [
        (f"un-{at}", "UN", f"2020-01-0{1 + at // 24}T{at % 24:02}:00", people)
        for at, people in counts.items()
    ]
    ready = ready_of(tmp_path, figures=figures)
    pool = pool_at(tmp_path / pool_name(ready, SCREEN), ready, SCREEN)
    whole = Calibrator(ready, SCREEN, pool, tmp_path).fit(FitTask.of_all("all", ready))

    _, one, two, *_ = without_convoys(whole)

    assert two.ard < 0.7 * one.ard
    assert two.crps < 0.7 * one.crps


def second(moment):
    """Return the second of a day and hour of January, as `01T09`."""
    day, hour = moment.split("T")
    return (int(day) - 1) * 86_400 + int(hour) * 3_600
