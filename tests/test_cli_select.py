"""`select`, as a planner types it: what it decides, says and keeps, and how it ends."""

import json
from dataclasses import replace

import numpy as np
import pytest

from sim.experiment import Job, Runner, replicate, run_study
from sim.experiment.pool import Here
from sim.experiment.ranking import NeverCameError, ranked
from sim.experiment.store import Folder, Memory
from sim.scenario import load, resolved_yaml
from sim.statistics.selection import Contest, select
from sim.studies.unfinished import all_unfinished
from tests.builders import operation
from tests.commands import call, contents, flat, rows
from tests.test_compare import LIVELY, TWICE

WIDE = {"legs__road__time": "45 min to 75 min"}
WORLDS = {
    "base": operation(operation="base", **LIVELY),
    "twice": operation(operation="twice", **LIVELY, **TWICE),
    "wide": operation(operation="wide", **{**LIVELY, **WIDE}),
}
METRIC = ("--metric", "waiting/pocket")


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scenarios")
    paths = {name: folder / f"{name}.yaml" for name in (*WORLDS, "copy")}
    for name, path in paths.items():
        world = WORLDS.get(name, WORLDS["base"])
        path.write_text(resolved_yaml(world), "utf-8")
    return paths


def chosen(folder, *words):
    return call("select", *words, "--results", folder, "--workers", 1)


@pytest.fixture(scope="module")
def done(scenarios, tmp_path_factory):
    results = tmp_path_factory.mktemp("results")
    three = [scenarios[name] for name in WORLDS]
    result = chosen(results, *three, *METRIC, "--matters", 20, "-n", 200)
    assert result.exit_code == 0, result.stderr
    (folder,) = results.iterdir()
    return result, folder


def test_the_best_is_named_with_what_is_guaranteed(done):
    result, folder = done
    said = flat(result.stdout)
    for words in (
        "3 variants, seed 1, at most 200 runs of each",
        "Best by waiting (pocket): less is better",
        "twice is, with 95 % confidence, the best, or within 20 person-h of it.",
        "worse than twice",
        "of this model, not of the world",
    ):
        assert words in said
    assert result.stdout.splitlines()[-1] == f"Results: {folder}"
    assert max(map(len, result.stdout.splitlines()[:-1])) <= 100


def test_its_tables_are_what_the_procedure_decides_of_the_runs(done):
    _, folder = done
    studies = {
        name: run_study(world, seed=1, replications=200)
        for name, world in WORLDS.items()
    }
    asking = select(list(WORLDS), Contest(20, first=60, most=200, batch=20))
    wanted = next(asking)
    try:
        while True:
            sent = {
                name: studies[name].metric("waiting/pocket")[: wanted.upto]
                for name in wanted.variants
            }
            wanted = asking.send(sent)
    except StopIteration as end:
        decided = end.value
    table = {row["variant"]: row for row in rows(folder / "selection.csv")}
    assert list(table) == list(WORLDS)
    assert [n for n, row in table.items() if row["outcome"] == "best"] == [decided.best]
    for row in decided.dropped:
        assert table[row.variant]["outcome"] == "dropped"
        assert table[row.variant]["dropped_by"] == row.by
        assert table[row.variant]["dropped_after"] == str(row.after)
    for name, runs in decided.runs.items():
        numbers = studies[name].metric("waiting/pocket")[:runs]
        assert int(table[name]["counted"]) == int(table[name]["runs"]) == runs
        assert float(table[name]["mean"]) == pytest.approx(numbers.mean())
        own = [row[f"{name} [person-hours]"] for row in rows(folder / "runs.csv")]
        assert [float(cell) for cell in own if cell] == pytest.approx(numbers.tolist())
    facts = json.loads((folder / "run.json").read_text("utf-8"))
    assert facts["selected"]["best"] == "twice"
    assert facts["selected"]["guaranteed"] is True
    files = [folder / arm["file"] for arm in facts["variants"]]
    assert [load(file) for file in files] == list(WORLDS.values())


def test_variants_that_do_not_differ_are_told_so(scenarios, tmp_path):
    two = (scenarios["base"], scenarios["copy"])
    result = chosen(tmp_path, *two, *METRIC, "--matters", 1)
    assert result.exit_code == 0
    said = flat(result.stdout)
    assert "base and copy did not differ in any of 305 replications." in said
    assert "any of them may be taken" in said


