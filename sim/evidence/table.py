"""Read an evidence table, and say everything that is wrong with it at once."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.errors import EvidenceError
from sim.evidence.belonging import strange_moments, strangers
from sim.evidence.between_rows import (
    Numbered,
    bases_that_are_nowhere,
    copies,
    counted_twice,
    families_written_twice,
    repeated_ids,
)
from sim.evidence.cells import CellProblem, Cells, clip, of_table, read_cells
from sim.evidence.figures import Figure
from sim.evidence.row import CHOICES, COLUMNS, NEEDED
from sim.evidence.rules import InconsistentFigureError
from sim.evidence.sheets import cells_of, sheet_of
from sim.messages import Text, joined, say
from sim.scenario import Operation
from sim.scenario.files import is_workbook
from sim.scenario.problems import RefusedError, hint, meant, with_remedy
from sim.scenario.workbook.layout import EVIDENCE
from sim.scenario.workbook.layout import SOURCES as SOURCES_SHEET

SOURCES = "sources.csv"
"""Table of the documents that an evidence table cites, beside it, if there is one."""
MOST_ROWS = 10_000
"""Rows of a table: a hundred times what has ever been documented of an operation."""
_MISSING = say("is missing; add the column")
SOURCE_COLUMNS = ("key", "title", "publisher", "date", "address")


class Evidence(NamedTuple):
    """What a table of documented figures holds.

    Attributes
    ----------
    figures : in its order.
    left_out : figures about what a variant does not have; see `read_evidence`.
    tagged : whether its second row holds HXL tags.
    """

    figures: tuple[Figure, ...]
    left_out: tuple[Figure, ...] = ()
    tagged: bool = False


class Understood(NamedTuple):
    """What the cells of a table say.

    Attributes
    ----------
    figures : the rows that make sense by themselves, with their numbers.
    left_out : those of them about what a variant does not have.
    problems : with rows, and between them.
    """

    figures: tuple[Numbered, ...]
    left_out: tuple[Numbered, ...]
    problems: tuple[CellProblem, ...]


def load_figures(path: Path, operation: Operation | None = None) -> tuple[Figure, ...]:
    """Return the figures of a table, in its order; see `read_evidence`.

    Raises
    ------
    EvidenceError
        If the table cannot be read or a row is not valid.
    """
    return read_evidence(path, operation).figures


def read_evidence(
    path: Path, operation: Operation | None = None, *, varied: bool = False
) -> Evidence:
    """Return what an evidence table holds.

    Parameters
    ----------
    path : CSV file with the columns of `COLUMNS`, in any order, in UTF-8, or a workbook
        with a sheet of them. Columns that may be empty may be absent. A second row may
        hold HXL tags.
    operation : of which it speaks. Without it any site, group and moment is taken.
    varied : whether the operation is a variant, which may lack sites, groups and days
        of which the table of its base speaks; such figures are left out.

    Raises
    ------
    EvidenceError
        If the table cannot be read or a row is not valid. Each problem is a sentence
        with file, row and column, what stands there, and what to do.
    """
    cells = _cells_in(path)
    absent = [name for name in NEEDED if name not in cells.header]
    if absent:
        without = [CellProblem(cells.top, name, _MISSING) for name in absent]
        raise EvidenceError(cells.told([*cells.problems, *without]))
    understood = understood_in(cells, operation, varied=varied)
    problems = [
        *understood.problems,
        *_sources_that_are_nowhere(path, understood.figures),
    ]
    if problems:
        raise EvidenceError(cells.told(problems))
    left_out = dict(understood.left_out)
    kept = (each for row, each in understood.figures if row not in left_out)
    return Evidence(tuple(kept), tuple(left_out.values()), cells.tagged)


def understood_in(
    cells: Cells, operation: Operation | None = None, *, varied: bool = False
) -> "Understood":
    """Return what the cells of a table say, and all that is wrong with them.

    Parameters
    ----------
    cells : with every column that a row needs.
    operation, varied : as of `read_evidence`.
    """
    if len(cells.rows) > MOST_ROWS:
        return Understood((), (), (_too_long(cells),))
    figures, problems = _figures_in(cells)
    problems += repeated_ids(cells.rows)
    for check in (counted_twice, copies, families_written_twice):
        problems += check(figures)
    problems += bases_that_are_nowhere(cells.rows, figures)
    left_out: list[Numbered] = []
    if operation is not None:
        problems += _strange_moments(figures, operation)
        for number, figure in figures:
            strange = [
                CellProblem(number, *each) for each in strangers(figure, operation)
            ]
            if strange and varied:
                left_out.append((number, figure))
            else:
                problems += strange
    return Understood(tuple(figures), tuple(left_out), tuple(problems))


def _too_long(cells: Cells) -> CellProblem:
    says = say(
        "holds {rows} rows, and at most {most} are read; keep those that are "
        "documented figures",
        rows=len(cells.rows),
        most=MOST_ROWS,
    )
    return CellProblem(cells.top, "", says)


def _cells_in(path: Path) -> Cells:
    """Return the cells of a table, or of the sheet with the evidence of a workbook.

    Raises
    ------
    EvidenceError
        If there is none.
    """
    if not is_workbook(path):
        return read_cells(path, COLUMNS, multiline="note")
    sheet = sheet_of(path, EVIDENCE)
    if sheet is None:
        raise EvidenceError(
            (of_table(path, say("has no sheet '{sheet}'", sheet=EVIDENCE)),)
        )
    return cells_of(sheet, COLUMNS, multiline="note")


def _figures_in(cells: Cells) -> tuple[list[Numbered], list[CellProblem]]:
    """Return the rows that make sense by themselves, and what is wrong with others."""
    figures: list[Numbered] = []
    problems = list(cells.problems)
    for number, row in cells.rows:
        filled = {column: row[column] for column in COLUMNS if row.get(column)}
        try:
            figures.append((number, Figure.model_validate(filled)))
        except ValidationError as error:
            problems += [
                CellProblem(number, column, sentence)
                for details in error.errors()
                for column, sentence in _sentences(details, row)
            ]
    return figures, [*_absent(problems, cells), *_of_present(problems, cells)]


def _strange_moments(
    figures: Sequence[Numbered], operation: Operation
) -> Iterator[CellProblem]:
    for number, figure in figures:
        for column, sentence in strange_moments(figure, operation):
            yield CellProblem(number, column, sentence)


def _absent(problems: Sequence[CellProblem], cells: Cells) -> Iterator[CellProblem]:
    """Say once of each column that is absent which rows need it.

    Nothing, if something is wrong with the header: it may be there by another name.
    """
    if any(each.row == cells.top for each in cells.problems):
        return
    rows: dict[str, list[str]] = {}
    for row, column, _ in problems:
        if column in COLUMNS and column not in cells.header:
            rows.setdefault(column, []).append(str(row))
    for column, (first, *more) in rows.items():
        says = say(
            "is missing, and row {row} cannot do without; add the column", row=first
        )
        if more:
            says = say(
                "is missing, and row {row} and {others} more cannot do without; add "
                "the column",
                row=first,
                others=len(more),
            )
        yield CellProblem(cells.top, column, says)


def _of_present(problems: Sequence[CellProblem], cells: Cells) -> Iterator[CellProblem]:
    for each in problems:
        if each.column not in COLUMNS or each.column in cells.header:
            yield each


def _sentences(
    details: ErrorDetails, cells: Mapping[str, str]
) -> Iterator[tuple[str, Text]]:
    """Return what pydantic found, each with its column."""
    cause = details.get("ctx", {}).get("error")
    if isinstance(cause, InconsistentFigureError):
        (found,) = cause.args
        yield from found
        return
    column = str(details["loc"][0])
    value = cells.get(column, "")
    if details["type"] == "missing":
        yield column, say("is empty; fill it in")
    elif column in CHOICES:
        allowed = CHOICES[column]
        says = say(
            "'{value}' is not one of {allowed}.",
            value=clip(value),
            allowed=joined(allowed, ", "),
        )
        yield column, joined((says, meant(value, allowed)))
    elif isinstance(cause, RefusedError):
        yield column, with_remedy(*cause.args)
    else:
        yield column, say("'{value}' cannot stand here", value=clip(value))


def _sources_that_are_nowhere(
    path: Path, figures: Sequence[Numbered]
) -> Iterator[CellProblem]:
    """Say which documents the table of sources does not have, if it has any.

    One without a row is there to be filled in.

    Raises
    ------
    EvidenceError
        If that table cannot be read.
    """
    table = sources_beside(path)
    if table is None:
        return
    # Further columns are welcome.
    wrong = [each for each in table.problems if each.row > table.top]
    if "key" not in table.header:
        wrong = [CellProblem(table.top, "key", _MISSING)]
    if wrong:
        raise EvidenceError(table.told(wrong))
    known = dict.fromkeys(cells["key"] for _, cells in table.rows)
    if not known:
        return
    told: dict[str, Text] = {}
    for number, figure in figures:
        if figure.source in known:
            continue
        if figure.source not in told:
            says = say(
                "'{source}' is not a key in {table}.",
                source=clip(figure.source),
                table=SOURCES,
            )
            told[figure.source] = joined((says, hint(figure.source, known)))
        yield CellProblem(number, "source", told[figure.source])


def sources_beside(path: Path) -> Cells | None:
    """Return the table of sources of an evidence table, None if there is none.

    A sheet of a workbook is there to be filled in: without a row it is none.

    Raises
    ------
    EvidenceError
        If it cannot be read.
    """
    if is_workbook(path):
        sheet = sheet_of(path, SOURCES_SHEET)
        cells = cells_of(sheet, SOURCE_COLUMNS, "title") if sheet else None
        return cells if cells and (cells.rows or cells.problems) else None
    table = path.with_name(SOURCES)
    return read_cells(table, SOURCE_COLUMNS, "title") if table.exists() else None
