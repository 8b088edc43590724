"""Lays the tree of a scenario out in sheets: which row and column says what."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.scenario.nodes import MappingNode, Node, Scalar
from sim.scenario.shapes import OPERATION, Fields, Shape
from sim.scenario.workbook.layout import (
    CHANGE,
    FIELD,
    ONCE,
    VALUE,
    SheetColumn,
    SheetTable,
    Steps,
    column_at,
    shape_of_change,
    single,
    tables,
)
from sim.scenario.workbook.notation import written_cell, written_change
from sim.scenario.workbook.sheets import Held
from sim.scenario.workbook.values import as_held

Path = tuple[str, ...]


@dataclass(slots=True)
class Page:
    """A sheet that is to be written.

    Attributes
    ----------
    table : what it lays out; None for what is said once.
    keys : heads of the columns that say what a row is about.
    columns : the others, in order.
    rows : what is in them, by head, each with the path of what it is about.
    """

    table: SheetTable | None
    keys: tuple[str, ...]
    columns: list[SheetColumn]
    rows: list[tuple[Path, dict[str, Held]]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Of the sheet."""
        return self.table.name if self.table else ONCE

    @property
    def heads(self) -> tuple[str, ...]:
        """Of all columns, in order."""
        return (*self.keys, *(column.name for column in self.columns))


def pages_of(
    root: MappingNode, operation: Fields = OPERATION, *, blank: bool = False
) -> list[Page]:
    """Return the sheets that say what a tree does.

    Parameters
    ----------
    root : of a scenario that nothing is wrong with, as its file has it.
    operation : what a scenario may say.
    blank : whether there are also sheets in which nothing is said yet.

    Raises
    ------
    ScenarioError
        If something in it fits into no sheet.
    """
    made = {table.name: _page(table) for table in tables(operation)}
    once = Page(None, (FIELD,), [SheetColumn((), operation)])
    cells: dict[str, Held] = {}
    _lay_out(root, operation, made, None, (), cells)
    said = [column.name for column in single(operation)]
    for name in sorted(cells, key=lambda each: _rank(each, said)):
        once.rows.append(((name,), {FIELD: name, VALUE: cells[name]}))
    if blank:
        missing = [name for name in said if name not in cells]
        once.rows += [((name,), {FIELD: name}) for name in missing]
    pages = [page for page in made.values() if blank or page.rows]
    return [once, *_with_order_of_kinds(pages, root)]


def _rank(name: str, known: list[str]) -> int:
    return known.index(name) if name in known else len(known)


def _page(table: SheetTable) -> Page:
    return Page(table, table.keys, list(table.columns))


def _with_order_of_kinds(pages: list[Page], root: MappingNode) -> list[Page]:
    """Return pages in the order in which the tree has kinds of stages."""
    order = [
        f"{section}.{kind}"
        for section, part in root.values.items()
        if isinstance(part, MappingNode)
        for kind in part.values
    ]
    kinds = [page for page in pages if page.name in order]
    kinds.sort(key=lambda page: order.index(page.name))
    turn = iter(kinds)
    return [next(turn) if page.name in order else page for page in pages]


def _lay_out(
    part: MappingNode,
    fields: Fields,
    made: Mapping[str, Page],
    table: SheetTable | None,
    names: Path,
    cells: dict[str, Held],
    steps: Steps = (),
) -> None:
    """Put what a part says into cells of its row, and into rows of other sheets."""
    for key, node in part.values.items():
        path = (*steps, key)
        shape = fields.field(key)
        page = made.get(".".join((*(table.name.split(".") if table else ()), *path)))
        if page and page.table and _has_rows(node, page.table):
            _add_rows(page, page.table, node, names, made)
        elif (
            isinstance(shape, Fields) and isinstance(node, MappingNode) and node.values
        ):
            _lay_out(node, shape, made, table, names, cells, path)
        elif (
            page
            and table is None
            and isinstance(node, MappingNode)
            and not (node.values)
        ):
            continue  # an empty section says nothing
        else:
            cells[".".join(path)] = _cell(node, shape)


def _cell(node: Node, shape: Shape | None) -> Held:
    text = written_cell(node, shape)
    return as_held(text, shape) if isinstance(node, Scalar) else text


def _has_rows(node: Node, table: SheetTable) -> bool:
    """Return whether a sheet can say what a node does."""
    if not isinstance(node, MappingNode) or not node.values:
        return False
    return not isinstance(table.shape, Fields) or all(
        isinstance(each, MappingNode) for each in node.values.values()
    )


def _add_rows(
    page: Page, table: SheetTable, node: Node, names: Path, made: Mapping[str, Page]
) -> None:
    assert isinstance(node, MappingNode)  # noqa: S101 - it has rows
    for name, part in node.values.items():
        line = (*names, name)
        cells: dict[str, Held] = {
            key: as_held(own, each.keyed_by)
            for key, own, each in zip(table.keys, line, table.line, strict=True)
        }
        said: dict[str, Held] = {}
        if isinstance(table.shape, Fields) and isinstance(part, MappingNode):
            _lay_out(part, table.shape, made, table, line, said)
        elif table.name == CHANGE:
            said[VALUE] = written_change(part, shape_of_change(name))
        else:
            said[VALUE] = _cell(part, table.shape)
        known = {column.name for column in page.columns}
        for head in said:
            if head not in known and (column := column_at(table.shape, head)):
                page.columns.append(column)
        page.rows.append(((table.name, *line), {**cells, **said}))
