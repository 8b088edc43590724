"""How documented figures and their sources look as sheets of a workbook."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time

from sim.evidence.cells import Cells
from sim.evidence.columns import EVIDENCE_MEANINGS, SOURCE_MEANINGS, ColumnMeaning
from sim.evidence.row import CHOICES
from sim.evidence.sheets import text_in
from sim.evidence.table import SOURCE_COLUMNS
from sim.scenario.workbook.layout import EVIDENCE, SOURCES
from sim.scenario.workbook.looks import Head, Holds, LineLook, SheetLook
from sim.scenario.workbook.sheets import Held
from sim.scenario.workbook.values import moment_in, number_in

_ABOUT = (
    "Documented figures: one row for each number, with who says so, how sure it is and "
    "when it was published. Contradicting rows stand side by side. No data on persons, "
    "no place finer than a town."
)
_ABOUT_SOURCES = "Documents that the figures are from; each by its key."
_MOMENTS = ("since", "from", "to")
_VALUES = ("low", "best", "high")


def evidence_look(cells: Cells | None) -> SheetLook:
    """Return the sheet of figures; without any if there is no table."""
    heads = [_head(name) for name in _headed(cells, _COLUMNS)]
    lines = _lines(cells)
    return SheetLook(EVIDENCE, _ABOUT, heads, 1, lines, aside=False)


def sources_look(cells: Cells | None) -> SheetLook:
    """Return the sheet of sources; without any if there is no table."""
    heads = [
        Head(name, _OF_SOURCES.get(name, ""), needed=name == "key")
        for name in _headed(cells, SOURCE_COLUMNS)
    ]
    return SheetLook(SOURCES, _ABOUT_SOURCES, heads, 1, _lines(cells), aside=False)


def _plain(column: ColumnMeaning) -> str:
    return f"{column.meaning}".replace("`", "")


_COLUMNS = {column.name: column for column in EVIDENCE_MEANINGS}
_OF_SOURCES = {column.name: _plain(column) for column in SOURCE_MEANINGS}


def _headed(cells: Cells | None, known: Iterable[str]) -> Sequence[str]:
    """Return the columns of a table, and those that it may have besides."""
    there = cells.header if cells else ()
    return (*there, *(name for name in known if name not in there))


def _head(name: str) -> Head:
    column = _COLUMNS[name]
    holds: Holds = "moment" if name in _MOMENTS else "text"
    how = "choose" if name in CHOICES else "local time" if name in _MOMENTS else ""
    return Head(
        name,
        f"{_plain(column)}\n{'Required.' if column.needed else 'May be empty.'}",
        how or ("number or local time" if name in _VALUES else "text"),
        "number" if name in _VALUES else holds,
        column.needed,
        column.words,
        {"origin": ("sites",), "source": (SOURCES,)}.get(name, ()),
        several=name == "origin",
    )


def _lines(cells: Cells | None) -> list[LineLook]:
    return [
        LineLook({name: _held(text, name) for name, text in row.items() if text})
        for _, row in (cells.rows if cells else ())
    ]


def _held(text: str, column: str) -> Held:
    """Return what a spreadsheet holds best for a text; it reads as the same."""
    candidate: Held = text
    if column in (*_MOMENTS, *_VALUES, "published"):
        candidate = moment_in(text)
        if column in _VALUES and not isinstance(candidate, datetime):
            candidate = number_in(text)
    # A spreadsheet gives back the first minute of a day as the day itself.
    if isinstance(candidate, datetime) and candidate.time() == time():
        day = candidate.date()
        if text_in(day, column) != text:
            return text
        return day if column == "published" else candidate
    return candidate if text_in(candidate, column) == text else text
