"""Arrays in a file that is either whole or not there."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import ResultsError
from sim.experiment.whole_file import write_whole

Arrays = dict[str, npt.NDArray[Any]]


def save_arrays(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write arrays by name; an older file is replaced only by the whole new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    contents = io.BytesIO()
    np.savez_compressed(contents, allow_pickle=False, **arrays)
    write_whole(path, contents.getvalue())


def load_arrays(path: Path, names: tuple[str, ...], remedy: str) -> Arrays:
    """Return the arrays of some names.

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
        # Read first: numpy leaves the file open if it is damaged.
        whole = io.BytesIO(path.read_bytes())
        with np.load(whole, allow_pickle=False) as stored:
            return {name: stored[name] for name in names}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        why = f"what is there cannot be read ({error})"
        raise ResultsError(str(path), why, remedy) from error
