"""Reads YAML into a tree that knows the place of every key and value.

Every scalar stays text: the plans decide what a text means, so `22:30`, `no` and
`1.10` are what they look like. What could surprise or harm is refused: aliases,
tags, duplicate keys, empty values, tabs, absurd size and depth.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from sim.errors import ScenarioError
from sim.messages import Text, say
from sim.scenario.nodes import (
    CONTROL,
    DEEPEST,
    Items,
    MappingNode,
    Node,
    Place,
    Scalar,
    Source,
    given_at,
)
from sim.scenario.problems import Problem, clipped, quoted
from sim.scenario.syntax import syntax_problem

_MOST_BYTES = 1_000_000
_MOST_VALUES = 20_000
_HIDDEN = re.compile(rf"\t|{CONTROL.pattern}|^ *[^\S \t]")
"""What no editor shows: tabs, control characters, other blanks that indent a line."""


def decoded(data: bytes, name: str) -> str:
    """Return the text of a file.

    Raises
    ------
    ScenarioError
        If it is too large or not UTF-8.
    """
    place = Place(Source(name))
    if len(data) > _MOST_BYTES:
        raise ScenarioError(
            (
                place.problem(
                    "", "", say("the file is larger than 1 MB"), say("Split it.")
                ),
            )
        )
    if data.startswith(b"PK\x03\x04"):
        problem = place.problem(
            "",
            "",
            say("the file is a workbook, not a text"),
            say("Give it a name that ends in .xlsx."),
        )
        raise ScenarioError((problem,))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        problem = Place(Source(name), line, column).problem(
            "", "", say("the file is not UTF-8 text here"), say("Save it as UTF-8.")
        )
        raise ScenarioError((problem,)) from error


def read_tree(
    text: str, name: str, folder: Path | None = None
) -> tuple[MappingNode, list[Problem]]:
    """Return the tree of a YAML text, and what is wrong with its parts.

    Parameters
    ----------
    text : of the file.
    name : of the file.
    folder : in which it lies.

    Raises
    ------
    ScenarioError
        If the text as a whole cannot be read.
    """
    text = text.removeprefix("\ufeff")
    source = Source(name, tuple(re.split(r"\r\n|\r|\n", text)), folder)
    _refuse_characters(text, source)
    builder = _TreeBuilder(source)
    try:
        root = builder.document(text)
    except yaml.MarkedYAMLError as error:
        problem = syntax_problem(error, source)
        raise ScenarioError((*builder.problems, problem)) from error
    except yaml.YAMLError as error:
        problem = Place(source, 1, 1).problem(
            "", "", say("this is not YAML: {error}", error=str(error))
        )
        raise ScenarioError((*builder.problems, problem)) from error
    except _StopError:
        raise ScenarioError(tuple(builder.problems)) from None
    if not isinstance(root, MappingNode):
        place = root.place if root else Place(source, 1, 1)
        problem = place.problem(
            "",
            "",
            (
                say("the file is empty")
                if root is None
                else say("the file is not keys and values")
            ),
            say(
                "Begin with 'operation: ' and a title; "
                "docs/scenario-reference.md lists all keys."
            ),
        )
        raise ScenarioError((*builder.problems, problem))
    return root, builder.problems


def read_value(text: str, place: Place) -> tuple[Node, list[Problem]]:
    """Return what a text in one place says: a list, or keys and values, in brackets.

    All that is wrong with it is at that place.
    """
    builder = _TreeBuilder(place.source, at=place)
    try:
        node = builder.document(text)
    except yaml.MarkedYAMLError as error:
        lines = Source(place.source.name, tuple(text.split("\n")))
        wrong = syntax_problem(error, lines)
        builder.problems.append(
            place.problem("", clipped(text), wrong.said, wrong.advice)
        )
        node = None
    except _StopError:
        node = None
    return node or Scalar(place, text), builder.problems


def _refuse_characters(text: str, source: Source) -> None:
    """Refuse what no editor shows, and tabs.

    Raises
    ------
    ScenarioError
        If there is any, or the text is too long.
    """
    found = []
    for number, line in enumerate(source.lines, start=1):
        match = _HIDDEN.search(line)
        if match is None:
            continue
        sign = match[0][-1]
        what, remedy = (
            say("a control character ({sign})", sign=ascii(sign)),
            say("Delete it."),
        )
        if sign.isspace() and not CONTROL.match(sign):
            what = (
                say("a tab")
                if sign == "\t"
                else say("a blank of another kind ({sign})", sign=ascii(sign))
            )
            remedy = say("Use ordinary blanks.")
        place = Place(source, number, match.end())
        found.append(
            place.problem("", "", say("there is {what} here", what=what), remedy)
        )
    if found:
        raise ScenarioError(tuple(found[:20]))
    if len(text) > _MOST_BYTES:
        problem = Place(source).problem("", "", say("the text is larger than 1 MB"))
        raise ScenarioError((problem,))


_Value = yaml.ScalarEvent | yaml.MappingStartEvent | yaml.SequenceStartEvent


class _StopError(Exception):
    """Nothing after this place can be read."""


@dataclass(slots=True)
class _TreeBuilder:
    """Turns the stream of events into a tree, without recursion."""

    source: Source
    at: Place | None = None
    problems: list[Problem] = field(default_factory=list)
    _open: list[tuple[Items | MappingNode, str]] = field(default_factory=list)
    _key: tuple[str, Place] | None = None
    _root: Node | None = None
    _values: int = 0

    def document(self, text: str) -> Node | None:
        """Return the tree of the only document in `text`."""
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            self._take(event)
        return self._root

    def _take(self, event: yaml.Event) -> None:
        place = self._place(event)
        match event:
            case yaml.DocumentStartEvent() if self._root is not None:
                self._note(
                    place, say("a second document begins here"), say("Use two files.")
                )
                raise _StopError
            case yaml.AliasEvent():
                self._note(
                    place,
                    say(
                        "'*{anchor}' is an alias, which is not allowed",
                        anchor=event.anchor,
                    ),
                    say("Write the value out."),
                )
                self._add(Scalar(place, ""), place)
            case yaml.ScalarEvent():
                self._refuse_decoration(event, place)
                self._scalar(event, place)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._refuse_decoration(event, place)
                self._begin(event, place)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._open.pop()

    def _begin(self, event: _Value, place: Place) -> None:
        if len(self._open) >= DEEPEST:
            self._note(
                place,
                say("more than {deepest} levels are nested here", deepest=DEEPEST),
                say("Close brackets, or indent less."),
            )
            raise _StopError
        if (
            self._open
            and isinstance(self._open[-1][0], MappingNode)
            and self._key is None
        ):
            self._note(
                place,
                say("a list or mapping stands where a key should"),
                say("Write a name."),
            )
            raise _StopError
        node = MappingNode(place) if isinstance(event, yaml.MappingStartEvent) else None
        self._add(node or Items(place), place)

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> None:
        if control := CONTROL.search(event.value):
            self._note(
                place,
                say(
                    "a control character ({control}) is not allowed",
                    control=ascii(control[0]),
                ),
            )
            raise _StopError
        top = self._open[-1][0] if self._open else None
        if isinstance(top, MappingNode) and self._key is None:
            self._begin_key(top, event.value, place)
            return
        if not event.value.strip():
            key = self._key
            place = key[1] if key and not event.style else place
            self._note(
                place,
                (
                    say("{key} has no value", key=quoted(key[0]))
                    if key
                    else say("the value is empty")
                ),
                (_against_no_value(*key) if key else say("Write a value.")),
            )
        self._add(Scalar(place, event.value), place)

    def _begin_key(self, table: MappingNode, key: str, place: Place) -> None:
        self._key = (key, place)
        if key in table.keys:
            first = table.keys[key]
            self._note(
                place,
                say(
                    "{key} is given twice, first {given_at}",
                    key=quoted(key),
                    given_at=given_at(first),
                ),
                say("Keep one of them."),
            )

    def _add(self, node: Node, place: Place) -> None:
        """Put a finished scalar, or an opened list or mapping, into the tree.

        Raises
        ------
        _StopError
            If there are too many values.
        """
        self._values += 1
        if self._values > _MOST_VALUES:
            self._note(
                place,
                say(
                    "the file has more than {most_values} values",
                    most_values=_MOST_VALUES,
                ),
            )
            raise _StopError
        step = ""
        top = self._open[-1][0] if self._open else None
        if isinstance(top, Items):
            step = str(len(top.items))
            top.items.append(node)
        elif isinstance(top, MappingNode) and self._key is not None:
            step, at = self._key
            if step not in top.keys:
                top.put(step, at, node)
            self._key = None
        else:
            self._root = node
        if not isinstance(node, Scalar):
            self._open.append((node, step))

    def _refuse_decoration(self, event: _Value, place: Place) -> None:
        if event.anchor is not None:
            self._note(
                place,
                say(
                    "'&{anchor}' is an anchor, which is not allowed",
                    anchor=event.anchor,
                ),
                say("Write the value out where it is used."),
            )
        if event.tag is not None:
            self._note(
                place,
                say("'{tag}' is a tag, which is not allowed", tag=event.tag),
                say("Delete it."),
            )

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        if self.at is not None:
            return self.at
        if mark is None:
            return Place(self.source)
        return Place(self.source, mark.line + 1, mark.column + 1)

    def _note(self, place: Place, problem: Text, remedy: Text = "") -> None:
        path = ".".join(step for _, step in self._open if step)
        if self._key and self._open:
            path = f"{path}.{self._key[0]}" if path else self._key[0]
        self.problems.append(place.problem(path, "", problem, remedy))


def _against_no_value(key: str, place: Place) -> Text:
    """Return what to do about a key without a value, which may be no key at all."""
    lines = place.source.lines
    line = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
    before, after = line[: place.column - 1], line[place.column - 1 + len(key) :]
    if joined := re.fullmatch(r"([\w-]+):(\S+)", key):
        return say(
            "A colon needs a blank after it: write '{text}'.",
            text=f"{joined[1]}: {joined[2]}",
        )
    if re.match(r"\s*:\s+#", after):
        return say(
            "What follows a # is a comment: put a text with # in quotation "
            "marks, and write {{}} for a part of which nothing is said."
        )
    if before.strip() == "-":
        return say("Leave out the hyphen, or indent further what belongs to it.")
    if key[:1].isdigit():
        return say("Within brackets a comma begins a new key: write 1200, not 1,200.")
    if " " in key.strip():
        return say(
            "Within brackets a comma begins a new key: put a text with a "
            'comma in quotation marks, as in "1 h to 4 h, mostly 2 h".'
        )
    return say("Write a value, or leave the key out.")
