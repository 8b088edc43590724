"""What a forecast leaves for the next one: its draws, to be weighed anew.

Every draw is a point in the unit cube and some luck, probable as the figures of then
made it. A run of it in the operation as it is known now says how probable the figures
of now make it; the ratio of the two is its weight. That is importance sampling: exact,
whatever has changed between, for as many draws as the weights leave effective. What was
not in the earlier operation is drawn from its range; what is no longer in it falls out.

References
----------
Chopin, A sequential particle filter method for static models, Biometrika 89 (2002)
539-551 (draws weighed anew as figures come).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter, ValidationError

from sim.errors import UnusableError
from sim.experiment.npz import DamagedError
from sim.inference.claims import Numbers
from sim.inference.forecast.pool_choice import PoolChoice
from sim.inference.npz_file import check_array, check_luck, load_arrays, save_arrays
from sim.inference.simulator import Parts
from sim.inference.weights import number_by_root

_REMEDY = "Make the forecast in full again."
_ARRAYS = ("points", "luck", "likelihoods", "roots")


@dataclass(frozen=True, slots=True)
class KeptDraws:
    """Draws of a forecast.

    Attributes
    ----------
    names : of the coordinates: paths of fields under `uncertain`.
    points : of (draw, coordinate), in the unit cube.
    luck : of (draw, part).
    likelihoods : logarithms, with the figures of that forecast.
    roots : which run of its pool each comes from.
    """

    names: tuple[str, ...]
    points: Numbers
    luck: Parts
    likelihoods: Numbers
    roots: npt.NDArray[np.int64]

    @property
    def effective(self) -> float:
        """Independent draws that they are worth as they are."""
        return number_by_root(np.ones(len(self.points)), self.roots)

    def worth(self, places: npt.NDArray[np.intp], weights: Numbers) -> float:
        """Return how many independent draws some are worth once they are weighed.

        Never more than all of them were: an error of theirs stays in whatever is made
        of them.

        Parameters
        ----------
        places : of the draws.
        weights : theirs.
        """
        return min(self.effective, number_by_root(weights, self.roots[places]))

    def along(self, names: Sequence[str], rng: np.random.Generator) -> "KeptDraws":
        """Return the same with other coordinates: new ones are drawn, others fall out.

        Parameters
        ----------
        names : of the coordinates wanted, in order.
        rng : where new coordinates come from.
        """
        fresh = rng.random((len(self.points), len(names)))
        for at, name in enumerate(names):
            if name in self.names:
                fresh[:, at] = self.points[:, self.names.index(name)]
        return replace(self, names=tuple(names), points=fresh)

    def some(self, most: int) -> "KeptDraws":
        """Return every so many draws, at most so many of them; they weigh the same."""
        size = len(self.points)
        at = np.arange(min(most, size)) * size // min(most, size)
        return replace(self, **{name: getattr(self, name)[at] for name in _ARRAYS})

    def distinct(self) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Return the places of draws that differ, and how often each is there."""
        whole = np.hstack([self.points, self.luck])
        _, first, times = np.unique(
            whole, axis=0, return_index=True, return_counts=True
        )
        return first, times


@dataclass(frozen=True, slots=True)
class KeptForecast:
    """What is kept of a forecast in full.

    Attributes
    ----------
    draws : of the simulation.
    followed : whom to follow at each site.
    """

    draws: KeptDraws
    followed: tuple[PoolChoice, ...]

    def save(self, path: Path) -> None:
        """Write it to a file that appears only when it is whole."""
        about = {
            "names": self.draws.names,
            "followed": _CHOICES.dump_python(self.followed, mode="json"),
        }
        save_arrays(path, about, {name: getattr(self.draws, name) for name in _ARRAYS})

    @classmethod
    def load(cls, path: Path) -> "KeptForecast":
        """Return what is in a file.

        Raises
        ------
        UnusableError
            If it cannot be read, or is something else.
        """
        about, arrays = load_arrays(path, _ARRAYS, _REMEDY)
        try:
            names = tuple(map(str, about["names"]))
            followed = _CHOICES.validate_json(json.dumps(about["followed"]))
            draws = len(arrays["likelihoods"])
            check_array("points", arrays["points"], "f", (draws, len(names)))
            check_array("likelihoods", arrays["likelihoods"], "f", (draws,))
            check_array("roots", arrays["roots"], "i", (draws,))
            check_luck(arrays["luck"], draws)
        except (DamagedError, ValidationError, KeyError, TypeError) as error:
            why = "what is there is nothing that a forecast left"
            raise UnusableError(str(path), why, _REMEDY) from error
        return cls(KeptDraws(names, **arrays), followed)


_CHOICES = TypeAdapter(tuple[PoolChoice, ...])
