"""Evidence tables as rows by id, for comparison; cells that are empty are not there."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from sim.errors import EvidenceError
from sim.evidence.cells import CellProblem, Cells, read_cells
from sim.evidence.row import COLUMNS
from sim.plain_file import plain_bytes
from sim.words import say

SUFFIX = ".csv"
_MOST_MB = 20
Rows = Mapping[str, Mapping[str, str]]


def is_table(path: Path) -> bool:
    """Return whether a file is taken for an evidence table, by the end of its name."""
    return path.suffix.lower() == SUFFIX


def rows_in(path: Path) -> Rows:
    """Return the rows of an evidence table.

    Raises
    ------
    EvidenceError
        If it cannot be read, or two rows have one id.
    """
    cells = read_cells(path, COLUMNS, multiline="note")
    if cells.problems:
        raise EvidenceError(cells.told(cells.problems))
    return _by_id(cells)


def text_in(path: Path) -> str:
    """Return the text of a table that has been read."""
    return plain_bytes(path, _MOST_MB).decode("utf-8-sig")


def rows_of(text: str) -> Rows | None:
    """Return the rows of a text; None if it is no table, or an id comes twice."""
    try:
        lines = [*csv.DictReader(io.StringIO(text, newline=""), strict=True)]
    except csv.Error:
        return None
    rows: dict[str, dict[str, str]] = {}
    for line in lines:
        if None in line or None in line.values():
            return None
        cells = {name: cell.strip() for name, cell in line.items() if cell.strip()}
        name = cells.get("id", "")
        if not cells or name.startswith("#"):
            continue
        if not name or name in rows:
            return None
        rows[name] = cells
    return rows


def as_table(rows: Rows) -> str:
    """Return rows as the text of a table, with the columns that any of them has."""
    used = {column for row in rows.values() for column in row}
    text = io.StringIO()
    columns = [column for column in COLUMNS if column in used]
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows.values())
    return text.getvalue()


def _by_id(cells: Cells) -> Rows:
    rows: dict[str, dict[str, str]] = {}
    for number, row in cells.rows:
        name = row.get("id", "")
        if not name or name in rows:
            why = say("is empty; fill it in")
            if name:
                why = say("comes twice; give each row its own")
            raise EvidenceError(cells.told([CellProblem(number, "id", why)]))
        rows[name] = {column: cell for column, cell in row.items() if cell}
    return rows
