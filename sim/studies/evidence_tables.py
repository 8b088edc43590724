"""The tables of evidence and sources beside a case: shown, brought in and changed."""

import csv
import io
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

from sim.errors import EvidenceError, RunError, ScenarioError
from sim.evidence.cells import Cells, TableProblem
from sim.evidence.row import COLUMNS
from sim.evidence.sheets import cells_of, sheet_of
from sim.evidence.table import SOURCE_COLUMNS, SOURCES, read_evidence
from sim.evidence.written import as_csv
from sim.plain_file import plain_bytes
from sim.scenario.evidence_file import evidence_file
from sim.scenario.files import bases, is_workbook, read_file, text_of
from sim.scenario.load import checked
from sim.scenario.nodes import MappingNode, Scalar
from sim.scenario.tree import read_tree
from sim.scenario.workbook.layout import EVIDENCE
from sim.scenario.workbook.layout import SOURCES as SOURCES_SHEET
from sim.scenario.workbook.sheets import read_sheets
from sim.studies.folder import in_plain_words
from sim.whole_file import write_whole
from sim.words import say

TableName = Literal["evidence", "sources"]
_FILE = "evidence.csv"
"""What a table is called that no scenario names yet."""
_CSV = ".csv"
_WORKBOOK = b"PK\x03\x04"
_MOST_MB = 20
TABLE_COLUMNS: Mapping[TableName, tuple[str, ...]] = MappingProxyType(
    {"evidence": COLUMNS, "sources": SOURCE_COLUMNS}
)
_SHEETS = {"evidence": EVIDENCE, "sources": SOURCES_SHEET}


class ShownTable(NamedTuple):
    """A table as it is, right or wrong.

    Attributes
    ----------
    name : which of the two.
    path : its file; None if it is a sheet of a workbook, or cannot be here.
    text : of the file, or of the sheet as that of a file; empty if there is none.
    header : names of the columns in which anything is said.
    rows : number as in `problems`, and cells in the order of the header.
    problems : with it.
    """

    name: TableName
    path: Path | None
    text: str = ""
    header: tuple[str, ...] = ()
    rows: tuple[tuple[int, tuple[str, ...]], ...] = ()
    problems: tuple[TableProblem, ...] = ()


def tables_of(path: Path) -> tuple[ShownTable, ShownTable]:
    """Return the table of evidence and that of sources of a case.

    Parameters
    ----------
    path : file of the case.
    """
    tree: MappingNode | None = None
    operation = None
    named: Path | None = None
    try:
        tree, found = read_file(path)
        named = evidence_file(tree)
        operation = checked(tree, found)
    except ScenarioError:
        pass  # the check of the case says so
    problems: Sequence[object] = ()
    if named is not None and named.exists():
        try:
            read_evidence(named, operation, varied=bool(tree) and bool(bases(path)))
        except EvidenceError as error:
            problems = error.args[0]
    told = tuple(map(_with_place, problems))
    of_sources = tuple(each for each in told if _is_of_sources(each))
    rest = tuple(each for each in told if each not in of_sources)
    if named is not None and is_workbook(named):
        return _sheet("evidence", named, rest), _sheet("sources", named, of_sources)
    file = named or (None if is_workbook(path) else path.with_name(_FILE))
    if file is None or file.suffix.lower() != _CSV or file.is_symlink():
        return ShownTable("evidence", None), ShownTable("sources", None)
    beside = file.with_name(SOURCES)
    return _file("evidence", file, rest), _file("sources", beside, of_sources)


def bring_table(path: Path, name: TableName, contents: bytes) -> None:
    """Take in a table that somebody brings along.

    It is kept though there may be mistakes in it. If the scenario names no table yet,
    it does from now on.

    Parameters
    ----------
    path : file of the case.
    contents : of a CSV file, or of a workbook of which the sheet is taken.

    Raises
    ------
    ScenarioError, EvidenceError
        If a workbook, or its sheet, cannot be read.
    RunError
        If there can be no such table beside the case.
    ResultsError
        If the disk does not let us.
    """
    if contents.startswith(_WORKBOOK):
        contents = _sheet_in(contents, name).encode()
    _put(path, name, contents)


def renew_table(path: Path, name: TableName, before: str, text: str) -> None:
    """Write a table anew.

    Parameters
    ----------
    path : file of the case.
    before : the text that was changed, as it was read; empty if there was none.
    text : as it is to be.

    Raises
    ------
    RunError
        If somebody else has changed it meanwhile, or it cannot be here.
    ResultsError
        If the disk does not let us.
    """
    table = next(each for each in tables_of(path) if each.name == name)
    if table.text != before:
        file = name if table.path is None else table.path.name
        raise RunError(
            say(
                "{file} was changed elsewhere meanwhile. Reload the page, and make the "
                "change again.",
                file=file,
            )
        )
    _put(path, name, text.encode())


