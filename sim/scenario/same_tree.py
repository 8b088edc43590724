"""Whether two trees say the same."""

from sim.scenario.nodes import Items, MappingNode, Node, Scalar
from sim.scenario.shapes import OPERATION, Fields, Shape, below


def difference(
    one: Node, other: Node, shape: Shape | None = OPERATION, path: str = ""
) -> str | None:
    """Return the path of the first thing that two trees say differently; None if none.

    The order of names has a meaning, that of fields has none. A section of a file in
    which nothing is says nothing.
    """
    match one, other:
        case Scalar(text=text), Scalar(text=same) if text == same:
            return None
        case Items(), Items() if len(one.items) == len(other.items):
            inside = {str(n): each for n, each in enumerate(one.items)}
            others = {str(n): each for n, each in enumerate(other.items)}
        case MappingNode(), MappingNode():
            inside, others = _said(one, path), _said(other, path)
        case _:
            return path
    ordered = not isinstance(shape, Fields) and shape is not None
    for key in {**inside, **others}:
        below_it = f"{path}.{key}".lstrip(".")
        if key not in inside or key not in others:
            return below_it
        found = difference(inside[key], others[key], below(shape, key), below_it)
        if found is not None:
            return found
    if ordered and list(inside) != list(others):
        return path
    return None


def _said(node: MappingNode, path: str) -> dict[str, Node]:
    """Return what a mapping says; at the top, empty sections apart."""
    return {
        key: value
        for key, value in node.values.items()
        if path or not isinstance(value, MappingNode) or value.values
    }
