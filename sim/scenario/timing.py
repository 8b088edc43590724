"""All moments of an operation, where they stand."""

from collections.abc import Iterator

from sim.scenario.moments import Hanging
from sim.scenario.plans import Operation
from sim.scenario.quantities import MOMENTS
from sim.scenario.shapes import Path, values


def moments_in(operation: Operation) -> Iterator[tuple[Path, int | Hanging]]:
    """Yield every moment of an operation with its path; one that is a key ends it."""
    for path, quantity, moment in values(operation):
        if quantity in MOMENTS:
            yield path, moment


def hanging_in(operation: Operation) -> list[tuple[Path, Hanging]]:
    """Return the moments of an operation that hang on something, with their paths."""
    return [
        (path, moment)
        for path, moment in moments_in(operation)
        if isinstance(moment, Hanging)
    ]
