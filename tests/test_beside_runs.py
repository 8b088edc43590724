"""Runs beside comparators, of counts that are only compared."""

import pytest
from commands import call
from small_case import figure, written

from sim.evidence.table import load_figures
from sim.experiment import Job, Runner
from sim.experiment.pool import Here
from sim.experiment.store import Memory
from sim.inference.comparators.beside_runs import RUNS, scores_beside
from sim.inference.comparators.registry import RIVALS
from sim.metrics.account import Account
from sim.model import simulate
from sim.scenario import load

CLOSED = {
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
_DAY_S = 86_400


def told(name, day, people, **cells):
    return figure(name, "UN", f"2020-01-0{day}T09:00", people, **cells)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """A record of a run: the third day is only compared."""
    folder = tmp_path_factory.mktemp("beside")
    log = simulate(load(written(folder, **CLOSED)), seed=7)
    arrived = Account(log).arrivals["pocket"]
    counts = {day: int(arrived.at((day - 1) * _DAY_S + 32_400)) for day in (2, 3, 4)}
    fitted = (told(f"fit-{day}", day, counts[day]) for day in (2, 4))
    check = told("check-3", 3, counts[3], role="check")
    return written(folder, figures=(), more=(*fitted, check), **CLOSED)


def rows_of(path, **best):
    """Return the scores, with other counts for some figures."""
    operation = load(path)
    figures = tuple(
        each.model_copy(update={"low": value - 100, "best": value, "high": value + 100})
        if (value := best.get(each.id.replace("-", "_")))
        else each
        for each in load_figures(path.with_name("evidence.csv"), operation)
    )
    job = Job(operation, figures, 1)
    (study,) = Runner([job], [Memory()], Here()).upto(20)
    return {row.forecaster: row for row in scores_beside(study)}


def test_everybody_is_asked_for_what_is_only_compared(path):
    rows = rows_of(path)

    assert set(rows) == {RUNS, *RIVALS}
    assert {row.figures for row in rows.values()} == {1}


def test_runs_of_the_very_scenario_are_near_to_their_own_counts(path):
    rows = rows_of(path)

    assert rows[RUNS].crps < 0.1
    assert rows[RUNS].inside == 1


def test_a_count_that_is_only_compared_moves_its_score_and_no_forecast(path):
    """Ten times as many: everybody is further off, and nobody has it inside."""
    rows, wrong = rows_of(path), rows_of(path, check_3=20_000)

    assert all(wrong[name].crps > rows[name].crps + 1 for name in rows)
    assert all(row.inside == 0 for row in wrong.values())


def test_without_counts_of_both_roles_there_is_nothing_to_compare(tmp_path):
    assert rows_of(written(tmp_path)) == {}


def test_score_shows_comparators_beside_the_runs(path):
    result = call("score", path, "-n", 4, "--workers", 1)

    assert result.exit_code == 0, result.output
    said = " ".join(result.stdout.split())
    assert "Who comes how near to counts that are only compared" in said
    assert all(name in said for name in RIVALS)
