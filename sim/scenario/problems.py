"""What is wrong with a scenario, where, and what to do about it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from sim.messages import Sentence, Text, in_plain, joined, say
from sim.messages import listed as in_a_list

_WIDEST = 100
_DIGITS = 15
"""Of a number that a spreadsheet keeps, and that is read as the same again."""


class RefusedError(ValueError):
    """A text does not say what it should. Args: what is wrong, what to do (`Text`)."""

    def __str__(self) -> str:
        return in_plain(with_remedy(*self.args))


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


def with_remedy(said: Text, advice: Text) -> Text:
    """Return what is wrong and what to do, as one text."""
    return say("{problem}. {remedy}", problem=said, remedy=advice) if advice else said


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
    said : what is wrong with it; a string is English that is no message.
    advice : what to do; empty if there is nothing to say.
    source : the line of the file.
    sheet : of a workbook; empty for a file of another kind.
    """

    file: str
    line: int
    column: int
    path: str
    value: str
    said: Text
    advice: Text = ""
    source: str = ""
    sheet: str = ""

    def __str__(self) -> str:
        if not self.source.strip():
            return self.sentence
        return f"{self.sentence}\n{self._excerpt()}"

    @property
    def problem(self) -> str:
        """What is wrong, in English."""
        return in_plain(self.said)

    @property
    def remedy(self) -> str:
        """What to do, in English."""
        return in_plain(self.advice)

    @property
    def text(self) -> Text:
        """Where it is, what is wrong and what to do, without the line of the file."""
        place = [self.file] if self.file else []
        if self.sheet:
            place = [f"{self.file}:{cell_name(self.sheet, self.line, self.column)}"]
        elif self.line:
            place = [f"{self.file}:{self.line}:{self.column}"]
        if self.path:
            place.append(clipped(self.path))
        return joined((*place, with_remedy(self.said, self.advice)), ": ")

    @property
    def sentence(self) -> str:
        """The same in English."""
        return in_plain(self.text)

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


def quoted(text: str) -> Sentence:
    """Return `text` in quotation marks, clipped."""
    return say("'{text}'", text=clipped(text))


_MOST_COMPARED = 1_000
"""Names that one is compared with: of more, those of a table of any length, it would
take longer than whoever waits for an answer has."""


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Return the known name most like `word`, or nothing.

    Parameters
    ----------
    word : in capital letters or small ones.
    known : names; of very many none is called like another.
    cutoff : how much it must be alike, from 0 to 1.
    """
    every = tuple(known)
    if len(every) > _MOST_COMPARED:
        return ""
    names: dict[str, str] = {}
    for name in every:
        names.setdefault(name.casefold(), name)
    match = get_close_matches(word[:100].casefold(), list(names), n=1, cutoff=cutoff)
    return names[match[0]] if match else ""


def choice(known: Iterable[str], most: int = 8) -> Text:
    """Return the names that are allowed, as a short list."""
    names = list(known)
    if not names:
        return say("none is given")
    shown = joined(names[:most], ", ")
    if len(names) <= most:
        return shown
    return say("{names} and {count} more", names=shown, count=len(names) - most)


def listed(names: Iterable[str]) -> Text:
    """Return names as they stand in a sentence."""
    return in_a_list(say("'{text}'", text=name) for name in names)


def as_name(text: str) -> str:
    """Return the name most like a text: its lower-case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60]


def meant(word: str, known: Iterable[str]) -> Text:
    """Return "Did you mean ...?", or nothing if no known name is like `word`."""
    match = nearest(word, known)
    return did_you_mean(match) if match else ""


def did_you_mean(text: str) -> Sentence:
    """Return the question whether a text was meant."""
    return say("Did you mean '{text}'?", text=text)


def hint(word: str, known: Iterable[str]) -> Text:
    """Return the remedy for an unknown name: the nearest one, or what there is."""
    names = list(known)
    return meant(word, names) or say("Known: {names}.", names=choice(names))


def number_text(value: float) -> str:
    """Return a number as people and spreadsheets write it, without needless zeros."""
    if float(value).is_integer() and abs(value) < 10**_DIGITS:
        return str(int(value))
    return f"{value:.{_DIGITS}g}"
