"""The right of one process to something, gone with the process however that ends."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


class HeldError(Exception):
    """Another process has the right. Args: the file that stands for it."""


class LockError(Exception):
    """The file that stands for the right cannot be used. Args: file, why not."""


def is_locked(path: Path) -> bool:
    """Tell whether another process has the right that a file stands for.

    To find out is to have it for less than a millisecond, if nobody else does.
    """
    if not path.is_file():
        return False
    try:
        with locked(path):
            return False
    except HeldError:
        return True
    except LockError:
        return False


@contextmanager
def locked(path: Path, patience_s: float = 0.0) -> Iterator[None]:
    """Have the right that a file stands for.

    SQLite has the one lock of the standard library that is the same on every system
    and goes away with its holder.

    Parameters
    ----------
    path : of the file; made if need be, in a folder that is there.
    patience_s : for whoever has it at the moment.

    Raises
    ------
    HeldError
        If another process has it.
    LockError
        If there can be no such file there.
    """
    try:
        # Another thread may let go: the one that ends a program did not begin all.
        lock = sqlite3.connect(path, timeout=patience_s, check_same_thread=False)
    except sqlite3.Error as error:
        raise LockError(path, str(error)) from error
    with closing(lock):
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                raise HeldError(path) from error
            raise LockError(path, str(error)) from error
        yield
