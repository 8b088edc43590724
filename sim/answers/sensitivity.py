"""Which of the things that are not known, or may be chosen, matter for a number.

Every point of a design is run several times with the same luck as all others, so that
what differs between points is due to what is not known alone; how much of what differs
between runs is chance is told apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.answers.complete import completed
from sim.errors import RunError
from sim.experiment import Study
from sim.experiment.drawn import Drawn
from sim.experiment.replicate import Job
from sim.metrics.moments import AT
from sim.scenario import Operation, amended, uncertain_fields
from sim.statistics.intervals import Numbers
from sim.statistics.sensitivity import Effect, Indices, Paths, Samples, crossed

PATHS, POINTS, RUNS = 10, 64, 4
"""Paths of the screening, points of each sample, and runs of each point."""
MOST_SHOWN = 8
"""Inputs whose shares of the variance are worked out."""
_MATTERS = 0.05
"""An input whose effect is less than this share of the greatest is left out."""
_EDGE = 1e-9


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs of a sensitivity analysis.

    Attributes
    ----------
    operation : with a range for every input under `uncertain`.
    names : of the inputs.
    choices : those of them that may be chosen.
    runs : of each point.
    """

    operation: Operation
    names: tuple[str, ...]
    choices: tuple[str, ...]
    runs: int = RUNS


@dataclass(frozen=True, slots=True)
class ScreenedMetric:
    """What the screening says of one metric.

    Attributes
    ----------
    effects : of each input, in the order of the plan.
    kept : names of those whose shares are worked out, the largest effect first.
    never : share of the runs in which it did not come by the end.
    """

    metric: str
    effects: tuple[Effect, ...]
    kept: tuple[str, ...]
    never: float


@dataclass(frozen=True, slots=True)
class Shared:
    """Shares of the variance of one metric.

    Attributes
    ----------
    names : of the inputs.
    indices : of each.
    chance : share of what differs between runs that is chance.
    low, high : 5 % and 95 % quantile of the mean over chance.
    """

    metric: str
    names: tuple[str, ...]
    indices: tuple[Indices, ...]
    chance: float
    low: float
    high: float


def planned(
    operation: Operation, choices: Sequence[tuple[str, str]], runs: int = RUNS
) -> Inputs:
    """Return the inputs of an analysis.

    Parameters
    ----------
    operation : whose `uncertain` ranges are inputs.
    choices : paths and ranges of what may be chosen.
    runs : of each point, at least 2.

    Raises
    ------
    ScenarioError
        If a path leads to no number, or a range cannot be read.
    """
    if choices:
        ranges = {f"uncertain.{path}": {"spread": text} for path, text in choices}
        operation = amended(operation, ranges)
    return Inputs(
        operation,
        tuple(uncertain_fields(operation)),
        tuple(path for path, _ in choices),
        runs,
    )


def job_at(
    plan: Inputs,
    points: Numbers,
    names: Sequence[str],
    seed: int,
    metrics: Sequence[str] = (),
) -> Job:
    """Return a job whose replications are points of a design, several of each.

    Inputs that do not vary are in the middle of their ranges.

    Parameters
    ----------
    plan : of the analysis.
    points : of the unit cube, a column for each name.
    names : of inputs that vary.
    seed : of chance.
    metrics : by their full names, if nothing else is to be read off the runs.
    """
    spreads = uncertain_fields(plan.operation)
    inside = np.clip(points, _EDGE, 1 - _EDGE)
    columns = [
        spreads[name].values(inside[:, names.index(name)].tolist())
        if name in names
        else [spreads[name].values([0.5])[0]] * len(points)
        for name in plan.names
    ]
    rows = [*zip(*columns, strict=True)]
    drawn = Drawn(
        "",
        plan.names,
        tuple(row for row in rows for _ in range(plan.runs)),
        tuple((run,) for _ in rows for run in range(plan.runs)),
    )
    only = tuple(dict.fromkeys(name.partition("/")[0] for name in metrics))
    return Job(
        *(plan.operation, (), seed, "knowledge and chance"),
        drawn=drawn,
        at_moments=tuple(name for name in only if AT in name),
        only=only,
    )


def screened(plan: Inputs, paths: Paths, study: Study, metric: str) -> ScreenedMetric:
    """Return what the screening says of a metric.

    Raises
    ------
    RunError
        If a run failed, or the metric has no value in one and is no moment.
    """
    table, never = _values(plan, study, metric)
    effects = paths.effects(table.mean(axis=1))
    order = sorted(range(len(effects)), key=lambda n: -effects[n].size)
    least = _MATTERS * effects[order[0]].size
    kept = [n for n in order if effects[n].size > 0 and effects[n].size >= least]
    names = tuple(plan.names[n] for n in kept[:MOST_SHOWN])
    return ScreenedMetric(metric, effects, names, never)


def shared(
    plan: Inputs, names: Sequence[str], samples: Samples, study: Study, metric: str
) -> Shared:
    """Return shares of the variance of a metric.

    Raises
    ------
    RunError
        If a run failed, or the metric has no value in one and is no moment.
    """
    table, _ = _values(plan, study, metric)
    means = table.mean(axis=1)
    between, within = crossed(table)
    whole = within + between
    low, high = np.quantile(means, (0.05, 0.95))
    return Shared(
        metric,
        tuple(names),
        samples.indices(means),
        within / whole if whole else float("nan"),
        float(low),
        float(high),
    )


def varied(screens: Sequence[ScreenedMetric]) -> tuple[str, ...]:
    """Return the inputs that matter for any metric, those that matter most first."""
    ranks = zip(*(_padded(each.kept) for each in screens), strict=True)
    names = dict.fromkeys(name for rank in ranks for name in rank if name)
    return tuple(names)[:MOST_SHOWN]


def _padded(names: Sequence[str]) -> list[str]:
    return [*names, *[""] * (MOST_SHOWN - len(names))]


def _values(plan: Inputs, study: Study, metric: str) -> tuple[Numbers, float]:
    """Return a metric, a row for each point, and how often it did not come.

    Raises
    ------
    RunError
        If a run failed, or the metric has no value in one and is no moment.
    """
    if study.failures:
        raise RunError(
            f"a run failed, so nothing can be said: {study.failures[0].error}"
        )
    values, never = completed(study, metric)
    return values.reshape(-1, plan.runs), never
