"""Arrays, and what is to be told about them, in a file that is whole or not there."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import ResultsError
from sim.experiment.npz import MOST_MB, arrays_in
from sim.experiment.whole_file import write_whole
from sim.plain_file import plain_bytes

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
    path: Path, names: tuple[str, ...], remedy: str
) -> tuple[dict[str, Any], Arrays]:
    """Return what is told about arrays, and those of some names.

    Parameters
    ----------
    path : written by `save_arrays`.
    names : that must be there.
    remedy : what to do if they are not.

    Raises
    ------
    ResultsError
        If the file cannot be read or lacks a name.
    """
    try:
        arrays = arrays_in(plain_bytes(path, MOST_MB), ("about", *names))
        about = json.loads(str(arrays.pop("about")))
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        why = f"what is there cannot be read ({reason})"
        raise ResultsError(str(path), why, remedy) from error
    return about, arrays
