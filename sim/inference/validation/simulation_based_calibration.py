"""Simulation-based calibration: whether a fit is as sure as it may be.

Parameters are drawn from the prior, reports are made up from a run with them, and the
method is asked for the parameters. If it is right, the rank of the truth among the
draws is uniform (Talts et al., arXiv:1804.06788): its distribution function lies within
a band everywhere at once with the given probability (Säilynoja, Bürkner and Vehtari,
Graphical test for discrete uniformity, Statistics and Computing 32 (2022) 32).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.stats import binom, rankdata

from sim.inference.calibration.pool import PriorPool
from sim.inference.calibration.semiautomatic_abc import Screen, screen
from sim.inference.claims import Numbers, SourceClaim
from sim.inference.likelihood import POOLED, ObservationModel, Reference
from sim.inference.synthetic_reports import synthetic_reports
from sim.inference.validation.quantities_of_interest import QuantityOfInterest

CONFIDENCE = 0.95
"""That all targets lie within the band at once, if the method is right."""
LEVELS = (0.5, 0.9)
_GRID = 100
_TRIALS = 2_000
_SEED = 2022


@dataclass(frozen=True, slots=True)
class EcdfBand:
    """Least and greatest share of ranks up to each place.

    Attributes
    ----------
    places : from 0 to 1.
    low, high : shares of the ranks that are at most so large.
    """

    places: Numbers
    low: Numbers
    high: Numbers

    def holds(self, shares: Numbers) -> bool:
        """Whether the ranks of one target lie within, everywhere."""
        found = ecdf(shares, self.places)
        return bool(((found >= self.low) & (found <= self.high)).all())


def ecdf(shares: Numbers, places: Numbers) -> Numbers:
    """Return the share of ranks that are at most as large as each place."""
    return np.asarray(np.searchsorted(np.sort(shares), places, "right") / len(shares))


@lru_cache(maxsize=32)
def ecdf_band(data_sets: int, confidence: float = 0.95, targets: int = 1) -> EcdfBand:
    """Return the band for ranks of so many data sets.

    The width is found by simulation, with a fixed seed.

    Parameters
    ----------
    data_sets : how many ranks each target has.
    confidence : that all targets lie within, if the method is right.
    targets : how many are looked at together, by Bonferroni's inequality.
    """
    grid = min(_GRID, data_sets)
    places = np.arange(1, grid) / grid
    rng = np.random.default_rng(_SEED)
    counts = np.array(
        [
            np.searchsorted(np.sort(rng.random(data_sets)), places, "right")
            for _ in range(_TRIALS)
        ]
    )
    below = binom.cdf(counts, data_sets, places)
    above = 1 - binom.cdf(counts - 1, data_sets, places)
    worst = 2 * np.minimum(below, above).min(axis=1)
    gamma = float(np.quantile(worst, (1 - confidence) / targets))
    low = binom.ppf(gamma / 2, data_sets, places) / data_sets
    high = binom.ppf(1 - gamma / 2, data_sets, places) / data_sets
    return EcdfBand(places, low, high)


@dataclass(frozen=True, slots=True)
class Ranks:
    """Where the truth lay among the draws, for many made-up data sets.

    Attributes
    ----------
    names : of the targets.
    shares : of (data set, target), from 0 to 1; uniform if the method is right.
    """

    names: tuple[str, ...]
    shares: Numbers

    def coverage(self, level: float) -> Numbers:
        """Return how often the central interval of a level held the truth."""
        edge = (1 - level) / 2
        inside = (self.shares >= edge) & (self.shares <= 1 - edge)
        return np.asarray(inside.mean(axis=0))


def ranked(
    names: Sequence[str],
    truths: Numbers,
    draws: Sequence[Numbers],
    seed: int,
) -> Ranks:
    """Return the ranks of truths among draws; ties are broken by chance.

    Parameters
    ----------
    names : of the targets.
    truths : of (data set, target).
    draws : of (draw, target), one array for each data set.
    seed : for the ties.
    """
    rng = np.random.default_rng(seed)
    shares = np.empty(truths.shape)
    for place, (truth, sample) in enumerate(zip(truths, draws, strict=True)):
        below = (sample < truth).sum(axis=0)
        same = (sample == truth).sum(axis=0)
        shares[place] = (below + rng.random(len(truth)) * (same + 1)) / (
            len(sample) + 1
        )
    return Ranks(tuple(names), shares)


def ranks_of_screen(
    screen: Screen,
    names: Sequence[str],
    truths: Numbers,
    reports: Numbers,
    draws: int,
    seed: int,
) -> Ranks:
    """Return the ranks of truths that a screen is asked to find.

    Parameters
    ----------
    screen : made from a pool without the runs of the truths.
    names, truths : of the targets of the screen.
    reports : made up on the run of each truth, of (data set, claim, end).
    draws : of each fit.
    seed : of the draws and ties.
    """
    found = [
        screen.fit(reported, draws, seed + place).points
        for place, reported in enumerate(reports)
    ]
    return ranked(names, truths, found, seed)


def as_shares(values: Numbers) -> Numbers:
    """Return each value's place among all of its column, strictly between 0 and 1.

    So a derived quantity can be a target beside the coordinates of a point.

    Parameters
    ----------
    values : of (run, target); what did not happen (NaN) counts as latest of all.
    """
    filled = np.where(np.isnan(values), np.inf, values)
    # What is the same has the same place, in the middle of its kind.
    return np.asarray((rankdata(filled, axis=0) - 0.5) / len(values))


@dataclass(frozen=True, slots=True)
class Target:
    """How well one number is found again.

    Attributes
    ----------
    name : of a parameter, or a derived number in words.
    derived : whether it is no parameter.
    covered : how often the central intervals of LEVELS hold the truth.
    within : whether its ranks lie within the band everywhere.
    shares : ranks of the truths, from 0 to 1.
    """

    name: str
    derived: bool
    covered: tuple[float, ...]
    within: bool
    shares: Numbers


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a trial on made-up records shows.

    Attributes
    ----------
    band : in which all targets lie at once with a probability of CONFIDENCE.
    sets : made-up records.
    runs : of the pool from which the screen was made.
    draws : of each screen.
    """

    targets: tuple[Target, ...]
    band: EcdfBand
    sets: int
    runs: int
    draws: int

    @property
    def means(self) -> tuple[float, ...]:
        """Coverage at LEVELS over all targets."""
        return tuple(np.mean([row.covered for row in self.targets], axis=0).tolist())

    @property
    def outside(self) -> tuple[Target, ...]:
        """Those that leave the band."""
        return tuple(row for row in self.targets if not row.within)


