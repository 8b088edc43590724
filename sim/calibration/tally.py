"""The scores of a fit beside those of the bare prior, of simple curves and a floor.

That all figures lie inside says little: they do so for the bare prior too, which is
wide. So each score stands beside that of the prior, and sharpness is scored as well.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import nan, pi, sqrt

import numpy as np

from sim.calibration.baselines import Windows, clipped
from sim.calibration.claims import Claim, Numbers, Scale
from sim.calibration.findings import Predictions
from sim.calibration.fit import Fit
from sim.calibration.floor import Step, conflict_floor, counted_in
from sim.calibration.open_hours import open_windows
from sim.calibration.record import Documented
from sim.calibration.scores import (
    ard,
    crps,
    is_inside,
    mase,
    skill,
    weighted_interval_score,
)
from sim.scenario import Operation

EVERYWHERE = "all sites"
COUNTS = "counts, logarithm"
_SCALES: Mapping[Scale, str] = {"ratio": COUNTS, "hours": "moments, h"}


@dataclass(frozen=True, slots=True)
class Score:
    """One score.

    Attributes
    ----------
    of : site, source or kind of figure.
    figures : that enter.
    fit, prior : of the draws, and of the prior.
    line, open_hours : of a constant rate, and of one in the hours in which gates were
        open, each the one that fits best in hindsight; NaN if not asked.
    floor : the best that anything can reach; NaN if there is none. For ARD it is that
        of a curve which never falls; for CRPS what is expected of somebody who knows
        the run and each source's bias exactly, since single reports err as well.
    """

    name: str
    of: str
    figures: int
    fit: float
    prior: float
    line: float = nan
    open_hours: float = nan
    floor: float = nan


def tally(fit: Fit, found: Predictions) -> tuple[Score, ...]:
    """Return all scores of a fit."""
    operation = fit.ready.simulator.operation
    entries = fit.ready.record.entries
    return (
        *ards(operation, entries, fit.quantities, fit.pool.quantities),
        *_mases(fit),
        *_sharpness(fit, found),
        *_coverage(fit, found),
    )


def ards(
    operation: Operation, entries: Sequence[Documented], fit: Numbers, prior: Numbers
) -> Iterable[Score]:
    """Yield the ARD of the median runs, without any bias of a source.

    With it a fit could come below the floor, which has none.

    Parameters
    ----------
    operation : whose stoppages say when gates were open.
    entries : of the record.
    fit, prior : quantities of (draw, claim, node).
    """
    sums = np.zeros(6)
    figures = 0
    for origin in dict.fromkeys(entry.figure.origin for entry in entries):
        own = counted_in(entries, origin)
        steps = [step for _, step in own]
        places = [place for place, _ in own]
        people = np.array([step.people for step in steps])
        if not people.sum() > 0:
            continue
        first_h, last_h = _span(entries, origin, steps)
        ards = np.array(
            [
                ard(_medians(fit, places), people),
                ard(_medians(prior, places), people),
                best_rate(steps, [(first_h, last_h)]),
                best_rate(
                    steps, clipped(open_windows(operation, origin, last_h), first_h)
                ),
                conflict_floor(steps),
                1.0,
            ]
        )
        sums += ards * people.sum()
        figures += len(steps)
        yield Score("ARD", origin, len(steps), *ards[:5].tolist())
    if sums[-1]:
        shares = (sums / sums[-1])[:5].tolist()
        yield Score("ARD", EVERYWHERE, figures, *shares)


def best_rate(steps: Sequence[Step], windows: Windows) -> float:
    """Return the least ARD that one rate in some hours can have.

    Parameters
    ----------
    steps : documented.
    windows : in which people arrive at that rate, and at no other time.
    """
    people = np.array([step.people for step in steps])
    hours = np.array(
        [
            sum(
                max(0.0, min(step.ends_h, end) - max(step.begins_h, begin))
                for begin, end in windows
            )
            for step in steps
        ]
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


def expected_of_the_knowing(claims: Sequence[Claim], scale: Scale) -> float:
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
