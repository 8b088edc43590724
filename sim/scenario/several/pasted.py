"""Lines that somebody copied out of a spreadsheet, as cells by the name of a column."""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sim.messages import Text, say
from sim.scenario.problems import (
    RefusedError,
    choice,
    clipped,
    quoted,
    with_remedy,
)

MOST_LINES = 200
_LONGEST = 1_000
_MARKS = ("\t", ";", ",")
_UNSEEN = "\ufeff\u200b\u200e\u200f\u061c"
"""Marks that a copy may bring along at the ends of a cell."""
_GROUPED = re.compile(r"([0-9]{1,3})(?:[.,'\u2019\u066b\u066c\s][0-9]{3})+")
NAME, KEY = "name", "key"


class WrongLine(NamedTuple):
    """What is wrong with a line.

    Attributes
    ----------
    number : counted from 1, empty lines too; 0 if it is about all of them.
    said : what is wrong, and what to do.
    """

    number: int
    said: Text


class PastedRows(NamedTuple):
    """What lines say.

    Attributes
    ----------
    rows : of the lines with which nothing is wrong.
    wrong : with the others.
    heads : in the first line, in words of its own, with the columns that they are taken
        for.
    """

    rows: list["PastedRow"]
    wrong: list[WrongLine]
    heads: tuple[tuple[str, str], ...] = ()


class PastedRow(NamedTuple):
    """A line that says something of a part.

    Attributes
    ----------
    number : as of `WrongLine`.
    cells : by the name of the column; none that is empty.
    """

    number: int
    cells: Mapping[str, str]


def read_rows(
    text: str, needed: Sequence[str], others: Sequence[str] = ()
) -> PastedRows:
    """Return what lines say.

    Between cells stand tabs, or else semicolons, or else commas. The first line may
    name the columns; the first of these is the name, whatever it is called. Heads in
    other words are passed over, if no column is named in another place than its own.

    Parameters
    ----------
    text : as it was pasted.
    needed : columns that have to be there besides the name, in their order.
    others : columns that may follow them.
    """
    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip(f" \t;,{_UNSEEN}")
    ]
    if not lines:
        return PastedRows([], [WrongLine(0, _NOTHING)])
    if len(lines) > MOST_LINES + 1:
        said = say(
            "{count} lines are more than {most} at once. Paste them in parts.",
            count=len(lines),
            most=MOST_LINES,
        )
        return PastedRows([], [WrongLine(0, said)])
    mark = next((m for m in _MARKS if any(m in line for _, line in lines)), "\t")
    found, wrong = _cells(lines, mark)
    columns: Sequence[str] = (NAME, *needed, *others)
    taken_for: tuple[tuple[str, str], ...] = ()
    if found and _names_columns(found[0][1], (*columns, KEY)):
        (number, heads), *found = found
        named = [NAME, *(each.casefold() for each in heads[1:])]
        if _are_in_order(named, columns):
            pairs = zip(heads, columns, strict=False)
            taken_for = tuple((head, each) for head, each in pairs if head)
        else:
            columns = named
        problems = [*_about_heads(columns, needed, others)]
        if problems:
            wrong += (WrongLine(number, each) for each in problems)
            return PastedRows([], wrong)
    rows = []
    for number, cells in found:
        if unfit := _misfit(cells, columns, needed, mark):
            wrong.append(WrongLine(number, unfit))
        else:
            by_column = zip(columns, cells, strict=False)
            said_in = {column: cell for column, cell in by_column if cell}
            rows.append(PastedRow(number, said_in))
    return PastedRows(rows, sorted(wrong, key=lambda each: each.number), taken_for)


def whole_number(text: str) -> int:
    """Return the number in a cell; digits of any script are digits.

    Raises
    ------
    RefusedError
        If it is none that can be read in one way.
    """
    plain = "".join(str(unicodedata.decimal(sign, sign)) for sign in text)
    if re.fullmatch("[0-9]{1,9}", plain):
        return int(plain)
    if _GROUPED.fullmatch(plain):
        raise RefusedError(
            say("{text} may be read in two ways", text=quoted(text)),
            say("Write {digits}, in digits alone.", digits=re.sub("[^0-9]", "", plain)),
        )
    raise RefusedError(
        say("{text} is not a whole number", text=quoted(text)),
        say("Write one in digits alone, as 1200."),
    )


_NOTHING = say("There is no line. Paste some, one for each.")


def _cells(
    lines: Sequence[tuple[int, str]], mark: str
) -> tuple[list[tuple[int, list[str]]], list[WrongLine]]:
    """Return the cells of each line, and of which lines there are none."""
    found: list[tuple[int, list[str]]] = []
    wrong = []
    for number, line in lines:
        if len(line) > _LONGEST:
            said = say(
                "this line has {count} letters, more than {most}: {line}",
                count=len(line),
                most=_LONGEST,
                line=clipped(line),
            )
            wrong.append(WrongLine(number, said))
            continue
        try:
            (cells,) = csv.reader([line.strip(_UNSEEN)], delimiter=mark, strict=True)
        except csv.Error:
            said = say(
                "a quotation mark is not closed, or stands within a cell: {line}",
                line=clipped(line),
            )
            wrong.append(WrongLine(number, said))
            continue
        tidy = [" ".join(each.split()).strip(f" {_UNSEEN}") for each in cells]
        while not tidy[-1]:
            tidy.pop()
        found.append((number, tidy))
    return found, wrong


def _names_columns(cells: Sequence[str], columns: Sequence[str]) -> bool:
    """Return whether a line names columns, and is no part by itself."""
    known = any(each.casefold() in columns for each in cells)
    return known or not any(map(str.isdigit, "".join(cells)))


def _are_in_order(named: Sequence[str], columns: Sequence[str]) -> bool:
    """Return whether heads in words of their own may be taken for columns in order."""
    if set(named) <= {*columns, KEY} or len(named) > len(columns):
        return False
    pairs = zip(named, columns, strict=False)
    return all(head == each or head not in (*columns, KEY) for head, each in pairs)


def _about_heads(
    columns: Sequence[str], needed: Sequence[str], others: Sequence[str]
) -> Iterator[Text]:
    known = (NAME, *needed, *others, KEY)
    for each in dict.fromkeys(columns):
        if each not in known:
            yield with_remedy(
                say("{name} is not a column here", name=quoted(each)),
                say("Known: {names}.", names=choice(known)),
            )
        elif columns.count(each) > 1:
            yield say("the column {name} is there twice. Keep one.", name=quoted(each))
    for each in needed:
        if each not in columns:
            yield say("there is no column {name}. Add it.", name=quoted(each))


def _misfit(
    cells: Sequence[str], columns: Sequence[str], needed: Sequence[str], mark: str
) -> Text:
    """Return why cells are not those of the columns; nothing if they are."""
    if len(cells) > len(columns):
        said = say(
            "there are {count} cells in {line}, more than the columns: {columns}.",
            count=len(cells),
            line=quoted(" | ".join(cells)),
            columns=choice(columns),
        )
        more = say(
            "A number with a comma in it was cut in two: write '1200', not '1,200'."
        )
        return say("{said} {more}", said=said, more=more) if mark == "," else said
    if not cells[0]:
        return say("there is no name in {line}.", line=quoted(" | ".join(cells)))
    given = {name for name, cell in zip(columns, cells, strict=False) if cell}
    missing = [each for each in needed if each not in given]
    if missing:
        return say(
            "nothing is said of {columns} in {line}. Write 0 where there is none.",
            columns=choice(missing),
            line=quoted(" | ".join(cells)),
        )
    return ""
