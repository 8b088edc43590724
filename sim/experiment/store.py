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
from typing import Any, NamedTuple, Protocol
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
from numpy.lib.format import write_array
from pydantic import TypeAdapter, ValidationError

from sim.errors import UnusableError
from sim.evidence.questionnaire import Reading
from sim.experiment.npz import MOST_MB, DamagedError, arrays_in
from sim.experiment.rows import (
    QUANTITIES,
    Failure,
    Followed,
    Layout,
    Numbers,
    Rows,
    joined,
)
from sim.plain_file import plain_bytes
from sim.whole_file import aside, write_whole

_TOGETHER = 200
"""Replications in a file once a study is complete."""
_MOST_BYTES = 32_000_000
"""Of arrays in a file: half of what is read."""
_MOST_REMEMBERED = 16_000_000
"""Bytes of arrays that are kept in memory beside the files."""
_LATER = frozenset({"obstacles"})
"""Quantities that files of earlier programs lack, as they lack the names of these."""
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
    study : what the runs are of, in a word that every file carries; a file of another
        study is not taken for ours. Empty for files that go by themselves.
    """

    lasting = True

    def __init__(self, path: Path, study: str = "") -> None:
        self.path = path
        self._study = study
        self._remembered: dict[_Mark, Rows] = {}
        self._bytes = 0
        path.mkdir(parents=True, exist_ok=True)

    def __getstate__(self) -> dict[str, Any]:
        """Return what is sent to other processes: not what is remembered."""
        return self.__dict__ | {"_remembered": {}, "_bytes": 0}

    def add(self, rows: Rows) -> None:
        """Write a chunk and see it onto the disk; a large one in several files."""
        while _count(rows) > (most := _most_in_a_file(rows)):
            head, rows = _split(rows, most)
            self._write(head)
        self._write(rows)

    def done(self) -> set[int]:
        """Return the replications that are kept, those that failed among them.

        Every file is read and compared with its name; one that is damaged, of another
        study, or holds what another holds too is set aside, so that its replications
        are run again.
        """
        kept: set[int] = set()
        for file in self._files():
            try:
                rows = self._read(file, None, remembered=False)
                numbers = set(_numbers(rows))
            except (OSError, DamagedError):
                aside(file)
                continue
            if kept & numbers:
                aside(file)
                continue
            kept |= numbers
        return kept

    def parts(self) -> Iterator[Rows]:
        """Yield what is kept, in order of replication.

        Raises
        ------
        UnusableError
            If a file is damaged or gone, or does not belong to the others.
        """
        before: Rows | None = None
        for file in self._files():
            try:
                rows = self._read(file, before)
            except (OSError, DamagedError) as error:
                why = error.strerror if isinstance(error, OSError) else error
                remedy = "Run the study again; the same seed gives the same results."
                if self._study:
                    remedy = "Resume the study: what is missing is run again."
                raise UnusableError(str(file), str(why), remedy) from error
            before = rows if len(rows) or before is None else before
            yield rows

    def settle(self, target: Path) -> None:
        """Write what is kept to another folder; see `settle`."""
        settle(self, target)

    def _write(self, rows: Rows) -> None:
        contents = packed(rows, self._study)
        file = self.path / f"{_name(rows)}-{_checksum(contents)}.npz"
        write_whole(file, contents)
        self._remember(_mark_of(file), rows)

    def _remember(self, mark: "_Mark", rows: Rows) -> None:
        """Keep the first chunks in memory too: a search asks for all of them often."""
        size = self._bytes + _size(rows)
        if mark not in self._remembered and size <= _MOST_REMEMBERED:
            self._remembered[mark] = rows
            self._bytes = size

    def _files(self) -> list[Path]:
        return chunks_in(self.path)

    def _read(
        self, file: Path, before: Rows | None, *, remembered: bool = True
    ) -> Rows:
        """Return what is in a file.

        Parameters
        ----------
        before : of a file before it, if there is one.
        remembered : whether what was read or written before will do, if the file has
            not changed since.

        Raises
        ------
        OSError
            If it cannot be read.
        DamagedError
            If it is not what its name says, of another study, or does not fit what
            comes before.
        """
        mark = _mark_of(file)
        rows = self._remembered.get(mark) if remembered else None
        if rows is None:
            rows = chunk_in(file, self._study)
            self._remember(mark, rows)
        if before is not None:
            if min(_numbers(rows)) <= max(_numbers(before)):
                raise DamagedError("another file holds the same runs")
            if len(rows) and len(before) and rows.layout != before.layout:
                raise DamagedError("it has other columns than those before it")
        return rows


_Mark = tuple[str, int, int]
"""By which a file is known to be the same: name, size and when it was changed."""


def _mark_of(file: Path) -> _Mark:
    """Return what a file is known by.

    Raises
    ------
    OSError
        If it is not there.
    """
    facts = file.stat()
    return file.name, facts.st_size, facts.st_mtime_ns


def chunks_in(folder: Path) -> list[Path]:
    """Return the files of the chunks that a folder keeps, the first runs first."""
    return sorted(folder.glob("[0-9]*.npz"))


def chunk_in(file: Path, study: str) -> Rows:
    """Return the replications in a file that a folder keeps.

    Parameters
    ----------
    file : whose name tells its checksum.
    study : that they must be of.

    Raises
    ------
    OSError
        If it cannot be read.
    DamagedError
        If it is not what its name says, or of another study.
    """
    contents = plain_bytes(file, MOST_MB)
    if not file.stem.endswith(f"-{_checksum(contents)}"):
        raise DamagedError("it was changed or is not whole")
    rows, found = unpacked(contents)
    if found != study:
        raise DamagedError("it is of another study")
    if not file.stem.startswith(f"{_name(rows)}-"):
        raise DamagedError("it holds other runs than its name says")
    return rows


def settle(store: Store, target: Path) -> None:
    """Write what a store keeps to a folder, in files of a fixed size.

    Two studies of the same runs then have the same files, whatever their chunks were.
    """
    fresh = Folder(target)
    waiting: list[Rows] = []
    for rows in store.parts():
        waiting.append(rows)
        most = min(_TOGETHER, _most_in_a_file(rows))
        while sum(map(_count, waiting)) >= most:
            head, tail = _split(joined(waiting), most)
            fresh.add(head)
            waiting = [tail]
    if sum(map(_count, waiting)):
        fresh.add(joined(waiting))


class _Names(NamedTuple):
    """What a file tells about its arrays, beside them."""

    layout: Layout
    failures: tuple[Failure, ...]
    study: str
    followed: tuple[Followed, ...] = ()


_NAMES = TypeAdapter(_Names)


def packed(rows: Rows, study: str = "") -> bytes:
    """Return replications as the contents of an .npz file.

    Parameters
    ----------
    rows : to pack.
    study : that they are of.
    """
    names = _Names(rows.layout, rows.failures, study, rows.followed)
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


def unpacked(contents: bytes) -> tuple[Rows, str]:
    """Return the replications in an .npz file, and the study that they are of.

    Raises
    ------
    DamagedError
        If it is no such file, or its parts do not fit together.
    """
    names = ("names", "replications", *QUANTITIES)
    arrays = arrays_in(contents, names, may_lack=_LATER)
    try:
        told = arrays.pop("names").tobytes()
        layout, failures, study, followed = _NAMES.validate_json(told, strict=True)
    except ValidationError as error:
        raise DamagedError("what it tells about its arrays makes no sense") from error
    for name in _LATER - arrays.keys():
        arrays[name] = np.zeros((len(arrays["replications"]), 0), np.int64)
    rows = Rows(layout=layout, failures=failures, followed=followed, **arrays)
    if not _fit_together(rows):
        raise DamagedError("its arrays do not fit together")
    return rows, study


def _fit_together(rows: Rows) -> bool:
    """Tell whether every replication has a number, once, and a value for every name."""
    numbers, layout, size = rows.replications, rows.layout, len(rows.replications)
    if numbers.dtype != np.int64 or numbers.ndim != 1 or not _count(rows):
        return False
    every, kept = _numbers(rows), [each.replication for each in rows.followed]
    if len(set(kept)) < len(kept) or not set(kept) <= set(numbers.tolist()):
        return False
    if min(every) < 0 or len(set(every)) < len(every) or (np.diff(numbers) <= 0).any():
        return False
    widths: dict[str, tuple[int | None, ...]] = {
        "parameters": (len(layout.parameters),),
        "metrics": (len(layout.metrics),),
        "arrivals": (len(layout.origins), None),
        "flows": (len(layout.flows), None),
        "daily": (len(layout.origins), None),
        "received": (len(layout.received), None),
        "unloading": (len(layout.destinations), None),
        "waiting": (len(layout.waiting),),
        "obstacles": (len(layout.obstacles),),
        "readings": (len(layout.figures), len(Reading._fields)),
    }
    for name, width in widths.items():
        array = getattr(rows, name)
        shape = (size, *width)
        if array.ndim != len(shape) or array.dtype.kind not in "if":
            return False
        known = zip(array.shape, shape, strict=True)
        if any(one != other for one, other in known if other is not None):
            return False
    return True


def _name(rows: Rows) -> str:
    """Return how the name of a file begins: with the first and last replication."""
    numbers = _numbers(rows)
    return f"{min(numbers):08d}-{max(numbers):08d}"


def _checksum(contents: bytes) -> str:
    return f"{zlib.crc32(contents):08x}"


def _numbers(rows: Rows) -> list[int]:
    """Return the replications of a chunk, those that failed among them."""
    return [*rows.replications.tolist(), *(row.replication for row in rows.failures)]


def _count(rows: Rows) -> int:
    return len(rows) + len(rows.failures)


def _most_in_a_file(rows: Rows) -> int:
    """Return how many such replications a file may hold, so that it can be read."""
    each = max(_size(rows) / max(len(rows), 1), 1)
    return max(1, int(_MOST_BYTES / each))


def _size(rows: Rows) -> int:
    """Return how many bytes the arrays of some replications take."""
    return sum(getattr(rows, name).nbytes for name in QUANTITIES)


def _split(rows: Rows, most: int) -> tuple[Rows, Rows]:
    """Return the first replications, at most so many, and the others."""
    border = sorted(_numbers(rows))[most - 1]
    early = rows.replications <= border
    return _chosen(rows, early, border, below=True), _chosen(
        rows, ~early, border, below=False
    )


def _chosen(rows: Rows, which: Numbers, border: int, *, below: bool) -> Rows:
    return rows.chosen(
        which,
        (row for row in rows.failures if (row.replication <= border) is below),
    )
