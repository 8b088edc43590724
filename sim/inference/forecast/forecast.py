"""A forecast as of a moment: what will be reported, who arrives when, and how sure.

Of runs of the operation without hindsight, draws are taken as probable as the figures
published by the moment make them (`tempered_smc`). Of the two uncertainties, one band
holds both, knowledge and chance, and the other chance alone: what would still differ if
everything else were known.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

import numpy as np

from sim.evidence.figures import Figure
from sim.inference.calibration.options import SmcSettings
from sim.inference.calibration.particles import Particles
from sim.inference.calibration.tempered_smc import from_pool, temper
from sim.inference.claims import Numbers, RecordEntry, intervals
from sim.inference.forecast.as_of import AsOf
from sim.inference.forecast.kept_draws import KeptDraws
from sim.inference.forecast.pool_choice import PoolChoice
from sim.inference.forecast.task import LUCK_PARTS, ForecastTask, Tell
from sim.inference.problem import InferenceProblem
from sim.inference.simulator import (
    Mapper,
    Outcomes,
    new_luck,
    simulated,
)
from sim.scenario import Operation

_DAY_S = 86_400
_MOVES = SmcSettings(moves=3, last_moves=6, effective=0.5, parts=LUCK_PARTS)
_LEVELS = 5
"""Most temperatures, the first of which needs no move."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is run for one forecast.

    Attributes
    ----------
    pool : runs at values from the ranges, of which some are gone on from.
    draws : runs that the forecast rests on.
    chance : runs of one set of values, for chance alone.
    seed : of everything.
    """

    pool: int = 1_500
    draws: int = 300
    chance: int = 100
    seed: int = 1

    @property
    def runs(self) -> int:
        """At most so many are made."""
        moves = (_LEVELS - 2) * _MOVES.moves + _MOVES.last_moves
        return self.pool + (moves + 1) * self.draws + self.chance


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected after a moment.

    Attributes
    ----------
    then : the operation as it was known.
    moment : local time.
    sites : that people leave.
    grid_s : moments at which totals are read.
    entries : documented figures, those known first.
    known : how many of them.
    outcomes : of draws that agree with what was known: knowledge and chance.
    chance : of one draw with other luck: chance alone.
    reports : what would be reported, of (draw, entry).
    distinct : different runs among the draws.
    followed : what earlier moments say of whom to follow, of each site of which people
        are counted; none if they were not asked, and this is the simulation alone.
    kept : its draws, from which the next forecast can be had; None if this one was had
        so itself.
    weighed : how many different draws of another one were weighed anew; None if it was
        made in full.
    effective : independent draws of equal weight that its draws are worth.
    """

    then: AsOf
    moment: datetime
    sites: tuple[str, ...]
    grid_s: tuple[int, ...]
    entries: tuple[RecordEntry, ...]
    known: int
    outcomes: Outcomes
    chance: Outcomes
    reports: Numbers
    distinct: int
    followed: tuple[PoolChoice, ...] = ()
    kept: KeptDraws | None = None
    weighed: int | None = None
    effective: float = 0.0

    @property
    def later(self) -> range:
        """Places of the figures that were published later and speak of later."""
        return range(self.known, len(self.entries))

    @property
    def days_run(self) -> int:
        """How many days after the moment are run."""
        return (self.then.operation.ends - self.then.moment_s) // _DAY_S

    @property
    def days(self) -> list[tuple[int, int]]:
        """What is left of the day of the moment, and the local days after it."""
        operation, moment_s = self.then.operation, self.then.moment_s
        starts = operation.clock.day_starts(operation.ends)
        borders = [moment_s, *(start for start in starts if start > moment_s)]
        return list(pairwise(borders))

    def arrivals(
        self, site: str, begins_s: int, ends_s: int, *, chance: bool = False
    ) -> Numbers:
        """Return how many arrive between two moments of the grid, by draw."""
        totals = (self.chance if chance else self.outcomes).totals
        place = self.sites.index(site)
        first, last = (self.grid_s.index(moment) for moment in (begins_s, ends_s))
        return np.asarray(totals[:, place, last] - totals[:, place, first])

    def done_h(
        self, site: str, *, nearly: bool = False, chance: bool = False
    ) -> Numbers:
        """Return when all or nearly all have arrived [h after the start], by draw."""
        outcomes = self.chance if chance else self.outcomes
        hours = outcomes.nearly_h if nearly else outcomes.done_h
        return np.asarray(hours[:, self.sites.index(site)])

    def to_leave(self, site: str) -> Numbers:
        """Return the people who are to leave in all, by draw."""
        return np.asarray(self.outcomes.people[:, self.sites.index(site)])

    @property
    def largest(self) -> str:
        """The site that most people are to leave, in the median of the draws."""
        return max(self.sites, key=lambda site: float(np.median(self.to_leave(site))))


