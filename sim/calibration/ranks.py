"""Simulation-based calibration: whether a fit is as sure as it may be.

Parameters are drawn from the prior, reports are made up from a run with them, and the
method is asked for the parameters. If it is right, the rank of the truth among the
draws is uniform (Talts et al., arXiv:1804.06788).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from sim.calibration.claims import Numbers
from sim.calibration.nearest import Screen


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
