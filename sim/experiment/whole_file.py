"""Files that are on the disk whole or not at all, whatever ends the program."""

import os
from contextlib import suppress
from pathlib import Path

DRAFT = ".tmp-"
"""How the names of files that are still being written begin."""


def write_whole(path: Path, contents: bytes) -> None:
    """Write a file beside its place, see it onto the disk, and rename it into place.

    Parameters
    ----------
    path : an older file there is replaced.
    contents : of the file.
    """
    draft = path.with_name(f"{DRAFT}{os.getpid()}-{path.name}")
    with draft.open("wb") as file:
        file.write(contents)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """See the names in a folder onto the disk, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
