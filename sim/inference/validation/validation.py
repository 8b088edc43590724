"""How far a calibration can be trusted: everything that one pool of runs can tell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan, nan

import numpy as np

from sim.inference.calibration.fit import Calibrator, Fit
from sim.inference.calibration.options import FitTask
from sim.inference.calibration.posterior_draws import PosteriorDraws, fit_of
from sim.inference.claims import Numbers
from sim.inference.comparators.registry import OPEN_HOURS
from sim.inference.scores import Goal, GoalKind
from sim.inference.validation.ablation import Ablation, ablation, left_of
from sim.inference.validation.held_out import (
    FIT,
    FamilyLeftOut,
    HeldOut,
    HeldOutCoverage,
    HeldOutScore,
    family_left_out,
    held_out,
    held_out_coverage,
    held_out_scores,
    until,
    usual_cut_s,
    without_families,
)
from sim.inference.validation.phases_alone import SHIPPED, without_convoys
from sim.inference.validation.prior_predictive import PriorPredictive, prior_predictive
from sim.inference.validation.quantities_of_interest import quantities_of_interest
from sim.inference.validation.reference_sensitivity import (
    EndTotal,
    ModelEvidence,
    OwnTotal,
    SourceUse,
    UnderReference,
    counting_low,
    end_totals,
    evidence_of,
    exactly,
    own_totals,
    readings,
    rows_under,
    under_each,
)
from sim.inference.validation.simulation_based_calibration import (
    LEVELS,
    Coverage,
    covered,
)
from sim.scenario import Operation

MOST = 0.75
"""Standard deviations above which the tempered fit is to be trusted instead."""
FAMILIES, LAST_DAYS, ALL = "each family in turn", "the last days", "all"
COVERAGE_GOALS = ((0.46, 0.54), (0.87, 0.93))
"""Between which the mean coverage of 50 and 90 percent intervals is to lie."""


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
    tempered : draws of a tempered fit to compare with, if there is one; weighed anew,
        they also say what each reference leads to, and foretell each family that is
        left out, in place of screens.
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
    calibrator : with what it was made.
    held_out : figures foretold without their family, then those of the last days.
    under : parameters and totals under each reference.
    end_totals : of people who have arrived, by each reading of the record; none by
        screens.
    own_totals : of each source, beside runs that take it at its word.
    evidence : of each reference.
    coverage : on made-up records.
    prior_predictive : how near a fit comes to a family that is left out of these; None
        if there are not two families with counts.
    ablations : the scores of the operation with something taken away.
    without_convoys : the scores of what is shipped on counts of all people, and those
        of rates by phase, by their number; none without such counts.
    distances : from a tempered fit, if one was given.
    weighed : draws of that fit that were weighed anew; 0 if none were.
    """

    calibrator: Calibrator
    held_out: tuple[HeldOut, ...]
    under: tuple[UnderReference, ...]
    end_totals: tuple[EndTotal, ...]
    own_totals: tuple[OwnTotal, ...]
    evidence: tuple[ModelEvidence, ...]
    coverage: Coverage
    prior_predictive: PriorPredictive | None
    ablations: tuple[Ablation, ...]
    without_convoys: tuple[Ablation, ...]
    distances: tuple[Distance, ...]
    weighed: int = 0

    @property
    def operation(self) -> Operation:
        """What was calibrated."""
        return self.calibrator.ready.operation


