"""Reads files that somebody names: plain ones, of a size that somebody can mean.

A named pipe would be waited for, a device would never end, and a huge file would fill
the memory before anybody could say what is wrong with it.
"""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

_MB = 1_000_000
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def is_text(name: str) -> bool:
    """Tell whether the name of a file is text, which can stand in an address.

    On a disk of another system it may hold bytes that are no letters.
    """
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


class NotPlainError(OSError):
    """What is there is not read. Args: number of the error, the sentence."""


def plain_bytes(path: Path, most_mb: float) -> bytes:
    """Return the contents of a plain file.

    Parameters
    ----------
    path : of the file; a link to one will do.
    most_mb : that are read, in millions of bytes.

    Raises
    ------
    NotPlainError
        If something else is there, or more than is read.
    OSError
        If it cannot be read.
    """
    most = round(most_mb * _MB)
    try:
        # Else to open a pipe would wait for somebody who writes into it.
        handle = os.open(path, os.O_RDONLY | _flag("O_NONBLOCK") | _flag("O_BINARY"))
    except ValueError as error:
        sentence = "no file can have this name"
        raise NotPlainError(errno.EINVAL, sentence) from error
    except OSError as error:
        if error.errno == errno.ENXIO:  # a socket cannot even be opened
            raise NotPlainError(errno.EINVAL, _other("a socket")) from error
        if path.is_dir():  # nor can a folder, on Windows
            raise NotPlainError(errno.EINVAL, _other("a folder")) from error
        raise
    facts = os.fstat(handle)
    for is_one, name in _KINDS:
        if is_one(facts.st_mode):
            os.close(handle)
            raise NotPlainError(errno.EINVAL, _other(name))
    with os.fdopen(handle, "rb") as file:
        # What a system says of its own files may be 0 for one that never ends.
        contents = b"" if facts.st_size > most else _read(file, most + 1)
    if max(facts.st_size, len(contents)) > most:
        raise NotPlainError(errno.EFBIG, f"it is larger than {most_mb:,.0f} MB")
    return contents


def _read(file: BinaryIO, most: int) -> bytes:
    """Return at most so many bytes, for which room is made as they come."""
    blocks = []
    while most > 0 and (block := file.read(min(_MB, most))):
        blocks.append(block)
        most -= len(block)
    return b"".join(blocks)


def _other(name: str) -> str:
    return f"it is {name}, not a file"


def _flag(name: str) -> int:
    """Return a flag for opening files, 0 on a system that has no such flag."""
    return int(getattr(os, name, 0))
