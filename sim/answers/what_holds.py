"""What holds an operation, and what removing each obstacle would change.

Person-hours by obstacle sum to all waiting; the hours of the chain sum to the moment of
the last arrival.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from sim.answers.removals import removable
from sim.experiment import Study
from sim.experiment.compare import Comparison, NamedStudy, compare
from sim.experiment.pool import Pool
from sim.experiment.replicate import Job
from sim.experiment.work import worked_through
from sim.metrics.critical_chain import critical_chain, time_by_obstacle
from sim.metrics.obstacles import Obstacle, ObstacleKind
from sim.metrics.of_sites import ALL_SITES
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.model import no_search_for_garbage
from sim.scenario import Operation
from sim.statistics.intervals import Numbers

POLITICS = frozenset({ObstacleKind.STOPPAGE, ObstacleKind.AGREEMENT})
"""What is not capacity."""


Removal = tuple[Obstacle, ...]
"""What holds nobody in an arm of the question."""


def removals(operation: Operation) -> tuple[Removal, ...]:
    """Return what to remove: each obstacle, all stoppages and agreements, and all."""
    each = removable(operation)
    politics = tuple(found for found in each if found.kind in POLITICS)
    together = [group for group in (politics, each) if len(group) > 1]
    return tuple(dict.fromkeys([*((one,) for one in each), *together]))


@dataclass(frozen=True, slots=True)
class Held:
    """What people waited for in many runs of an operation.

    Attributes
    ----------
    person_h : person-hours by obstacle, one number for each run.
    chain_h : hours of the chain of the last arrival, likewise.
    """

    person_h: Mapping[Obstacle, Numbers]
    chain_h: Mapping[Obstacle, Numbers]


@dataclass(frozen=True)
class WhatHolds:
    """What holds an operation.

    Attributes
    ----------
    base : runs of it as it is.
    held : what people waited for in them.
    arms : what was removed, and the runs of that, pair by pair with those of the base.
    metrics : full names of what is compared, from `metrics_of`.
    """

    base: Study
    held: Held
    arms: tuple[tuple[Removal, Study], ...]
    metrics: tuple[str, ...]

    @cached_property
    def comparison(self) -> Comparison:
        """What each removal changes."""
        names = (f"arm {number}" for number in range(len(self.arms)))
        variants = [
            NamedStudy(name, study)
            for name, (_, study) in zip(names, self.arms, strict=True)
        ]
        return compare(NamedStudy("base", self.base), variants, self.metrics)


def metrics_of(leaving: Sequence[str]) -> tuple[str, ...]:
    """Return what removals are compared by.

    All waiting, and when 90 % and all of the largest site are out.

    Parameters
    ----------
    leaving : sites that people are to leave, the largest first.
    """
    if not leaving:
        return (f"waiting/{ALL_SITES}",)
    return (f"waiting/{ALL_SITES}", f"t90/{leaving[0]}", f"t100/{leaving[0]}")


def held_in(study: Study, pool: Pool, progress: Callable[[int], None]) -> Held:
    """Return what people waited for, running all again for their chains.

    Parameters
    ----------
    study : of the base.
    pool, progress : as of `chains_of`.
    """
    numbers = study.replications.tolist()
    return Held(_ranked_h(study.held), chains_of(study.job, numbers, pool, progress))


def chains_of(
    job: Job,
    replications: Sequence[int],
    pool: Pool,
    progress: Callable[[int], None],
    origin: str = "",
) -> dict[Obstacle, Numbers]:
    """Run some replications and return the hours of the chains of their last arrivals.

    Parameters
    ----------
    job : of which.
    replications : those that did not fail, in rising order.
    pool : where to run.
    progress : called with how many are done.
    origin : site whose last arrival ends the chain; any if empty.
    """
    chains: dict[int, Mapping[Obstacle, int]] = {}
    work = partial(_chains, origin)
    for _, read in worked_through([job], [replications], work, pool):
        chains |= dict(read)
        progress(len(chains))
    rows = [chains[number] for number in replications]
    names = dict.fromkeys(name for row in rows for name in row)
    return _ranked_h(
        {name: np.array([row.get(name, 0) for row in rows]) for name in names}
    )


def _chains(
    origin: str, job: Job, replications: range
) -> list[tuple[int, Mapping[Obstacle, int]]]:
    """Return the chains of the last arrivals of some runs; runs in a worker."""
    with no_search_for_garbage():
        return [
            (number, time_by_obstacle(critical_chain(job.log_of(number), origin)))
            for number in replications
        ]


def _ranked_h(columns: Mapping[Obstacle, Numbers]) -> dict[Obstacle, Numbers]:
    """Return hours of seconds, the largest on average first."""
    hours = {name: time_s / SECONDS_PER_HOUR for name, time_s in columns.items()}
    return dict(sorted(hours.items(), key=lambda item: (-item[1].sum(), item[0])))
