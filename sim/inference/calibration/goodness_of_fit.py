"""The scores of a fit beside those of the bare prior, of simple curves and a floor.

That all figures lie inside says little: they do so for the bare prior too, which is
wide. So each score stands beside that of the prior, and sharpness is scored as well.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from math import nan, pi, sqrt

import numpy as np

from sim.inference.calibration.fit import Fit
from sim.inference.calibration.posterior_predictive import Predictions
from sim.inference.calibration.relative_difference import (
    Score,
    medians,
    relative_differences,
)
from sim.inference.claims import Numbers, Scale, SourceClaim
from sim.inference.scores import crps, is_inside, mase, skill, weighted_interval_score

COUNTS = "counts, logarithm"


_SCALES: Mapping[Scale, str] = {"ratio": COUNTS, "hours": "moments, h"}


def fit_scores(fit: Fit, found: Predictions) -> tuple[Score, ...]:
    """Return all scores of a fit."""
    operation = fit.ready.simulator.operation
    entries = fit.ready.record.entries
    return (
        *relative_differences(operation, entries, fit.quantities, fit.pool.quantities),
        *_mases(fit),
        *_sharpness(fit, found),
        *_coverage(fit, found),
    )


def _mases(fit: Fit) -> Iterable[Score]:
    """Yield the MASE of each series of at least three steps of one source.

    In hindsight: its scale is the error of "as much as last time" on the very series.
    """
    entries = fit.ready.record.entries
    chosen = [
        (f"{entry.claim.family}: {entry.figure.origin}", entry.ends or (0, 0), place)
        for place, entry in enumerate(entries)
        if entry.counts == "arrived" and entry.claim.wording == "cell"
    ]
    for name, rows in groupby(sorted(chosen), key=lambda row: row[0]):
        places = [place for *_, place in rows]
        if len(places) < 3:
            continue
        known = [entries[place].claim.best for place in places]
        ours, theirs = (
            mase(medians(quantities, places), known, known)
            for quantities in (fit.quantities, fit.pool.quantities)
        )
        yield Score("MASE in hindsight", name, len(places), ours, theirs)


def _sharpness(fit: Fit, found: Predictions) -> Iterable[Score]:
    """Yield mean scores of whole distributions, counts and moments apart."""
    claims = fit.ready.claims
    for name, score in (
        ("CRPS", crps),
        ("weighted interval score", weighted_interval_score),
    ):
        for scale, of in _SCALES.items():
            rows = [
                (
                    _scored(score, found.fit, at, claim),
                    _scored(score, found.prior, at, claim),
                )
                for at, claim in enumerate(claims)
                if claim.scale == scale and claim.wording == "cell"
            ]
            if not rows:
                continue
            ours, theirs = np.mean(rows, axis=0).tolist()
            if name != "CRPS":
                yield Score(name, of, len(rows), ours, theirs)
                continue
            least = expected_of_the_knowing(claims, scale)
            yield Score(name, of, len(rows), ours, theirs, floor=least)
            yield Score(
                "CRPS skill over the prior",
                of,
                len(rows),
                skill(ours, theirs),
                0.0,
                floor=skill(least, theirs),
            )


def expected_of_the_knowing(claims: Sequence[SourceClaim], scale: Scale) -> float:
    """Return the CRPS expected of somebody who knows the run and every bias exactly.

    What is left are the errors of single reports, which are normal: the expected CRPS
    of a normal distribution of its own draws is its spread over the root of pi
    (Gneiting and Raftery, JASA 102 (2007) 359-378, equation 21).

    Parameters
    ----------
    claims : of any kind.
    scale : of those that count.
    """
    spreads = [
        claim.spread
        for claim in claims
        if claim.scale == scale and claim.wording == "cell"
    ]
    return float(np.mean(spreads)) / sqrt(pi)


def _scored(
    score: Callable[[Numbers, float], float],
    predicted: Numbers,
    place: int,
    claim: SourceClaim,
) -> float:
    draws = predicted[:, place]
    happened = draws[~np.isnan(draws)]
    if not len(happened):
        return nan
    return score(claim.scaled(happened), float(claim.scaled(claim.best)))


def _coverage(fit: Fit, found: Predictions) -> Iterable[Score]:
    reported = fit.ready.reported
    for level in (0.5, 0.9):
        inside = [
            sum(
                is_inside(drawn[:, place], float(low), float(high), level)
                for place, (low, high) in enumerate(reported)
            )
            for drawn in (found.fit, found.prior)
        ]
        yield Score(
            f"inside {level:.0%}", "figures", len(reported), *map(float, inside)
        )
