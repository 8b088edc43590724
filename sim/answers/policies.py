"""Policies of the sides of an agreement against each other.

Each combination is a scenario in which every side answers the others by its own policy;
all are run under the same luck.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import NamedTuple

import numpy as np

from sim.errors import ScenarioError
from sim.experiment import Study
from sim.experiment.pool import Pool
from sim.experiment.replicate import Job
from sim.experiment.work import of_every_run
from sim.metrics.exchange import course_of, greatest_imbalance, moved
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.model import no_search_for_garbage
from sim.scenario import Operation, amended
from sim.scenario.plans import PolicyPlan
from sim.statistics.intervals import Numbers

USUAL: tuple[PolicyPlan, ...] = (
    PolicyPlan(kind="plain"),
    PolicyPlan(kind="tit_for_tat"),
    PolicyPlan(kind="tolerance", band=1),
    PolicyPlan(kind="generous", chance=0.5),
    PolicyPlan(kind="batches", size=2),
    PolicyPlan(kind="lever", chance=0.2),
)
"""What is tried if nobody says what, as far as it has a meaning under the terms."""
MOST_ARMS = 64


class Kept(NamedTuple):
    """How an agreement went in one run.

    Attributes
    ----------
    completed_h : when it was completed, hours after the start; NaN if it never was.
    breaches : how often it was breached.
    apart : the most by which one side was ahead of another [people].
    """

    completed_h: float
    breaches: int
    apart: int


@dataclass(frozen=True, slots=True)
class Duel:
    """A combination of policies.

    Attributes
    ----------
    policies : by side.
    study : runs of it.
    completed_h, breaches, apart : as of `Kept`, one of each run.
    """

    policies: Mapping[str, PolicyPlan]
    study: Study
    completed_h: Numbers
    breaches: Numbers
    apart: Numbers


def combinations(
    operation: Operation, agreement: str, policies: Sequence[PolicyPlan]
) -> tuple[Mapping[str, PolicyPlan], ...]:
    """Return every combination of policies of the sides of an agreement."""
    sides = tuple(operation.agreements[agreement].parties)
    return tuple(
        dict(zip(sides, chosen, strict=True))
        for chosen in product(policies, repeat=len(sides))
    )


def usual(operation: Operation, agreement: str) -> tuple[PolicyPlan, ...]:
    """Return the usual policies that have a meaning under the terms of an agreement."""
    sides = operation.agreements[agreement].parties
    found = []
    for policy in USUAL:
        with suppress(ScenarioError):
            with_policies(operation, agreement, dict.fromkeys(sides, policy))
            found.append(policy)
    return tuple(found)


def with_policies(
    operation: Operation, agreement: str, chosen: Mapping[str, PolicyPlan]
) -> Operation:
    """Return an operation in which the sides of an agreement have other policies.

    Raises
    ------
    ScenarioError
        If a policy has no meaning under its terms.
    """
    return amended(
        operation,
        {
            f"agreements.{agreement}.parties.{side}.policy": policy.model_dump(
                mode="json"
            )
            for side, policy in chosen.items()
        },
    )


def kept_in(
    jobs: Sequence[Job],
    agreement: str,
    replications: Sequence[Iterable[int]],
    pool: Pool,
    progress: Callable[[int], None],
) -> list[list[Kept]]:
    """Return how an agreement went in every run of some jobs.

    Parameters
    ----------
    jobs : whose runs are read.
    agreement : its name.
    replications : of each job, those that did not fail.
    pool : where to run.
    progress : called with how many are done.
    """
    read = partial(_read, agreement)
    return of_every_run(jobs, replications, read, pool, progress)


def _read(agreement: str, job: Job, replications: range) -> list[tuple[int, Kept]]:
    """Return how an agreement went in some runs; runs in a worker."""
    rows = []
    sides = tuple(job.operation.agreements[agreement].parties)
    with no_search_for_garbage():
        for replication in replications:
            log = job.log_of(replication)
            course = course_of(log, agreement)
            kept = Kept(
                float("nan")
                if course.completed_s is None
                else course.completed_s / SECONDS_PER_HOUR,
                course.breaches,
                greatest_imbalance(moved(log, agreement, sides)).amount,
            )
            rows.append((replication, kept))
    return rows


def duel(
    policies: Mapping[str, PolicyPlan], study: Study, kept: Sequence[Kept]
) -> Duel:
    """Return what came of a combination of policies."""
    columns = np.array(kept, np.float64).reshape(-1, len(Kept._fields)).T
    return Duel(policies, study, *columns)
