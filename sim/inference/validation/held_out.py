"""Documented figures that a fit has not seen, beside what it predicts for them.

A whole family of sources is left out, since its figures share whatever is wrong with
them; or all figures of the last days. What the scenario is given as a fact, such as
when gates were closed, is known to every fit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from sim.evidence.reading import moment_s
from sim.inference.calibration.fit import Fit
from sim.inference.calibration.options import FitTask
from sim.inference.calibration.posterior_predictive import (
    LEVEL,
    PredictiveCheck,
    predictions,
)
from sim.inference.claims import RecordEntry
from sim.inference.comparators.registry import RIVALS
from sim.inference.problem import Prepared
from sim.inference.scores import ard, fewest_inside, mean_known
from sim.inference.validation.rivals import by_rivals
from sim.scenario import Operation
from sim.scenario.clock import to_the_minute

FIT, PRIOR = "fit", "bare prior"
CRPS = "CRPS, logarithm"

FORECASTERS = (FIT, PRIOR, *RIVALS)
"""Who foretells the counts of people."""


@dataclass(frozen=True, slots=True)
class HeldOutFigure:
    """A figure that a fit has not seen.

    Attributes
    ----------
    place : of its claim in the record.
    after, before : predicted by the fit, and by the bare prior.
    foretold : counts of all people arrived, by FORECASTERS: medians of the runs and of
        curves from the figures that were not left out, if these say anything of the
        site; without any bias of a source. Empty for other figures.
    crps : of what the RIVALS would expect to be reported, of the logarithm.
    """

    place: int
    after: PredictiveCheck
    before: PredictiveCheck
    foretold: Mapping[str, float]
    crps: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What one fit says about figures that it has not seen.

    Attributes
    ----------
    name : in words.
    last_days : whether they are those of the last days, not those of a family.
    """

    name: str
    last_days: bool
    rows: tuple[HeldOutFigure, ...]


@dataclass(frozen=True, slots=True)
class HeldOutCoverage:
    """How many figures lie inside, and how wide the intervals are.

    Attributes
    ----------
    of : which figures were left out.
    figures, inside : all of them, and those that meet their 90 percent interval.
    fewest : lower 2.5 percent point of how many would by chance, were they independent.
    misses : names of the others, each with its family.
    width, prior_width : mean width of the intervals of counts of people, of the fit and
        of the bare prior [people]; NaN if there are none.
    """

    of: str
    figures: int
    inside: int
    fewest: int
    misses: tuple[str, ...]
    width: float
    prior_width: float


@dataclass(frozen=True, slots=True)
class FamilyLeftOut:
    """How near everybody comes to the figures of one family that is left out.

    Attributes
    ----------
    family : of sources.
    figures, inside : all of them, and those that meet their 90 percent interval.
    fewest : lower 2.5 percent point of how many would by chance, were they independent.
    counts : counts of all people arrived about which everybody says something.
    crps : of these, mean of the logarithm, by FORECASTERS; empty without any.
    """

    family: str
    figures: int
    inside: int
    fewest: int
    counts: int
    crps: Mapping[str, float]

    @property
    def nearer(self) -> tuple[str, ...]:
        """The names of those that come nearer than the fit."""
        ours = self.crps.get(FIT, -inf)
        return tuple(who for who in RIVALS if self.crps.get(who, inf) < ours)


@dataclass(frozen=True, slots=True)
class HeldOutScore:
    """One score of the same left-out counts of people, by who foretells them.

    Attributes
    ----------
    of : which figures were left out.
    figures : counts of all people arrived about which everybody says something.
    scores : by FORECASTERS.
    """

    name: str
    of: str
    figures: int
    scores: dict[str, float]


def without_families(ready: Prepared) -> list[FitTask]:
    """Return a fit without each family in turn; none if there is only one."""
    families = sorted({claim.family for claim in ready.claims})
    if len(families) < 2:
        return []
    return [FitTask.without(ready, [family]) for family in families]


def until(ready: Prepared, cut_s: int) -> FitTask:
    """Return a fit to the figures whose window ends by a moment.

    Parameters
    ----------
    ready : with all figures.
    cut_s : seconds after the start.

    Raises
    ------
    ValueError
        If no figure is left out, or none is left.
    """
    operation = ready.operation
    used = tuple(
        place
        for place, entry in enumerate(ready.record.entries)
        if _ends_s(entry, operation) <= cut_s
    )
    moment = to_the_minute(operation.clock.local(cut_s))
    if not used or len(used) == len(ready.claims):
        which = "no" if not used else "every"
        raise ValueError(f"{which} fitted figure ends by {moment}")
    return FitTask(f"until {moment}", used)


