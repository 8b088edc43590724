"""What is kept of one run when there are many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from sim.events import RunLog
from sim.evidence.figures import Figure
from sim.evidence.questions import Question
from sim.evidence.readers import Reading
from sim.evidence.reading import answers, questions
from sim.metrics.account import Account
from sim.metrics.arrivals import daily
from sim.metrics.curves import sampled
from sim.metrics.registry import summary_of
from sim.scenario import Clock

Counts = npt.NDArray[np.int64]
_S_PER_H = 3600


@dataclass(frozen=True, slots=True)
class Observed:
    """One replication, as far as tables and pictures need it.

    Attributes
    ----------
    parameters : values drawn for what is not known, by path; empty if none were.
    metrics : every metric by its full name.
    arrivals : people arrived at each moment of the grid, by site of origin.
    flows : the same by flow.
    daily : people arrived on each of `Clock.days`, by site of origin.
    waiting : person-hours by (site of origin, cause).
    readings : what the run says about each documented figure.
    """

    replication: int
    parameters: Mapping[str, float]
    metrics: Mapping[str, float]
    arrivals: Mapping[str, Counts]
    flows: Mapping[str, Counts]
    daily: Mapping[str, tuple[int, ...]]
    waiting: Mapping[tuple[str, str], float]
    readings: Mapping[str, Reading | None]


def observe(
    log: RunLog,
    replication: int,
    parameters: Mapping[str, float],
    figures: Sequence[Figure],
    clock: Clock,
    grid_s: Counts,
) -> Observed:
    """Read off one run what is kept of it."""
    run = Account(log)
    curves = run.arrivals
    days = _days(clock, log.horizon_s)
    waiting: dict[tuple[str, str], float] = {}
    for charge, person_s in run.charges.items():
        key = (charge.origin, charge.cause)
        waiting[key] = waiting.get(key, 0.0) + person_s / _S_PER_H
    return Observed(
        replication=replication,
        parameters=parameters,
        metrics=summary_of(run),
        arrivals={origin: sampled(curve, grid_s) for origin, curve in curves.items()},
        flows={
            flow: sampled(curve, grid_s) for flow, curve in run.arrivals_by_flow.items()
        },
        daily={origin: daily(curve, days) for origin, curve in curves.items()},
        waiting=waiting,
        readings=answers(_asked(tuple(figures), clock), run),
    )


@lru_cache(maxsize=4)
def _asked(figures: tuple[Figure, ...], clock: Clock) -> tuple[Question, ...]:
    """Return what figures ask of every run: the same for all runs of a study."""
    return questions(figures, clock.seconds)


@lru_cache(maxsize=4)
def _days(clock: Clock, horizon_s: int) -> tuple[int, ...]:
    """Return when each day begins: the same for all runs of a study."""
    return tuple(clock.days(horizon_s))
