"""Answers of a simulator, kept as they come: what was stopped goes on from there."""

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from itertools import count
from pathlib import Path

from sim.errors import ResultsError
from sim.inference.claims import Numbers
from sim.inference.npz_file import load_arrays, save_arrays
from sim.inference.simulator import Chunk, Mapper
from sim.whole_file import aside

_ENDING = ".npz"


class Keeper:
    """A mapper that keeps every answer in a file of its own and asks for none twice.

    An answer is found again by the number of its call and by what was asked, so calls
    must come in the same order each time. A damaged file is asked for again.

    Parameters
    ----------
    folder : of one study.
    mapper : gives the answers that are not kept.
    study : what the answers are about, in a word that every file carries; a file of
        another study is not taken for ours.
    """

    def __init__(self, folder: Path, mapper: Mapper, study: str = "") -> None:
        self._folder, self._mapper, self._study = folder, mapper, study
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
        kept = [
            self._kept(path, len(chunk))
            for path, chunk in zip(paths, line, strict=True)
        ]
        missing = (
            chunk for chunk, answer in zip(line, kept, strict=True) if answer is None
        )
        fresh = iter(self._mapper(work, missing))
        for path, answer in zip(paths, kept, strict=True):
            if answer is not None:
                yield answer
                continue
            new = next(fresh)
            save_arrays(path, {"study": self._study}, {"answer": new})
            yield new

    def _path(self, call: int, chunk: Chunk) -> Path:
        digest = sha256(repr(chunk).encode()).hexdigest()[:16]
        return self._folder / f"{call:06d}-{digest}-{len(chunk)}{_ENDING}"

    def _kept(self, path: Path, runs: int) -> Numbers | None:
        """Return the answer in a file, None if there is none that can be used.

        What cannot is set aside, a folder in its place too.
        """
        if not path.exists():
            return None
        try:
            told, arrays = load_arrays(path, ("answer",), "")
            answer = arrays["answer"]
            whole = answer.dtype.kind == "f" and answer.shape[:1] == (runs,)
            if whole and told["study"] == self._study:
                return answer
        except (ResultsError, KeyError, TypeError):
            pass
        aside(path)
        return None


def runs_kept(folder: Path) -> int:
    """Return how many runs the answers in a folder are of."""
    files = folder.glob(f"[0-9]*{_ENDING}")
    return sum(int(file.stem.rpartition("-")[2]) for file in files)
