"""Follows dotted paths, as in `fleets.buses.joins.2016-12-15T05:00`, through a tree."""

import re

from sim.messages import Text, say
from sim.scenario.nodes import Items, MappingNode, Node, Place, Scalar
from sim.scenario.problems import RefusedError, hint, quoted
from sim.scenario.quantities import MOMENTS
from sim.scenario.shapes import OPERATION, Fields, Named, Shape, below


def steps_of(path: str, root: MappingNode) -> list[str]:
    """Return the steps of a dotted path.

    The names under `uncertain` are dotted paths themselves and are one step.
    """
    first, _, rest = path.partition(".")
    if first != "uncertain" or not rest:
        return path.split(".")
    section = root.values.get(first)
    name, _, field = rest.rpartition(".")
    if isinstance(section, MappingNode) and rest not in section.values:
        part = below(OPERATION.field(first), name)
        if name in section.values and below(part, field) is not None:
            return [first, name, field]
    return [first, rest]


def same_moment(key: str) -> str:
    """Return one spelling for the spellings of a moment."""
    match = re.fullmatch(r"(\S+)[T ](\d\d:\d\d)(?::00)?(\S*)", key, re.ASCII)
    return f"{match[1]}T{match[2]}{match[3]}" if match else key


def same_moments(path: str) -> str:
    """Return one spelling of a dotted path for the spellings of moments in it."""
    return ".".join(map(same_moment, path.split(".")))


def is_within(path: str, outer: str) -> bool:
    """Return whether a dotted path is another one, or leads to something in it."""
    return f"{path}.".startswith(f"{outer}.")


def key_in(table: MappingNode, step: str, shape: Shape | None) -> str:
    """Return the key that a step means: moments have more than one spelling."""
    if step not in table.values and isinstance(shape, Named) and shape.key in MOMENTS:
        for key in table.values:
            if same_moment(key) == same_moment(step):
                return key
    return step


def parent_of(
    root: MappingNode, steps: list[str], place: Place | None = None
) -> tuple[Node, Shape]:
    """Return what holds the last step of a path, and what it may hold.

    Parameters
    ----------
    root : of the scenario.
    steps : of the path.
    place : where mappings of named parts are added that are not there yet; nothing
        is added if None.

    Raises
    ------
    RefusedError
        If a step before the last does not exist.
    """
    node: Node = root
    shape: Shape = OPERATION
    for number, step in enumerate(steps[:-1]):
        found = child(node, step, shape)
        inside = below(shape, step)
        grows = found is None and isinstance(inside, Named | Fields)
        if (
            grows
            and place
            and isinstance(node, MappingNode)
            and isinstance(shape, Fields)
        ):
            found = MappingNode(place)
            node.put(step, place, found)
        if found is None or inside is None:
            raise RefusedError(*absent(node, shape, steps[: number + 1]))
        node, shape = found, inside
    return node, shape


def child(node: Node, step: str, shape: Shape) -> Node | None:
    """Return what is one step below a node."""
    match node:
        case MappingNode():
            return node.values.get(key_in(node, step, shape))
        case Items() if step.isascii() and step.isdigit() and len(step) < 6:
            return node.items[int(step)] if int(step) < len(node.items) else None
    return None


def absent(node: Node, shape: Shape, steps: list[str]) -> tuple[Text, Text]:
    """Return why a path leads nowhere, and what to do."""
    path, step = ".".join(steps), steps[-1]
    nowhere = say("{path} does not exist", path=quoted(path))
    match node:
        case Scalar():
            return nowhere, say("Shorten the path.")
        case Items():
            return nowhere, say(
                "The list has {entries} entries, counted from 0.",
                entries=len(node.items),
            )
    if isinstance(shape, Fields) and step in shape.names:
        not_given = say("{path} is not given", path=quoted(path))
        return not_given, say("Name what holds it instead.")
    known = shape.names if isinstance(shape, Fields) else tuple(node.values)
    return nowhere, hint(step, known)
