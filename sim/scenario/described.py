"""Every field of an operation as data for forms: what it means, takes and says now."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import BaseModel

from sim.messages import Sentence
from sim.scenario.inputs import FieldInput, input_of
from sim.scenario.meanings import meaning_of
from sim.scenario.nodes import (
    Items,
    MappingNode,
    Node,
    Scalar,
    plain,
    table_at,
    table_of,
)
from sim.scenario.plans import Operation
from sim.scenario.schema import default_of, title_of
from sim.scenario.shapes import OPERATION, Fields, Named, Shape, below, shape_at
from sim.scenario.written import data_of

_SAYS_NOTHING = frozenset({"required", "none"})
Given = str | list["Given"] | dict[str, "Given"] | None
"""What a file says in a field: texts; None if it says nothing."""


class KnownRange(NamedTuple):
    """What is said under `uncertain` of a field, or of a value in it.

    Attributes
    ----------
    path : of the field, or of a width; of a draw of several fields each.
    spread : as a file writes it.
    evidence : rows of the evidence table that support it.
    note : why this range; empty if that is not said.
    """

    path: str
    spread: str
    evidence: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class DescribedField:
    """A field: where it is, what it means, what may be typed and what it says now.

    Attributes
    ----------
    steps : from the top of the file to the field.
    of : what the reference calls the part it is in, as `flow`.
    heading : what readers call it.
    meaning : in a sentence or more; names of fields and words stand in backticks.
    absent : what is the case where it is not given; None if nothing is said of that.
    takes : what may be typed.
    required : whether its part cannot be without it.
    default : as a file writes it; empty if there is none.
    value : as the file writes it. Of parts in it, which have fields of their own, the
        names only.
    evidence : rows of the evidence table that its part, or one around it, names.
    ranges : what is not known of it.
    """

    steps: tuple[str, ...]
    of: str
    heading: Sentence
    meaning: Sentence
    absent: Sentence | None
    takes: FieldInput
    required: bool
    default: str
    value: Given
    evidence: tuple[str, ...] = ()
    ranges: tuple[KnownRange, ...] = ()

    @property
    def path(self) -> str:
        """The dotted path, by which problems name it."""
        return ".".join(self.steps)

    @property
    def section(self) -> str:
        """The section it is in; empty for what an operation says once."""
        return self.steps[0] if len(self.steps) > 1 else ""

    @property
    def part(self) -> tuple[str, ...]:
        """The steps to the part it is in."""
        return self.steps[:-1]


def described(source: Operation | MappingNode) -> tuple[DescribedField, ...]:
    """Return every field that an operation has, or may have, in the order of its plans.

    A part that is not there has no fields: `fields_of_part` returns those.

    Parameters
    ----------
    source : an operation, with its defaults; or the tree of a file, which may be wrong.
    """
    root = table_of(data_of(source)) if isinstance(source, Operation) else source
    return tuple(_fields(OPERATION, root, (), (), _Support(tuple(_ranges(root)))))


def fields_of_part(path: tuple[str, ...]) -> tuple[DescribedField, ...]:
    """Return the fields of a part that is not there yet, with nothing in them.

    Parameters
    ----------
    path : of the part, as `("stoppages", "halt")`.

    Raises
    ------
    KeyError
        If no part may be there.
    """
    shape = shape_at(path)
    if not isinstance(shape, Fields):
        raise KeyError(".".join(path))
    return tuple(_fields(shape, None, path, _pattern(path), _Support()))


class _Support(NamedTuple):
    ranges: tuple[KnownRange, ...] = ()
    evidence: tuple[str, ...] = ()

    def of(self, shape: Shape, path: str) -> tuple[KnownRange, ...]:
        """Return what is not known of a field, or of a value in it."""
        inside = "" if _holds_parts(shape) else f"{path}."
        return tuple(
            each
            for each in self.ranges
            if each.path == path or (inside and each.path.startswith(inside))
        )


def _fields(
    shape: Fields,
    node: Node | None,
    steps: tuple[str, ...],
    pattern: tuple[str, ...],
    support: _Support,
) -> Iterator[DescribedField]:
    """Yield the fields of a part, and those of parts in it."""
    given = _given(shape, node)
    cited = _texts(given.get("evidence")) if steps else ()
    support = support._replace(evidence=cited or support.evidence)
    for name in shape.names:
        inside, there = shape.field(name), given.get(name)
        if inside is None:
            continue
        path = (*steps, name)
        yield _field(shape.plan, inside, path, (*pattern, name), there, support)
        yield from _within(inside, there, path, (*pattern, name), support)


def _within(
    shape: Shape,
    node: Node | None,
    steps: tuple[str, ...],
    pattern: tuple[str, ...],
    support: _Support,
) -> Iterator[DescribedField]:
    """Yield the fields of the parts in a field."""
    if isinstance(shape, Fields) and node is not None:
        yield from _fields(shape, node, steps, pattern, support)
    elif isinstance(shape, Named) and isinstance(node, MappingNode):
        for key, value in node.values.items():
            yield from _within(
                shape.value, value, (*steps, key), (*pattern, "*"), support
            )


def _field(
    plan: type[BaseModel],
    shape: Shape,
    steps: tuple[str, ...],
    pattern: tuple[str, ...],
    node: Node | None,
    support: _Support,
) -> DescribedField:
    info = plan.model_fields[steps[-1]]
    default = default_of(info, shape)
    return DescribedField(
        steps,
        title_of(plan),
        *meaning_of(plan, steps[-1]),
        takes=input_of(shape, pattern),
        required=info.is_required(),
        default="" if default in _SAYS_NOTHING else default,
        value=_value(shape, node),
        evidence=support.evidence,
        ranges=support.of(shape, ".".join(steps)),
    )


def _given(shape: Fields, node: Node | None) -> dict[str, Node]:
    """Return what a part says; one word stands for its first field."""
    match node:
        case MappingNode():
            return node.values
        case Scalar():
            return {shape.names[0]: node}
    return {}


def _value(shape: Shape, node: Node | None) -> Given:
    """Return what a field says, of parts in it the names."""
    if isinstance(node, MappingNode) and _holds_parts(shape):
        return list(node.values)
    return None if node is None else plain(node)  # type: ignore[return-value] # of texts


def _holds_parts(shape: Shape) -> bool:
    return isinstance(shape, Fields) or isinstance(below(shape, ""), Fields)


def _ranges(root: MappingNode) -> Iterator[KnownRange]:
    """Yield what is not known, a draw of several fields once for each."""
    for name, node in table_at(root, "uncertain").values.items():
        said = node.values if isinstance(node, MappingNode) else {}
        spread, note = (" ".join(_texts(said.get(each))) for each in ("spread", "note"))
        for path in _texts(said.get("sets")) or (name,):
            yield KnownRange(path, spread, _texts(said.get("evidence")), note)


def _texts(node: Node | None) -> tuple[str, ...]:
    """Return a text, or those of a list."""
    match node:
        case Scalar(text=text):
            return (text,)
        case Items(items=items):
            return tuple(each.text for each in items if isinstance(each, Scalar))
    return ()


def _pattern(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return a path with `*` for the names of things."""
    return tuple(
        "*" if isinstance(shape_at(path[:number]), Named) else step
        for number, step in enumerate(path)
    )
