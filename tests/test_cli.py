"""The commands, as a planner types them: what they say, where, and how they end."""

import ast
import csv
import json
import shutil
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.cli import main
from sim.cli.front import command_as_typed
from sim.cli.group import as_typed
from sim.evidence.row import COLUMNS
from sim.metrics.timelines import everybody, totals
from sim.metrics.waiting import charges
from sim.model import simulate
from sim.report.explanation import lines_of
from sim.scenario import load, resolved_yaml
from tests.builders import operation, two_sides
from tests.commands import PROGRAM, ROOT, call

FIGURE = {
    "id": "A-1",
    "origin": "pocket",
    "metric": "cumulative_arrivals",
    "from": "2020-01-02T00:00",
    "low": "500",
    "high": "600",
    "bound": "interval",
    "unit": "people",
    "attributed_to": "Agency",
    "family": "UN",
    "source": "S1",
    "role": "fit",
}


def table_of(figure):
    cells = [figure.get(column, "") for column in COLUMNS]
    return ",".join(COLUMNS) + "\n" + ",".join(cells) + "\n"


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "tiny.yaml"
    world = operation(
        evidence="evidence.csv", flows__evacuation__boarding="10 min to 40 min"
    )
    path.write_text(resolved_yaml(world), "utf-8")
    (tmp_path / "evidence.csv").write_text(table_of(FIGURE), "utf-8")
    return str(path)


@pytest.fixture
def bad(tmp_path):
    path = tmp_path / "bad.yaml"
    text = resolved_yaml(operation())
    text = text.replace("seats: 50", "seats: -5").replace("kind: bus", "kind: boat")
    path.write_text(text, "utf-8")
    return str(path)


