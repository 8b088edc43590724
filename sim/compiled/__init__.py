"""The model in machine code, where it has been compiled.

It is compiled from the files of `sim.model` themselves, and gives the same to the last
bit in less time. What was compiled is used as long as no file has changed that it was
made from; a changed file is simply run, until it is compiled again.
"""

import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

SIM = Path(__file__).resolve().parents[1]
PLACE = Path(sys.prefix) / "compiled-model"
PLAIN = "CONVOYS_PLAIN_MODEL"
"""The environment variable that, set to anything, leaves compiled parts unused."""


def parts() -> list[Path]:
    """Return the files that are compiled."""
    model = sorted((SIM / "model").rglob("*.py"))
    return [file for file in model if file.name != "__init__.py"]


def folder() -> Path:
    """Return where the compiled form of the files as they are now has its place."""
    digest = hashlib.blake2b(digest_size=16)
    for file in (*parts(), *_relied_upon()):
        digest.update(f"{file.relative_to(SIM).as_posix()}\0".encode())
        digest.update(file.read_bytes())
    return PLACE / digest.hexdigest()


def _relied_upon() -> Iterator[Path]:
    """Give the files whose types the compiled code takes for granted."""
    for part in ("events", "parts", "scenario"):
        yield from sorted((SIM / part).rglob("*.py"))
    for name in ("distributions", "errors"):
        yield SIM / f"{name}.py"


def use_if_there() -> None:
    """Let imports find the compiled form, unless there is none or nobody wants it."""
    if PLACE.is_dir() and not os.environ.get(PLAIN) and (there := folder()).is_dir():
        use(there)


def use(there: Path) -> None:
    """Let imports find what was compiled into a folder."""
    sys.meta_path.insert(0, _Finder(there))


def in_use() -> bool:
    """Whether imports find a compiled form."""
    return any(isinstance(finder, _Finder) for finder in sys.meta_path)


class _Finder(MetaPathFinder):
    """Finds compiled parts of the model, and what they share."""

    def __init__(self, there: Path) -> None:
        self._there = there

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Return where a module is, if it is here."""
        if not (fullname.startswith("sim.model.") or fullname.endswith("__mypyc")):
            return None
        for suffix in EXTENSION_SUFFIXES:
            file = self._there / f"{fullname.replace('.', '/')}{suffix}"
            if file.is_file():
                return spec_from_file_location(fullname, file)
        return None
