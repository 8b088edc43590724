"""Reads a workbook into the tree of a scenario, each value with the cell it is in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sim.errors import ScenarioError
from sim.messages import Text, joined, say
from sim.scenario.nodes import MappingNode, Node, Place, Scalar, Source, given_at
from sim.scenario.paths import same_moment
from sim.scenario.problems import (
    Problem,
    did_you_mean,
    hint,
    listed,
    nearest,
    quoted,
)
from sim.scenario.shapes import OPERATION, Fields
from sim.scenario.workbook.layout import (
    CHANGE,
    EVIDENCE,
    FIELD,
    ONCE,
    SOURCES,
    VALUE,
    SheetColumn,
    SheetTable,
    column_at,
    shape_of_change,
    single,
    tables,
)
from sim.scenario.workbook.notation import read_cell, read_change
from sim.scenario.workbook.rows import SheetRows, rows_of, unknown_head
from sim.scenario.workbook.sheets import WorkbookSheet, read_sheets
from sim.scenario.workbook.values import as_text

EVIDENCE_FILE = "evidence.csv"
"""What the evidence in a workbook is called, if it does not say."""
_MOST_VALUES = 20_000
_MOST_NAMED = 6
"""Of sheets in a sentence."""
_ALIKE = 0.8
"""How much a sheet must be called like another one to be taken for it: 'Buses' is not
'sites'."""


def read_workbook(
    data: bytes, name: str, folder: Path | None = None, operation: Fields = OPERATION
) -> tuple[MappingNode, list[Problem]]:
    """Return the tree of a workbook, and what is wrong with its parts.

    Parameters
    ----------
    data : contents of the file.
    name : of the file.
    folder : in which it lies.
    operation : what a scenario may say.

    Raises
    ------
    ScenarioError
        If the workbook as a whole cannot be read.
    """
    there = read_sheets(data, name, folder)
    sheets, problems = _known_sheets(there, operation)
    once = sheets.get(ONCE)
    source = once.source if once else Source(name, (), folder, ONCE)
    builder = _Builder(operation, MappingNode(Place(source, 1, 1)), problems)
    if once:
        builder.take_once(rows_of(once, (FIELD, VALUE)))
    for table in _in_order(sheets, operation):
        builder.take(table, rows_of(sheets[table.name], table.keys, table.keys[:-1]))
    builder.take_evidence(sheets)
    if once is None and not builder.root.values:
        raise ScenarioError(_no_scenario(name, there, problems))
    return builder.root, problems


def _no_scenario(
    name: str, there: list[WorkbookSheet], problems: list[Problem]
) -> tuple[Problem, ...]:
    """Return that a workbook is no scenario, and what to do with a list of one's own.

    What is wrong with its sheets matters only if that of the operation is there.
    """
    if problems and any(each.name.casefold() == ONCE for each in there):
        return tuple(problems)
    filled = [each.name for each in there if each.cells]
    said = say("the workbook is no scenario: it has no sheet '{once}'", once=ONCE)
    if filled:
        said = say(
            "the workbook is no scenario: it has no sheet '{once}', only {sheets}",
            once=ONCE,
            sheets=listed(filled[:_MOST_NAMED]),
        )
    own = say(
        "A list of your own is not read as it is. On the planner's page, begin a case, "
        "and paste the lines of the list under 'Change something', 'Sites', 'Add "
        "several sites at once'. Or begin a case kept as a workbook (there, or 'new "
        "NAME --workbook'), and copy the list into its sheets."
    )
    return (Place(Source(name)).problem("", "", said, own),)


def _known_sheets(
    sheets: list[WorkbookSheet], operation: Fields
) -> tuple[dict[str, WorkbookSheet], list[Problem]]:
    """Return the sheets that are read, by name, and what is wrong with others."""
    known = [ONCE, *(table.name for table in tables(operation)), EVIDENCE, SOURCES]
    found: dict[str, WorkbookSheet] = {}
    problems = []
    for sheet in sheets:
        name = sheet.name.casefold()
        place = sheet.place((0, 0))
        if not (sheet.cells or sheet.broken):
            continue
        if name not in known:
            said = say("{sheet} is not a sheet of a scenario", sheet=quoted(sheet.name))
            own = say("A sheet of your own is not read if its name begins with #.")
            near = nearest(name, known, _ALIKE)
            remedy: Text = joined((did_you_mean(near) if near else "", own))
            problems.append(place.problem("", sheet.name, said, remedy))
        elif name in found:
            said = say("the workbook has two sheets {name}", name=quoted(name))
            problems.append(
                place.problem("", sheet.name, said, say("Keep one of them."))
            )
        elif sheet.hidden:
            said = say(
                "the sheet {sheet} is hidden, but would count", sheet=quoted(sheet.name)
            )
            remedy = say("Unhide it, or put a # before its name.")
            problems.append(place.problem("", sheet.name, said, remedy))
        else:
            found[name] = sheet
    return found, problems


def _in_order(
    sheets: Mapping[str, WorkbookSheet], operation: Fields
) -> list[SheetTable]:
    """Return the sheets that are there, each after the one it belongs to.

    Besides they keep their order in the workbook, which kinds of stages have, too.
    """
    places = {name: number for number, name in enumerate(sheets)}
    there = [table for table in tables(operation) if table.name in sheets]
    sections = [table.steps[0] for table in there if table.parent is None]
    return sorted(
        there,
        key=lambda table: (
            sections.index(table.pattern[0]) if table.pattern[0] in sections else -1,
            len(table.line),
            places[table.name],
        ),
    )


@dataclass(slots=True)
class _Builder:
    """Puts what stands in cells into a tree."""

    operation: Fields
    root: MappingNode
    problems: list[Problem]
    _parts: dict[tuple[str, tuple[str, ...]], MappingNode] = field(default_factory=dict)
    _given: dict[tuple[str, tuple[str, ...]], Place] = field(default_factory=dict)
    _values: int = 0

    def take_once(self, rows: SheetRows) -> None:
        """Take the sheet of what is said once, a row for each field."""
        self.problems += rows.problems
        known = {column.name: column for column in single(self.operation)}
        for row in rows.numbers:
            named, held = rows.held(row, FIELD), rows.held(row, VALUE)
            place = rows.place(row, VALUE)
            name = "" if named is None else as_text(named).casefold()
            column = known.get(name)
            if column is None:
                self.problems.append(
                    self._no_field(rows.place(row, FIELD), name, list(known))
                )
            elif held is not None or rows.is_broken(row, VALUE):
                text = as_text(held if held is not None else "?", column.shape)
                self._put(self.root, column, text, place)

    def _no_field(self, place: Place, name: str, known: list[str]) -> Problem:
        if not name:
            said = say("the row has a value, but does not say of which field")
            return place.problem(
                "", "", said, say("Write one of {names}.", names=joined(known, ", "))
            )
        said = say(
            "{name} is not a known field of the sheet '{once}'",
            name=quoted(name),
            once=ONCE,
        )
        remedy = hint(name, known)
        if any(table.name == name for table in tables(self.operation)):
            remedy = say("Fill in the sheet '{name}'.", name=name)
        return place.problem(name, name, said, remedy)

    def take(self, table: SheetTable, rows: SheetRows) -> None:
        """Take a sheet with a row for each of some things that have names."""
        self.problems += rows.problems
        columns = dict(self._columns(table, rows))
        if not all(key in rows.heads for key in table.keys):
            return
        for row in rows.numbers:
            part = self._part(table, rows, row)
            if part is None:
                continue
            if not isinstance(table.shape, Fields):
                self._value(table, rows, row, *part)
                continue
            inside = MappingNode(part[2])
            self._parts[table.name, part[3]] = inside
            self._give(table, *part, inside)
            for head, column in columns.items():
                held = rows.held(row, head)
                if held is not None or rows.is_broken(row, head):
                    text = as_text(held if held is not None else "?", column.shape)
                    self._put(inside, column, text, rows.place(row, head))

    def _columns(
        self, table: SheetTable, rows: SheetRows
    ) -> Iterator[tuple[str, SheetColumn]]:
        """Yield the columns of a sheet that the plans know, and note the others."""
        known = (*table.keys, *(column.name for column in table.columns))
        for head in rows.heads:
            column = column_at(table.shape, head)
            if head in table.keys:
                continue
            if column is None:
                self.problems.append(unknown_head(rows, head, known))
            else:
                yield head, column

    def _part(
        self, table: SheetTable, rows: SheetRows, row: int
    ) -> tuple[MappingNode, str, Place, tuple[str, ...]] | None:
        """Return where the thing of a row belongs: in what, by which name, and where.

        The names of those that it belongs to come last, its own included.
        """
        names = []
        for each, key in zip(table.line, table.keys, strict=True):
            held = rows.held(row, key)
            if held is None:
                if not rows.is_broken(row, key):
                    self.problems.append(self._nameless(rows, row, table, key))
                return None
            names.append(as_text(held, each.keyed_by))
        place = rows.place(row, table.keys[-1])
        same = tuple(map(same_moment, names))
        if table.parent is None:
            above: MappingNode | None = self.root
        else:
            above = self._parts.get((table.parent.name, same[:-1]))
        if above is None:
            self.problems.append(self._nobody(table, rows, row, names))
            return None
        holder = self._holder(above, table, rows)
        if holder is None:
            return None
        first = self._given.get((table.name, same))
        if first is not None:
            said = say(
                "{names} is given twice, first {first}",
                names=quoted(names[-1]),
                first=given_at(first),
            )
            path = ".".join((table.name, *names))
            self.problems.append(
                place.problem(path, "", said, say("Keep one of them."))
            )
            return None
        return holder, names[-1], place, same

    def _nameless(
        self, rows: SheetRows, row: int, table: SheetTable, key: str
    ) -> Problem:
        own = key == table.keys[-1]
        said = (
            say("the row has no name")
            if own
            else say("the row does not say whose it is")
        )
        remedy = say("Fill in the column '{key}'.", key=key)
        if not own:
            parent = table.line[table.keys.index(key)]
            remedy = say(
                "Fill in the column '{key}', with a name of the sheet '{parent}'.",
                key=key,
                parent=parent.name,
            )
        return rows.place(row, key).problem("", "", said, remedy)

    def _nobody(
        self, table: SheetTable, rows: SheetRows, row: int, names: list[str]
    ) -> Problem:
        """Return that what a row belongs to is not there."""
        parent = table.parent
        assert parent is not None  # noqa: S101 - only then can it be absent
        known = [
            keys[-1]
            for name, keys in self._parts
            if name == parent.name and keys[:-1] == tuple(map(same_moment, names[:-2]))
        ]
        said = say(
            "{names} is not in the sheet '{parent}'",
            names=quoted(names[-2]),
            parent=parent.name,
        )
        if len(names) > 2:
            said = say(
                "{names} is not in the sheet '{parent}' for {above}",
                names=quoted(names[-2]),
                parent=parent.name,
                above=quoted(names[-3]),
            )
        place = rows.place(row, table.keys[-2])
        return place.problem("", names[-2], said, hint(names[-2], known))

    def _holder(
        self, above: MappingNode, table: SheetTable, rows: SheetRows
    ) -> MappingNode | None:
        """Return what holds the things of a sheet in what they belong to."""
        node: Node = above
        for step in table.steps:
            assert isinstance(node, MappingNode)  # noqa: S101 - as made below
            found = node.values.get(step)
            if found is None:
                place = rows.sheet.place((rows.top, rows.heads[table.keys[-1]]))
                found = MappingNode(place)
                node.put(step, place, found)
            if not isinstance(found, MappingNode) or (
                node.keys[step].source is not rows.sheet.source
                and step == table.steps[-1]
            ):
                at = node.keys[step]
                said = say(
                    "{step} is said here and in the sheet '{table}'",
                    step=quoted(step),
                    table=table.name,
                )
                told = at.problem(step, "", said, say("Keep one of them."))
                if told not in self.problems:
                    self.problems.append(told)
                return None
            node = found
        assert isinstance(node, MappingNode)  # noqa: S101 - as made above
        return node

    def _value(
        self,
        table: SheetTable,
        rows: SheetRows,
        row: int,
        holder: MappingNode,
        name: str,
        place: Place,
        same: tuple[str, ...],
    ) -> None:
        """Take the one value of a thing."""
        held, at = rows.held(row, VALUE), rows.place(row, VALUE)
        if rows.is_broken(row, VALUE):
            held = "?"
        if held is None:
            said = say("{name} has no value", name=quoted(name))
            remedy = say("Fill in the column 'value', or delete the row.")
            self.problems.append(at.problem(table.name, "", said, remedy))
            return
        if table.name == CHANGE:
            shape = shape_of_change(name)
            node, wrong = read_change(as_text(held, shape), shape, at)
        else:
            node, wrong = read_cell(as_text(held, table.shape), table.shape, at)
        self.problems += wrong
        self._give(table, holder, name, place, same, node)
        self._count(at)

    def _give(
        self,
        table: SheetTable,
        holder: MappingNode,
        name: str,
        place: Place,
        same: tuple[str, ...],
        node: Node,
    ) -> None:
        holder.put(name, place, node)
        self._given[table.name, same] = place

    def _put(
        self, part: MappingNode, column: SheetColumn, text: str, place: Place
    ) -> None:
        """Put what a cell says into a part."""
        self._count(place)
        node, wrong = read_cell(text, column.shape, place)
        self.problems += wrong
        inside = part
        for step in column.steps[:-1]:
            below = inside.values.setdefault(step, MappingNode(place))
            inside.keys.setdefault(step, place)
            if not isinstance(below, MappingNode):
                self._twice(column, place, inside.keys[step])
                return
            inside = below
        last = column.steps[-1]
        if last in inside.values:
            self._twice(column, place, inside.keys[last])
        else:
            inside.put(last, place, node)

    def _twice(self, column: SheetColumn, place: Place, first: Place) -> None:
        said = say(
            "'{column}' is given twice, first {given_at}",
            column=column.name,
            given_at=given_at(first),
        )
        problem = place.problem(column.name, "", said, say("Keep one of them."))
        self.problems.append(problem)

    def _count(self, place: Place) -> None:
        """Count values.

        Raises
        ------
        ScenarioError
            If there are too many.
        """
        self._values += 1
        if self._values > _MOST_VALUES:
            said = say(
                "the workbook has more than {most_values} values",
                most_values=_MOST_VALUES,
            )
            raise ScenarioError((*self.problems, place.problem("", "", said)))

    def take_evidence(self, sheets: Mapping[str, WorkbookSheet]) -> None:
        """Take from the workbook that it has its evidence in itself."""
        evidence, sources = sheets.get(EVIDENCE), sheets.get(SOURCES)
        if has_evidence(evidence):
            assert evidence is not None  # noqa: S101 - it has some
            # Its place says that the table is in the workbook, whatever its name.
            place = evidence.place((1, 1))
            said = self.root.values.get(EVIDENCE, Scalar(place, EVIDENCE_FILE))
            if isinstance(said, Scalar):
                self.root.put(EVIDENCE, place, Scalar(place, said.text))
        elif sources is not None and rows_of(sources, ()).numbers:
            self.problems.append(
                sources.place((0, 0)).problem(
                    "",
                    "",
                    say(
                        "the sheet '{sources}' has documents, but '{evidence}' has "
                        "none of their figures",
                        sources=SOURCES,
                        evidence=EVIDENCE,
                    ),
                    say(
                        "Fill in the sheet '{evidence}', or empty this one.",
                        evidence=EVIDENCE,
                    ),
                )
            )


def has_evidence(sheet: WorkbookSheet | None) -> bool:
    """Return whether a sheet of evidence has any row."""
    return sheet is not None and bool(rows_of(sheet, ()).numbers)
