"""The tree of a scenario file: every key and value as text, each with its place."""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

from sim.errors import ScenarioError
from sim.messages import Text, say
from sim.scenario.problems import Problem, cell_name

DEEPEST = 40
CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Characters that no editor shows and a terminal may obey; some make a line read in
another order than it is written."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A file, or data from a program: its name, its lines and where it lies.

    Each sheet of a workbook is a source of its own.
    """

    name: str
    lines: tuple[str, ...] = ()
    folder: Path | None = None
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a source; lines and columns are counted from 1.

    In a sheet they are the row and the column of a cell.
    """

    source: Source
    line: int = 0
    column: int = 0

    @property
    def within(self) -> str:
        """The line or the cell, as it follows the name of the file."""
        if self.source.sheet:
            return cell_name(self.source.sheet, self.line, self.column)
        return str(self.line) if self.line else ""

    @property
    def said(self) -> Text:
        """The line or the cell, as it stands in a sentence; empty if unknown."""
        if not self.line:
            return ""
        if self.source.sheet:
            return say("cell {cell}", cell=self.within)
        return say("line {line}", line=self.line)

    def problem(self, path: str, value: str, said: Text, advice: Text = "") -> Problem:
        """Return a problem at this place."""
        lines = self.source.lines
        shown = lines[self.line - 1] if 0 < self.line <= len(lines) else ""
        return Problem(
            self.source.name,
            self.line,
            self.column,
            path,
            value,
            said,
            advice,
            CONTROL.sub("?", shown.replace("\t", " ")),
            self.source.sheet,
        )


def given_at(place: Place) -> Text:
    """Return where something is given, as it stands in a sentence."""
    if place.source.sheet and place.line:
        return say("in cell {cell}", cell=place.within)
    return say("on line {line}", line=place.line)


@dataclass(slots=True)
class Scalar:
    """A text."""

    place: Place
    text: str


@dataclass(slots=True)
class Items:
    """A list."""

    place: Place
    items: list["Node"] = field(default_factory=list)


@dataclass(slots=True)
class MappingNode:
    """Values by key, with the places of the keys.

    `dropped` says where a variant took a key away.
    """

    place: Place
    values: dict[str, "Node"] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)
    dropped: dict[str, Place] = field(default_factory=dict)

    def put(self, key: str, place: Place, value: "Node") -> None:
        """Add or replace a value."""
        self.values[key] = value
        self.keys[key] = place
        self.dropped.pop(key, None)


Node = Scalar | Items | MappingNode


def table_at(root: MappingNode, path: str) -> MappingNode:
    """Return the mapping at a dotted path of keys, an empty one if there is none."""
    node: Node | None = root
    for key in path.split("."):
        node = node.values.get(key) if isinstance(node, MappingNode) else None
    return node if isinstance(node, MappingNode) else MappingNode(root.place)


def copied(node: MappingNode) -> MappingNode:
    """Return a tree of its own that says the same; places stay the same things."""
    return deepcopy(node, _kept(node, {}))


def _kept(node: Node, kept: dict[int, object]) -> dict[int, object]:
    """Return what is not copied: sources, which are told apart as things."""
    kept[id(node.place.source)] = node.place.source
    match node:
        case Items():
            for item in node.items:
                _kept(item, kept)
        case MappingNode():
            for key, value in node.values.items():
                kept[id(node.keys[key].source)] = node.keys[key].source
                _kept(value, kept)
    return kept


def plain(node: Node) -> object:
    """Return the tree as nested dictionaries and lists of text."""
    match node:
        case Scalar():
            return node.text
        case Items():
            return [plain(item) for item in node.items]
        case MappingNode():
            return {key: plain(value) for key, value in node.values.items()}


def from_data(data: object, source: Source, path: str = "", depth: int = 0) -> Node:
    """Return the tree of nested data from a program; numbers become text.

    Raises
    ------
    ScenarioError
        If there is anything but mappings, sequences, text and numbers in it.
    """
    place = Place(source)
    if depth > DEEPEST:
        problem = say("more than {deepest} levels are nested here", deepest=DEEPEST)
        raise ScenarioError((place.problem(path, "", problem),))
    match data:
        case bool():
            return Scalar(place, "yes" if data else "no")
        case str() | int() | float() if not CONTROL.search(str(data)):
            return Scalar(place, str(data))
        case Mapping():
            table = MappingNode(place)
            for key, value in data.items():
                below = f"{path}.{key}" if path else str(key)
                table.put(str(key), place, from_data(value, source, below, depth + 1))
            return table
        case Sequence() if not isinstance(data, str | bytes):
            return Items(
                place,
                [
                    from_data(item, source, f"{path}.{number}", depth + 1)
                    for number, item in enumerate(data)
                ],
            )
    problem = say(
        "{data} is not plain text, a number, a mapping or a list", data=repr(data)
    )
    raise ScenarioError((place.problem(path, repr(data), problem),))


def table_of(data: Mapping[str, object]) -> MappingNode:
    """Return the tree of a mapping from a program.

    Raises
    ------
    ScenarioError
        If there is anything but mappings, sequences, text and numbers in it.
    """
    tree = from_data(data, Source(""))
    return tree if isinstance(tree, MappingNode) else MappingNode(tree.place)
