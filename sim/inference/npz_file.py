"""Arrays, and what is to be told about them, in a file that is whole or not there."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import numpy.typing as npt

from sim.errors import UnusableError
from sim.experiment.npz import MOST_MB, DamagedError, arrays_in
from sim.inference.simulator import MOST_LUCK
from sim.plain_file import plain_bytes
from sim.scenario.problems import clipped
from sim.whole_file import write_whole

_BYTES = 8
Arrays = dict[str, npt.NDArray[Any]]


def save_arrays(path: Path, about: Mapping[str, object], arrays: Arrays) -> None:
    """Write arrays by name; an older file is replaced only by the whole new one.

    Parameters
    ----------
    path : of the file.
    about : what is to be told about them, as JSON takes it.
    arrays : by name.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    contents = io.BytesIO()
    told = np.array(json.dumps(about))
    np.savez_compressed(contents, allow_pickle=False, about=told, **arrays)
    write_whole(path, contents.getvalue())


def load_arrays(
    path: Path, names: tuple[str, ...], remedy: str, most_mb: float = MOST_MB
) -> tuple[dict[str, Any], Arrays]:
    """Return what is told about arrays, and those of some names.

    Parameters
    ----------
    path : written by `save_arrays`.
    names : that must be there, and no others.
    remedy : what to do if they are not.
    most_mb : that the file, and all arrays together, may have.

    Raises
    ------
    UnusableError
        If it is no plain file of a size that can be meant, or anything in it is not
        whole.
    """
    try:
        contents, every = plain_bytes(path, most_mb), ("about", *names)
        found = arrays_in(contents, every, most_mb)
        _check_names(contents, every)
        return _about(found.pop("about")), found
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        why = clipped(f"what is there cannot be read ({reason})", 200)
        raise UnusableError(str(path), why, remedy) from error


def _check_names(contents: bytes, names: tuple[str, ...]) -> None:
    """Refuse arrays that nobody would look at, and two of one name.

    Raises
    ------
    DamagedError
        With the name of one.
    """
    with ZipFile(io.BytesIO(contents)) as file:
        left = list(names)
        for name in file.namelist():
            array = name.removesuffix(".npy")
            if array not in left:
                raise DamagedError(f"nobody asks for '{clipped(array)}' in it")
            left.remove(array)


def _about(told: npt.NDArray[Any]) -> dict[str, Any]:
    """Return what is told about arrays.

    Raises
    ------
    DamagedError
        If it is nothing that was told.
    """
    about = json.loads(str(told)) if told.dtype.kind == "U" else None
    if not isinstance(about, dict):
        raise DamagedError("it does not say what it is about")
    return about


def check_array(
    name: str, array: npt.NDArray[Any], kind: str, shape: tuple[int | None, ...]
) -> None:
    """Refuse an array that is not what its name says.

    Parameters
    ----------
    name : for the sentence.
    array : that was read.
    kind : of its numbers: `f` or `i`, of eight bytes each.
    shape : in which None is any number.

    Raises
    ------
    DamagedError
        With what it should be.
    """
    if array.dtype.kind != kind or array.dtype.itemsize != _BYTES:
        numbers = {"f": "numbers", "i": "whole numbers"}[kind]
        raise DamagedError(f"its {name} are no {numbers} of eight bytes")
    if len(array.shape) != len(shape) or any(
        want not in {None, size} for want, size in zip(shape, array.shape, strict=True)
    ):
        sizes = " x ".join("any" if size is None else str(size) for size in shape)
        found = " x ".join(map(str, array.shape)) or "one"
        raise DamagedError(f"its {name} are {found} numbers and not {sizes}")


def check_luck(luck: npt.NDArray[Any], runs: int) -> None:
    """Refuse what is no luck of so many runs.

    Raises
    ------
    DamagedError
        If it has not a row of whole numbers of the right size for each.
    """
    check_array("luck", luck, "i", (runs, None))
    if not luck.size or luck.min() < 0 or luck.max() >= MOST_LUCK:
        raise DamagedError(f"its luck is not between 0 and {MOST_LUCK - 1}")
