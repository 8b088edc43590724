"""Draws sheets as a workbook that any spreadsheet opens.

Heads say in comments what belongs below them; lists to choose from come from the words
of the plans and from the names in other sheets. No text becomes a formula or a link.
"""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from sim.scenario.workbook.looks import NOTE_HEAD, Head, LineLook, SheetLook
from sim.scenario.workbook.rows import HOW
from sim.scenario.workbook.sheets import Held

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_CREATED = datetime(2000, 1, 1)
_MOMENT = "yyyy-mm-dd hh:mm"
_GUIDE, _CHOICES = "#guide", "_choices"
_TOP = 2
"""Rows of heads: their names, and what is written below."""
_ROOM = 200
"""Rows that are made ready for more than there are."""
_ROOM_IN_LISTS = 50
_MOST_INLINE = 255
"""Letters of a list that may stand in a cell itself."""
_NARROWEST, _WIDEST, _OF_A_MOMENT, _OF_NOTES = 9, 44, 17, 40
_A4 = 9
_SMALL_PT = 13
_A_PAGE = 170
"""Letters across a sheet of A4 that still can be read."""
_LINE_PT, _COMMENT_WIDTH, _COMMENT_LETTERS, _COMMENT_LINE = 15, 340, 52, 17
_FILLED, _UNUSED = "#1F6F8B", "#BFBFBF"
_HEAD = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
_LOOKS: dict[str, dict[str, Any]] = {
    "key": {**_HEAD, "bg_color": "#DCE9EE"},
    "needed": {**_HEAD, "bg_color": "#FFF2CC"},
    "other": {**_HEAD, "bg_color": "#F2F2F2"},
    "how": {
        "italic": True,
        "font_color": "#595959",
        "text_wrap": True,
        "bottom": 1,
        "valign": "top",
        "font_size": 9,
    },
    "note": {
        "italic": True,
        "font_color": "#595959",
        "text_wrap": True,
        "valign": "top",
        "num_format": "@",
    },
    "aside": {"italic": True, "font_color": "#595959", "num_format": "@"},
    "text": {"text_wrap": True, "valign": "top", "num_format": "@"},
    "number": {"valign": "top", "align": "left"},
    "moment": {
        "valign": "top",
        "num_format": _MOMENT,
        "align": "left",
        "text_wrap": True,
    },
    "day": {"valign": "top", "num_format": "yyyy-mm-dd", "align": "left"},
    "title": {"bold": True, "font_size": 14},
    "plain": {"text_wrap": True, "valign": "top"},
}


def as_xlsx(title: str, guide: Sequence[str], sheets: Sequence[SheetLook]) -> bytes:
    """Return the contents of an .xlsx file.

    Parameters
    ----------
    title : of the scenario.
    guide : what whoever fills it in should know first, in sentences.
    sheets : to draw, in order.
    """
    buffer = BytesIO()
    with Workbook(buffer, _OPTIONS) as book:
        book.set_properties({"title": title, "created": _CREATED})
        drawing = _Drawing(book, {sheet.name: sheet for sheet in sheets})
        drawing.guide(title, guide)
        for sheet in sheets:
            drawing.sheet(sheet)
        drawing.choices()
    return buffer.getvalue()


