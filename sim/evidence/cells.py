"""Read the cells of a table that somebody keeps in a spreadsheet.

What a spreadsheet may do to a whole table, such as another encoding or another mark
between cells, is told in one sentence, not once for each row or column.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sim.errors import EvidenceError
from sim.formulas import unguarded
from sim.messages import Sentence, Text, in_plain, joined, say
from sim.plain_file import plain_bytes
from sim.scenario.files import shown
from sim.scenario.problems import clipped, hint

Row = tuple[int, dict[str, str]]
"""Number of the row as a spreadsheet shows it, the header being 1, and its cells."""
_MOST_MB = 20
_UTF_16 = say("is UTF-16; save it as CSV UTF-8")
_WORKBOOK = say("is a workbook, not a table of text; save it as CSV UTF-8")
_FORMS = (
    (b"\xff\xfe", _UTF_16),
    (b"\xfe\xff", _UTF_16),
    (b"PK\x03\x04", _WORKBOOK),
    (b"\xd0\xcf\x11\xe0", _WORKBOOK),
)
_MARKS: dict[str, Text] = {",": "','", ";": "';'", "\t": say("tabs"), "|": "'|'"}
_FOR_EXCEL = re.compile("sep=.", re.IGNORECASE)
_TAG = re.compile(r"#[a-z]\w*(\s*\+\s*\w+)*", re.IGNORECASE)
"""A hashtag of the Humanitarian Exchange Language, hxlstandard.org, with attributes."""
_TURNS = frozenset(["LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"])
_NAMED = {
    "\n": say("the end of a line"),
    "\r": say("the end of a line"),
    "\t": say("a tab"),
    "\x1b": say("an escape character"),
}
_ALLOWED = frozenset("\u00ad\u061c\u200c\u200d\u200e\u200f")
"""Marks without a shape of their own that writing in some scripts needs."""


class CellProblem(NamedTuple):
    """What is wrong in one place of a table.

    Attributes
    ----------
    row : number, as in `Row`.
    column : empty if it is about the whole row.
    said : what is wrong, and what to do.
    """

    row: int
    column: str
    said: Text


@dataclass(frozen=True, slots=True)
class TableProblem:
    """One thing wrong with a table; as text, a sentence with its place.

    Attributes
    ----------
    place : where that is, as it stands before the sentence.
    row : number, as in `Row`; 0 if it is about the table as a whole.
    column : empty if it is about the whole row.
    said : what is wrong, and what to do.
    """

    place: Text
    row: int
    column: str
    said: Text

    def __str__(self) -> str:
        return in_plain(self.text)

    @property
    def text(self) -> Text:
        """Where it is, what is wrong and what to do."""
        return joined((self.place, self.said))


def of_table(path: Path, said: Text, row: int = 0) -> TableProblem:
    """Return what is wrong with a table as a whole, or with a row of it."""
    place: Text = say("{file}:", file=shown(path))
    if row:
        place = say("{file}:row {row}:", file=shown(path), row=row)
    return TableProblem(place, row, "", said)


class Cells(NamedTuple):
    """A table before anything in it is understood.

    Attributes
    ----------
    header : names of the columns.
    rows : those that can be understood.
    tagged : whether the second row holds HXL tags.
    problems : with other rows, and with the header.
    place : how a place of it is told, of a row and the name of a column.
    top : row of the header.
    """

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    tagged: bool
    problems: tuple[CellProblem, ...]
    place: Callable[[int, str], Text]
    top: int = 1

    def told(self, problems: Iterable[CellProblem]) -> tuple[TableProblem, ...]:
        """Return problems with their places, row after row."""
        return tuple(
            TableProblem(self.place(row, column), row, column, said)
            for row, column, said in sorted(problems, key=lambda each: each.row)
        )


def read_cells(path: Path, columns: Sequence[str], multiline: str = "") -> Cells:
    """Return the cells of a table of comma-separated values.

    Parameters
    ----------
    path : CSV file in UTF-8.
    columns : that it may have.
    multiline : the one in which a cell may have several lines.

    Raises
    ------
    EvidenceError
        If there is no table to be read.
    """
    lines = _lines(path, columns)
    header = tuple(name.strip() for name in lines[0])
    problems = [*unseen_in_header(header)]
    if not problems:
        problems += about_header(header, columns)
    rows: list[Row] = []
    tagged = False
    for number, line in enumerate(lines[1:], start=2):
        filled = [unguarded(cell.strip()) for cell in line]
        if not any(filled):
            continue
        if not rows and not tagged and _are_tags(filled):
            tagged = True
            continue
        found = tuple(_about_row(number, filled, header, multiline))
        problems += found
        if not found:
            rows.append((number, dict(zip(header, filled, strict=True))))
    return Cells(header, tuple(rows), tagged, tuple(problems), _placed_in(path))


def _placed_in(path: Path) -> Callable[[int, str], Text]:
    def place(row: int, column: str) -> Text:
        file = shown(path)
        if not column:
            return say("{file}:row {row}:", file=file, row=row)
        return say(
            "{file}:row {row}:{column}:", file=file, row=row, column=clip(column)
        )

    return place


def _lines(path: Path, columns: Sequence[str]) -> list[list[str]]:
    """Return the cells of all lines.

    Raises
    ------
    EvidenceError
        If it is no table.
    """
    try:
        raw = plain_bytes(path, _MOST_MB)
        for sign, form in _FORMS:
            if raw.startswith(sign):
                raise EvidenceError((of_table(path, form),))
        if b"\0" in raw:
            says: Text = say(
                "holds zeros between letters, as UTF-16 does; save it as CSV UTF-8"
            )
            raise EvidenceError((of_table(path, says),))
        text = raw.decode("utf-8-sig")
        lines = _parsed(text)
    except OSError as error:
        raise EvidenceError((of_table(path, unreadable(error)),)) from error
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        place = say("{file}:line {line}:", file=shown(path), line=line)
        says = say("is not UTF-8; save it as CSV UTF-8")
        raise EvidenceError((TableProblem(place, 0, "", says),)) from error
    except csv.Error as error:
        raise EvidenceError((_no_table(path, text, columns, error),)) from error
    if not lines or not any(cell.strip() for cell in lines[0]):
        says = say("is empty; the first row names the columns")
        raise EvidenceError((of_table(path, says, 1 if lines else 0),))
    if sentence := _not_by_commas(text, columns):
        raise EvidenceError((of_table(path, sentence, 1),))
    if _are_tags(cell.strip() for cell in lines[0]):
        says = say(
            "holds HXL tags; name the columns in the first row, and leave the tags in "
            "the second"
        )
        raise EvidenceError((of_table(path, says, 1),))
    return lines


def unreadable(error: OSError) -> Sentence:
    """Return that a file cannot be read, and why as the system words it."""
    return say("cannot be read: {why}", why=error.strerror)


def _parsed(text: str, mark: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))


def _no_table(
    path: Path, text: str, columns: Sequence[str], error: csv.Error
) -> TableProblem:
    if sentence := _not_by_commas(text, columns):
        return of_table(path, sentence, 1)
    says = say(
        "is not a CSV table ({error}); look for an open quotation mark",
        error=str(error),
    )
    return of_table(path, says)


def _not_by_commas(text: str, columns: Sequence[str]) -> Text:
    """Return what else lies between cells, and what to do; nothing if commas do."""
    first = text.splitlines()[0] if text else ""
    if _FOR_EXCEL.fullmatch(first.strip()):
        return say("is a line for Excel alone; save it as CSV with commas")

    def known(mark: str) -> int:
        names = [name.strip(" \"'") for name in first.split(mark)]
        return len(set(names).intersection(columns))

    mark = max(_MARKS, key=known)
    if known(mark) == known(","):
        return ""
    return say(
        "cells are separated by {mark}; save it as CSV with commas", mark=_MARKS[mark]
    )


def _are_tags(cells: Iterator[str] | Sequence[str]) -> bool:
    """Return whether a row holds nothing but HXL tags, as `#affected+killed`."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(map(_TAG.fullmatch, filled))


