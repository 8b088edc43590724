"""The least value, or the latest moment, with which goals are met surely enough."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.answers.choices import Candidates
from sim.answers.goals import GoalByMoment
from sim.experiment import Runner, Study
from sim.metrics.obstacles import Obstacle
from sim.statistics.intervals import Numbers
from sim.statistics.threshold import Booleans, Tested, Threshold, Wish, threshold


@dataclass(frozen=True, slots=True)
class Least:
    """From which value on goals are met.

    Attributes
    ----------
    choice : what is chosen, its values in the order of the scenario's reader.
    latest : whether the greatest value is sought up to which all smaller ones hold.
    goals : all of which a run must meet.
    wish : how likely.
    threshold : what was found, over `order`.
    order : values, the most demanding first.
    studies : runs of each value that was tested, by its place in `order`; of them only
        what the goals ask for is kept.
    chain_h : hours up to the last arrival by what held it up, at the value that should
        meet the goals best, if even that does not.
    """

    choice: Candidates
    latest: bool
    goals: tuple[GoalByMoment, ...]
    wish: Wish
    threshold: Threshold
    order: tuple[str, ...]
    studies: dict[int, Study]
    chain_h: Mapping[Obstacle, Numbers] | None = None

    @property
    def value(self) -> str | None:
        """The value that was sought; None if the goals cannot be met."""
        found = self.threshold.least
        return None if found is None else self.order[found]

    @property
    def surest(self) -> Tested:
        """What was decided at the value that should meet the goals best."""
        return self.threshold.tested[len(self.order) - 1]

    @property
    def tested(self) -> tuple[tuple[str, Tested], ...]:
        """Every value that was tested, with what was decided."""
        every = sorted(self.threshold.tested.items())
        return tuple((self.order[place], tested) for place, tested in every)


def ordered(choice: Candidates, numbers: Sequence[float], *, latest: bool) -> list[int]:
    """Return the places of values, the one that meets goals least likely first.

    Parameters
    ----------
    choice : what is chosen.
    numbers : of its values.
    latest : whether goals are less likely to be met the greater the value is.
    """
    places = range(len(choice.values))
    return sorted(places, key=lambda place: numbers[place], reverse=latest)


def met(study: Study, goals: Sequence[GoalByMoment]) -> Booleans:
    """Return which runs of a study met all goals."""
    every = [study.metric(goal.metric) > 0 for goal in goals]
    return np.asarray(np.all(every, axis=0), np.bool_)


def searched(
    runner: Runner, values: int, goals: Sequence[GoalByMoment], wish: Wish
) -> tuple[Threshold, dict[int, Study]]:
    """Run what it takes to know from which value on goals are met.

    Parameters
    ----------
    runner : of a job for each value, the most demanding first.
    values : how many.
    goals : all of which a run must meet; a run that fails has not.
    wish : how likely.
    """
    asking = threshold(values, wish)
    wanted = next(asking)
    studies: dict[int, Study] = {}
    while True:
        (study,) = runner.tried(wanted.upto, [wanted.value])
        studies[wanted.value] = study
        answer = np.zeros(wanted.upto, np.bool_)
        if len(study.replications):
            answer[study.replications.astype(np.int64)] = met(study, goals)
        try:
            wanted = asking.send(answer)
        except StopIteration as end:
            found: Threshold = end.value
            return found, studies
