"""The same record read under several references, side by side, with no verdict.

A reference is a choice: who is taken at its word. What each choice leads to is shown;
the figures cannot say which is right, since all could be off together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from sim.experiment.bands import LEVELS
from sim.inference.calibration.fit import Fit
from sim.inference.calibration.options import FitTask
from sim.inference.calibration.posterior import Verdict, shares_removable, verdict
from sim.inference.problem import Prepared
from sim.inference.simulator import draw_quantiles

POOLED = "pooled"


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
    weights = np.exp(log_p - log_p.max())
    worth = weights.sum() ** 2 / (weights**2).sum()
    evidence = logsumexp(log_p) - np.log(len(log_p))
    return ModelEvidence(reference, float(evidence), float(worth))
