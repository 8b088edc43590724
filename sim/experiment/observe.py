"""What is kept of one run when there are many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.events import RunLog
from sim.evidence.figures import Figure
from sim.evidence.questions import Question
from sim.evidence.reading import Reading, answers, questions
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


@dataclass(frozen=True, slots=True)
class Lens:
    """What is read off every run of a study, worked out once.

    Attributes
    ----------
    questions : of the documented figures.
    days_s : when each local day begins.
    grid_s : moments at which curves are kept.
    """

    questions: tuple[Question, ...]
    days_s: tuple[int, ...]
    grid_s: Counts

    @classmethod
    def of(
        cls, figures: Sequence[Figure], clock: Clock, horizon_s: int, grid_s: Counts
    ) -> "Lens":
        """Return what is read off runs of so many seconds."""
        asked = questions(figures, clock.seconds)
        return cls(asked, tuple(clock.days(horizon_s)), grid_s)


def observe(
    log: RunLog, replication: int, parameters: Mapping[str, float], lens: Lens
) -> Observed:
    """Read off one run what is kept of it."""
    run = Account(log)
    curves, grid_s = run.arrivals, lens.grid_s
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
        daily={origin: daily(curve, lens.days_s) for origin, curve in curves.items()},
        waiting=waiting,
        readings=answers(lens.questions, run),
    )
