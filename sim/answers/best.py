"""The best of many plans that somebody names, under a limit of imbalance.

A plan has one value of each thing that may be chosen; the scenario as it stands is one
more. If there are few, all are compared. If there are many, a local search tries some:
from the plan that is nearest to the scenario as it stands it goes to the best neighbour
(one thing by one step of its list) as long as that is no worse, all under the same luck
(what is not short yet makes no difference until more of something else is there too);
then it begins anew at a plan drawn by chance, until it may try no more. It proves
nothing of the plans that it has not tried.

Whether a plan keeps the limit is seen in the first runs. Those that do, of a search the
best of them, are compared by `sim.experiment.ranking`, and the winner is put beside the
scenario as it stands, each time under fresh luck: what was picked because it looked
good in some runs is never judged by these runs.

References
----------
Pardalos and Romeijn (eds.), Handbook of Global Optimization 2 (2002), chapter 6: local
search from several starts. Law, Simulation Modeling and Analysis, 5th ed. (2015),
sections 11.2 and 12.5: common random numbers, and optimum seeking.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from math import inf, nan, prod
from typing import NamedTuple

import numpy as np

from sim.answers.bound import SURE, bounds_of
from sim.answers.choices import Candidates, chosen_together
from sim.answers.complete import completed
from sim.errors import ScenarioError
from sim.events import RunLog
from sim.experiment import Job, Runner, Study
from sim.experiment.pool import Pool
from sim.experiment.ranking import Ranking, ranked
from sim.experiment.work import in_order, of_every_run
from sim.metrics.arrivals import people_to_leave
from sim.metrics.curves import Curve
from sim.metrics.exchange import greatest_imbalance, moved
from sim.metrics.of_sites import ALL_SITES
from sim.metrics.registry import of_group
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.model import no_search_for_garbage
from sim.scenario import Operation
from sim.scenario.origins import served_by
from sim.statistics.intervals import Numbers, Paired, paired
from sim.statistics.selection import Contest

FINALISTS = 8
"""Plans of a local search that are compared at the end."""
_ARRIVED = f"arrived/{ALL_SITES}"
_PARTS = 100
"""Of a percent, in which shares of a side are reckoned."""
_TWO = 2
_PERCENTS = {"t50": 50, "t90": 90, "t100": 100}
"""Metrics that have a bound."""

Point = tuple[int, ...]
"""A plan: the place of a value in each list; empty for the scenario as it stands."""
AS_IT_IS: Point = ()
AS_IT_STANDS = "-"
"""The name of the latter."""


@dataclass(frozen=True, slots=True)
class ImbalanceLimit:
    """How far the sides of an agreement may be apart.

    Attributes
    ----------
    most : people by which one side may be ahead of another, or percent.
    percent : whether it is percent of those whom each side is to move.
    breaks : share of the runs that may break it.
    """

    most: float
    percent: bool
    breaks: float

    def excess(self, leads: Numbers) -> float:
        """Return by how much too many runs break it; 0 if the limit is kept."""
        if not len(leads):
            return 0.0
        allowed = int(self.breaks * len(leads) + 1e-9)
        return max(0.0, float(np.sort(leads)[::-1][allowed]) - self.most)


class Lead(NamedTuple):
    """When the sides of an agreement were furthest apart in a run.

    Attributes
    ----------
    amount : people by which one was ahead, or percent.
    step : the most of the side ahead that counted in one moment, in the same unit.
    """

    amount: float
    step: float = 0.0
    time_s: int = 0
    agreement: str = ""
    ahead: str = ""
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Space:
    """What may be chosen.

    Attributes
    ----------
    base : the job of the scenario as it stands.
    choices : each with its values.
    """

    base: Job
    choices: tuple[Candidates, ...]

    @property
    def plans(self) -> int:
        """How many there are, without the scenario as it stands."""
        return prod(len(each.values) for each in self.choices)

    def points(self) -> Iterator[Point]:
        """Yield all plans."""
        return product(*(range(len(each.values)) for each in self.choices))

    def values(self, point: Point) -> tuple[str, ...]:
        """Return the values of a plan; none of the scenario as it stands."""
        pairs = zip(self.choices, point, strict=False)
        return tuple(choice.values[place] for choice, place in pairs)

    def job(self, point: Point) -> Job:
        """Return the job of a plan.

        Raises
        ------
        ScenarioError
            If no file may say so.
        """
        if point == AS_IT_IS:
            return self.base
        values = dict(zip(self.choices, self.values(point), strict=True))
        return self.base.of(chosen_together(self.base.operation, values))

    def stands(self, job: Job) -> bool:
        """Return whether runs of a job are those of the scenario as it stands."""
        base = self.base
        alike = base.band == "chance" or job.operation.uncertain == (
            base.operation.uncertain
        )
        return alike and _known(job.operation) == _known(base.operation)

    def present(self, choice: Candidates) -> int | None:
        """Return the place of the value that the scenario has; None if of none."""
        now = _known(self.base.operation)
        worlds = (
            _known(chosen_together(self.base.operation, {choice: value}))
            for value in choice.values
        )
        return next((place for place, each in enumerate(worlds) if each == now), None)

    def start(self) -> Point:
        """Return the plan nearest to the scenario as it stands."""
        places = map(self.present, self.choices)
        return tuple(
            len(choice.values) // 2 if place is None else place
            for choice, place in zip(self.choices, places, strict=True)
        )

    def neighbours(self, point: Point) -> Iterator[Point]:
        """Yield the plans of which one value is one step further or less."""
        for which, place in enumerate(point):
            for other in (place - 1, place + 1):
                if 0 <= other < len(self.choices[which].values):
                    yield (*point[:which], other, *point[which + 1 :])


def _known(operation: Operation) -> Operation:
    return operation.model_copy(update={"uncertain": {}})


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


@dataclass(frozen=True, slots=True)
class Best:
    """Which plan is best.

    Attributes
    ----------
    metric : its full name.
    contest : how plans were compared.
    limit : None if any imbalance will do.
    choices : what was chosen.
    plans : how many there are, without the scenario as it stands.
    tries : how many of them were tried.
    exact : whether all were tried that a file may say.
    tried : the plans by name, the scenario as it stands first.
    refused : the values of plans that no file may say, with what is wrong.
    ranking : of the plans that were compared, by name; None if there was only one.
    best : its name; None if no plan keeps the limit.
    beside : the scenario as it stands, and the best, in pairs of fresh runs; None if
        they are the same.
    arrived : people who arrive in these; None likewise.
    nearest : the plan that comes nearest to the limit, if none keeps it.
    lead : of a typical run of that.
    studies : all runs.
    """

    metric: str
    contest: Contest
    limit: ImbalanceLimit | None
    choices: tuple[Candidates, ...]
    plans: int
    tries: int
    exact: bool
    tried: Mapping[str, Tried]
    refused: Mapping[tuple[str, ...], ScenarioError]
    ranking: Ranking | None = None
    best: str | None = None
    beside: Paired | None = None
    arrived: Paired | None = None
    nearest: str | None = None
    lead: Lead | None = None
    studies: tuple[Study, ...] = ()


@dataclass(frozen=True, slots=True)
class PlansAsked:
    """What is asked.

    Attributes
    ----------
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


