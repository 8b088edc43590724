"""Notes on a scenario that is allowed: when there are any, and how they are shown."""

from pathlib import Path

from click.testing import CliRunner

from sim.cli import main
from sim.scenario import from_text, load, notes
from tests.villages import added, changed, noted, place

ROOT = Path(__file__).parents[1]


def test_nothing_is_said_about_a_scenario_in_which_all_has_an_effect() -> None:
    assert noted() == []


def test_nothing_is_said_about_the_scenarios_in_the_repository() -> None:
    for path in (*(ROOT / "scenarios").glob("*/*.yaml"), ROOT / "benchmarks"):
        file = path if path.suffix else path / "operation.yaml"
        assert notes(load(file)) == (), file


def test_check_shows_notes_with_their_place_and_refuses_nothing(
    tmp_path: Path,
) -> None:
    file = tmp_path / "village.yaml"
    file.write_text(changed(added("  yard: {}", "tunnel: {}")), "utf-8")
    line, column = place(file.read_text("utf-8"), "tunnel")

    result = CliRunner().invoke(main, ["check", str(file)])

    assert result.exit_code == 0
    assert result.stdout.startswith("ok  ")
    assert result.stderr == (
        f"note  {file}:{line}:{column}: gates.tunnel: 'tunnel' is on no route. Name it "
        "in a route, or leave it out.\n"
    )


def test_notes_on_what_a_program_built_have_paths() -> None:
    (found,) = notes(from_text(changed(added("  yard: {}", "tunnel: {}"))))
    assert found.sentence.startswith("gates.tunnel: 'tunnel' is on no route")