def test_too_few_runs_decide_nothing(scenarios, tmp_path):
    two = (scenarios["base"], scenarios["wide"])
    result = chosen(tmp_path, *two, *METRIC, "--matters", 0.01, "-n", 25)
    assert result.exit_code == 0
    said = flat(result.stdout)
    assert "Not decided: after 25 runs base and wide are still in." in said
    assert "no guarantee" in said
    assert "with 95 %" not in said
    (folder,) = tmp_path.iterdir()
    assert {row["guaranteed"] for row in rows(folder / "selection.csv")} == {"no"}


def test_more_can_be_better(scenarios, tmp_path):
    two = (scenarios["base"], scenarios["twice"])
    words = ("--metric", "fleet_use", "--matters", 0.01)
    refused = chosen(tmp_path, *two, *words)
    assert refused.exit_code == 2
    assert "Add --larger if more is, or --smaller if less is" in flat(refused.stderr)
    best = {}
    for side in ("--larger", "--smaller"):
        result = chosen(tmp_path / side, *two, *words, side)
        assert result.exit_code == 0, result.stderr
        best[side] = "base is, with" in flat(result.stdout)
    assert sorted(best.values()) == [False, True]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--metric", "waitin", "--matters", "1"], "Did you mean 'waiting'?"),
        (["--metric", "waiting/pockt", "--matters", "1"], "'waiting/pocket'"),
        (["--metric", "waiting_by_cause", "--matters", "1"], "more than one number"),
        ([*METRIC, "--matters", "0"], "is above 0, got 0"),
        ([*METRIC, "--matters", "nan"], "is above 0, got nan"),
        (list(METRIC), "Missing option '--matters'"),
        (["--matters", "1"], "Missing option '--metric'"),
        ([*METRIC, "--matters", "1", "-n", "2"], "at least 3 runs"),
    ],
)
def test_wrong_words_are_answered_before_anything_runs(
    words, says, scenarios, tmp_path
):
    result = chosen(tmp_path, scenarios["base"], scenarios["twice"], *words)
    assert result.exit_code == 2, result.stdout
    assert says in flat(result.stderr)
    assert list(tmp_path.iterdir()) == []


def test_a_variant_without_the_metric_is_named(scenarios, tmp_path):
    two = (scenarios["base"], "two-towns")
    result = chosen(tmp_path, *two, *METRIC, "--matters", 1)
    assert result.exit_code == 2
    assert "two-towns: there is no metric 'waiting/pocket'" in flat(result.stderr)


def test_a_scenario_named_twice_is_refused(scenarios, tmp_path):
    two = (scenarios["base"], scenarios["base"])
    result = chosen(tmp_path, *two, *METRIC, "--matters", 1)
    assert result.exit_code == 2
    assert "'base' is named twice" in flat(result.stderr)


def test_a_metric_that_did_not_happen_in_a_run_is_refused(tmp_path):
    """With the variant, the replication and what to do; nothing is left behind."""
    paths = []
    for name, ends in (("long", "2020-01-11T00:00"), ("short", "2020-01-01T23:30")):
        world = operation(operation=name, ends=ends, **LIVELY)
        paths.append(tmp_path / f"{name}.yaml")
        paths[-1].write_text(resolved_yaml(world), "utf-8")
    study = run_study(load(paths[1]), seed=1, replications=20)
    first = int(np.flatnonzero(np.isnan(study.metric("t100/pocket")))[0])
    results = tmp_path / "results"
    result = chosen(results, *paths, "--metric", "t100", "--matters", 1)
    assert result.exit_code == 2
    said = flat(result.stderr)
    assert f"t100/pocket did not happen in replication {first} of short" in said
    assert "Choose a metric that always happens" in said
    assert list(results.iterdir()) == []


def failing(monkeypatch, wanted):
    whole = replicate.simulate

    def simulate(world, *, seed, replication):
        if (world.operation, replication) in wanted:
            raise ValueError("no")
        return whole(world, seed=seed, replication=replication)

    monkeypatch.setattr(replicate, "simulate", simulate)


