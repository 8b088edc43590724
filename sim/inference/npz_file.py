"""Arrays, and what is to be told about them, in a file that is whole or not there."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import ResultsError
from sim.experiment.whole_file import write_whole

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
        # Read first: numpy leaves the file open if it is damaged.
        whole = io.BytesIO(path.read_bytes())
        with np.load(whole, allow_pickle=False) as stored:
            about = json.loads(str(stored["about"]))
            return about, {name: stored[name] for name in names}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        why = f"what is there cannot be read ({error})"
        raise ResultsError(str(path), why, remedy) from error
