"""One quantity of all replications, read a few columns at a time.

Quantiles need all replications side by side. What is too large for that is laid out in
a temporary file, so that the memory needed does not grow with the number of runs.
"""

import tempfile
from collections.abc import Iterator, Sequence
from typing import IO
from weakref import finalize

import numpy as np

from sim.experiment.rows import Numbers

_MOST_IN_MEMORY = 2 * 2**20
_AT_ONCE = 2 * 2**20
"""Bytes that are looked at together; quantiles need several times as many."""


class Columns:
    """A table whose rows are replications, put together part by part."""

    def __init__(self) -> None:
        self.rows = 0
        self.width = 0
        self._parts: list[Numbers] = []
        self._tiles: list[tuple[int, int]] = []
        self._file: IO[bytes] | None = None
        self._dtype = np.dtype(np.float64)

    def add(self, part: Numbers) -> None:
        """Add replications below those that are there, shape (replications, width)."""
        self.rows += len(part)
        self.width = part.shape[1]
        self._dtype = part.dtype
        if self._file is None:
            self._parts.append(part.copy())  # a view would keep a whole chunk alive
            if self.rows * self.width * part.itemsize <= _MOST_IN_MEMORY:
                return
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 (open while we live)
            finalize(self, self._file.close)
            waiting, self._parts = self._parts, []
        else:
            waiting = [part]
        for each in waiting:
            # Turned on its side, so that columns lie together.
            self._tiles.append((self._file.tell(), len(each)))
            self._file.write(np.ascontiguousarray(each.T).tobytes())

    def take(self, columns: slice) -> Numbers:
        """Return some columns of all replications."""
        if self._file is None:
            if len(self._parts) > 1:
                self._parts = [np.concatenate(self._parts)]
            whole = self._parts[0] if self._parts else np.empty((0, self.width))
            return whole[:, columns]
        first, last, _ = columns.indices(self.width)
        wanted = np.empty((self.rows, last - first), self._dtype)
        row = 0
        for begin, rows in self._tiles:
            size = self._dtype.itemsize * rows
            self._file.seek(begin + first * size)
            read = self._file.read((last - first) * size)
            tile = np.frombuffer(read, self._dtype).reshape(last - first, rows)
            wanted[row : row + rows] = tile.T
            row += rows
        return wanted

    def column(self, place: int) -> Numbers:
        """Return one column of all replications."""
        return self.take(slice(place, place + 1))[:, 0]

    def blocks(self) -> Iterator[tuple[slice, Numbers]]:
        """Yield all columns, as many at a time as memory should hold."""
        step = max(1, _AT_ONCE // max(1, self.rows * self._dtype.itemsize))
        for first in range(0, self.width, step):
            columns = slice(first, min(first + step, self.width))
            yield columns, self.take(columns)

    def quantiles(self, levels: Sequence[float]) -> Numbers:
        """Return quantiles over the replications, shape (levels, width)."""
        found = np.empty((len(levels), self.width))
        for columns, block in self.blocks():
            found[:, columns] = np.quantile(block, levels, axis=0)
        return found
