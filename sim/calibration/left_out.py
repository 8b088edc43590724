"""How near a fit comes to all figures that it has not seen, beside simple rates."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan

import numpy as np

from sim.calibration.checked import LEVEL, Checked
from sim.calibration.held_out import HeldOut
from sim.calibration.rates import CONSTANT, OPEN_HOURS
from sim.calibration.scores import ard, fewest_inside

FIT, PRIOR = "fit", "bare prior"
WHO = (FIT, PRIOR, OPEN_HOURS, CONSTANT)
"""Who foretells the counts of people."""


@dataclass(frozen=True, slots=True)
class Inside:
    """How many figures lie inside, and how wide the intervals are.

    Attributes
    ----------
    of : which figures were left out.
    figures, inside : all of them, and those that meet their 90 percent interval.
    fewest : lower 2.5 percent point of how many would by chance, were they independent.
    misses : names of the others, each with its family.
    width, prior_width : mean width of the intervals of counts of people, of the fit and
        of the bare prior [people]; NaN if there are none.
    """

    of: str
    figures: int
    inside: int
    fewest: int
    misses: tuple[str, ...]
    width: float
    prior_width: float


@dataclass(frozen=True, slots=True)
class Nearness:
    """One score of the same left-out counts of people, by who foretells them.

    Attributes
    ----------
    of : which figures were left out.
    figures : counts of all people arrived about which everybody says something.
    scores : by WHO.
    """

    name: str
    of: str
    figures: int
    scores: dict[str, float]


def inside_of(of: str, held: Sequence[HeldOut]) -> Inside:
    """Return how many of the figures left out lie inside."""
    rows = [row for each in held for row in each.rows]
    misses = [row.after.claim for row in rows if not row.after.inside]
    people = [row for row in rows if row.after.claim.unit == "people"]
    return Inside(
        of,
        len(rows),
        len(rows) - len(misses),
        fewest_inside(len(rows), LEVEL),
        tuple(f"{claim.name} ({claim.family})" for claim in misses),
        _mean([row.after.most - row.after.least for row in people]),
        _mean([row.before.most - row.before.least for row in people]),
    )


def nearness_of(of: str, held: Sequence[HeldOut]) -> tuple[Nearness, ...]:
    """Return the pooled ARD and the mean CRPS of logarithms; none without counts."""
    rows = [row for each in held for row in each.rows if row.rates]
    if not rows:
        return ()
    said = [row.after.claim.best for row in rows]
    medians = {
        FIT: [row.median for row in rows],
        PRIOR: [row.prior_median for row in rows],
        **{name: [row.rates[name] for row in rows] for name in (OPEN_HOURS, CONSTANT)},
    }
    crps = {
        FIT: _mean([row.after.crps for row in rows]),
        PRIOR: _mean([row.before.crps for row in rows]),
        **{
            name: _mean([_error(row.after, row.rates[name]) for row in rows])
            for name in (OPEN_HOURS, CONSTANT)
        },
    }
    ards = {name: ard(values, said) for name, values in medians.items()}
    return (
        Nearness("ARD", of, len(rows), ards),
        Nearness("CRPS, logarithm", of, len(rows), crps),
    )


def _error(row: Checked, foretold: float) -> float:
    """Return the CRPS of a single number: its distance."""
    there, here = row.claim.scaled([foretold, row.claim.best])
    return float(abs(there - here))


def _mean(values: Sequence[float]) -> float:
    kept = [value for value in values if not isnan(value)]
    return float(np.mean(kept)) if kept else nan
