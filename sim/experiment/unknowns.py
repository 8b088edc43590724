"""Draws of what is not known about an operation."""

from sim.model import Streams
from sim.scenario import Operation, uncertain_fields


def draw(operation: Operation, seed: int, replication: int) -> dict[str, float]:
    """Return one value for each uncertain field, independent of each other.

    The values are in the field's base unit (seconds, metres per second, people).
    """
    streams = Streams(seed, replication)
    return {
        path: spread.values(streams.numbers("uncertain", path, 1))[0]
        for path, spread in uncertain_fields(operation).items()
    }
