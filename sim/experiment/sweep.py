"""Metrics at the points of a sweep: a base with other values in some of its fields.

All points share their luck, run by run, so what counts between two of them is the
difference of pairs of runs, which varies less than either. Only a few numbers of each
point and metric are held at a time, however many runs there were.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan, nan
from typing import Literal, NamedTuple

import numpy as np

from sim.errors import ScenarioError
from sim.experiment.bands import Band, band_of
from sim.experiment.compare import better
from sim.experiment.designs import Design, Point
from sim.experiment.replicate import Job
from sim.experiment.rows import Failure
from sim.experiment.scales import Scale, scale_of
from sim.experiment.study import Study
from sim.scenario import Operation, Problem, amended, same_field
from sim.scenario.uncertain import (
    field_of,
    overdrawn_paths,
    set_by,
    without_paths,
)
from sim.statistics.intervals import (
    CONFIDENCE,
    Interval,
    Numbers,
    Paired,
    Untold,
    mean_interval,
    paired,
)

_NOWHERE = Band(nan, nan, nan, nan, 0)
Apart = Literal["starts", "ends"]
"""What is not the same at all points, though hours or counts hang on it."""


class Estimate(NamedTuple):
    """One metric at one point.

    Attributes
    ----------
    mean : of the runs in which it came; NaN if there are none.
    interval : 95 % interval of the mean.
    band : quantiles over all runs.
    runs : that did not fail.
    """

    mean: float
    interval: Interval
    band: Band
    runs: int

    @property
    def came(self) -> int:
        """Runs in which it came."""
        return self.band.n

    @property
    def always(self) -> bool:
        """Whether it came in every run, so that its mean hides none of them."""
        return self.runs > 0 and self.came == self.runs


class Extremes(NamedTuple):
    """The best and the worst points, by the mean of a metric.

    Attributes
    ----------
    best, worst : places of points, several if their means are equal; among those at
        which the metric came in every run.
    alike : other points that these runs cannot tell from the best: the difference of
        pairs of runs is not significant at 5 %, corrected for all pairs of points,
        since the best was picked from the same runs, or too few pairs differ to tell.
    """

    best: tuple[int, ...]
    worst: tuple[int, ...]
    alike: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sweep:
    """What came out at each point.

    Attributes
    ----------
    base : the scenario as it is run where nothing is varied.
    scales : what the values of each field are measured in.
    studies : the runs of each point.
    estimates : for each metric, one for each point.
    extremes : of each metric of which it is known what is better, unless it is the same
        at all points.
    cautions : what is not as comparable as it looks.
    """

    base: Job
    design: Design
    scales: tuple[Scale, ...]
    metrics: tuple[str, ...]
    studies: tuple[Study, ...]
    estimates: Mapping[str, tuple[Estimate, ...]]
    extremes: Mapping[str, Extremes]
    cautions: tuple[Apart, ...]

    @property
    def operation(self) -> Operation:
        """The base."""
        return self.base.operation

    @property
    def runs(self) -> tuple[int, ...]:
        """Replications of each point that did not fail."""
        return tuple(len(study.replications) for study in self.studies)

    @property
    def failures(self) -> tuple[tuple[Failure, ...], ...]:
        """Those that did, by point."""
        return tuple(study.failures for study in self.studies)

    @property
    def points(self) -> tuple[Point, ...]:
        """A value for each field, by point."""
        return self.design.points


def freed(base: Operation, design: Design) -> tuple[Operation, tuple[str, ...]]:
    """Return a base that draws nothing in place of what is varied.

    A draw of what is not known would take the place of the value of the point.

    Parameters
    ----------
    base : of the sweep.
    design : what is varied.

    Returns
    -------
    tuple
        The base, and the paths that are not drawn in it any more.

    Raises
    ------
    ScenarioError
        If a point is not allowed.
    """
    uncertain = [path for name in base.uncertain for path in set_by(base, name)]
    redrawn = {
        path
        for path in uncertain
        for swept in design.paths
        if same_field(field_of(path, base.clock), swept, base.clock)
    }
    for point in points_of(base, design):
        redrawn.update(path for _, path in overdrawn_paths(base, point))
    dropped = tuple(path for path in uncertain if path in redrawn)
    return base.model_copy(update={"uncertain": without_paths(base, dropped)}), dropped


def points_of(base: Operation, design: Design) -> list[Operation]:
    """Return the operation at each point.

    Raises
    ------
    ScenarioError
        With everything that is not allowed, each once.
    """
    found: list[Operation] = []
    problems: dict[str, Problem] = {}
    for point in design.points:
        try:
            found.append(amended(base, point))
        except ScenarioError as error:
            problems |= {str(problem): problem for problem in error.args[0]}
    if problems:
        raise ScenarioError(tuple(problems.values()))
    return found


def swept(
    base: Job, design: Design, studies: Sequence[Study], metrics: Sequence[str]
) -> Sweep:
    """Return what runs of the same luck say about the points of a sweep.

    Parameters
    ----------
    base : what is the same at all points.
    design : the points.
    studies : of each point, in the same order.
    metrics : their full names.
    """
    estimates = _estimates(studies, metrics)
    extremes = {metric: _extremes(metric, estimates[metric]) for metric in metrics}
    apart = {metric: ends for metric, ends in extremes.items() if ends is not None}
    clock = base.operation.clock
    return Sweep(
        base=base,
        design=design,
        scales=tuple(
            scale_of(path, (point[path] for point in design.points), clock)
            for path in design.paths
        ),
        metrics=tuple(metrics),
        studies=tuple(studies),
        estimates=estimates,
        extremes=_with_alike(apart, estimates, studies),
        cautions=tuple(_cautions(studies)),
    )


def _estimates(
    studies: Sequence[Study], metrics: Sequence[str]
) -> dict[str, tuple[Estimate, ...]]:
    found: dict[str, list[Estimate]] = {metric: [] for metric in metrics}
    for study in map(_alone, studies):
        for metric in metrics:
            found[metric].append(_estimate(_values(study, metric)))
    return {metric: tuple(row) for metric, row in found.items()}


def _estimate(values: Numbers) -> Estimate:
    came = values[~np.isnan(values)]
    mean = float(came.mean()) if came.size else nan
    band = band_of(values) if values.size else _NOWHERE
    return Estimate(mean, mean_interval(came), band, values.size)


def _extremes(metric: str, estimates: Sequence[Estimate]) -> Extremes | None:
    """Return the best and the worst points, if they differ."""
    sign = better(metric)
    means = {n: sign * one.mean for n, one in enumerate(estimates) if one.always}
    if not sign or len(set(means.values())) < 2:
        return None
    best, worst = (
        tuple(point for point, mean in means.items() if mean == end)
        for end in (max(means.values()), min(means.values()))
    )
    return Extremes(best, worst, ())


def _with_alike(
    extremes: Mapping[str, Extremes],
    estimates: Mapping[str, Sequence[Estimate]],
    studies: Sequence[Study],
) -> dict[str, Extremes]:
    """Return the extremes, and which points cannot be told from the best."""
    bests = {
        metric: _by_replication(_alone(studies[ends.best[0]]), metric)
        for metric, ends in extremes.items()
    }
    alike: dict[str, list[int]] = {metric: [] for metric in extremes}
    pairs = len(studies) * (len(studies) - 1) / 2
    for point, study in enumerate(map(_alone, studies)):
        for metric, ends in extremes.items():
            if point in ends.best or not estimates[metric][point].always:
                continue
            found = _paired(bests[metric], _by_replication(study, metric))
            few = found.interval.untold in {Untold.FEW, Untold.FEW_APART}
            if few or isnan(found.p) or found.p * pairs > 1 - CONFIDENCE:
                alike[metric].append(point)
    return {
        metric: ends._replace(alike=tuple(alike[metric]))
        for metric, ends in extremes.items()
    }


def _paired(best: tuple[Numbers, Numbers], other: tuple[Numbers, Numbers]) -> Paired:
    """Return the difference in the replications of both."""
    _, ours, theirs = np.intersect1d(
        best[0], other[0], assume_unique=True, return_indices=True
    )
    return paired(best[1][ours], other[1][theirs])


def _by_replication(study: Study, metric: str) -> tuple[Numbers, Numbers]:
    return study.replications, study.metric(metric).copy()


def _values(study: Study, metric: str) -> Numbers:
    """Return a metric of the runs of a point; NaN where the point does not have it."""
    if metric in study.layout.metrics:
        return study.metric(metric)
    return np.full(len(study.replications), nan)


def _alone(study: Study) -> Study:
    """Return a study that lets go of what it read as soon as nobody needs it."""
    return replace(study)


def _cautions(studies: Iterable[Study]) -> Iterator[Apart]:
    plans = [study.operation for study in studies]
    if len({(plan.starts, plan.zone) for plan in plans}) > 1:
        yield "starts"
    if len({plan.ends for plan in plans}) > 1:
        yield "ends"
