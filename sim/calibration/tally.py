"""The scores of a fit beside those of the bare prior, of a straight line and a floor.

That all figures lie inside says little: they do so for the bare prior too, which is
wide. So each score stands beside that of the prior, and sharpness is scored as well.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import nan

import numpy as np

from sim.calibration.claims import Claim, Numbers
from sim.calibration.findings import Predictions
from sim.calibration.fit import Fit
from sim.calibration.floor import Step, conflict_floor, counted_in
from sim.calibration.record import Documented
from sim.calibration.scores import (
    ard,
    crps,
    is_inside,
    mase,
    skill,
    weighted_interval_score,
)

EVERYWHERE = "all sites"


@dataclass(frozen=True, slots=True)
class Score:
    """One score.

    Attributes
    ----------
    of : site, source or kind of figure.
    figures : that enter.
    fit, prior : of the draws, and of the prior.
    line : of a constant rate, the one that fits best in hindsight; NaN if not asked.
    floor : least that any curve which never falls can have; NaN if there is none.
    """

    name: str
    of: str
    figures: int
    fit: float
    prior: float
    line: float = nan
    floor: float = nan


def tally(fit: Fit, found: Predictions) -> tuple[Score, ...]:
    """Return all scores of a fit."""
    return (
        *ards(fit.ready.record.entries, fit.quantities, fit.pool.quantities),
        *_mases(fit),
        *_sharpness(fit, found),
        *_coverage(fit, found),
    )


def ards(
    entries: Sequence[Documented], fit: Numbers, prior: Numbers
) -> Iterable[Score]:
    """Yield the ARD of the median runs, without any bias of a source.

    With it a fit could come below the floor, which has none.

    Parameters
    ----------
    entries : of the record.
    fit, prior : quantities of (draw, claim, node).
    """
    sums = np.zeros(5)
    figures = 0
    for origin in dict.fromkeys(entry.figure.origin for entry in entries):
        own = counted_in(entries, origin)
        steps = [step for _, step in own]
        places = [place for place, _ in own]
        people = np.array([step.people for step in steps])
        if not people.sum() > 0:
            continue
        ards = np.array(
            [
                ard(_medians(fit, places), people),
                ard(_medians(prior, places), people),
                best_line(steps, _span(entries, origin, steps)),
                conflict_floor(steps),
                1.0,
            ]
        )
        sums += ards * people.sum()
        figures += len(steps)
        yield Score("ARD", origin, len(steps), *ards[:4].tolist())
    if sums[-1]:
        shares = (sums / sums[-1])[:4].tolist()
        yield Score("ARD", EVERYWHERE, figures, *shares)


def best_line(steps: Sequence[Step], span: tuple[float, float]) -> float:
    """Return the least ARD that a constant rate between two moments can have.

    Parameters
    ----------
    steps : documented.
    span : hours between which people arrive at one rate.
    """
    people = np.array([step.people for step in steps])
    hours = np.array(
        [np.clip(step.ends_h, *span) - np.clip(step.begins_h, *span) for step in steps]
    )
    # The sum of errors is made of straight pieces, so a rate of one figure is best.
    rates = people[hours > 0] / hours[hours > 0]
    return min((ard(rate * hours, people) for rate in rates), default=1.0)


def _span(
    entries: Sequence[Documented], origin: str, steps: Sequence[Step]
) -> tuple[float, float]:
    """Return the first and last documented arrival, else the ends of the counts."""
    said = {
        entry.figure.metric: entry.claim.best
        for entry in entries
        if entry.figure.origin == origin
    }
    return (
        said.get("first_arrival", min(step.begins_h for step in steps)),
        said.get("last_arrival", max(step.ends_h for step in steps)),
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
            mase(_medians(quantities, places), known, known)
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
        for scale, of in (("ratio", "counts, logarithm"), ("hours", "moments, h")):
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
            yield Score(name, of, len(rows), ours, theirs)
            if name == "CRPS":
                gain = skill(ours, theirs)
                yield Score("CRPS skill over the prior", of, len(rows), gain, 0.0)


def _scored(
    score: Callable[[Numbers, float], float],
    predicted: Numbers,
    place: int,
    claim: Claim,
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


def _medians(quantities: Numbers, places: Sequence[int]) -> Numbers:
    """Return the median over runs and over the moments that a source may mean."""
    return np.asarray(np.nanmedian(quantities[:, places], axis=(0, 2)))
