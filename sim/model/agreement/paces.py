"""What a side of an agreement has moved in the present day, and in the present week."""

from collections.abc import Sequence
from typing import get_args

from sim.model.agreement.claim import Claim
from sim.scenario.pace import Pace, Period, Unit


def vehicles_that_fit(
    loads: Sequence[int], unit: str, open_units: int, pace: Pace | None, left: int
) -> int:
    """Return how many of the first vehicles of a convoy may cross now.

    A vehicle is never cut: the one with which the open tranches are full crosses whole.
    What a pace leaves is kept, but by a vehicle that alone is more than all of it.
    Vehicles that have lost their people take nothing of either: alone they would carry
    nobody through the gate, so that they go with those beside them.

    Parameters
    ----------
    loads : people in each vehicle.
    unit : of the terms.
    open_units : of what it has places for, in tranches that are open.
    left : of the pace.
    """
    filled = used = number = 0
    nobody_yet = True
    for people in loads:
        if not people:
            number += 1
            continue
        if filled >= open_units:
            break
        if pace is not None:
            of_pace = {"people": people, "vehicles": 1}.get(pace.unit, int(nobody_yet))
            is_first = nobody_yet and left == pace.number
            if used + of_pace > left and not is_first:
                break
            used += of_pace
        filled += people if unit == "people" else 1
        number += 1
        nobody_yet = False
    return number


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
                self._counted[period, unit] = self.of(pace) + claim.of(unit)

    def begin(self, period: Period) -> None:
        """Begin a day, or a week."""
        self._counted = {k: n for k, n in self._counted.items() if k[0] != period}

    def of(self, pace: Pace) -> int:
        """Return what has counted so far of what a pace counts."""
        return self._counted.get((pace.period, pace.unit), 0)
