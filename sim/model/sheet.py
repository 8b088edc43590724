"""Numbers of one block, turned into whole values all at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import chain

import numpy as np

from sim.distributions import Distribution, Shape
from sim.model.streams import LEAST, Numbers, Streams

CONVOYS = 8
"""Convoys of a block."""
VEHICLES = 32
"""Vehicles of a block; those beyond have the next block."""

Draw = tuple[Distribution, float]
"""A distribution; and a length, if it is that of the speed over it, else 0."""
Values = Callable[[Numbers], Numbers]
"""From numbers between 0 and 1 to values, a table for each distribution."""
Chances = dict[str, list[int]]
"""What chance decides for one convoy, by place: whole seconds (or people in a load) for
each vehicle, or the one time of the whole convoy."""


class Sheet:
    """Places for which numbers are drawn together.

    Parameters
    ----------
    blocks : of vehicles; each has a name and numbers of its own.
    """

    __slots__ = ("_blocks", "_lone", "_shapes", "_turns", "_vehicles")

    def __init__(self, blocks: int) -> None:
        self._blocks = blocks
        self._vehicles = 1
        self._turns: dict[str, Draw] = {}
        self._lone: dict[str, Draw] = {}
        self._shapes: list[tuple[list[int], Values]] = []

    def each_vehicle(self, place: str, draw: Distribution, vehicles: int) -> None:
        """Draw at a place for each of so many vehicles."""
        self._turns[place] = draw, 0.0
        self._vehicles = max(self._vehicles, vehicles)

    def whole_convoy(self, place: str, draw: Distribution, length: float) -> None:
        """Draw at a place for the first vehicle; with a length, from a speed."""
        self._lone[place] = draw, length

    def draw(
        self, streams: Streams, whose: str, part: int, chances: list[Chances]
    ) -> None:
        """Add the values of eight convoys, by place."""
        blocks, lone = self._blocks, len(self._turns)
        places = [*self._turns, *self._lone]
        names = [f"{p}\0{whose}\0{b}" for p in places for b in range(blocks)]
        numbers = np.empty((len(names), CONVOYS * VEHICLES))
        streams.fill(numbers, names, part)
        each = numbers.reshape(-1, blocks, CONVOYS, VEHICLES).transpose(0, 2, 1, 3)
        used = each.reshape(len(places), CONVOYS, -1)[:, :, : self._vehicles]
        whole = np.empty(used.shape, np.int64)
        for rows, values in self._shapes or self._by_shape():
            whole[rows] = np.rint(values(used[rows]))
        by_convoy = whole.transpose(1, 0, 2)
        turns, drives = by_convoy[:, :lone].tolist(), by_convoy[:, lone:, :1].tolist()
        for by_place, *lists in zip(chances, turns, drives, strict=True):
            by_place.update(zip(places, chain(*lists), strict=True))

    def _by_shape(self) -> list[tuple[list[int], Values]]:
        """Say which places have distributions of one shape, and give their values."""
        draws = [*self._turns.values(), *self._lone.values()]
        for shape in dict.fromkeys(draw.shape for draw, _ in draws):
            rows = [n for n, (draw, _) in enumerate(draws) if draw.shape is shape]
            self._shapes.append((rows, _quantiles(shape, [draws[row] for row in rows])))
        return self._shapes


def _quantiles(shape: Shape, draws: list[Draw]) -> Values:
    """Return what turns numbers into values, a table for each distribution.

    They are the values of `Distribution.values`, to the last bit; a distance divided
    by them where there is one.
    """
    each = [draw for draw, _ in draws]
    lengths = _tables([length for _, length in draws])
    if shape is Shape.TRIANGULAR:
        values = _triangular(each)
    elif shape is Shape.UNIFORM:
        values = _uniform(each)
    else:
        values = partial(_one_by_one, each)
    if not lengths.any():
        return values
    return lambda numbers: _times(values(numbers), lengths)


def _times(values: Numbers, lengths: Numbers) -> Numbers:
    seconds: Numbers = np.where(lengths > 0, lengths / values, values)
    return seconds


def _uniform(draws: list[Distribution]) -> Values:
    low = _tables([draw.low for draw in draws])
    width = _tables([draw.high for draw in draws]) - low
    return lambda numbers: low + width * numbers


def _triangular(draws: list[Distribution]) -> Values:
    low = _tables([draw.low for draw in draws])
    best = _tables([draw.best for draw in draws])
    high = _tables([draw.high for draw in draws])
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
    rows = np.maximum(numbers, LEAST).reshape(len(draws), -1).tolist()
    values = [draw.values(row) for draw, row in zip(draws, rows, strict=True)]
    return np.array(values).reshape(numbers.shape)


def _tables(values: list[float]) -> Numbers:
    """Return one number for each table."""
    return np.array(values, dtype=np.float64).reshape(-1, 1, 1)
