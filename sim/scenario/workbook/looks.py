"""How a sheet looks, before it is drawn: its heads, what may be chosen, what is said.

Whoever has a table for planners says it so; `excel` draws it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from sim.scenario.workbook.sheets import Held

Holds = Literal["text", "number", "moment"]
NOTE_HEAD = "# note"


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a sheet.

    Attributes
    ----------
    name : at its head.
    about : what it means, in a comment.
    how : in a few words, what is written in it.
    holds : what a spreadsheet should take what is typed for.
    needed : whether no row may leave it empty.
    words : of which one is chosen.
    names_from : sheets in whose last column of keys the names stand.
    several : whether a cell may hold more than one of them.
    """

    name: str
    about: str = ""
    how: str = ""
    holds: Holds = "text"
    needed: bool = False
    words: tuple[str, ...] = ()
    names_from: tuple[str, ...] = ()
    several: bool = False


@dataclass(frozen=True, slots=True)
class LineLook:
    """A row: what is in its cells, by the name of the column, and a note."""

    cells: dict[str, Held]
    note: str = ""


@dataclass(slots=True)
class SheetLook:
    """A sheet as it is to be drawn.

    Attributes
    ----------
    name : of the sheet.
    about : what it is for.
    heads : its columns.
    keys : how many of them say what a row is about.
    lines : its rows.
    notes : what is said of all of it.
    fixed : whether no further rows are written below.
    aside : whether there is a column for notes.
    """

    name: str
    about: str
    heads: Sequence[Head]
    keys: int
    lines: list[LineLook] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    fixed: bool = False
    aside: bool = True
