"""How a list, or values by name, stand in one cell.

One to a line, or with commas between; in brackets as in a text, where it could be read
in another way. What is read back is what was written, or brackets are used.
"""

import re
from collections.abc import Iterator

from sim.messages import say
from sim.scenario.nodes import Items, MappingNode, Node, Place, Scalar, given_at, plain
from sim.scenario.operators import DATE, OPERATORS
from sim.scenario.problems import Problem, quoted
from sim.scenario.shapes import Fields, ListShape, Named, Shape, WordShape
from sim.scenario.tree import read_value
from sim.scenario.yaml_text import flow

_NEXT = re.compile(r",\s+(?=[^,:\s][^,:]*(?::\S[^,:]*)*:\s)")
"""The comma before a further name with its value, not one within a value."""
_COLON = re.compile(": ")
_OPERATION = re.compile(rf"({'|'.join(OPERATORS)}):\s")


def read_cell(
    text: str, shape: Shape | None, place: Place
) -> tuple[Node, list[Problem]]:
    """Return what the text of a cell says, and what is wrong with it."""
    if text.startswith(("{", "[")) and not isinstance(shape, WordShape):
        node, problems = read_value(text, place)
        tables = text.startswith("{") and isinstance(shape, ListShape)
        if not (tables and (problems or isinstance(node, MappingNode))):
            return node, problems
        lines = (line.strip().rstrip(",") for line in text.split("\n"))
        return read_value(f"[{', '.join(filter(None, lines))}]", place)
    match shape:
        case ListShape(item):
            return _listed(text, item, place)
        case Named(_, value):
            return _by_name(text, value, place)
    return Scalar(place, text), []


def read_change(
    text: str, shape: Shape | None, place: Place
) -> tuple[Node, list[Problem]]:
    """Return what a variant does to a field: a new value, `drop` or an operator."""
    if text == "drop":
        return Scalar(place, text), []
    if _OPERATION.match(text):
        return _by_name(text, WordShape(), place)
    return read_cell(text, shape, place)


def written_cell(node: Node, shape: Shape | None) -> str:
    """Return the text of a cell that says what a node does."""
    if isinstance(node, Scalar):
        return node.text
    bare = _bare(node, shape)
    back, problems = read_cell(bare, shape, node.place) if bare else (None, [])
    if back is not None and not problems and plain(back) == plain(node):
        return bare
    return flow(node)


def written_change(node: Node, shape: Shape | None) -> str:
    """Return the text of a cell that says what a variant does to a field."""
    text = written_cell(node, shape)
    if isinstance(node, MappingNode) and len(node.values) == 1:
        text = _bare(node, Named(None, WordShape()))
    back, problems = read_change(text, shape, node.place)
    return text if not problems and plain(back) == plain(node) else flow(node)


def _bare(node: Node, shape: Shape | None) -> str:
    """Return the text of a cell without brackets around it, empty if it has none."""
    match node, shape:
        case Items(items=items), ListShape(item):
            lines = [
                _bare(each, item) if _is_table(item) else _one(each, item)
                for each in items
            ]
            words = all(re.fullmatch(r"[^\s,]+", line) for line in lines)
            return (", " if words else "\n").join(lines)
        case MappingNode(values=values), Named(_, value):
            between = ", " if _short(values) else "\n"
            return between.join(
                f"{key}: {_one(each, value)}" for key, each in values.items()
            )
    return ""


def _short(values: dict[str, Node]) -> bool:
    """Return whether values by name are read at one glance, as 20 and 12 vehicles."""
    texts = [each.text for each in values.values() if isinstance(each, Scalar)]
    return (
        len(texts) == len(values)
        and all(text.isalnum() for text in texts)
        and (not any(" " in key or "T" in key for key in values))
    )


def _one(node: Node, shape: Shape | None) -> str:
    return node.text if isinstance(node, Scalar) else flow(node)


def _is_table(shape: Shape | None) -> bool:
    return isinstance(shape, Named | Fields)


def _listed(text: str, item: Shape, place: Place) -> tuple[Node, list[Problem]]:
    lines = text.split("\n")
    entries = lines if len(lines) > 1 or _is_table(item) else text.split(",")
    found, problems = Items(place), []
    for entry in filter(None, map(str.strip, entries)):
        node, wrong = read_cell(entry.rstrip(",").rstrip(), item, place)
        found.items.append(node)
        problems += wrong
    return found, problems


def _by_name(text: str, value: Shape, place: Place) -> tuple[Node, list[Problem]]:
    found, problems = MappingNode(place), []
    for entry in _entries(text):
        key, *rest = map(str.strip, _COLON.split(entry, maxsplit=1))
        if not key or not any(rest):
            problems.append(_no_value(entry, place))
        elif key in found.keys:
            said = say(
                "{key} is given twice, both {given_at}",
                key=quoted(key),
                given_at=given_at(place),
            )
            problems.append(place.problem(key, "", said, say("Keep one of them.")))
        else:
            node, wrong = read_cell(rest[0], value, place)
            found.put(key, place, node)
            problems += wrong
    return found, problems


def _entries(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        for entry in _NEXT.split(line):
            if stripped := entry.strip().rstrip(",").rstrip():
                yield stripped


def _no_value(entry: str, place: Place) -> Problem:
    """Return that an entry is not a name with its value."""
    remedy = say("Write a name, a colon, a blank and the value, as in 'buses: 10'.")
    counted = re.fullmatch(r"(\d+) ([a-z0-9-]+)", entry)
    named = re.fullmatch(r"([^:=]+?) *[:=]? *(\d[^:]*)", entry)
    if DATE.fullmatch(entry):
        remedy = say(
            "Write the moment, a colon, a blank and the value, as in '{text}'.",
            text=f"{entry}: 20",
        )
    elif counted:
        remedy = say("Write '{text}'.", text=f"{counted[2]}: {counted[1]}")
    elif named:
        remedy = say("Write '{text}'.", text=f"{named[1]}: {named[2]}")
    return place.problem(
        "", entry, say("{entry} has no name and value", entry=quoted(entry)), remedy
    )
