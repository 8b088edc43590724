"""A number of every run of a study, also of those in which it did not come."""

from collections.abc import Sequence

import numpy as np

from sim.errors import RunError
from sim.experiment import Study
from sim.messages import say
from sim.metrics.registry import HOURS, unit_of
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.statistics.intervals import Numbers


def completed(
    study: Study, metric: str, numbers: Sequence[int] | None = None
) -> tuple[Numbers, float]:
    """Return a metric of every run that worked, and how often it did not come.

    A moment that does not come counts as the end of the operation.

    Parameters
    ----------
    study : whose runs.
    metric : by its full name.
    numbers : of the replications that count; None if all do.

    Raises
    ------
    RunError
        If it is no moment and has no value in a run: nothing can stand in its place.
    """
    values = study.metric(metric).astype(np.float64)
    if numbers is not None:
        values = values[np.isin(study.replications, numbers)]
    missing = np.isnan(values)
    if missing.any() and unit_of(metric) != HOURS:
        raise RunError(
            say(
                "{metric} has no value in {missing} of {runs} runs, and is no moment "
                "that may be taken to come at the end. Name another metric.",
                metric=metric,
                missing=int(missing.sum()),
                runs=missing.size,
            )
        )
    end = study.operation.ends / SECONDS_PER_HOUR
    return np.where(missing, end, values), float(missing.mean()) if len(values) else 0.0
