"""`new` begins a case that checks and runs at once, as a text and as a workbook."""

import pytest
from click.testing import CliRunner

from sim.cli import main
from sim.evidence.columns import EXAMPLE_ROW
from sim.evidence.row import COLUMNS
from sim.scenario import load
from sim.scenario.uncertain import middle_of, uncertain_fields
from tests.commands import ROOT


def call(*words):
    return CliRunner().invoke(main, list(words))


@pytest.mark.parametrize("form", ["scenario.yaml", "scenario.xlsx"])
def test_a_new_case_checks_at_once(tmp_path, form):
    folder = tmp_path / "scenarios" / "valley"
    options = ["--workbook"] if form.endswith("xlsx") else []
    made = call("new", str(folder), *options)
    assert made.exit_code == 0, made.output
    assert "1 range is proposed by past operations" in made.output
    assert (folder / "README.md").read_text("utf-8").startswith("# valley\n")
    found = call("check", str(folder / form))
    assert found.exit_code == 0, found.output
    assert "documented figures" not in found.output
    notes = [part.note for part in load(folder / form).uncertain.values()]
    assert any("25 values" in str(note) for note in notes)


def test_a_range_that_does_not_fit_the_case_is_told_and_not_drawn(tmp_path):
    """Convoys go every hour in it; past ones had two days between batches."""
    folder = tmp_path / "valley"
    call("new", str(folder))
    operation = load(folder / "scenario.yaml")

    assert "flows.north-families.headway" not in operation.uncertain
    text = " ".join((folder / "scenario.yaml").read_text("utf-8").split())
    assert "headway of past operations, which does not fit this case: about" in text
    for path, spread in uncertain_fields(operation).items():
        low, high = spread.values((0.05, 0.95))
        assert low <= middle_of(operation, path) <= high


def test_both_forms_of_a_new_case_are_one_scenario(tmp_path):
    text, book = tmp_path / "scenarios" / "v", tmp_path / "other" / "v"
    call("new", str(text))
    call("new", str(book), "--workbook")
    of_text, of_book = load(text / "scenario.yaml"), load(book / "scenario.xlsx")
    assert of_text.evidence == "evidence.csv"
    assert of_book == of_text.model_copy(update={"evidence": None})  # an empty sheet


@pytest.mark.parametrize("options", [[], ["--first-day", "2027-03-10"]])
def test_the_tables_of_a_new_case_have_their_columns_and_no_row(tmp_path, options):
    """Rows of the example would speak of its sites, and stay when these have gone."""
    folder = tmp_path / "valley"
    call("new", str(folder), *options)

    assert (folder / "evidence.csv").read_text("utf-8") == f"{','.join(COLUMNS)}\n"
    assert (folder / "sources.csv").read_text("utf-8").count("\n") == 1
    assert "What each\n   column means" in (folder / "README.md").read_text("utf-8")


def test_figures_can_be_written_before_their_sources(tmp_path):
    """The table of sources that a new case has is there to be filled in."""
    folder = tmp_path / "valley"
    call("new", str(folder))
    filled = [name for name, text in EXAMPLE_ROW.items() if text]
    lines = [",".join(filled), ",".join(f'"{EXAMPLE_ROW[name]}"' for name in filled)]
    (folder / "evidence.csv").write_text("\n".join(lines), "utf-8")
    alone = call("check", str(folder))
    (folder / "sources.csv").write_text("key\nanother\n", "utf-8")
    listed = call("check", str(folder))

    assert alone.exit_code == 0, alone.output
    assert "1 documented figure" in alone.output
    assert "'situation-report-3' is not a key in sources.csv" in listed.output


def test_a_case_like_a_past_operation_takes_no_facts_of_it(tmp_path):
    folder = tmp_path / "scenarios" / "valley"
    made = call("new", str(folder), "--like", "aleppo-2016", "--workbook")
    assert made.exit_code == 0, made.output
    operation = load(folder)
    assert operation.evidence is None
    for stoppage in operation.stoppages.values():
        assert stoppage.cause.startswith("To be replaced")
        assert not (stoppage.evidence)
        assert not (stoppage.unaccounted)
        assert not (stoppage.loses)


def test_a_past_operation_is_known_by_its_key(tmp_path):
    folder = tmp_path / "scenarios" / "valley"
    made = call("new", str(folder), "--like", "DAMS18")
    assert made.exit_code == 0, made.output
    assert call("check", str(folder)).exit_code == 0


def test_what_is_there_is_not_written_over(tmp_path):
    (tmp_path / "mine.txt").write_text("x", "utf-8")
    made = call("new", str(tmp_path / "Not A Name"))
    assert made.exit_code == 1
    assert "as in not-a-name" in made.output
    folder = tmp_path.rename(tmp_path.with_name("taken"))
    made = call("new", str(folder))
    assert made.exit_code == 1
    assert "is there already" in made.output


def test_a_variant_is_no_shape(tmp_path):
    made = call("new", str(tmp_path / "v"), "--like", "aleppo-2016/un-path")
    assert made.exit_code == 1
    assert "is a variant" in made.output


def test_an_unknown_shape_is_answered_with_those_there_are(tmp_path):
    made = call("new", str(tmp_path / "v"), "--like", "nowhere")
    assert made.exit_code == 1
    assert "DAMS18" in made.output
    assert (ROOT / "scenarios" / "past" / "DAMS18").is_dir()
