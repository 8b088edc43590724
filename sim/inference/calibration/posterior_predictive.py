"""What would be reported, if draws of a fit were the truth, beside what was.

The bias of a family whose figures were used is drawn from what they say about it;
that of any other from its prior.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np

from sim.experiment.bands import LEVELS
from sim.inference.calibration.fit import Fit
from sim.inference.claims import Numbers, SourceClaim
from sim.inference.counters import telling, told
from sim.inference.likelihood import ObservationModel
from sim.inference.scores import crps, is_inside, pit

LEVEL = 0.9
"""Of the intervals in which figures are to lie."""


def predictive_reports(
    quantities: Numbers,
    sources: ObservationModel,
    reported: Numbers,
    used: Sequence[int],
    rng: np.random.Generator,
) -> Numbers:
    """Return reports before rounding, of (draw, claim), without strays.

    What was used is told anew from the start, as if nothing had been said; what was not
    goes on from the last total of its source that was.

    Parameters
    ----------
    quantities : of (draw, claim, node); NaN stays NaN.
    sources : how they report on what is to be predicted, and on what was used.
    reported : of (claim, end).
    used : places of the claims that the fit has seen; none for a prior.
    rng : where the luck of the sources comes from.
    """
    claims = sources.claims
    biases = posterior_biases(quantities, sources, reported, used, rng)
    how = telling(len(quantities), len(claims), int(rng.integers(2**31)), strays=False)
    anew = np.maximum(told(claims, quantities, biases, how), 0.0)
    if len(used) in {0, len(claims)}:
        return anew
    known = {place: (reported[place, 0], reported[place, 1]) for place in used}
    further = np.maximum(told(claims, quantities, biases, how, known), 0.0)
    seen = np.isin(np.arange(len(claims)), list(used))
    return np.where(seen[None, :], anew, further)


def posterior_biases(
    quantities: Numbers,
    sources: ObservationModel,
    reported: Numbers,
    used: Sequence[int],
    rng: np.random.Generator,
) -> dict[str, Numbers]:
    """Return a bias for each draw, by what shares one (logarithm of the factor)."""
    seen = sources.some(used).by_bias(quantities[:, used], reported[used])
    found: dict[str, Numbers] = {}
    for claim in sources.claims:
        if claim.bias in found:
            continue
        prior = sources.reference.prior(claim)
        log_p = seen[claim.bias][0] if claim.bias in seen else np.zeros((1, 1))
        weights = prior.weights * np.exp(log_p - log_p.max(axis=1, keepdims=True))
        shares = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
        at = (shares < rng.random((len(quantities), 1))).sum(axis=1)
        step = prior.nodes[1] - prior.nodes[0] if len(prior.nodes) > 1 else 0.0
        found[claim.bias] = prior.nodes[np.minimum(at, len(prior.nodes) - 1)] + step * (
            rng.random(len(quantities)) - 0.5
        )
    return found


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


def scored(
    score: Callable[[Numbers, float], float], draws: Numbers, claim: SourceClaim
) -> float:
    """Return a score of predicted reports of a claim; NaN if it never happens.

    Parameters
    ----------
    score : of draws and a value, on the scale of the claim.
    draws : predicted reports.
    claim : that was made.
    """
    happened = draws[~np.isnan(draws)]
    if not len(happened):
        return nan
    return score(claim.scaled(happened), float(claim.scaled(claim.best)))


def _row(
    claim: SourceClaim, draws: Numbers, low: float, high: float
) -> PredictiveCheck:
    happened = draws[~np.isnan(draws)]
    least = middle = most = place = nan
    if len(happened):
        least, middle, most = np.quantile(happened, LEVELS).tolist()
        place = pit(happened, low, high)
    return PredictiveCheck(
        claim,
        low,
        high,
        least,
        middle,
        most,
        is_inside(draws, low, high, LEVEL),
        place,
        nan if claim.wording != "cell" else scored(crps, draws, claim),
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
    prior, after = (
        predictive_reports(
            quantities,
            fit.sources,
            reported,
            list(used),
            np.random.default_rng(fit.options.seeds[0]),
        )
        for quantities, used in (
            (fit.pool.quantities, ()),
            (fit.quantities, fit.task.used),
        )
    )
    return Predictions(
        prior,
        after,
        predictive_checks(prior, claims, reported),
        predictive_checks(after, claims, reported),
    )
