"""Workbooks as planners fill them in: what is read, what is answered with a cell."""

import io
from datetime import date, datetime, time, timedelta

import pytest
from click.testing import CliRunner
from xlsxwriter import Workbook

from sim.cli import main
from sim.errors import ScenarioError
from sim.scenario import load
from sim.scenario.load import checked
from sim.scenario.nodes import plain
from sim.scenario.workbook.values import as_text
from tests.workbooks import column, contents, plain_book, put, read, row, two_towns


def problems_of(book):
    try:
        checked(*read(book))
    except ScenarioError as error:
        return [problem.sentence for problem in error.args[0]]
    return []


def _misspelt_head(book):
    book["fleets"][f"{column(book['fleets'], 'seats')}1"] = "saets"
    return f"fleets!{column(book['fleets'], 'saets')}1", "Did you mean 'seats'?"


def _misspelt_sheet(book):
    book["routes"].title = "ruotes"
    return "ruotes", "Did you mean 'routes'?"


def _unknown_fleet(book):
    cell = put(book, "flows", ("north-families",), "convoy", "busses: 10")
    return cell, "'busses' is not a fleet. Did you mean 'buses'?"


def _no_unit(book):
    return put(book, "legs", ("north-road",), "time", 90), "has no unit"


def _wrong_word(book):
    return put(book, "fleets", ("buses",), "kind", "coach"), "Allowed: bus"


def _nobody_of_that_name(book):
    at = f"A{row(book['sites.groups'], 'southtown', 'families')}"
    book["sites.groups"][at] = "southtwon"
    return f"sites.groups!{at}", "Did you mean 'southtown'?"


def _twice(book):
    page = book["sites"]
    at = f"A{row(page, 'harbour')}"
    first = f"sites!A{row(page, 'southtown')}"
    page[at] = "southtown"
    return f"sites!{at}", f"given twice, first in cell {first}"


def _missing_value(book):
    put(book, "fleets", ("buses",), "seats", None)
    return f"fleets!A{row(book['fleets'], 'buses')}", "'seats' is missing. Fill in"


def _error_cell(book):
    cell = put(book, "fleets", ("buses",), "seats", "=1/0")
    return cell, "a formula of which no result was saved"


def _merged(book):
    page = book["legs"]
    place = f"B{row(page, 'north-road')}"
    page.merge_cells(f"{place}:C{place[1:]}")
    return f"legs!{place}", "are merged"


def _no_head(book):
    at = f"Z{row(book['legs'], 'north-road')}"
    book["legs"][at] = "what is this"
    return f"legs!{at}", "this column has no head"


def _nameless(book):
    page = book["gates"]
    last = page.max_row + 1
    page[f"{column(page, 'title')}{last}"] = "A gate"
    return f"gates!A{last}", "the row has no name"


def _no_colon(book):
    cell = put(book, "flows", ("north-families",), "load", "buses 50")
    return cell, "Write 'buses: 50'."


def _open_bracket(book):
    cell = put(book, "flows", ("north-families",), "load", "{buses: 50")
    return cell, "is not closed"


def _hidden(book):
    book["weather"]["A3"] = "snow"
    book["weather"].sheet_state = "hidden"
    return "weather", "is hidden, but would count"


def _unknown_field(book):
    page = book["operation"]
    page[f"A{row(page, 'zone')}"] = "zome"
    return f"operation!A{row(page, 'zome')}", "Did you mean 'zone'?"


def _control(book):
    cell = put(book, "legs", ("north-road",), "time", "40\u202e min")
    return cell, "a control character"


def _same_moment(book):
    page = book["flows.phases"]
    page["A3"], page["A4"] = "north-families", "north-families"
    page["B3"], page["B4"] = datetime(2016, 12, 16, 5), "2016-12-16 05:00"
    page[f"{column(page, 'at_once')}3"] = 2
    page[f"{column(page, 'at_once')}4"] = 3
    return "flows.phases!B4", "given twice, first in cell flows.phases!B3"