def start(*words, **options):
    return subprocess.run(
        [*PROGRAM, *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
        **options,
    )


def run_in(folder, *words):
    return call(*words, "--results", folder, "--no-figures", "--workers", 1)


def test_a_run_says_what_came_out_and_where_it_is(scenario, tmp_path):
    result = run_in(tmp_path / "results", "run", scenario, "-n", 3)
    assert result.exit_code == 0
    (folder,) = (tmp_path / "results").iterdir()
    last = result.stdout.splitlines()[-1]
    assert last == f"Results: {folder}"
    for words in ("people to leave", "all arrived", "person-hours", "0 of 1 fit rows"):
        assert words in result.stdout
    assert "chance only" in result.stdout
    assert result.stderr == ""
    facts = json.loads((folder / "run.json").read_text("utf-8"))
    assert facts["scenario"] == "tiny"


@pytest.mark.parametrize("results", [["--results", "/somewhere"], ["--results=/here"]])
def test_the_command_is_kept_without_the_folders_of_this_machine(results, monkeypatch):
    words = ["/home/somebody/run.py", "run", "a b", *results, "-n", "3"]
    monkeypatch.setattr("sys.argv", words)

    assert command_as_typed() == "python run.py run 'a b' -n 3"


def test_a_scenario_without_a_command_is_run(scenario, tmp_path):
    result = run_in(tmp_path / "results", scenario, "-n", 2)
    assert result.exit_code == 0
    assert "2 runs, seed 1" in result.stdout


@pytest.mark.slow
def test_a_pipe_gets_100_plain_columns_and_the_same_from_any_number_of_workers(
    tmp_path,
):
    said = {}
    for workers in (1, 2):
        results = tmp_path / str(workers)
        done = start(
            *("run", "two-towns", "-n", 20, "--knowledge", "--no-figures"),
            *("--workers", workers, "--results", results),
        )
        assert done.returncode == 0, done.stderr
        assert "\x1b" not in done.stdout + done.stderr
        lines = done.stdout.splitlines()[:-1]
        assert max(map(len, lines)) <= 100
        said[workers] = lines
        (folder,) = results.iterdir()
        said[workers, "runs"] = (folder / "runs.csv").read_bytes()
    assert said[1] == said[2]
    assert said[1, "runs"] == said[2, "runs"]


def test_people_left_behind_are_told_with_a_remedy(tmp_path):
    path = tmp_path / "stuck.yaml"
    stuck = two_sides(
        agreements__deal__requires={"word": {"never": "yes"}},
    )
    path.write_text(resolved_yaml(stuck), "utf-8")
    result = run_in(tmp_path / "results", "run", path, "-n", 1)
    assert result.exit_code == 0
    assert "had not arrived: agreement" in " ".join(result.stdout.split())
    assert "To try: other terms" in " ".join(result.stdout.split())


def test_an_unknown_scenario_gets_the_nearest_name():
    result = call("run", "aleppo-206")
    assert result.exit_code == 1
    assert "aleppo-2016" in result.stderr
    result = call("aleppo-206")
    assert result.exit_code == 2
    assert "aleppo-2016" in result.stderr
    result = call("chekc", "aleppo-2016")
    assert result.exit_code == 2
    assert "Did you mean 'check'?" in result.stderr


@pytest.mark.parametrize("command", ["run", "check", "explain", "score"])
def test_a_bad_scenario_is_refused_with_every_place(command, bad, tmp_path):
    result = call(command, bad)
    assert result.exit_code == 1
    assert "bad.yaml:" in result.stderr
    assert "'-5'" in result.stderr
    assert "'boat'" in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    line = text_line(bad, "seats: -5")
    assert f"bad.yaml:{line}:" in result.stderr


def text_line(path, words):
    lines = Path(path).read_text("utf-8").splitlines()
    return next(n for n, line in enumerate(lines, 1) if words in line)


def test_check_counts_what_is_fine(scenario):
    result = call("check", scenario, "two-towns")
    assert result.exit_code == 0
    first, second = result.stdout.splitlines()
    assert first.startswith(f"ok  {scenario}: 100 people, 2 sites, 1 fleet, 1 flow, ")
    assert "1 documented figure (1 fit, 0 check, 0 context)" in first
    assert "2 uncertain values" in second


def test_check_goes_on_after_a_bad_file(bad):
    result = call("check", bad, "two-towns")
    assert result.exit_code == 1
    assert "ok  two-towns" in result.stdout
    assert f"refused  {bad}: 2 problems" in result.stderr


def test_check_looks_through_the_evidence(scenario, tmp_path):
    wrong = {**FIGURE, "metric": "cumulative_arivals", "role": "fitt"}
    (tmp_path / "evidence.csv").write_text(table_of(wrong), "utf-8")
    result = call("check", scenario)
    assert result.exit_code == 1
    assert "cumulative_arrivals" in result.stderr
    assert ":row 2:role: 'fitt'" in result.stderr


def test_check_tells_of_figures_that_cannot_be_compared(scenario, tmp_path):
    lost = {**FIGURE, "origin": "refuge"}
    (tmp_path / "evidence.csv").write_text(table_of(lost), "utf-8")
    result = call("check", scenario)
    assert result.exit_code == 0
    assert "no flow leaves its site (refuge)" in result.stderr


def test_a_missing_table_is_told_and_no_error(scenario, tmp_path):
    (tmp_path / "evidence.csv").unlink()
    result = call("check", scenario)
    assert result.exit_code == 0
    assert "no table 'evidence.csv'" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("run", "two-towns", "--replicatoins", "3"),
        ("run", "two-towns", "-n", "0"),
        ("run", "two-towns", "--workers", "none"),
        ("run", "two-towns", "--path", "WHO"),
        ("explain", "two-towns", "nobody-001"),
        ("--seed", "1"),
    ],
)
def test_wrong_use_is_2(words):
    result = call(*words)
    assert result.exit_code == 2
    assert result.stdout == ""


