"""How large the directory of a zip file is, told before anything reads it.

Each entry of a directory becomes an object, which takes far more room than the entry
does in the file: a small file can fill the memory.
"""

import re
import struct
from collections.abc import Iterator

_END, _LARGE_END = b"PK\x05\x06", b"PK\x06\x07"
_SIZE_AT = 12
_TAIL = 22 + 65_535 + 20
"""The record at the end, its longest comment, and what may stand before it."""


def directory_exceeds(contents: bytes, most: int) -> bool:
    """Return whether the directory of a zip file may be larger than so many bytes.

    Every record that a reader may take for the one at the end is looked at. The wider
    form, which only archives of more than 65,535 files or 4 GB need, counts as larger.

    Parameters
    ----------
    contents : of the file.
    most : bytes of its directory.
    """
    tail = contents[-_TAIL:]
    return _LARGE_END in tail or any(size > most for size in _sizes(tail))


def _sizes(tail: bytes) -> Iterator[int]:
    for found in re.finditer(re.escape(_END), tail):
        at = found.start() + _SIZE_AT
        if at + 4 <= len(tail):
            yield struct.unpack_from("<L", tail, at)[0]
