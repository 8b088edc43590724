"""Days and paces of agreements in the reference, and how many vehicles may go on."""

from functools import cache
from math import inf

from sim.scenario.pace import period_starts

starts_of = cache(period_starts)


def sizes_of(convoy):
    """Return what a convoy is in each unit of a pace."""
    people = sum(convoy.riders.values())
    return {"people": people, "vehicles": len(convoy.vehicles), "convoys": 1}


def loaded(convoy):
    """Return the vehicles with people; the others go on with those beside them."""
    vehicles = enumerate(convoy.vehicles)
    return [(n, vehicle) for n, vehicle in vehicles if any(vehicle.load.values())]


class Tempo:
    """A part of `Pact`."""

    def days(self):
        """Return how many tranches the calendar lets be open."""
        if self.terms.each is None:
            return inf
        if self.since is None:
            return 0
        plan, now = self.world.plan, self.world.now
        starts = starts_of(self.terms.each, plan.clock, plan.horizon_s)
        return 1 + sum(self.since < start <= now for start in starts)

    def left(self, side):
        """Return what the pace of a side leaves in this day or week."""
        pace = (self.terms.at_most or {}).get(side)
        if pace is None:
            return inf
        plan, now = self.world.plan, self.world.now
        starts = starts_of(pace.period, plan.clock, plan.horizon_s)
        since = max(start for start in starts if start <= now)
        used = [s for second, of, s in self.tally if of == side and second >= since]
        for convoy, place in self.of_side(side).items():
            if place.let_through and not place.counted:
                used.append(sizes_of(convoy))
        return max(0, pace.number - sum(sizes[pace.unit] for sizes in used))

    def lets(self, convoy):
        """Return how many of the first vehicles of a convoy may pass."""
        number = len(convoy.vehicles)
        if not self.governs:
            return number
        if not self.permits(convoy):
            return 0
        place = self.places[convoy]
        if self.terms.parts:
            number = self._in_open_tranches(convoy, place)
        pace, left = (self.terms.at_most or {}).get(place.side), self.left(place.side)
        if pace is None:
            return number
        if self.terms.parts:
            return min(number, _within(convoy, pace, left))
        fits = sizes_of(convoy)[pace.unit] <= left or left == pace.number
        return number if fits else 0

    def _in_open_tranches(self, convoy, place):
        opens, passed = self.opens(place.side), 0
        units = sum(number for tranche, number in place.parts if tranche < opens)
        if units == place.units:
            return len(convoy.vehicles)
        for number, vehicle in loaded(convoy):
            if passed >= units:
                return number
            people = sum(vehicle.load.values())
            passed += people if self.terms.unit == "people" else 1
        return len(convoy.vehicles)


def _within(convoy, pace, left):
    """Return how many first vehicles of a convoy a pace lets pass."""
    if pace.unit == "convoys":
        return len(convoy.vehicles) if left else 0
    used = 0
    for number, vehicle in loaded(convoy):
        used += sum(vehicle.load.values()) if pace.unit == "people" else 1
        if used > left:
            first = vehicle is loaded(convoy)[0][1] and left == pace.number
            if not first:
                return number
    return len(convoy.vehicles)