def usual_cut_s(ready: Prepared) -> int | None:
    """Return the local midnight after which about a third of the counts end.

    The nearest to a third, the earlier of two; None if no midnight parts the figures.
    """
    operation = ready.operation
    entries = ready.record.entries
    ends = [_ends_s(entry, operation) for entry in entries]
    counts = [end for end, entry in zip(ends, entries, strict=True) if entry.counts]
    nights = [
        night
        for night in operation.clock.day_starts(operation.ends)
        if min(ends) <= night < max(ends)
    ]
    return min(
        nights,
        key=lambda night: abs(3 * sum(end > night for end in counts) - len(counts)),
        default=None,
    )


def held_out(fit: Fit, *, last_days: bool) -> HeldOut:
    """Return a row for each figure that a fit has not seen.

    Parameters
    ----------
    fit : to some of the claims.
    last_days : whether it was left without the last days.
    """
    entries, used = fit.ready.record.entries, fit.task.used
    found = predictions(fit)
    rivals = by_rivals(fit)
    rows = []
    for place, entry in enumerate(entries):
        if place in used:
            continue
        said: dict[str, float] = {}
        theirs = rivals.get(place, {})
        if entry.counts_everybody:
            said = {
                FIT: float(np.nanmedian(fit.quantities[:, place])),
                PRIOR: float(np.nanmedian(fit.pool.quantities[:, place])),
                **{name: each.middle for name, each in theirs.items()},
            }
        rows.append(
            HeldOutFigure(
                place,
                found.after[place],
                found.before[place],
                said,
                {name: each.crps for name, each in theirs.items()},
            )
        )
    return HeldOut(fit.task.name, last_days, tuple(rows))


def held_out_coverage(of: str, held: Sequence[HeldOut]) -> HeldOutCoverage:
    """Return how many of the figures left out lie inside."""
    rows = [row for each in held for row in each.rows]
    misses = [row.after.claim for row in rows if not row.after.inside]
    people = [row for row in rows if row.after.claim.unit == "people"]
    return HeldOutCoverage(
        of,
        len(rows),
        len(rows) - len(misses),
        fewest_inside(len(rows), LEVEL),
        tuple(f"{claim.name} ({claim.family})" for claim in misses),
        mean_known([row.after.most - row.after.least for row in people]),
        mean_known([row.before.most - row.before.least for row in people]),
    )


def family_left_out(held: HeldOut) -> FamilyLeftOut:
    """Return how near everybody comes to one family that was left out."""
    told = held_out_coverage(held.name, [held])
    near = [row for row in held_out_scores(held.name, [held]) if row.name == CRPS]
    return FamilyLeftOut(
        held.rows[0].after.claim.family,
        *(told.figures, told.inside, told.fewest),
        near[0].figures if near else 0,
        near[0].scores if near else {},
    )


def held_out_scores(of: str, held: Sequence[HeldOut]) -> tuple[HeldOutScore, ...]:
    """Return the pooled ARD and the mean CRPS of logarithms; none without counts."""
    rows = [row for each in held for row in each.rows if row.crps]
    if not rows:
        return ()
    said = [row.after.claim.best for row in rows]
    medians = {who: [row.foretold[who] for row in rows] for who in FORECASTERS}
    near = {
        FIT: [row.after.crps for row in rows],
        PRIOR: [row.before.crps for row in rows],
        **{who: [row.crps[who] for row in rows] for who in RIVALS},
    }
    by_score = {
        "ARD": {who: ard(each, said) for who, each in medians.items()},
        CRPS: {who: mean_known(each) for who, each in near.items()},
    }
    return tuple(
        HeldOutScore(name, of, len(rows), scores) for name, scores in by_score.items()
    )


def _ends_s(entry: RecordEntry, operation: Operation) -> int:
    """Return when a figure could be told at the latest [s after the start]."""
    if entry.ends is not None:
        return entry.ends[1]
    figure = entry.figure
    end = moment_s(figure.to or figure.from_, operation.clock.seconds)
    return operation.ends if end is None else end
