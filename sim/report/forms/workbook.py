"""A report as a workbook for planners, which any spreadsheet opens.

It opens on the answer, with the first table and the charts. Every other table has a
sheet of its own that can be sorted, filtered and printed. A column holds one type: the
numbers of a band take a column each, and words among numbers stand in a last column.
The same report gives the same bytes: nothing in it says when it was made.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from io import BytesIO
from math import ceil, isfinite
from typing import Any

from xlsxwriter import Workbook

from sim.report.contents import Enumeration, MovingPicture, Picture, Report, Table
from sim.report.forms.charts import charted
from sim.report.forms.strands import Placed, Strand, strands_of, unmarked
from sim.words import Marked, Moment, Number, Text, Words, joined, offset_of, say

FORM = "workbook"
_CREATED = datetime(2000, 1, 1)
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDEST, _NARROWEST, _OF_A_MOMENT = 60, 8, 17
_PORTRAIT = 95
"""Letters across a sheet of A4 that still can be read; wider ones are turned."""
_A4 = 9
_FROM_THE_RIGHT = 2
"""How a cell is read, whatever stands in it."""
_LINE_PT = 15
_NO_RECORD = say("Simulation, not a record.")
_CHART_ROWS = 23
_NAME_MOST = 31
_UNFIT_FOR_NAMES = re.compile(r"[\[\]:*?/\\]")
_INVISIBLE = re.compile("[\u200e\u200f\u2066-\u2069]")
"""Signs of direction, which nobody could type into a formula."""
_FORMATS = {
    ",.0f": "#,##0",
    ",.1f": "#,##0.0",
    ".1f": "0.0",
    ".2f": "0.00",
    ".3f": "0.000",
    ".0%": "0%",
    "+,.0f": "+#,##0;-#,##0;0",
    "+,.1f": "+#,##0.0;-#,##0.0;0",
}
"""How a spreadsheet writes what Python writes so; any other number is written bare."""


def as_workbook(report: Report, words: Words) -> bytes:
    """Return the contents of an .xlsx file."""
    buffer = BytesIO()
    tables = [*report.tables(FORM)]
    beside = [each.chart.beside for each in tables if each.chart and each.chart.beside]
    with Workbook(buffer, _OPTIONS) as book:
        title = words.of(report.headline or report.title)
        book.set_properties({"title": title, "created": _CREATED})
        looks = _Looks(book, words.direction)
        answer = book.add_worksheet(_name(words.of(say("Answer")), book))
        first = _write_answer(answer, looks, report, tables, words)
        _add_about(book, looks, report, words)
        placed = [(table, first) for table in tables[:1]]
        for table in (*tables[1:], *beside):
            sheet = book.add_worksheet(_name(words.of(table.name), book))
            placed.append((table, _write_sheet(sheet, looks, table, words)))
            if report.banner is not None:
                said = joined([table.title, report.banner.brief], " \N{EN DASH} ")
                sheet.write_string(0, 0, words.of(said), looks.of(font_color="#8C1D18"))
        _draw(book, answer, placed, words)
        for sheet in book.worksheets():
            if words.direction == "rtl":
                sheet.right_to_left()
            if report.banner is not None:
                sheet.set_header(f"&C{words.of(report.banner.brief)}")
    return buffer.getvalue()


@dataclass
class _Looks:
    """The looks of cells, shared by all sheets of a workbook.

    Attributes
    ----------
    direction : of the language.
    """

    book: Workbook
    direction: str = "ltr"

    def __post_init__(self) -> None:
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def of(self, **properties: Any) -> Any:
        if self.direction == "rtl":  # also of a cell that begins with a name
            properties |= {"reading_order": _FROM_THE_RIGHT}
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self.book.add_format(properties)
        return self._made[key]

    @cached_property
    def heading(self) -> Any:
        return self.of(bold=True, bottom=1, text_wrap=True, valign="bottom")

    @cached_property
    def warning(self) -> Any:
        return self.of(
            bold=True, text_wrap=True, valign="top", font_color="#8C1D18", border=2
        )

    @cached_property
    def said(self) -> Any:
        return self.of(text_wrap=True, valign="top")

    @cached_property
    def unread(self) -> Any:
        return self.of(text_wrap=True, valign="top", **_marked(Marked(None, "bad")))

    @cached_property
    def title(self) -> Any:
        return self.of(bold=True, font_size=14, valign="top", text_wrap=True)


def _marked(cell: Text) -> dict[str, Any]:
    """Return how a cell that stands out looks."""
    # Colours that colour-blind readers can tell apart; the word is there too.
    match cell.mark if isinstance(cell, Marked) else "":
        case "good":
            return {"bg_color": "#CCE5F6", "font_color": "#003A5D"}
        case "bad":
            return {"bg_color": "#FBE3C0", "font_color": "#7A3E00"}
        case "strong":
            return {"bold": True}
    return {}


def _write_answer(
    sheet: Any, looks: _Looks, report: Report, tables: Sequence[Table], words: Words
) -> Placed:
    """Write what a reader looks for first: the answer, and the numbers behind it."""
    strands = strands_of(tables[0], words) if tables else ()
    widths = [_width(strand, words) for strand in strands]
    last, across = len(widths) - 1, sum(widths)
    while across < _PORTRAIT:
        last, across = last + 1, across + _NARROWEST
    told = joined([report.headline and report.title, _NO_RECORD], " \N{EN DASH} ")
    warning = report.banner and joined([report.banner.brief, *report.banner.texts])
    lines = [
        *([(words.of(warning), looks.warning)] if warning else []),
        *((said, looks.unread) for _, said in words.cautions),
        (words.of(report.headline or report.title), looks.title),
        (words.of(report.answer), looks.said),
        (words.of(told), looks.of(font_color="#595959")),
    ]
    for line, (text, form) in enumerate(lines):
        sheet.merge_range(line, 0, line, last, "", form)
        sheet.write_string(line, 0, text, form)
        large = 1.4 if form is looks.title else 1
        sheet.set_row(line, large * _LINE_PT * ceil(large * len(text) / across))
    sheet.set_column(0, last, _NARROWEST)
    placed = Placed(sheet.get_name(), len(lines) + 2, strands)
    if tables:
        title = words.of(tables[0].title)
        sheet.write_string(placed.head - 1, 0, title, looks.of(bold=True))
        _write_rows(sheet, looks, placed, words)
    _set_up_print(sheet, across)
    return placed


def _add_about(book: Workbook, looks: _Looks, report: Report, words: Words) -> None:
    """Add a sheet with all that is said in sentences."""
    sheet = book.add_worksheet(_name(words.of(say("About")), book))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    line = len(words.cautions)
    for above, (_, caution) in enumerate(words.cautions):
        sheet.merge_range(above, 0, above, 1, caution, looks.unread)
    title = looks.of(bold=True, font_size=14)
    sheet.write_string(line, 0, words.of(report.title), title)
    sheet.write_string(line + 2, 0, words.of(say("In short")), looks.said)
    sheet.write_string(line + 2, 1, words.of(report.answer), looks.said)
    line += 3
    for section in report.sections:
        if FORM not in section.forms:
            continue
        heading = words.of(section.title)
        for part in section.parts:
            if isinstance(part, Table | Picture | MovingPicture):
                continue
            for said in part.texts if isinstance(part, Enumeration) else (part,):
                if told := words.of(said):
                    sheet.write_string(line, 0, heading, looks.said)
                    sheet.write_string(line, 1, told, looks.said)
                    heading, line = "", line + 1
    _set_up_print(sheet, 124)


def _write_sheet(sheet: Any, looks: _Looks, table: Table, words: Words) -> Placed:
    """Write one table as a sheet that can be sorted, filtered and printed."""
    placed = Placed(sheet.get_name(), 1, strands_of(table, words))
    sheet.write_string(0, 0, words.of(table.title), looks.of())
    _write_rows(sheet, looks, placed, words)
    rows = len(placed.strands[0].cells)
    head, last = placed.head, len(placed.strands) - 1
    grouped = any(group.title is not None for group in table.groups)
    sheet.freeze_panes(head + 1, 2 if grouped else 1)
    sheet.autofilter(head, 0, head + max(1, rows), last)
    sheet.repeat_rows(0, head)
    _set_up_print(sheet, sum(_width(strand, words) for strand in placed.strands))
    return placed


def _write_rows(sheet: Any, looks: _Looks, placed: Placed, words: Words) -> None:
    for number, strand in enumerate(placed.strands):
        sheet.set_column(number, number, _width(strand, words))
        sheet.write_string(placed.head, number, strand.heading, looks.heading)
        for line, cell in enumerate(strand.cells, start=placed.head + 1):
            _write(sheet, looks, (line, number), cell, words)


def _write(
    sheet: Any, looks: _Looks, place: tuple[int, int], cell: Text, words: Words
) -> None:
    """Write one cell; what is not known or not finite stays empty."""
    look = _marked(cell)
    match unmarked(cell):
        case None:
            return
        case Number(value, spec, least):
            if isfinite(value):
                written = _FORMATS.get(spec, "General")
                if least:
                    written = f'[<{least:g}]"<{least:g}";{written}'
                form = looks.of(num_format=written, **look)
                sheet.write_number(*place, value, form)
        case Moment(datetime() as local) as when:
            offset = offset_of(when)
            written = "yyyy-mm-dd hh:mm" + (f'"{offset}"' if offset else "")
            form = looks.of(num_format=written, **look)
            sheet.write_datetime(*place, local.replace(tzinfo=None), form)
        case Moment(date() as day):
            form = looks.of(num_format="yyyy-mm-dd", **look)
            sheet.write_datetime(*place, day, form)
        case str() as name:  # alone in its cell: nothing runs into it
            sheet.write_string(*place, name, looks.of(**look))
        case text:
            sheet.write_string(*place, words.of(text), looks.of(**look))


def _width(strand: Strand, words: Words) -> int:
    """Return how wide a column is [letters]."""
    cells = strand.cells[:500]
    if any(isinstance(unmarked(cell), Moment) for cell in cells):
        return max(_OF_A_MOMENT, len(strand.heading) // 2 + 2)
    widths = (len(words.of(cell)) for cell in cells)
    longest = max((len(strand.heading) // 2, *widths), default=0)
    return min(max(longest + 2, _NARROWEST), _WIDEST)


def _set_up_print(sheet: Any, letters: int) -> None:
    """Let a sheet be printed on A4, as wide as one page and as many as it takes."""
    sheet.set_paper(_A4)
    if letters > _PORTRAIT:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5)
    sheet.set_footer("&L&A&R&P / &N")


def _draw(
    book: Workbook,
    answer: Any,
    placed: Sequence[tuple[Table, Placed]],
    words: Words,
) -> None:
    """Put the charts of all tables below the first of them."""
    at = dict(zip((id(table) for table, _ in placed), placed, strict=True))
    line = placed[0][1].head + 3 if placed else 0
    line += len(placed[0][1].strands[0].cells) if placed else 0
    for table, place in placed:
        if table.chart and place.strands[0].cells:
            beside = at[id(table.chart.beside)] if table.chart.beside else None
            chart = charted(book, table, place, beside and beside[1], words)
            answer.insert_chart(line, 0, chart)
            line += _CHART_ROWS


def _name(wanted: str, book: Workbook) -> str:
    """Return a name that a sheet may have and no other has."""
    visible = _INVISIBLE.sub("", wanted)
    plain = _UNFIT_FOR_NAMES.sub(" ", visible)[:_NAME_MOST].strip("'") or "-"
    taken = {sheet.get_name().lower() for sheet in book.worksheets()} | {"history"}
    name, number = plain, 1
    while name.lower() in taken:
        number += 1
        name = f"{plain[: _NAME_MOST - 4]} {number}"
    return name