class _Drawing:
    """A workbook that is being drawn."""

    def __init__(self, book: Workbook, sheets: dict[str, SheetLook]) -> None:
        self._book = book
        self._sheets = sheets
        self._looks = {name: book.add_format(look) for name, look in _LOOKS.items()}
        self._lists: dict[tuple[str, ...], str] = {}
        self._columns: list[tuple[str, list[tuple[str, str]]]] = []

    def guide(self, title: str, sentences: Sequence[str]) -> None:
        """Draw the sheet that is read first."""
        page = self._book.add_worksheet(_GUIDE)
        page.set_column(0, 0, 26)
        page.set_column(1, 1, 95)
        page.hide_gridlines(2)
        page.write_string(0, 0, title, self._looks["title"])
        row = 2
        for sentence in sentences:
            page.merge_range(row, 0, row, 1, "", self._looks["plain"])
            page.write_string(row, 0, sentence, self._looks["plain"])
            page.set_row(row, _LINE_PT * (1 + len(sentence) // 118))
            row += 1
        row += 1
        for sheet in self._sheets.values():
            page.write_string(row, 0, sheet.name, self._looks["plain"])
            about = _first(sheet.about)
            page.write_string(row, 1, about, self._looks["plain"])
            page.set_row(row, _LINE_PT * (1 + len(about) // 95))
            row += 1
        _print_well(page, landscape=False)

    def sheet(self, sheet: SheetLook) -> None:
        """Draw a sheet that is filled in."""
        page = self._book.add_worksheet(sheet.name)
        heads = (*sheet.heads, *([Head(NOTE_HEAD)] if sheet.aside else []))
        widths = [_width(head, sheet) for head in heads]
        first = _first_row(sheet)
        last = first + len(sheet.lines) + (0 if sheet.fixed else _ROOM)
        for column, head in enumerate(heads):
            holds = "note" if head.name.startswith("#") else head.holds
            page.set_column(column, column, widths[column], self._looks[holds])
            self._head(page, sheet, column, head)
            self._offer(page, head, (first, column, last - 1, column))
        for row, note in enumerate(_notes(sheet), start=_rows_of_heads(sheet)):
            page.write_string(row, 0, note, self._looks["aside"])
        if not sheet.fixed:
            page.set_row(
                1,
                _height(
                    [_how(h, n < sheet.keys) for n, h in enumerate(heads)],
                    widths,
                    _SMALL_PT,
                ),
            )
        for row, line in enumerate(sheet.lines, start=first):
            values = [_shown(line, head) for head in heads]
            page.set_row(row, _height([str(each) for each in values], widths))
            self._line(page, row, heads, values)
        page.set_tab_color(_FILLED if sheet.lines else _UNUSED)
        page.freeze_panes(_rows_of_heads(sheet), sheet.keys)
        page.repeat_rows(0, _rows_of_heads(sheet) - 1)
        page.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})
        page.repeat_columns(0, sheet.keys - 1)
        _print_well(page, landscape=True, across=max(1, round(sum(widths) / _A_PAGE)))

    def _head(self, page: Any, sheet: SheetLook, column: int, head: Head) -> None:
        look = "key" if column < sheet.keys else "needed" if head.needed else "other"
        page.write_string(0, column, head.name, self._looks[look])
        if about := (f"{sheet.about}\n\n" if not column else "") + head.about:
            lines = sum(1 + len(each) // _COMMENT_LETTERS for each in about.split("\n"))
            size = {"width": _COMMENT_WIDTH, "height": _COMMENT_LINE * (lines + 1)}
            page.write_comment(0, column, about.strip(), {**size, "author": ""})
        if not sheet.fixed:
            how = _how(head, column < sheet.keys)
            how = f"{HOW} {how}".strip() if not column else how
            page.write_string(1, column, how, self._looks["how"])

    def _line(
        self, page: Any, row: int, heads: Sequence[Head], values: Sequence[Held]
    ) -> None:
        for column, (head, value) in enumerate(zip(heads, values, strict=True)):
            match value:
                case "":
                    continue
                case str():
                    look = "note" if head.name.startswith("#") else "text"
                    page.write_string(row, column, value, self._looks[look])
                case datetime():
                    page.write_datetime(row, column, value, self._looks["moment"])
                case date():
                    page.write_datetime(row, column, value, self._looks["day"])
                case _:
                    page.write_number(row, column, value, self._looks["number"])

    def _offer(self, page: Any, head: Head, where: tuple[int, int, int, int]) -> None:
        """Let a cell be chosen from a list, if there is one."""
        source: Any = None
        if head.words and len(",".join(head.words)) <= _MOST_INLINE:
            source = list(head.words)
        elif head.words or any(name in self._sheets for name in head.names_from):
            source = self._list(head)
        if source is None:
            return
        page.data_validation(
            *where,
            {
                "validate": "list",
                "source": source,
                "show_error": not head.several,
                "error_type": "stop" if head.words else "warning",
                "error_title": head.name,
                "error_message": "Choose one of the list"
                + ("." if head.words else ", or add it to its sheet first."),
            },
        )

    def _list(self, head: Head) -> str:
        """Return the formula of a list that is too long for a cell, or of names."""
        known = [self._sheets[n] for n in head.names_from if n in self._sheets]
        if len(known) == 1 and not head.words:
            (sheet,) = known
            return f"=OFFSET({_cell(sheet)},0,0,MAX(1,{_count(sheet)}),1)"
        key = head.words or tuple(sheet.name for sheet in known)
        if key not in self._lists:
            entries = [(word, "") for word in head.words] or list(_stacked(known))
            letter = chr(ord("A") + len(self._columns))
            count = str(len(entries)) if head.words else "+".join(map(_count, known))
            self._columns.append((" / ".join(key)[:200], entries))
            self._lists[key] = f"=OFFSET('{_CHOICES}'!${letter}$2,0,0,MAX(1,{count}),1)"
        return self._lists[key]

    def choices(self) -> None:
        """Draw the sheet with lists of more than one sheet, which nobody need see."""
        if not self._columns:
            return
        page = self._book.add_worksheet(_CHOICES)
        for column, (title, entries) in enumerate(self._columns):
            page.write_string(0, column, title)
            for row, (shown, formula) in enumerate(entries, start=1):
                if formula:
                    page.write_formula(row, column, formula, None, shown)
                else:
                    page.write_string(row, column, shown)
        page.hide()


def _rows_of_heads(sheet: SheetLook) -> int:
    return 1 if sheet.fixed else _TOP


def _notes(sheet: SheetLook) -> list[str]:
    return [f"# {each}" for note in sheet.notes for each in note.split("\n")]


def _first_row(sheet: SheetLook) -> int:
    return _rows_of_heads(sheet) + len(_notes(sheet))


def _range(sheet: SheetLook) -> str:
    letter = chr(ord("A") + sheet.keys - 1)
    first = _first_row(sheet) + 1
    last = first + len(sheet.lines) + _ROOM
    return f"'{sheet.name}'!${letter}${first}:${letter}${last}"


def _cell(sheet: SheetLook) -> str:
    return _range(sheet).partition(":")[0]


def _count(sheet: SheetLook) -> str:
    return f"COUNTA({_range(sheet)})"


def _stacked(sheets: Sequence[SheetLook]) -> list[tuple[str, str]]:
    """Return the names of several sheets below each other, each as a formula."""
    names = [
        str(line.cells[sheet.heads[sheet.keys - 1].name])
        for sheet in sheets
        for line in sheet.lines
    ]
    shown = names + [""] * _ROOM_IN_LISTS
    formulas = []
    for number in range(1, len(shown) + 1):
        formula, before = '""', ["0"]
        steps = []
        for sheet in sheets:
            steps.append((sheet, "+".join(before)))
            before.append(_count(sheet))
        for sheet, offset in reversed(steps):
            inside = f"INDEX({_range(sheet)},{number}-({offset}))"
            limit = f"{offset}+{_count(sheet)}"
            formula = f"IF({number}<={limit},{inside},{formula})"
        formulas.append(f"={formula}")
    return list(zip(shown, formulas, strict=True))


def _shown(line: LineLook, head: Head) -> Held:
    return line.note if head.name == NOTE_HEAD else line.cells.get(head.name, "")


def _how(head: Head, is_key: bool) -> str:
    needed = head.needed and not is_key
    return f"required: {head.how}" if needed else head.how


def _height(
    texts: Sequence[str], widths: Sequence[int], line_pt: int = _LINE_PT
) -> int:
    """Return how high a row is that shows its texts as a whole [points]."""
    lines = (
        sum(1 + (len(line) + 1) // width for line in text.split("\n"))
        for text, width in zip(texts, widths, strict=True)
    )
    return line_pt * max(1, *lines)


def _first(about: str) -> str:
    return about.split("\n\n", maxsplit=1)[0].replace("\n", " ")


def _width(head: Head, sheet: SheetLook) -> int:
    """Return how wide a column is [letters]."""
    if head.name == NOTE_HEAD:
        return _OF_NOTES
    texts = [str(line.cells.get(head.name, "")) for line in sheet.lines]
    longest = max((len(each) for text in texts for each in text.split("\n")), default=0)
    if head.holds == "moment":
        longest = max(longest, _OF_A_MOMENT) if longest > 16 else _OF_A_MOMENT
    widest = 2 * _WIDEST if sheet.fixed else _WIDEST
    least = max(_NARROWEST, len(head.name) + 2, min(18, len(head.how) // 2))
    return min(max(longest + 2, least), widest)


def _print_well(page: Any, *, landscape: bool, across: int = 1) -> None:
    page.set_paper(_A4)
    if landscape:
        page.set_landscape()
    page.fit_to_pages(across, 0)
    page.set_margins(left=0.4, right=0.4)
    page.set_footer("&L&A&R&P / &N")
