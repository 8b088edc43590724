"""The rows of a sheet under the heads of its columns, without what is said to nobody.

Rows, columns and whole sheets whose name or first cell begins with `#` are notes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sim.messages import say
from sim.scenario.nodes import CONTROL, Place
from sim.scenario.problems import Problem, cell_name, hint, quoted
from sim.scenario.workbook.scan import At
from sim.scenario.workbook.sheets import Held, WorkbookSheet
from sim.scenario.workbook.values import as_text

NOTE = "#"
HOW = "#:"
"""Begins what a sheet says of itself; it is no note of the planner's."""


@dataclass(slots=True)
class SheetRows:
    """A sheet as a table.

    Attributes
    ----------
    sheet : that it is.
    heads : columns by what stands at their head.
    numbers : of the rows in which something is said.
    problems : with its form.
    top : row of the heads; 0 if there is none.
    """

    sheet: WorkbookSheet
    heads: dict[str, int] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    top: int = 0
    _below: dict[At, At] = field(default_factory=dict)

    def place(self, row: int, head: str) -> Place:
        """Return the place of a cell; of the first one of a row without that head."""
        return self.sheet.place((row, self.heads.get(head, 1)))

    def held(self, row: int, head: str) -> Held | None:
        """Return what a cell holds, None if it is empty or there is no such column."""
        if head not in self.heads:
            return None
        at = (row, self.heads[head])
        return self.sheet.cells.get(self._below.get(at, at))

    def is_broken(self, row: int, head: str) -> bool:
        """Return whether a cell holds something that cannot be read."""
        return (row, self.heads.get(head, 0)) in self.sheet.broken

    def notes(self) -> Iterator[tuple[int, str]]:
        """Yield what the planner says in rows and columns of notes, with the row.

        What the sheet says of itself is none of it.
        """
        for at, value in sorted(self.sheet.cells.items()):
            own, said = as_text(value), at[0] in self.numbers
            head = self._head_at(at[1]) if said else own
            if head.startswith(NOTE) and not head.startswith(HOW) and at[0] != self.top:
                yield at[0], own.removeprefix(NOTE).strip() if not said else own

    def _head_at(self, column: int) -> str:
        held = self.sheet.cells.get((self.top, column))
        return "" if held is None else as_text(held)


def rows_of(
    sheet: WorkbookSheet, own: Sequence[str], filled_down: Sequence[str] = ()
) -> SheetRows:
    """Return a sheet as a table.

    Parameters
    ----------
    own : heads of columns that it must have.
    filled_down : those of them in which merged cells speak for all their rows.
    """
    found = SheetRows(sheet)
    lines: dict[int, dict[int, Held]] = {}
    for (row, column), value in sorted(sheet.cells.items()):
        lines.setdefault(row, {})[column] = value
    for row, column in sheet.broken:
        lines.setdefault(row, {}).setdefault(column, "")
    for row, cells in sorted(lines.items()):
        first = as_text(cells[min(cells)])
        if first.startswith(NOTE):
            continue
        if not found.top:
            found.top = row
            found.problems += _take_heads(found, cells)
        elif any(column in cells for column in found.heads.values()):
            found.numbers.append(row)
    found.problems += _missing_heads(found, own)
    found.problems += _merged(found, filled_down)
    found.problems += _strays(found, lines)
    found.problems += _unreadable(found)
    return found


def _take_heads(rows: SheetRows, cells: dict[int, Held]) -> Iterator[Problem]:
    for column, value in cells.items():
        head = as_text(value).casefold()
        place = rows.sheet.place((rows.top, column))
        if head in rows.heads:
            first = rows.place(rows.top, head)
            said = say(
                "{head} is the head of two columns, first in {said}",
                head=quoted(head),
                said=first.said,
            )
            yield place.problem("", head, said, say("Keep one of them."))
        elif head and not head.startswith(NOTE):
            rows.heads[head] = column


def _missing_heads(rows: SheetRows, own: Sequence[str]) -> Iterator[Problem]:
    """Yield which columns must be there and are not."""
    place = rows.sheet.place((rows.top, 1) if rows.top else (0, 0))
    for head in own:
        if head not in rows.heads:
            said = say("the sheet has no column {head}", head=quoted(head))
            yield place.problem(
                "", "", said, say("Write '{head}' at its head.", head=head)
            )


def _merged(rows: SheetRows, filled_down: Sequence[str]) -> Iterator[Problem]:
    """Take merged cells that say whose several rows are; yield the others."""
    columns = {column: head for head, column in rows.heads.items()}
    for (top, left), (bottom, right) in rows.sheet.merged:
        touched = [columns[c] for c in range(left, right + 1) if c in columns]
        inside = [row for row in (rows.top, *rows.numbers) if top <= row <= bottom]
        if not touched or not inside:
            continue
        if left == right and touched[0] in filled_down and top > rows.top:
            for row in range(top, bottom + 1):
                rows._below[row, left] = (top, left)
            continue
        last = cell_name("", bottom, right)[1:]
        yield rows.sheet.place((top, left)).problem(
            "",
            "",
            say("the cells from here to {last} are merged", last=last),
            say("Unmerge them, and write into each what it says."),
        )


def _strays(rows: SheetRows, lines: dict[int, dict[int, Held]]) -> Iterator[Problem]:
    """Yield columns that are filled and have no head."""
    headed = {c for (row, c) in rows.sheet.cells if row == rows.top}
    told: set[int] = set()
    for row in sorted(lines):
        notes = as_text(lines[row][min(lines[row])]).startswith(NOTE)
        for column in () if notes or row <= rows.top else sorted(lines[row]):
            if column not in headed and column not in told:
                told.add(column)
                yield rows.sheet.place((row, column)).problem(
                    "",
                    as_text(lines[row][column]),
                    say("this column has no head, so nobody knows what is said here"),
                    say("Name the field at its head, or '# note' if it is a note."),
                )


def _unreadable(rows: SheetRows) -> Iterator[Problem]:
    """Yield cells that hold errors, or what no spreadsheet shows."""
    columns, lines = {*rows.heads.values()}, {rows.top, *rows.numbers}
    for at, what in sorted(rows.sheet.broken.items()):
        if at[0] in lines and at[1] in columns:
            yield rows.sheet.place(at).problem(
                "",
                "",
                say("the cell holds {what}", what=what),
                say("Mend the formula and save the workbook, or write the value."),
            )
    for at, value in sorted(rows.sheet.cells.items()):
        if at[0] not in lines or at[1] not in columns:
            continue
        text = as_text(value)
        found = "\t" if "\t" in text else ""
        if control := CONTROL.search(text):
            found = control[0]
        if found:
            what = (
                say("a tab")
                if found == "\t"
                else say("a control character ({found})", found=ascii(found))
            )
            said = say("there is {what} in this cell", what=what)
            yield rows.sheet.place(at).problem("", "", said, say("Delete it."))


def unknown_head(rows: SheetRows, head: str, known: Sequence[str]) -> Problem:
    """Return that a column is none that the sheet may have."""
    place = rows.place(rows.top, head)
    said = say(
        "{head} is not a known column of the sheet '{sheet}'",
        head=quoted(head),
        sheet=rows.sheet.name,
    )
    remedy = say(
        "{hint} A column for notes is headed '# note'.", hint=hint(head, known)
    )
    return place.problem("", head, said, remedy)
