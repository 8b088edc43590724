"""Draws of a fit in `run`, `compare` and `explain`: replays, and paired what-ifs."""

import csv
import json

import pytest
from click.testing import CliRunner
from small_case import written

from sim.cli import main
from sim.inference.calibration.posterior_draws import load_draws
from sim.metrics.registry import summary
from sim.model import simulate
from sim.scenario import load, settled
from sim.studies.ask.least import planned
from sim.studies.options import Amount
from sim.studies.unfinished import found as found_study

VARIANT = """
operation: Faster roads
extends: small.yaml
change:
  legs.road.time: 30 min
  fleets.buses.joins: {multiply_by: 2}
"""
PEOPLE = "sites.pocket.groups.civilians.people"


def call(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def done_in(results, *words):
    done = call(*words, "--results", results, "--no-figures", "--workers", 1)
    assert done.exit_code == 0, done.output
    (folder,) = (path for path in results.iterdir() if path.name != "pools")
    return done, folder


def table(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    folder = tmp_path_factory.mktemp("case") / "scenarios" / "small"
    path = written(folder)
    (folder / "faster.yaml").write_text(VARIANT, "utf-8")
    return path


@pytest.fixture(scope="module")
def fit(case, tmp_path_factory):
    words = ("calibrate", case, "--screen", "--particles", 40, "--pool", 500)
    _, folder = done_in(tmp_path_factory.mktemp("fit"), *words)
    return folder / "fit.npz"


def column(folder, name):
    """Return a column of `runs.csv`, whose names end with their units."""
    return [
        float(value)
        for row in table(folder, "runs")
        for key, value in row.items()
        if key.partition(" ")[0] == name
    ]


def test_each_run_is_a_draw(case, fit, tmp_path):
    _, folder = done_in(tmp_path, "run", case, "--fit", fit, "-n", 12)

    draws, operation = load_draws(fit), load(case)
    each = list(draws.each())[:12]
    assert column(folder, PEOPLE) == pytest.approx([row[PEOPLE] for row, _ in each])
    again = [
        summary(
            simulate(settled(operation, row), seed=draws.about.root, replication=luck)
        )["waiting/pocket"]
        for row, luck in each
    ]
    assert column(folder, "waiting/pocket") == pytest.approx(again)


def test_every_table_says_what_its_band_is_over(case, fit, tmp_path):
    said, folder = done_in(tmp_path, "run", case, "--fit", fit, "-n", 5)

    assert {row["band"] for row in table(folder, "summary")} == {"calibrated"}
    facts = json.loads((folder / "run.json").read_text("utf-8"))
    assert (facts["band"], facts["fit"]) == ("calibrated", str(fit))
    assert "draw of a fit to the documented figures" in " ".join(said.stdout.split())


@pytest.mark.slow
def test_as_many_runs_as_draws_and_no_more(case, fit, tmp_path):
    _, folder = done_in(tmp_path, "run", case, "--fit", fit)
    assert len(table(folder, "runs")) == 40

    done = call("run", case, "--fit", fit, "-n", 41, "--results", tmp_path)
    assert done.exit_code == 2
    assert "the fit holds 40 draws" in done.output


@pytest.mark.parametrize(("asked", "runs"), [(30, 30), (None, 40)])
def test_a_search_takes_as_many_draws_as_are_allowed(case, fit, asked, runs):
    goals = ("half of pocket arrived by 2020-01-02T00:00",)
    plan = planned(case, "fleets.buses.seats=40, 50", goals, Amount(asked), fit=fit)

    assert plan.replications == runs
    assert len(plan.arms[0].drawn.luck) == 40


def test_what_a_fit_drew_does_not_undo_what_is_removed(case, fit, tmp_path):
    _, folder = done_in(tmp_path, "ask", "what-holds", case, "--fit", fit, "-n", 5)

    assert table(folder, "removals")


@pytest.mark.parametrize("more", [("--knowledge",), ("--seed", "3")])
def test_what_the_fit_settles_cannot_be_asked_for(case, fit, tmp_path, more):
    done = call("run", case, "--fit", fit, *more, "--results", tmp_path)

    assert done.exit_code == 2
    assert f"leave out {more[0]}" in done.output


def test_a_fit_of_another_scenario_is_refused(fit, tmp_path):
    done = call("run", "two-towns", "--fit", fit, "--results", tmp_path)

    assert done.exit_code == 1
    assert "is a fit of another scenario than two-towns" in done.output


def test_a_fit_of_an_earlier_state_is_refused(fit, tmp_path):
    changed = written(tmp_path / "changed", fleets__buses__seats=40)

    done = call("run", changed, "--fit", fit, "--results", tmp_path / "results")

    assert done.exit_code == 1
    assert "earlier state" in done.output


def test_a_variant_keeps_what_it_changes_and_shares_the_rest(case, fit, tmp_path):
    variant = case.parent / "faster.yaml"
    _, base = done_in(tmp_path / "base", "run", case, "--fit", fit, "-n", 10)
    said, other = done_in(tmp_path / "other", "run", variant, "--fit", fit, "-n", 10)

    assert "something of its own about legs.road.time" in said.stderr
    people = [column(folder, PEOPLE) for folder in (base, other)]
    assert people[0] == people[1]
    assert len(set(people[0])) > 1
    assert column(base, "legs.road.time")
    assert not column(other, "legs.road.time")


def test_a_comparison_is_paired_draw_by_draw(case, fit, tmp_path):
    variant = case.parent / "faster.yaml"
    words = ("compare", case, variant, "--fit", fit, "-n", 30)

    said, folder = done_in(tmp_path, *words)

    words = " ".join(said.stdout.split())
    assert "Caution: faster says something of its own about legs.road" in words
    rows = {row["metric"]: row for row in table(folder, "comparison")}
    assert {row["band"] for row in rows.values()} == {"calibrated"}
    assert float(rows["t100/pocket"]["difference"]) < 0
    assert float(rows["t100/pocket"]["variance_factor"]) > 1


def test_a_stopped_study_keeps_its_draws(case, fit, tmp_path, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    words = ("run", case, "--fit", fit, "-n", 20, "--no-figures", "--workers", 1)
    monkeypatch.setattr("sim.cli.front.Front.finish", stopped)
    call(*words, "--results", tmp_path)
    monkeypatch.undo()
    (folder,) = tmp_path.glob("*.unfinished")

    job = found_study(folder).plan.jobs()[0]
    assert job.drawn.values == tuple(map(tuple, load_draws(fit).values.tolist()))
    done = call("resume", folder, "--workers", 1)
    assert done.exit_code == 0, done.output
    _, undisturbed = done_in(tmp_path / "again", *words[:-3])
    (resumed,) = (path for path in tmp_path.iterdir() if path.name != "again")
    assert table(resumed, "runs") == table(undisturbed, "runs")


def test_a_replay_can_be_explained(case, fit):
    told = call("explain", case, "--fit", fit, "--replication", 3)
    other = call("explain", case, "--fit", fit, "--replication", 4)

    assert told.exit_code == 0, told.output
    assert told.stdout != other.stdout
    assert call("explain", case, "--fit", fit, "--replication", 40).exit_code == 2
