"""Joint draws of parameters and luck: the result of a calibration, as a file.

A draw is a whole run that agrees with the record. Run again it is a replay; with its
timing changed and everything else kept it is a what-if.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from sim.errors import ResultsError
from sim.experiment.program import fingerprint
from sim.formats import FIT
from sim.inference.calibration.fit import Fit
from sim.inference.claims import Numbers
from sim.inference.npz_file import load_arrays, save_arrays
from sim.inference.simulator import Parts

_REMEDY = "Calibrate again."
_FORM = FIT.current


@dataclass(frozen=True, slots=True)
class About:
    """Where draws come from.

    Attributes
    ----------
    scenario : digest of the scenario that was calibrated.
    model : version of the program.
    method : `screen` or `tempered`.
    reference : families taken at their word; none if all were pooled.
    seeds : of the fits.
    root : of all random numbers of a run, beside its parts of luck.
    names : dotted paths of the parameters.
    learned : those that the record says something about; the others are as before.
    """

    scenario: str
    model: str
    method: str
    reference: tuple[str, ...]
    seeds: tuple[int, ...]
    root: int
    names: tuple[str, ...]
    learned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PosteriorDraws:
    """Draws that weigh the same, in no order.

    Attributes
    ----------
    values : of (draw, parameter), in base units.
    luck : of (draw, part).
    """

    about: About
    values: Numbers
    luck: Parts

    def __len__(self) -> int:
        return len(self.values)

    def each(self) -> Iterator[tuple[dict[str, float], tuple[int, ...]]]:
        """Return the values by path and the luck of each draw."""
        for values, luck in zip(self.values.tolist(), self.luck.tolist(), strict=True):
            yield dict(zip(self.about.names, values, strict=True)), tuple(luck)

    def save(self, path: Path) -> None:
        """Write the draws to a file that appears only when it is whole."""
        about = {"form": _FORM, **asdict(self.about)}
        save_arrays(path, about, {"values": self.values, "luck": self.luck})


def draws_of(fit: Fit, learned: Sequence[str]) -> PosteriorDraws:
    """Return the draws of a fit.

    Parameters
    ----------
    fit : that is done.
    learned : as in `About`.
    """
    about = About(
        scenario=fit.ready.scenario,
        model=fingerprint(),
        method=fit.options.method,
        reference=fit.task.reference,
        seeds=fit.options.seeds,
        root=fit.ready.simulator.seed,
        names=fit.ready.prior.names,
        learned=tuple(learned),
    )
    return PosteriorDraws(about, fit.ready.prior.table(fit.points), fit.luck)


def load_draws(path: Path) -> PosteriorDraws:
    """Return the draws in a file.

    Raises
    ------
    ResultsError
        If it cannot be read, or was written by a later version.
    """
    told, arrays = load_arrays(path, ("values", "luck"), _REMEDY)
    if told["form"] != _FORM:
        why = f"its form is {told['form']}, and this version reads {_FORM}"
        raise ResultsError(str(path), why, _REMEDY)
    about: dict[str, Any] = {
        field.name: tuple(value) if isinstance(value, list) else value
        for field in fields(About)
        for value in [told[field.name]]
    }
    return PosteriorDraws(About(**about), arrays["values"], arrays["luck"])
