"""The evidence table: one planted bad row for each rule, and the table we ship."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.errors import EvidenceError
from sim.evidence.figures import Figure
from sim.evidence.readers import COUNTED, READERS
from sim.evidence.reading import read_all
from sim.evidence.row import COLUMNS
from sim.evidence.rules import InconsistentFigureError
from sim.evidence.table import load_figures
from sim.evidence.vocabulary import MEANINGS
from sim.scenario.clock import Clock
from tests.builders import operation
from tests.test_metrics_story import town

SHIPPED = sorted(Path(__file__).parents[1].glob("scenarios/*/evidence.csv"))
GOOD = {
    "id": "a-1",
    "origin": "town",
    "metric": "cumulative_arrivals",
    "from": "2016-12-15T10:00",
    "to": "2016-12-15T12:00",
    "low": "60",
    "best": "70",
    "high": "80",
    "bound": "about",
    "unit": "people",
    "attributed_to": "a team",
    "family": "press",
    "source": "S1",
    "role": "fit",
    "claim_group": "a",
    "published": "2016-12-16",
}
Table = Callable[..., Path]


@pytest.fixture
def table(tmp_path: Path) -> Table:
    def write(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> Path:
        path = tmp_path / "evidence.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(GOOD | row for row in rows)
        return path

    return write


def problems(path: Path) -> list[str]:
    with pytest.raises(EvidenceError) as caught:
        load_figures(path)
    return [str(each).removeprefix(f"{path}:") for each in caught.value.args[0]]


def test_a_good_row_is_read_with_its_times_and_numbers(table: Table) -> None:
    (figure,) = load_figures(table({"select": "group=wounded"}))
    assert (figure.low, figure.best, figure.high) == (60, 70, 80)
    assert figure.from_ is not None
    assert figure.from_.hour == 10
    assert figure.selected == {"group": "wounded"}
    assert figure.since is None


def test_a_moment_has_local_times_as_values(table: Table) -> None:
    time = {"low": "", "best": "2016-12-15T10:30", "high": "", "bound": "exact"}
    (figure,) = load_figures(table({"metric": "first_arrival", "unit": "time"} | time))
    assert str(figure.best) == "2016-12-15 10:30:00"


PLACED = {"origin": "pocket"}
"""In the operation of `DECEMBER`."""
DECEMBER = operation(
    zone="Asia/Damascus",
    starts="2016-12-13T00:00",
    ends="2016-12-20T00:00",
    fleets__buses__joins={"2016-12-13T00:00": 1},
)
CONTEXT = {"metric": "", "role": "context", "bound": "", "origin": ""}


def test_a_row_for_readers_needs_no_numbers(table: Table) -> None:
    empty = CONTEXT | {"low": "", "best": "", "high": "", "unit": "event"}
    assert load_figures(table(empty))[0].role == "context"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"low": "75"}, "low: 75.0 is above best, 70.0"),
        ({"best": "90"}, "best: 90.0 is above high, 80.0"),
        ({"metric": "trip_time", "unit": "h", "low": "-1"}, "low: -1.0 is below 0"),
        ({"since": "2016-12-15T11:00"}, "since: 2016-12-15T11:00 is after from"),
        (
            {"since": "2016-12-15T10:00", "from": "2016-12-15T10:00", "to": ""},
            "since: is also when it ends",
        ),
        (
            {
                **{"metric": "arrivals_between", "since": "2016-12-15T10:00"},
                **{"from": "2016-12-15T10:00", "to": "2016-12-15T10:00"},
            },
            "since: is also when it ends",
        ),
        ({"to": "2016-12-15T09:00"}, "from: 2016-12-15T10:00 is after to"),
        ({"from": ""}, "from: is empty although `to` is not"),
        ({"from": "", "to": ""}, "from: is empty; say when cumulative_arrivals"),
        ({"metric": "arrivals_between", "to": ""}, "to: must be after `from`"),
        (
            {"metric": "still_inside", "since": "2016-12-15T00:00"},
            "since: must be empty",
        ),
        ({"bound": ""}, "bound: is empty"),
        ({"bound": "exact"}, "bound: exact needs low and high empty or the same"),
        ({"bound": "exact", "best": ""}, "best: is empty; an exact figure"),
        ({"low": ""}, "low: is empty; needed for about"),
        ({"high": ""}, "high: is empty; needed for about"),
        ({"bound": "at_least", "low": ""}, "low: is empty; needed for at_least"),
        ({"bound": "at_most", "high": ""}, "high: is empty; needed for at_most"),
        ({"metric": ""}, "metric: is empty; a fit row must say"),
        ({"origin": ""}, "origin: is empty"),
        ({"metric": "first_arrival"}, "unit: 'people' must be 'time' for first_arr"),
        ({"metric": "trip_time"}, "unit: 'people' must be 'h' or 'min'"),
        ({"unit": "time"}, "unit: 'time' must be 'people' for cumulative_arrivals"),
        ({"unit": ""}, "unit: '' must be 'people' for cumulative_arrivals"),
        ({"unit": "persons"}, "unit: 'persons' must be 'people'"),
        ({"metric": "convoys_arrived"}, "unit: 'people' must be 'convoys'"),
        ({"metric": "vehicles_lost", "unit": "buses"}, "'buses' must be 'vehicles'"),
        (
            {"metric": "people_per_vehicle", "unit": "people/bus"},
            "unit: 'people/bus' must be 'people' for people_per_vehicle",
        ),
        (
            {"metric": "first_arrival", "unit": "time"},
            "low: 60.0 must be a local time",
        ),
        ({"best": "2016-12-15T10:30"}, "best: low and best must both be numbers"),
        ({"select": "wounded"}, "select: 'wounded' is not key=value"),
        ({"select": "kind=bus"}, "select: 'kind' does not apply to cumulative_arr"),
        ({"select": "group=a;group=b"}, "select: group comes twice"),
        (
            {"metric": "vehicles_lost", "select": "kind=lorry"},
            "select: kind 'lorry' is not one of bus, ambulance, private",
        ),
        (
            {"metric": "convoy_people", "select": "convoy=0"},
            "select: convoy '0' must be 1",
        ),
        ({"metric": "convoy_people"}, "select: convoy_people needs convoy="),
        ({"published": "2016-12-14"}, "published: 2016-12-14 is before what it"),
        ({"published": "2016-12-15T09:00"}, "published: 2016-12-15T09:00 is before"),
        ({"metric": "cumulative_arrival"}, "Did you mean 'cumulative_arrivals'?"),
        ({"bound": "abuot"}, "bound: 'abuot' is not one of exact, about"),
        ({"role": "fitt"}, "Did you mean 'fit'?"),
        ({"role": ""}, "role: is empty; fill it in"),
        ({"id": ""}, "id: is empty; fill it in"),
        ({"family": ""}, "family: is empty; fill it in"),
        ({"family": "All"}, "family: 'All' means every family; name it otherwise"),
        ({"low": "many"}, "low: 'many' is not a whole number; write people in digits"),
        ({"low": "nan"}, "low: 'nan' is not a whole number"),
        ({"high": "inf"}, "high: 'inf' is not a whole number"),
        (
            {"metric": "trip_time", "unit": "h", "low": "many"},
            "low: 'many' is neither a number nor a local",
        ),
        (
            {"metric": "trip_time", "unit": "h", "high": "1e3"},
            "high: '1e3' is neither a number nor a local",
        ),
        ({"from": "15.12.2016 10:00"}, "from: '15.12.2016 10:00' is not a local"),
        ({"from": "2016-12-15T10:00Z"}, "write it as 2016-12-15T14:30, without zone"),
        ({"from": "2016-13-15T10:00"}, "from: '2016-13-15T10:00' is not in the cal"),
        ({"published": "soon"}, "published: 'soon' is not a local date"),
    ],
)
def test_a_bad_row_is_told_with_its_column_and_remedy(
    table: Table, row: dict[str, str], sentence: str
) -> None:
    found = problems(table(row))
    assert all(problem.startswith("row 2:") for problem in found)
    assert any(sentence in problem for problem in found), found


@pytest.mark.parametrize(
    ("time", "why"),
    [
        ("2016-03-25T00:30", "does not exist in Asia/Damascus: the clocks jump from"),
        (
            "2016-10-27T23:30",
            "comes twice in Asia/Damascus, because the clocks go back",
        ),
        ("1850-01-01T00:00", "is out of range"),
    ],
)
def test_a_time_must_be_one_moment_by_the_clocks_of_the_operation(
    table: Table, time: str, why: str
) -> None:
    path = table(
        PLACED | {"id": "a-0", "claim_group": ""},
        PLACED | {"since": time},
        PLACED | {"id": "b", "locator": "p. 2"},
    )

    with pytest.raises(EvidenceError) as caught:
        load_figures(path, DECEMBER)

    problems = [*map(str, caught.value.args[0])]
    assert any("row 3:since: " in sentence and why in sentence for sentence in problems)
    assert not any("row 2:" in sentence for sentence in problems)
    assert all("+0" not in sentence for sentence in problems)


def test_one_mistake_is_told_once(table: Table) -> None:
    """Seen to fail when each branch of the union of number and time complained."""
    assert len(problems(table({"low": "nan"}))) == 1
    lorry = {"select": "kind=lorry", "metric": "vehicles_lost", "unit": "vehicles"}
    assert len(problems(table(lorry))) == 1
    assert len(problems(table({"best": "5.25"}))) == 1


def test_all_problems_are_told_at_once(table: Table) -> None:
    found = problems(table({"low": "x", "role": "y"}, {"id": "b", "best": "90"}, {}))
    assert [problem.split(":")[:2] for problem in found] == [
        ["row 2", "low"],
        ["row 2", "role"],
        ["row 3", "best"],
        ["row 4", "id"],
    ]


def test_one_claim_counts_once(table: Table) -> None:
    (found,) = problems(table({}, {"id": "a-2", "locator": "p. 2"}))
    assert "row 3:claim_group: 'a' is already fitted by row 2" in found
    assert (
        len(load_figures(table({}, {"id": "a-2", "locator": "p. 2", "role": "check"})))
        == 2
    )


def test_columns_must_be_the_known_ones(table: Table) -> None:
    found = problems(table({}, columns=(*COLUMNS, "locatr")))
    assert found == ["row 1:locatr: is not a column. Did you mean 'locator'?"]
    missing = problems(table({}, columns=COLUMNS[1:]))
    assert missing == ["row 1:id: is missing; add the column"]
    assert "note: comes twice" in problems(table({}, columns=(*COLUMNS, "note")))[0]


def test_a_row_of_the_wrong_length_is_told_beside_the_others(table: Table) -> None:
    path = table({"best": "90"})
    path.write_text(path.read_text() + "a,b\n\n")
    best, short = problems(path)
    assert short.startswith("row 3: has 2 cells, the header has 23")
    assert best.startswith("row 2:best")


def test_a_table_saved_by_a_spreadsheet_is_read(table: Table) -> None:
    path = table({})
    text = path.read_text().replace("\r\n", "\n").replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load_figures(path)[0].id == "a-1"


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"id,note\n1,caf\xe9\n", "line 2: is not UTF-8; save it as CSV UTF-8"),
        (b"", "is empty; the first row names the columns"),
        (b"id;origin;metric\n", "cells are separated by ';'"),
        (b'id,note\n1,"open\n', "look for an open quotation mark"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(
    tmp_path: Path, raw: bytes, sentence: str
) -> None:
    path = tmp_path / "evidence.csv"
    path.write_bytes(raw)
    assert sentence in problems(path)[0]
    assert "cannot be read" in problems(tmp_path)[0]


def test_a_figure_made_by_a_program_keeps_the_rules_too() -> None:
    with pytest.raises(ValueError, match=r"low: 9\.0 is above best") as caught:
        Figure.model_validate(GOOD | {"low": 9.0, "best": 8.0, "high": 9.0})
    cause = caught.value.errors()[0]["ctx"]["error"]  # type: ignore[attr-defined]
    assert isinstance(cause, InconsistentFigureError)


def test_every_metric_that_may_be_documented_can_be_read() -> None:
    assert READERS.keys() | COUNTED.keys() == set(MEANINGS)
    assert not READERS.keys() & COUNTED.keys()


@pytest.mark.skipif(not SHIPPED, reason="no scenario with evidence in this tree")
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_every_figure_we_ship_can_be_read_off_a_run(path: Path) -> None:
    figures = load_figures(path)
    clock = Clock("Asia/Damascus", "2016-12-13T18:00")
    log = town().log()
    told = [figure.model_copy(update={"origin": "town"}) for figure in figures]
    readings = read_all(told, log, clock.seconds)
    assert len(readings) == sum(bool(figure.metric) for figure in figures)


@pytest.mark.parametrize("path", SHIPPED, ids=str)
def test_every_figure_we_ship_comes_back_from_json(path: Path) -> None:
    """A study that is not finished keeps its figures so."""
    for figure in load_figures(path):
        told = figure.model_dump(mode="json", by_alias=True)

        assert Figure.model_validate(told) == figure
