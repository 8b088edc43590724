"""What a side of an agreement has moved in the present day, and in the present week."""

from typing import get_args

from sim.model.agreement.places import Claim
from sim.scenario.pace import Pace, Period, Unit


def units_of(pace: Pace, claim: Claim) -> int:
    """Return how much of the unit of a pace a convoy is."""
    if pace.unit == "people":
        return claim.people
    return claim.vehicles if pace.unit == "vehicles" else 1


class PaceTally:
    """What of a side has counted in the present day and in the present week."""

    __slots__ = ("_counted",)

    def __init__(self) -> None:
        self._counted: dict[tuple[Period, Unit], int] = {}

    def add(self, claim: Claim) -> None:
        """Add a convoy that counts, whether it turns back later or not."""
        for period in get_args(Period):
            for unit in get_args(Unit):
                pace = Pace(1, unit, period)
                self._counted[period, unit] = self.of(pace) + units_of(pace, claim)

    def begin(self, period: Period) -> None:
        """Begin a day, or a week."""
        self._counted = {k: n for k, n in self._counted.items() if k[0] != period}

    def of(self, pace: Pace) -> int:
        """Return what has counted so far of what a pace counts."""
        return self._counted.get((pace.period, pace.unit), 0)
