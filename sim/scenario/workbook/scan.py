"""Looks through the parts of a workbook before the reader does.

The reader makes room for what a part announces, and takes cells that hold an error for
empty; so both are looked at here, with a parser that only passes by.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from sim.messages import Number, Text, say
from sim.scenario.problems import RefusedError
from sim.scenario.workbook.archive import DAMAGED

At = tuple[int, int]
"""Row and column, counted from 1."""
_MOST_CELLS = 1_000_000
"""In the rectangle around all that are filled."""
_MOST_ROWS, _MOST_COLUMNS = 20_000, 1_000
_MOST_ANNOUNCED = 1_000_000
_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
_ROW = re.compile(r"[1-9]\d{0,6}", re.ASCII)
_COUNTS = ("count", "uniqueCount")
_IN_TEXT = ("str", "inlineStr", "s")


def check_counts(part: bytes) -> None:
    """Check that a part announces no more than it can hold.

    Raises
    ------
    RefusedError
        If it does, or is no XML.
    """

    def begin(_: str, attributes: dict[str, str]) -> None:
        for name in _COUNTS:
            said = attributes.get(name, "0")
            if not said.isdecimal() or len(said) > 7 or int(said) > _MOST_ANNOUNCED:
                raise RefusedError(*DAMAGED)

    _parse(part, begin)


def broken_cells(part: bytes, sheet: str) -> dict[At, Text]:
    """Return cells of a sheet that hold nothing to be read, and what they hold.

    Parameters
    ----------
    part : of the workbook.
    sheet : its name, for sentences.

    Raises
    ------
    RefusedError
        If the sheet is larger than is read, or damaged.
    """
    scan = _Scan()
    _parse(part, scan.begin, scan.end, scan.text)
    rows, columns = scan.last
    if rows > _MOST_ROWS or columns > _MOST_COLUMNS or rows * columns > _MOST_CELLS:
        raise RefusedError(
            say(
                "the sheet '{sheet}' reaches to row {rows} and column {columns}",
                sheet=sheet,
                rows=Number(rows, ",.0f"),
                columns=Number(columns, ",.0f"),
            ),
            say("Delete the rows and columns beyond what is filled in."),
        )
    return scan.broken


@dataclass(slots=True)
class _Scan:
    """What has been seen of a sheet."""

    broken: dict[At, Text] = field(default_factory=dict)
    last: At = (0, 0)
    _at: At = (0, 0)
    _type: str = ""
    _inside: str = ""
    _has_formula: bool = False
    _is_filled: bool = False
    _value: str = ""

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        """Note where a cell is, and what is in it."""
        match tag.rpartition(":")[2]:
            case "row":
                self._at = (_row(attributes.get("r"), self._at[0]), 0)
            case "c":
                self._at = _cell(attributes.get("r"), self._at)
                self._type = attributes.get("t", "n")
                self._has_formula = self._is_filled = False
                self._value = ""
            case "f":
                self._has_formula = self._is_filled = True
            case "v" | "is":
                self._inside, self._is_filled = "v", True

    def text(self, said: str) -> None:
        """Note the value of a cell."""
        if self._inside:
            self._value += said

    def end(self, tag: str) -> None:
        """Note what a cell holds that cannot be read."""
        match tag.rpartition(":")[2]:
            case "v" | "is":
                self._inside = ""
            case "c" if self._is_filled:
                self.last = (
                    max(self.last[0], self._at[0]),
                    max(self.last[1], self._at[1]),
                )
                if self._type == "e":
                    self.broken[self._at] = say(
                        "the error {value}", value=self._value or "#VALUE!"
                    )
                elif (
                    self._has_formula and not self._value and self._type not in _IN_TEXT
                ):
                    self.broken[self._at] = say(
                        "a formula of which no result was saved"
                    )


def _row(said: str | None, before: int) -> int:
    """Return the number of a row, which comes after the one before if it has none.

    Raises
    ------
    RefusedError
        If it is no number that a row can have.
    """
    if said is None:
        return before + 1
    if not _ROW.fullmatch(said):
        raise RefusedError(*DAMAGED)
    return int(said)


def _cell(said: str | None, before: At) -> At:
    """Return the place of a cell, which comes after the one before if it has none.

    Raises
    ------
    RefusedError
        If it is no place that a cell can have.
    """
    if said is None:
        return before[0], before[1] + 1
    found = _CELL.fullmatch(said)
    if found is None:
        raise RefusedError(*DAMAGED)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column


def _parse(
    part: bytes,
    begin: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Pass by the elements of a part.

    Raises
    ------
    RefusedError
        If it is no XML.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, LookupError) as error:  # or an encoding that is none
        raise RefusedError(*DAMAGED) from error
