"""Ranges that past operations propose for what a new scenario does not know."""

import re
from collections.abc import Iterator

from sim.errors import ScenarioError
from sim.past.like import BEGINS
from sim.scenario.like_past import KNOWN, take
from sim.scenario.load import checked
from sim.scenario.nodes import (
    MappingNode,
    Node,
    Scalar,
    copied,
    table_at,
)

_PROPOSED = (
    "people on a bus",
    "buses of a batch",
    "days between batches",
    "hours of a halt",
    "halts a day",
)
"""Quantities that past operations have in common; roads, people announced and delays of
a start are known of a new one, or need a word on which past ones are meant."""
_UNCERTAIN = "uncertain"


def propose(root: MappingNode) -> int:
    """Add to a scenario the ranges of past operations; return how many.

    Each stands under `uncertain`, with how many values of how many operations it rests
    on. Fields that have a range already keep it.

    Parameters
    ----------
    root : of a scenario that nothing is wrong with, without what it extends.
    """
    added = 0
    for field in [*_fields(root)]:
        tried = copied(root)
        _add(tried, field)
        if take(tried, [((_UNCERTAIN, field, "spread"), _spread(tried, field))]):
            continue
        try:
            checked(copied(tried), [])
        except ScenarioError:
            continue  # a range that contradicts what the scenario says
        root.values, root.keys = tried.values, tried.keys
        added += 1
    return added


def _fields(root: MappingNode) -> Iterator[str]:
    """Yield the paths of fields of which past operations say something."""
    known = [each.field for each in KNOWN if each.quantity in _PROPOSED]
    there = table_at(root, _UNCERTAIN).values
    for path in _paths(root, ()):
        field = ".".join(path)
        if any(re.fullmatch(each, field) for each in known) and field not in there:
            yield field


def _paths(node: Node, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(node, Scalar):
        yield path
    elif isinstance(node, MappingNode):
        for key, value in node.values.items():
            yield from _paths(value, (*path, key))


def _add(root: MappingNode, field: str) -> None:
    place = root.place
    if _UNCERTAIN not in root.values:
        root.put(_UNCERTAIN, place, MappingNode(place))
    part = MappingNode(place)
    part.put("spread", place, Scalar(place, BEGINS))
    table_at(root, _UNCERTAIN).put(field, place, part)


def _spread(root: MappingNode, field: str) -> Scalar:
    part = table_at(root, _UNCERTAIN).values[field]
    assert isinstance(part, MappingNode)  # noqa: S101 - as it was added
    spread = part.values["spread"]
    assert isinstance(spread, Scalar)  # noqa: S101 - as it was added
    return spread
