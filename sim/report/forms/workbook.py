"""A report as a workbook for planners, which any spreadsheet opens.

A sheet for each table; bands and intervals take a column for each of their numbers.
The same report gives the same bytes: nothing in it says when it was made.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from io import BytesIO
from math import isfinite
from typing import Any

from xlsxwriter import Workbook

from sim.report.contents import Picture, Report, Table
from sim.words import Levels, Marked, Mean, Moment, Number, Text, Words, say

FORM = "workbook"
_CREATED = datetime(2000, 1, 1)
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDEST, _NARROWEST = 60, 8
_NAME_MOST = 31
_UNFIT_FOR_NAMES = re.compile(r"[\[\]:*?/\\]")
_LEVELS = (say("5 %"), say("median"), say("95 %"))
_MEAN = (say("mean"), say("± 95 %"))
_FORMATS = {
    ",.0f": "#,##0",
    ",.1f": "#,##0.0",
    ".1f": "0.0",
    ".2f": "0.00",
    ".0%": "0%",
    "+,.1f": "+#,##0.0;-#,##0.0;0",
}
"""How a spreadsheet writes what Python writes so; any other number is written bare."""
_DASHES = ("solid", "dash", "round_dot", "long_dash_dot", "square_dot")


def as_workbook(report: Report, words: Words) -> bytes:
    """Return the contents of an .xlsx file."""
    buffer = BytesIO()
    with Workbook(buffer, _OPTIONS) as book:
        book.set_properties({"title": words.of(report.title), "created": _CREATED})
        looks = _Looks(book)
        _add_about(book, looks, report, words)
        for table in report.tables(FORM):
            _Sheet(book, looks, table, words).write()
    return buffer.getvalue()


@dataclass
class _Looks:
    """The looks of cells, shared by all sheets of a workbook."""

    book: Workbook

    def __post_init__(self) -> None:
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def of(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self.book.add_format(properties)
        return self._made[key]

    @cached_property
    def heading(self) -> Any:
        return self.of(bold=True, bottom=1, text_wrap=True, valign="bottom")

    def marked(self, mark: str) -> Any:
        # Colours that colour-blind readers can tell apart; the word is there too.
        match mark:
            case "good":
                return self.of(bg_color="#CCE5F6", font_color="#003A5D")
            case "bad":
                return self.of(bg_color="#FBE3C0", font_color="#7A3E00")
        return self.of(bold=True)


def _add_about(book: Workbook, looks: _Looks, report: Report, words: Words) -> None:
    """Add a sheet with all that is said in sentences."""
    sheet = book.add_worksheet(_name(words.of(say("About")), book))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, words.of(report.title), looks.of(bold=True, font_size=14))
    wrapped = looks.of(text_wrap=True, valign="top")
    sheet.write_string(2, 0, words.of(say("In short")), wrapped)
    sheet.write_string(2, 1, words.of(report.answer), wrapped)
    line = 3
    for section in report.sections:
        if FORM not in section.forms:
            continue
        heading = words.of(section.title)
        for part in section.parts:
            if isinstance(part, Table | Picture) or not (said := words.of(part)):
                continue
            sheet.write_string(line, 0, heading, wrapped)
            sheet.write_string(line, 1, said, wrapped)
            heading, line = "", line + 1
    if words.direction == "rtl":
        sheet.right_to_left()


@dataclass
class _Sheet:
    """One table as a sheet that can be sorted and filtered."""

    book: Workbook
    looks: _Looks
    table: Table
    words: Words

    @cached_property
    def grouped(self) -> bool:
        """Whether what a row is of stands in a column of its own."""
        return any(group.title is not None for group in self.table.groups)

    @cached_property
    def split(self) -> list[tuple[Text, ...]]:
        """What the columns are named that each column takes the place of."""
        return [
            _parts_of(row[place] for row in self.table.rows)
            for place in range(len(self.table.columns))
        ]

    def write(self) -> None:
        """Add the sheet."""
        name = _name(self.table.name, self.book)
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, self.words.of(self.table.title))
        rows = [
            self._row(group.title, row)
            for group in self.table.groups
            for row in group.rows
        ]
        headings = list(self._headings())
        widths = [
            max(
                [len(heading) // 2, *(len(self.words.of(row[n])) for row in rows[:500])]
            )
            for n, heading in enumerate(headings)
        ]
        for number, heading in enumerate(headings):
            width = min(max(widths[number] + 2, _NARROWEST), _WIDEST)
            sheet.set_column(number, number, width)
            sheet.write_string(1, number, heading, self.looks.heading)
        for line, row in enumerate(rows, start=2):
            for number, cell in enumerate(row):
                self._write(sheet, line, number, cell)
        sheet.freeze_panes(2, 1)
        last = max(2, len(rows) + 1)
        sheet.autofilter(1, 0, last, len(headings) - 1)
        if self.words.direction == "rtl":
            sheet.right_to_left()
        if self.table.chart:
            self._chart(sheet, name, headings, last)

    def _headings(self) -> Iterator[str]:
        if self.grouped:
            yield self.words.of(self.table.grouped_by)
        for column, parts in zip(self.table.columns, self.split, strict=True):
            heading = self.words.of(column.heading)
            for part in parts or (None,):
                yield ", ".join(filter(None, (heading, self.words.of(part))))

    def _row(self, title: Text, row: tuple[Text, ...]) -> list[Text]:
        cells: list[Text] = [title] if self.grouped else []
        for cell, parts in zip(row, self.split, strict=True):
            cells += _taken_apart(cell, parts)
        return cells

    def _write(self, sheet: Any, line: int, number: int, cell: Text) -> None:
        """Write one cell; what is not known or not finite stays empty."""
        mark = cell.mark if isinstance(cell, Marked) else ""
        match cell.text if isinstance(cell, Marked) else cell:
            case None:
                return
            case Number(value, spec):
                if isfinite(value):
                    form = self.looks.of(num_format=_FORMATS.get(spec, "General"))
                    sheet.write_number(line, number, value, form)
            case Moment(datetime() as local) as when:
                written = "yyyy-mm-dd hh:mm"
                if when.offset:
                    written += f'"{when.offset}"'
                form = self.looks.of(num_format=written)
                sheet.write_datetime(line, number, local.replace(tzinfo=None), form)
            case Moment(date() as day):
                form = self.looks.of(num_format="yyyy-mm-dd")
                sheet.write_datetime(line, number, day, form)
            case text:
                form = self.looks.marked(mark) if mark else None
                sheet.write_string(line, number, self.words.of(text), form)

    def _chart(self, sheet: Any, name: str, headings: Sequence[str], last: int) -> None:
        """Draw the medians of each column against the first."""
        chart = self.book.add_chart({"type": "line"})
        first = 1
        for place, parts in enumerate(self.split[1:]):
            median = first + (1 if parts else 0)
            chart.add_series(
                {
                    "name": self.words.of(self.table.columns[1 + place].heading),
                    "categories": [name, 2, 0, last, 0],
                    "values": [name, 2, median, last, median],
                    "line": {"width": 2, "dash_type": _DASHES[place % len(_DASHES)]},
                }
            )
            first += len(parts) or 1
        chart.set_title({"name": self.words.of(self.table.title), "overlay": False})
        chart.set_x_axis({"name": headings[0], "num_format": "dd. hh:mm"})
        chart.set_y_axis({"num_format": "#,##0"})
        chart.set_size({"width": 900, "height": 480})
        sheet.insert_chart(2, len(headings) + 1, chart)


def _parts_of(cells: Iterator[Text]) -> tuple[Text, ...]:
    """Return the names of the columns that a column is split into, if it is."""
    for cell in cells:
        if isinstance(cell, Levels):
            return _LEVELS
        if isinstance(cell, Mean):
            return _MEAN
    return ()


def _taken_apart(cell: Text, parts: tuple[Text, ...]) -> tuple[Text, ...]:
    """Return what stands in each column that a cell is split into."""
    match cell:
        case Levels(middle, low, high):
            return (low, middle, high)
        case Mean(value, half, sign):
            return (Number(value, f"{sign},.1f"), Number(half, ",.3g"))
    if parts is _LEVELS:
        return (cell, cell, cell)
    return (cell, None) if parts is _MEAN else (cell,)


def _name(wanted: str, book: Workbook) -> str:
    """Return a name that a sheet may have and no other has."""
    plain = _UNFIT_FOR_NAMES.sub(" ", wanted)[:_NAME_MOST]
    taken = {sheet.get_name().lower() for sheet in book.worksheets()}
    name, number = plain, 1
    while name.lower() in taken:
        number += 1
        name = f"{plain[: _NAME_MOST - 4]} {number}"
    return name
