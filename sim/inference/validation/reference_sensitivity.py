"""The same record read under several references, side by side, with no verdict.

A reference is a choice: who is taken at its word. What each choice leads to is shown;
the figures cannot say which is right, since all could be off together.

Where there are draws of a tempered fit they are weighed anew for each reference, by how
much more or less probable it makes the record: no more is run, and nothing but their
number is lost. A screen is coarser, above all where a source tells what hardly any run
has: it goes on in straight lines from the runs that it knows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from math import exp, nan

import numpy as np
from scipy.special import logsumexp

from sim.experiment.bands import LEVELS
from sim.inference.calibration.fit import Fit
from sim.inference.calibration.options import FitTask
from sim.inference.calibration.posterior import (
    Verdict,
    shares_removable,
    source_biases,
    verdict,
)
from sim.inference.claims import NODES
from sim.inference.likelihood import NARROW
from sim.inference.problem import Prepared
from sim.inference.scores import is_inside
from sim.inference.simulator import draw_quantiles
from sim.inference.weights import effective_number, relative_weights

POOLED = "pooled"
_HALF = (0.25, 0.5, 0.75)
_ENDS = (0.05, *_HALF, 0.95)
FEWEST_DRAWS = 20
"""Draws of equal weight below which draws weighed anew say nothing."""
LOW = exp(-NARROW)
"""Factor below which a family counts low: further off than most sources are."""


@dataclass(frozen=True, slots=True)
class UnderReference:
    """One number under one reference.

    Attributes
    ----------
    target : dotted path of a parameter, or a derived number in words.
    unit : of a derived number: `people`, or `h` after the start; empty for a parameter,
        which is in base units.
    reference : families taken at their word, or POOLED.
    levels : 5, 50 and 95 percent; infinite if it does not come within the run.
    says : whether it is learned from the record; empty for a derived number.
    """

    target: str
    unit: str
    reference: str
    levels: tuple[float, ...]
    says: Verdict | str


@dataclass(frozen=True, slots=True)
class ModelEvidence:
    """How probable the record is under one reference.

    Attributes
    ----------
    log_evidence : logarithm of the probability of all claims.
    worth : runs of equal weight that it rests on.
    """

    reference: str
    log_evidence: float
    worth: float


@dataclass(frozen=True, slots=True)
class OwnTotal:
    """The last total of a source of one site, beside runs that take it at its word.

    Attributes
    ----------
    family : taken at its word.
    site : that people left.
    figure : id of the row.
    low, high : what was reported [people].
    interval : 25, 50 and 75 percent of the people who had arrived by then.
    inside : whether the two meet.
    worth : draws of equal weight that the interval rests on; NaN for a screen.
    """

    family: str
    site: str
    figure: str
    low: float
    high: float
    interval: tuple[float, float, float]
    inside: bool
    worth: float


class SourceUse(Enum):
    """What is done with some families of sources as the record is read."""

    POOLED = "all pooled"
    WITHOUT = "left out"
    WITHOUT_LOW = "left out, those that count low"
    ALONE = "no others"
    BELIEVED = "taken at their word"


@dataclass(frozen=True, slots=True)
class EndTotal:
    """The people of one site who have arrived in the end, by one reading of the record.

    Attributes
    ----------
    use, families : what is done with whom.
    site : that people left.
    levels : 5, 25, 50, 75 and 95 percent [people].
    worth : draws of equal weight, of a fit weighed anew, that it rests on; or of a
        short fit the first particles that are left; NaN for a fit of full length.
    """

    use: SourceUse
    families: tuple[str, ...]
    site: str
    levels: tuple[float, ...]
    worth: float

    @property
    def width(self) -> float:
        """How far it is from 5 to 95 percent."""
        return self.levels[-1] - self.levels[0]


def end_totals(
    use: SourceUse, families: Sequence[str], fit: Fit, worth: float = nan
) -> list[EndTotal]:
    """Return the people in the end of each site, by one reading of the record.

    Parameters
    ----------
    use, families : what is done with whom.
    fit : of this reading.
    worth : as of `EndTotal`.
    """
    return [
        EndTotal(
            *(use, tuple(families), site),
            tuple(np.quantile(fit.outcomes.totals[:, at, -1], _ENDS).tolist()),
            worth,
        )
        for at, site in enumerate(fit.ready.simulator.sites)
    ]


def exactly(task: FitTask, given: Fit) -> tuple[Fit, float]:
    """Return draws of a reading of the record without a screen.

    Those of a tempered fit are weighed anew. Where that leaves too few, a short fit
    goes on from the pool.

    Parameters
    ----------
    task : of the reading.
    given : a tempered fit of all claims.

    Returns
    -------
    fit : of the reading.
    worth : as of `EndTotal`.
    """
    anew, worth = weighed_anew(given, task)
    if worth >= FEWEST_DRAWS:
        return anew, worth
    short = given.calibrator.gone_on(task)
    return short, float(len(np.unique(short.clouds[0].roots)))


def counting_low(fit: Fit) -> tuple[str, ...]:
    """Return the families whose factor for people is below `LOW` in the median."""
    low = {row.name for row in source_biases(fit) if row.factor[1] < LOW}
    return tuple(
        sorted(
            {
                claim.family
                for claim in fit.ready.claims
                if claim.unit == "people" and claim.bias in low
            }
        )
    )


def readings(
    ready: Prepared, low: Sequence[str], named: Sequence[str]
) -> list[tuple[SourceUse, tuple[str, ...], FitTask]]:
    """Return fits without all families that count low, and with some families alone.

    None that would leave out one family, which others do, or all of them.

    Parameters
    ----------
    low : families that count low.
    named : those that are to stand alone.
    """
    families = {claim.family for claim in ready.claims}
    found = []
    if 1 < len(low) < len(families):
        task = FitTask.without(ready, low)
        found.append((SourceUse.WITHOUT_LOW, tuple(low), task))
    others = sorted(families - set(named))
    if len(named) > 1 and len(others) > 1:
        found.append((SourceUse.ALONE, tuple(named), FitTask.without(ready, others)))
    return found


def own_totals(fit: Fit, worth: float = nan) -> list[OwnTotal]:
    """Return a row for each site of whose people a source that is believed has a total.

    Parameters
    ----------
    fit : that takes families at their word.
    worth : as of `OwnTotal`.
    """
    entries = fit.ready.record.entries
    found = []
    for family in fit.task.reference:
        for site in fit.ready.simulator.sites:
            own = [
                at
                for at, entry in enumerate(entries)
                if entry.claim.family == family
                and entry.counts_all_of(site)
                and entry.begins is None
            ]
            if not own:
                continue
            place = max(own, key=lambda at: entries[at].window_h[1])
            draws = fit.quantities[:, place, NODES // 2]
            low, high = entries[place].claim.reported
            middle = tuple(np.quantile(draws, _HALF).tolist())
            inside = is_inside(draws, low, high, _HALF[-1] - _HALF[0])
            figure = entries[place].figure.id
            found.append(
                OwnTotal(family, site, figure, low, high, middle, inside, worth)
            )
    return found


def weighed_anew(fit: Fit, task: FitTask) -> tuple[Fit, float]:
    """Return the draws of a fit as probable as another reading makes them.

    Parameters
    ----------
    fit : tempered, of all claims.
    task : which of them to see, and whom to take at their word.

    Returns
    -------
    fit : the same number of draws, some of them several times.
    worth : draws of equal weight that they rest on, of those of the fit.
    """
    before, after = (
        fit.ready.problem(each.used, each.believed).log_likelihood(
            fit.quantities[:, each.used]
        )
        for each in (fit.task, task)
    )
    weights = relative_weights(after - before)
    places = (np.arange(len(weights)) + 0.5) / len(weights) * weights.sum()
    chosen = np.minimum(np.searchsorted(np.cumsum(weights), places), len(weights) - 1)
    anew = replace(
        fit,
        task=task,
        points=fit.points[chosen],
        luck=fit.luck[chosen],
        outcomes=fit.outcomes.chosen(chosen),
    )
    return anew, effective_number(weights)


def counting_people(ready: Prepared) -> tuple[str, ...]:
    """Return the families with fitted figures of people."""
    return tuple(
        sorted({claim.family for claim in ready.claims if claim.unit == "people"})
    )


def under_each(ready: Prepared, references: Iterable[tuple[str, ...]]) -> list[FitTask]:
    """Return a fit with all pooled, and one with the families of each reference."""
    return [
        FitTask.of_all(reference_name(each), ready, each)
        for each in dict.fromkeys([(), *references])
    ]


def rows_under(fit: Fit) -> list[UnderReference]:
    """Return a row for each parameter and for the end of each site's evacuation."""
    reference = reference_name(fit.task.reference)
    levels = np.quantile(fit.ready.prior.table(fit.points), LEVELS, axis=0).T.tolist()
    rows = [
        UnderReference(name, "", reference, tuple(own), verdict(share))
        for name, own, share in zip(
            fit.ready.prior.names, levels, shares_removable(fit), strict=True
        )
    ]
    runs = fit.outcomes
    for place, site in enumerate(fit.ready.simulator.sites):
        for what, unit, draws in (
            ("people arrived from", "people", runs.totals[:, place, -1]),
            ("95 % have arrived from", "h", runs.nearly_h[:, place]),
            ("all have arrived from", "h", runs.done_h[:, place]),
        ):
            own = draw_quantiles(draws, LEVELS)
            rows.append(UnderReference(f"{what} {site}", unit, reference, own, ""))
    return rows


def reference_name(families: Sequence[str]) -> str:
    """Return the families taken at their word in words."""
    return ", ".join(families) or POOLED


def evidence_of(fit: Fit) -> ModelEvidence:
    """Return how probable the claims of a fit are; of a screen the pool tells it."""
    reference = reference_name(fit.task.reference)
    if fit.clouds:
        evidence = np.mean([cloud.log_evidence for cloud in fit.clouds])
        return ModelEvidence(reference, float(evidence), float(len(fit.points)))
    problem = fit.ready.problem(fit.task.used, fit.reference)
    log_p = problem.log_likelihood(fit.pool.quantities[:, fit.task.used])
    worth = effective_number(relative_weights(log_p))
    evidence = logsumexp(log_p) - np.log(len(log_p))
    return ModelEvidence(reference, float(evidence), worth)
