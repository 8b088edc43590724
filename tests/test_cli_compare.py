"""`compare`, as a planner types it: what it says, what it keeps, and how it ends."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.cli import main
from sim.experiment import replicate
from sim.scenario import load, resolved_yaml
from tests.builders import operation
from tests.commands import flat, rows
from tests.test_compare import LIVELY, TWICE

ROOT = Path(__file__).resolve().parents[1]
USUAL = ("t50", "t90", "t100", "arrived", "waiting", "held_aboard")


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory):
    """Return the files of a base, and of a variant with twice the buses."""
    folder = tmp_path_factory.mktemp("scenarios")
    paths = folder / "base.yaml", folder / "twice.yaml"
    for path, changes in zip(paths, ({}, TWICE), strict=True):
        world = operation(operation=path.stem, **LIVELY, **changes)
        path.write_text(resolved_yaml(world), "utf-8")
    return tuple(map(str, paths))


def call(*words):
    return CliRunner().invoke(main, ["compare", *(str(word) for word in words)])


def compared(folder, *words):
    return call(*words, "--results", folder, "--workers", 1, "--no-figures")


@pytest.fixture(scope="module")
def done(scenarios, tmp_path_factory):
    results = tmp_path_factory.mktemp("results")
    result = compared(results, *scenarios, "-n", 12)
    assert result.exit_code == 0, result.stderr
    (folder,) = results.iterdir()
    return result, folder


def test_a_comparison_says_what_changed_and_how_sure_that_is(done):
    result, folder = done
    for words in (
        "Base: base",
        "12 runs of each, seed 1; base and variant share their luck",
        "half arrived, h",
        "In how many of the 12 pairs of runs",
        "the same in every run",
        "Pairing: the variance of a change is",
        "corrected for all 6 changes tested (Holm)",
        "not how right the model is",
    ):
        assert words in flat(result.stdout)
    assert result.stdout.splitlines()[-1] == f"Results: {folder}"
    assert result.stderr == ""


def test_its_folder_is_complete_and_can_be_run_again(done, scenarios):
    _, folder = done
    names = {path.name for path in folder.iterdir()}
    assert names == {
        *("comparison.csv", "pairs.csv", "results.xlsx", "report.html"),
        *("run.json", "scenarios", "brief.html"),
    }
    for name, scenario in zip(("base", "variant-1"), scenarios, strict=True):
        assert load(folder / "scenarios" / f"{name}.yaml") == load(scenario)
    facts = json.loads((folder / "run.json").read_text("utf-8"))
    assert (facts["scenario"], facts["seed"]) == ("base", 1)
    (variant,) = facts["variants"]
    assert variant["scenario"] == "twice"
    assert facts["compared"]["tested"] == len(USUAL)
    assert facts["limits_of_use"]


def test_the_tables_agree_with_each_other(done):
    _, folder = done
    table = rows(folder / "comparison.csv")
    pairs = rows(folder / "pairs.csv")
    assert [row["metric"] for row in table] == [f"{name}/pocket" for name in USUAL]
    assert len(pairs) == 12 * len(USUAL)
    for row in table:
        own = [pair for pair in pairs if pair["metric"] == row["metric"]]
        mean = sum(float(pair["difference"]) for pair in own) / len(own)
        assert mean == pytest.approx(float(row["difference"]), abs=1e-6)
        assert int(row["differs"]) == sum(pair["difference"] != "0" for pair in own)
    t50 = table[0]
    assert (t50["better"], t50["unit"], t50["pairs"]) == (
        "lower",
        "h after start",
        "12",
    )
    assert float(t50["low"]) < float(t50["difference"]) < float(t50["high"]) < 0
    assert float(t50["p"]) <= float(t50["p_holm"]) < 0.05
    assert float(t50["variance_factor"]) > 1


def test_a_scenario_beside_itself_does_not_differ(scenarios, tmp_path):
    base, _ = scenarios
    result = compared(tmp_path, base, base, "-n", 3)
    assert result.exit_code == 0
    assert "Nothing that was compared changes: every run" in result.stdout
    (folder,) = tmp_path.iterdir()
    assert {row["difference"] for row in rows(folder / "comparison.csv")} == {"0"}


def test_a_picture_is_drawn_of_what_changed(scenarios, tmp_path):
    done = call(*scenarios, "-n", 12, "--results", tmp_path, "--workers", 1)
    assert done.exit_code == 0
    (folder,) = tmp_path.iterdir()
    names = {path.name for path in (folder / "figures").iterdir()}
    drawn = ("brief", "differences")
    assert names == {f"{name}.{end}" for name in drawn for end in ("png", "svg")}


def test_metrics_can_be_chosen(scenarios, tmp_path):
    chosen = ("--metric", "last_arrival/pocket", "--metric", "fleet_use")
    result = compared(tmp_path, *scenarios, "-n", 3, *chosen)
    assert result.exit_code == 0
    (folder,) = tmp_path.iterdir()
    found = [row["metric"] for row in rows(folder / "comparison.csv")]
    assert found == ["last_arrival/pocket", "fleet_use/buses"]
    assert "half arrived" not in result.stdout


@pytest.mark.parametrize(
    ("metric", "remedy"),
    [("t51", "Did you mean"), ("t50/pockt", "'t50/pocket'"), ("zzz", "Known:")],
)
def test_an_unknown_metric_gets_the_nearest_name(metric, remedy, scenarios, tmp_path):
    result = compared(tmp_path, *scenarios, "-n", 2, "--metric", metric)
    assert result.exit_code == 2
    assert remedy in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_scenarios_without_a_site_in_common_are_wrong_use(scenarios, tmp_path):
    result = compared(tmp_path, scenarios[0], "two-towns", "-n", 2)
    assert result.exit_code == 2
    assert "nothing in common" in flat(result.stderr)


def test_one_run_is_no_interval(scenarios, tmp_path):
    result = compared(tmp_path, *scenarios, "-n", 1)
    assert result.exit_code == 0
    means = result.stdout.split("In how many")[0].splitlines()
    changes = [line for line in means if "±" in line]
    assert changes
    assert all("± -" in line for line in changes)
    assert "no test and no interval: a test takes two pairs" in flat(result.stdout)
    (folder,) = tmp_path.iterdir()
    assert {row["low"] for row in rows(folder / "comparison.csv")} == {""}


def test_failed_runs_are_counted_and_their_pairs_left_out(
    scenarios, tmp_path, monkeypatch
):
    whole = replicate.simulate

    def failing(world, *, seed, replication):
        if world.operation == "twice" and replication == 1:
            raise ValueError("no")
        return whole(world, seed=seed, replication=replication)

    monkeypatch.setattr(replicate, "simulate", failing)
    result = compared(tmp_path, *scenarios, "-n", 4)
    assert result.exit_code == 1
    assert "1 run of twice failed and its pair is left out" in flat(result.stdout)
    assert "3 pairs of runs" in result.stdout
    assert "failures.csv" in result.stderr
    (folder,) = tmp_path.iterdir()
    (failure,) = rows(folder / "failures.csv")
    assert (failure["scenario"], failure["replication"]) == ("twice", "1")
    assert {row["all_pairs"] for row in rows(folder / "comparison.csv")} == {"3"}


def test_a_variant_whose_runs_all_fail_is_a_sentence(scenarios, tmp_path, monkeypatch):
    whole = replicate.simulate

    def failing(world, *, seed, replication):
        if world.operation == "twice":
            raise ValueError("no")
        return whole(world, seed=seed, replication=replication)

    monkeypatch.setattr(replicate, "simulate", failing)
    result = compared(tmp_path, *scenarios, "-n", 2)
    assert result.exit_code == 1
    assert "twice: every replication failed" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_draw_that_undoes_a_variant_is_told(tmp_path):
    paths = tmp_path / "base.yaml", tmp_path / "more.yaml"
    people = "sites.pocket.groups.civilians.people"
    for path, count in zip(paths, (100, 140), strict=True):
        world = operation(
            uncertain={people: {"spread": "50 to 150"}},
            sites__pocket__groups__civilians__people=count,
        )
        path.write_text(resolved_yaml(world), "utf-8")
    quiet = compared(tmp_path / "results", *paths, "-n", 2)
    assert "Caution" not in quiet.stdout
    result = compared(tmp_path / "results", *paths, "-n", 2, "--knowledge")
    assert f"Caution: more changes {people}" in flat(result.stdout)
    assert "both this and chance" in flat(result.stdout)


@pytest.mark.slow
def test_a_pipe_gets_100_plain_columns_and_the_same_from_any_number_of_workers(
    scenarios, tmp_path
):
    said = {}
    program = (sys.executable, "-c", "from sim.cli import main; main()")
    for workers in (1, 2):
        results = tmp_path / str(workers)
        ended = subprocess.run(
            [
                *(*program, "compare", *scenarios, "-n", "20", "--no-figures"),
                *("--workers", str(workers), "--results", str(results)),
            ],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )
        assert ended.returncode == 0, ended.stderr
        assert "\x1b" not in ended.stdout + ended.stderr
        lines = ended.stdout.splitlines()[:-1]
        assert max(map(len, lines)) <= 100
        (folder,) = results.iterdir()
        said[workers] = lines, (folder / "pairs.csv").read_bytes()
    assert said[1] == said[2]


def test_a_variant_is_needed(scenarios):
    result = call(scenarios[0])
    assert result.exit_code == 2
    assert "VARIANT" in result.stderr


def test_a_metric_of_no_such_site_is_told_before_all_are_run(
    scenarios, tmp_path, monkeypatch
):
    ran, whole = [], replicate.simulate

    def counted(world, *, seed, replication):
        ran.append(replication)
        return whole(world, seed=seed, replication=replication)

    monkeypatch.setattr(replicate, "simulate", counted)
    result = compared(tmp_path, *scenarios, "-n", 10, "--metric", "t90/nowhere")
    assert result.exit_code == 2
    assert ran == [0]
