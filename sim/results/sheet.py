"""One sheet of a workbook: a table that a planner can read, sort and filter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite
from typing import Any

from xlsxwriter import Workbook

from sim.results.tables import Cell

SheetCell = Cell | datetime
_WIDEST = 60


@dataclass(frozen=True, slots=True)
class Formats:
    """The looks of cells, shared by all sheets of a workbook."""

    heading: Any
    title: Any
    wrapped: Any
    whole: Any
    decimal: Any
    share: Any
    moment: Any
    good: Any
    bad: Any

    @classmethod
    def of(cls, book: Workbook) -> "Formats":
        """Return the looks, made for one workbook."""
        top = {"valign": "top"}
        heading = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"}
        return cls(
            heading=book.add_format(heading),
            title=book.add_format({"bold": True, "font_size": 14}),
            wrapped=book.add_format({"text_wrap": True, **top}),
            whole=book.add_format({"num_format": "#,##0"}),
            decimal=book.add_format({"num_format": "#,##0.0"}),
            share=book.add_format({"num_format": "0%"}),
            moment=book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            # Colours that colour-blind readers can tell apart; the word is there too.
            good=book.add_format({"bg_color": "#CCE5F6", "font_color": "#003A5D"}),
            bad=book.add_format({"bg_color": "#FBE3C0", "font_color": "#7A3E00"}),
        )


@dataclass(frozen=True, slots=True)
class Column:
    """How one column of a sheet looks.

    Attributes
    ----------
    form : name of a look in `Formats`; empty for plain text.
    width : in characters.
    """

    name: str
    width: int
    form: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What stands in a sheet.

    Attributes
    ----------
    name : of the sheet.
    note : one sentence, in the first row.
    columns, rows : the table.
    looks : name of a look for cells that hold exactly this text.
    """

    name: str
    note: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[SheetCell]]
    looks: Mapping[str, str] = field(default_factory=dict)


def add_sheet(book: Workbook, formats: Formats, page: Page) -> Any:
    """Add a sheet with a note, a heading and rows, and return it."""
    sheet = book.add_worksheet(page.name)
    sheet.write_string(0, 0, page.note)
    for number, column in enumerate(page.columns):
        sheet.set_column(number, number, min(column.width, _WIDEST))
        sheet.write_string(1, number, column.name, formats.heading)
    for line, row in enumerate(page.rows, start=2):
        for number, (column, cell) in enumerate(zip(page.columns, row, strict=True)):
            look = column.form or page.looks.get(str(cell), "")
            _write(sheet, line, number, cell, getattr(formats, look) if look else None)
    sheet.freeze_panes(2, 1)
    last = max(2, len(page.rows) + 1)
    sheet.autofilter(1, 0, last, len(page.columns) - 1)
    return sheet


def _write(sheet: Any, line: int, number: int, cell: SheetCell, look: Any) -> None:
    """Write one cell; what is not known or not finite stays empty."""
    match cell:
        case None:
            return
        case datetime():
            sheet.write_datetime(line, number, cell, look)
        case str():
            sheet.write_string(line, number, cell, look)
        case bool():
            sheet.write_string(line, number, "yes" if cell else "no", look)
        case _ if isfinite(cell):
            sheet.write_number(line, number, cell, look)
