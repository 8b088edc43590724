"""The surface for programs: few names, and what its page shows runs."""

import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

import sim
from sim import (
    ask,
    calibrate,
    forecast,
    load,
    report_on,
    run_study,
    simulate,
    sweep,
)
from sim.cli.ask import ask as asked_by_command
from sim.errors import RunError, ScenarioError
from sim.registry import UnknownNameError
from sim.studies.ask.questions import QUESTIONS
from tests.commands import call

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "how-to" / "programs.md").read_text(encoding="utf-8")
NOTEBOOKS = ROOT / "docs" / "notebooks"


def run(code, folder):
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_package_shows_its_names_and_each_is_there():
    assert dir(sim) == sorted(sim.__all__)
    assert all(getattr(sim, name) is not None for name in sim.__all__)


def test_a_wrong_name_is_answered_with_the_nearest():
    with pytest.raises(AttributeError, match="Did you mean 'run_study'"):
        _ = sim.run_studies


def test_the_page_names_every_name_of_the_surface():
    assert not [name for name in sim.__all__ if f"`{name}`" not in PAGE]


@pytest.mark.slow
def test_what_the_page_shows_runs(tmp_path):
    code = "\n".join(re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL))

    said = run(f"{code}\nreport_on(study).save('saved')", tmp_path)

    assert "Who arrived when" in said
    saved = {path.name for path in (tmp_path / "saved").rglob("*")}
    assert {"answer.txt", "report.html", "results.xlsx", "last-arrivals.svg"} <= saved
    page = (tmp_path / "saved" / "report.html").read_text("utf-8")
    assert "by_midday" in (tmp_path / "saved" / "summary.csv").read_text("utf-8")
    assert "The last arrive after" in page


@pytest.mark.slow
def test_the_notebook_runs_with_the_public_names_alone(tmp_path):
    code = (NOTEBOOKS / "first_study.py").read_text("utf-8")
    frames = 'report.data["runs"].to_pandas().describe()'
    assert frames in code
    if not pandas_is_there():
        code = code.replace(frames, "")

    said = run(code.replace("replications=10", "replications=3"), tmp_path)

    assert "twice-the-buses" in said
    assert {line for line in code.splitlines() if "import" in line} == {
        "from sim import METRICS, Metric, compare, load, report_on, run_study"
    }


@pytest.mark.slow
def test_the_notebook_of_curves_draws_them_from_events_alone(tmp_path):
    said = run((NOTEBOOKS / "throughput_curves.py").read_text("utf-8"), tmp_path)

    halves = dict(re.findall(r"(\S+): half arrived within (\d+) h", said))
    assert set(halves) == {"north-families", "north-wounded", "south-families"}
    study = run_study("two-towns", replications=20)
    south = study.metric("t50/southtown")
    assert int(halves["south-families"]) == np.median(np.ceil(south))
    assert "south-families" in (tmp_path / "throughput.svg").read_text("utf-8")


@pytest.mark.slow
def test_the_notebook_of_questions_answers_them(tmp_path):
    said = run((NOTEBOOKS / "a_question.py").read_text("utf-8"), tmp_path)

    met, share, both = map(
        int, re.search(r"(\d+) of 50 runs.*\n(\d+)% by chance, (\d+)%", said).groups()
    )
    assert share == 2 * met
    assert both < share
    assert "agreement exchange: " in said
    assert "8 buses" in said


def test_every_notebook_is_run_by_a_test():
    text = Path(__file__).read_text("utf-8")
    assert not [path for path in NOTEBOOKS.glob("*.py") if path.name not in text]


def test_an_answer_is_what_the_command_says(tmp_path):
    goal = "90 % of northtown arrived by 2016-12-16T10:30"
    typed = ("ask", "probability", "two-towns", goal, "-n", 20, "--no-figures")

    answer = ask("probability", "two-towns", goal, replications=20)
    said = call(*typed, "--results", tmp_path).output

    met = answer.result.likelihood.met
    assert 0 < met < 20
    sentence = f"In {met} of 20 runs"
    assert sentence in str(report_on(answer))
    assert sentence in said


def test_each_question_of_the_command_can_be_asked_by_a_program():
    assert set(QUESTIONS) == set(asked_by_command.commands)


def test_an_unknown_question_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="Did you mean 'what-holds'"):
        ask("what-hold", "two-towns")


def pandas_is_there():
    try:
        import pandas  # noqa: F401, PLC0415
    except ImportError:
        return False
    return True


def test_a_frame_without_pandas_is_a_sentence():
    if pandas_is_there():
        pytest.skip("pandas is installed")
    report = report_on(run_study("two-towns", replications=2))

    with pytest.raises(RunError, match="pip install pandas"):
        report.data["runs"].to_pandas()


def test_one_run_is_the_same_however_the_scenario_is_given():
    case = load("two-towns")
    logs = [simulate(each, seed=3) for each in (case, case.operation, "two-towns")]

    assert logs[0].events == logs[1].events == logs[2].events


@pytest.mark.slow
def test_a_fit_and_a_forecast_are_reported():
    good = calibrate("aleppo-2016", screen=True, particles=30, pool=500)
    made = forecast("aleppo-2016", datetime(2016, 12, 19, 8), pool=200, draws=30)

    assert "30 draws from 500 runs" in str(report_on(good))
    assert "forecast as of 2016-12-19 08:00" in str(report_on(made))


def test_a_sweep_is_reported():
    found = sweep("two-towns", "fleets.buses.seats=40, 50", replications=3)

    assert "2 points" in str(report_on(found))


def test_what_no_report_is_made_of_is_refused():
    with pytest.raises(TypeError, match="no report on a int"):
        report_on(3)


def test_an_unknown_scenario_is_answered_with_the_nearest():
    with pytest.raises(ScenarioError, match="two-towns"):
        load("two-town")
