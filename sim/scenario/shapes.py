"""What every path of a scenario may hold, read off the plans once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from sim.scenario.plans import Operation
from sim.scenario.quantities import Quantity


@dataclass(frozen=True, slots=True)
class Fields:
    """A part with named fields."""

    plan: type[BaseModel]

    def field(self, name: str) -> "Shape | None":
        """Return what a field may hold; None if there is no such field."""
        return _fields(self.plan).get(name)

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
class Listed:
    """Things in order."""

    item: "Shape"


@dataclass(frozen=True, slots=True)
class Words:
    """A text: free, a name, or one of a few words."""

    allowed: tuple[str, ...] = ()


Shape = Fields | Named | Listed | Words | Quantity


@cache
def _fields(plan: type[BaseModel]) -> Mapping[str, Shape]:
    """Return the shapes of a plan's fields, from the annotations as written."""
    hints = get_type_hints(plan, include_extras=True)
    return {name: shape_of(hints[name]) for name in plan.model_fields}


def shape_of(annotation: Any) -> Shape:
    """Return what a field with this annotation may hold."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        for metadata in arguments[1:]:
            if isinstance(metadata, Quantity):
                return metadata
        return shape_of(arguments[0])
    if origin in {Union, UnionType}:
        members = [shape_of(a) for a in arguments if a is not NoneType]
        quantities = [member for member in members if isinstance(member, Quantity)]
        return (quantities or members)[0]
    if origin is dict:
        key = shape_of(arguments[0])
        return Named(key if isinstance(key, Quantity) else None, shape_of(arguments[1]))
    if origin is tuple:
        return Listed(shape_of(arguments[0]))
    if origin is Literal:
        return Words(tuple(map(str, arguments)))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Fields(annotation)
    return Words()


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
        case Listed():
            return shape.item
    return None


OPERATION = Fields(Operation)
