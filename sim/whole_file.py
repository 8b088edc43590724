"""Files that are on the disk whole or not at all, whatever ends the program."""

import os
import secrets
import threading
from contextlib import suppress
from pathlib import Path

DRAFT = ".tmp-"
"""How the names of files that are still being written begin."""
BROKEN = ".broken"
"""How the names of what was set aside end."""


def write_whole(path: Path, contents: bytes) -> None:
    """Write a file beside its place, see it onto the disk, and rename it into place.

    Parameters
    ----------
    path : an older file there is replaced.
    contents : of the file.

    Raises
    ------
    OSError
        If the disk does not take it; nothing is left then.
    """
    # Threads of a page may write the same file at the same time.
    own = f"{os.getpid()}-{threading.get_ident()}"
    draft = path.with_name(f"{DRAFT}{own}-{path.name}")
    try:
        with draft.open("wb") as file:
            file.write(contents)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def aside(path: Path) -> None:
    """Take the name from what is damaged, whatever it is, and keep it for a look."""
    with suppress(OSError):
        path.rename(path.with_name(f"{path.name}.{secrets.token_hex(4)}{BROKEN}"))


def _sync(folder: Path) -> None:
    """See the names in a folder onto the disk, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
