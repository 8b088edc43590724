"""Joint draws of parameters and luck: the result of a calibration, as a file.

A draw is a whole run that agrees with the record. Run again it is a replay; with its
timing changed and everything else kept it is a what-if.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import compress, islice
from pathlib import Path
from typing import Annotated, ClassVar

import numpy as np
from pydantic import (
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from sim.errors import UnusableError
from sim.experiment.npz import DamagedError
from sim.experiment.program import fingerprint_of_replays
from sim.formats import FIT
from sim.inference.calibration.fit import Calibrator, Fit
from sim.inference.calibration.options import FitTask, Method
from sim.inference.claims import Numbers
from sim.inference.npz_file import (
    check_array,
    check_luck,
    load_arrays,
    save_arrays,
)
from sim.inference.prior import Prior
from sim.inference.simulator import Parts
from sim.metrics.arrivals import every_arrival
from sim.model import simulate
from sim.scenario import Operation, settled
from sim.scenario.problems import clipped

_REMEDY = "Calibrate again."
_WITNESSES = 3
"""Draws that are run again where another version of the program made the file."""
_MOST_MB = 80
"""A hundred times what a usual fit has."""
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Seed = Annotated[int, Field(ge=0, lt=2**63)]


@dataclass(frozen=True, slots=True)
class About:
    """Where draws come from.

    Attributes
    ----------
    scenario : digest of the scenario that was calibrated.
    model : version of the program, as far as a replay depends on it.
    method : `screen` or `tempered`.
    reference : families taken at their word; none if all were pooled.
    seeds : of the fits.
    root : of all random numbers of a run, beside its parts of luck.
    names : dotted paths of the parameters.
    learned : those that the record says something about; the others are as before.
    witnesses : digests of all arrivals in the runs of the first draws; none in files of
        older versions.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(strict=True, extra="forbid")

    scenario: Digest
    model: Digest
    method: Method
    reference: tuple[str, ...]
    seeds: Annotated[tuple[Seed, ...], Field(min_length=1)]
    root: Seed
    names: Annotated[tuple[str, ...], Field(min_length=1)]
    learned: tuple[str, ...]
    witnesses: tuple[Digest, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what contradicts itself.

        Raises
        ------
        ValueError
            If a parameter comes twice, or one was learned that is none.
        """
        if len(set(self.names)) < len(self.names):
            raise ValueError("a parameter comes twice")
        if not set(self.learned) <= set(self.names):
            raise ValueError("something was learned that is no parameter")


_ABOUT = TypeAdapter(About)


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

    def witnessed(self, operation: Operation) -> "PosteriorDraws":
        """Return the same draws, with what the runs of the first of them lead to.

        Parameters
        ----------
        operation : that they are of.
        """
        witnesses = tuple(
            _arrivals_in(operation, values, luck, self.about.root)
            for values, luck in islice(self.each(), _WITNESSES)
        )
        return replace(self, about=replace(self.about, witnesses=witnesses))

    def replays(self, operation: Operation) -> bool:
        """Tell whether this program gives the runs that were fitted.

        That is sure if it has the same model; else the first draws are run again.

        Parameters
        ----------
        operation : that the draws are of.
        """
        if self.about.model == fingerprint_of_replays():
            return True
        kept = self.about.witnesses
        return bool(kept) and self.witnessed(operation).about.witnesses == kept

    def save(self, path: Path) -> None:
        """Write the draws to a file that appears only when it is whole."""
        about = {"form": FIT.current, **asdict(self.about)}
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
        model=fingerprint_of_replays(),
        method=fit.options.method,
        reference=fit.task.reference,
        seeds=fit.options.seeds,
        root=fit.ready.simulator.seed,
        names=fit.ready.prior.names,
        learned=tuple(learned),
    )
    draws = PosteriorDraws(about, fit.ready.prior.table(fit.points), fit.luck)
    return draws.witnessed(fit.ready.simulator.operation)


def _arrivals_in(
    operation: Operation, values: dict[str, float], luck: tuple[int, ...], root: int
) -> str:
    """Return a digest of who arrives when in the run of a draw."""
    log = simulate(settled(operation, values), seed=root, replication=luck)
    told = repr([tuple(arrival) for arrival in every_arrival(log)])
    return hashlib.sha256(told.encode()).hexdigest()


def fit_of(draws: PosteriorDraws, calibrator: Calibrator) -> Fit:
    """Return the fit to all claims that draws are of, with its runs made anew.

    Parameters
    ----------
    draws : of the scenario of the calibrator.
    calibrator : whose pool and claims it is asked with.
    """
    ready = calibrator.ready
    points = ready.prior.points(draws.values)
    simulator = replace(ready.simulator, seed=draws.about.root)
    outcomes = simulator.outcomes(
        points,
        draws.luck,
        calibrator.mapper,
        lambda done: calibrator.tell("draws of the fit", (done, len(draws))),
    )
    task = FitTask.of_all("fit", ready, draws.about.reference)
    return Fit(calibrator, task, points, draws.luck, outcomes, clouds=())


def load_draws(path: Path) -> PosteriorDraws:
    """Return the draws in a file, checked as far as the file alone can tell.

    Raises
    ------
    UnusableError
        If it cannot be read, is not whole, or was written by another version.
    """
    told, arrays = load_arrays(path, ("values", "luck"), _REMEDY, _MOST_MB)
    form = told.pop("form", None)
    if form != FIT.current:
        why = f"its form is {clipped(str(form))}, and this version reads {FIT.current}"
        raise UnusableError(str(path), why, _REMEDY)
    values, luck = arrays["values"], arrays["luck"]
    try:
        about = _ABOUT.validate_json(json.dumps(told))
        check_array("values", values, "f", (None, len(about.names)))
        check_luck(luck, len(values))
        _check_finite(values)
    except (DamagedError, ValidationError) as error:
        raise UnusableError(str(path), _why(error), _REMEDY) from error
    return PosteriorDraws(about, values, luck)


def _check_finite(values: Numbers) -> None:
    """Refuse values that are none.

    Raises
    ------
    DamagedError
        If one is not finite, or there are none.
    """
    if not values.size or not np.isfinite(values).all():
        raise DamagedError("a value of a draw is missing")


def check_belongs(path: Path, draws: PosteriorDraws, prior: Prior) -> None:
    """Refuse draws of other parameters, or beyond what a scenario says of them.

    Parameters
    ----------
    path : of the draws, for the sentence.
    draws : of a scenario.
    prior : of the same scenario.

    Raises
    ------
    UnusableError
        With the parameter, and what is wrong.
    """
    if draws.about.names != prior.names:
        why = "its parameters are not those under `uncertain`"
        raise UnusableError(str(path), why, _REMEDY)
    least, most = prior.table(np.array([np.zeros(prior.size), np.ones(prior.size)]))
    near = 1e-9 * np.maximum(np.abs(least), np.abs(most))
    outside = (draws.values < least - near) | (draws.values > most + near)
    for name in compress(prior.names, outside.any(axis=0)):
        why = f"{name} has a value outside the range of the scenario"
        raise UnusableError(str(path), why, _REMEDY)


def _why(error: DamagedError | ValidationError) -> str:
    """Return what is wrong with a file in a few words."""
    if isinstance(error, DamagedError):
        return str(error)
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    return clipped(f"what it says of itself is wrong: {place}: {first['msg']}", 200)
