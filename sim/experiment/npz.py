"""Arrays in an .npz file, read as what anybody may have put there.

What a file says of itself is compared with what is there before room is made for it.
"""

import io
import math
import struct
import sys
import warnings
import zlib
from collections.abc import Container, Iterable
from tokenize import TokenError
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

MOST_MB = 64.0
"""Millions of bytes that a file may have, and all arrays in it together."""
_LONGEST = 1_000_000_000
"""Size of an array along one axis."""
_MOST_NAMES = 65_536
"""Bytes of the list of names in a file."""
_KINDS = "biufU"
_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
_DAMAGE = (
    *(BadZipFile, EOFError, KeyError, ValueError, NotImplementedError, RuntimeError),
    *(struct.error, zlib.error, OverflowError, MemoryError, SyntaxError, TypeError),
    *(TokenError, UserWarning),
)


class DamagedError(ValueError):
    """A file is not what it should be. Args: what is wrong."""


def arrays_in(
    contents: bytes,
    names: Iterable[str],
    most_mb: float = MOST_MB,
    may_lack: Container[str] = (),
) -> dict[str, npt.NDArray[Any]]:
    """Return arrays by name.

    Parameters
    ----------
    contents : of an .npz file.
    names : that must be there.
    most_mb : of all arrays together, in millions of bytes.
    may_lack : those of the names that need not be there.

    Raises
    ------
    DamagedError
        If one is not there, or not whole, or more than anybody can have meant.
    """
    found, left = {}, most_mb * 1_000_000
    try:
        _check_directory(contents)
        with ZipFile(io.BytesIO(contents)) as file:
            there = set(file.namelist())
            for name in names:
                if name in may_lack and f"{name}.npy" not in there:
                    continue
                info = file.getinfo(f"{name}.npy")
                left -= info.file_size
                _check_member(name, info, left)
                with file.open(info) as member:
                    found[name] = _array(name, member.read())
    except DamagedError:
        raise
    except _DAMAGE as error:
        why = str(error) or "it is not what it says of itself"
        raise DamagedError(why) from error
    return found


def _check_directory(contents: bytes) -> None:
    """Refuse a list of names so long that to read it would take minutes.

    Raises
    ------
    DamagedError
        If it is, or if there is none.
    """
    end = contents.rfind(b"PK\5\6")
    size = int.from_bytes(contents[end + 12 : end + 16], "little")
    long = contents[max(end - 20, 0) : end].startswith(b"PK\6\7")
    if end < 0 or size > _MOST_NAMES or long:
        raise DamagedError("it is no file of arrays, or not whole")


def _check_member(name: str, info: ZipInfo, left: float) -> None:
    """Refuse what cannot be unpacked, or would fill the memory.

    Raises
    ------
    DamagedError
        If it is so.
    """
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise DamagedError(f"{name} is packed in an unknown way")
    if left < 0:
        raise DamagedError(f"{name} is larger than anything kept here")


def _array(name: str, data: bytes) -> npt.NDArray[Any]:
    """Return the array in the contents of an .npy file.

    Raises
    ------
    DamagedError
        If it does not fill them exactly.
    """
    file = io.BytesIO(data)
    header = _HEADERS[npy.read_magic(file)]
    with warnings.catch_warnings():
        # What is not written as numpy writes it is read with a warning.
        warnings.simplefilter("error")
        shape, by_columns, dtype = header(file)
    rest = len(data) - file.tell()
    fits = all(0 <= size <= _LONGEST for size in shape)
    if dtype.kind not in _KINDS or not dtype.itemsize or not fits:
        raise DamagedError(f"{name} is of a kind that is not kept here")
    if math.prod(shape) * dtype.itemsize != rest:
        raise DamagedError(f"{name} says another size than it has")
    flat = np.frombuffer(data, dtype, offset=file.tell())
    if dtype.kind == "U" and not _is_text(flat):
        raise DamagedError(f"{name} has a letter that there is not")
    return np.array(flat.reshape(shape, order="F" if by_columns else "C"))


def _is_text(texts: npt.NDArray[Any]) -> bool:
    """Whether every letter is one of Unicode; numpy makes texts of any number."""
    letters = texts.view(texts.dtype.byteorder.replace("|", "=") + "u4")
    return int(letters.max(initial=0)) <= sys.maxunicode