def test_a_replication_that_failed_in_one_variant_is_left_out_of_all(
    scenarios, tmp_path, monkeypatch
):
    failing(monkeypatch, {("wide", 3), ("wide", 7), ("base", 3), ("base", 20)})
    two = (scenarios["base"], scenarios["wide"])
    result = chosen(tmp_path, *two, *METRIC, "--matters", 0.5, "-n", 60)
    assert result.exit_code == 1
    said = flat(result.stdout)
    assert "2 runs of wide failed; the first, replication 3: ValueError('no')." in said
    assert "3 replications that failed in some variant are left out of all." in said
    (folder,) = tmp_path.iterdir()
    counted = [int(row["replication"]) for row in rows(folder / "runs.csv")]
    assert counted[:19] == [n for n in range(22) if n not in {3, 7, 20}]
    assert len(rows(folder / "failures.csv")) == 4
    facts = json.loads((folder / "run.json").read_text("utf-8"))
    assert facts["selected"]["left_out"] == [3, 7, 20]


def test_failures_do_not_let_it_run_for_ever(scenarios, tmp_path, monkeypatch):
    failing(monkeypatch, {("wide", n) for n in range(1, 30)})
    two = (scenarios["base"], scenarios["wide"])
    short = chosen(tmp_path / "a", *two, *METRIC, "--matters", 0.01, "-n", 20)
    assert short.exit_code == 1
    assert "only 1 of 20 replications worked in every variant" in flat(short.stderr)
    more = chosen(tmp_path / "b", *two, *METRIC, "--matters", 0.01, "-n", 40)
    assert more.exit_code == 1
    assert "after 11 runs base and wide are still in" in flat(more.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("stop", [1, 4, 7])
def test_a_stopped_choice_goes_on_and_ends_as_if_undisturbed(
    stop, scenarios, tmp_path, monkeypatch
):
    two = (scenarios["base"], scenarios["wide"])
    words = (*two, *METRIC, "--matters", 5, "-n", 100)
    assert chosen(tmp_path / "whole", *words).exit_code == 0
    whole, kept = Folder.add, []

    def add(store, part):
        if len(kept) == stop:
            raise KeyboardInterrupt
        kept.append(part)
        whole(store, part)

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "add", add)
        result = chosen(tmp_path / "torn", *words)
    assert result.exit_code == 130
    (folder,) = all_unfinished(tmp_path / "torn")
    result = call("resume", folder, "--workers", 2)
    assert result.exit_code == 0, result.stderr
    assert contents(tmp_path / "torn") == contents(tmp_path / "whole")


@pytest.mark.slow
def test_any_number_of_workers_decides_the_same(scenarios, tmp_path):
    three = [scenarios[name] for name in WORLDS]
    said = {}
    for workers in (1, 2):
        results = tmp_path / str(workers)
        words = (*METRIC, "--matters", 20, "--results", results, "--workers", workers)
        result = call("select", *three, *words)
        assert result.exit_code == 0
        said[workers] = result.stdout.splitlines()[:-1], contents(results)
    assert said[1] == said[2]


def test_what_is_kept_beyond_a_look_does_not_count():
    """As after a stop: a store may hold more than the first look asks for."""
    worlds = [WORLDS["base"], WORLDS["wide"]]
    contest = Contest(60, first=10, most=40, batch=5)
    jobs = [Job(world, (), 1) for world in worlds]
    found = []
    for ahead in (0, 33):
        runner = Runner(jobs, [Memory(), Memory()], Here())
        if ahead:
            runner.upto(ahead)
        found.append(ranked(runner, ("base", "wide"), "waiting/pocket", contest))
    one, other = found
    assert one.selection == other.selection
    assert {name: column.tolist() for name, column in one.numbers.items()} == {
        name: column.tolist() for name, column in other.numbers.items()
    }
    assert [study.replications.size for _, study in other.studies] == [
        study.replications.size for _, study in one.studies
    ]


def test_the_replication_is_named_though_others_failed(monkeypatch):
    failing(monkeypatch, {("short", 0)})
    worlds = [
        operation(operation=name, ends=ends, **LIVELY)
        for name, ends in (("long", "2020-01-11T00:00"), ("short", "2020-01-01T06:00"))
    ]
    runner = Runner([Job(w, (), 1) for w in worlds], [Memory(), Memory()], Here())
    contest = replace(Contest(1), first=5, most=9)
    with pytest.raises(NeverCameError) as caught:
        ranked(runner, ("long", "short"), "t100/pocket", contest)
    assert caught.value.args == ("t100/pocket", "short", 1)