PLANTED = (
    _misspelt_head,
    _misspelt_sheet,
    _unknown_fleet,
    _no_unit,
    _wrong_word,
    _nobody_of_that_name,
    _twice,
    _missing_value,
    _error_cell,
    _merged,
    _no_head,
    _nameless,
    _no_colon,
    _open_bracket,
    _hidden,
    _unknown_field,
    _control,
    _same_moment,
)


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__[1:])
def test_a_planted_mistake_is_answered_with_sheet_and_cell(plant):
    book = two_towns()
    cell, words = plant(book)
    said = problems_of(book)
    assert any(
        sentence.startswith(f"case.xlsx:{cell}: ") and words in sentence
        for sentence in said
    ), said


def test_the_example_has_no_mistake():
    assert problems_of(two_towns()) == []


def test_all_mistakes_come_at_once():
    book = two_towns()
    cells = [plant(book)[0] for plant in (_no_unit, _wrong_word, _unknown_fleet)]
    said = " ".join(problems_of(book))
    assert all(cell in said for cell in cells)


IN_FORCE = ("agreements", ("exchange",), "in_force")
BOARDING = ("flows", ("north-families",), "boarding")
RETURNS = ("flows", ("north-families",), "returns")
SEATS = ("fleets", ("buses",), "seats")
JUST_BEFORE = datetime(2016, 12, 15, 5, 59, 59, 999900)


@pytest.mark.parametrize(
    ("where", "value", "style", "text"),
    [
        (IN_FORCE, datetime(2016, 12, 15, 6), None, "2016-12-15T06:00"),
        (IN_FORCE, date(2016, 12, 16), "yyyy-mm-dd", "2016-12-16T00:00"),
        (IN_FORCE, JUST_BEFORE, None, "2016-12-15T06:00"),
        (SEATS, 55.0, None, "55"),
        (SEATS, " 55 ", None, "55"),
        (SEATS, 0.1 + 0.2, None, "0.3"),
        (BOARDING, time(1, 30), "h:mm", "1 h 30 min"),
        (BOARDING, timedelta(hours=26), "[h]:mm", "1 d 2 h"),
        (("agreements", ("exchange",), "chance"), 0.6, "0%", "0.6"),
        (RETURNS, True, None, "yes"),
        (RETURNS, False, None, "no"),
    ],
)
def test_what_excel_makes_of_typing_is_what_was_meant(where, value, style, text):
    book = two_towns()
    sheet, names, head = where
    put(book, sheet, names, head, value, style)
    root, problems = read(book)
    assert not problems
    assert plain(root)[sheet][names[0]][head] == text


@pytest.mark.parametrize("value", [time(6, 0), 0.25, "06:00"])
def test_a_time_of_day_is_one_however_it_is_typed(value):
    book = two_towns()
    put(book, "flows", ("north-families",), "hours", None)
    style = "hh:mm" if isinstance(value, time) else "General"
    put(book, "flows", ("north-families",), "dispatch_times", value, style)
    root, _ = read(book)
    times = plain(root)["flows"]["north-families"]["dispatch_times"]
    assert times == ["06:00"]


def test_the_result_of_a_formula_is_read_and_its_error_told():
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet("fleets")
        page.write_row(0, 0, ["fleets", "seats"])
        page.write_row(1, 0, ["a"])
        page.write_formula(1, 1, "=50+5", None, 55)
        page.write_row(2, 0, ["b"])
        page.write_formula(2, 1, "=#REF!", None, "#REF!")
    root, problems = read(buffer.getvalue())
    assert plain(root)["fleets"]["a"] == {"seats": "55"}
    (problem,) = problems
    assert (problem.sheet, problem.line, problem.column) == ("fleets", 3, 2)
    assert "the error #REF!" in problem.problem


def test_notes_empty_rows_and_sheets_of_ones_own_are_passed_over():
    book = plain_book(
        **{
            "Legs": [
                ["# Roads, after the map"],
                [],
                ["Legs ", None, "TIME", "# who says so"],
                ["# still to be measured"],
                [],
                [" road ", None, " 1 h ", "a driver"],
            ],
            "#sketch": [["anything"], ["goes", 1]],
            "_lists": [["anything"]],
            "Sheet1": [],
        }
    )
    root, problems = read(book)
    assert not problems
    assert plain(root) == {"legs": {"road": {"time": "1 h"}}}


