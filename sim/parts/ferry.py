"""A ferry: as many vehicles as fit cross together, and the boat comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from sim.events import Cause
from sim.parts.stages import Passing

if TYPE_CHECKING:  # who only reads scenarios does without
    import simpy

_NEAR, _FAR = 0, 1
"""The banks: on the near one stand vehicles with people, on the far one empty ones."""


class _Says(Protocol):
    """What is to be known of a ferry."""

    @property
    def places(self) -> int: ...

    @property
    def boarding(self) -> object: ...


class _RoundTrip:
    """The boat over and back, from the near bank; a number for each of the banks.

    Attributes
    ----------
    called_s : when somebody first needed it.
    begins_s : when the boat is there and loads.
    way_s : from bank to bank.
    free : places.
    boarding_s : how long those take who go.
    """

    __slots__ = ("begins_s", "boarding_s", "called_s", "free", "way_s")

    def __init__(self, called_s: int, begins_s: int, way_s: int, places: int) -> None:
        self.called_s = called_s
        self.begins_s = begins_s
        self.way_s = way_s
        self.free = [places, places]
        self.boarding_s = [0, 0]

    def loads_s(self, bank: int) -> int:
        """Return when it begins to load."""
        return self.begins_s if bank == _NEAR else self.sails_s(_NEAR) + self.way_s

    def sails_s(self, bank: int) -> int:
        """Return when the last vehicle is aboard."""
        return self.loads_s(bank) + self.boarding_s[bank]

    @property
    def ends_s(self) -> int:
        """When it is back."""
        return self.sails_s(_FAR) + self.way_s

    def takes(self, bank: int, now_s: int) -> bool:
        """Whether one who comes now can still go with it."""
        return now_s <= self.loads_s(bank) and self.free[bank] > 0


class Ferry:
    """One boat; on each bank goes first who came first.

    Convoys come in the order of time, so their places are known as they come. What is
    not known yet is who else will go with them: that can only make it later.
    """

    def __init__(self, plan: _Says) -> None:
        self._places = plan.places
        self._boards = plan.boarding is not None
        self._trips: list[_RoundTrip] = []
        # For each bank the trips before which none takes anybody any more.
        self._looked = [0, 0]

    def pass_through(self, convoy: Passing) -> Iterator[simpy.Event]:
        """Cross in as many trips as it takes; the time is that of the last vehicle."""
        bank = _NEAR if convoy.is_loaded else _FAR
        [way_s] = convoy.drawn("crossing")
        boarding = [0] * convoy.vehicles
        if self._boards:  # it takes time, so that nobody sails in the second of loading
            boarding = [max(seconds, 1) for seconds in convoy.drawn("boarding")]
        trip = self._take_places(bank, convoy.now_s, boarding, way_s)
        yield from _until(convoy, lambda: trip.loads_s(bank), Cause.QUEUE)
        yield from _until(convoy, lambda: trip.sails_s(bank), Cause.BOARDING)
        yield convoy.drive(trip.way_s)

    def _take_places(
        self, bank: int, now_s: int, boarding: Sequence[int], way_s: int
    ) -> _RoundTrip:
        """Give each vehicle a place on the first trip that has one; return the last."""
        self._forget_before(now_s)
        trips = self._trips
        for boarding_s in boarding:
            number = self._first_that_takes(bank, now_s)
            if number == len(trips):
                back_s = trips[-1].ends_s if trips else now_s
                begins_s = max(now_s, back_s)
                trips.append(_RoundTrip(now_s, begins_s, way_s, self._places))
            trips[number].free[bank] -= 1
            trips[number].boarding_s[bank] += boarding_s
            self._put_off(number)
        return trips[number]

    def _forget_before(self, now_s: int) -> None:
        """Forget trips that are over, but for the last."""
        while len(self._trips) > 1 and self._trips[0].ends_s < now_s:
            del self._trips[0]
            self._looked = [max(number - 1, 0) for number in self._looked]

    def _first_that_takes(self, bank: int, now_s: int) -> int:
        """Return which trip takes who comes now; the next one if none of them does."""
        trips, number = self._trips, self._looked[bank]
        while number < len(trips) and not trips[number].takes(bank, now_s):
            number += 1
        self._looked[bank] = number
        return number

    def _put_off(self, number: int) -> None:
        """Let no trip after this one begin before the one before it is over."""
        trips = self._trips
        for later in range(number + 1, len(trips)):
            begins_s = max(trips[later].called_s, trips[later - 1].ends_s)
            if begins_s == trips[later].begins_s:
                return
            trips[later].begins_s = begins_s


def _until(
    convoy: Passing, when: Callable[[], int], cause: Cause
) -> Iterator[simpy.Event]:
    """Let a convoy stand until a moment that may still be put off."""
    while (left_s := when() - convoy.now_s) > 0:
        yield convoy.wait(left_s, cause)
