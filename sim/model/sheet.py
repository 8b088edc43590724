"""Numbers of one block, turned into whole values all at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np

from sim.distributions import Distribution, Shape
from sim.model.streams import LEAST, Numbers, Streams

CONVOYS = 8
"""Convoys of a block."""
VEHICLES = 32
"""Vehicles of a block; those beyond have the next block."""

Draw = tuple[Distribution, float]
"""A distribution; and a length, if it is that of the speed over it, else 0."""
Chances = dict[str, list[int]]
"""What chance decides for one convoy, by place: whole seconds (or people in a load) for
each vehicle, or the one time of the whole convoy."""


class Sheet:
    """Places for which numbers are drawn together, with distributions of one shape.

    Parameters
    ----------
    blocks : of vehicles; each has a name and numbers of its own.
    """

    __slots__ = ("_blocks", "_lone", "_turns", "_vehicles")

    def __init__(self, blocks: int) -> None:
        self._blocks = blocks
        self._vehicles = 0
        self._turns: dict[str, Draw] = {}
        self._lone: dict[str, Draw] = {}

    def each_vehicle(self, place: str, draw: Distribution, vehicles: int) -> None:
        """Draw at a place for each of so many vehicles."""
        self._turns[place] = draw, 0.0
        self._vehicles = max(self._vehicles, vehicles)

    def whole_convoy(self, place: str, draw: Distribution, length: float) -> None:
        """Draw at a place for the first vehicle; with a length, from a speed."""
        self._lone[place] = draw, length

    def draw(self, streams: Streams, whose: str, part: int) -> list[Chances]:
        """Return the values of eight convoys, by place."""
        draws = {**self._turns, **self._lone}
        names = [f"{p}\0{whose}\0{b}" for p in draws for b in range(self._blocks)]
        numbers = np.empty((len(names), CONVOYS * VEHICLES))
        streams.fill(numbers, names, part)
        values = _quantiles(tuple(draws.values()))(numbers.reshape(len(draws), -1))
        whole = np.rint(values).astype(np.int64)
        each = whole.reshape(-1, self._blocks, CONVOYS, VEHICLES).transpose(2, 0, 1, 3)
        number = len(self._turns)
        turns = each[:, :number].reshape(CONVOYS, number, self._blocks * VEHICLES)
        turns_by_convoy = turns[:, :, : self._vehicles].tolist()
        lone_by_convoy = each[:, number:, 0, :1].tolist()
        return [
            dict(zip(draws, [*turns, *lone], strict=True))
            for turns, lone in zip(turns_by_convoy, lone_by_convoy, strict=True)
        ]


@lru_cache(maxsize=256)
def _quantiles(
    draws: tuple[Draw, ...],
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