def test_what_cannot_be_taken_back_is_said_of_the_entry(scenario, tmp_path):
    """It once spoke of an option `--undo`, which there is not."""
    folder = tmp_path / "followed"
    assert call("follow", "begin", scenario, folder).exit_code == 0
    result = call("follow", "undo", folder, "99")
    assert result.exit_code == 2
    assert "Invalid value for ENTRY: 99 cannot be taken back" in result.stderr
    assert "--undo" not in result.stderr


def names_of(command):
    """Yield how a command calls its options and arguments, those below it too."""
    for each in command.params:
        yield from each.opts
        yield each.human_readable_name.strip("[]")
    for below in getattr(command, "commands", {}).values():
        yield from names_of(below)


@pytest.mark.parametrize("path", sorted((ROOT / "sim/studies").rglob("*.py")), ids=str)
def test_an_error_names_an_option_that_there_is(path):
    names = {*names_of(main), "pass phrase"}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(ast.Name("OptionError"), [ast.Constant(option), *_]):
                assert as_typed(option) in names


def test_results_that_are_a_file_are_refused_before_anything_runs(scenario, tmp_path):
    (tmp_path / "results").write_text("")
    began = time.perf_counter()
    result = run_in(tmp_path / "results", "run", scenario, "-n", 1_000_000)
    assert result.exit_code == 1
    assert time.perf_counter() - began < 5
    assert "it is a file, not a folder" in result.stderr


def test_processes_that_break_down_are_a_sentence(scenario, tmp_path, monkeypatch):
    def broken(*_, **__):
        raise BrokenProcessPool("gone")

    monkeypatch.setattr("sim.studies.work.Runner", broken)
    result = run_in(tmp_path / "results", "run", scenario)
    assert result.exit_code == 1
    assert "--workers 1" in result.stderr
    assert "Traceback" not in result.stderr


def test_runs_that_all_fail_are_a_sentence(scenario, tmp_path, monkeypatch):
    def failing(*_, **__):
        raise ValueError("no")

    monkeypatch.setattr("sim.experiment.replicate.simulate", failing)
    result = run_in(tmp_path / "results", "run", scenario, "-n", 2)
    assert result.exit_code == 1
    assert "every replication failed" in result.stderr
    assert list((tmp_path / "results").iterdir()) == []


def test_a_run_that_fails_is_told_and_the_others_are_kept(
    scenario, tmp_path, monkeypatch
):
    def failing(world, *, seed, replication):
        if replication == 1:
            raise ValueError("no")
        return simulate(world, seed=seed, replication=replication)

    monkeypatch.setattr("sim.experiment.replicate.simulate", failing)
    result = run_in(tmp_path / "results", "run", scenario, "-n", 3)
    assert result.exit_code == 1
    assert "1 of 3 runs failed" in result.stderr
    assert "2 runs, seed 1. 1 more failed" in result.stdout
    (folder,) = (tmp_path / "results").iterdir()
    with (folder / "failures.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["replication"], row["seed"], row["error"]) == (
        "1",
        "1",
        "ValueError('no')",
    )
    assert row["repeat"] == "python run.py explain tiny --seed 1 --replication 1"


def test_knowledge_that_draws_nothing_is_told(scenario, tmp_path):
    result = run_in(tmp_path / "results", "run", scenario, "-n", 1, "--knowledge")
    assert result.exit_code == 0
    assert "--knowledge draws nothing" in result.stderr


def test_a_variant_takes_the_evidence_of_its_base(scenario, tmp_path):
    base = tmp_path / "scenarios"
    base.mkdir()
    for name in ("tiny.yaml", "evidence.csv"):
        (tmp_path / name).rename(base / name)
    (base / "sub").mkdir()
    variant = base / "sub" / "later.yaml"
    variant.write_text("operation: Later\nextends: ../tiny.yaml\n", "utf-8")
    result = call("check", variant)
    assert result.exit_code == 0
    assert "1 documented figure (" in result.stdout


