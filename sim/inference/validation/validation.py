"""How far a calibration can be trusted: everything that one pool of runs can tell."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.inference.calibration.fit import Calibrator, FitTask
from sim.inference.calibration.posterior_draws import PosteriorDraws
from sim.inference.claims import Numbers
from sim.inference.validation.held_out import (
    HeldOut,
    held_out,
    until,
    usual_cut_s,
    without_families,
)
from sim.inference.validation.prior_predictive import PriorPredictive, prior_predictive
from sim.inference.validation.quantities_of_interest import quantities_of_interest
from sim.inference.validation.reference_sensitivity import (
    ModelEvidence,
    UnderReference,
    evidence_of,
    rows_under,
    under_each,
)
from sim.inference.validation.simulation_based_calibration import Coverage, covered

MOST = 0.75
"""Standard deviations above which the tempered fit is to be trusted instead."""


@dataclass(frozen=True, slots=True)
class Distance:
    """How far the mean of one parameter is from that of a tempered fit.

    Attributes
    ----------
    name : dotted path.
    learned : whether the tempered fit says that the record fixes it.
    apart : in standard deviations of the tempered fit; with a sign.
    wider : ratio of the standard deviations.
    """

    name: str
    learned: bool
    apart: float
    wider: float

    @property
    def too_far(self) -> bool:
        """Whether the tempered fit is to be trusted instead."""
        return self.learned and abs(self.apart) > MOST


def distances(
    names: Sequence[str], learned: Sequence[str], ours: Numbers, tempered: Numbers
) -> tuple[Distance, ...]:
    """Return a row for each parameter.

    Parameters
    ----------
    names : of the columns.
    learned : those that the record fixes.
    ours, tempered : values of (draw, parameter).
    """
    spread = tempered.std(axis=0)
    apart = (ours.mean(axis=0) - tempered.mean(axis=0)) / spread
    wider = np.asarray(ours.std(axis=0) / spread)
    return tuple(
        Distance(name, name in learned, float(apart[at]), float(wider[at]))
        for at, name in enumerate(names)
    )


@dataclass(frozen=True, slots=True)
class Trial:
    """How much is tried.

    Attributes
    ----------
    families : to take at their word, one after the other.
    cut_s : figures that end later are foretold [s after the start]; None for the usual.
    sets : made-up records.
    draws : of each of their screens.
    tempered : draws of a tempered fit to compare with, if there is one.
    """

    families: tuple[str, ...]
    cut_s: int | None
    sets: int
    draws: int
    tempered: PosteriorDraws | None = None


@dataclass(frozen=True, slots=True)
class Validation:
    """What there is to say.

    Attributes
    ----------
    bench : with what it was made.
    held_out : figures foretold without their family, then those of the last days.
    under : parameters and totals under each reference.
    evidence : of each reference.
    coverage : on made-up records.
    by_chance : how near a fit comes to a family that is left out of these; None if
        there are not two families with counts.
    distances : from a tempered fit, if one was given.
    """

    bench: Calibrator
    held_out: tuple[HeldOut, ...]
    under: tuple[UnderReference, ...]
    evidence: tuple[ModelEvidence, ...]
    coverage: Coverage
    prior_predictive: PriorPredictive | None
    distances: tuple[Distance, ...]


def validated(bench: Calibrator, trial: Trial) -> Validation:
    """Return what leave-outs, references and made-up records show.

    Raises
    ------
    ValueError
        If no figures are left out by the moment that is asked for, or more records are
        to be made up than the pool has runs for.
    """
    ready = bench.ready
    coverage = covered(
        bench.pool,
        ready.claims,
        quantities_of_interest(ready.record.entries, ready.simulator.operation.clock),
        trial.sets,
        trial.draws,
        bench.wish.seeds[0],
    )
    luck = prior_predictive(
        ready,
        bench.pool,
        trial.sets,
        trial.draws,
        bench.wish.seeds[0],
        lambda done: bench.tell("made-up records", (done, trial.sets)),
    )
    families = without_families(ready)
    held = [held_out(bench, bench.refitted(each), last_days=False) for each in families]
    cut_s = usual_cut_s(ready) if trial.cut_s is None else trial.cut_s
    if cut_s is not None:
        fit = bench.refitted(until(ready, cut_s))
        held.append(held_out(bench, fit, last_days=True))
    under: list[UnderReference] = []
    evidence: list[ModelEvidence] = []
    apart: tuple[Distance, ...] = ()
    for asked in _references(bench, trial):
        fit = bench.refitted(asked)
        under += rows_under(bench, fit)
        evidence.append(evidence_of(fit))
        if trial.tempered and trial.tempered.about.reference == asked.reference:
            about = trial.tempered.about
            ours = ready.prior.table(fit.points)
            apart = distances(about.names, about.learned, ours, trial.tempered.values)
    return Validation(
        bench, tuple(held), tuple(under), tuple(evidence), coverage, luck, apart
    )


def _references(bench: Calibrator, trial: Trial) -> Sequence[FitTask]:
    """Return the fits under each reference, that of the tempered fit among them."""
    wanted = under_each(bench.ready, trial.families)
    if trial.tempered is None:
        return wanted
    families = trial.tempered.about.reference
    if any(asked.reference == families for asked in wanted):
        return wanted
    every = tuple(range(len(bench.ready.claims)))
    return [*wanted, FitTask(f"{', '.join(families)} at their word", every, families)]