class Laboratory(NamedTuple):
    """Where plans are run.

    Attributes
    ----------
    runner : returns what runs jobs that no other runner of the study has.
    pool : where logs are read and bounds are worked out.
    """

    runner: Callable[[Sequence[Job]], Runner]
    pool: Pool


def best_plan(asked: PlansAsked, lab: Laboratory) -> Best:
    """Return which plan is best.

    Raises
    ------
    AllFailedError
        If every run of a plan failed.
    TooFewError
        If too few runs worked with all plans.
    RunError
        If the metric is no moment and has no value in a run.
    BrokenExecutor
        If workers are lost again and again.
    """
    return _Search(asked, lab).answer()


class _Search:
    """Tries plans, and remembers what came of them."""

    def __init__(self, asked: PlansAsked, lab: Laboratory) -> None:
        self._asked, self._lab = asked, lab
        self._tried: dict[Point, Tried] = {}
        self._refused: dict[Point, ScenarioError] = {}
        self._same: Point | None = None
        self._studies: list[Study] = []
        self._exact = asked.space.plans <= asked.budget

    def answer(self) -> Best:
        """Return which plan is best."""
        self._look([AS_IT_IS])
        if self._exact:
            self._look(self._asked.space.points())
        else:
            self._walk()
        ranking = best = beside = arrived = None
        while kept := self._finalists():
            ranking = self._compared(kept) if len(kept) > 1 else None
            chosen = _name(kept[0]) if ranking is None else ranking.selection.best
            best = next(point for point in kept if _name(point) == chosen)
            beside, arrived = self._beside(best)
            if not self._tried[best].excess:
                break
        self._bounded(kept)
        asked = self._asked
        found = Best(
            *(asked.metric, asked.contest, asked.limit, asked.space.choices),
            *(asked.space.plans, self._tries, self._exact),
            tried={_name(point): each for point, each in self._tried.items()},
            refused={
                asked.space.values(point): error
                for point, error in self._refused.items()
            },
        )
        if not kept or best is None:
            return self._none(found)
        return replace(
            found,
            ranking=ranking,
            best=_name(best),
            beside=beside,
            arrived=arrived,
            studies=tuple(self._studies),
        )

    def _none(self, found: Best) -> Best:
        """Return that no plan keeps the limit, and what stands in the way."""
        point = min(self._tried, key=self._key)
        job = self._tried[point].job
        study = self._run([job], self._asked.look)[0]
        limit = self._asked.limit
        percent = limit is not None and limit.percent
        return replace(
            found,
            nearest=_name(point),
            lead=lead_in(job.log_of(study.typical), job.operation, percent=percent),
            studies=tuple(self._studies),
        )

    def _look(self, points: Iterable[Point]) -> None:
        """Judge plans by their first runs, each plan once."""
        jobs: dict[Point, Job] = {}
        for point in points:
            if point in self._tried or point in self._refused or point == self._same:
                continue
            try:
                job = self._asked.space.job(point)
            except ScenarioError as error:
                self._refused[point] = error
                continue
            if point != AS_IT_IS and self._asked.space.stands(job):
                self._same = point
            else:
                jobs[point] = job
        runs = self._asked.look if self._asked.limit or not self._exact else 0
        numbers, leads = self._read([*jobs.values()], runs)
        for (point, job), values, lead in zip(
            jobs.items(), numbers, leads, strict=True
        ):
            excess = (
                0.0 if self._asked.limit is None else self._asked.limit.excess(lead)
            )
            named = self._asked.space.values(point)
            self._tried[point] = Tried(named, job, values, lead, excess)

    def _read(
        self, jobs: Sequence[Job], runs: int
    ) -> tuple[list[Numbers], list[Numbers]]:
        """Return the metric of runs of jobs, and by how much sides were apart."""
        nothing = np.empty(0)
        if not (runs and jobs):
            return [nothing] * len(jobs), [nothing] * len(jobs)
        studies = self._run(jobs, runs)
        numbers = [completed(study, self._asked.metric)[0] for study in studies]
        if (limit := self._asked.limit) is None:
            return numbers, [nothing] * len(jobs)
        read = partial(_leads, limit.percent)
        wanted = [study.replications.tolist() for study in studies]
        leads = of_every_run(jobs, wanted, read, self._lab.pool, lambda _: None)
        return numbers, [np.array(each, np.float64) for each in leads]

    def _run(self, jobs: Sequence[Job], runs: int) -> Sequence[Study]:
        studies = self._lab.runner(jobs).upto(runs)
        self._studies += studies
        return studies

    def _walk(self) -> None:
        """Go from plan to better plan, again and again, until the budget is used."""
        space = self._asked.space
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
                    if each not in been and self._key(each)[:2] <= self._key(here)[:2]
                ]
                if not ahead:
                    break
                here = min(ahead, key=self._key)
            here = self._anywhere(rng)

    def _at(self, point: Point) -> Tried | None:
        """Return what came of a plan; None if it was not tried."""
        return self._tried.get(AS_IT_IS if point == self._same else point)

    @property
    def _tries(self) -> int:
        """How many plans were tried; the scenario as it stands need be none of them."""
        return len(self._tried) - (self._same is None)

    def _room(self) -> int:
        """Return how many plans may still be tried."""
        return self._asked.budget - self._tries

    def _anywhere(self, rng: np.random.Generator) -> Point | None:
        """Return a plan that was not tried, drawn by chance; None if none is found."""
        sizes = [len(each.values) for each in self._asked.space.choices]
        for _ in range(_DRAWS):
            point = tuple(int(rng.integers(size)) for size in sizes)
            if self._at(point) is None and point not in self._refused:
                return point
        return None

    def _key(self, point: Point) -> tuple[float, float, Point]:
        """Return what is smaller the better a plan is: first, whether it is allowed."""
        tried = self._at(point)
        if tried is None:
            return inf, inf, point
        sign = -1 if self._asked.contest.larger else 1
        mean = float(tried.numbers.mean()) if tried.numbers.size else 0.0
        return tried.excess, sign * mean, point

    def _finalists(self) -> list[Point]:
        """Return the plans that keep the limit; of a search the best of them."""
        kept = [point for point, each in self._tried.items() if not each.excess]
        if self._exact:
            return kept
        best = sorted(kept, key=self._key)[:FINALISTS]
        return [point for point in kept if point in best or point == AS_IT_IS]

    def _compared(self, points: Sequence[Point]) -> Ranking:
        """Return which of some plans is best, under fresh luck."""
        jobs = [_fresh(self._tried[point].job, 1) for point in points]
        metric = self._asked.metric
        ranking = ranked(
            *(self._lab.runner(jobs), [*map(_name, points)], metric),
            self._asked.contest,
            lambda study, name: completed(study, name)[0],
        )
        self._studies += [each.study for each in ranking.studies]
        for point in points:
            numbers = ranking.numbers[_name(point)]
            self._tried[point] = replace(self._tried[point], numbers=numbers)
        return ranking

    def _bounded(self, points: Sequence[Point]) -> None:
        """Find what no run of some plans can beat."""
        operations = [self._tried[point].job.operation for point in points]
        work = partial(bound_of, self._asked.metric)
        bounds = in_order(self._lab.pool, work, operations)
        for point, bound in zip(points, bounds, strict=True):
            self._tried[point] = replace(self._tried[point], bound=bound)

    def _beside(self, best: Point) -> tuple[Paired | None, Paired | None]:
        """Put a plan beside the scenario as it stands, under fresh luck.

        Return the metric, and the people who arrive.
        """
        points = list(dict.fromkeys([AS_IT_IS, best]))
        jobs = [_fresh(self._tried[point].job, 2) for point in points]
        runs = self._asked.measured
        numbers, leads = self._read(jobs, runs)
        for point, values, lead in zip(points, numbers, leads, strict=True):
            tried = self._tried[point]
            every = np.concatenate([tried.leads, lead])
            limit = self._asked.limit
            excess = 0.0 if limit is None else limit.excess(every)
            self._tried[point] = replace(
                tried,
                leads=every,
                excess=excess,
                numbers=tried.numbers if tried.numbers.size else values,
            )
        if len(points) == 1:
            return None, None
        now, then = self._studies[-2:]
        _, ours, theirs = np.intersect1d(
            now.replications, then.replications, return_indices=True
        )
        arrived = now.metric(_ARRIVED)[ours], then.metric(_ARRIVED)[theirs]
        return paired(numbers[0][ours], numbers[1][theirs]), paired(*arrived)


