"""What a fit says about each parameter and each source, and how far its seeds agree.

The share of the prior variance that the figures remove on average needs no fit: it is
what the best estimate from made-up reports explains. What they cannot fix stays what
the sources say about it, and is never reported as learned.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import nan
from typing import Literal

import numpy as np

from sim.experiment.bands import LEVELS
from sim.inference.calibration.fit import Fit
from sim.inference.calibration.particles import Particles
from sim.inference.calibration.posterior_predictive import posterior_biases
from sim.inference.calibration.semiautomatic_abc import (
    as_regressors,
    summary_statistics,
)
from sim.inference.claims import Numbers
from sim.inference.likelihood import ObservationModel
from sim.inference.synthetic_reports import synthetic_reports

LEARNED = 0.2
"""Least share of variance removed for which a parameter counts as learned."""
Verdict = Literal["learned from the record", "prior only"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """What was known of one parameter before, and what is after.

    Attributes
    ----------
    name : dotted path.
    prior, fit : 5, 50 and 95 percent, in base units.
    places : those of the fit in the prior, from 0 to 1.
    contraction : share of the prior variance that this fit removed.
    share : the same, on average over reports that might have been made.
    verdict : whether it counts as learned; by `share`, which one lucky or unlucky
        record does not move.
    apart : distance of the means of two seeds, in standard deviations; NaN for one.
    """

    name: str
    prior: tuple[float, ...]
    fit: tuple[float, ...]
    places: tuple[float, ...]
    contraction: float
    share: float
    verdict: Verdict
    apart: float


@dataclass(frozen=True, slots=True)
class SourceBias:
    """By which factor one family of sources differs from the runs, for one unit.

    Attributes
    ----------
    figures : how many of its figures entered.
    factor : 5, 50 and 95 percent.
    pinned : taken at its word.
    """

    name: str
    figures: int
    factor: tuple[float, ...]
    pinned: bool


@dataclass(frozen=True, slots=True)
class SeedDiagnostics:
    """How one fit went.

    Attributes
    ----------
    temperatures : that it went through.
    distinct : different particles, as a share.
    roots : first particles that still have descendants.
    effective : draws of equal worth, of the parameter with the fewest.
    accepted_walks, accepted_redrawn, accepted_luck : shares of the moves at the end.
    """

    seed: int
    temperatures: int
    runs: int
    distinct: float
    roots: int
    effective: float
    accepted_walks: float
    accepted_redrawn: float
    accepted_luck: float
    log_evidence: float


def parameters(fit: Fit) -> tuple[Parameter, ...]:
    """Return a row for each parameter."""
    prior, pool = fit.ready.prior, fit.pool
    before = np.quantile(prior.table(pool.points), LEVELS, axis=0).T.tolist()
    after = np.quantile(prior.table(fit.points), LEVELS, axis=0).T.tolist()
    places = np.quantile(fit.points, LEVELS, axis=0).T.tolist()
    gone = contraction(pool.points, fit.points).tolist()
    apart = means_apart(fit.clouds).tolist() if fit.clouds else [nan] * prior.size
    shares = shares_removable(fit).tolist()
    return tuple(
        Parameter(
            name,
            tuple(before[place]),
            tuple(after[place]),
            tuple(places[place]),
            gone[place],
            shares[place],
            verdict(shares[place]),
            apart[place],
        )
        for place, name in enumerate(prior.names)
    )


def learned(rows: Sequence[Parameter]) -> tuple[str, ...]:
    """Return the names of the parameters that the record says something about."""
    return tuple(row.name for row in rows if row.verdict == "learned from the record")


def source_biases(fit: Fit) -> tuple[SourceBias, ...]:
    """Return a row for whatever shares a bias."""
    claims = fit.ready.claims
    rng = np.random.default_rng(fit.options.seeds[0])
    every = range(len(claims))
    found = posterior_biases(
        fit.quantities, fit.sources, fit.ready.reported, every, rng
    )
    families = {claim.bias: claim.family for claim in claims if claim.bias}
    return tuple(
        SourceBias(
            name,
            sum(claim.bias == name for claim in claims),
            tuple(np.exp(np.quantile(found[name], LEVELS)).tolist()),
            family in fit.reference.families,
        )
        for name, family in sorted(families.items())
    )


def seed_diagnostics(fit: Fit) -> tuple[SeedDiagnostics, ...]:
    """Return a row for each seed; none for a screen."""
    return tuple(
        SeedDiagnostics(
            seed,
            len(cloud.levels),
            cloud.runs,
            len(np.unique(cloud.points, axis=0)) / len(cloud.points),
            len(np.unique(cloud.roots)),
            float(effective_draws(cloud).min()),
            cloud.levels[-1].accepted_walks,
            cloud.levels[-1].accepted_redrawn,
            cloud.levels[-1].accepted_luck,
            cloud.log_evidence,
        )
        for seed, cloud in zip(fit.options.seeds, fit.clouds, strict=False)
    )


@dataclass(frozen=True, slots=True)
class Ridge:
    """Parameters that a fit tells apart worst: those that move together most.

    Attributes
    ----------
    names : dotted paths.
    points : some draws, by their place in the prior, of (draw, parameter).
    together : correlations over all draws, of (parameter, parameter).
    """

    names: tuple[str, ...]
    points: Numbers
    together: Numbers

    def pairs(self) -> Iterator[tuple[int, int, float]]:
        """Yield each two of them, by their places, with their correlation."""
        for one, two in combinations(range(len(self.names)), 2):
            yield one, two, float(self.together[one, two])


def ridge(fit: Fit, most: int = 4, draws: int = 1_000) -> Ridge:
    """Return the parameters that a fit tells apart worst.

    Parameters
    ----------
    fit : that is done.
    most : parameters.
    draws : to show, at the most.
    """
    names = fit.ready.prior.names
    together = np.atleast_2d(np.corrcoef(fit.points.T))
    order = np.argsort(-np.abs(together - np.eye(len(names))), axis=None, kind="stable")
    chosen: dict[int, None] = {}
    for at in order:
        for place in divmod(int(at), len(names)):
            if len(chosen) < most:
                chosen.setdefault(place)
    places = sorted(chosen)
    return Ridge(
        tuple(names[place] for place in places),
        fit.points[:draws, places],
        together[np.ix_(places, places)],
    )


def means_apart(clouds: Sequence[Particles]) -> Numbers:
    """Return the largest distance between the means of two fits, by parameter.

    In standard deviations of all draws together; NaN for a single fit.
    """
    if len(clouds) < 2:
        return np.full(clouds[0].points.shape[1], nan)
    spread = np.concatenate([cloud.points for cloud in clouds]).std(axis=0)
    means = [cloud.points.mean(axis=0) for cloud in clouds]
    apart = [np.abs(one - two) / spread for one, two in combinations(means, 2)]
    return np.asarray(np.max(apart, axis=0))


def effective_draws(fit: Particles) -> Numbers:
    """Return how many independent draws each mean is worth, by parameter.

    Particles of one root count as one cluster (Lee and Whiteley, Biometrika 105 (2018)
    609-625); moves make them less alike than that, so it is at least so many.
    """
    centred = fit.points - fit.points.mean(axis=0)
    _, families = np.unique(fit.roots, return_inverse=True)
    sums = np.zeros((families.max() + 1, fit.points.shape[1]))
    np.add.at(sums, families, centred)
    spread = (sums**2).sum(axis=0) / len(fit.points)
    return np.asarray(
        np.minimum(len(fit.points) * fit.points.var(axis=0) / spread, len(fit.points))
    )


def identifiability(
    targets: Numbers, quantities: Numbers, sources: ObservationModel, seed: int
) -> Numbers:
    """Return which share of its variance figures remove on average from each target.

    Parameters
    ----------
    targets : of (run, target): points of a pool, or anything derived from a run.
    quantities : of the same pool, those of the claims.
    sources : how they report; some claims show what each kind is good for.
    seed : of the made-up reports.
    """
    reports = as_regressors(
        synthetic_reports(quantities, sources, seed), sources.claims
    )
    return summary_statistics(reports, targets, seed).explained


def shares_removable(fit: Fit) -> Numbers:
    """Return the same for the parameters of a fit, from its pool."""
    pool, seed = fit.pool, fit.options.seeds[0]
    return identifiability(pool.points, pool.quantities, fit.sources, seed)


def verdict(share: float) -> Verdict:
    """Return whether a parameter of which so much is removable counts as learned."""
    return "learned from the record" if share >= LEARNED else "prior only"


def contraction(prior: Numbers, posterior: Numbers) -> Numbers:
    """Return the share of variance that one fit removed, by target.

    Below 0 if the fit is wider than the prior.

    Parameters
    ----------
    prior, posterior : of (draw, target).
    """
    return np.asarray(1 - posterior.var(axis=0) / prior.var(axis=0))
