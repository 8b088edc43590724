"""What the sheets of a scenario say of themselves: all of it from the plans."""

import re
import textwrap
from collections.abc import Iterator

from sim.scenario.inputs import FieldInput, input_of
from sim.scenario.names import named_in
from sim.scenario.nodes import MappingNode
from sim.scenario.quantities import MOMENTS
from sim.scenario.quantity import Quantity
from sim.scenario.schema import about_plan, default_of, inner_about, kind_of, units_of
from sim.scenario.shapes import OPERATION, Fields, ListShape, Named, Shape, WordShape
from sim.scenario.workbook.anchors import Notes, Path
from sim.scenario.workbook.layout import (
    CHANGE,
    FIELD,
    ONCE,
    VALUE,
    SheetColumn,
    SheetTable,
    single,
    tables,
)
from sim.scenario.workbook.looks import Head, Holds, LineLook, SheetLook
from sim.scenario.workbook.pages import Page
from sim.scenario.workbook.rows import HOW

_ABOUT = {
    ONCE: "What the operation says once, a row for each field.",
    CHANGE: "What differs from the scenario under 'extends': a path and its new value, "
    "'drop', or one of shift_by, shorten_by, lengthen_by, multiply_by, as in "
    "'shorten_by: 24 h'.",
    "moments": "Moments by name, on which several things hang: 'when NAME comes'.",
}
_FILES = {
    "extends": "Scenario file that this one changes, as in scenario.xlsx.",
    "format": "Format of the file; may be left empty.",
}
_COMMENT = 84
"""Letters of a comment on a line."""
MEANING = f"{HOW} meaning"


def looks_of(
    pages: list[Page], notes: Notes, operation: Fields = OPERATION
) -> Iterator[SheetLook]:
    """Yield how the sheets of a scenario look.

    Parameters
    ----------
    notes : of which those about nothing that has a place stand in the first sheet.
    """
    placed = {path for page in pages for path, _ in page.rows}
    placed |= {(page.name,) for page in pages if page.table}
    rest = [note for about, note in notes.items() if about not in placed]
    for page in pages:
        if page.table is None:
            look = _once(page, notes, operation)
            look.notes = tuple(rest)
            yield look
            continue
        others = sorted(
            (_head(page.table, column) for column in page.columns),
            key=lambda head: not head.needed,
        )
        heads = [*_keys(page.table), *others]
        lines = [LineLook(cells, notes.get(path, "")) for path, cells in page.rows]
        about = _about(page.table, operation)
        above = tuple(filter(None, [notes.get((page.name,), "")]))
        yield SheetLook(page.name, about, heads, len(page.keys), lines, above)


def _once(page: Page, notes: Notes, operation: Fields) -> SheetLook:
    known = {column.name: column for column in single(operation)}
    heads = (Head(FIELD), Head(VALUE), Head(MEANING))
    lines = []
    for path, cells in page.rows:
        column = known.get(path[0])
        meaning = _in_one_line(column) if column else ""
        lines.append(LineLook({**cells, MEANING: meaning}, notes.get(path, "")))
    return SheetLook(page.name, _ABOUT[ONCE], heads, 1, lines, fixed=True)


def _in_one_line(column: SheetColumn) -> str:
    if column.info is None:
        return _FILES.get(column.name, "")
    needed = "Required. " if column.info.is_required() else ""
    return needed + _plain(column.info.description or "")


def _about(table: SheetTable, operation: Fields) -> str:
    if table.name in _ABOUT:
        return _ABOUT[table.name]
    first = table.pattern[0]
    if len(table.pattern) == 2 and first in operation.plan.model_fields:
        said = operation.plan.model_fields[first].description
        if said:
            return _plain(said)
    inside = table.shape
    return (
        about_plan(inside.plan).replace("`", "") if isinstance(inside, Fields) else ""
    )


def _plain(text: str) -> str:
    """Return words of the reference without its marks, on one line."""
    linked = re.sub(r"\[(.+?)\]\(.+?\)", r"\1", text)
    return " ".join(linked.replace("`", "").split())


