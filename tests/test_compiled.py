"""The compiled model: the same as the model, used only while its files are the same."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import sim.compiled
from sim.cli import main
from sim.compiled import build

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.slow
TESTS_OF_THE_MECHANISM = (
    "test_agreement_cases.py",
    "test_agreement_machine.py",
    "test_agreements.py",
    "test_amended_terms.py",
    "test_amendments.py",
    "test_bays.py",
    "test_benchmarks.py",
    "test_calibration.py",
    "test_caught.py",
    "test_causes_at_the_end.py",
    "test_deadlines.py",
    "test_dispatching.py",
    "test_drafts.py",
    "test_every_run.py",
    "test_flow_cases.py",
    "test_kernel.py",
    "test_lanes.py",
    "test_lines_and_ties.py",
    "test_overlapping_stoppages.py",
    "test_pardons.py",
    "test_patience.py",
    "test_patience_with_two.py",
    "test_ready_in_part.py",
    "test_people_who_return.py",
    "test_places_in_tranches.py",
    "test_places_machine.py",
    "test_properties.py",
    "test_reference.py",
    "test_released_together.py",
    "test_rules.py",
    "test_several_agreements.py",
    "test_sharing_fleets.py",
    "test_shuttle.py",
    "test_stages.py",
    "test_station.py",
    "test_stoppage_cases.py",
    "test_stoppages.py",
    "test_streams.py",
    "test_who_moves_up.py",
    "test_who_waits_for_whom.py",
)
A_FEW = (
    "test_agreement_cases.py",
    "test_every_run.py",
    "test_flow_cases.py",
    "test_kernel.py",
    "test_lanes.py",
    "test_station.py",
    "test_stoppage_cases.py",
)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A place for what is compiled, in place of the user's own."""
    for module in (sim.compiled, build):
        monkeypatch.setattr(module, "PLACE", tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """The folder of the compiled model, made by the command."""
    place = tmp_path_factory.mktemp("compiled")
    with pytest.MonkeyPatch.context() as patch:
        for module in (sim.compiled, build):
            patch.setattr(module, "PLACE", place)
        try:
            build._look_for_what_it_takes()
        except build.CompilationError as error:
            pytest.skip(str(error))
        (place / "of files that have changed since").mkdir()
        first, second = (CliRunner().invoke(main, ["compile"]) for _ in range(2))
        made = sim.compiled.folder()
    assert first.exit_code == 0, first.output
    assert "the same to the last bit" in first.output
    assert "compiled already" in second.output
    assert list(place.iterdir()) == [made]
    return made


def python(code, *arguments, **more):
    """Run a few lines in a process of their own; return what they print."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(A_FEW, id="a few"),
        pytest.param(TESTS_OF_THE_MECHANISM, id="all", marks=pytest.mark.slow),
    ],
)
def test_the_tests_of_the_mechanism_hold_for_the_compiled_model(compiled, names):
    """Exact by hand; and all: properties, other programs of the same rules, pins."""
    tests = [f"tests/{name}" for name in names]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
        cwd=ROOT,
        env={**os.environ, "COMPILED_MODEL_TO_TEST": str(compiled)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_every_part_of_it_is_found_and_is_machine_code(compiled):
    code = """
import sys, sim.compiled
from pathlib import Path
sim.compiled.use(Path(sys.argv[1]))
import sim.model
for name, module in sys.modules.items():
    if name.startswith("sim.model.") and not hasattr(module, "__path__"):
        print(Path(module.__file__).suffix)
"""
    found = python(code, compiled)

    assert len(found) == len(sim.compiled.parts())
    assert not {".so", ".pyd"}.isdisjoint(found)
    assert ".py" not in found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "used"),
    [
        ("", True),
        ("model/convoy.py", False),
        ("scenario/plans.py", False),
        ("events/log.py", False),
        ("parts/rules.py", False),
        ("metrics/waiting.py", True),
    ],
)
def test_it_is_used_until_a_file_is_changed_that_it_was_made_from(
    compiled, tmp_path, change, used
):
    shutil.copytree(ROOT / "sim", tmp_path / "sim")
    place = tmp_path / "compiled-model"
    shutil.copytree(compiled, place / compiled.name)
    if change:
        with (tmp_path / "sim" / change).open("a", encoding="utf-8") as file:
            file.write("\n# changed\n")
    code = """
import os, sys
sys.prefix, sys.path[0] = sys.argv[1], sys.argv[1]
import sim.compiled, sim.model.convoy
print(sim.compiled.in_use(), sim.model.convoy.__file__.endswith(".py"))
"""
    plain = {"CONVOYS_PLAIN_MODEL": ""}

    assert python(code, tmp_path, **plain) == [str(used), str(not used)]
    assert python(code, tmp_path) == ["False", "True"]


@pytest.mark.usefixtures("place")
def test_without_a_compiler_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)

    done = CliRunner().invoke(main, ["compile"])

    assert done.exit_code == 1
    assert "was not compiled: this machine has no" in done.output
    assert "sudo apt install gcc python3-dev" in done.output


@pytest.mark.usefixtures("place")
def test_without_the_packages_it_says_which(monkeypatch):
    monkeypatch.setattr(build, "find_spec", lambda _: None)

    assert "pip install mypy setuptools" in CliRunner().invoke(main, ["compile"]).output


@pytest.mark.slow
def test_what_the_compiler_says_is_handed_on_and_nothing_is_kept(place, monkeypatch):
    monkeypatch.setenv("CFLAGS", "--no-such-option")
    one = sim.compiled.SIM / "model" / "crowd.py"
    monkeypatch.setattr(build, "parts", lambda: [one])

    done = CliRunner().invoke(main, ["compile"])

    assert done.exit_code == 1
    assert "the compiler said" in done.output
    assert "no-such-option" in done.output
    assert not list(place.iterdir())


def test_what_gives_something_else_in_trial_runs_is_not_kept(place, monkeypatch):
    runs = iter(["one 1.0", "other 0.5"])
    monkeypatch.setattr(build, "_compile", lambda _, made: made.mkdir())
    monkeypatch.setattr(build, "_run", lambda *_: next(runs))

    done = CliRunner().invoke(main, ["compile"])

    assert done.exit_code == 1
    assert "trial runs of the compiled model differ" in done.output
    assert not list(place.iterdir())


def test_a_place_that_cannot_be_written_gets_a_sentence(place, monkeypatch):
    (place / "file").touch()
    monkeypatch.setattr(build, "PLACE", place / "file" / "deeper")

    done = CliRunner().invoke(main, ["compile"])

    assert done.exit_code == 1
    assert "was not compiled" in done.output
    assert "Everything works without" in done.output
