"""Turns what pydantic found into sentences for planners, with their places."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.scenario.clock import Clock
from sim.scenario.nodes import Items, MappingNode, Node, Place, Scalar
from sim.scenario.problems import (
    Problem,
    RefusedError,
    choice,
    clipped,
    hint,
    meant,
    quoted,
)
from sim.scenario.quantity import NoClockError
from sim.scenario.shapes import Fields, WordShape, shape_at

Path = tuple[str | int, ...]


def place_of(
    root: MappingNode, path: Path, clock: Clock | None = None
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


def _key(node: Node, step: str | int, clock: Clock | None) -> str | int | None:
    """Return the key or number in the data that a step means."""
    match node:
        case Items():
            fits = isinstance(step, int) and step < len(node.items)
            return step if fits else None
        case MappingNode():
            if str(step) in node.values:
                return str(step)
            keys = node.values if clock and isinstance(step, int) else ()
            return next((k for k in keys if clock and _seconds(k, clock) == step), None)
    return None


def _seconds(key: str, clock: Clock) -> int | None:
    try:
        return clock.seconds(key)
    except RefusedError:
        return None


def dotted(path: Iterable[str | int]) -> str:
    """Return a path as planners write it."""
    return ".".join(map(str, path))


def explained(error: ValidationError, root: MappingNode) -> list[Problem]:
    """Return a problem for each thing that pydantic found, said once."""
    details = error.errors(include_url=False)
    known = _misspelt(details)
    problems: dict[tuple[Place, str], Problem] = {}
    for detail in details:
        if detail["type"] == "missing" and detail["loc"] in known:
            continue
        if isinstance(_refusal(detail), NoClockError):
            continue
        place, problem = _problem(detail, root)
        same = (place, problem.path if detail["type"] != "missing" else problem.problem)
        first = problems.setdefault(same, problem)
        if first is not problem and detail["type"] == "literal_error":
            words = detail["ctx"]["expected"]
            problems[same] = replace(first, remedy=f"{first.remedy} Or write {words}.")
    return list(problems.values())


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
        return place, place.problem(
            dotted(taken), "", f"'{key}' is missing", how_to_add((*taken, key))
        )
    return place, _said(place, taken, text, detail)


def _unknown_key(place: Place, path: Path) -> Problem:
    """Return that a key is none of those that its part may have."""
    key = str(path[-1])
    shape = shape_at(path[:-1])
    known = shape.names if isinstance(shape, Fields) else ()
    return place.problem(
        dotted(path),
        key,
        f"{quoted(key)} is not a known key here",
        hint(key, known) if known else "None is known: load what adds it first.",
    )


def how_to_add(path: Path) -> str:
    """Return what to do about a field that is missing, with its meaning."""
    shape = shape_at(path[:-1])
    if not isinstance(shape, Fields):
        return ""
    about = shape.plan.model_fields[str(path[-1])].description or ""
    first = about.split(".")[0].replace("\n", " ")
    return f"Add '{path[-1]}:'" + (
        f" ({first[:1].lower()}{first[1:]})." if first else "."
    )


def _said(place: Place, path: Path, text: str, detail: ErrorDetails) -> Problem:
    """Return the sentence for one kind of error."""
    refusal = _refusal(detail)
    if refusal is not None:
        problem, remedy = refusal.args
    else:
        problem, remedy = _sentence(text, path, detail)
    return place.problem(dotted(path), text, problem, remedy)


def _sentence(text: str, path: Path, detail: ErrorDetails) -> tuple[str, str]:
    """Return what is wrong and what to do, for each kind of error that occurs."""
    found = quoted(text) if text else "something else"
    shape = shape_at(path)
    allowed = shape.allowed if isinstance(shape, WordShape) else ()
    name = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60]
    keys = f": {choice(shape.names)}" if isinstance(shape, Fields) else ""
    table = (
        f"{found} stands where keys and values should",
        f"Write keys, each with a value{keys}.",
    )
    none = ("nothing is given here", "Write at least one.")
    most = detail.get("ctx", {}).get("max_length")
    sentences = {
        "literal_error": (
            f"{found} is not allowed here",
            f"Allowed: {', '.join(allowed)}. {meant(text, allowed)}".strip(),
        ),
        "string_pattern_mismatch": (
            f"{found} is not a name",
            "Names have lower-case letters, digits and hyphens"
            + (f": write '{name}'." if name else "."),
        ),
        "string_too_long": (
            f"{found} is too long",
            f"Write at most {most} characters.",
        ),
        "string_too_short": none,
        "too_short": none,
        "model_type": table,
        "dict_type": table,
        "tuple_type": (
            f"{found} stands where a list should",
            f"Write it in brackets: [{clipped(text)}]." if text else "Write a list.",
        ),
        "string_type": (
            "a list or mapping stands where a text should",
            "Write one text.",
        ),
    }
    other = (f"{found} is not allowed here: {detail['msg']}", "")
    return sentences.get(detail["type"], other)
