"""Reads documented figures and their sources from sheets of a workbook."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from sim.errors import EvidenceError, ScenarioError
from sim.evidence.cells import (
    CellProblem,
    Cells,
    Row,
    about_header,
    holds,
    of_table,
    unreadable,
    unseen,
)
from sim.messages import Text, say
from sim.plain_file import plain_bytes
from sim.scenario.files import shown
from sim.scenario.problems import cell_name, with_remedy
from sim.scenario.workbook.archive import MOST_MB
from sim.scenario.workbook.rows import rows_of
from sim.scenario.workbook.sheets import Held, WorkbookSheet, read_sheets
from sim.scenario.workbook.values import as_text

_DAYS = ("published", "date")
"""Columns in which a day is a day, and not its first minute."""


def sheet_of(path: Path, name: str) -> WorkbookSheet | None:
    """Return a sheet of a workbook, None if there is no such sheet.

    Raises
    ------
    EvidenceError
        If the workbook cannot be read.
    """
    try:
        sheets = read_sheets(plain_bytes(path, MOST_MB), shown(path), path.parent)
    except OSError as error:
        raise EvidenceError((of_table(path, unreadable(error)),)) from error
    except ScenarioError as error:
        raise EvidenceError(error.args[0]) from error
    return next((each for each in sheets if each.name.casefold() == name), None)


def cells_of(
    sheet: WorkbookSheet, columns: Sequence[str], multiline: str = ""
) -> Cells:
    """Return the cells of a sheet.

    Parameters
    ----------
    columns : that it may have.
    multiline : the one in which a cell may have several lines.
    """
    table = rows_of(sheet, ())
    header = tuple(table.heads)
    heads = {column: name for name, column in table.heads.items()}
    problems = [
        CellProblem(
            each.line,
            heads.get(each.column, ""),
            with_remedy(each.said, each.advice),
        )
        for each in table.problems
    ]
    problems += [each._replace(row=table.top) for each in about_header(header, columns)]
    rows: list[Row] = []
    for number in table.numbers:
        found = {name: text_in(table.held(number, name), name) for name in header}
        wrong = [*_unseen(number, found, multiline)]
        problems += wrong
        if not wrong:
            rows.append((number, found))

    def place(row: int, column: str) -> Text:
        number = table.heads.get(column, 1)
        cell = f"{sheet.source.name}:{cell_name(sheet.name, row, number)}"
        if not column:
            return say("{file}:", file=cell)
        return say("{cell}: {column}:", cell=cell, column=column)

    return Cells(header, tuple(rows), False, tuple(problems), place, table.top)


def text_in(held: Held | None, column: str) -> str:
    """Return the text of a cell; a date that is typed is one, or its first minute."""
    if held is None:
        return ""
    if column in _DAYS and isinstance(held, date) and not isinstance(held, datetime):
        return held.isoformat()
    return as_text(held)


def _unseen(
    number: int, cells: dict[str, str], multiline: str
) -> Iterator[CellProblem]:
    for column, text in cells.items():
        for what in unseen(text, lines=column == multiline):
            yield CellProblem(number, column, holds(what))