def covered(
    pool: PriorPool,
    claims: tuple[SourceClaim, ...],
    derived: tuple[QuantityOfInterest, ...],
    sets: int,
    draws: int,
    seed: int,
    believed: Reference = POOLED,
) -> Coverage:
    """Return how well a screen finds the truth behind made-up records.

    Parameters
    ----------
    pool : whose first runs are the truths; the others are screened.
    claims : that are made about each.
    derived : numbers of a run to be found beside the parameters.
    sets : records to make up.
    draws : of each screen.
    seed : of reports and draws.
    believed : what the screen takes sources for. They are made up with a bias each; to
        believe anything else is a trial that has to fail.

    Raises
    ------
    ValueError
        If no more runs than truths would be left to screen.
    """
    runs = len(pool.points) - sets
    if runs <= sets:
        raise ValueError(f"{sets} of {len(pool.points)} runs are too many to hold out")
    names = (*pool.origin.parameters, *(each.name for each in derived))
    numbers = [as_shares(each.of(pool.quantities)[:, None]) for each in derived]
    goals = np.hstack([pool.points, *numbers])
    ready = screen(
        goals[sets:], pool.quantities[sets:], ObservationModel(claims, believed), seed
    )
    reports = synthetic_reports(
        pool.quantities[:sets], ObservationModel(claims), seed + 2
    )
    ranks = ranks_of_screen(ready, names, goals[:sets], reports, draws, seed)
    within = ecdf_band(sets, CONFIDENCE, len(names))
    targets = _targets(ranks, within, len(pool.origin.parameters))
    return Coverage(targets, within, sets, runs, draws)


def _targets(ranks: Ranks, within: EcdfBand, parameters: int) -> tuple[Target, ...]:
    levels = np.stack([ranks.coverage(level) for level in LEVELS], axis=1)
    return tuple(
        Target(
            name,
            place >= parameters,
            tuple(levels[place].tolist()),
            within.holds(ranks.shares[:, place]),
            ranks.shares[:, place],
        )
        for place, name in enumerate(ranks.names)
    )
