"""Which parameters the figures can fix at all, asked before any fit.

The share of the prior variance that the figures remove on average needs no fit: it is
what the best estimate from made-up reports explains. What they cannot fix stays what
the sources say about it, and is never reported as learned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.calibration.bias import POOLED, Reference
from sim.calibration.claims import Claim, Numbers
from sim.calibration.summaries import as_numbers, learned, synthetic_reports

LEARNED = 0.2
"""Least share of variance removed for which a parameter counts as learned."""
Verdict = Literal["learned from the record", "prior only"]


@dataclass(frozen=True, slots=True)
class Identified:
    """What the figures can say about one parameter.

    Attributes
    ----------
    share : of the prior variance, removed on average; 0 to 1.
    """

    name: str
    share: float

    @property
    def verdict(self) -> Verdict:
        """Whether it counts as learned."""
        return "learned from the record" if self.share >= LEARNED else "prior only"


def identified(
    names: Sequence[str],
    targets: Numbers,
    quantities: Numbers,
    claims: Sequence[Claim],
    seed: int,
    reference: Reference = POOLED,
) -> tuple[Identified, ...]:
    """Return what the figures can say about each target.

    Parameters
    ----------
    names : of the targets.
    targets : of (run, target): points of a pool, or anything derived from a run.
    quantities : of the same pool, those of the claims.
    claims : the figures in question; a subset shows what each kind is good for.
    seed : of the made-up reports.
    reference : which families are taken at their word.
    """
    reports = synthetic_reports(quantities, claims, seed, reference)
    summary = learned(as_numbers(reports, claims), targets, seed)
    return tuple(
        Identified(name, float(share))
        for name, share in zip(names, summary.explained, strict=True)
    )


def removed(prior: Numbers, posterior: Numbers) -> Numbers:
    """Return the share of variance that one fit removed, by target.

    Below 0 if the fit is wider than the prior.

    Parameters
    ----------
    prior, posterior : of (draw, target).
    """
    return np.asarray(1 - posterior.var(axis=0) / prior.var(axis=0))
