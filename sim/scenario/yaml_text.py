"""Writes a tree as the YAML text that reads as the same tree.

Every value is a text to the reader, so that nothing needs quotation marks that a reader
of the file does not need.
"""

import re
from collections.abc import Iterator

import yaml

from sim.scenario.nodes import Items, MappingNode, Node, Scalar

_WIDEST_FLOW = 70
_FOLDED_FROM = 78
_LIKE_BRACKETS = re.compile(r"[\[\]{},:'\"#]")
"""What a text within brackets needs quotation marks for."""


class _LineDumper(yaml.SafeDumper):
    """Keeps a value on its line, unless it is a text that is folded."""

    def write_plain(self, text: str, split: bool = True) -> None:
        """Write a value without quotation marks."""
        super().write_plain(text, split=False)

    def write_single_quoted(self, text: str, split: bool = True) -> None:
        """Write a value in quotation marks."""
        super().write_single_quoted(text, split=False)

    def write_double_quoted(self, text: str, split: bool = True) -> None:
        """Write a value with characters that no other style can hold."""
        super().write_double_quoted(text, split=False)


def flow(node: Node) -> str:
    """Return a node on one line, in brackets."""
    events = [*_document(_events(node, all_in_brackets=True))]
    text: str = yaml.emit(
        events, Dumper=_LineDumper, width=1_000_000, allow_unicode=True
    )
    return text.strip().removesuffix("...").strip()


def block(node: Node) -> str:
    """Return a node as lines; what is short stands in brackets."""
    text: str = yaml.emit(
        [*_document(_events(node))],
        Dumper=_LineDumper,
        width=84,
        allow_unicode=True,
        indent=2,
    )
    return text


def spaced(text: str) -> str:
    """Return the text of a tree with a blank line before each of its sections."""
    return re.sub(r"(?m)(?<=\n)((?:^#.*\n)*^[a-z_]+:$)", r"\n\1", text)


def _document(events: Iterator[yaml.Event]) -> Iterator[yaml.Event]:
    yield yaml.StreamStartEvent()
    yield yaml.DocumentStartEvent(explicit=False)
    yield from events
    yield yaml.DocumentEndEvent(explicit=False)
    yield yaml.StreamEndEvent()


def _events(
    node: Node, *, all_in_brackets: bool = False, top: bool = True
) -> Iterator[yaml.Event]:
    match node:
        case Scalar(text=text):
            yield _scalar(text, in_brackets=all_in_brackets)
        case Items(items=items):
            style = all_in_brackets or _is_short(node)
            yield yaml.SequenceStartEvent(None, None, True, flow_style=style)
            for item in items:
                yield from _events(item, all_in_brackets=style, top=False)
            yield yaml.SequenceEndEvent()
        case MappingNode(values=values):
            style = all_in_brackets or (not top and _is_short(node))
            yield yaml.MappingStartEvent(None, None, True, flow_style=style)
            for key, value in values.items():
                yield _scalar(key, in_brackets=True)
                yield from _events(value, all_in_brackets=style, top=False)
            yield yaml.MappingEndEvent()


def _scalar(text: str, *, in_brackets: bool) -> yaml.ScalarEvent:
    style = None
    if not in_brackets and ("\n" in text or len(text) > _FOLDED_FROM):
        style = "|" if "\n" in text else ">"
    return yaml.ScalarEvent(None, None, (True, True), text, style=style)


def _is_short(node: Items | MappingNode) -> bool:
    """Return whether a list or mapping is read more easily in brackets on a line."""
    if isinstance(node, Items) and all(isinstance(each, Scalar) for each in node.items):
        return not any(_LIKE_BRACKETS.search(each) for each in _texts(node))
    return _width(node) <= _WIDEST_FLOW and not any(
        _LIKE_BRACKETS.search(text) for text in _texts(node)
    )


def _texts(node: Node) -> Iterator[str]:
    match node:
        case Scalar(text=text):
            yield text
        case Items(items=items):
            for item in items:
                yield from _texts(item)
        case MappingNode(values=values):
            for key, value in values.items():
                yield key
                yield from _texts(value)


def _width(node: Node, depth: int = 0) -> int:
    """Return about how many letters it takes; many if it is nested."""
    if depth > 1:
        return _WIDEST_FLOW + 1
    match node:
        case Scalar(text=text):
            return len(text) + 2 + _WIDEST_FLOW * ("\n" in text)
        case Items(items=items):
            return 2 + sum(_width(item, depth + 1) for item in items)
        case MappingNode(values=values):
            return 2 + sum(
                len(key) + 2 + _width(value, depth + 1) for key, value in values.items()
            )
