"""Joint draws of parameters and luck: the result of a calibration, as a file.

A draw is a whole run that agrees with the record. Run again it is a replay; with its
timing changed and everything else kept it is a what-if.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.calibration.arrays import load_arrays, save_arrays
from sim.calibration.claims import Numbers
from sim.calibration.cloud import Cloud
from sim.calibration.prior import Prior
from sim.calibration.simulator import Parts
from sim.errors import ResultsError

_REMEDY = "Calibrate again."
_FORM = 1


@dataclass(frozen=True, slots=True)
class Draws:
    """Draws that weigh the same.

    Attributes
    ----------
    scenario : digest of the scenario that was calibrated.
    model : version of the program.
    names : dotted paths of the parameters.
    learned : those that the record says something about; the others are as before.
    values : of (draw, parameter), in base units.
    luck : of (draw, part).
    """

    scenario: str
    model: str
    names: tuple[str, ...]
    learned: tuple[str, ...]
    values: Numbers
    luck: Parts

    def __len__(self) -> int:
        return len(self.values)

    def each(self) -> Iterator[tuple[dict[str, float], tuple[int, ...]]]:
        """Return the values by path and the luck of each draw."""
        for values, luck in zip(self.values.tolist(), self.luck.tolist(), strict=True):
            yield dict(zip(self.names, values, strict=True)), tuple(luck)

    def save(self, path: Path) -> None:
        """Write the draws to a file that appears only when it is whole."""
        about = {
            "form": _FORM,
            "scenario": self.scenario,
            "model": self.model,
            "names": self.names,
            "learned": self.learned,
        }
        save_arrays(
            path,
            {
                "about": np.array(json.dumps(about)),
                "values": self.values,
                "luck": self.luck,
            },
        )


def pooled(
    fits: Sequence[Cloud],
    prior: Prior,
    learned: Sequence[str],
    scenario: str,
    model: str,
) -> Draws:
    """Return the draws of several fits together.

    Parameters
    ----------
    fits : with different seeds, of the same size.
    prior : what their points mean.
    learned, scenario, model : as in `Draws`.
    """
    return Draws(
        scenario,
        model,
        prior.names,
        tuple(learned),
        prior.table(np.concatenate([fit.points for fit in fits])),
        np.concatenate([fit.luck for fit in fits]),
    )


def load_draws(path: Path) -> Draws:
    """Return the draws in a file.

    Raises
    ------
    ResultsError
        If it cannot be read, or was written by a later version.
    """
    arrays = load_arrays(path, ("about", "values", "luck"), _REMEDY)
    about = json.loads(str(arrays["about"]))
    if about["form"] != _FORM:
        why = f"its form is {about['form']}, and this version reads {_FORM}"
        raise ResultsError(str(path), why, _REMEDY)
    return Draws(
        about["scenario"],
        about["model"],
        tuple(about["names"]),
        tuple(about["learned"]),
        arrays["values"],
        arrays["luck"],
    )
