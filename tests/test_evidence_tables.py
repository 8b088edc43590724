"""Whole evidence tables: what spreadsheets make of them, and whether they fit a case.

Each kind of mistake has several relatives here, since the next planner makes the next
one. What one row may say is in `test_evidence`.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import EvidenceError
from sim.evidence.belonging import Never, _known, why_never
from sim.evidence.cells import unseen
from sim.evidence.figures import Figure
from sim.evidence.reference import REFERENCE_FILE, TEMPLATE_FILE, reference
from sim.evidence.row import COLUMNS, NEEDED, Bound, Role
from sim.evidence.table import load_figures, read_evidence
from sim.evidence.vocabulary import (
    BOUNDS,
    DURATION,
    KEYS,
    MEANINGS,
    ROLES,
    TIME,
    WINDOWS,
)
from sim.experiment import run_study
from sim.report.run_data import score_data
from sim.scenario import find, load, resolved_yaml
from tests.builders import operation, with_gate, with_post
from tests.commands import ROOT, call

GOOD = {
    "id": "a-1",
    "origin": "pocket",
    "metric": "cumulative_arrivals",
    "from": "2020-01-02T10:00",
    "to": "2020-01-02T12:00",
    "low": "60",
    "best": "70",
    "high": "80",
    "bound": "about",
    "unit": "people",
    "attributed_to": "a team",
    "family": "SARC",
    "source": "S1",
    "role": "fit",
}
TAGS = dict.fromkeys(GOOD, "#meta") | {"best": "#affected +f +displaced"}
Change = Callable[..., Path]


def text_of(*rows: Mapping[str, str], mark: str = ",") -> str:
    """Return a table with the columns that its rows have, and those of a good one."""
    used = {name for row in (GOOD, *rows) for name in row}
    header = [name for name in COLUMNS if name in used]
    file = io.StringIO()
    writer = csv.DictWriter(file, header, delimiter=mark, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


@pytest.fixture
def table(tmp_path: Path) -> Change:
    """Write rows that differ from a good one."""

    def write(*rows: Mapping[str, str]) -> Path:
        path = tmp_path / "evidence.csv"
        path.write_text(text_of(*(GOOD | row for row in rows)), "utf-8", newline="")
        return path

    return write


def problems(path: Path, world: Any = None, **how: bool) -> list[str]:
    with pytest.raises(EvidenceError) as caught:
        read_evidence(path, world, **how)
    return [str(each).removeprefix(f"{path}:") for each in caught.value.args[0]]


# Counts


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1.198", "as 1198"),
        ("1_198", "as 1198"),
        ("1,198", "as 1198"),
        ("1 198", "as 1198"),
        ("1\u00a0198", "as 1198"),
        ("1\u202f198", "as 1198"),
        ("12.345.678", "as 12345678"),
        ("\u0661\u0661\u0669\u0668", "as 1198"),
        ("\u0967\u0967\u096f\u096e", "as 1198"),
        ("\uff11\uff11\uff19\uff18", "as 1198"),
        ("1.2e3", ""),
        ("1e3", ""),
        ("0x4ae", ""),
        ("-0", ""),
        ("+70", ""),
        ("70.0", ""),
        ("5.25", ""),
        ("7/10", ""),
        ("70 %", ""),
        ("~70", ""),
        ("9" * 400, ""),
    ],
)
@pytest.mark.parametrize(
    ("metric", "unit"),
    [
        ("cumulative_arrivals", "people"),
        ("vehicles_arrived_between", "vehicles"),
        ("convoys_arrived", "convoys"),
    ],
)
def test_a_count_is_written_in_digits_alone(
    table: Change, text: str, meant: str, metric: str, unit: str
) -> None:
    row = {"metric": metric, "unit": unit, "low": "0", "best": text, "high": "99999"}
    (found,) = problems(table(row))
    assert found.startswith("row 2:best: ")
    assert f"is not a whole number; write {unit} in digits alone" in found
    assert meant in found


@given(st.integers(0, 10**9))
def test_a_whole_number_is_read_as_it_is_written(count: int) -> None:
    figure = Figure.model_validate(
        GOOD | {"low": f"{count}", "high": f"{count + 1}", "best": None}
    )
    assert figure.low == count


def test_a_count_made_by_a_program_is_whole_too() -> None:
    with pytest.raises(ValueError, match=r"best: 5\.25 is not a whole number"):
        Figure.model_validate(GOOD | {"low": 5.0, "best": 5.25, "high": 6.0})


@pytest.mark.parametrize("text", ["4.72", "4", "0.5", "4.0"])
def test_a_mean_and_a_duration_may_have_a_fraction(table: Change, text: str) -> None:
    mean = {"metric": "people_per_vehicle", "select": "kind=bus"}
    time = {"metric": "trip_time", "unit": "h", "id": "b"}
    bounds = {"low": "", "best": text, "high": "", "bound": "exact"}
    for figure in load_figures(table(mean | bounds, time | bounds)):
        assert figure.best == float(text)


# Characters that hide something


@pytest.mark.parametrize(
    ("column", "hidden", "said"),
    [
        ("id", "\x1b[31m", "an escape character (U+001B)"),
        ("attributed_to", "\x9b31m", "a control character (U+009B)"),
        ("source", "\x00", ""),
        ("source", "\x07", "a control character (U+0007)"),
        ("family", "\u202e", "turns the direction of the text (U+202E)"),
        ("attributed_to", "\u2066", "turns the direction of the text (U+2066)"),
        ("origin", "\u200b", "no editor shows (U+200B)"),
        ("metric", "\u2060", "no editor shows (U+2060)"),
        ("source", "\u2028", "a control character (U+2028)"),
        ("family", "\U000e0041", "no editor shows (U+E0041)"),
        ("attributed_to", "\ue000", "no editor shows (U+E000)"),
        ("id", "x\ny", "the end of a line (U+000A)"),
        ("source", "x\ty", "a tab (U+0009)"),
    ],
)
def test_what_no_editor_shows_is_refused_and_never_printed(
    table: Change, column: str, hidden: str, said: str
) -> None:
    """Once a cell, and nothing else about that row."""
    (found,) = problems(table({column: f"a{hidden}b"}))
    assert said in found
    assert found.isprintable()
    assert column in found or not said


SCRIPTS = (
    "الهلال الأحمر",
    "می\u200cشود",
    "العربية\u200f (SARC)",
    "Médecins 🚌",
    "人道",
)


@pytest.mark.parametrize("name", SCRIPTS)
def test_names_in_any_script_are_read(table: Change, name: str) -> None:
    (figure,) = load_figures(table({"attributed_to": name}))
    assert figure.attributed_to == name


def test_a_note_may_have_several_lines(tmp_path: Path) -> None:
    path = tmp_path / "evidence.csv"
    path.write_text(text_of(GOOD | {"note": "one\n\ttwo"}), "utf-8", newline="")
    assert load_figures(path)[0].note == "one\n\ttwo"


def test_a_header_with_hidden_characters_is_told_by_place(tmp_path: Path) -> None:
    path = tmp_path / "evidence.csv"
    path.write_text(text_of(GOOD).replace("origin", "ori\u202egin"), "utf-8")
    (found, *_) = problems(path)
    assert found.startswith("row 1:column 2: holds a character that turns")
    assert found.isprintable()


@given(st.text(max_size=30))
def test_what_is_said_of_a_text_can_be_printed(text: str) -> None:
    assert all(str(said).isprintable() for said in unseen(text))
    if text.isprintable() and text.isascii():
        assert not list(unseen(text))


# Other forms of a table


def utf_16(text: str) -> bytes:
    return text.encode("utf-16")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (text_of(GOOD, mark="\t").encode(), "row 1: cells are separated by tabs; save"),
        (text_of(GOOD, mark=";").encode(), "row 1: cells are separated by ';'; "),
        (text_of(GOOD, mark="|").encode(), "row 1: cells are separated by '|'; "),
        (b"sep=;\n" + text_of(GOOD, mark=";").encode(), "row 1: is a line for Excel"),
        (b"\xef\xbb\xbf" + text_of(GOOD, mark=";").encode(), "separated by ';'"),
        (text_of(GOOD, mark=";").replace("id", '"id"').encode(), "separated by ';'"),
        (utf_16(text_of(GOOD)), "is UTF-16; save it as CSV UTF-8"),
        (text_of(GOOD).encode("utf-16-be"), "holds zeros between letters, as UTF-16"),
        (text_of(GOOD).encode("utf-32"), "is UTF-16; save it as CSV UTF-8"),
        (text_of(GOOD, mark="\t").encode("utf-16"), "is UTF-16; save it"),
        (text_of(GOOD | {"family": "é"}).encode("latin-1"), "line 2: is not UTF-8"),
        (text_of(GOOD | {"family": "حلب"}).encode("cp1256"), "line 2: is not UTF-8"),
        (b"PK\x03\x04 and so on", "is a workbook, not a table of text"),
        (b"\xd0\xcf\x11\xe0 and so on", "is a workbook, not a table of text"),
        (
            text_of(TAGS, GOOD).partition("\n")[2].encode(),
            "row 1: holds HXL tags; name the columns in the first row",
        ),
        (b"\n" + text_of(GOOD).encode(), "row 1: is empty; the first row names"),
    ],
    ids=range(16),
)  # fmt: skip
def test_a_table_in_another_form_gets_one_sentence(
    tmp_path: Path, raw: bytes, said: str
) -> None:
    path = tmp_path / "evidence.csv"
    path.write_bytes(raw)
    found = problems(path)
    assert said in found[0]
    assert len(found) == 1


@pytest.mark.parametrize("line", ["\n", "\r\n", "\r"])
def test_every_end_of_line_is_read(tmp_path: Path, line: str) -> None:
    path = tmp_path / "evidence.csv"
    path.write_bytes(text_of(GOOD).replace("\r\n", line).encode())
    assert len(load_figures(path)) == 1


def test_a_second_row_of_hxl_tags_is_passed_over_and_told(tmp_path: Path) -> None:
    path = tmp_path / "evidence.csv"
    for tags in (TAGS, {"id": "#id"}, {"id": "#ID+code", "best": "#affected+killed+f"}):
        path.write_text(text_of(tags, GOOD), "utf-8")
        found = read_evidence(path)
        assert (len(found.figures), found.tagged) == (1, True)
    path.write_text(text_of(GOOD), "utf-8")
    assert not read_evidence(path).tagged


def test_a_row_is_not_taken_for_tags(table: Change) -> None:
    (figure,) = load_figures(table({"id": "#1", "source": "#tag"}))
    assert figure.id == "#1"


def test_tags_and_headers_further_down_get_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "evidence.csv"
    path.write_text(text_of(GOOD, TAGS), "utf-8")
    assert problems(path) == [
        "row 3: holds HXL tags, which belong in the second row; move or delete it"
    ]
    path.write_text(text_of(GOOD, {name: name for name in GOOD}), "utf-8")
    assert problems(path) == ["row 3: repeats the header; delete it"]


# Columns


def test_columns_that_may_be_empty_may_be_absent(tmp_path: Path) -> None:
    """From the fewest to all: any set that holds what the rows fill in."""
    path = tmp_path / "evidence.csv"
    path.write_text(",".join(NEEDED) + "\nc-1,a team,SARC,S1,context\n", "utf-8")
    assert load_figures(path)[0].role == "context"
    path.write_text(text_of(GOOD), "utf-8")
    assert set(GOOD) < set(COLUMNS)
    assert load_figures(path)[0].note == ""


@pytest.mark.parametrize("column", NEEDED)
def test_a_column_that_no_row_may_leave_empty_is_asked_for_once(
    tmp_path: Path, column: str
) -> None:
    path = tmp_path / "evidence.csv"
    kept = [name for name in GOOD if name != column]
    rows = [",".join(GOOD[name] for name in kept)] * 3
    path.write_text("\n".join([",".join(kept), *rows]) + "\n", "utf-8")
    assert problems(path) == [f"row 1:{column}: is missing; add the column"]


@pytest.mark.parametrize("column", ["unit", "bound", "metric", "origin", "low"])
def test_an_absent_column_that_rows_need_is_told_once(
    tmp_path: Path, column: str
) -> None:
    path = tmp_path / "evidence.csv"
    kept = [name for name in GOOD if name != column]
    cells = [GOOD | {"id": f"r{n}", "source": f"S{n}"} for n in range(3)]
    rows = [",".join(row[name] for name in kept) for row in cells]
    path.write_text("\n".join([",".join(kept), *rows]) + "\n", "utf-8")
    (found,) = [each for each in problems(path) if f":{column}:" in each]
    assert found == (
        f"row 1:{column}: is missing, and row 2 and 2 more cannot do without; add the "
        "column"
    )


# Rows that repeat others


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"note": "seen twice"},
        {"role": "check", "claim_group": "again"},
        {"published": "2020-01-09"},
        {"confidence": "C"},
    ],
    ids="+".join,
)
def test_a_copied_row_under_a_new_id_is_refused(
    tmp_path: Path, change: dict[str, str]
) -> None:
    path = tmp_path / "evidence.csv"
    path.write_text(text_of(GOOD, GOOD | {"id": "b"} | change), "utf-8")
    assert problems(path) == [
        "row 3:id: is a copy of row 2 under another id; delete one of them"
    ]


def test_a_copy_that_is_written_in_another_way_is_a_copy(table: Change) -> None:
    point = {"to": "", "bound": "exact", "low": "", "high": ""}
    same = {"id": "b", "to": GOOD["from"], "bound": "exact", "low": "70", "high": "70"}
    assert "is a copy of row 2" in problems(table(point, same))[0]


@pytest.mark.parametrize(
    "change",
    [
        {"source": "S2"},
        {"attributed_to": "another"},
        {"best": "71"},
        {"from": "2020-01-02T11:00"},
        {"select": "group=civilians"},
    ],
    ids="+".join,
)
def test_a_row_that_says_something_else_is_no_copy(
    tmp_path: Path, change: dict[str, str]
) -> None:
    path = tmp_path / "evidence.csv"
    path.write_text(text_of(GOOD, GOOD | {"id": "b"} | change), "utf-8")
    assert len(load_figures(path)) == 2


@pytest.mark.parametrize("family", ["sarc", "Sarc", "sARC"])
def test_a_family_is_written_in_one_way(table: Change, family: str) -> None:
    rows = ({}, {"id": "b", "source": "S2", "family": family})
    assert problems(table(*rows)) == [
        f"row 3:family: '{family}' is written 'SARC' in row 2; write a family "
        "in one way"
    ]


# What the operation has


@pytest.fixture(scope="module")
def towns() -> Any:
    return load(find("two-towns", ROOT))


IN_TOWNS = {
    "origin": "northtown",
    "from": "2016-12-15T20:00",
    "to": "2016-12-15T23:00",
}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            {"origin": "nothtown"},
            "origin: 'nothtown' is not a site. Did you mean 'northtown'?",
        ),
        (
            {"origin": "Northtown"},
            "origin: 'Northtown' is not a site. Did you mean 'northtown'?",
        ),
        (
            {"origin": "x"},
            "origin: 'x' is not a site. Known: northtown, southtown, harbour.",
        ),
        (
            {"select": "group=familes"},
            "group 'familes' is not one of northtown. Did you mean 'families'?",
        ),
        (
            {"origin": "southtown", "select": "group=wounded"},
            "group 'wounded' is not one of southtown. Known: families.",
        ),
        (
            {"select": "convoy=1;group=wounde", "metric": "convoy_people"},
            "group 'wounde' is not one of northtown. Did you mean 'wounded'?",
        ),
        (
            {"select": "group=families", "origin": "harbour"},
            "group 'families' is not one of harbour. Known: none.",
        ),
        (
            {"select": "flow=north-familes"},
            "flow 'north-familes' is not one of northtown. Did you mean 'north-fam",
        ),
        (
            {"select": "destination=northtown"},
            "destination 'northtown' is not one of northtown. Known: harbour.",
        ),
        (
            {"select": "place=brige", "metric": "vehicles_waiting", "unit": "vehicles"},
            "place 'brige' is not one of northtown. Did you mean 'bridge'?",
        ),
    ],
    ids=range(10),
)
def test_what_the_operation_does_not_have_is_refused_with_the_nearest(
    table: Change, towns: Any, row: dict[str, str], said: str
) -> None:
    (found,) = problems(table(IN_TOWNS | row), towns)
    assert said in found
    assert load_figures(table(IN_TOWNS | row))  # of what operation is not known


def test_flows_and_destinations_must_be_those_of_the_site(towns: Any) -> None:
    assert _known("flow", "northtown", towns) == ["north-families", "north-wounded"]
    assert _known("destination", "southtown", towns) == ["harbour"]
    assert _known("place", "southtown", towns) == [
        "southtown",
        "south-crossing",
        "south-road",
        "coast-road",
        "harbour",
    ]
    assert _known("kind", "northtown", towns) is None


AFTER, BEFORE = "after the operation ends", "before the operation starts"


@pytest.mark.parametrize(
    ("row", "column", "when"),
    [
        ({"from": "2020-01-12T00:00", "to": ""}, "from", AFTER),
        ({"from": "2019-12-30T00:00", "to": "2019-12-31T00:00"}, "to", BEFORE),
        ({"from": "2019-12-30T00:00", "to": ""}, "from", BEFORE),
        ({"metric": "arrivals_between", "to": "2020-01-12T00:00"}, "to", AFTER),
        (
            {"metric": "first_arrival", "unit": "time"}
            | dict.fromkeys(("low", "best", "high"), "2020-01-12T00:00"),
            "low",
            AFTER,
        ),
        (
            {"metric": "last_arrival", "unit": "time", "bound": "exact"}
            | {"low": "", "best": "2020-02-12T00:00", "high": ""},
            "best",
            AFTER,
        ),
        (
            {"metric": "trip_time", "unit": "h"}
            | {"from": "2020-02-01T00:00", "to": "2020-02-02T00:00"},
            "from",
            AFTER,
        ),
        (
            {"metric": "convoy_people", "select": "convoy=1"}
            | {"from": "2020-02-01T00:00", "to": ""},
            "from",
            AFTER,
        ),
    ],
    ids=range(8),
)
def test_a_figure_outside_the_operation_is_refused(
    tmp_path: Path, row: dict[str, str], column: str, when: str
) -> None:
    path = tmp_path / "evidence.csv"
    path.write_text(text_of(GOOD | row), "utf-8")
    (found,) = problems(path, operation())
    assert found.startswith(f"row 2:{column}: ")
    assert when in found
    assert "make it context, or let the operation" in found
    path.write_text(text_of(GOOD | row | {"role": "context"}), "utf-8")
    assert load_figures(path, operation())


@pytest.mark.parametrize(
    "row",
    [
        {"from": "2020-01-10T00:00", "to": "2020-01-20T00:00"},
        {"from": "2019-12-30T00:00", "to": "2020-01-02T00:00"},
        {"from": "2020-01-11T00:00", "to": ""},
        {"from": "2020-01-01T00:00", "to": ""},
        {"metric": "arrivals_between", "from": "2019-12-01T00:00"},
    ],
    ids=range(5),
)
def test_a_figure_that_may_mean_a_day_of_the_operation_is_taken(
    table: Change, row: dict[str, str]
) -> None:
    assert load_figures(table(row), operation())


@pytest.mark.parametrize(
    ("column", "row"),
    [
        ("from", {"from": "2011-01-02T00:00", "to": "2020-01-02T00:00"}),
        ("to", {"from": "2020-01-02T00:00", "to": "2029-01-02T00:00"}),
        ("since", {"metric": "arrivals_between", "since": "2002-01-02T00:00"}),
    ],
    ids=range(3),
)
def test_a_year_that_was_mistyped_is_refused_though_the_window_has_the_operation(
    table: Change, column: str, row: dict[str, str]
) -> None:
    (found,) = problems(table(row), operation())
    assert found.startswith(f"row 2:{column}: ")
    assert "more than half a year from the operation; correct its date" in found


def test_a_variant_leaves_out_what_it_does_not_have(table: Change) -> None:
    rows = (
        {},
        {"id": "b", "origin": "village"},
        {"id": "c", "source": "S2", "from": "2020-03-01T00:00", "to": ""},
    )
    path = table(*rows)
    assert len(problems(path, operation())) == 2
    found = read_evidence(path, operation(), varied=True)
    assert [figure.id for figure in found.figures] == ["a-1"]
    assert [figure.id for figure in found.left_out] == ["b", "c"]


def test_check_of_a_variant_says_what_is_left_out(tmp_path: Path) -> None:
    late = {"from": "2020-01-08T00:00", "to": ""}
    base = case_at(
        tmp_path, operation(evidence="evidence.csv"), [GOOD, GOOD | late | {"id": "b"}]
    )
    variant = tmp_path / "shorter.yaml"
    variant.write_text(
        "operation: Shorter\nextends: case.yaml\nchange: {ends: 2020-01-05T00:00}\n",
        "utf-8",
    )
    assert not call("check", base).stderr
    result = call("check", str(variant))
    assert result.exit_code == 0
    assert (
        "1 documented figure is left out, since this variant does not" in result.stderr
    )
    assert "1 documented figure (1 fit" in result.stdout
    assert call("score", str(variant), "-n", 2).exit_code == 0


def test_a_source_is_a_key_of_the_table_of_sources(
    table: Change, tmp_path: Path
) -> None:
    path = table({}, {"id": "b", "source": "S12"}, {"id": "c", "source": "press"})
    assert len(load_figures(path)) == 3
    sources = tmp_path / "sources.csv"
    sources.write_text(
        "key,title,publisher,date,address\nS1,A,B,,\nSS12,C,D,,\n", "utf-8"
    )
    assert problems(path) == [
        "row 3:source: 'S12' is not a key in sources.csv. Did you mean 'SS12'?",
        "row 4:source: 'press' is not a key in sources.csv. Known: S1, SS12.",
    ]
    sources.write_text("name\nS1\n", "utf-8")
    with pytest.raises(EvidenceError, match=r"sources.csv:row 1:key: is missing"):
        load_figures(path)
    sources.write_text("key,title,language\nS1,A,ar\nS12,B\n", "utf-8")
    with pytest.raises(EvidenceError, match=r"sources.csv:row 3: has 2 cells"):
        load_figures(path)
    sources.write_text("key;title\nS1;A\n", "utf-8")
    with pytest.raises(EvidenceError, match=r"sources.csv:row 1: cells are separated"):
        load_figures(path)


# What happens in no run


def figure(**columns: Any) -> Figure:
    filled = GOOD | {key: value for key, value in columns.items() if value}
    return Figure.model_validate({key: value for key, value in filled.items() if value})


CROSSING = {"bound": "exact", "best": "5", "low": "", "high": ""}
TIMES = dict.fromkeys(("low", "best", "high"), "2020-01-02T10:00") | {"unit": "time"}


@pytest.mark.parametrize(
    "columns",
    [
        {"metric": "cumulative_departures"},
        {"metric": "departures_between"},
        {"metric": "vehicles_crossed_between", "unit": "vehicles"},
        {"metric": "trip_time", "unit": "h"},
        {"metric": "first_crossing", **TIMES},
        {"metric": "last_crossing", **TIMES},
        {"metric": "people_per_vehicle", "select": "kind=bus"},
    ],
    ids=lambda columns: columns["metric"],
)
def test_without_a_gate_nobody_departs(columns: dict[str, str]) -> None:
    asked = figure(**columns)
    assert why_never(asked, operation()) is Never.NO_GATE
    assert why_never(asked, with_gate()) is None
    assert why_never(asked, with_post()) is None


def test_what_is_documented_not_to_happen_may_happen_in_no_run() -> None:
    none = {"low": "0", "best": "0", "high": "0"}
    assert (
        why_never(figure(metric="cumulative_departures", **none), operation()) is None
    )


@pytest.mark.parametrize(
    ("columns", "why", "world"),
    [
        (
            {"metric": "turned_back_people"},
            Never.NOBODY_TURNED_BACK,
            {"caught": "turn_back"},
        ),
        (
            {"metric": "vehicles_lost", "unit": "vehicles"},
            Never.NOTHING_LOST,
            {"loses": {"buses": 1}},
        ),
    ],
    ids=["turned back", "lost"],
)
def test_a_stoppage_must_do_what_is_documented(
    columns: dict[str, str], why: Never, world: dict[str, Any]
) -> None:
    asked = figure(**columns)
    attack = {
        "cause": "x",
        "closes": ["gate"],
        "starts": "2020-01-02T00:00",
        "lasts": "1 h",
    }
    assert why_never(asked, with_gate({"attack": attack})) is why
    assert why_never(asked, with_gate({"attack": attack | world})) is None


def test_a_group_or_kind_that_no_flow_takes_is_told() -> None:
    world = operation(sites__pocket__groups__wounded={"people": 5, "stay": 5})
    assert why_never(figure(select="group=wounded"), world) is Never.NOT_CARRIED
    assert why_never(figure(select="group=civilians"), world) is None
    inside = figure(metric="still_inside", select="group=wounded")
    assert why_never(inside, world) is None
    cars = figure(
        metric="vehicles_arrived_between", unit="vehicles", select="kind=private"
    )
    assert why_never(cars, world) is Never.NO_SUCH_VEHICLE


def case_at(folder: Path, world: Any, rows: Iterable[Mapping[str, str]]) -> str:
    path = folder / "case.yaml"
    path.write_text(resolved_yaml(world), "utf-8")
    (folder / "evidence.csv").write_text(text_of(*rows), "utf-8")
    return str(path)


def test_check_says_what_can_never_happen_and_what_is_passed_over(
    tmp_path: Path,
) -> None:
    departed = GOOD | {"metric": "cumulative_departures"}
    trip = GOOD | {"id": "t", "metric": "trip_time", "unit": "h"}
    case = case_at(tmp_path, operation(evidence="evidence.csv"), [TAGS, departed, trip])
    result = call("check", case)
    assert result.exit_code == 0
    assert (
        "note  2 documented figures happen in no run: no way from pocket passes a gate"
        in result.stderr
    )
    assert "(a-1, t)" in result.stderr
    assert "The second row of 'evidence.csv' holds HXL tags" in result.stderr


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_a_table_that_cannot_be_read_is_told_once(
    tmp_path: Path, encoding: str
) -> None:
    """The scenario cites rows of it, which is not what is wrong."""
    attack = {"cause": "x", "closes": ["gate"], "starts": "2020-01-02T00:00"}
    cited = attack | {"lasts": "1 h", "evidence": ["a-1"]}
    case = case_at(
        tmp_path, with_gate({"attack": cited}, evidence="evidence.csv"), [GOOD]
    )
    assert call("check", case).exit_code == 0
    (tmp_path / "evidence.csv").write_bytes(text_of(GOOD).encode(encoding))
    for command in ("check", "score"):
        result = call(command, case)
        assert result.exit_code == 1
        assert result.stderr.count("UTF-16") == 1
        assert "codec" not in result.stderr


# Families


ROWS = [
    GOOD | {"low": "1", "best": "100", "high": "100"},
    GOOD
    | {"id": "b", "family": "OCHA", "source": "S2"}
    | {"low": "900", "best": "901", "high": "902"},
    GOOD | {"id": "c", "family": "Local council", "source": "S3", "role": "check"},
]


def test_score_speaks_of_the_families_of_the_table_alone(tmp_path: Path) -> None:
    case = case_at(tmp_path, operation(evidence="evidence.csv"), ROWS)
    said = " ".join(call("score", case, "-n", 3).stdout.split())
    assert "inside, OCHA path: 0 of 1 fit rows" in said
    assert "inside, SARC path: 1 of 1 fit rows" in said
    assert "ICRC" not in said
    assert "UN path" not in said
    one = " ".join(
        call("score", case, "-n", 3, "--path", "local COUNCIL").stdout.split()
    )
    assert "inside, Local council path: 0 of 1 check rows" in one


@pytest.mark.parametrize("count", [1, 3])
def test_one_story_is_no_path(tmp_path: Path, count: int) -> None:
    rows = [ROWS[0], *(row | {"role": "check"} for row in ROWS[1:count])]
    case = case_at(tmp_path, operation(evidence="evidence.csv"), rows)
    said = call("score", case, "-n", 3).stdout
    assert "Documented figures inside: 1 of 1 fit rows" in said
    assert "path" not in said


def test_the_data_of_a_score_say_along_which_path_a_figure_is_fitted() -> None:
    rows = [*ROWS, GOOD | {"id": "d", "family": "Local council", "source": "S4"}]
    rows[3] |= {"metric": "arrivals_between"}
    figures = [Figure.model_validate(row) for row in rows]
    data = score_data(run_study(operation(), figures, seed=1, replications=2))
    place = data.columns.index("fit_on_path")
    assert [row[place] for row in data.rows] == ["SARC", "OCHA", "", "all"]


@pytest.mark.parametrize(
    ("word", "remedy"),
    [
        ("OHCA", "Did you mean 'OCHA'?"),
        ("sark", "Did you mean 'SARC'?"),
        ("ICRC", "Known: Local council, OCHA, SARC, all."),
    ],
)
def test_an_unknown_family_is_answered_with_the_nearest(
    tmp_path: Path, word: str, remedy: str
) -> None:
    case = case_at(tmp_path, operation(evidence="evidence.csv"), ROWS)
    for command in (("score",), ("run", "--results", tmp_path, "--no-figures")):
        result = call(*command, case, "-n", 1, "--path", word)
        assert result.exit_code == 2
        assert f"no documented figure is of a family '{word}'" in result.stderr
        assert remedy in " ".join(result.stderr.split())


# What a miss looks like


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        ("50.4", "50.9", "0.4 people fewer"),
        ("50.04", "50.09", "0.04 people fewer"),
        ("50.0004", "50.0009", "0.0004 people fewer"),
        ("20", "49.99", "0.01 people more"),
        ("150.25", "200", "100.25 people fewer"),
    ],
)
def test_a_miss_is_shown_with_enough_digits_to_see_it(
    tmp_path: Path, low: str, high: str, shown: str
) -> None:
    """Two full buses of 50 seats: the mean load of every run is 50."""
    mean = {"metric": "people_per_vehicle", "select": "kind=bus", "to": ""}
    rows = [GOOD | mean | {"low": low, "best": "", "high": high, "bound": "interval"}]
    case = case_at(tmp_path, with_gate(evidence="evidence.csv"), rows)
    said = call("score", case, "-n", 2).stdout
    assert shown in said
    assert low in said
    assert high in said


@pytest.mark.parametrize(
    ("documented", "shown"),
    [
        ("00:15", "2 h 00 min later"),
        ("01:45", "30 min later"),
        ("02:45", "30 min earlier"),
        ("04:15", "2 h 00 min earlier"),
    ],
)
def test_a_moment_that_is_missed_came_earlier_or_later(
    tmp_path: Path, documented: str, shown: str
) -> None:
    """The bus is empty at the destination at 02:15."""
    moment = dict.fromkeys(("low", "best", "high"), f"2020-01-01T{documented}")
    asked = {"metric": "first_arrival", "unit": "time", "from": "", "to": ""}
    rows = [GOOD | asked | moment]
    case = case_at(tmp_path, with_gate(evidence="evidence.csv"), rows)
    assert shown in call("score", case, "-n", 2).stdout


def test_a_miss_finer_than_what_is_written_is_shown_too(tmp_path: Path) -> None:
    """Of 101 people three buses take 50, 50 and 1: 33.667 in each."""
    mean = {"metric": "people_per_vehicle", "select": "kind=bus", "to": ""}
    world = with_gate(
        evidence="evidence.csv",
        sites__pocket__groups__civilians__people=101,
        flows__evacuation__convoy={"buses": 3},
        fleets__buses__joins={"2020-01-01T00:00": 3},
    )
    bounds = {"low": "33.67", "best": "", "high": "34", "bound": "interval"}
    said = call(
        "score", case_at(tmp_path, world, [GOOD | mean | bounds]), "-n", 2
    ).stdout
    assert "0.003 people fewer" in said
    assert "33.670 to 34" in said
    assert "33.667" in said


def test_a_figure_between_the_jumps_of_every_run_is_outside(tmp_path: Path) -> None:
    """Each run brings 50 people about 02:15 and 50 more at 04:30, never 30."""
    hours = {"from": "2020-01-01T00:00", "to": "2020-01-01T03:00"}
    rows = [
        GOOD | hours | {"low": "", "best": "30", "high": "", "bound": "exact"},
        GOOD | hours | {"id": "b", "low": "45", "best": "50", "high": "55"},
        GOOD | hours | {"id": "c", "low": "51", "best": "60", "high": "99"},
    ]
    case = case_at(tmp_path, operation(evidence="evidence.csv"), rows)
    said = call("score", case, "-n", 5).stdout
    assert "no run has it; the nearest has 20 people more" in said
    assert "1 people fewer" in said
    assert "Documented figures inside: 1 of 3 fit rows" in said


# The page and the template


def test_the_evidence_reference_is_current() -> None:
    """Mend it with `python run.py schema --write`."""
    written = (ROOT / REFERENCE_FILE).read_text(encoding="utf-8")
    assert written == reference()


def test_the_reference_has_every_column_metric_unit_bound_role_and_key() -> None:
    page = reference()
    units = {unit for meaning in MEANINGS.values() for unit in meaning.units}
    keys = {key for meaning in MEANINGS.values() for key in meaning.selects}
    for word in (*COLUMNS, *MEANINGS, *units, *BOUNDS, *ROLES, *keys, *WINDOWS):
        assert f"`{word}`" in page


def test_what_is_declared_twice_agrees() -> None:
    assert set(BOUNDS) == set(get_args(Bound))
    assert set(ROLES) == set(get_args(Role))
    for meaning in MEANINGS.values():
        assert set(meaning.needs) <= set(meaning.selects) <= set(KEYS)
        assert meaning.when in WINDOWS
        assert (meaning.units == TIME) is (meaning.quantity == "moment")
        assert (meaning.units == DURATION) is (meaning.quantity == "duration")


def test_the_template_is_accepted_beside_the_example(tmp_path: Path) -> None:
    template = ROOT / TEMPLATE_FILE
    text = (ROOT / "scenarios/two-towns/scenario.yaml").read_text("utf-8")
    with_table = text.replace(
        "\nabout:", "\nevidence: evidence-template.csv\nabout:", 1
    )
    (tmp_path / "scenario.yaml").write_text(with_table, "utf-8")
    (tmp_path / template.name).write_bytes(template.read_bytes())
    result = call("check", str(tmp_path))
    assert result.exit_code == 0
    assert "8 documented figures (2 fit, 5 check, 1 context)" in result.stdout
    assert not result.stderr


def test_the_template_shows_every_column_bound_role_and_quantity() -> None:
    figures = load_figures(ROOT / TEMPLATE_FILE)
    header = (ROOT / TEMPLATE_FILE).read_text("utf-8").splitlines()[0]
    assert tuple(header.split(",")) == COLUMNS
    assert {figure.bound for figure in figures} - {None} == set(BOUNDS)
    assert {figure.role for figure in figures} == set(ROLES)
    shown = {MEANINGS[each.metric].when for each in figures if each.metric}
    assert shown == set(WINDOWS)
