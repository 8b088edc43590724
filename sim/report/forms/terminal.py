"""A report as text for a terminal, 100 columns or more."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from re import Pattern

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.measure import Measurement
from rich.table import Column as GridColumn
from rich.table import Table as Grid
from rich.text import Text as Styled

from sim.report.contents import (
    Enumeration,
    Group,
    MovingPicture,
    Picture,
    Report,
    Section,
    Table,
)
from sim.words import Levels, Marked, Text, Words, say_many

FORM = "terminal"
_BESIDE = 3
"""Columns of bands beside each other, where each is as good as the next."""
_LINES, _WORDS = re.compile(r".+"), re.compile(r"\S+")
_PARTS = re.compile(r"[^\s/-]*[/-]+|[^\s/-]+")
_BETWEEN = 3
"""Blanks between two columns."""
_STYLES = {"good": "blue", "bad": "bold red", "strong": "bold"}


def as_terminal(report: Report, words: Words) -> Iterator[RenderableType]:
    """Return what is printed, one after the other."""
    if report.banner is not None:
        for text in (report.banner.brief, *report.banner.texts):
            yield Styled(words.of(text), style="bold red")
        yield ""
    yield from (Styled(said, style="bold") for _, said in words.cautions)
    yield Styled(words.of(report.title), style="bold")
    yield Styled(f"{words.of(report.answer)}\n")
    for section in report.sections:
        if FORM in section.forms:
            yield from of_section(section, words)


def of_section(section: Section, words: Words) -> Iterator[RenderableType]:
    """Return what is printed of one section: its parts, without its heading."""
    said = False
    for part in section.parts:
        match part:
            case (Table() as shown) | Picture(table=Table() as shown):
                if FORM in shown.forms:
                    yield from _printed(shown, words)
                    yield from _more(shown, words)
                said = False
            case Picture() | MovingPicture():
                continue
            case Enumeration(texts):
                yield from (f"- {words.of(text)}" for text in texts)
                said = True
            case sentence if told := words.of(sentence):
                yield told
                said = True
    if said:
        yield ""


def _more(table: Table, words: Words) -> Iterator[RenderableType]:
    """Say how many rows there was no room for."""
    if not table.first:
        return
    more = sum(max(0, len(group.rows) - table.first) for group in table.groups)
    if more:
        told = say_many(
            "{count} more row is on the page and in the workbook.",
            "{count} more rows are on the page and in the workbook.",
            more,
        )
        yield Styled(f"{words.of(told)}\n", style="italic")


def _printed(table: Table, words: Words) -> Iterator[RenderableType]:
    for places in _beside(table):
        yield Styled(words.of(table.title), style="bold")
        # A first column that is never broken would get as wide as a group's title.
        if table.columns[0].whole and table.groups[0].title is not None:
            for group in table.groups:
                yield Styled(words.of(group.title), style="bold")
                yield _grid(table, [Group(None, group.rows)], places, words)
                yield ""
        else:
            yield _grid(table, table.groups, places, words)
            yield ""


def _beside(table: Table) -> Iterator[Sequence[int]]:
    """Return which columns stand beside each other: all, or a few bands at a time."""
    columns = table.columns
    bands = any(isinstance(cell, Levels) for row in table.rows for cell in row)
    numbers = all(column.number for column in columns[1:])
    if len(columns) - 1 <= _BESIDE or not (bands and numbers):
        yield [place for place, column in enumerate(columns) if not column.aside]
        return
    for first in range(1, len(columns), _BESIDE):
        yield (0, *range(first, min(first + _BESIDE, len(columns))))


def _grid(
    table: Table, groups: Iterable[Group], places: Sequence[int], words: Words
) -> RenderableType:
    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for place in places:
        column = table.columns[place]
        whole = column.number or column.whole
        heading = Styled(words.of(column.heading))
        grid.add_column(
            heading if whole else _Broken(heading),
            justify="right" if column.number else "left",
            no_wrap=whole,
            overflow="fold",
        )
    for group in groups:
        indent = ""
        if group.title is not None:
            grid.add_row(words.of(group.title), style="bold")
            indent = "  "
        for row in group.rows[: table.first or None]:
            first, *others = (_cell(row[place], words) for place in places)
            cells = (Styled.assemble(indent, first), *others)
            grid.add_row(
                *(
                    cell if column.no_wrap else _Broken(cell)
                    for cell, column in zip(cells, grid.columns, strict=True)
                )
            )
    return _Fitted(grid)


@dataclass(frozen=True, slots=True)
class _Broken:
    """A cell of words: broken at blanks; a name only if it is wider than the column.

    It is broken behind a hyphen or a stroke then, never within what stands between.
    """

    text: Styled

    def __rich_measure__(self, console: Console, _: ConsoleOptions) -> Measurement:
        return Measurement(_longest(self.text, _PARTS), self.text.cell_len)

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[Styled]:
        breaks: list[int] = []
        for word in _WORDS.finditer(self.text.plain):
            if cell_len(word[0]) > options.max_width:
                breaks += _breaks(word[0], word.start(), options.max_width)
        yield Styled("\n").join(self.text.divide(breaks)) if breaks else self.text


@dataclass(frozen=True, slots=True)
class _Fitted:
    """A grid in which words stay whole where there is room: names, else their parts."""

    grid: Grid

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[Grid]:
        columns = self.grid.columns
        room = options.max_width - _BETWEEN * (len(columns) - 1)
        most = [_widest(column, _LINES) for column in columns]
        if sum(most) > room:
            for pieces in (_WORDS, _PARTS):
                least = [
                    full if column.no_wrap else _widest(column, pieces)
                    for column, full in zip(columns, most, strict=True)
                ]
                if sum(least) <= room:
                    widths = _shared(room, least, most)
                    for column, width in zip(columns, widths, strict=True):
                        column.width = width
                    break
        yield self.grid


def _widest(column: GridColumn, pieces: Pattern[str]) -> int:
    """Return the width of the longest piece in a column."""
    cells = (column.header, *column.cells)
    return max(
        _longest(cell.text if isinstance(cell, _Broken) else str(cell), pieces)
        for cell in cells
    )


def _longest(text: Styled | str, pieces: Pattern[str]) -> int:
    plain = str(text)
    indent = len(plain) - len(plain.lstrip())
    return indent + max(map(cell_len, pieces.findall(plain.lstrip())), default=0)


def _shared(room: int, least: Sequence[int], most: Sequence[int]) -> list[int]:
    """Return widths between two bounds that share what room there is alike."""
    widths = [*least]
    while sum(widths) < min(room, sum(most)):
        narrow = min(
            (n for n, width in enumerate(widths) if width < most[n]),
            key=lambda n: widths[n],
        )
        widths[narrow] += 1
    return widths


def _breaks(word: str, starts: int, room: int) -> Iterator[int]:
    """Return where a word is broken that is wider than there is room."""
    used = 0
    for part in _PARTS.finditer(word):
        if used and used + cell_len(part[0]) > room:
            yield starts + part.start()
            used = 0
        used += cell_len(part[0])


def _cell(cell: Text, words: Words) -> Styled:
    style = _STYLES[cell.mark] if isinstance(cell, Marked) else ""
    return Styled(words.of(cell), style=style)
