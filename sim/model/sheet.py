"""Numbers of one block, turned into whole values all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.distributions import GREATEST, Distribution, Shape
from sim.model.streams import LEAST, Numbers, Streams

CONVOYS = 8
"""Convoys of a block."""
VEHICLES = 32
"""Vehicles of a block; those beyond have the next block."""

Draw = tuple[Distribution, float]
"""A distribution; and a length, if it is that of the speed over it, else 0."""
Values = Callable[[Numbers], Numbers]
"""From numbers between 0 and 1 to values, those of a distribution after another's."""
Chances = dict[str, list[int]]
"""What chance decides for one convoy, by place: whole seconds (or people in a load) for
each vehicle, or the one time of the whole convoy."""


class Part(NamedTuple):
    """Places whose distributions are of one shape.

    Attributes
    ----------
    used : where their numbers are, place by place and convoy by convoy.
    values : what turns these numbers into values.
    tables : by place, convoy and vehicle: which of the values, and how many of each.
    """

    used: NDArray[np.intp]
    values: Values
    tables: list[tuple[slice, tuple[int, int, int]]]


class Sheet:
    """Places for which numbers are drawn together.

    Parameters
    ----------
    blocks : of vehicles; each has a name and numbers of its own.
    whole : whether the values are rounded; else they are still to be multiplied.
    """

    __slots__ = (
        "_blocks",
        "_lone",
        "_parts",
        "_places",
        "_turns",
        "_vehicles",
        "_whole",
    )

    def __init__(self, blocks: int, *, whole: bool = True) -> None:
        self._blocks = blocks
        self._whole = whole
        self._vehicles = 1
        self._turns: dict[str, Draw] = {}
        self._lone: dict[str, Draw] = {}
        self._places: list[str] = []
        self._parts: list[Part] = []

    def each_vehicle(self, place: str, draw: Distribution, vehicles: int) -> None:
        """Draw at a place for each of so many vehicles."""
        self._turns[place] = draw, 0.0
        self._vehicles = max(self._vehicles, vehicles)

    def whole_convoy(self, place: str, draw: Distribution, length: float) -> None:
        """Draw at a place for the first vehicle; with a length, from a speed."""
        self._lone[place] = draw, length

    def draw(
        self, streams: Streams, whose: str, part: int, chances: Sequence[dict[str, Any]]
    ) -> None:
        """Add the values of eight convoys, by place."""
        parts = self._parts or self._plan()
        places = self._places
        names = [f"{p}\0{whose}\0{b}" for p in places for b in range(self._blocks)]
        numbers = np.empty((len(names), CONVOYS * VEHICLES))
        streams.fill(numbers, names, part)
        lists: list[list[list[float]]] = []
        for used, values, tables in parts:
            drawn = values(numbers.take(used))
            if self._whole:
                drawn = np.rint(drawn).astype(np.int64)
            for where, size in tables:
                lists += drawn[where].reshape(size).tolist()
        for by_place, of_convoy in zip(chances, zip(*lists, strict=True), strict=True):
            by_place.update(zip(places, of_convoy, strict=True))

    def _plan(self) -> list[Part]:
        """Put places of one shape together, and say which numbers they use."""
        kinds = (self._turns, self._vehicles), (self._lone, 1)
        draws = [draw for of_kind, _ in kinds for draw, _ in of_kind.values()]
        size = len(draws), self._blocks, CONVOYS, VEHICLES
        by_block = np.arange(np.prod(size)).reshape(size)
        index = by_block.transpose(0, 2, 1, 3).reshape(len(draws), CONVOYS, -1)
        for shape in dict.fromkeys(draw.shape for draw in draws):
            used, tables, end = [], [], 0
            repeated: list[Draw] = []
            counts: list[int] = []
            for of_kind, vehicles in kinds:
                group = [p for p, (draw, _) in of_kind.items() if draw.shape is shape]
                first, last = len(self._places), len(self._places) + len(group)
                self._places += group
                used.append(index[first:last, :, :vehicles].ravel())
                begin, end = end, end + used[-1].size
                tables.append((slice(begin, end), (len(group), CONVOYS, vehicles)))
                repeated += [of_kind[place] for place in group]
                counts += [CONVOYS * vehicles] * len(group)
            values = _quantiles(shape, repeated, counts)
            self._parts.append(Part(np.concatenate(used), values, tables))
        return self._parts


def _quantiles(shape: Shape, draws: list[Draw], counts: list[int]) -> Values:
    """Return what turns numbers into values, so many for each distribution.

    They are the values of `Distribution.values`, to the last bit; a distance divided
    by them where there is one.
    """
    each = [draw for draw, _ in draws]
    cut = any(draw.most < inf for draw in each)
    if shape is Shape.TRIANGULAR and not cut:
        values = _triangular(each, counts)
    elif shape is Shape.UNIFORM and not cut:
        values = _uniform(each, counts)
    else:
        values = partial(_one_by_one, each, counts)
    lengths = _repeated([length for _, length in draws], counts)
    if not lengths.any():
        return values
    return lambda numbers: _times(values(numbers), lengths)


def _times(values: Numbers, lengths: Numbers) -> Numbers:
    seconds: Numbers = np.where(lengths > 0, lengths / values, values)
    bounded: Numbers = np.minimum(seconds, GREATEST)
    return bounded


def _uniform(draws: list[Distribution], counts: list[int]) -> Values:
    low = _repeated([draw.low for draw in draws], counts)
    width = _repeated([draw.high for draw in draws], counts) - low
    return lambda numbers: low + width * numbers


def _triangular(draws: list[Distribution], counts: list[int]) -> Values:
    low = _repeated([draw.low for draw in draws], counts)
    best = _repeated([draw.best for draw in draws], counts)
    high = _repeated([draw.high for draw in draws], counts)
    width = high - low
    at_mode = (best - low) / width
    rising, falling = width * (best - low), width * (high - best)

    def values(numbers: Numbers) -> Numbers:
        left = numbers < at_mode
        root = np.sqrt(np.where(left, numbers * rising, (1 - numbers) * falling))
        quantiles: Numbers = np.where(left, low + root, high - root)
        return quantiles

    return values


def _one_by_one(
    draws: list[Distribution], counts: list[int], numbers: Numbers
) -> Numbers:
    """Use the logarithms of the standard library; numpy's differ by processor."""
    left = iter(np.maximum(numbers, LEAST).tolist())
    values: list[float] = []
    for draw, count in zip(draws, counts, strict=True):
        values += draw.values(list(islice(left, count)))
    bounded: Numbers = np.minimum(np.array(values), GREATEST)
    return bounded


def _repeated(values: list[float], counts: list[int]) -> Numbers:
    return np.repeat(np.array(values, dtype=np.float64), counts)
