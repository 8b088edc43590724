"""Notes on moments at which nothing can happen any more."""

from collections.abc import Iterator, Mapping

from sim.scenario.draft import Finding
from sim.scenario.plans import Operation
from sim.scenario.quantities import MOMENT
from sim.scenario.shapes import OPERATION, Fields, ListShape, Named, Shape

_ENDS = {"ends", "until", "closes"}
"""Fields that say when something ends, which the end of the operation may be."""
Path = tuple[str | int, ...]


def notes(operation: Operation) -> Iterator[Finding]:
    """Name what would happen when the operation ends; later it is refused."""
    for path, moment in _moments(operation, OPERATION, ()):
        if moment >= operation.ends and path[-1] not in _ENDS:
            yield Finding(
                path,
                "this never happens: the operation ends then",
                "Write an earlier moment, let the operation end later, or leave it "
                "out.",
            )


def _moments(
    part: object, shape: Shape | None, path: Path
) -> Iterator[tuple[Path, int]]:
    """Return every moment in a part with its path, those that are keys too."""
    if shape is MOMENT and isinstance(part, int):
        yield path, part
    elif isinstance(shape, Fields) and part is not None:
        fields = part if isinstance(part, Mapping) else vars(part)
        for name in shape.names:
            yield from _moments(fields.get(name), shape.field(name), (*path, name))
    elif isinstance(shape, Named) and isinstance(part, Mapping):
        for key, value in part.items():
            if shape.key is MOMENT:
                yield (*path, key), key
            yield from _moments(value, shape.value, (*path, key))
    elif isinstance(shape, ListShape) and isinstance(part, tuple):
        for number, item in enumerate(part):
            yield from _moments(item, shape.item, (*path, number))
