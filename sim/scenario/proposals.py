"""Ranges that past operations propose for what a new scenario does not know."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sim.errors import ScenarioError
from sim.past.like import BEGINS
from sim.scenario.like_past import KNOWN, take
from sim.scenario.load import checked
from sim.scenario.nodes import MappingNode, Node, Scalar, copied, table_at
from sim.scenario.uncertain import middle_of, uncertain_fields

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
_WITHIN = (0.05, 0.95)
"""Quantiles between which what a case says lies if a range fits it."""


class Proposed(NamedTuple):
    """What past operations propose.

    Attributes
    ----------
    added : fields that have such a range now.
    beside : by field, what does not fit what the scenario says, in words.
    """

    added: tuple[str, ...]
    beside: Mapping[str, str]


def propose(root: MappingNode) -> Proposed:
    """Add to a scenario the ranges of past operations.

    Each stands under `uncertain`, with how many values of how many operations it rests
    on. Fields that have a range already keep it.

    Parameters
    ----------
    root : of a scenario that nothing is wrong with, without what it extends.
    """
    added: list[str] = []
    beside: dict[str, str] = {}
    for field in [*_fields(root)]:
        tried = copied(root)
        part = _add(tried, field)
        if take(tried, [((_UNCERTAIN, field, "spread"), _text(part, "spread"))]):
            continue  # the class says nothing of it, as of cars
        if not _fits(tried, field):
            spread, note = _text(part, "spread").text, _text(part, "note").text
            beside[field] = f"{spread}. {note}"
            continue
        root.values, root.keys = tried.values, tried.keys
        added.append(field)
    return Proposed(tuple(added), beside)


def _fits(root: MappingNode, field: str) -> bool:
    """Return whether a case may have a range: what it says itself lies within it.

    A range far from it would make another case of it, in each run that draws from it.
    """
    try:
        operation = checked(copied(root), [])
    except ScenarioError:
        return False
    spread, own = uncertain_fields(operation)[field], middle_of(operation, field)
    low, high = spread.values(_WITHIN)
    return isinstance(own, int | float) and low <= own <= high


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


def _add(root: MappingNode, field: str) -> MappingNode:
    """Add the wish for a range of a field; return the part that says it."""
    place = root.place
    if _UNCERTAIN not in root.values:
        root.put(_UNCERTAIN, place, MappingNode(place))
    part = MappingNode(place)
    part.put("spread", place, Scalar(place, BEGINS))
    table_at(root, _UNCERTAIN).put(field, place, part)
    return part


def _text(part: MappingNode, key: str) -> Scalar:
    node = part.values[key]
    assert isinstance(node, Scalar)  # noqa: S101 - as `_add` and `take` write it
    return node
