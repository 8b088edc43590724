"""Bounds beside runs of the same operation: what is capacity, and what waiting."""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.answers.bound.bounds import PERCENTS, Bounds, bounds_of, came_in
from sim.answers.bound.readings import SURE, Usual
from sim.answers.removals import removable, without
from sim.answers.what_holds import POLITICS
from sim.experiment import Study
from sim.scenario import Operation


@dataclass(frozen=True, slots=True)
class BesideRuns:
    """What capacity alone would take, beside what runs take.

    Attributes
    ----------
    study : the runs.
    operation : with the values that the typical run took.
    sure : bounds that no run with these values can beat.
    usual : from `usual_of`.
    """

    study: Study
    operation: Operation
    sure: Bounds
    usual: Bounds


def beside_runs(study: Study) -> BesideRuns:
    """Return the bounds of an operation beside its runs."""
    operation, _ = study.job.world(study.typical)
    return BesideRuns(study, operation, bounds_of(operation, SURE), usual_of(study))


def usual_of(
    study: Study, percents: Sequence[int] = PERCENTS, sites: Sequence[str] = ()
) -> Bounds:
    """Return the bounds by means.

    Moments that hang on something are those of the typical run without any stoppage or
    agreement, under the same luck.

    Parameters
    ----------
    study : of which it is.
    percents, sites : of `bounds_of`.
    """
    operation, _ = study.job.world(study.typical)
    held = [each for each in removable(operation) if each.kind in POLITICS]
    free = without(operation, held)
    log = study.job.run(free, study.typical)
    return bounds_of(free, Usual(came_in(log)), percents, sites)
