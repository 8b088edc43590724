"""The best of many plans that somebody names, under a limit of imbalance.

Plans are tried by `plan_search`, in their first runs, which show whether they keep the
limit. Those that do are compared by `sim.experiment.ranking`, and the winner is put
beside the scenario as it stands, each time under fresh luck: what was picked because it
looked good in some runs is never judged by these runs.

References
----------
Law, Simulation Modeling and Analysis, 5th ed. (2015), sections 11.2 and 12.5: common
random numbers, and optimum seeking.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import inf, nan

import numpy as np

from sim.answers.bound import SURE, bounds_of
from sim.answers.choices import Candidates
from sim.answers.complete import completed
from sim.answers.imbalance import ImbalanceLimit, Lead, lead_in
from sim.answers.plan_search import Laboratory, PlansAsked, PlanSearch, Tried
from sim.answers.plan_space import AS_IT_IS, Point, name_of
from sim.errors import ScenarioError
from sim.experiment import Job, Study
from sim.experiment.ranking import Ranking, ranked
from sim.experiment.work import in_order
from sim.metrics.of_sites import ALL_SITES
from sim.metrics.registry import of_group
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.scenario import Operation
from sim.statistics.intervals import Paired, paired
from sim.statistics.selection import Contest

_ARRIVED = f"arrived/{ALL_SITES}"
_PERCENTS = {"t50": 50, "t90": 90, "t100": 100}
"""Metrics that have a bound."""


@dataclass(frozen=True, slots=True)
class Best:
    """Which plan is best.

    Attributes
    ----------
    asked : what was asked.
    tries : how many plans were tried, without the scenario as it stands.
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

    asked: PlansAsked
    tries: int
    tried: Mapping[str, Tried]
    refused: Mapping[tuple[str, ...], ScenarioError]
    studies: tuple[Study, ...]
    ranking: Ranking | None = None
    best: str | None = None
    beside: Paired | None = None
    arrived: Paired | None = None
    nearest: str | None = None
    lead: Lead | None = None

    @property
    def choices(self) -> tuple[Candidates, ...]:
        """What was chosen."""
        return self.asked.space.choices

    @property
    def plans(self) -> int:
        """How many plans there are, without the scenario as it stands."""
        return self.asked.space.plans

    @property
    def metric(self) -> str:
        """By which plans were compared."""
        return self.asked.metric

    @property
    def contest(self) -> Contest:
        """How plans were compared."""
        return self.asked.contest

    @property
    def limit(self) -> ImbalanceLimit | None:
        """The limit; None if any imbalance will do."""
        return self.asked.limit

    @property
    def exact(self) -> bool:
        """Whether all plans were tried that a file may say."""
        return self.asked.exact

    def broken(self, name: str) -> tuple[int, int]:
        """Return how many runs of a plan broke the limit, of how many looked at."""
        leads = self.tried[name].leads
        most = inf if self.limit is None else self.limit.most
        return int((leads > most).sum()), len(leads)


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
    search = PlanSearch(asked, lab)
    search.search()
    ranking = best = beside = arrived = None
    while kept := search.finalists():
        ranking = _compared(search, kept) if len(kept) > 1 else None
        chosen = name_of(kept[0]) if ranking is None else ranking.selection.best
        best = next(point for point in kept if name_of(point) == chosen)
        beside, arrived = _beside(search, best)
        if not search.tried[best].excess:
            break  # else fresh runs show that it breaks the limit after all
    _bounded(search, kept)
    if not kept or best is None:
        return _none(search)
    return replace(
        _found(search),
        ranking=ranking,
        best=name_of(best),
        beside=beside,
        arrived=arrived,
    )


def _found(search: PlanSearch) -> Best:
    values = search.asked.space.values
    return Best(
        search.asked,
        search.tries,
        tried={name_of(point): each for point, each in search.tried.items()},
        refused={values(point): error for point, error in search.refused.items()},
        studies=tuple(search.studies),
    )


def _none(search: PlanSearch) -> Best:
    """Return that no plan keeps the limit, and what stands in the way."""
    point = min(search.tried, key=search.key)
    job, limit = search.tried[point].job, search.asked.limit
    study = search.run([job], search.asked.look)[0]
    percent = limit is not None and limit.percent
    lead = lead_in(job.log_of(study.typical), job.operation, percent=percent)
    return replace(_found(search), nearest=name_of(point), lead=lead)


def _compared(search: PlanSearch, points: Sequence[Point]) -> Ranking:
    """Return which of some plans is best, under fresh luck."""
    jobs = [_fresh(search.tried[point].job, 1) for point in points]
    ranking = ranked(
        *(search.lab.runner(jobs), [*map(name_of, points)], search.asked.metric),
        search.asked.contest,
        lambda study, name: completed(study, name)[0],
    )
    search.studies += [each.study for each in ranking.studies]
    for point in points:
        numbers = ranking.numbers[name_of(point)]
        search.tried[point] = replace(search.tried[point], numbers=numbers)
    return ranking


def _bounded(search: PlanSearch, points: Sequence[Point]) -> None:
    """Find what no run of some plans can beat."""
    operations = [search.tried[point].job.operation for point in points]
    work = partial(bound_of, search.asked.metric)
    bounds = in_order(search.lab.pool, work, operations)
    for point, bound in zip(points, bounds, strict=True):
        search.tried[point] = replace(search.tried[point], bound=bound)


def _beside(search: PlanSearch, best: Point) -> tuple[Paired | None, Paired | None]:
    """Put a plan beside the scenario as it stands, under fresh luck.

    Return the metric, and the people who arrive.
    """
    points = list(dict.fromkeys([AS_IT_IS, best]))
    jobs = [_fresh(search.tried[point].job, 2) for point in points]
    numbers, leads = search.read(jobs, search.asked.measured)
    for point, values, lead in zip(points, numbers, leads, strict=True):
        tried = search.tried[point]
        every = np.concatenate([tried.leads, lead])
        search.tried[point] = replace(
            tried,
            leads=every,
            excess=search.asked.excess(every),
            numbers=tried.numbers if tried.numbers.size else values,
        )
    if len(points) == 1:
        return None, None
    now, then = search.studies[-2:]
    _, ours, theirs = np.intersect1d(
        now.replications, then.replications, return_indices=True
    )
    arrived = now.metric(_ARRIVED)[ours], then.metric(_ARRIVED)[theirs]
    return paired(numbers[0][ours], numbers[1][theirs]), paired(*arrived)


def _fresh(job: Job, luck: int) -> Job:
    """Return a job with other luck, the same for all plans."""
    return replace(job, seed=job.seed + luck)


def bound_of(metric: str, operation: Operation) -> float:
    """Return what no run of an operation can beat [h after the start]; NaN if unknown.

    Parameters
    ----------
    metric : its full name.
    operation : with values; what is not known is taken as it stands.
    """
    name, _, whose = metric.partition("/")
    if name not in _PERCENTS or of_group(metric):
        return nan
    (bound,) = bounds_of(operation, SURE, (_PERCENTS[name],), (whose,)).values()
    time_s = operation.ends if bound.time_s is None else bound.time_s
    return time_s / SECONDS_PER_HOUR
