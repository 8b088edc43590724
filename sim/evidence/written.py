"""Writes tables of evidence as comma-separated values.

What a spreadsheet would take for a formula stands behind an apostrophe, which who reads
a table takes away.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from sim.evidence.cells import Cells
from sim.evidence.figures import Figure
from sim.evidence.row import COLUMNS
from sim.formulas import guarded


def as_csv(cells: Cells) -> str:
    """Return a table as the text of a CSV file."""
    return _text(cells.header, (row for _, row in cells.rows))


def figures_as_csv(figures: Iterable[Figure]) -> str:
    """Return figures as the text of an evidence table, with every column."""
    rows = (figure.model_dump(mode="json", by_alias=True) for figure in figures)
    return _text(
        COLUMNS, ({name: _cell(row[name]) for name in COLUMNS} for row in rows)
    )


def _text(header: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([guarded(row[name]) for name in header] for row in rows)
    return text.getvalue()


def _cell(value: object) -> str:
    """Return a value as a cell; a number that is whole has no point in it."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return "" if value is None else str(value)
