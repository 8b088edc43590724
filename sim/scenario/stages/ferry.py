"""A ferry: its plan, its check, what chance decides, and its registration.

How it works is in `sim.parts.ferry`.
"""

from collections.abc import Iterator

from sim.messages import Text, say
from sim.parts.ferry import Ferry
from sim.parts.stages import STAGES, StageKind
from sim.scenario.plans import StagePlan
from sim.scenario.quantities import DurationDistribution, PositiveCount


class FerryPlan(StagePlan):
    """A boat on which vehicles cross, first come, first served.

    Vehicles with people stand on its near bank, where it is at first; empty ones cross
    the other way. It leaves as soon as somebody is aboard, or to fetch who stands on
    the other bank, and comes back at once with those who stand there.
    """

    places: PositiveCount
    """Vehicles that fit on it."""
    crossing: DurationDistribution
    """Time from bank to bank; drawn for whoever first needs a trip, the same there and
    back."""
    boarding: DurationDistribution | None = None
    """Time for one vehicle to drive aboard, one after the other; absent: none."""


def _check(plan: FerryPlan) -> Iterator[tuple[str, Text, Text]]:
    if plan.crossing.high == 0:
        yield (
            "crossing",
            say("it takes no time"),
            say("Write more, or leave the ferry out."),
        )
    if plan.boarding is not None and plan.boarding.high == 0:
        yield "boarding", say("it takes no time"), say("Write more, or leave it out.")


STAGES.register(
    "ferry",
    StageKind(
        FerryPlan,
        Ferry,
        per_convoy=("crossing",),
        per_vehicle=("boarding",),
        check=_check,
    ),
)
