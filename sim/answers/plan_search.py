"""Tries plans by their first runs: all if there are few, else some by a local search.

From the plan that is nearest to the scenario as it stands the search goes to the best
neighbour (one thing by one step of its list) as long as that is no worse, all under the
same luck (what is not short yet makes no difference until more of something else is
there too); then it begins anew at a plan drawn by chance, until it may try no more. It
proves nothing of the plans that it has not tried.

References
----------
Pardalos and Romeijn (eds.), Handbook of Global Optimization 2 (2002), chapter 6: local
search from several starts.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf, nan
from typing import NamedTuple

import numpy as np

from sim.answers.complete import completed
from sim.answers.imbalance import ImbalanceLimit, leads_of
from sim.answers.plan_space import AS_IT_IS, Point, Space
from sim.errors import ScenarioError
from sim.experiment import Job, Runner, Study
from sim.experiment.pool import Pool
from sim.experiment.work import of_every_run
from sim.statistics.intervals import Numbers
from sim.statistics.selection import Contest

FINALISTS = 8
"""Plans of a local search that are compared at the end."""
_DRAWS = 1_000
"""After so many plans drawn by chance in a row that were tried, a search ends."""


@dataclass(frozen=True, slots=True)
class PlansAsked:
    """What is asked.

    Attributes
    ----------
    space : what may be chosen.
    metric : by which plans are compared, its full name.
    contest : how they are compared.
    limit : on imbalance; None if any will do.
    budget : the most plans that are tried; if there are no more, all are.
    look : runs by which a plan is judged at first.
    measured : runs in which the best is put beside the scenario as it stands.
    """

    space: Space
    metric: str
    contest: Contest
    limit: ImbalanceLimit | None
    budget: int
    look: int
    measured: int

    @property
    def exact(self) -> bool:
        """Whether all plans are tried."""
        return self.space.plans <= self.budget

    def excess(self, leads: Numbers) -> float:
        """Return by how much too many runs break the limit; 0 without one."""
        return 0.0 if self.limit is None else self.limit.excess(leads)


class Laboratory(NamedTuple):
    """Where plans are run.

    Attributes
    ----------
    runner : returns what runs jobs that no other runner of the study has.
    pool : where logs are read and bounds are worked out.
    """

    runner: Callable[[Sequence[Job]], Runner]
    pool: Pool


@dataclass(frozen=True, slots=True)
class Tried:
    """A plan that was tried.

    Attributes
    ----------
    values : in the order of what was chosen; none of the scenario as it stands.
    numbers : the metric in the runs by which the plan was judged.
    leads : by how much sides were apart in the runs that were looked at for that.
    excess : by how much too many of these break the limit; 0 if it is kept.
    bound : what no run with it can beat, in the unit of the metric; NaN if unknown.
    """

    values: tuple[str, ...]
    job: Job
    numbers: Numbers
    leads: Numbers
    excess: float = 0.0
    bound: float = nan


class PlanSearch:
    """Tries plans, and remembers what came of them.

    Attributes
    ----------
    tried : plans, the scenario as it stands first.
    refused : plans that no file may say, with what is wrong.
    studies : all runs so far.
    """

    def __init__(self, asked: PlansAsked, lab: Laboratory) -> None:
        self.asked, self.lab = asked, lab
        self.tried: dict[Point, Tried] = {}
        self.refused: dict[Point, ScenarioError] = {}
        self.studies: list[Study] = []
        self._same: Point | None = None

    @property
    def tries(self) -> int:
        """How many plans were tried; the scenario as it stands need be none of them."""
        return len(self.tried) - (self._same is None)

    def search(self) -> None:
        """Try the scenario as it stands, and all plans or as many as may be tried."""
        self._look([AS_IT_IS])
        if self.asked.exact:
            self._look(self.asked.space.points())
        else:
            self._walk()

    def finalists(self) -> list[Point]:
        """Return the plans that keep the limit; of a local search the best of them."""
        kept = [point for point, each in self.tried.items() if not each.excess]
        if self.asked.exact:
            return kept
        best = sorted(kept, key=self.key)[:FINALISTS]
        return [point for point in kept if point in best or point == AS_IT_IS]

    def key(self, point: Point) -> tuple[float, float, Point]:
        """Return what is smaller the better a plan is: first, whether it is allowed."""
        tried = self._at(point)
        if tried is None:
            return inf, inf, point
        sign = -1 if self.asked.contest.larger else 1
        mean = float(tried.numbers.mean()) if tried.numbers.size else 0.0
        return tried.excess, sign * mean, point

    def run(self, jobs: Sequence[Job], runs: int) -> Sequence[Study]:
        """Return so many runs of jobs."""
        studies = self.lab.runner(jobs).upto(runs)
        self.studies += studies
        return studies

    def read(
        self, jobs: Sequence[Job], runs: int
    ) -> tuple[list[Numbers], list[Numbers]]:
        """Return the metric of runs of jobs, and by how much sides were apart."""
        nothing = [np.empty(0)] * len(jobs)
        if not (runs and jobs):
            return nothing, nothing
        studies = self.run(jobs, runs)
        numbers = [completed(study, self.asked.metric)[0] for study in studies]
        if (limit := self.asked.limit) is None:
            return numbers, nothing
        read = partial(leads_of, limit.percent)
        wanted = [study.replications.tolist() for study in studies]
        leads = of_every_run(jobs, wanted, read, self.lab.pool, lambda _: None)
        return numbers, [np.array(each, np.float64) for each in leads]

    def _look(self, points: Iterable[Point]) -> None:
        """Judge plans by their first runs, each plan once."""
        asked, jobs = self.asked, dict(self._new(points))
        runs = asked.look if asked.limit or not asked.exact else 0
        numbers, leads = self.read([*jobs.values()], runs)
        for point, values, lead in zip(jobs, numbers, leads, strict=True):
            named, excess = asked.space.values(point), asked.excess(lead)
            self.tried[point] = Tried(named, jobs[point], values, lead, excess)

    def _new(self, points: Iterable[Point]) -> Iterable[tuple[Point, Job]]:
        """Yield plans that are to be tried, with their jobs."""
        space = self.asked.space
        for point in points:
            if point in self.tried or point in self.refused or point == self._same:
                continue
            try:
                job = space.job(point)
            except ScenarioError as error:
                self.refused[point] = error
                continue
            if point != AS_IT_IS and space.stands(job):
                self._same = point
            else:
                yield point, job

    def _walk(self) -> None:
        """Go from plan to better plan, again and again, until the budget is used."""
        space = self.asked.space
        rng = np.random.default_rng(space.base.seed)
        here: Point | None = space.start()
        been: set[Point] = set()
        while here is not None and self._room():
            self._look([here])
            while self._at(here) is not None:
                been.add(here)
                around = [*space.neighbours(here)]
                new = [each for each in around if self._at(each) is None]
                self._look(new[: self._room()])
                ahead = [
                    each
                    for each in around
                    if each not in been and self.key(each)[:2] <= self.key(here)[:2]
                ]
                if not ahead:
                    break
                here = min(ahead, key=self.key)
            here = self._anywhere(rng)

    def _at(self, point: Point) -> Tried | None:
        """Return what came of a plan; None if it was not tried."""
        return self.tried.get(AS_IT_IS if point == self._same else point)

    def _room(self) -> int:
        """Return how many plans may still be tried."""
        return self.asked.budget - self.tries

    def _anywhere(self, rng: np.random.Generator) -> Point | None:
        """Return a plan that was not tried, drawn by chance; None if none is found."""
        sizes = [len(each.values) for each in self.asked.space.choices]
        for _ in range(_DRAWS):
            point = tuple(int(rng.integers(size)) for size in sizes)
            if self._at(point) is None and point not in self.refused:
                return point
        return None
