"""Bounds beside runs of the same operation: what is capacity, and what waiting."""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.answers.bound.bounds import Bound, Bounds, bounds_of, came_in
from sim.answers.bound.readings import SURE, Sure, Usual
from sim.answers.removals import removable, without
from sim.answers.what_holds import POLITICS
from sim.experiment import Study
from sim.experiment.bands import Bands
from sim.scenario import Operation


@dataclass(frozen=True, slots=True)
class BesideRuns:
    """What capacity alone would take, beside what runs take.

    The moments meant are those that hang on something, as they come in the typical run
    without any stoppage or agreement, under the same luck.

    Attributes
    ----------
    study : the runs.
    operation : with the values that the typical run took.
    sure : bounds that no run with these values can beat.
    given : bounds that no run can beat in which the moments come so; None if nothing
        hangs on anything.
    usual : the same with means: what is typical.
    """

    study: Study
    operation: Operation
    sure: Bounds
    given: Bounds | None
    usual: Bounds


def beside_runs(study: Study) -> BesideRuns:
    """Return the bounds of an operation beside its runs."""
    operation, _ = study.job.world(study.typical)
    free, came = _unheld(study)
    return BesideRuns(
        study,
        operation,
        bounds_of(operation, SURE),
        bounds_of(free, Sure(came)) if came else None,
        bounds_of(free, Usual(came)),
    )


def capacity_of(study: Study) -> Bound | None:
    """Return what is usual alone, of all people of the site that most leave.

    None if nobody leaves.
    """
    leaving = Bands(study).leaving
    if not leaving:
        return None
    free, came = _unheld(study)
    return bounds_of(free, Usual(came), (100,), leaving[:1])[leaving[0], 100]


def _unheld(study: Study) -> tuple[Operation, Mapping[str, int]]:
    """Return the typical run's operation without politics, and its moments."""
    operation, _ = study.job.world(study.typical)
    held = [each for each in removable(operation) if each.kind in POLITICS]
    free = without(operation, held)
    return free, came_in(study.job.run(free, study.typical))