def validated(calibrator: Calibrator, trial: Trial) -> Validation:
    """Return what leave-outs, references and made-up records show.

    Raises
    ------
    ValueError
        If no figures are left out by the moment that is asked for, or more records are
        to be made up than the pool has runs for.
    """
    ready, pool, seed = calibrator.ready, calibrator.pool, calibrator.options.seeds[0]
    size = (trial.sets, trial.draws, seed)
    clock = ready.operation.clock
    interest = quantities_of_interest(ready.record.entries, clock)
    coverage = covered(pool, ready.claims, interest, *size)
    luck = prior_predictive(
        ready,
        pool,
        *size,
        lambda done: calibrator.tell("made-up records", (done, trial.sets)),
    )
    tempered, given = trial.tempered, None
    if tempered is not None and calibrator.options.method == "screen":
        given = fit_of(tempered, calibrator)
    exact = given is not None or calibrator.options.method == "tempered"

    def read(task: FitTask) -> tuple[Fit, float]:
        return exactly(task, given) if given else (calibrator.fit(task), nan)

    held: list[HeldOut] = []
    ends: list[EndTotal] = []
    for task in without_families(ready):
        fit, worth = read(task)
        held.append(held_out(fit, last_days=False))
        left_out = family_left_out(held[-1]).family
        ends += end_totals(SourceUse.WITHOUT, [left_out], fit, worth)
    cut_s = usual_cut_s(ready) if trial.cut_s is None else trial.cut_s
    if cut_s is not None:
        held.append(held_out(calibrator.fit(until(ready, cut_s)), last_days=True))
    references: list[tuple[str, ...]] = [(family,) for family in trial.families]
    if tempered is not None:
        references.append(tempered.about.reference)
    under: list[UnderReference] = []
    own: list[OwnTotal] = []
    evidence: list[ModelEvidence] = []
    low: tuple[str, ...] = ()
    apart: tuple[Distance, ...] = ()
    for task in under_each(ready, references):
        fit = calibrator.fit(task)
        anew, worth = read(task) if given else (fit, nan)
        under += rows_under(anew)
        own += own_totals(anew, worth)
        use = SourceUse.BELIEVED if task.reference else SourceUse.POOLED
        ends += end_totals(use, task.reference, anew, worth)
        low = low if task.reference else counting_low(anew)
        evidence.append(evidence_of(fit))
        if tempered is not None and tempered.about.reference == task.reference:
            about, ours = tempered.about, ready.prior.table(fit.points)
            apart = distances(about.names, about.learned, ours, tempered.values)
    for use, families, task in readings(ready, low, trial.families) if exact else ():
        ends += end_totals(use, families, *read(task))
    left = left_of(calibrator)
    whole = left[SHIPPED]
    return Validation(
        calibrator,
        tuple(held),
        tuple(under),
        tuple(_in_order(ends)) if exact else (),
        tuple(own),
        tuple(evidence),
        coverage,
        luck,
        tuple(ablation(name, fit) for name, fit in left.items()),
        without_convoys(whole) if whole else (),
        apart,
        0 if given is None else len(given.points),
    )


def _in_order(ends: Sequence[EndTotal]) -> list[EndTotal]:
    order = list(SourceUse)
    return sorted(ends, key=lambda row: order.index(row.use))


def coverage_by_group(done: Validation) -> list[HeldOutCoverage]:
    """Return how many left-out figures lie inside, by kind."""
    return [held_out_coverage(of, held) for of, held in _grouped(done).items()]


def scores_by_group(done: Validation) -> list[HeldOutScore]:
    """Return the scores of left-out counts, by kind."""
    return [
        row for of, held in _grouped(done).items() for row in held_out_scores(of, held)
    ]


def families_left_out(done: Validation) -> list[FamilyLeftOut]:
    """Return how near everybody comes to each family that was left out."""
    return [family_left_out(held) for held in done.held_out if not held.last_days]


def goals(done: Validation) -> Iterator[Goal]:
    """Yield what the project asks for, with what was reached."""
    for row in coverage_by_group(done):
        if row.of != ALL:
            yield Goal(GoalKind.UNSEEN_INSIDE, row.inside, least=row.fewest, of=row.of)
    for each in scores_by_group(done):
        if each.name == "ARD" and each.of == ALL:
            ours, simple = each.scores[FIT], each.scores[OPEN_HOURS]
            # Nobody is nearer than a rate that is exact.
            if simple > 0 and not isnan(ours):
                yield Goal(GoalKind.UNSEEN_BELOW_RATE, ours, most=simple, below=True)
    coverage = done.coverage
    for level, mean, (least, most) in zip(
        LEVELS, coverage.means, COVERAGE_GOALS, strict=True
    ):
        yield Goal(GoalKind.INTERVALS_COVER, mean, least, most, f"{100 * level:.0f} %")
    yield Goal(GoalKind.RANKS_IN_BAND, len(coverage.outside), most=0)
    apart = [abs(row.apart) for row in done.distances if row.learned]
    if apart:
        yield Goal(GoalKind.NEAR_TEMPERED, max(apart), most=MOST)


def _grouped(done: Validation) -> dict[str, Sequence[HeldOut]]:
    """Return the leave-outs by kind, and all of them."""
    families = [each for each in done.held_out if not each.last_days]
    last_days = [each for each in done.held_out if each.last_days]
    kinds = {FAMILIES: families, LAST_DAYS: last_days, ALL: done.held_out}
    return {of: held for of, held in kinds.items() if held}
