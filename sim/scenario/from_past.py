"""Finds where a scenario takes something from past operations."""

from collections.abc import Iterator

from sim.scenario.nodes import Items, MappingNode, Node, Scalar
from sim.scenario.problems import Problem
from sim.scenario.quantity import Quantity
from sim.scenario.shapes import shape_at

_BEGINS = "like past operations"


def take_from_past(root: MappingNode) -> list[Problem]:
    """Write ranges of past operations where a tree says so; return what is wrong.

    Parameters
    ----------
    root : of the scenario; its texts are replaced.
    """
    wishes = [
        (path, node)
        for path, node in _texts(root, ())
        if _is_like(node.text) and _takes_values(path)
    ]
    if not wishes:
        return []
    # Who takes nothing need not wait for numpy.
    from sim.scenario.like_past import take  # noqa: PLC0415

    return take(root, wishes)


def _is_like(text: str) -> bool:
    """Return whether a text begins with the words."""
    if text.lstrip()[:4].casefold() != _BEGINS[:4]:
        return False  # nearly every text of a scenario; this is asked of all of them
    return " ".join(text.split()).casefold().startswith(_BEGINS)


def _takes_values(path: tuple[str, ...]) -> bool:
    """Return whether a path leads to a value, not to free words."""
    if path[0] == "uncertain":
        return path[-1] == "spread"
    return isinstance(shape_at(path), Quantity)


def _texts(
    node: Node, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Scalar]]:
    """Yield every text of a tree with the keys that lead to it."""
    match node:
        case Scalar():
            yield path, node
        case Items():
            for number, item in enumerate(node.items):
                yield from _texts(item, (*path, str(number)))
        case MappingNode():
            for key, value in node.values.items():
                yield from _texts(value, (*path, key))
