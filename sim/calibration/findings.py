"""What a fit says about each figure, each source and each parameter: plain rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np

from sim.calibration.agreement import agreement, effective
from sim.calibration.checked import Checked, checked
from sim.calibration.claims import Numbers
from sim.calibration.fit import Fit
from sim.calibration.identify import Verdict, identified, removed
from sim.calibration.predict import predicted, source_biases

LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Predictions:
    """Reports that would be expected before and after the figures are seen.

    Attributes
    ----------
    prior, fit : reports of (draw, claim).
    before, after : a row for each claim.
    """

    prior: Numbers
    fit: Numbers
    before: tuple[Checked, ...]
    after: tuple[Checked, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """What was known of one parameter before, and what is after.

    Attributes
    ----------
    name : dotted path.
    prior, fit : 5, 50 and 95 percent, in base units.
    contraction : share of the prior variance that this fit removed.
    share : the same, on average over reports that might have been made.
    verdict : whether it counts as learned; by `share`, which one lucky or unlucky
        record does not move.
    apart : distance of the means of two seeds, in standard deviations; NaN for one.
    """

    name: str
    prior: tuple[float, ...]
    fit: tuple[float, ...]
    contraction: float
    share: float
    verdict: Verdict
    apart: float


@dataclass(frozen=True, slots=True)
class Source:
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
class Seed:
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


def predictions(fit: Fit) -> Predictions:
    """Return what would be reported if draws of the prior, or of a fit, were true."""
    claims, reported = fit.ready.claims, fit.ready.reported
    every = range(len(claims))
    prior, after = (
        predicted(
            quantities,
            claims,
            reported,
            list(used),
            np.random.default_rng(fit.wish.seeds[0]),
            fit.reference,
        )
        for quantities, used in ((fit.pool.quantities, ()), (fit.quantities, every))
    )
    return Predictions(
        prior,
        after,
        checked(prior, claims, reported),
        checked(after, claims, reported),
    )


def parameters(fit: Fit) -> tuple[Parameter, ...]:
    """Return a row for each parameter."""
    prior = fit.ready.prior
    found = identified(
        prior.names,
        fit.pool.points,
        fit.pool.quantities,
        fit.ready.claims,
        fit.wish.seeds[0],
        fit.reference,
    )
    before = np.quantile(prior.table(fit.pool.points), LEVELS, axis=0).T
    after = np.quantile(prior.table(fit.points), LEVELS, axis=0).T
    gone = removed(fit.pool.points, fit.points)
    apart = [nan] * prior.size
    if len(fit.clouds) > 1:
        apart = agreement(fit.clouds).apart.tolist()
    return tuple(
        Parameter(
            each.name,
            tuple(before[place].tolist()),
            tuple(after[place].tolist()),
            float(gone[place]),
            each.share,
            each.verdict,
            apart[place],
        )
        for place, each in enumerate(found)
    )


def learned(rows: Sequence[Parameter]) -> tuple[str, ...]:
    """Return the names of the parameters that the record says something about."""
    return tuple(row.name for row in rows if row.verdict == "learned from the record")


def sources(fit: Fit) -> tuple[Source, ...]:
    """Return a row for whatever shares a bias."""
    claims = fit.ready.claims
    rng = np.random.default_rng(fit.wish.seeds[0])
    found = source_biases(
        fit.quantities,
        claims,
        fit.ready.reported,
        range(len(claims)),
        rng,
        fit.reference,
    )
    families = {claim.bias: claim.family for claim in claims if claim.bias}
    return tuple(
        Source(
            name,
            sum(claim.bias == name for claim in claims),
            tuple(np.exp(np.quantile(found[name], LEVELS)).tolist()),
            family in fit.reference.families,
        )
        for name, family in sorted(families.items())
    )


def seeds(fit: Fit) -> tuple[Seed, ...]:
    """Return a row for each seed; none for a screen."""
    return tuple(
        Seed(
            seed,
            len(cloud.levels),
            cloud.runs,
            len(np.unique(cloud.points, axis=0)) / len(cloud.points),
            len(np.unique(cloud.roots)),
            float(effective(cloud).min()),
            cloud.levels[-1].accepted_walks,
            cloud.levels[-1].accepted_redrawn,
            cloud.levels[-1].accepted_luck,
            cloud.log_evidence,
        )
        for seed, cloud in zip(fit.wish.seeds, fit.clouds, strict=False)
    )


def ridge(fit: Fit, rows: Sequence[Parameter], most: int = 4) -> tuple[int, ...]:
    """Return the parameters that are told apart worst: those that move together most.

    Parameters
    ----------
    fit : that is done.
    rows : of its parameters.
    most : how many.
    """
    together = np.abs(np.corrcoef(fit.points.T)) - np.eye(len(rows))
    order = np.argsort(-together, axis=None, kind="stable")
    chosen: dict[int, None] = {}
    for at in order:
        for place in divmod(int(at), len(rows)):
            if len(chosen) < most:
                chosen.setdefault(place)
    return tuple(sorted(chosen))


def entries_by_origin(fit: Fit) -> Mapping[str, list[int]]:
    """Return the places of the claims by the site of which they speak."""
    found: dict[str, list[int]] = {}
    for place, entry in enumerate(fit.ready.record.entries):
        found.setdefault(entry.figure.origin, []).append(place)
    return found
