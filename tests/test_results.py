"""What a run leaves on the disk: complete, repeatable, and harmless to open."""

import errno
import io
import json
import os
import time
import tomllib
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from sim.answers.bound import capacity_of
from sim.errors import ResultsError
from sim.experiment import Failure, run_study
from sim.experiment.bands import Bands, band_of
from sim.experiment.store import Memory
from sim.metrics.waiting import by_cause, charges
from sim.report.contents import Data
from sim.report.forms.csv_file import write_csv
from sim.report.forms.files import written
from sim.report.forms.workbook import as_workbook
from sim.report.log_data import events_data, vehicles_data
from sim.report.run import report_on_run
from sim.report.run_data import runs_data
from sim.scenario import load, scenario_hash
from sim.studies.finish import finished
from sim.studies.folder import name_of, prepare, run_folder
from sim.studies.manifest import facts_of
from sim.studies.options import Amount
from sim.studies.plan import Arm, StudyPlan
from sim.studies.told import Caller
from sim.studies.unfinished import begun
from sim.words import Words
from tests.builders import documented_figure, operation
from tests.commands import rows

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FORMULA = '=HYPERLINK("http://example.org")'
INF, NAN = float("inf"), float("nan")


def plan_of(world, amount, *figures, pictures=False):
    """Return the plan of many runs that began at noon."""
    arm = Arm("test", world, figures)
    options = {"path": "all", "until": [], "metrics": [], "at_moments": []}
    caller = Caller("python run.py test", pictures)
    plan = StudyPlan.of("run", [arm], amount, options, caller)
    return replace(plan, began=NOON)


def reported(study):
    log = study.log_of(study.typical)
    return report_on_run(
        *(study, log),
        name="test",
        command="python run.py test",
        capacity=capacity_of(study),
    )


@pytest.fixture(scope="module")
def study():
    world = operation(
        operation="Test",
        sites__pocket__title="=1+1",
        starts="2020-01-01T18:00",
        fleets__buses__joins={"2020-01-01T18:00": 1},
        flows__evacuation__boarding="10 min to 40 min",
    )
    figure = documented_figure(note=FORMULA)
    return run_study(world, (figure,), seed=1, replications=3)


@pytest.fixture(scope="module")
def plan(study):
    return plan_of(study.operation, Amount(3), *study.figures, pictures=True)


@pytest.fixture(scope="module")
def folder(plan, tmp_path_factory):
    return finished(begun(plan, tmp_path_factory.mktemp("results"))).folder


def test_the_folder_is_complete(folder):
    assert {path.name for path in folder.iterdir()} == {
        "scenario.yaml",
        "run.json",
        "results.xlsx",
        "report.html",
        "replications",
        "events.csv",
        "vehicles.csv",
        "movements.csv",
        "brief.html",
        "movements.html",
        "receiving.html",
        "daily.csv",
        "receiving.csv",
        "nights.csv",
        "typed_in.csv",
        "curves.csv",
        "summary.csv",
        "runs.csv",
        "score.csv",
        "figures",
    }
    assert any((folder / "figures").glob("*.png"))
    assert any((folder / "figures").glob("*.svg"))


def test_its_name_says_when_what_and_which(study, folder):
    digest = scenario_hash(study.operation)
    assert folder.name == f"2026-11-22T1200_test_{digest[:6]}"
    assert name_of("a/b c", "0123456789", NOON) == "2026-11-22T1200_a-b-c_012345"


def test_nothing_unfinished_lies_beside_it(folder):
    assert list(folder.parent.iterdir()) == [folder]


def test_events_have_local_time_and_seconds(folder, study):
    log = study.log_of(study.typical)
    table = rows(folder / "events.csv")
    assert len(table) == len(log.events)
    assert table[0]["time_s"] == "0"
    assert table[0]["local_time"] == "2020-01-01T18:00:00+00:00"


def test_every_vehicle_of_every_trip_has_a_row(folder, study):
    log = study.log_of(study.typical)
    table = rows(folder / "vehicles.csv")
    assert len(table) == sum(len(trip.fleets) for trip in log.trips)
    assert sum(int(row["load_people"]) for row in table) == 100
    assert {row["fate"] for row in table} == {"arrived"}
    begins, ends = "boarding_begins_s", "unloading_ends_s"
    assert all(int(row[begins]) < int(row[ends]) for row in table)


def test_the_local_times_of_a_vehicle_are_those_of_its_first_and_last_moment():
    world = operation()
    table = vehicles_data(run_study(world, seed=1, replications=1).log_of(0), world)
    for values in table.rows:
        row = dict(zip(table.columns, values, strict=True))
        for name in ("boarding_begins", "unloading_ends"):
            assert row[f"{name}_local_time"] == world.clock.stamp(row[f"{name}_s"])