def test_a_bug_says_that_it_is_one(scenario, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.report.run.headline", lambda study: 1 / 0)
    result = run_in(tmp_path / "results", "run", scenario, "-n", 1)
    assert isinstance(result.exception, ZeroDivisionError)
    assert "Please report it" in result.stderr


def test_schema_is_the_one_in_the_repository():
    result = call("schema")
    assert result.exit_code == 0
    kept = (ROOT / "scenarios/scenario.schema.json").read_text("utf-8")
    assert json.loads(result.stdout) == json.loads(kept)


def test_schema_can_be_written(tmp_path, monkeypatch):
    (tmp_path / "scenarios").mkdir()
    monkeypatch.chdir(tmp_path)
    result = call("schema", "--write")
    assert result.exit_code == 0
    assert (tmp_path / "scenarios/scenario.schema.json").is_file()
    assert (tmp_path / "docs/scenario-reference.md").is_file()


@pytest.mark.parametrize("command", sorted(main.commands))
def test_help_is_for_the_user_and_not_for_those_who_change_the_command(command):
    said = call(command, "--help").output

    assert said.startswith("Usage:")
    assert not {"Raises", "Parameters", "\\f"} & set(said.split())


@pytest.mark.parametrize(
    ("words", "absent"),
    [
        ("['--help']", ["numpy", "matplotlib", "pydantic", "rich"]),
        ("['run', '--help']", ["numpy", "matplotlib", "pydantic", "rich"]),
        ("['sweep', '--help']", ["numpy", "matplotlib", "pydantic", "rich"]),
        ("['forecast', '--help']", ["numpy", "matplotlib", "pydantic", "rich"]),
        ("['check', 'two-towns']", ["numpy", "matplotlib", "simpy"]),
        ("['schema']", ["numpy", "matplotlib", "simpy"]),
        ("['explain', 'two-towns']", ["matplotlib"]),
    ],
)
def test_no_command_imports_what_it_does_not_need(words, absent):
    code = (
        "import sys; from sim.cli import main; "
        f"main({words}, standalone_mode=False); "
        f"sys.exit(str([m for m in {absent} if m in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.strip() == "[]"


def test_explanations_add_up_to_the_waiting_of_the_run():
    world = load("two-towns")
    log = simulate(world, seed=1, replication=0)
    seconds = {}
    for who in everybody(log):
        for cause, waited in totals(lines_of(world, log, who)).items():
            seconds[cause] = seconds.get(cause, 0) + waited
    booked = {}
    for charge, waited in charges(log).items():
        booked[charge.cause] = booked.get(charge.cause, 0) + waited
    assert seconds == booked


WAITS = "agreement (Exchange of families: waits for northtown)"


def test_explain_prints_the_time_line_and_its_total():
    result = call("explain", "two-towns", "south-families-003")
    assert result.exit_code == 0
    world = load("two-towns")
    lines = lines_of(world, simulate(world, seed=1), "south-families-003")
    shown = f"{sum(totals(lines).values()) / 3600:,.1f}"
    assert result.stdout.rstrip().splitlines()[-1].split() == ["all", shown]
    assert WAITS in " ".join(result.stdout.split())
    assert any("     northtown " in line for line in result.stdout.splitlines())


def test_explain_without_a_name_lists_the_longest_waits():
    result = call("explain", "two-towns")
    assert result.exit_code == 0
    assert "northtown/families" in result.stdout


def test_explain_answers_a_misspelt_name_with_the_nearest():
    result = call("explain", "two-towns", "northtown")
    assert "northtown/wounded" in result.stderr
    result = call("explain", "two-towns", "north-familys-001")
    assert "north-families-001" in result.stderr


def test_score_puts_figures_beside_the_runs(scenario):
    result = call("score", scenario, "-n", 2, "--path", "un")
    assert result.exit_code == 0
    assert "500 to 600" in result.stdout
    assert "OUTSIDE" in result.stdout
    assert "400 people fewer" in result.stdout
    assert "UN path: 0 of 1 fit rows" in result.stdout
    assert "No source is judged right" in " ".join(result.stdout.split())


def test_score_without_figures_is_refused():
    result = call("score", "two-towns", "-n", 1)
    assert result.exit_code == 1
    assert "no documented figures" in result.stderr


def test_words_of_a_scenario_are_not_read_as_markup(tmp_path):
    path = tmp_path / "odd.yaml"
    path.write_text(resolved_yaml(operation(operation="[red]x[/red] :smile:")), "utf-8")
    result = run_in(tmp_path / "results", "run", path, "-n", 1)
    assert result.stdout.startswith("[red]x[/red] :smile:\n")


def test_a_run_stops_when_enough_is_known(scenario, tmp_path):
    result = run_in(tmp_path, "run", scenario, "-n", 90, "--until-precise", "t50=9")
    assert result.exit_code == 0
    assert "How well the means are known after 60 runs" in result.stdout
    (folder,) = tmp_path.glob("2*")
    assert json.loads((folder / "run.json").read_text("utf-8"))["replications"] == 60
    assert ",yes\n" in (folder / "precision.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ("arived=1", "did you mean 'arrived'"),
        ("arrived", "is not a metric and a width"),
        ("arrived=0", "is not a metric and a width"),
        ("arrived=nan", "is not a metric and a width"),
        ("arrived/nowhere=1", "there is no metric 'arrived/nowhere'"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(wish, says, scenario, tmp_path):
    result = run_in(tmp_path / "r", "run", scenario, "--until-precise", wish)
    assert result.exit_code == 2
    assert says.lower() in " ".join(result.stderr.lower().split())
    assert not (tmp_path / "r").exists() or list((tmp_path / "r").iterdir()) == []


def test_a_wish_needs_enough_runs(scenario, tmp_path):
    words = ("run", scenario, "-n", 10, "--until-precise", "arrived=1")
    result = run_in(tmp_path, *words)
    assert result.exit_code == 2
    assert "at least 60 runs" in result.stderr


def test_a_forecast_needs_a_moment_or_all_of_them():
    result = call("forecast", "two-towns")

    assert result.exit_code == 2
    assert "give one of --as-of LOCAL TIME and --rolling" in result.stderr


def test_a_forecast_is_printed_and_kept(tmp_path):
    result = call(
        *("forecast", "aleppo-2016", "--as-of", "2016-12-17T08:00", "--pool", "200"),
        *("--draws", "20", "--workers", "1", "--results", str(tmp_path)),
    )

    assert result.exit_code == 0, result.stderr
    assert "Not for timing live movements" in " ".join(result.stdout.split())
    assert "the end of Suspension of 16 to 18 December" in result.stdout
    (folder,) = tmp_path.glob("*_forecast-*")
    names = {path.name for path in folder.iterdir()}
    assert {"forecast.csv", "figures.csv", "forgotten.csv", "run.json"} <= names


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_documented_time_that_the_clocks_skip_is_told_by(command, tmp_path):
    case = tmp_path / "case"
    shutil.copytree(ROOT / "scenarios" / "aleppo-2016", case)
    table = case / "evidence.csv"
    text = table.read_text("utf-8")
    assert "2016-12-16T05:00" in text
    table.write_text(text.replace("2016-12-16T05:00", "2016-03-25T00:30"), "utf-8")

    done = call(command, str(case))

    assert done.exit_code == 1
    assert "evidence.csv:row" in done.output
    assert "does not exist in Asia/Damascus" in done.output
    assert "bug" not in done.output


def test_shares_of_draws_are_refused_where_nothing_is_drawn() -> None:
    done = CliRunner().invoke(main, ["run", "two-towns", "--per-draw", "5"])
    assert done.exit_code == 2
    assert "add --knowledge, or leave --per-draw out" in done.stderr


def test_a_date_without_a_time_is_answered_with_how_to_write_it() -> None:
    done = CliRunner().invoke(main, ["forecast", "two-towns", "--as-of", "2016-12-15"])
    assert done.exit_code == 2
    assert "Write it as 2016-12-19T08:00." in done.stderr
