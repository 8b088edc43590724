"""A report as text for a terminal, 100 columns or more."""

from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.console import RenderableType
from rich.table import Table as Grid
from rich.text import Text as Styled

from sim.report.contents import Group, Picture, Report, Section, Table
from sim.words import Levels, Marked, Text, Words

FORM = "terminal"
_BESIDE = 3
"""Columns of bands beside each other, where each is as good as the next."""
_STYLES = {"good": "blue", "bad": "bold red", "strong": "bold"}


def as_terminal(report: Report, words: Words) -> Iterator[RenderableType]:
    """Return what is printed, one after the other."""
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
                yield from _printed(shown, words) if FORM in shown.forms else ()
                said = False
            case Picture():
                continue
            case sentence if told := words.of(sentence):
                yield told
                said = True
    if said:
        yield ""


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
) -> Grid:
    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for place in places:
        column = table.columns[place]
        grid.add_column(
            words.of(column.heading),
            justify="right" if column.number else "left",
            no_wrap=column.number or column.whole,
            overflow="fold",
        )
    for group in groups:
        indent = ""
        if group.title is not None:
            grid.add_row(words.of(group.title), style="bold")
            indent = "  "
        for row in group.rows[: table.first or None]:
            first, *others = (_cell(row[place], words) for place in places)
            grid.add_row(Styled.assemble(indent, first), *others)
    return grid


def _cell(cell: Text, words: Words) -> Styled:
    style = _STYLES[cell.mark] if isinstance(cell, Marked) else ""
    return Styled(words.of(cell), style=style)
