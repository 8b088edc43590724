"""Reports that sources might have made about a run: the likelihood's own sampler.

With them calibration is tried where the truth is known, and a fit is asked what it
would have expected to be reported.
"""

from math import inf, nan

import numpy as np

from sim.inference.claims import Numbers, SourceClaim
from sim.inference.likelihood import SILENT, STRAY, ObservationModel


def synthetic_reports(
    quantities: Numbers, sources: ObservationModel, seed: int
) -> Numbers:
    """Return made-up reports on each run, of (run, claim, end)."""
    return np.array(
        [
            synthetic_report(quantity, sources, np.random.default_rng((seed, run)))
            for run, quantity in enumerate(quantities)
        ]
    )


def synthetic_report(
    quantities: Numbers, sources: ObservationModel, rng: np.random.Generator
) -> Numbers:
    """Return reports about one run: low and high of each claim, NaN if none.

    Parameters
    ----------
    quantities : of (claim, node), of one run.
    sources : how they report.
    rng : where the luck of the sources comes from.
    """
    priors = {claim.bias: sources.reference.prior(claim) for claim in sources.claims}
    biases = {name: priors[name].draw(rng) for name in sorted(priors)}
    return np.array(
        [
            rounded(claim, _meant(claim, quantities[place], biases[claim.bias], rng))
            for place, claim in enumerate(sources.claims)
        ]
    )


def _meant(
    claim: SourceClaim, quantity: Numbers, bias: float, rng: np.random.Generator
) -> float:
    """Return a report before it is rounded, NaN if there is none."""
    value = quantity[rng.integers(len(quantity))]
    error, stray, where, silent = (
        rng.standard_normal(),
        rng.random() < STRAY,
        rng.random(),
        rng.random() < SILENT,
    )
    if stray:
        least, most = claim.scaled([0.0, claim.most])
        return nan if silent else float(claim.unscaled(least + where * (most - least)))
    if np.isnan(value):
        return nan
    scaled = float(claim.scaled(value)) + bias + claim.spread * error
    return float(claim.unscaled(scaled))


def rounded(claim: SourceClaim, value: float) -> tuple[float, float]:
    """Return the interval in which a value would be reported.

    Intervals are as wide as that of the claim and lie end to end with it, so that the
    claim's own is one of them; counts below 0 belong to the lowest.
    """
    if np.isnan(value):
        return nan, nan
    if claim.wording == "at_least":
        return (claim.low, inf) if value >= claim.low else (-inf, claim.low)
    if claim.wording == "at_most":
        return (-inf, claim.high) if value <= claim.high else (claim.high, inf)
    width = claim.high - claim.low
    step = np.floor((value - claim.low) / width)
    if claim.scale == "ratio":
        # Nothing lies below 0, so the cell with 0 in it takes what lies below.
        step = max(step, np.floor(-claim.low / width))
    low = claim.low + step * width
    return float(low), float(low + width)
