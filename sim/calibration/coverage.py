"""Whether the screen of a scenario is as sure as it may be, tried on made-up records.

Runs of the pool are held out, reports are made up on each, and the screen of the other
runs is asked for what is known of the run held out (simulation-based calibration, see
`sim.calibration.ranks`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.calibration.bands import Band, band
from sim.calibration.bias import POOLED, Reference
from sim.calibration.claims import Claim, Numbers
from sim.calibration.derived import Derived
from sim.calibration.nearest import screen
from sim.calibration.pool import Pool
from sim.calibration.ranks import Ranks, as_shares, ranks_of_screen
from sim.calibration.summaries import synthetic_reports

CONFIDENCE = 0.95
"""That all targets lie within the band at once, if the method is right."""
LEVELS = (0.5, 0.9)
Tell = Callable[[int], None]


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
    band: Band
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
    pool: Pool,
    claims: tuple[Claim, ...],
    derived: tuple[Derived, ...],
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
    ready = screen(goals[sets:], pool.quantities[sets:], claims, seed, believed)
    reports = synthetic_reports(pool.quantities[:sets], claims, seed + 2)
    ranks = ranks_of_screen(ready, names, goals[:sets], reports, draws, seed)
    within = band(sets, CONFIDENCE, len(names))
    targets = _targets(ranks, within, len(pool.origin.parameters))
    return Coverage(targets, within, sets, runs, draws)


def _targets(ranks: Ranks, within: Band, parameters: int) -> tuple[Target, ...]:
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
