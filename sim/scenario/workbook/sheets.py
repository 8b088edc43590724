"""The cells of a workbook, each as the spreadsheet holds it."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree  # entities are refused before

from sim.errors import ScenarioError
from sim.messages import Text
from sim.scenario.nodes import Place, Source
from sim.scenario.problems import RefusedError
from sim.scenario.workbook.archive import DAMAGED, parts_of
from sim.scenario.workbook.scan import At, broken_cells, check_counts

Held = str | int | float | bool | datetime | date | time | timedelta
"""What a cell may hold."""
_SHARED = ("xl/sharedStrings.xml", "xl/styles.xml")
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


_NOT_READ = ("#", "_")


def is_aside(name: str) -> bool:
    """Return whether a sheet is one of the planner's own, which is not read."""
    return name.strip().startswith(_NOT_READ)


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
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
    broken: Mapping[At, Text] = field(default_factory=dict)
    merged: tuple[tuple[At, At], ...] = ()
    hidden: bool = False

    @property
    def name(self) -> str:
        """Its name, without blanks around it."""
        return self.source.sheet

    def place(self, at: At) -> Place:
        """Return the place of a cell."""
        return Place(self.source, *at)


def read_sheets(data: bytes, name: str, folder: Path | None) -> list[WorkbookSheet]:
    """Return the sheets of a workbook, in its order, without those set aside.

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


def _sheets(data: bytes, name: str, folder: Path | None) -> Iterator[WorkbookSheet]:
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
    scans = {}
    for sheet, file in _files(parts).items():
        if is_aside(sheet):
            continue
        if file not in parts:
            raise RefusedError(*DAMAGED)
        scans[sheet] = broken_cells(parts[file], sheet)
    for file in _SHARED:
        if file in parts:
            check_counts(parts[file])
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet or is_aside(about.name):
                continue
            if about.name not in scans:
                raise RefusedError(*DAMAGED)
            found = book.get_sheet_by_name(about.name)
            yield WorkbookSheet(
                Source(name, (), folder, about.name.strip()),
                dict(_filled(found.to_python(skip_empty_area=False))),
                scans[about.name],
                tuple(_from_one(found.merged_cell_ranges or ())),
                about.visible != SheetVisibleEnum.Visible,
            )
    except CalamineError as error:
        raise RefusedError(*DAMAGED) from error


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
        raise RefusedError(*DAMAGED) from error
    return {name: _part(targets.get(key, "")) for name, key in sheets}


def _parsed(part: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(part)  # noqa: S314 - entities are refused before


def _part(target: str) -> str:
    path = PurePosixPath("/xl") / target
    return str(path).removeprefix("/")
