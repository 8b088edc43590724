"""Formats have versions: newer ones are refused, older ones upgraded or refused."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim import formats
from sim.cli import main
from sim.errors import ScenarioError
from sim.formats import EVIDENCE, FIT, RESULTS, SCENARIO, STUDY, Format
from sim.scenario import from_data, from_text, load, resolved_yaml, scenario_hash
from sim.scenario.upgrades import _STEPS, upgraded
from tests.builders import shuttle

ROOT = Path(__file__).parents[1]
FORMATS = [each for each in vars(formats).values() if isinstance(each, Format)]
TEXT = (ROOT / "scenarios/two-towns/scenario.yaml").read_text("utf-8")
DECISION = ROOT / "docs/decisions/0014-formats-have-versions.md"


def call(*words):
    return CliRunner().invoke(main, [*map(str, words)])


def refused(text, folder=None):
    with pytest.raises(ScenarioError) as caught:
        from_text(text, folder=folder)
    (problem,) = caught.value.args[0]
    return problem


def test_a_version_in_between_is_read_and_all_others_are_refused():
    form = Format("a thing", 4, 2, "", "Make it anew.")

    assert [form.refusal(version) for version in (2, 3, 4)] == [None] * 3
    assert form.refusal(1)[1] == "Make it anew."
    assert "this program reads 2 to 4" in form.refusal(5)[0]
    assert "newer version of the program" in form.refusal(5)[1]


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_each_format_says_what_becomes_of_older_ones(form):
    assert 1 <= form.assumed <= form.current
    assert form.told_by
    assert form.older.endswith(".")
    assert set(form.changes) <= set(range(2, form.current + 1))


def test_the_decision_names_the_versions_of_now():
    rows = [line.split("|") for line in DECISION.read_text("utf-8").splitlines()]
    told = {row[1].strip(): row[2].strip() for row in rows if len(row) == 6}
    kinds = {
        "scenario": SCENARIO,
        "unfinished study": STUDY,
        "folder of results": RESULTS,
        "fit": FIT,
        "evidence table": EVIDENCE,
    }

    assert {kind: told[kind] for kind in kinds} == {
        kind: str(form.current) for kind, form in kinds.items()
    }


def test_a_file_that_says_nothing_has_the_format_of_now():
    assert from_text(f"format: {SCENARIO.current}\n{TEXT}") == from_text(TEXT)


def test_what_is_written_says_its_format_and_the_digest_is_as_before():
    base = from_text(TEXT)
    written = resolved_yaml(base)

    assert written.startswith(f"format: {SCENARIO.current}\n")
    assert from_text(written) == base
    assert scenario_hash(from_text(written)) == scenario_hash(base)


def test_data_of_a_program_may_say_it_too():
    assert from_data({"format": 2, **shuttle()}) == from_data(shuttle())
    with pytest.raises(ScenarioError, match="a scenario of format 9 is not read"):
        from_data({"format": 9, **shuttle()})


def test_a_newer_format_is_refused_and_nothing_else_is_said_of_it():
    problem = refused(f"format: 3\nunheard-of: yes\n{TEXT}")

    assert (problem.line, problem.path) == (1, "format")
    assert problem.problem == "a scenario of format 3 is not read: this program reads 2"
    assert problem.remedy == "Take a newer version of the program."


def test_an_older_format_is_refused_with_the_command_that_upgrades_it():
    assert (
        "The command 'upgrade FILE' writes it anew"
        in refused(f"format: 1\n{TEXT}").sentence
    )


@pytest.mark.parametrize("text", ["two", "0", "-1", "1.5", "[2]", "999999", "\u0662"])
def test_what_is_no_format_is_refused(text):
    assert (
        "is not a whole number of 1 or more"
        in refused(f"format: {text}\n{TEXT}").problem
    )


def test_each_file_of_a_chain_has_its_own_format(tmp_path):
    (tmp_path / "base.yaml").write_text(f"format: 1\n{TEXT}", "utf-8")
    variant = "format: 2\noperation: Other\nextends: base.yaml\n"

    problem = refused(variant, tmp_path)
    assert problem.file.endswith("base.yaml")


# Upgrades


def test_every_older_format_has_a_step():
    assert set(_STEPS) == set(range(1, SCENARIO.current))
    assert set(SCENARIO.changes) == set(range(2, SCENARIO.current + 1))


def test_an_upgrade_names_what_means_another_thing_and_keeps_the_rest(tmp_path):
    old = f"# ours\nformat: 1 # as of May\n{TEXT}"
    found = upgraded(tmp_path / "a.yaml", old)
    (change,) = found.changes  # people at a site do not vary by themselves

    assert found.before == 1
    assert found.text == old.replace("format: 1", "format: 2")
    assert change.path == "checkpoints.bridge.inspection"
    assert old.splitlines()[change.line - 1].strip().startswith(change.path)
    assert change.present == "3 min to 20 min, mostly 6 min"


def test_a_file_that_says_nothing_is_upgraded_if_one_says_what_it_is(tmp_path):
    path = tmp_path / "a.yaml"

    assert upgraded(path, TEXT).text == TEXT
    found = upgraded(path, TEXT, assumed=1)
    assert found.text.replace("format: 2\n", "") == TEXT
    assert from_text(found.text) == from_text(TEXT)
    assert upgraded(path, found.text, assumed=1).changes == ()


def test_a_variant_is_upgraded_with_the_ranges_of_its_base(tmp_path):
    (tmp_path / "base.yaml").write_text(TEXT, "utf-8")
    text = "operation: Other\nextends: base.yaml\nformat: 1\n"
    found = upgraded(tmp_path / "variant.yaml", text)

    assert found.text == text.replace("format: 1", "format: 2")
    assert [change.line for change in found.changes] == [0]


def test_the_command_writes_beside_the_file_and_over_it_only_if_asked(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(f"format: 1\n{TEXT}", "utf-8")
    done = call("upgrade", path)
    beside = tmp_path / "a.format-2.yaml"

    assert done.exit_code == 0
    assert "Format 2: What is drawn under 'uncertain'" in done.output
    assert "a.yaml:119: uncertain.checkpoints.bridge.inspection: what is" in done.output
    assert path.read_text("utf-8").startswith("format: 1")
    assert load(beside) == from_text(TEXT)

    assert "is there already" in call("upgrade", path).output
    assert call("upgrade", path, "--replace").exit_code == 0
    assert load(path) == from_text(TEXT)
    assert "has format 2 already; nothing was written" in call("upgrade", path).output


def test_a_file_that_nobody_can_read_is_left_alone(tmp_path):
    path = tmp_path / "a.yaml"
    for text in ("format: 3\n" + TEXT, "format: 1\noperation: x\n", "format: 1\n- ]"):
        path.write_text(text, "utf-8")
        done = call("upgrade", path, "--replace")

        assert done.exit_code == 1
        assert "Traceback" not in done.output
        assert path.read_text("utf-8") == text


def test_a_folder_of_results_says_its_format(tmp_path):
    done = call("run", "two-towns", "-n", 2, "--results", tmp_path, "--no-figures")
    (facts,) = tmp_path.glob("*/run.json")

    assert done.exit_code == 0
    assert json.loads(facts.read_text("utf-8"))["format"] == RESULTS.current
