"""The cells of a workbook, each as the spreadsheet holds it."""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree  # entities are refused before

from sim.errors import ScenarioError
from sim.scenario.nodes import Place, Source
from sim.scenario.problems import RefusedError
from sim.scenario.workbook.archive import parts_of

Held = str | int | float | bool | datetime | date | time | timedelta
"""What a cell may hold."""
_MOST_CELLS = 1_000_000
"""In the rectangle around all that are filled: the reader makes room for it."""
_MOST_ROWS, _MOST_COLUMNS = 20_000, 1_000
_CELL = re.compile(
    rb"<(?:\w+:)?(?:row((?:\s[^>]*)?)>|"
    rb"c((?:\s[^>]*?)?)(?:/>|>(.*?)</(?:\w+:)?c\s*>))",
    re.DOTALL,
)
_AT = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})(\d{1,7})["']""")
_IS_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_HAS_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>(.*?)</", re.DOTALL)
_IS_TEXT = re.compile(rb"""\bt\s*=\s*["'](?:str|inlineStr)["']""")
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_DAMAGED = ("the workbook is damaged", "Open it in a spreadsheet and save it anew.")
At = tuple[int, int]
"""Row and column, counted from 1."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook.

    Attributes
    ----------
    source : the file and this sheet.
    cells : what is in those that are filled.
    broken : cells that hold an error, or a formula of which no result was saved.
    merged : first and last cell of each merged range.
    hidden : whether a reader of the workbook does not see it.
    """

    source: Source
    cells: Mapping[At, Held]
    broken: Mapping[At, str] = field(default_factory=dict)
    merged: tuple[tuple[At, At], ...] = ()
    hidden: bool = False

    @property
    def name(self) -> str:
        """Its name, without blanks around it."""
        return self.source.sheet

    def place(self, at: At) -> Place:
        """Return the place of a cell."""
        return Place(self.source, *at)


def read_sheets(data: bytes, name: str, folder: Path | None) -> list[Sheet]:
    """Return the sheets of a workbook, in its order.

    Parameters
    ----------
    data : contents of the file.
    name : of the file, for sentences.
    folder : in which it lies.

    Raises
    ------
    ScenarioError
        If it cannot be read.
    """
    try:
        return list(_sheets(data, name, folder))
    except RefusedError as refusal:
        problem = Place(Source(name)).problem("", "", *refusal.args)
        raise ScenarioError((problem,)) from refusal


def _sheets(data: bytes, name: str, folder: Path | None) -> Iterator[Sheet]:
    """Yield the sheets of a workbook.

    Raises
    ------
    RefusedError
        If it cannot be read.
    """
    # A scenario that is a text need not wait for it.
    from python_calamine import (  # noqa: PLC0415
        CalamineError,
        CalamineWorkbook,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    parts = parts_of(data)
    files = _files(parts)
    scans = {}
    for sheet, file in files.items():
        scans[sheet] = _scanned(parts.get(file, b""), sheet)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            found = book.get_sheet_by_name(about.name)
            yield Sheet(
                Source(name, (), folder, about.name.strip()),
                dict(_filled(found.to_python(skip_empty_area=False))),
                scans.get(about.name, {}),
                tuple(_from_one(found.merged_cell_ranges or ())),
                about.visible != SheetVisibleEnum.Visible,
            )
    except CalamineError as error:
        raise RefusedError(*_DAMAGED) from error


def _filled(rows: list[list[Held]]) -> Iterator[tuple[At, Held]]:
    for row, values in enumerate(rows, start=1):
        for column, value in enumerate(values, start=1):
            if value != "" and not (isinstance(value, str) and not value.strip()):
                yield (row, column), value


def _from_one(ranges: object) -> Iterator[tuple[At, At]]:
    for (top, left), (bottom, right) in ranges:  # type: ignore[attr-defined] # pairs
        yield (top + 1, left + 1), (bottom + 1, right + 1)


def _files(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the part of each sheet, by its name.

    Raises
    ------
    RefusedError
        If the workbook does not say it.
    """
    relations = parts.get("xl/_rels/workbook.xml.rels", b"<none/>")
    try:
        targets = {
            each.get("Id"): each.get("Target", "") for each in _parsed(relations).iter()
        }
        sheets = [
            (each.get("name", ""), each.get(_ID) or each.get(_STRICT_ID))
            for each in _parsed(parts["xl/workbook.xml"]).iter()
            if each.tag.rpartition("}")[2] == "sheet"
        ]
    except ElementTree.ParseError as error:
        raise RefusedError(*_DAMAGED) from error
    return {name: _part(targets.get(key, "")) for name, key in sheets}


def _parsed(part: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(part)  # noqa: S314 - entities are refused before


def _part(target: str) -> str:
    path = PurePosixPath("/xl") / target
    return str(path).removeprefix("/")


def _scanned(part: bytes, sheet: str) -> dict[At, str]:
    """Return cells that hold nothing to be read, and what they hold instead.

    The reader takes them for empty. It also makes room for every cell within the
    bounds of those that are filled, so that these are looked at first.

    Raises
    ------
    RefusedError
        If the sheet is larger than is read.
    """
    broken: dict[At, str] = {}
    row = column = 0
    at = (0, 0)
    for of_row, of_cell, contents in _CELL.findall(part):
        place = _AT.search(of_row or of_cell)
        if of_row:
            at = (int(place[2]) if place else at[0] + 1, 0)
            continue
        at = (int(place[2]), _number(place[1])) if place else (at[0], at[1] + 1)
        if not contents:
            continue
        row, column = max(row, at[0]), max(column, at[1])
        if what := _broken(of_cell, contents):
            broken[at] = what
    if row > _MOST_ROWS or column > _MOST_COLUMNS or row * column > _MOST_CELLS:
        raise RefusedError(
            f"the sheet '{sheet}' reaches to row {row:,} and column {column:,}",
            "Delete the rows and columns beyond what is filled in.",
        )
    return broken


def _broken(attributes: bytes, contents: bytes) -> str:
    """Return what a cell holds that is no value; nothing if it is one."""
    value = _VALUE.search(contents)
    saved = value[1] if value else b""
    if _IS_ERROR.search(attributes):
        return f"the error {saved.decode('utf-8', 'replace') or '#VALUE!'}"
    formula = _HAS_FORMULA.search(contents)
    if formula and not saved and not _IS_TEXT.search(attributes):
        return "a formula of which no result was saved"
    return ""


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
