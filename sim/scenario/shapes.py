"""What every path of a scenario may hold, read off the plans once."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, StringConstraints

from sim.parts.vocabulary import Vocabulary
from sim.scenario.kinds import Kinds
from sim.scenario.moments import Hanging
from sim.scenario.plans import Operation
from sim.scenario.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Fields:
    """A part with named fields."""

    plan: type[BaseModel]

    def field(self, name: str) -> "Shape | None":
        """Return what a field may hold; None if there is no such field."""
        shape = _fields(self.plan).get(name)
        return Fields(shape.plan) if isinstance(shape, Kinds) else shape

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields, in the order of the reference."""
        return tuple(_fields(self.plan))


@dataclass(frozen=True, slots=True)
class Named:
    """Things by name, or by moment."""

    key: Quantity | None
    value: "Shape"


@dataclass(frozen=True, slots=True)
class ListShape:
    """Things in order."""

    item: "Shape"


@dataclass(frozen=True, slots=True)
class WordShape:
    """A text: free, a name, or one of a few words, which may become more."""

    allowed: Collection[str] = ()
    is_name: bool = False


Shape = Fields | Named | ListShape | WordShape | Quantity


@cache
def _fields(plan: type[BaseModel]) -> Mapping[str, Shape | Kinds]:
    """Return the shapes of a plan's fields, from the annotations as written."""
    hints = get_type_hints(plan, include_extras=True)
    return {name: _of_field(hints[name]) for name in plan.model_fields}


def _of_field(annotation: Any) -> Shape | Kinds:
    """Return what a field may hold; that may change if its kinds are registered."""
    for more in getattr(annotation, "__metadata__", ()):
        if isinstance(more, Kinds):
            return more
    return shape_of(annotation)


def shape_of(annotation: Any) -> Shape:
    """Return what a field with this annotation may hold."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _annotated(arguments[0], arguments[1:])
    if origin in {Union, UnionType}:
        members = [shape_of(a) for a in arguments if a is not NoneType]
        quantities = [member for member in members if isinstance(member, Quantity)]
        return (quantities or members)[0]
    shape: Shape = WordShape()
    if origin is dict:
        key = shape_of(arguments[0])
        moments = key if isinstance(key, Quantity) else None
        shape = Named(moments, shape_of(arguments[1]))
    elif origin is tuple:
        shape = ListShape(shape_of(arguments[0]))
    elif origin is Literal:
        shape = WordShape(tuple(map(str, arguments)))
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        shape = Fields(annotation)
    return shape


def _annotated(annotation: Any, metadata: tuple[object, ...]) -> Shape:
    """Return what a field may hold whose annotation says more than its type."""
    for more in metadata:
        if isinstance(more, Quantity):
            return more
        if isinstance(more, Vocabulary):
            return WordShape(more)
        if isinstance(more, StringConstraints) and more.pattern:
            return WordShape(is_name=True)
    return shape_of(annotation)


def shape_at(path: Iterable[str | int]) -> Shape | None:
    """Return what a path may hold; None if the plans have no such path."""
    shape: Shape | None = OPERATION
    for step in path:
        shape = below(shape, str(step))
    return shape


def below(shape: Shape | None, step: str) -> Shape | None:
    """Return what one step further may hold; None if there is no such step."""
    match shape:
        case Fields():
            return shape.field(step)
        case Named():
            return shape.value
        case ListShape():
            return shape.item
    return None


def plans_in(shape: Shape) -> list[type[BaseModel]]:
    """Return every plan that a shape is made of, itself first, each once."""
    found: dict[type[BaseModel], None] = {}
    waiting = [shape]
    while waiting:
        match waiting.pop(0):
            case Fields(plan) as fields if plan not in found:
                found[plan] = None
                waiting += [s for name in fields.names if (s := fields.field(name))]
            case Named(_, value):
                waiting.append(value)
            case ListShape(item):
                waiting.append(item)
    return list(found)


OPERATION = Fields(Operation)
Path = tuple[str | int | Hanging, ...]
"""Steps to a field; a moment that is a key stands for itself."""


def values(
    part: object, shape: Shape | None = OPERATION, path: Path = ()
) -> Iterator[tuple[Path, Quantity, Any]]:
    """Yield every quantity that a part says, with its path and how it is written.

    Moments that are keys are among them, what is as if it were not written is not.
    """
    if isinstance(shape, Quantity):
        if part is not None:
            yield path, shape, part
    elif isinstance(shape, Fields) and part is not None:
        fields = part if isinstance(part, Mapping) else _said(part)
        for name in shape.names:
            yield from values(fields.get(name), shape.field(name), (*path, name))
    elif isinstance(shape, Named) and isinstance(part, Mapping):
        for key, value in part.items():
            if shape.key is not None:
                yield (*path, key), shape.key, key
            yield from values(value, shape.value, (*path, key))
    elif isinstance(shape, ListShape) and isinstance(part, tuple):
        for number, item in enumerate(part):
            yield from values(item, shape.item, (*path, number))


def _said(part: object) -> dict[str, Any]:
    """Return the fields of a plan that say something else than nothing would."""
    fields = type(part).model_fields if isinstance(part, BaseModel) else {}
    return {
        name: value
        for name, value in vars(part).items()
        if name in fields and value != fields[name].default
    }