def forecast(
    operation: Operation,
    figures: Iterable[Figure],
    moment: datetime,
    effort: Effort,
    mapper: Mapper = map,
    tell: Tell = lambda done: None,
) -> Forecast:
    """Return a forecast that rests on what was published by a local time.

    Parameters
    ----------
    operation : as it is told afterwards.
    figures : of its evidence table. Those published later are not used; they are
        predicted, so that the forecast can be scored.
    moment : local time.
    effort : how much to run.
    mapper, tell : where runs are made, and who hears how many are done.

    Raises
    ------
    EvidenceError
        If nothing was known, or the figures would count anything twice.
    """
    task = ForecastTask.of(operation, tuple(figures), moment)
    rng = np.random.default_rng(effort.seed)
    outcomes, cloud, distinct = _agreeing(task, effort, rng, mapper, tell)
    names = task.simulator.prior.names
    kept = KeptDraws(names, cloud.points, cloud.luck, cloud.likelihoods, cloud.roots)
    before = effort.runs - effort.chance
    made = forecast_of(
        *(task, moment, outcomes, cloud.points, effort, rng, mapper),
        lambda done: tell(before + done),
    )
    return replace(made, distinct=distinct, kept=kept, effective=kept.effective)


def forecast_of(
    task: ForecastTask,
    moment: datetime,
    outcomes: Outcomes,
    points: Numbers,
    effort: Effort,
    rng: np.random.Generator,
    mapper: Mapper,
    tell: Tell,
) -> Forecast:
    """Return the forecast that rests on draws, with chance alone beside it.

    Parameters
    ----------
    task : what it is asked.
    moment : local time.
    outcomes, points : of draws that weigh the same.
    effort, rng, mapper, tell : as of `draws_given`.
    """
    chance = task.chance_alone(points, effort.chance, rng, mapper, tell)
    simulator = task.simulator
    return Forecast(
        *(task.then, moment, simulator.sites, simulator.moments_s),
        *(task.entries, task.known, outcomes, chance),
        *(task.reports(outcomes, rng), len(outcomes.people)),
    )


def draws_given(
    problem: InferenceProblem,
    effort: Effort,
    rng: np.random.Generator,
    mapper: Mapper = map,
    tell: Tell = lambda done: None,
) -> Particles:
    """Return draws as probable as the reports make them, by the likelihood itself.

    Fewer people than were counted, or all arrived before the last count, is then as
    rare as the errors of the sources allow. Where nothing was reported any draws are
    as good.

    Parameters
    ----------
    problem : what was reported, and a simulator of it.
    effort : how much to run.
    rng : where the luck of the method comes from.
    mapper, tell : as of `forecast`.
    """
    points = rng.random((effort.pool, problem.parameters))
    luck = new_luck(rng, effort.pool, LUCK_PARTS)
    quantities = simulated(problem.simulator, points, luck, mapper, tell)
    return temper(
        problem,
        replace(_MOVES, particles=effort.draws),
        effort.seed,
        begun=from_pool(problem, points, luck, quantities, effort.draws, rng),
        most_levels=_LEVELS,
        mapper=mapper,
        report=lambda told: tell(told.runs),
    )


def _agreeing(
    task: ForecastTask,
    effort: Effort,
    rng: np.random.Generator,
    mapper: Mapper,
    tell: Tell,
) -> tuple[Outcomes, Particles, int]:
    """Return runs that agree with what was reported, their draws, and how many differ.

    A run that was drawn twice is made once.
    """
    simulator, seen = task.simulator, task.seen
    problem = InferenceProblem(
        simulator.about(range(task.known)),
        *(simulator.prior.size, seen, intervals(seen.claims)),
    )
    cloud = draws_given(problem, effort, rng, mapper, tell)
    whole = np.hstack([cloud.points, cloud.luck])
    _, first, again = np.unique(whole, axis=0, return_index=True, return_inverse=True)
    made = simulator.outcomes(
        cloud.points[first],
        cloud.luck[first],
        mapper,
        lambda done: tell(effort.runs - effort.chance - effort.draws + done),
    )
    return made.chosen(again), cloud, len(first)
