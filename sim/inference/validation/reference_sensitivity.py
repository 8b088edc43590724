"""The same record read under several references, side by side, with no verdict.

A reference is a choice: who is taken at its word. What each choice leads to is shown;
the figures cannot say which is right, since all could be off together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.inference.calibration.fit import Calibrator, FitTask, Refit
from sim.inference.calibration.posterior import Verdict, identifiability
from sim.inference.claims import Numbers
from sim.inference.problem import Prepared

POOLED = "pooled"


_LEVELS = (0.05, 0.5, 0.95)


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


def under_each(ready: Prepared, families: Sequence[str]) -> list[FitTask]:
    """Return a fit with all pooled, and one with each family taken at its word."""
    every = tuple(range(len(ready.claims)))
    return [
        FitTask(POOLED, every),
        *(FitTask(f"{family} at its word", every, (family,)) for family in families),
    ]


def rows_under(bench: Calibrator, fit: Refit) -> list[UnderReference]:
    """Return a row for each parameter and derived total under one reference."""
    ready, reference = bench.ready, reference_name(fit.asked)
    found = identifiability(
        ready.prior.names,
        bench.pool.points,
        bench.pool.quantities,
        ready.claims,
        bench.wish.seeds[0],
        fit.asked.believed,
    )
    levels = np.quantile(ready.prior.table(fit.points), _LEVELS, axis=0).T.tolist()
    rows = [
        UnderReference(each.name, "", reference, tuple(own), each.verdict)
        for each, own in zip(found, levels, strict=True)
    ]
    for place, site in enumerate(bench.sites):
        arrived = fit.answers.totals[:, place, -1]
        nearly, done = fit.answers.nearly_h[:, place], fit.answers.done_h[:, place]
        rows += [
            UnderReference(
                f"people arrived from {site}", "people", reference, _of(arrived), ""
            ),
            UnderReference(
                f"95 % have arrived from {site}", "h", reference, _of(nearly), ""
            ),
            UnderReference(
                f"all have arrived from {site}", "h", reference, _of(done), ""
            ),
        ]
    return rows


def reference_name(asked: FitTask) -> str:
    """Return the families taken at their word in words."""
    return ", ".join(asked.reference) or POOLED


def evidence_of(fit: Refit) -> ModelEvidence:
    """Return how probable the record is in a fit to all of it."""
    return ModelEvidence(reference_name(fit.asked), fit.log_evidence, fit.worth)


def _of(draws: Numbers) -> tuple[float, ...]:
    """Return quantiles that are draws, so that infinite ones do no harm."""
    found = np.quantile(draws, _LEVELS, method="inverted_cdf")
    return tuple(float(level) for level in found)
