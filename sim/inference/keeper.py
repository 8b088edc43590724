"""Answers of a simulator, kept as they come: what was stopped goes on from there."""

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from itertools import count
from pathlib import Path

from sim.errors import ResultsError
from sim.inference.claims import Numbers
from sim.inference.npz_file import load_arrays, save_arrays
from sim.inference.simulator import Chunk, Mapper

_ENDING = ".npz"


class Keeper:
    """A mapper that keeps every answer in a file of its own and asks for none twice.

    An answer is found again by the number of its call and by what was asked, so calls
    must come in the same order each time. A damaged file is asked for again.

    Parameters
    ----------
    folder : of one study.
    mapper : gives the answers that are not kept.
    """

    def __init__(self, folder: Path, mapper: Mapper) -> None:
        self._folder, self._mapper = folder, mapper
        self._calls = count()

    def __call__(
        self, work: Callable[[Chunk], Numbers], chunks: Iterable[Chunk]
    ) -> Iterator[Numbers]:
        """Return the answer to each chunk, in their order."""
        call, line = next(self._calls), [*chunks]
        return self._answers(work, line, [self._path(call, chunk) for chunk in line])

    def _answers(
        self, work: Callable[[Chunk], Numbers], line: list[Chunk], paths: list[Path]
    ) -> Iterator[Numbers]:
        kept = [_kept(path) for path in paths]
        missing = (
            chunk for chunk, answer in zip(line, kept, strict=True) if answer is None
        )
        fresh = iter(self._mapper(work, missing))
        for path, answer in zip(paths, kept, strict=True):
            if answer is not None:
                yield answer
                continue
            new = next(fresh)
            save_arrays(path, {}, {"answer": new})
            yield new

    def _path(self, call: int, chunk: Chunk) -> Path:
        digest = sha256(repr(chunk).encode()).hexdigest()[:16]
        return self._folder / f"{call:06d}-{digest}-{len(chunk)}{_ENDING}"


def runs_kept(folder: Path) -> int:
    """Return how many runs the answers in a folder are of."""
    files = folder.glob(f"[0-9]*{_ENDING}")
    return sum(int(file.stem.rpartition("-")[2]) for file in files)


def _kept(path: Path) -> Numbers | None:
    """Return the answer in a file, None if there is none that can be read."""
    try:
        return load_arrays(path, ("answer",), "")[1]["answer"]
    except ResultsError:
        return None