def unseen_in_header(header: Sequence[str]) -> Iterator[CellProblem]:
    """Yield what the names of columns hold that no editor shows."""
    for place, name in enumerate(header, start=1):
        for what in unseen(name):
            yield CellProblem(1, f"column {place}", holds(what))


def about_header(
    header: Sequence[str], columns: Sequence[str]
) -> Iterator[CellProblem]:
    """Yield names of columns that are none, or come twice."""
    for name in dict.fromkeys(header):
        if not name:
            says: Text = say("has a column without a name; name it or delete it")
            yield CellProblem(1, "", says)
        elif name not in columns:
            says = joined((say("is not a column."), hint(name, columns)))
            yield CellProblem(1, clip(name), says)
    for name in sorted({name for name in header if name and header.count(name) > 1}):
        yield CellProblem(1, clip(name), say("comes twice; keep one"))


def holds(what: Text) -> Sentence:
    """Return that something holds what no editor shows."""
    return say("holds {what}; delete it", what=what)


def _about_row(
    number: int, cells: Sequence[str], header: Sequence[str], multiline: str
) -> Iterator[CellProblem]:
    if tuple(cells) == tuple(header):
        yield CellProblem(number, "", say("repeats the header; delete it"))
    elif len(cells) > 1 and _are_tags(cells):
        says = say("holds HXL tags, which belong in the second row; move or delete it")
        yield CellProblem(number, "", says)
    elif len(cells) != len(header):
        says = say(
            "has {cells} cells, the header has {columns}; put cells with commas in "
            "quotation marks",
            cells=len(cells),
            columns=len(header),
        )
        yield CellProblem(number, "", says)
    else:
        for column, cell in zip(header, cells, strict=True):
            for what in unseen(cell, lines=column == multiline):
                yield CellProblem(number, column, holds(what))


def unseen(text: str, *, lines: bool = False) -> Iterator[Text]:
    """Yield what a text holds that no editor shows, each once, in words.

    Such characters make two names look alike, hide digits, or turn the order in which
    a line is read.

    Parameters
    ----------
    lines : whether tabs and the ends of lines are fine.
    """
    if text.isascii() and text.isprintable():
        return
    for letter in dict.fromkeys(text):
        if lines and letter in "\n\r\t":
            continue
        if what := _unseen(letter):
            yield say("{what} ({code})", what=what, code=f"U+{ord(letter):04X}")


def _unseen(letter: str) -> Sentence | None:
    if letter in _NAMED:
        return _NAMED[letter]
    if unicodedata.bidirectional(letter) in _TURNS:
        return say("a character that turns the direction of the text")
    category = unicodedata.category(letter)
    if category in {"Cc", "Zl", "Zp"}:
        return say("a control character")
    if category in {"Cf", "Cn", "Co", "Cs"} and letter not in _ALLOWED:
        return say("a character that no editor shows")
    return None


def clip(text: str) -> str:
    """Return a text on one line, not too long, without what no editor shows."""
    return clipped("".join("?" if _unseen(letter) else letter for letter in text))
