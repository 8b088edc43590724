"""What would be reported, if draws of a fit were the truth, beside what was.

The bias of a family whose figures were used is drawn from what they say about it;
that of any other from its prior.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isinf, nan

import numpy as np

from sim.inference.calibration.fit import Fit
from sim.inference.claims import Numbers, SourceClaim
from sim.inference.likelihood import POOLED, Reference, by_bias
from sim.inference.scores import ard, crps, is_inside, pit, skill


def predictive_reports(
    quantities: Numbers,
    claims: Sequence[SourceClaim],
    reported: Numbers,
    used: Sequence[int],
    rng: np.random.Generator,
    reference: Reference = POOLED,
) -> Numbers:
    """Return reports before rounding, of (draw, claim), without strays.

    Parameters
    ----------
    quantities : of (draw, claim, node); NaN stays NaN.
    claims : to be predicted, and among them those used.
    reported : of (claim, end).
    used : places of the claims that the fit has seen; none for a prior.
    rng : where the luck of the sources comes from.
    reference : families without bias.
    """
    biases = posterior_biases(quantities, claims, reported, used, rng, reference)
    values = np.full((len(quantities), len(claims)), nan)
    for place, claim in enumerate(claims):
        node = rng.integers(quantities.shape[2], size=len(quantities))
        value = quantities[np.arange(len(quantities)), place, node]
        error = claim.spread * rng.standard_normal(len(quantities))
        scaled = claim.scaled(value) + biases[claim.bias] + error
        back = scaled if claim.scale == "hours" else np.exp(scaled) - claim.grain
        values[:, place] = np.maximum(back, 0.0)
    return values


def posterior_biases(
    quantities: Numbers,
    claims: Sequence[SourceClaim],
    reported: Numbers,
    used: Sequence[int],
    rng: np.random.Generator,
    reference: Reference = POOLED,
) -> dict[str, Numbers]:
    """Return a bias for each draw, by what shares one (logarithm of the factor)."""
    seen = by_bias(
        quantities[:, used], reported[used], [claims[i] for i in used], reference
    )
    found: dict[str, Numbers] = {}
    for claim in claims:
        if claim.bias in found:
            continue
        prior = reference.prior(claim)
        log_p = seen[claim.bias][0] if claim.bias in seen else np.zeros((1, 1))
        weights = prior.weights * np.exp(log_p - log_p.max(axis=1, keepdims=True))
        shares = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
        at = (shares < rng.random((len(quantities), 1))).sum(axis=1)
        step = prior.nodes[1] - prior.nodes[0] if len(prior.nodes) > 1 else 0.0
        found[claim.bias] = prior.nodes[np.minimum(at, len(prior.nodes) - 1)] + step * (
            rng.random(len(quantities)) - 0.5
        )
    return found


LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class PredictiveCheck:
    """One claim and the reports that a fit would have expected.

    Attributes
    ----------
    low, high : reported, moments in hours after the start.
    least, middle, most : 5, 50 and 95 percent of the predicted reports; NaN if it
        never happens.
    inside : whether the two intervals meet.
    pit : place of the report among those predicted.
    crps : of the logarithm of counts, or in hours; NaN for a bound.
    """

    claim: SourceClaim
    low: float
    high: float
    least: float
    middle: float
    most: float
    inside: bool
    pit: float
    crps: float


def predictive_checks(
    predicted: Numbers, claims: Sequence[SourceClaim], reported: Numbers
) -> tuple[PredictiveCheck, ...]:
    """Return a row for each claim.

    Parameters
    ----------
    predicted : reports of (draw, claim).
    claims : that were made.
    reported : of (claim, end).
    """
    return tuple(
        _row(claim, predicted[:, place], *reported[place].tolist())
        for place, claim in enumerate(claims)
    )


def ard_of(rows: Sequence[PredictiveCheck], counted: Sequence[str]) -> float:
    """Return the ARD of the medians of some claims.

    Parameters
    ----------
    rows : of all claims.
    counted : names of those that count people who arrived.
    """
    chosen = [row for row in rows if row.claim.name in counted]
    return ard([row.middle for row in chosen], [row.claim.best for row in chosen])


def skill_of(
    rows: Sequence[PredictiveCheck], prior: Sequence[PredictiveCheck]
) -> float:
    """Return how much of the CRPS of the prior a fit saves, counts and all.

    Moments are left out: hours and logarithms do not add up.
    """
    kept = [
        (ours.crps, theirs.crps)
        for ours, theirs in zip(rows, prior, strict=True)
        if ours.claim.scale == "ratio" and not np.isnan([ours.crps, theirs.crps]).any()
    ]
    ours, theirs = np.mean(kept, axis=0)
    return skill(float(ours), float(theirs))


def _row(
    claim: SourceClaim, draws: Numbers, low: float, high: float
) -> PredictiveCheck:
    happened = draws[~np.isnan(draws)]
    quantiles = np.quantile(happened, [0.05, 0.5, 0.95]) if len(happened) else [nan] * 3
    least, middle, most = (float(each) for each in quantiles)
    bound = isinf(low) or isinf(high)
    score = nan
    if len(happened) and not bound:
        score = crps(claim.scaled(happened), float(claim.scaled(claim.best)))
    return PredictiveCheck(
        claim,
        low,
        high,
        least,
        middle,
        most,
        is_inside(draws, low, high, LEVEL),
        pit(happened, low, high) if len(happened) else nan,
        score,
    )


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
    before: tuple[PredictiveCheck, ...]
    after: tuple[PredictiveCheck, ...]


def predictions(fit: Fit) -> Predictions:
    """Return what would be reported if draws of the prior, or of a fit, were true."""
    claims, reported = fit.ready.claims, fit.ready.reported
    every = range(len(claims))
    prior, after = (
        predictive_reports(
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
        predictive_checks(prior, claims, reported),
        predictive_checks(after, claims, reported),
    )
