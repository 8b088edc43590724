"""What would be reported, if draws of a fit were the truth.

The bias of a family whose figures were used is drawn from what they say about it;
that of any other from its prior.
"""

from collections.abc import Sequence
from math import nan

import numpy as np

from sim.calibration.bias import POOLED, Reference
from sim.calibration.claims import Claim, Numbers
from sim.calibration.likelihood import by_bias


def predicted(
    quantities: Numbers,
    claims: Sequence[Claim],
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
    biases = source_biases(quantities, claims, reported, used, rng, reference)
    values = np.full((len(quantities), len(claims)), nan)
    for place, claim in enumerate(claims):
        node = rng.integers(quantities.shape[2], size=len(quantities))
        value = quantities[np.arange(len(quantities)), place, node]
        error = claim.spread * rng.standard_normal(len(quantities))
        scaled = claim.scaled(value) + biases[claim.bias] + error
        back = scaled if claim.scale == "hours" else np.exp(scaled) - claim.grain
        values[:, place] = np.maximum(back, 0.0)
    return values


def source_biases(
    quantities: Numbers,
    claims: Sequence[Claim],
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
