"""What is wrong with a scenario, where, and what to do about it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

_WIDEST = 100
_DIGITS = 15
"""Of a number that a spreadsheet keeps, and that is read as the same again."""


class RefusedError(ValueError):
    """A text does not say what it should. Args: what is wrong, what to do."""

    def __str__(self) -> str:
        problem, remedy = self.args
        return f"{problem}. {remedy}" if remedy else str(problem)


def cell_name(sheet: str, row: int, column: int) -> str:
    """Return a cell as spreadsheets name it, as in `flows!C7`.

    Parameters
    ----------
    row, column : counted from 1; the name is that of the sheet if there is no row.
    """
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{sheet}!{letters}{row}" if row else sheet


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a scenario; as text, a sentence and the line it is in.

    Attributes
    ----------
    file : name of the file, empty for data that came from a program.
    line, column : counted from 1; 0 if there is no file. In a workbook the row and
        the column of a cell.
    path : dotted path of the field, empty for the file as a whole.
    value : the text found there.
    problem : what is wrong with it.
    remedy : what to do.
    source : the line of the file.
    sheet : of a workbook; empty for a file of another kind.
    """

    file: str
    line: int
    column: int
    path: str
    value: str
    problem: str
    remedy: str = ""
    source: str = ""
    sheet: str = ""

    def __str__(self) -> str:
        if not self.source.strip():
            return self.sentence
        return f"{self.sentence}\n{self._excerpt()}"

    @property
    def sentence(self) -> str:
        """Where it is, what is wrong and what to do, without the line of the file."""
        place = [self.file] if self.file else []
        if self.sheet:
            place = [f"{self.file}:{cell_name(self.sheet, self.line, self.column)}"]
        elif self.line:
            place = [f"{self.file}:{self.line}:{self.column}"]
        if self.path:
            place.append(clipped(self.path))
        sentence = ": ".join([*place, self.problem])
        return f"{sentence}. {self.remedy}" if self.remedy else sentence

    def _excerpt(self) -> str:
        """Return the line, clipped around the column, with a caret below."""
        first = max(0, min(self.column - 1 - _WIDEST // 2, len(self.source) - _WIDEST))
        shown = self.source[first : first + _WIDEST]
        margin = f"{self.line:>6} | "
        caret = " " * (len(margin) - 2) + "| " + " " * (self.column - 1 - first) + "^"
        return f"{margin}{shown}\n{caret}"


def clipped(text: str, widest: int = 60) -> str:
    """Return `text` on one line and no wider than `widest`."""
    flat = " ".join(text.split())
    return flat if len(flat) <= widest else flat[: widest - 3] + "..."


def quoted(text: str) -> str:
    """Return `text` in quotation marks, clipped."""
    return f"'{clipped(text)}'"


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Return the known name most like `word`, or nothing.

    Parameters
    ----------
    word : in capital letters or small ones.
    known : names.
    cutoff : how much it must be alike, from 0 to 1.
    """
    names: dict[str, str] = {}
    for name in known:
        names.setdefault(name.casefold(), name)
    match = get_close_matches(word[:100].casefold(), list(names), n=1, cutoff=cutoff)
    return names[match[0]] if match else ""


def choice(known: Iterable[str], most: int = 8) -> str:
    """Return the names that are allowed, as a short list."""
    names = list(known)
    if not names:
        return "none is given"
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def listed(names: Iterable[str]) -> str:
    """Return names as they stand in a sentence."""
    *first, last = (f"'{name}'" for name in names)
    return f"{', '.join(first)} and {last}" if first else last


def as_name(text: str) -> str:
    """Return the name most like a text: its lower-case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60]


def meant(word: str, known: Iterable[str]) -> str:
    """Return "Did you mean ...?", or nothing if no known name is like `word`."""
    match = nearest(word, known)
    return f"Did you mean '{match}'?" if match else ""


def hint(word: str, known: Iterable[str]) -> str:
    """Return the remedy for an unknown name: the nearest one, or what there is."""
    names = list(known)
    return meant(word, names) or f"Known: {choice(names)}."


def number_text(value: float) -> str:
    """Return a number as people and spreadsheets write it, without needless zeros."""
    if float(value).is_integer() and abs(value) < 10**_DIGITS:
        return str(int(value))
    return f"{value:.{_DIGITS}g}"
