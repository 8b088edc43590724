"""How large numbers about an operation can be, read off the operation itself.

What is small in one operation is all there is in another, so that no size is assumed.
"""

from dataclasses import dataclass

from sim.evidence.figures import Figure
from sim.evidence.vocabulary import SECONDS_PER_UNIT
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.scenario import Operation, uncertain_fields
from sim.scenario.uncertain import set_by

_NEARLY_SURELY = 0.99
"""Probability with which no more people are there than are counted on."""
_GRAIN = 1 / 1200
"""Share of the people at which nobody looks closely: a busload of a large town."""
_GRAINS = {"vehicles": 1.0, "convoys": 0.5, "h": 0.25, "min": 5.0}
"""Single things, and how exactly anybody reads a clock."""
_LOAD = 0.5
"""Mean loads are told in people, but to less than one."""
_BEYOND = 2.0
"""How far a report that is about something else may lie beyond what there is."""


@dataclass(frozen=True, slots=True)
class Magnitudes:
    """The sizes of one operation.

    Attributes
    ----------
    people : at all sites together, with the most that its ranges allow.
    hours : from its start to its end.
    """

    people: float
    hours: float

    @classmethod
    def of(cls, operation: Operation) -> "Magnitudes":
        """Return the sizes of an operation as its file gives them."""
        spreads = {
            path: spread
            for name, spread in uncertain_fields(operation).items()
            for path in set_by(operation, name)
        }
        people = 0.0
        for site, place in operation.sites.items():
            for name, group in place.groups.items():
                spread = spreads.get(f"sites.{site}.groups.{name}.people")
                there = spread.values([_NEARLY_SURELY])[0] if spread else 0.0
                people += max(there, group.people) + sum(group.joins.values())
        return cls(people, operation.ends / SECONDS_PER_HOUR)

    def grain(self, figure: Figure) -> float:
        """Return the count below which nobody looks closely."""
        if figure.metric == "people_per_vehicle":
            return _LOAD
        if figure.unit == "people":
            return max(1.0, _GRAIN * self.people)
        return _GRAINS.get(figure.unit, 1.0)

    def most(self, figure: Figure) -> float:
        """Return the greatest number that anybody might report in place of another.

        Whatever is counted carries or holds somebody, so it is no more than the people;
        nothing takes longer than the operation. What was said once can be said.
        """
        if figure.unit == "time":
            return self.hours
        held = self.people
        if figure.unit in SECONDS_PER_UNIT:
            held = self.hours * SECONDS_PER_HOUR / SECONDS_PER_UNIT[figure.unit]
        values = (figure.low, figure.best, figure.high)
        said = [value for value in values if isinstance(value, int | float)]
        return _BEYOND * max(held, 1.0, *said)
