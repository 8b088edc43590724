"""The right of one process to something, gone with the process however that ends."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


class HeldError(Exception):
    """Another process has the right. Args: the file that stands for it."""


class LockError(Exception):
    """The file that stands for the right cannot be used. Args: file, why not."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Have the right that a file stands for.

    SQLite has the one lock of the standard library that is the same on every system
    and goes away with its holder.

    Parameters
    ----------
    path : of the file; made if need be, in a folder that is there.

    Raises
    ------
    HeldError
        If another process has it.
    LockError
        If there can be no such file there.
    """
    try:
        lock = sqlite3.connect(path, timeout=0)
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