_DRAWS = 1_000
"""After so many plans drawn by chance in a row that were tried, a search ends."""


def _name(point: Point) -> str:
    return " ".join(map(str, point)) or AS_IT_STANDS


def _fresh(job: Job, luck: int) -> Job:
    """Return a job with other luck, the same for all plans."""
    return replace(job, seed=job.seed + luck)


def _leads(percent: bool, job: Job, replications: range) -> list[tuple[int, float]]:
    """Return by how much sides were apart in some runs; runs in a worker."""
    with no_search_for_garbage():
        return [
            (each, lead_in(job.log_of(each), job.operation, percent=percent).amount)
            for each in replications
        ]


def lead_in(log: RunLog, operation: Operation, *, percent: bool) -> Lead:
    """Return when the sides of an agreement were furthest apart in a run.

    Parameters
    ----------
    log : of the run.
    operation : that was run.
    percent : whether people are counted in percent of those whom each side is to move.
    """
    found = Lead(0.0)
    leaving = people_to_leave(log) if percent else {}
    for name, plan in operation.agreements.items():
        if len(plan.parties) < _TWO:
            continue
        curves = moved(log, name, plan.parties)
        if percent:
            for side, party in plan.parties.items():
                flows = [operation.flows[flow] for flow in party.flows]
                own = {
                    who for flow in flows for who in served_by(flow, operation.routes)
                }
                whole = sum(leaving.get(who, 0) for who in own)
                curves[side] = _in_parts(curves[side], whole)
        most = greatest_imbalance(curves)
        parts = _PARTS if percent else 1
        if most.amount / parts > found.amount:
            steps = np.diff(curves[most.ahead].totals, prepend=0)
            found = Lead(
                *(most.amount / parts, float(steps.max()) / parts, most.time_s),
                *(name, most.ahead, most.behind),
            )
    return found


def _in_parts(curve: Curve, whole: int) -> Curve:
    """Return a curve in hundredths of a percent of a whole."""
    parts = 100 * _PARTS
    return Curve(
        curve.times_s, tuple(parts * each // (whole or 1) for each in curve.totals)
    )


def has_bound(metric: str) -> bool:
    """Return whether capacity alone bounds a metric."""
    return metric.partition("/")[0] in _PERCENTS and not of_group(metric)


def bound_of(metric: str, operation: Operation) -> float:
    """Return what no run of an operation can beat [h after the start]; NaN if unknown.

    Parameters
    ----------
    metric : its full name.
    operation : with values; what is not known is taken as it stands.
    """
    if not has_bound(metric):
        return nan
    name, _, whose = metric.partition("/")
    percent = _PERCENTS[name]
    (bound,) = bounds_of(operation, SURE, (percent,), (whose,)).values()
    time_s = operation.ends if bound.time_s is None else bound.time_s
    return time_s / SECONDS_PER_HOUR
