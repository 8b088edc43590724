"""The particles of a tempered fit, in memory and on disk: all to go on from there."""

import json
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter, ValidationError

from sim.errors import UnusableError
from sim.experiment.npz import MOST_MB, DamagedError
from sim.inference.calibration.options import SmcSettings
from sim.inference.claims import NODES, Numbers
from sim.inference.npz_file import (
    Arrays,
    check_array,
    check_luck,
    load_arrays,
    save_arrays,
)
from sim.inference.problem import InferenceProblem
from sim.inference.simulator import Parts
from sim.inference.weights import drawn_evenly

_REMEDY = "Begin the fit again, or give it another file."
_ARRAYS = ("points", "luck", "quantities", "likelihoods", "roots")
_NUMBERS = ("log_evidence", "scale", "share", "runs")


@dataclass(frozen=True, slots=True)
class TemperatureReached:
    """One temperature that was reached.

    Attributes
    ----------
    temperature : power of the likelihood.
    accepted_walks, accepted_redrawn, accepted_luck : shares of the moves.
    """

    temperature: float
    accepted_walks: float
    accepted_redrawn: float
    accepted_luck: float


@dataclass(frozen=True, slots=True)
class _Told:
    """What a file says beside the arrays, as of `Particles`."""

    levels: tuple[TemperatureReached, ...]
    log_evidence: float
    scale: float
    share: float
    runs: int


_TOLD = TypeAdapter(_Told)


@dataclass(frozen=True, slots=True)
class Particles:
    """All particles at one temperature; everything that is needed to go on.

    Attributes
    ----------
    points : of (particle, parameter), in the unit cube.
    luck : of (particle, part).
    quantities : of (particle, claim, node).
    likelihoods : logarithms.
    roots : which of the first particles each comes from.
    levels : temperatures so far.
    log_evidence : logarithm of the probability of the reports so far.
    scale : of walks of points.
    share : of luck that is renewed.
    runs : of the simulator so far.
    """

    points: Numbers
    luck: Parts
    quantities: Numbers
    likelihoods: Numbers
    roots: npt.NDArray[np.int64]
    levels: tuple[TemperatureReached, ...]
    log_evidence: float
    scale: float
    share: float
    runs: int

    @property
    def temperature(self) -> float:
        """The last one; 0 is the prior."""
        return self.levels[-1].temperature if self.levels else 0.0

    @property
    def temperatures(self) -> list[float]:
        """Those so far, the prior left out."""
        return [level.temperature for level in self.levels]

    @property
    def done(self) -> bool:
        """Whether the particles are draws of the result."""
        return self.temperature >= 1.0

    def resampled(
        self, weights: Numbers, rng: np.random.Generator, size: int | None = None
    ) -> "Particles":
        """Return particles drawn by their weights, by systematic resampling.

        Parameters
        ----------
        weights : of the particles.
        rng : where the luck of the drawing comes from.
        size : how many to draw; None for as many as there are.
        """
        at = drawn_evenly(weights, rng, size or len(weights))
        drawn: dict[str, Any] = {name: getattr(self, name)[at] for name in _ARRAYS}
        return replace(self, **drawn)


def key_of(
    problem: InferenceProblem, settings: SmcSettings, seed: int, scenario: str
) -> str:
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
        sorted(problem.sources.reference.families),
        problem.sources.reference.every_source,
        [asdict(claim) for claim in problem.sources.claims],
        problem.reported.tolist(),
    )
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def save_particles(path: Path, cloud: Particles, key: str) -> None:
    """Write a cloud to a file that is replaced only by a whole one."""
    about = {
        "key": key,
        "levels": [asdict(level) for level in cloud.levels],
        **{name: getattr(cloud, name) for name in _NUMBERS},
    }
    save_arrays(path, about, {name: getattr(cloud, name) for name in _ARRAYS})


def load_particles(path: Path, key: str, most_mb: float = MOST_MB) -> Particles | None:
    """Return the cloud in a file, None if there is no file.

    Parameters
    ----------
    path, key : as of `save_particles`.
    most_mb : that it can have, in millions of bytes.

    Raises
    ------
    UnusableError
        If the file is damaged, or of another fit.
    """
    if not path.exists():
        return None
    about, arrays = load_arrays(path, _ARRAYS, _REMEDY, most_mb)
    if about.pop("key", None) != key:
        raise UnusableError(str(path), "another fit is kept there", _REMEDY)
    try:
        told = _TOLD.validate_json(json.dumps(about))
        _check(arrays)
    except (DamagedError, ValidationError) as error:
        raise UnusableError(str(path), "what is there is no fit", _REMEDY) from error
    rest: dict[str, Any] = arrays | {name: getattr(told, name) for name in _NUMBERS}
    return Particles(levels=told.levels, **rest)


def _check(arrays: Arrays) -> None:
    """Refuse arrays that are none of particles.

    Raises
    ------
    DamagedError
        With what is wrong.
    """
    size = len(arrays["points"]) if arrays["points"].ndim else 0
    check_array("points", arrays["points"], "f", (size, None))
    check_array("quantities", arrays["quantities"], "f", (size, None, NODES))
    check_array("likelihoods", arrays["likelihoods"], "f", (size,))
    check_array("roots", arrays["roots"], "i", (size,))
    check_luck(arrays["luck"], size)