def test_a_checkpoint_has_columns_of_its_own():
    world = load("two-towns")
    table = vehicles_data(run_study(world, seed=1, replications=1).log_of(0), world)
    assert "inspection_bridge_begins_s" in table.columns
    position = table.columns.index("inspection_bridge_begins_s")
    north = [row for row in table.rows if row[1] == "north-families"]
    assert any(row[position] is not None for row in north)


def test_daily_arrivals_add_up_though_the_run_starts_in_the_evening(study):
    """The first part-day was seen to be left out."""
    bands = Bands(study)
    assert bands.day_starts[:2] == (0, 6 * 3600)
    assert sum(band.median for band in bands.daily["pocket"]) == 100


def test_summary_names_unit_band_and_runs(folder):
    by_name = {row["metric"]: row for row in rows(folder / "summary.csv")}
    t90 = by_name["t90/pocket"]
    assert (t90["unit"], t90["band"], t90["n"]) == ("h after start", "chance", "3")
    assert float(t90["p5"]) <= float(t90["median"]) <= float(t90["p95"])


def test_runs_have_parameters_and_metrics_with_units():
    world = load("two-towns")
    both = run_study(world, seed=1, replications=2, band="knowledge and chance")
    table = runs_data(both)
    assert "sites.northtown.groups.families.people" in table.columns
    assert "checkpoints.bridge.inspection [s]" in table.columns
    assert "t90/northtown [h after start]" in table.columns
    assert len(list(table.rows)) == 2


def test_scores_say_who_said_what_and_what_came_out(folder):
    (row,) = rows(folder / "score.csv")
    assert (row["id"], row["role"], row["family"]) == ("A-1", "fit", "ICRC")
    assert row["fit_on_path"] == "all"
    assert (row["documented_low"], row["documented_high"]) == ("90", "110")
    assert (row["simulated_median"], row["inside"]) == ("100", "yes")


def test_text_that_looks_like_a_formula_is_defused(folder, tmp_path):
    (row,) = rows(folder / "score.csv")
    assert row["note"] == f"'{FORMULA}"
    assert row["attributed_to"] == "'+Agency"
    cells = ("=1", "+1", "-1", "@a", "\tx", "a=1", -1, -1.5)
    write_csv(tmp_path / "t.csv", Data(("a",), [(cell,) for cell in cells]))
    written = [row["a"] for row in rows(tmp_path / "t.csv")]
    assert written == ["'=1", "'+1", "-1", "'@a", "'\tx", "a=1", "-1", "-1.5"]


def test_csv_is_utf8_without_mark_with_plain_line_ends(tmp_path):
    data = Data(("name", "value"), [("حلب", NAN), ("x", INF), ("y", None)])
    write_csv(tmp_path / "t.csv", data)
    assert (tmp_path / "t.csv").read_bytes() == "name,value\nحلب,\nx,\ny,\n".encode()


def test_the_workbook_is_the_same_twice(study, folder):
    first = as_workbook(reported(study), Words())
    time.sleep(1.1)
    again = as_workbook(reported(study), Words())
    assert again == first == (folder / "results.xlsx").read_bytes()


def test_the_workbook_has_its_sheets_a_chart_and_no_formula(folder):
    with zipfile.ZipFile(folder / "results.xlsx") as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    names = ("Answer", "About", "Daily", "Curves", "Score", "Waiting", "Events")
    assert all(f'name="{name}"' in parts["xl/workbook.xml"] for name in names)
    sheets = [text for name, text in parts.items() if name.startswith("xl/worksheets/")]
    assert not any("<f>" in text or "<f " in text for text in sheets)
    assert not any("<hyperlink" in text for text in sheets)
    assert "=1+1" in parts["xl/sharedStrings.xml"]
    assert "<c:scatterChart>" in parts["xl/charts/chart1.xml"]


def test_run_json_says_how_to_repeat_it(study, folder):
    facts = json.loads((folder / "run.json").read_text("utf-8"))
    assert facts["scenario_sha256"] == scenario_hash(study.operation)
    assert (facts["seed"], facts["replications"], facts["band"]) == (1, 3, "chance")
    assert facts["typical_replication"] == study.typical
    assert facts["command"] == "python run.py test"
    assert datetime.fromisoformat(facts["began"]) == NOON
    assert datetime.fromisoformat(facts["ended"]) > NOON or facts["ended"]
    assert {"commit", "changed_since", "version"} == set(facts["project"])
    assert facts["limits_of_use"]


def test_the_packages_in_run_json_are_those_the_project_asks_for(plan):
    asked = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
    names = {need.split(">")[0].split(";")[0].strip() for need in asked["dependencies"]}
    assert names <= set(facts_of(plan, NOON)["packages"])


