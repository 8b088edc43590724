"""A tempered fit on disk, so that it can go on where it was stopped."""

import json
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import numpy as np

from sim.calibration.arrays import load_arrays, save_arrays
from sim.calibration.cloud import Cloud, Level
from sim.calibration.tempering import Problem, Settings
from sim.errors import ResultsError

_REMEDY = "Begin the fit again, or give it another file."
_ARRAYS = ("points", "luck", "quantities", "likelihoods", "roots")
_NUMBERS = ("log_evidence", "scale", "share", "runs")


def key_of(problem: Problem, settings: Settings, seed: int, scenario: str) -> str:
    """Return what tells this fit from any other.

    Parameters
    ----------
    problem, settings, seed : as of `temper`.
    scenario : digest of scenario and model, which the simulator cannot tell.
    """
    told = (
        scenario,
        seed,
        asdict(settings),
        problem.parameters,
        sorted(problem.reference.families),
        problem.reference.every_source,
        [asdict(claim) for claim in problem.claims],
        problem.reported.tolist(),
    )
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def save_cloud(path: Path, cloud: Cloud, key: str) -> None:
    """Write a cloud to a file that is replaced only by a whole one."""
    about = {
        "key": key,
        "levels": [asdict(level) for level in cloud.levels],
        **{name: getattr(cloud, name) for name in _NUMBERS},
    }
    arrays = {name: getattr(cloud, name) for name in _ARRAYS}
    save_arrays(path, {"about": np.array(json.dumps(about)), **arrays})


def load_cloud(path: Path, key: str) -> Cloud | None:
    """Return the cloud in a file, None if there is no file.

    Raises
    ------
    ResultsError
        If the file is damaged, or of another fit.
    """
    if not path.exists():
        return None
    arrays = load_arrays(path, ("about", *_ARRAYS), _REMEDY)
    about = json.loads(str(arrays.pop("about")))
    if about["key"] != key:
        raise ResultsError(str(path), "another fit is kept there", _REMEDY)
    return Cloud(
        points=arrays["points"],
        luck=arrays["luck"],
        quantities=arrays["quantities"],
        likelihoods=arrays["likelihoods"],
        roots=arrays["roots"],
        levels=tuple(Level(**level) for level in about["levels"]),
        **{name: about[name] for name in _NUMBERS},
    )
