"""Writes data as CSV for programs: UTF-8 without a mark, one kind of line end.

Planners get the workbook: a spreadsheet would guess at the letters of a CSV.
"""

import csv
import io
from math import isfinite
from pathlib import Path
from typing import TextIO

from sim.formulas import guarded
from sim.report.contents import Cell, Data

LIMITS = "limits_of_use"
"""Last column of what lies ahead: it goes with every row, wherever that is copied."""


def write_csv(path: Path, data: Data, limits: str = "") -> None:
    """Write rows; a number that is not known or not finite is an empty cell.

    Parameters
    ----------
    limits : what stands in each row beside what it says; no such column if empty.
    """
    if limits:
        rows = ((*row, limits) for row in data.rows)
        data = Data((*data.columns, LIMITS), rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        _write(file, data)


def as_csv(data: Data) -> str:
    """Return what `write_csv` writes."""
    file = io.StringIO(newline="")
    _write(file, data)
    return file.getvalue()


def _write(file: TextIO, data: Data) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(map(_text, data.columns))
    writer.writerows(map(_text, row) for row in data.rows)


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case float():
            if not isfinite(cell):
                return ""
            return str(int(cell)) if cell.is_integer() else f"{cell:.12g}"
        case str():
            return guarded(cell)
    return str(cell)
