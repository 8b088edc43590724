"""What holds an operation, and what removing each obstacle would change.

Person-hours by obstacle sum to all waiting; the hours of the chain sum to the moment of
the last arrival.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from sim.answers.removals import removable
from sim.experiment import Study
from sim.experiment.compare import Comparison, NamedStudy, compare
from sim.experiment.pool import Pool
from sim.experiment.replicate import Job
from sim.experiment.work import worked_through
from sim.metrics.account import Account
from sim.metrics.critical_chain import critical_chain, time_by_obstacle
from sim.metrics.obstacles import Obstacle, ObstacleKind, by_obstacle
from sim.metrics.of_sites import ALL_SITES
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.model import no_search_for_garbage
from sim.scenario import Operation
from sim.statistics.intervals import Numbers

POLITICS = frozenset({ObstacleKind.STOPPAGE, ObstacleKind.AGREEMENT})
"""What is not capacity."""
_Read = Sequence[tuple[int, Mapping[Obstacle, int], Mapping[Obstacle, int]]]


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


def held_in(
    job: Job,
    replications: Iterable[int],
    pool: Pool,
    progress: Callable[[int], None],
    origin: str = "",
) -> Held:
    """Run an operation and return what people waited for.

    Parameters
    ----------
    job : of the base.
    replications : those that did not fail.
    pool : where to run.
    progress : called with how many are done.
    origin : site whose last arrival ends the chain; any if empty.
    """
    numbers = sorted(replications)
    found: dict[int, tuple[Mapping[Obstacle, int], Mapping[Obstacle, int]]] = {}
    for _, read in worked_through([job], [numbers], partial(_read, origin), pool):
        found |= {replication: (held, chain) for replication, held, chain in read}
        progress(len(found))
    rows = [found[number] for number in numbers]
    return Held(
        _columns([held for held, _ in rows]), _columns([chain for _, chain in rows])
    )


def _read(origin: str, job: Job, replications: range) -> _Read:
    """Return what people waited for in some runs; runs in a worker."""
    rows = []
    with no_search_for_garbage():
        for replication in replications:
            log = job.log_of(replication)
            chain = time_by_obstacle(critical_chain(log, origin))
            rows.append((replication, by_obstacle(Account(log).charges), chain))
    return rows


def _columns(rows: Sequence[Mapping[Obstacle, int]]) -> dict[Obstacle, Numbers]:
    """Return a column of hours for each obstacle, the largest on average first."""
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {
        name: np.array([row.get(name, 0) for row in rows], np.float64)
        / SECONDS_PER_HOUR
        for name in names
    }
    return dict(sorted(columns.items(), key=lambda item: (-item[1].sum(), item[0])))
