"""Turns what pydantic found into sentences for planners, with their places."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.scenario.clock import Clock
from sim.scenario.moments import Hanging, read, write
from sim.scenario.nodes import Items, MappingNode, Node, Place, Scalar
from sim.scenario.problems import (
    Problem,
    RefusedError,
    as_name,
    choice,
    clipped,
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
            problems[same] = replace(first, remedy=f"{first.remedy} Or write {words}.")
    return list(problems.values())


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
        found |= {m for m in missing if m[:-1] == (*parent,) and f"'{m[-1]}'" in meant}
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
        return place, place.problem(dotted(taken), "", f"'{key}' is missing", how)
    return place, _said(place, taken, text, detail)


def _unknown_key(place: Place, path: Path) -> Problem:
    """Return that a key is none of those that its part may have."""
    key = str(path[-1])
    shape = shape_at(path[:-1])
    known = shape.names if isinstance(shape, Fields) else ()
    said = f"{quoted(key)} is not a known key here"
    if not known:
        return place.problem(
            dotted(path), key, said, "None is known: load what adds it first."
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


def _in_place_of(key: str, path: Path, known: Sequence[str]) -> str:
    """Return the remedy for a key that is not known in its part."""
    for name in _SAME.get(key.lower(), ()):
        if name in known:
            return f"Did you mean '{name}'?"
    where = _elsewhere().get(key)
    if where and nearest(key, known, 0.8) == "":
        return f"It belongs to {where}. Known here: {choice(known)}."
    return hint(key, known)


@cache
def _elsewhere() -> Mapping[str, str]:
    """Return where a key belongs, the first place in the order of the reference."""
    found: dict[str, str] = {}
    waiting: list[tuple[str, Shape]] = [("", OPERATION)]
    while waiting:
        where, shape = waiting.pop(0)
        if isinstance(shape, Fields):
            for name in shape.names:
                found.setdefault(name, f"'{where}'" if where else "the top of the file")
                inside = shape.field(name)
                if inside is not None:
                    waiting.append((f"{where}.{name}".lstrip("."), inside))
        elif isinstance(shape, Named):
            waiting.append((f"{where}.NAME", shape.value))
    return found


def how_to_add(path: Sequence[str | int | Hanging], *, in_sheet: bool = False) -> str:
    """Return what to do about a field that is missing, with its meaning."""
    shape = shape_at(map(str, path[:-1]))
    if not isinstance(shape, Fields):
        return ""
    about = shape.plan.model_fields[str(path[-1])].description or ""
    first = re.split(r"\.\s|\.$|;", about)[0].replace("\n", " ")
    add = f"Fill in '{path[-1]}'" if in_sheet else f"Add '{path[-1]}:'"
    return add + (f" ({first[:1].lower()}{first[1:]})." if first else ".")


def _said(place: Place, path: Path, text: str, detail: ErrorDetails) -> Problem:
    """Return the sentence for one kind of error."""
    refusal = _refusal(detail)
    if refusal is not None:
        problem, remedy = refusal.args
    else:
        problem, remedy = _sentence(text, path, detail)
    return place.problem(dotted(path), text, problem, remedy)


def _as_name(text: str, path: Path) -> str:
    """Return what to do about a text that is not a name; it may be a title."""
    name = as_name(text)
    rule = "Names have lower-case letters a to z, digits and hyphens"
    separated = re.split(r"[;,\s]+", text.strip())
    if str(path[-1]).isdigit() and len(separated) > 1:
        return f"{rule}: put commas between several, as {_as_list(text)}."
    part = shape_at(path)
    title = isinstance(part, Fields) and "title" in part.names
    shown = f" To show it as it is, add 'title: {clipped(text)}' to the part."
    return f"{rule}: write {quoted(name) if name else 'one in these'}." + (
        shown if title else ""
    )


def _as_list(text: str) -> str:
    """Return the words of a text as a list."""
    words = [word for word in re.split(r"(?:[;,()\s]|->|\u2192)+", text) if word]
    return clipped(f"[{', '.join(words)}]")


def _as_table(text: str, shape: Shape | None) -> str:
    """Return how to write what should be keys and values."""
    if isinstance(shape, Fields):
        needed = [n for n, f in shape.plan.model_fields.items() if f.is_required()]
        if text and len(needed) == 1:
            return f"Write {{{needed[0]}: {clipped(repr(text))}}}."
        return f"Write keys, each with a value: {choice(shape.names)}."
    if isinstance(shape, Named) and shape.key is not None:
        value = clipped(text) if text else "..."
        return f"Write moments, each with a value: {{2016-12-15T05:00: {value}}}."
    counted = re.fullmatch(r"(\d+) ([a-z0-9-]+)", text)
    example = f"{{{counted[2]}: {counted[1]}}}" if counted else "{buses: 10}"
    return f"Write names, each with a value, as in {example}."


def _sentence(text: str, path: Path, detail: ErrorDetails) -> tuple[str, str]:
    """Return what is wrong and what to do, for each kind of error that occurs."""
    found = quoted(text) if text else "something else"
    shape = shape_at(path)
    if isinstance(shape, Fields) and detail["type"] == "literal_error":
        shape = shape.field(str(detail["loc"][-1]))  # one word stands for the part
    allowed = shape.allowed if isinstance(shape, WordShape) else ()
    listed = found if text else "a list"
    table = (f"{listed} stands where keys and values should", _as_table(text, shape))
    none = ("nothing is given here", "Write at least one.")
    most = detail.get("ctx", {}).get("max_length")
    sentences = {
        "literal_error": (
            f"{found} is not allowed here",
            f"Allowed: {', '.join(allowed)}. {meant(text, allowed)}".strip(),
        ),
        "string_pattern_mismatch": (f"{found} is not a name", _as_name(text, path)),
        "string_too_long": (
            f"{found} is too long",
            f"Write at most {most} characters.",
        ),
        "string_too_short": none,
        "too_short": none,
        "model_type": table,
        "dict_type": table,
        "tuple_type": (
            f"{found if text else 'a mapping'} stands where a list should",
            f"Write it in brackets: {_as_list(text)}." if text else "Write a list.",
        ),
        "string_type": (
            "a list or mapping stands where a text should",
            "Write one text.",
        ),
    }
    other = (f"{found} is not allowed here: {detail['msg']}", "")
    return sentences.get(detail["type"], other)