def test_merged_names_speak_for_all_their_rows():
    book = plain_book(
        sites=[["sites"], ["town"], ["harbour"]],
        **{
            "sites.groups": [
                ["sites", "groups", "people"],
                ["town", "old", 5],
                [None, "young", 7],
            ]
        },
    )
    book["sites.groups"].merge_cells("A2:A3")
    root, problems = read(book)
    assert not problems
    assert list(plain(root)["sites"]["town"]["groups"]) == ["old", "young"]


def test_a_row_without_its_owner_is_not_guessed():
    book = plain_book(
        sites=[["sites"], ["town"]],
        **{
            "sites.groups": [
                ["sites", "groups", "people"],
                ["town", "old", 5],
                [None, "young", 7],
            ]
        },
    )
    _, (problem,) = read(book)
    assert problem.sentence.startswith("case.xlsx:sites.groups!A3: ")
    assert "does not say whose it is" in problem.sentence


def test_a_workbook_without_sheets_of_a_scenario_is_told_so():
    """In one sentence, that also says where to paste a list of one's own."""
    for sheets in ("mine", "Buses"), ("sites",):
        with pytest.raises(ScenarioError) as caught:
            read(plain_book(**{name: [["Village", "People"]] for name in sheets}))
        (problem,) = caught.value.args[0]
        assert "it has no sheet 'operation', only" in problem.sentence
        assert "'Add several sites at once'" in problem.sentence
        assert "Did you mean" not in problem.sentence


@pytest.fixture
def case(tmp_path, monkeypatch):
    folder = tmp_path / "scenarios" / "case"
    folder.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    (folder / "scenario.xlsx").write_bytes(contents(two_towns()))
    return folder


def test_every_command_finds_a_workbook_by_its_name(case):
    by_name = load("scenarios/case")
    assert by_name == load(case / "scenario.xlsx")
    called = CliRunner().invoke(main, ["check", "case"])
    assert called.exit_code == 0, called.output
    assert "ok  case: 2,160 people" in called.output


def test_a_name_that_means_two_files_is_not_guessed(case):
    (case / "scenario.yaml").write_text("operation: x\n", "utf-8")
    with pytest.raises(ScenarioError, match="may mean"):
        load("scenarios/case")
    assert load("scenarios/case/scenario.xlsx")


def test_variants_extend_across_forms(case):
    (case / "more.yaml").write_text(
        "operation: more\nextends: scenario.xlsx\nchange: {fleets.buses.seats: 60}\n",
        "utf-8",
    )
    assert load(case / "more.yaml").fleets["buses"].seats == 60
    book = plain_book(
        operation=[["field", "value"], ["operation", "most"], ["extends", "more.yaml"]],
        change=[
            ["change", "value"],
            ["fleets.buses.joins", "multiply_by: 2"],
            ["stoppages.searches", "drop"],
        ],
    )
    (case / "most.xlsx").write_bytes(contents(book))
    most = load(case / "most.xlsx")
    assert most.fleets["buses"].seats == 60
    assert most.fleets["buses"].ever_joining == 60
    assert "searches" not in most.stoppages


def test_an_error_that_a_change_causes_points_at_its_cell(case):
    book = plain_book(
        operation=[
            ["field", "value"],
            ["operation", "x"],
            ["extends", "scenario.xlsx"],
        ],
        change=[["change", "value"], ["fleets.buses.seats", "many"]],
    )
    (case / "v.xlsx").write_bytes(contents(book))
    with pytest.raises(ScenarioError, match=r"v\.xlsx:change!B2"):
        load(case / "v.xlsx")


def test_a_moment_a_hair_before_the_minute_is_the_minute():
    assert as_text(datetime(2016, 12, 15, 5, 59, 59, 999_000)) == "2016-12-15T06:00"
