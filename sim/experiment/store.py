"""Where the replications of a study are kept, in memory or in a folder.

In a folder each chunk is a file of its own, written beside its place and renamed into
it once it is on the disk. Whatever ends the program, a file is there whole or not at
all; a study goes on by running what no file holds.
"""

import io
import json
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
from numpy.lib.format import write_array

from sim.experiment.rows import QUANTITIES, Failure, Layout, Numbers, Rows, joined
from sim.experiment.whole_file import DRAFT, write_whole

_BROKEN = ".broken"
_TOGETHER = 200
"""Replications in a file once a study is complete."""
_LIGHTLY = 1
"""Level of compression: to pack harder takes three times as long for a quarter less."""


class Store(Protocol):
    """Keeps chunks of replications and gives them back in order."""

    @property
    def lasting(self) -> bool:
        """Whether what is kept outlives the program."""
        ...

    def add(self, rows: Rows) -> None:
        """Keep a chunk for good before anything else happens."""
        ...

    def done(self) -> set[int]:
        """Return the replications that are kept, those that failed among them."""
        ...

    def parts(self) -> Iterator[Rows]:
        """Yield what is kept, in order of replication."""
        ...


class Memory:
    """Keeps chunks as long as the program runs."""

    lasting = False

    def __init__(self, parts: Iterable[Rows] = ()) -> None:
        self._parts = list(parts)

    def add(self, rows: Rows) -> None:
        """Keep a chunk."""
        self._parts.append(rows)

    def done(self) -> set[int]:
        """Return the replications that are kept, those that failed among them."""
        return {number for rows in self._parts for number in _numbers(rows)}

    def parts(self) -> Iterator[Rows]:
        """Yield what is kept, in order of replication."""
        if len(self._parts) > 1:
            self._parts = [joined(self._parts)]
        yield from self._parts


class Beginning:
    """Gives back only the first replications of another store.

    A study that goes on may find more than it asks for at first.

    Parameters
    ----------
    store : that keeps them.
    replications : from 0 on.
    """

    def __init__(self, store: Store, replications: int) -> None:
        self._store = store
        self._replications = replications

    @property
    def lasting(self) -> bool:
        """Whether what is kept outlives the program."""
        return self._store.lasting

    def add(self, rows: Rows) -> None:
        """Keep a chunk for good before anything else happens."""
        self._store.add(rows)

    def done(self) -> set[int]:
        """Return the replications that are kept, those that failed among them."""
        return {number for number in self._store.done() if number < self._replications}

    def parts(self) -> Iterator[Rows]:
        """Yield what is kept, in order of replication."""
        last = self._replications - 1
        for rows in self._store.parts():
            part = _chosen(rows, rows.replications <= last, last, below=True)
            if _count(part):
                yield part


class Folder:
    """Keeps chunks as files in a folder.

    Parameters
    ----------
    path : of the folder; made if it is not there.
    """

    lasting = True

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        for draft in path.glob(f"{DRAFT}*"):
            draft.unlink(missing_ok=True)

    def add(self, rows: Rows) -> None:
        """Write a chunk and see it onto the disk."""
        numbers, contents = _numbers(rows), packed(rows)
        name = f"{min(numbers):08d}-{max(numbers):08d}-{_checksum(contents)}.npz"
        write_whole(self.path / name, contents)

    def done(self) -> set[int]:
        """Return the replications that are kept, those that failed among them.

        Every file is read and compared with the checksum in its name; one that is
        damaged is set aside, so that its replications are run again.
        """
        kept: set[int] = set()
        for file in self._files():
            contents = file.read_bytes()
            if file.stem.endswith(_checksum(contents)):
                kept.update(_numbers(unpacked(contents)))
            else:
                file.replace(file.with_suffix(_BROKEN))
        return kept

    def parts(self) -> Iterator[Rows]:
        """Yield what is kept, in order of replication."""
        for file in self._files():
            yield unpacked(file.read_bytes())

    def settle(self, target: Path) -> None:
        """Write what is kept to another folder; see `settle`."""
        settle(self, target)

    def _files(self) -> list[Path]:
        return sorted(self.path.glob("[0-9]*.npz"))


def settle(store: Store, target: Path) -> None:
    """Write what a store keeps to a folder, in files of a fixed size.

    Two studies of the same runs then have the same files, whatever their chunks were.
    """
    fresh = Folder(target)
    waiting: list[Rows] = []
    for rows in store.parts():
        waiting.append(rows)
        while sum(map(_count, waiting)) >= _TOGETHER:
            head, tail = _split(joined(waiting))
            fresh.add(head)
            waiting = [tail]
    if sum(map(_count, waiting)):
        fresh.add(joined(waiting))


def packed(rows: Rows) -> bytes:
    """Return replications as the contents of an .npz file."""
    names = {"layout": rows.layout, "failures": rows.failures}
    text = json.dumps(names, ensure_ascii=False).encode()
    arrays: dict[str, Numbers] = {
        "names": np.frombuffer(text, np.uint8),
        "replications": rows.replications,
        **{name: getattr(rows, name) for name in QUANTITIES},
    }
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED, compresslevel=_LIGHTLY) as file:
        for name, array in arrays.items():
            with file.open(f"{name}.npy", "w") as member:
                write_array(member, array, allow_pickle=False)
    return buffer.getvalue()


def unpacked(contents: bytes) -> Rows:
    """Return the replications in an .npz file."""
    with np.load(io.BytesIO(contents), allow_pickle=False) as file:
        names = json.loads(file["names"].tobytes())
        parameters, metrics, origins, flows, waiting, figures = names["layout"]
        return Rows(
            layout=Layout(
                tuple(parameters),
                tuple(metrics),
                tuple(origins),
                tuple(flows),
                tuple((origin, cause) for origin, cause in waiting),
                tuple(figures),
            ),
            replications=file["replications"],
            **{name: file[name] for name in QUANTITIES},
            failures=tuple(Failure(*failure) for failure in names["failures"]),
        )


def _checksum(contents: bytes) -> str:
    return f"{zlib.crc32(contents):08x}"


def _numbers(rows: Rows) -> list[int]:
    """Return the replications of a chunk, those that failed among them."""
    return [*rows.replications.tolist(), *(row.replication for row in rows.failures)]


def _count(rows: Rows) -> int:
    return len(rows) + len(rows.failures)


def _split(rows: Rows) -> tuple[Rows, Rows]:
    """Return the first replications, as many as go into one file, and the others."""
    border = sorted(_numbers(rows))[_TOGETHER - 1]
    early = rows.replications <= border
    return _chosen(rows, early, border, below=True), _chosen(
        rows, ~early, border, below=False
    )


def _chosen(rows: Rows, which: Numbers, border: int, *, below: bool) -> Rows:
    return rows.chosen(
        which,
        (row for row in rows.failures if (row.replication <= border) is below),
    )