def test_run_json_can_do_without_git(plan, monkeypatch):
    monkeypatch.setenv("PATH", "")
    project = facts_of(plan, NOON)["project"]
    assert (project["commit"], project["changed_since"]) == (None, None)


def test_the_written_scenario_loads_to_the_same(study, folder):
    assert scenario_hash(load(folder / "scenario.yaml")) == scenario_hash(
        study.operation
    )


def test_the_hash_changes_with_the_scenario_only():
    assert scenario_hash(operation()) == scenario_hash(operation())
    assert scenario_hash(operation(fleets__buses__seats=49)) != scenario_hash(
        operation()
    )


def test_failures_are_written_if_there_are_any(study, tmp_path):
    (runs,) = study.store.parts()
    runs = replace(runs, failures=(Failure(7, "Boom()", "the trace"),))
    broken = replace(study, store=Memory([runs]))
    written(reported(broken), tmp_path, pictures=False)
    (row,) = rows(tmp_path / "failures.csv")
    assert (row["replication"], row["error"]) == ("7", "Boom()")


def test_what_did_not_come_counts_as_late():
    band = band_of(np.array([1.0, 2.0, NAN]))
    assert (band.median, band.p95, band.n) == (2.0, INF, 2)
    assert band.mean != band.mean
    assert band_of(np.array([4.0])) == (4.0, 4.0, 4.0, 4.0, 1)
    assert band_of(np.array([NAN, NAN]))[:3] == (INF, INF, INF)


def test_waiting_in_the_summary_is_that_of_the_log(study):
    log = study.log_of(study.typical)
    typical = next(run for run in study.runs if run.replication == study.typical)
    waited = by_cause(charges(log))
    assert sum(typical.waiting.values()) == pytest.approx(sum(waited.values()))
    assert len(events_data(log, study.operation.clock).rows) == len(log.events)


def write_half(root, error):
    with run_folder(root, "a") as run:
        (run.path / "half.csv").write_text("x")
        raise error


def test_an_interrupted_run_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        write_half(tmp_path, KeyboardInterrupt())
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_taken_gets_a_number(tmp_path):
    for _ in range(3):
        with run_folder(tmp_path, "a") as run:
            (run.path / "x").write_text("x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "a-2", "a-3"]
    assert run.path == tmp_path / "a-3"


def test_old_leftovers_go_and_fresh_ones_stay(tmp_path):
    for name, age_h in ((".tmp-old", 25), (".tmp-new", 1), ("kept", 99)):
        (tmp_path / name).mkdir()
        then = time.time() - age_h * 3600
        os.utime(tmp_path / name, (then, then))
    prepare(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".tmp-new", "kept"]


def test_results_that_are_a_file_are_refused_in_a_sentence(tmp_path):
    (tmp_path / "results").write_text("")
    with pytest.raises(ResultsError, match="it is a file, not a folder"):
        prepare(tmp_path / "results")
    with pytest.raises(ResultsError, match="a part of its path is a file"):
        prepare(tmp_path / "results" / "deeper")


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "read-only"), (errno.EACCES, "may")],
)
def test_a_disk_that_refuses_is_a_sentence_and_leaves_nothing(tmp_path, number, words):
    with pytest.raises(ResultsError, match=words):
        write_half(tmp_path, OSError(number, os.strerror(number)))
    assert list(tmp_path.iterdir()) == []


def test_another_error_is_not_blamed_on_the_disk(tmp_path):
    with pytest.raises(ValueError, match="bug"):
        write_half(tmp_path, ValueError("bug"))
    with pytest.raises(io.UnsupportedOperation):
        write_half(tmp_path, io.UnsupportedOperation("fileno"))


def test_shares_of_chance_and_knowledge_are_written(tmp_path):
    """Many or few people decide how long it takes; boarding differs by chance only."""
    world = operation(
        uncertain={"sites.pocket.groups.civilians.people": {"spread": "100 to 900"}},
        flows__evacuation__boarding="29 min to 31 min",
    )
    few, many = (
        finished(begun(plan_of(world, amount), tmp_path / str(amount.replications)))
        for amount in (
            Amount(40, knowledge=True, per_draw=4),
            Amount(80, knowledge=True, per_draw=4),
        )
    )
    (row,) = (
        row for row in rows(few.folder / "shares.csv") if row["metric"] == "t100/pocket"
    )
    assert (row["low"], row["no_interval"]) == ("", "some runs lie too far out")
    found = {row["metric"]: row for row in rows(many.folder / "shares.csv")}
    row = found["t100/pocket"]
    assert (row["draws"], row["runs"]) == ("20", "80")
    assert float(row["low"]) > 0.9
    assert row["no_interval"] == ""
    assert "arrived/pocket" in found
    each_its_own = run_study(world, seed=1, replications=4, band="knowledge and chance")
    assert Bands(each_its_own).knowledge_shares == {}
