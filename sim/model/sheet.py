"""Numbers of one block, turned into whole values all at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np

from sim.distributions import Distribution, Shape
from sim.model.streams import LEAST, Numbers, Streams

CONVOYS = 8
"""Convoys of a block."""


class Sheet:
    """Places for which numbers are drawn together, with distributions of one shape.

    Parameters
    ----------
    blocks : of vehicles; a block has a name and numbers of its own.
    width : vehicles of a block.
    """

    __slots__ = ("_blocks", "_draws", "_width", "places")

    def __init__(self, blocks: int, width: int) -> None:
        self.places: list[str] = []
        self._draws: list[tuple[Distribution, float]] = []
        self._blocks = blocks
        self._width = width

    def add(self, place: str, draw: Distribution, length: float = 0) -> None:
        """Add a place, once; with a length, its distribution is that of a speed."""
        if place not in self.places:
            self.places.append(place)
            self._draws.append((draw, length))

    def draw(self, streams: Streams, whose: str, part: int) -> list[list[list[int]]]:
        """Return whole values by convoy, place and vehicle."""
        places, blocks, width = len(self.places), self._blocks, self._width
        names = [f"{p}\0{whose}\0{b}" for p in self.places for b in range(blocks)]
        numbers = np.empty((places * blocks, CONVOYS * width))
        streams.fill(numbers, names, part)
        values = _quantiles(tuple(self._draws))(numbers.reshape(places, -1))
        whole = np.rint(values).astype(np.int64)
        by_convoy = whole.reshape(places, blocks, CONVOYS, width).transpose(2, 0, 1, 3)
        listed: list[list[list[int]]] = by_convoy.reshape(CONVOYS, places, -1).tolist()
        return listed


@lru_cache(maxsize=256)
def _quantiles(
    draws: tuple[tuple[Distribution, float], ...],
) -> Callable[[Numbers], Numbers]:
    """Return what turns rows of numbers into values, a row for each distribution.

    They are the values of `Distribution.values`, to the last bit; a distance divided
    by them where there is one.
    """
    each = [draw for draw, _ in draws]
    lengths = np.array([[length] for _, length in draws])
    if each[0].shape is Shape.TRIANGULAR:
        values = _triangular(each)
    elif each[0].shape is Shape.UNIFORM:
        values = _uniform(each)
    else:
        values = partial(_one_by_one, each)
    if not lengths.any():
        return values
    return lambda numbers: _times(values(numbers), lengths)


def _times(values: Numbers, lengths: Numbers) -> Numbers:
    seconds: Numbers = np.where(lengths > 0, lengths / values, values)
    return seconds


def _uniform(draws: list[Distribution]) -> Callable[[Numbers], Numbers]:
    low = np.array([[draw.low] for draw in draws])
    width = np.array([[draw.high] for draw in draws]) - low
    return lambda numbers: low + width * numbers


def _triangular(draws: list[Distribution]) -> Callable[[Numbers], Numbers]:
    low = np.array([[draw.low] for draw in draws])
    best = np.array([[draw.best] for draw in draws])
    high = np.array([[draw.high] for draw in draws])
    width = high - low
    at_mode = (best - low) / width
    rising, falling = width * (best - low), width * (high - best)

    def values(numbers: Numbers) -> Numbers:
        left = numbers < at_mode
        root = np.sqrt(np.where(left, numbers * rising, (1 - numbers) * falling))
        quantiles: Numbers = np.where(left, low + root, high - root)
        return quantiles

    return values


def _one_by_one(draws: list[Distribution], numbers: Numbers) -> Numbers:
    """Use the logarithms of the standard library; numpy's differ by processor."""
    rows = np.maximum(numbers, LEAST).tolist()
    return np.array([d.values(row) for d, row in zip(draws, rows, strict=True)])
