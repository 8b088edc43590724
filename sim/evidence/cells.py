"""Read the cells of a table that somebody keeps in a spreadsheet.

What a spreadsheet may do to a whole table, such as another encoding or another mark
between cells, is told in one sentence, not once for each row or column.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sim.errors import EvidenceError
from sim.plain_file import plain_bytes
from sim.scenario.problems import clipped, hint

Row = tuple[int, dict[str, str]]
"""Number of the row as a spreadsheet shows it, the header being 1, and its cells."""
_MOST_MB = 20
_FORMS = (
    (b"\xff\xfe", "is UTF-16; save it as CSV UTF-8"),
    (b"\xfe\xff", "is UTF-16; save it as CSV UTF-8"),
    (b"PK\x03\x04", "is a workbook, not a table of text; save it as CSV UTF-8"),
    (b"\xd0\xcf\x11\xe0", "is a workbook, not a table of text; save it as CSV UTF-8"),
)
_MARKS = {",": "','", ";": "';'", "\t": "tabs", "|": "'|'"}
_FOR_EXCEL = re.compile("sep=.", re.IGNORECASE)
_TAG = re.compile(r"#[a-z]\w*(\s*\+\s*\w+)*", re.IGNORECASE)
"""A hashtag of the Humanitarian Exchange Language, hxlstandard.org, with attributes."""
_TURNS = frozenset(["LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"])
_NAMED = {
    "\n": "the end of a line",
    "\r": "the end of a line",
    "\t": "a tab",
    "\x1b": "an escape character",
}
_ALLOWED = frozenset("\u00ad\u061c\u200c\u200d\u200e\u200f")
"""Marks without a shape of their own that writing in some scripts needs."""


class CellProblem(NamedTuple):
    """What is wrong in one place of a table.

    Attributes
    ----------
    row : number, as in `Row`.
    column : empty if it is about the whole row.
    sentence : what is wrong, and what to do.
    """

    row: int
    column: str
    sentence: str


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
    place: Callable[[int, str], str]
    top: int = 1

    def told(self, problems: Iterable[CellProblem]) -> tuple[str, ...]:
        """Return problems as sentences, row after row."""
        return tuple(
            f"{self.place(row, column)} {sentence}"
            for row, column, sentence in sorted(problems, key=lambda each: each.row)
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
        filled = [cell.strip() for cell in line]
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


def _placed_in(path: Path) -> Callable[[int, str], str]:
    def place(row: int, column: str) -> str:
        return f"{path}:row {row}:{clip(column)}{':' if column else ''}"

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
        for sign, sentence in _FORMS:
            if raw.startswith(sign):
                raise EvidenceError((f"{path}: {sentence}",))
        if b"\0" in raw:
            says = "holds zeros between letters, as UTF-16 does; save it as CSV UTF-8"
            raise EvidenceError((f"{path}: {says}",))
        text = raw.decode("utf-8-sig")
        lines = _parsed(text)
    except OSError as error:
        raise EvidenceError((f"{path}: cannot be read: {error.strerror}",)) from error
    except UnicodeDecodeError as error:
        place = raw.count(b"\n", 0, error.start) + 1
        raise EvidenceError(
            (f"{path}:line {place}: is not UTF-8; save it as CSV UTF-8",)
        ) from error
    except csv.Error as error:
        raise EvidenceError((_no_table(path, text, columns, error),)) from error
    if not lines or not any(cell.strip() for cell in lines[0]):
        row = ":row 1" if lines else ""
        raise EvidenceError(
            (f"{path}{row}: is empty; the first row names the columns",)
        )
    if sentence := _not_by_commas(text, columns):
        raise EvidenceError((f"{path}:row 1: {sentence}",))
    if _are_tags(cell.strip() for cell in lines[0]):
        raise EvidenceError(
            (
                f"{path}:row 1: holds HXL tags; name the columns in the first row, and "
                "leave the tags in the second",
            )
        )
    return lines


def _parsed(text: str, mark: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))


def _no_table(path: Path, text: str, columns: Sequence[str], error: csv.Error) -> str:
    if sentence := _not_by_commas(text, columns):
        return f"{path}:row 1: {sentence}"
    return f"{path}: is not a CSV table ({error}); look for an open quotation mark"


def _not_by_commas(text: str, columns: Sequence[str]) -> str:
    """Return what else lies between cells, and what to do; nothing if commas do."""
    first = text.splitlines()[0] if text else ""
    if _FOR_EXCEL.fullmatch(first.strip()):
        return "is a line for Excel alone; save it as CSV with commas"

    def known(mark: str) -> int:
        names = [name.strip(" \"'") for name in first.split(mark)]
        return len(set(names).intersection(columns))

    mark = max(_MARKS, key=known)
    if known(mark) == known(","):
        return ""
    return f"cells are separated by {_MARKS[mark]}; save it as CSV with commas"


def _are_tags(cells: Iterator[str] | Sequence[str]) -> bool:
    """Return whether a row holds nothing but HXL tags, as `#affected+killed`."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(map(_TAG.fullmatch, filled))


def unseen_in_header(header: Sequence[str]) -> Iterator[CellProblem]:
    """Yield what the names of columns hold that no editor shows."""
    for place, name in enumerate(header, start=1):
        for what in unseen(name):
            yield CellProblem(1, f"column {place}", f"holds {what}; delete it")


def about_header(
    header: Sequence[str], columns: Sequence[str]
) -> Iterator[CellProblem]:
    """Yield names of columns that are none, or come twice."""
    for name in dict.fromkeys(header):
        if not name:
            yield CellProblem(
                1, "", "has a column without a name; name it or delete it"
            )
        elif name not in columns:
            says = f"is not a column. {hint(name, columns)}"
            yield CellProblem(1, clip(name), says)
    for name in sorted({name for name in header if name and header.count(name) > 1}):
        yield CellProblem(1, clip(name), "comes twice; keep one")


def _about_row(
    number: int, cells: Sequence[str], header: Sequence[str], multiline: str
) -> Iterator[CellProblem]:
    if tuple(cells) == tuple(header):
        yield CellProblem(number, "", "repeats the header; delete it")
    elif len(cells) > 1 and _are_tags(cells):
        says = "holds HXL tags, which belong in the second row; move or delete it"
        yield CellProblem(number, "", says)
    elif len(cells) != len(header):
        says = (
            f"has {len(cells)} cells, the header has {len(header)}; put cells with "
            "commas in quotation marks"
        )
        yield CellProblem(number, "", says)
    else:
        for column, cell in zip(header, cells, strict=True):
            for what in unseen(cell, lines=column == multiline):
                yield CellProblem(number, column, f"holds {what}; delete it")


def unseen(text: str, *, lines: bool = False) -> Iterator[str]:
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
            yield f"{what} (U+{ord(letter):04X})"


def _unseen(letter: str) -> str:
    if letter in _NAMED:
        return _NAMED[letter]
    if unicodedata.bidirectional(letter) in _TURNS:
        return "a character that turns the direction of the text"
    category = unicodedata.category(letter)
    if category in {"Cc", "Zl", "Zp"}:
        return "a control character"
    if category in {"Cf", "Cn", "Co", "Cs"} and letter not in _ALLOWED:
        return "a character that no editor shows"
    return ""


def clip(text: str) -> str:
    """Return a text on one line, not too long, without what no editor shows."""
    return clipped("".join("?" if _unseen(letter) else letter for letter in text))
