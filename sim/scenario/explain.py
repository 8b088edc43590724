"""Turns what pydantic found into sentences for planners, with their places."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.messages import Text, joined, say
from sim.scenario.clock import Clock
from sim.scenario.meanings import gist_of
from sim.scenario.moments import Hanging, read, write
from sim.scenario.nodes import Items, MappingNode, Node, Place, Scalar
from sim.scenario.problems import (
    Problem,
    RefusedError,
    as_name,
    choice,
    clipped,
    did_you_mean,
    hint,
    meant,
    nearest,
    quoted,
)
from sim.scenario.quantity import NoClockError
from sim.scenario.shapes import OPERATION, Fields, Named, Shape, WordShape, shape_at

Path = tuple[str | int, ...]


def place_of(
    root: MappingNode,
    path: tuple[str | int | Hanging, ...],
    clock: Clock | None = None,
) -> tuple[Node, Place, Path]:
    """Return the node that a path leads to, its place, and the path in the data.

    Steps that the data do not have are skipped: pydantic puts the names of union
    members and validators between them. The place of a part is that of its key.
    """
    node: Node = root
    place = root.place
    taken: list[str | int] = []
    for step in path:
        key = _key(node, step, clock)
        if key is None:
            continue
        if isinstance(node, MappingNode):
            place, node = node.keys[str(key)], node.values[str(key)]
        elif isinstance(node, Items):
            node = node.items[int(key)]
            place = node.place
        taken.append(key)
    return node, node.place if isinstance(node, Scalar) else place, tuple(taken)


def _key(
    node: Node, step: str | int | Hanging, clock: Clock | None
) -> str | int | None:
    """Return the key or number in the data that a step means."""
    match node:
        case Items():
            if isinstance(step, int) and step < len(node.items):
                return step
        case MappingNode():
            if isinstance(step, str | int) and str(step) in node.values:
                return str(step)
            keys = node.values if clock and not isinstance(step, str) else {}
            return next((k for k in keys if _moment(k, clock) == step), None)
    return None


def _moment(key: str, clock: Clock | None) -> int | Hanging | None:
    try:
        return read(key, clock)
    except RefusedError:
        return None


def dotted(path: Iterable[str | int | Hanging]) -> str:
    """Return a path as planners write it."""
    return ".".join(str(s) if isinstance(s, str) else str(write(s, None)) for s in path)


def explained(error: ValidationError, root: MappingNode) -> list[Problem]:
    """Return a problem for each thing that pydantic found, said once."""
    details = error.errors(include_url=False)
    known = _misspelt(details)
    problems: dict[tuple[Place, str], Problem] = {}
    for detail in details:
        if detail["type"] == "missing" and detail["loc"] in known:
            continue
        if isinstance(_refusal(detail), NoClockError) or _seems_empty(detail, root):
            continue
        place, problem = _problem(detail, root)
        same = (place, problem.path if detail["type"] != "missing" else problem.problem)
        first = problems.setdefault(same, problem)
        if first is not problem and detail["type"] == "literal_error":
            words = detail["ctx"]["expected"]
            problems[same] = replace(first, advice=_or(first.advice, words))
    return list(problems.values())


def _or(advice: Text, words: str) -> Text:
    return joined((advice, say("Or write {words}.", words=words)))


def _seems_empty(detail: ErrorDetails, root: MappingNode) -> bool:
    """Return whether something is called empty because of what is wrong in it."""
    node, _, _ = place_of(root, detail["loc"])
    filled = (isinstance(node, Items) and node.items) or (
        isinstance(node, MappingNode) and node.values
    )
    return detail["type"] == "too_short" and bool(filled)


def _refusal(detail: ErrorDetails) -> RefusedError | None:
    error = detail.get("ctx", {}).get("error")
    return error if isinstance(error, RefusedError) else None


def _misspelt(details: Sequence[ErrorDetails]) -> set[tuple[int | str, ...]]:
    """Return the missing fields that are there under a name much like their own."""
    missing = {d["loc"] for d in details if d["type"] == "missing"}
    found = set()
    for detail in details:
        if detail["type"] != "extra_forbidden":
            continue
        *parent, key = detail["loc"]
        meant = hint(str(key), [str(m[-1]) for m in missing if m[:-1] == (*parent,)])
        found |= {
            m for m in missing if m[:-1] == (*parent,) and f"'{m[-1]}'" in str(meant)
        }
    return found


def _problem(detail: ErrorDetails, root: MappingNode) -> tuple[Place, Problem]:
    loc = detail["loc"]
    kind = detail["type"]
    if loc and loc[-1] == "[key]":
        *parents, key = loc[:-1]
        node, place, taken = place_of(root, tuple(parents))
        place = (
            node.keys.get(str(key), place) if isinstance(node, MappingNode) else place
        )
        return place, _said(place, (*taken, key), str(key), detail)
    node, place, taken = place_of(root, loc)
    text = node.text if isinstance(node, Scalar) else ""
    if kind == "extra_forbidden":
        parent, _, above = place_of(root, loc[:-1])
        assert isinstance(parent, MappingNode)  # noqa: S101 - only mappings have extra keys
        place = parent.keys[str(loc[-1])]
        return place, _unknown_key(place, (*above, loc[-1]))
    if kind == "missing":
        key = str(loc[-1])
        if isinstance(node, MappingNode) and key in node.dropped:
            place = node.dropped[key]
        how = how_to_add((*taken, key), in_sheet=bool(place.source.sheet))
        return place, place.problem(
            dotted(taken), "", say("'{key}' is missing", key=key), how
        )
    return place, _said(place, taken, text, detail)


def _unknown_key(place: Place, path: Path) -> Problem:
    """Return that a key is none of those that its part may have."""
    key = str(path[-1])
    shape = shape_at(path[:-1])
    known = shape.names if isinstance(shape, Fields) else ()
    said = say("{key} is not a known key here", key=quoted(key))
    if not known:
        return place.problem(
            dotted(path), key, said, say("None is known: load what adds it first.")
        )
    return place.problem(dotted(path), key, said, _in_place_of(key, path, known))


_SAME = {
    "capacity": ("seats",),
    "name": ("title", "operation"),
    "title": ("operation",),
    "duration": ("lasts", "time"),
    "distance": ("length",),
    "start": ("starts", "opens"),
    "begins": ("starts", "opens"),
    "from": ("starts", "opens", "since", "origin"),
    "end": ("ends", "until", "closes"),
    "to": ("until", "closes", "destination"),
    "timezone": ("zone",),
    "population": ("people",),
    "description": ("about", "note"),
    "comment": ("about", "note"),
    "reason": ("cause",),
    "range": ("spread",),
}
"""What other programs call what is meant."""


def _in_place_of(key: str, path: Path, known: Sequence[str]) -> Text:
    """Return the remedy for a key that is not known in its part."""
    for name in _SAME.get(key.lower(), ()):
        if name in known:
            return did_you_mean(name)
    where = _elsewhere().get(key)
    if where and nearest(key, known, 0.8) == "":
        return say(
            "It belongs to {where}. Known here: {names}.",
            where=where,
            names=choice(known),
        )
    return hint(key, known)


@cache
def _elsewhere() -> Mapping[str, Text]:
    """Return where a key belongs, the first place in the order of the reference."""
    found: dict[str, Text] = {}
    waiting: list[tuple[str, Shape]] = [("", OPERATION)]
    while waiting:
        where, shape = waiting.pop(0)
        if isinstance(shape, Fields):
            for name in shape.names:
                found.setdefault(
                    name, quoted(where) if where else say("the top of the file")
                )
                inside = shape.field(name)
                if inside is not None:
                    waiting.append((f"{where}.{name}".lstrip("."), inside))
        elif isinstance(shape, Named):
            waiting.append((f"{where}.NAME", shape.value))
    return found


def how_to_add(path: Sequence[str | int | Hanging], *, in_sheet: bool = False) -> Text:
    """Return what to do about a field that is missing, with its meaning."""
    shape = shape_at(map(str, path[:-1]))
    if not isinstance(shape, Fields):
        return ""
    field = str(path[-1])
    gist = gist_of(shape.plan, field)
    if in_sheet and gist:
        return say("Fill in '{field}' ({meaning}).", field=field, meaning=gist)
    if in_sheet:
        return say("Fill in '{field}'.", field=field)
    if gist:
        return say("Add '{field}:' ({meaning}).", field=field, meaning=gist)
    return say("Add '{field}:'.", field=field)


def _said(place: Place, path: Path, text: str, detail: ErrorDetails) -> Problem:
    """Return the sentence for one kind of error."""
    refusal = _refusal(detail)
    if refusal is not None:
        problem, remedy = refusal.args
    else:
        problem, remedy = _sentence(text, path, detail)
    return place.problem(dotted(path), text, problem, remedy)


def _as_name(text: str, path: Path) -> Text:
    """Return what to do about a text that is not a name; it may be a title."""
    name = as_name(text)
    rule = say("Names have lower-case letters a to z, digits and hyphens")
    separated = re.split(r"[;,\s]+", text.strip())
    if str(path[-1]).isdigit() and len(separated) > 1:
        return say(
            "{rule}: put commas between several, as {list}.",
            rule=rule,
            list=_as_list(text),
        )
    advice = say("{rule}: write one in these.", rule=rule)
    if name:
        advice = say("{rule}: write {name}.", rule=rule, name=quoted(name))
    part = shape_at(path)
    if not (isinstance(part, Fields) and "title" in part.names):
        return advice
    shown = say(
        "To show it as it is, add '{line}' to the part.", line=f"title: {clipped(text)}"
    )
    return joined((advice, shown))


def _as_list(text: str) -> str:
    """Return the words of a text as a list."""
    words = [word for word in re.split(r"(?:[;,()\s]|->|\u2192)+", text) if word]
    return clipped(f"[{', '.join(words)}]")


def _as_table(text: str, shape: Shape | None) -> Text:
    """Return how to write what should be keys and values."""
    if isinstance(shape, Fields):
        needed = [n for n, f in shape.plan.model_fields.items() if f.is_required()]
        if text and len(needed) == 1:
            table = f"{{{needed[0]}: {clipped(repr(text))}}}"
            return say("Write {text}.", text=table)
        return say("Write keys, each with a value: {keys}.", keys=choice(shape.names))
    if isinstance(shape, Named) and shape.key:
        value = clipped(text) if text else "..."
        return say(
            "Write moments, each with a value: {example}.",
            example=f"{{2016-12-15T05:00: {value}}}",
        )
    counted = re.fullmatch(r"(\d+) ([a-z0-9-]+)", text)
    example = f"{{{counted[2]}: {counted[1]}}}" if counted else "{buses: 10}"
    return say("Write names, each with a value, as in {example}.", example=example)


def _sentence(text: str, path: Path, detail: ErrorDetails) -> tuple[Text, Text]:
    """Return what is wrong and what to do, for each kind of error that occurs."""
    found: Text = quoted(text) if text else say("something else")
    shape = shape_at(path)
    if isinstance(shape, Fields) and detail["type"] == "literal_error":
        shape = shape.field(str(detail["loc"][-1]))  # one word stands for the part
    allowed = shape.allowed if isinstance(shape, WordShape) else ()
    not_allowed = say("{found} is not allowed here", found=found)
    none = (say("nothing is given here"), say("Write at least one."))
    most = detail.get("ctx", {}).get("max_length")
    table = (
        say(
            "{found} stands where keys and values should",
            found=found if text else say("a list"),
        ),
        _as_table(text, shape),
    )
    sentences: dict[str, tuple[Text, Text]] = {
        "literal_error": (
            not_allowed,
            joined(
                (
                    say("Allowed: {words}.", words=joined(allowed, ", ")),
                    meant(text, allowed),
                )
            ),
        ),
        "string_pattern_mismatch": (
            say("{found} is not a name", found=found),
            _as_name(text, path),
        ),
        "string_too_long": (
            say("{found} is too long", found=found),
            say("Write at most {most} characters.", most=most),
        ),
        "string_too_short": none,
        "too_short": none,
        "model_type": table,
        "dict_type": table,
        "tuple_type": (
            say(
                "{found} stands where a list should",
                found=found if text else say("a mapping"),
            ),
            say("Write it in brackets: {list}.", list=_as_list(text))
            if text
            else say("Write a list."),
        ),
        "string_type": (
            say("a list or mapping stands where a text should"),
            say("Write one text."),
        ),
    }
    said = f"{not_allowed}: {detail['msg']}"
    return sentences.get(detail["type"], (said, ""))
