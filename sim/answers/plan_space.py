"""The plans that somebody's choices leave, and which are next to each other.

A plan has one value of each thing that may be chosen; the scenario as it stands is one
more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod

from sim.answers.choices import Candidates, chosen_together
from sim.experiment import Job
from sim.scenario import Operation

Point = tuple[int, ...]
"""A plan: the place of a value in each list; empty for the scenario as it stands."""
AS_IT_IS: Point = ()
AS_IT_STANDS = "-"
"""The name of the latter."""


def name_of(point: Point) -> str:
    """Return the name of a plan."""
    return " ".join(map(str, point)) or AS_IT_STANDS


@dataclass(frozen=True, slots=True)
class Space:
    """What may be chosen.

    Attributes
    ----------
    base : the job of the scenario as it stands.
    choices : each with its values.
    """

    base: Job
    choices: tuple[Candidates, ...]

    @property
    def plans(self) -> int:
        """How many there are, without the scenario as it stands."""
        return prod(len(each.values) for each in self.choices)

    def points(self) -> Iterator[Point]:
        """Yield all plans."""
        return product(*(range(len(each.values)) for each in self.choices))

    def values(self, point: Point) -> tuple[str, ...]:
        """Return the values of a plan; none of the scenario as it stands."""
        pairs = zip(self.choices, point, strict=False)
        return tuple(choice.values[place] for choice, place in pairs)

    def job(self, point: Point) -> Job:
        """Return the job of a plan.

        Raises
        ------
        ScenarioError
            If no file may say so.
        """
        if point == AS_IT_IS:
            return self.base
        values = dict(zip(self.choices, self.values(point), strict=True))
        return self.base.of(chosen_together(self.base.operation, values))

    def stands(self, job: Job) -> bool:
        """Return whether runs of a job are those of the scenario as it stands."""
        base = self.base
        alike = base.band == "chance" or job.operation.uncertain == (
            base.operation.uncertain
        )
        return alike and _known(job.operation) == _known(base.operation)

    def present(self, choice: Candidates) -> int | None:
        """Return the place of the value that the scenario has; None if of none."""
        now = _known(self.base.operation)
        worlds = (
            _known(chosen_together(self.base.operation, {choice: value}))
            for value in choice.values
        )
        return next((place for place, each in enumerate(worlds) if each == now), None)

    def start(self) -> Point:
        """Return the plan nearest to the scenario as it stands."""
        places = map(self.present, self.choices)
        return tuple(
            len(choice.values) // 2 if place is None else place
            for choice, place in zip(self.choices, places, strict=True)
        )

    def neighbours(self, point: Point) -> Iterator[Point]:
        """Yield the plans of which one value is one step further or less."""
        for which, place in enumerate(point):
            for other in (place - 1, place + 1):
                if 0 <= other < len(self.choices[which].values):
                    yield (*point[:which], other, *point[which + 1 :])


def _known(operation: Operation) -> Operation:
    return operation.model_copy(update={"uncertain": {}})
