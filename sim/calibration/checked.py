"""Each documented figure beside what a fit predicts: the table a user must see."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isinf, nan

import numpy as np

from sim.calibration.claims import Claim, Numbers
from sim.calibration.scores import ard, crps, is_inside, pit, skill

LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class Checked:
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

    claim: Claim
    low: float
    high: float
    least: float
    middle: float
    most: float
    inside: bool
    pit: float
    crps: float


def checked(
    predicted: Numbers, claims: Sequence[Claim], reported: Numbers
) -> tuple[Checked, ...]:
    """Return a row for each claim.

    Parameters
    ----------
    predicted : reports of (draw, claim), from `sim.calibration.predict`.
    claims : that were made.
    reported : of (claim, end).
    """
    return tuple(
        _row(claim, predicted[:, place], *reported[place].tolist())
        for place, claim in enumerate(claims)
    )


def ard_of(rows: Sequence[Checked], counted: Sequence[str]) -> float:
    """Return the ARD of the medians of some claims.

    Parameters
    ----------
    rows : of all claims.
    counted : names of those that count people who arrived.
    """
    chosen = [row for row in rows if row.claim.name in counted]
    return ard([row.middle for row in chosen], [row.claim.best for row in chosen])


def skill_of(rows: Sequence[Checked], prior: Sequence[Checked]) -> float:
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


def _row(claim: Claim, draws: Numbers, low: float, high: float) -> Checked:
    happened = draws[~np.isnan(draws)]
    quantiles = np.quantile(happened, [0.05, 0.5, 0.95]) if len(happened) else [nan] * 3
    least, middle, most = (float(each) for each in quantiles)
    bound = isinf(low) or isinf(high)
    score = nan
    if len(happened) and not bound:
        score = crps(claim.scaled(happened), float(claim.scaled(claim.best)))
    return Checked(
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
