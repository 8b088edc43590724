"""All moments of an operation, where they stand."""

from collections.abc import Iterator, Mapping

from sim.scenario.draft import Path
from sim.scenario.moments import Hanging
from sim.scenario.plans import Operation
from sim.scenario.quantities import MOMENTS
from sim.scenario.shapes import OPERATION, Fields, ListShape, Named, Shape


def moments_in(operation: Operation) -> Iterator[tuple[Path, int | Hanging]]:
    """Yield every moment of an operation with its path; one that is a key ends it."""
    yield from _moments(operation, OPERATION, ())


def hanging_in(operation: Operation) -> list[tuple[Path, Hanging]]:
    """Return the moments of an operation that hang on something, with their paths."""
    return [
        (path, moment)
        for path, moment in moments_in(operation)
        if isinstance(moment, Hanging)
    ]


def _moments(
    part: object, shape: Shape | None, path: Path
) -> Iterator[tuple[Path, int | Hanging]]:
    if shape in MOMENTS and isinstance(part, int | Hanging):
        yield path, part
    elif isinstance(shape, Fields) and part is not None:
        fields = part if isinstance(part, Mapping) else vars(part)
        for name in shape.names:
            yield from _moments(fields.get(name), shape.field(name), (*path, name))
    elif isinstance(shape, Named) and isinstance(part, Mapping):
        for key, value in part.items():
            if shape.key in MOMENTS:
                yield (*path, key), key
            yield from _moments(value, shape.value, (*path, key))
    elif isinstance(shape, ListShape) and isinstance(part, tuple):
        for number, item in enumerate(part):
            yield from _moments(item, shape.item, (*path, number))
