"""How likely a goal is, at its moment and at others around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.answers.goals import GoalByMoment
from sim.experiment import Study
from sim.experiment.bands import Band, band_of
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.scenario import Clock
from sim.statistics.intervals import CONFIDENCE, Numbers, share_interval

_AROUND_H = (-48, -24, -12, -6, -3, 0, 3, 6, 12, 24, 48)


class Likelihood(NamedTuple):
    """In how many runs something is true.

    Attributes
    ----------
    met, runs : in how many, of how many.
    low, high : 95 % interval of the probability, by Clopper and Pearson: of the
        scenario's chance, if runs share no draw of what is not known.
    """

    met: int
    runs: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Of the runs."""
        return self.met / self.runs


@dataclass(frozen=True, slots=True)
class Probability:
    """How likely a goal is.

    Attributes
    ----------
    goal : what is asked for.
    likelihood : of it.
    people : how many people it is about, at its moment.
    around : the same goal at moments around its own, in their order.
    by_draw : share of the runs of each draw of what is not known in which it is met;
        empty if runs share none.
    """

    study: Study
    goal: GoalByMoment
    likelihood: Likelihood
    people: Band
    around: tuple[tuple[GoalByMoment, Likelihood], ...]
    by_draw: Numbers


def moments_around(
    goal: GoalByMoment, clock: Clock, ends: int
) -> tuple[GoalByMoment, ...]:
    """Return a goal at its own moment and at others before and after it.

    Parameters
    ----------
    goal : at its own moment.
    clock : of the operation.
    ends : of it [s after the start]; no moment lies behind it, or before the start.
    """
    own = clock.seconds(goal.asked.moment)
    seconds = (own + hours * SECONDS_PER_HOUR for hours in _AROUND_H)
    inside = (second for second in seconds if 0 <= second <= ends)
    return tuple(goal.by(clock.text(second)) for second in inside)


def asked_of_runs(goals: Sequence[GoalByMoment]) -> tuple[str, ...]:
    """Return what has to be read off every run, without whose people they are."""
    names = [name for goal in goals for name in (goal.metric, goal.count)]
    return tuple(dict.fromkeys(name.partition("/")[0] for name in names))


def probability(study: Study, goal: GoalByMoment) -> Probability:
    """Return how likely a goal is.

    Parameters
    ----------
    study : runs off which `asked_of_runs` of `moments_around` was read.
    goal : what is asked for.
    """
    operation = study.operation
    met = study.metric(goal.metric)
    return Probability(
        study=study,
        goal=goal,
        likelihood=_likelihood(met),
        people=band_of(study.metric(goal.count)),
        around=tuple(
            (each, _likelihood(study.metric(each.metric)))
            for each in moments_around(goal, operation.clock, operation.ends)
        ),
        by_draw=_by_draw(study, met),
    )


def _likelihood(met: Numbers) -> Likelihood:
    return likelihood_of(int(met.sum()), met.size)


def likelihood_of(met: int, runs: int) -> Likelihood:
    """Return how likely something is that was true in so many of all runs."""
    return Likelihood(met, runs, *share_interval(met, runs, CONFIDENCE))


def _by_draw(study: Study, met: Numbers) -> Numbers:
    """Return the share of the runs of each draw; empty if no runs share any."""
    if study.band == "chance" or study.job.per_draw == 1:
        return np.empty(0)
    draws, places = np.unique(
        study.replications // study.job.per_draw, return_inverse=True
    )
    return np.bincount(places, met) / np.bincount(places, minlength=draws.size)
