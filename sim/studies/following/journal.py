"""A file of lines that is only added to: each line is there whole, or not at all."""

import os
from pathlib import Path

from sim.plain_file import plain_bytes

MOST_MB = 64
_END = b"\n"


def whole_lines(path: Path) -> list[str]:
    """Return the lines of a file; what somebody began to write who was killed is none.

    Parameters
    ----------
    path : of the file; without one there are no lines.

    Raises
    ------
    OSError
        If it cannot be read.
    UnicodeDecodeError
        If it is no text.
    """
    try:
        contents = plain_bytes(path, MOST_MB)
    except FileNotFoundError:
        return []
    whole, _, _ = contents.rpartition(_END)
    return whole.decode("utf-8").split("\n") if whole else []


def add_line(path: Path, line: str) -> None:
    """Add a line and see it onto the disk, for one who has the right to write there.

    What a line begun before has left is overwritten: its end is what makes it whole.

    Parameters
    ----------
    path : of the file; made if need be.
    line : without an end of a line in it.

    Raises
    ------
    ValueError
        If it would be several lines.
    OSError
        If the disk does not take it.
    """
    if "\n" in line:
        raise ValueError(f"one line is added at a time, got {line!r}")
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "r+b") as file:
        whole = file.read().rfind(_END) + 1
        file.truncate(whole)
        file.seek(whole)
        file.write(line.encode("utf-8") + _END)
        file.flush()
        os.fsync(file.fileno())
