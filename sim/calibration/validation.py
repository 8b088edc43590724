"""How far a calibration can be trusted: everything that one pool of runs can tell."""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.calibration.by_chance import ByChance, by_chance
from sim.calibration.coverage import Coverage, covered
from sim.calibration.derived import derived_from
from sim.calibration.distance import Distance, distances
from sim.calibration.draws import Draws
from sim.calibration.held_out import (
    HeldOut,
    foretold,
    until,
    usual_cut_s,
    without_families,
)
from sim.calibration.references import (
    Evidence,
    Under,
    evidence_of,
    rows_of,
    under_each,
)
from sim.calibration.refit import Asked, Bench


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
    tempered: Draws | None = None


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

    bench: Bench
    held_out: tuple[HeldOut, ...]
    under: tuple[Under, ...]
    evidence: tuple[Evidence, ...]
    coverage: Coverage
    by_chance: ByChance | None
    distances: tuple[Distance, ...]


def validated(bench: Bench, trial: Trial) -> Validation:
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
        derived_from(ready.record.entries, ready.simulator.operation.clock),
        trial.sets,
        trial.draws,
        bench.wish.seeds[0],
    )
    luck = by_chance(
        ready,
        bench.pool,
        trial.sets,
        trial.draws,
        bench.wish.seeds[0],
        lambda done: bench.tell("made-up records", (done, trial.sets)),
    )
    families = without_families(ready)
    held = [foretold(bench, bench.refitted(each), last_days=False) for each in families]
    cut_s = usual_cut_s(ready) if trial.cut_s is None else trial.cut_s
    if cut_s is not None:
        fit = bench.refitted(until(ready, cut_s))
        held.append(foretold(bench, fit, last_days=True))
    under: list[Under] = []
    evidence: list[Evidence] = []
    apart: tuple[Distance, ...] = ()
    for asked in _references(bench, trial):
        fit = bench.refitted(asked)
        under += rows_of(bench, fit)
        evidence.append(evidence_of(fit))
        if trial.tempered and trial.tempered.about.reference == asked.reference:
            about = trial.tempered.about
            ours = ready.prior.table(fit.points)
            apart = distances(about.names, about.learned, ours, trial.tempered.values)
    return Validation(
        bench, tuple(held), tuple(under), tuple(evidence), coverage, luck, apart
    )


def _references(bench: Bench, trial: Trial) -> Sequence[Asked]:
    """Return the fits under each reference, that of the tempered fit among them."""
    wanted = under_each(bench.ready, trial.families)
    if trial.tempered is None:
        return wanted
    families = trial.tempered.about.reference
    if any(asked.reference == families for asked in wanted):
        return wanted
    every = tuple(range(len(bench.ready.claims)))
    return [*wanted, Asked(f"{', '.join(families)} at their word", every, families)]
