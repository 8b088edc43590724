"""A stage from outside the package: a ferry, all of it in one file."""

from sim.events import Cause
from sim.parts.stages import StageKind
from sim.scenario.plans import StagePlan
from sim.scenario.quantities import DurationDistribution, PositiveCount


class FerryPlan(StagePlan):
    """A boat between two banks."""

    deck: PositiveCount
    """Vehicles that fit on it."""
    crossing: DurationDistribution
    """Time from bank to bank, the same there and back."""
    boarding: DurationDistribution | None = None
    """Time for one vehicle to drive aboard; absent: none."""


class Ferry:
    """One convoy at a time crosses, in as many trips as it takes; who comes waits."""

    def __init__(self, plan):
        self._deck = plan.deck
        self._boards = plan.boarding is not None
        self._back_s = 0

    def pass_through(self, convoy):
        begins_s = max(convoy.now_s, self._back_s)
        trips = -(-convoy.vehicles // self._deck)
        [way_s] = convoy.drawn("crossing")
        boarding_s = sum(convoy.drawn("boarding")) if self._boards else 0
        self._back_s = begins_s + boarding_s + 2 * trips * way_s
        if begins_s > convoy.now_s:
            yield convoy.wait(begins_s - convoy.now_s, Cause.QUEUE)
        if boarding_s:
            yield convoy.wait(boarding_s, Cause.BOARDING)
        yield convoy.drive((2 * trips - 1) * way_s)


def _check(plan):
    if plan.boarding and plan.boarding.high > plan.crossing.low:
        remedy = "Write less, or a longer crossing."
        yield "boarding", "it takes longer than the crossing", remedy


FERRY = StageKind(FerryPlan, Ferry, ("crossing",), ("boarding",), _check)
