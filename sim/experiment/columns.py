"""One quantity of all replications, read a few columns at a time.

Quantiles need all replications side by side. What is too large for that is laid out in
a temporary file, so that the memory needed does not grow with the number of runs.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from weakref import finalize

import numpy as np

from sim.experiment.rows import Numbers

_MOST_IN_MEMORY = 8 * 2**20
_AT_ONCE = 4 * 2**20
"""Bytes that are looked at together; quantiles need several times as many."""


class Columns:
    """A table whose rows are replications.

    Parameters
    ----------
    parts : tables one below the other, each of shape (replications, width).
    rows : of the whole.
    """

    def __init__(self, parts: Iterable[Numbers], rows: int) -> None:
        self.rows = rows
        self._whole: Numbers | None = None
        self._tiles: list[tuple[int, int]] = []
        given = iter(parts)
        first = next(given, np.empty((0, 0)))
        self.width = first.shape[1]
        self._dtype = first.dtype
        if rows * self.width * first.itemsize <= _MOST_IN_MEMORY:
            self._whole = np.concatenate([first, *given])
        else:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 (open while we live)
            finalize(self, self._file.close)
            self._keep(first)
            for part in given:
                self._keep(part)

    def _keep(self, part: Numbers) -> None:
        """Write a part turned on its side, so that columns lie together."""
        self._tiles.append((self._file.tell(), len(part)))
        self._file.write(np.ascontiguousarray(part.T).tobytes())

    def take(self, columns: slice) -> Numbers:
        """Return some columns of all replications."""
        if self._whole is not None:
            return self._whole[:, columns]
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
