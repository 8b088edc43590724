"""Which sheets and columns a scenario has, read off the plans."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.quantity import Quantity
from sim.scenario.shapes import (
    OPERATION,
    Fields,
    Named,
    Shape,
    WordShape,
    below,
    shape_at,
)

ONCE = "operation"
"""Sheet of what an operation says once."""
FIELD, VALUE = "field", "value"
CHANGE = "change"
EVIDENCE, SOURCES = "evidence", "sources"
_LONGEST_NAME = 31
"""Of a sheet, as spreadsheets have it."""
_DEEPEST = 2
"""Parts within a part of which the fields have columns."""
Steps = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column for a field of a part, or a row of the sheet `operation`.

    Attributes
    ----------
    steps : from the part to the field; none if the part is a single value.
    shape : what the field may hold.
    plan : that has the field; None for what belongs to files, not to plans.
    """

    steps: Steps
    shape: Shape
    plan: type[BaseModel] | None = None

    @property
    def name(self) -> str:
        """What stands at its head."""
        return ".".join(self.steps) or VALUE

    @property
    def info(self) -> FieldInfo | None:
        """What the plan says of the field."""
        return self.plan.model_fields[self.steps[-1]] if self.plan else None


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A sheet with a row for each of some things that have names.

    Attributes
    ----------
    steps : from the part that has them, itself a row of another sheet, to the things.
    parent : that other sheet; None at the top.
    keyed_by : how their names are read if these are moments, else None.
    shape : of one of them.
    """

    steps: Steps
    parent: "SheetTable | None"
    keyed_by: Quantity | None
    shape: Shape

    @property
    def name(self) -> str:
        """Of the sheet."""
        own = ".".join(self.steps)
        return f"{self.parent.name}.{own}" if self.parent else own

    @property
    def line(self) -> tuple["SheetTable", ...]:
        """Those whose things it belongs to, itself last."""
        return (*(self.parent.line if self.parent else ()), self)

    @property
    def keys(self) -> tuple[str, ...]:
        """Heads of the columns that say which thing a row is about."""
        fields = self.shape.names if isinstance(self.shape, Fields) else (VALUE,)
        found: list[str] = []
        for table in self.line:
            name = table.steps[-1]
            found.append(f"{name} name" if name in (*fields, *found) else name)
        return tuple(found)

    @property
    def columns(self) -> tuple[SheetColumn, ...]:
        """One for each field that has no sheet of its own."""
        if isinstance(self.shape, Fields):
            return tuple(_columns(self.shape, self.name))
        return (SheetColumn((), self.shape),)

    @property
    def pattern(self) -> Steps:
        """The path to one of the things, with `*` for names."""
        return (*(self.parent.pattern if self.parent else ()), *self.steps, "*")


def tables(operation: Fields = OPERATION) -> tuple[SheetTable, ...]:
    """Return the sheets of things that have names, each after the one it belongs to."""
    return (
        *_tables(operation, None, ()),
        SheetTable((CHANGE,), None, None, WordShape()),
    )


def single(operation: Fields = OPERATION) -> tuple[SheetColumn, ...]:
    """Return what an operation says once: the rows of the sheet `operation`."""
    files = (
        SheetColumn(("extends",), WordShape()),
        SheetColumn(("format",), WordShape()),
    )
    own = _columns(operation, "")
    return (*(each for each in own if not _at_top(each)), *files)


def column_at(shape: Shape, name: str) -> SheetColumn | None:
    """Return the column with a head; None if a part has no such field.

    Parts within the part may be told in one cell, under their own name.
    """
    if not isinstance(shape, Fields):
        return SheetColumn((), shape) if name == VALUE else None
    steps = tuple(name.split("."))
    plan: type[BaseModel] | None = None
    inside: Shape | None = shape
    for step in steps:
        if not isinstance(inside, Fields) or inside.field(step) is None:
            return None
        plan, inside = inside.plan, below(inside, step)
    return SheetColumn(steps, inside, plan) if inside is not None else None


def shape_of_change(path: str) -> Shape | None:
    """Return what a path of a variant may hold; paths under `uncertain` have dots."""
    first, _, rest = path.partition(".")
    section = OPERATION.field(first)
    if first != "uncertain" or not isinstance(section, Named):
        return shape_at(path.split("."))
    name, _, last = rest.rpartition(".")
    inside = section.value.field(last) if isinstance(section.value, Fields) else None
    return inside if name and inside is not None else section.value


def _tables(
    fields: Fields, parent: SheetTable | None, steps: Steps
) -> Iterator[SheetTable]:
    for name in fields.names:
        shape = fields.field(name)
        if isinstance(shape, Fields) and shape != fields and len(steps) < _DEEPEST:
            yield from _tables(shape, parent, (*steps, name))
        elif isinstance(shape, Named):
            at_top = parent is None and not steps
            table = SheetTable((*steps, name), parent, shape.key, shape.value)
            if not (at_top or isinstance(shape.value, Fields)) or not _fits(table.name):
                continue
            yield table
            if isinstance(shape.value, Fields):
                yield from _tables(shape.value, table, ())


def _fits(name: str) -> bool:
    """Return whether a sheet can have a name; else what is in it stands in a cell."""
    return len(name) <= _LONGEST_NAME


def _at_top(column: SheetColumn) -> bool:
    return isinstance(column.shape, Named) and len(column.steps) == 1


def _columns(fields: Fields, sheet: str, steps: Steps = ()) -> Iterator[SheetColumn]:
    """Yield a column for each field, also of parts within the part."""
    for name in fields.names:
        shape = fields.field(name)
        path = (*steps, name)
        if isinstance(shape, Fields) and shape != fields and len(steps) < _DEEPEST:
            yield from _columns(shape, sheet, path)
        elif shape is not None and not _in_a_sheet(shape, fields, sheet, path):
            yield SheetColumn(path, shape, fields.plan)


def _in_a_sheet(shape: Shape, fields: Fields, sheet: str, path: Steps) -> bool:
    """Return whether a field has a sheet, and needs no column besides.

    Where nothing is meant otherwise than nothing said, a cell says so: `{}`.
    """
    if not isinstance(shape, Named) or not isinstance(shape.value, Fields):
        return False
    name = ".".join((sheet, *path)).lstrip(".")
    return _fits(name) and fields.plan.model_fields[path[-1]].default is not None