def _put(path: Path, name: TableName, contents: bytes) -> None:
    """Write a table, and let the scenario name it.

    Raises
    ------
    RunError
        If there can be none.
    """
    table = next(each for each in tables_of(path) if each.name == name)
    if table.path is None:
        raise RunError(
            say(
                "the evidence of {file} stands in the workbook, or in a file of "
                "another kind. Change it there, and bring the workbook in again.",
                file=path.name,
            )
        )
    scenario = _naming(path, table.path) if name == "evidence" else None
    with in_plain_words(path.parent):
        write_whole(table.path, contents)
        if scenario is not None:
            write_whole(path, scenario.encode())


def _naming(path: Path, table: Path) -> str | None:
    """Return the text of a scenario with the name of its table; None if it has it.

    Raises
    ------
    RunError
        If it cannot be added.
    """
    try:
        if evidence_file(read_file(path)[0]) is not None:
            return None
        text = f"{text_of(path).rstrip()}\nevidence: {table.name}\n"
        values = read_tree(text, path.name)[0].values
    except ScenarioError:
        text, values = "", {}
    said = values.get("evidence")
    its_own = isinstance(said, Scalar) and said.text == table.name
    if not its_own or "extends" in values:
        raise RunError(
            say(
                "{file} names no table of evidence. Write 'evidence: {table}' into it "
                "first, or into what it extends.",
                file=path.name,
                table=table.name,
            )
        )
    return text


def _sheet_in(contents: bytes, name: TableName) -> str:
    """Return a sheet of a workbook as the text of a CSV file.

    Raises
    ------
    EvidenceError
        If something in it would be lost.
    RunError
        If it has no such sheet.
    """
    wanted, columns = _SHEETS[name], TABLE_COLUMNS[name]
    sheets = read_sheets(contents, "", None)
    sheet = next((each for each in sheets if each.name.casefold() == wanted), None)
    if sheet is None:
        raise RunError(say("the workbook has no sheet '{sheet}'.", sheet=wanted))
    cells = cells_of(sheet, columns, "note" if name == "evidence" else "title")
    wrong = [each for each in cells.problems if each.row > cells.top]
    if wrong:
        raise EvidenceError(cells.told(wrong))
    return as_csv(cells)


def _with_place(problem: object) -> TableProblem:
    """Return a problem of a workbook as one of a table."""
    if isinstance(problem, TableProblem):
        return problem
    return TableProblem("", 0, "", getattr(problem, "text", f"{problem}"))


def _is_of_sources(problem: TableProblem) -> bool:
    place = str(problem.place)
    return f"{SOURCES}:" in place or f":{SOURCES_SHEET}!" in place


def _sheet(
    name: TableName, workbook: Path, problems: tuple[TableProblem, ...]
) -> ShownTable:
    wanted, columns = _SHEETS[name], TABLE_COLUMNS[name]
    try:
        sheet = sheet_of(workbook, wanted)
    except EvidenceError:
        sheet = None
    if sheet is None:
        return ShownTable(name, None, problems=problems)
    cells: Cells = cells_of(sheet, columns, "note" if name == "evidence" else "title")
    rows = [
        (number, [row[each] for each in cells.header]) for number, row in cells.rows
    ]
    return _shown(ShownTable(name, None, as_csv(cells)), cells.header, rows, problems)


def _file(
    name: TableName, file: Path, problems: tuple[TableProblem, ...]
) -> ShownTable:
    text = ""
    if file.is_file() and not file.is_symlink():
        with suppress(OSError):  # the check says why
            text = plain_bytes(file, _MOST_MB).decode("utf-8-sig", "replace")
    text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")  # as a browser has it
    try:
        lines = [*csv.reader(io.StringIO(text, newline=""))]
    except csv.Error:  # the check says why
        lines = []
    header = [each.strip() for each in lines[0]] if lines else []
    rows = [
        (number, [each.strip() for each in line])
        for number, line in enumerate(lines[1:], start=2)
        if any(map(str.strip, line))
    ]
    return _shown(ShownTable(name, file, text), header, rows, problems)


def _shown(
    table: ShownTable,
    header: Sequence[str],
    rows: Sequence[tuple[int, Sequence[str]]],
    problems: tuple[TableProblem, ...],
) -> ShownTable:
    """Return a table with the columns in which anything is said, or wrong."""
    wrong = {each.column for each in problems}
    kept = [
        number
        for number, name in enumerate(header)
        if name in wrong or any(number < len(row) and row[number] for _, row in rows)
    ]
    return table._replace(
        header=tuple(header[number] for number in kept),
        rows=tuple(
            (at, tuple(row[each] if each < len(row) else "" for each in kept))
            for at, row in rows
        ),
        problems=problems,
    )