def _keys(table: SheetTable) -> Iterator[Head]:
    for number, (name, each) in enumerate(zip(table.keys, table.line, strict=True)):
        own = number == len(table.keys) - 1
        pattern = (*each.pattern[:-1], "?")
        names_from = named_in(pattern) if own else (each.name,)
        what = "moment" if each.keyed_by else "name"
        if table.name == CHANGE:
            what = "path"
        about = (
            f"Its {what}; every row has another one."
            if own
            else f"Whose it is: a {what} of the sheet '{each.name}'."
        )
        holds = "moment" if each.keyed_by in MOMENTS else "text"
        how = what if own else f"of the sheet '{each.name}'"
        yield Head(
            *(name, about, how, holds),  # type: ignore[arg-type] # one of its words
            needed=True,
            names_from=() if each.keyed_by and not own else names_from,
        )


def _head(table: SheetTable, column: SheetColumn) -> Head:
    shape = column.shape
    takes = input_of(shape, (*table.pattern, *column.steps))
    names_from, several = _names(takes)
    info = column.info
    needed = info.is_required() if info else True
    # A part within a part may be left out, though it needs this to be there.
    needed = needed and len(column.steps) < 2
    return Head(
        column.name,
        "\n".join(_said(column, names_from)),
        _how(shape, names_from),
        _holds(shape),
        needed,
        takes.words,
        names_from,
        several,
    )


def _names(takes: FieldInput) -> tuple[tuple[str, ...], bool]:
    """Return the sheets whose names a column takes, and whether it takes several."""
    several = takes.key if takes.kind == "mapping" else takes.item
    return (several.names_from, True) if several else (takes.names_from, False)


def _said(column: SheetColumn, names_from: tuple[str, ...]) -> Iterator[str]:
    info = column.info
    if info is None:
        yield "What it says."
        return
    about = info.description or inner_about(column.shape)
    yield _plain(about)
    yield f"Takes: {_plain(kind_of(column.shape))}."
    if units := ", ".join(units_of(column.shape)):
        yield f"Unit: {units}."
    if names_from:
        yield f"Names of: {', '.join(names_from)}."
    if said := _entries(column.shape):
        yield said
    default = default_of(info, column.shape)
    yield "Required." if default == "required" else f"If empty: {default or 'absent'}."


def _entries(shape: Shape) -> str:
    match shape:
        case Named():
            return "One to a line, as NAME: VALUE; or with commas between."
        case ListShape(item) if isinstance(item, Named | Fields):
            return "One to a line, as NAME: VALUE, NAME: VALUE."
        case ListShape():
            return "Several with commas between, or one to a line."
    return ""


def _how(shape: Shape, names_from: tuple[str, ...]) -> str:
    """Return in a few words what is written in a cell."""
    names = " / ".join(names_from)
    match shape:
        case ListShape(item):
            return names or f"list: {_how(item, ())}"
        case Named(key, value):
            by = "moment" if key else "name"
            return f"{names or by}: {_how(value, ())}"
        case WordShape(allowed) if allowed:
            return "choose"
        case WordShape():
            return names or "text"
        case Quantity(name=name):
            units = ", ".join(units_of(shape))
            return f"{name} [{units}]" if units else name
    return ""


def _holds(shape: Shape) -> Holds:
    if isinstance(shape, Quantity):
        if shape in MOMENTS or shape.unit == "s after start":
            return "moment"
        return "number" if not shape.unit else "text"
    return "text"


def meanings(root: MappingNode) -> dict[Path, tuple[str, str]]:
    """Return what the sections of a tree hold, and their fields, for comments in it."""
    found: dict[Path, tuple[str, str]] = {}
    for table in tables():
        if table.parent is None and table.name in root.values:
            about = _about(table, OPERATION).split("\n\n", maxsplit=1)[0]
            fields = ""
            if isinstance(table.shape, Fields):
                fields = f"Fields: {', '.join(table.shape.names)}."
            found[table.name,] = (_wrapped(about), _wrapped(fields))
    return found


def _wrapped(text: str) -> str:
    return "\n".join(textwrap.wrap(" ".join(text.split()), _COMMENT))
