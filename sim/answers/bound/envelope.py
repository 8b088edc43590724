"""How many can have arrived by a moment, and when so many can have: by linear programs.

At each moment the most people that all limits together allow is the value of a small
linear program. It never falls as time goes on, so the first moment at which it reaches
a number is found by halving.

Of all sites together it is no more than the sum of what each site allows alone: what
vehicles can do at the least for all of them is less than for those far away.
"""

from collections.abc import Callable, Iterator, Sequence
from math import inf
from typing import NamedTuple

import numpy as np
import scipy

from sim.answers.bound.limits import Limit, LimitKind, limits_of
from sim.answers.bound.readings import NEVER, BoundReading
from sim.answers.bound.rides import Rides
from sim.metrics.of_sites import ALL_SITES
from sim.scenario import Operation
from sim.scenario.origins import origins_of
from sim.statistics.intervals import Numbers

_ROUNDING = 1e-6


class Binding(NamedTuple):
    """What keeps more people from having arrived.

    Attributes
    ----------
    kind, name : of the limit.
    share : of what all such limits together account for.
    """

    kind: LimitKind
    name: str
    share: float


class Envelope:
    """The most people of a site, or of all, that can have arrived by any moment.

    Parameters
    ----------
    operation : whose people they are.
    reading : what quantities are taken for.
    whose : site of origin, or `all`.
    """

    def __init__(self, operation: Operation, reading: BoundReading, whose: str) -> None:
        self._ends_s = operation.ends
        sites = tuple(origins_of(operation)) if whose == ALL_SITES else ()
        self._sites: tuple[Envelope, ...] = ()
        if len(sites) > 1:
            self._sites = tuple(Envelope(operation, reading, site) for site in sites)
        rides = Rides.of(operation, reading, whose)
        self._limits: Sequence[Limit] = tuple(limits_of(rides)) if rides.each else ()
        people, convoys = len(rides.each), len(rides.regimes)
        self._worth = np.concatenate([-np.ones(people), np.zeros(convoys)])
        self._table = np.zeros((len(self._limits), people + convoys))
        for row, limit in enumerate(self._limits):
            for place, weight in limit.rides.items():
                self._table[row, place] = weight
            for place, weight in limit.convoys.items():
                self._table[row, people + place] = weight
        self._known: dict[int, tuple[float, Numbers]] = {}

    def most_by(self, moment: int) -> float:
        """Return the most people that can have arrived by a moment [s]."""
        return min(self._solved(moment)[0], self._of_sites(moment))

    def _of_sites(self, moment: int) -> float:
        """Return the sum of what sites allow alone; no limit if there is just one."""
        if not self._sites:
            return inf
        return sum(site.most_by(moment) for site in self._sites)

    def first(self, people: int) -> int | None:
        """Return the first moment at which so many can have arrived.

        Returns
        -------
        int
            Seconds after the start; None if that cannot be before the end.
        """
        if people <= 0:
            return 0
        together = self._first(people, lambda moment: self._solved(moment)[0], -1)
        if together is None or not self._sites:
            return together
        return self._first(people, self._of_sites, together - 1)

    def _first(
        self, people: int, most_by: Callable[[int], float], low: int
    ) -> int | None:
        """Return the first moment after another at which so many can have arrived."""
        enough = people * (1 - _ROUNDING) - _ROUNDING
        high = self._ends_s - 1
        if most_by(low + 1) >= enough:
            return low + 1
        if most_by(high) < enough:
            return None
        while high - low > 1:
            middle = (low + high) // 2
            if most_by(middle) >= enough:
                high = middle
            else:
                low = middle
        return high

    def binding(self, moment: int) -> tuple[Binding, ...]:
        """Return what keeps more people from having arrived by a moment, most first.

        Groups of whom everybody can have arrived keep nobody.
        """
        parts: dict[tuple[LimitKind, str], float] = {}
        for part in self._that_bind(moment):
            for key, people in part._accounts(moment):
                parts[key] = parts.get(key, 0.0) + people
        whole = sum(parts.values())
        if whole <= _ROUNDING:
            return (Binding(LimitKind.WAY, "", 1.0),)
        ranked = sorted(parts.items(), key=lambda item: (-item[1], item[0]))
        return tuple(Binding(*key, part / whole) for key, part in ranked if part > 0)

    def _that_bind(self, moment: int) -> Sequence["Envelope"]:
        """Return whose limits bind: this one's, or those of the sites, each its own."""
        together = self._solved(moment)[0]
        if self._of_sites(moment) >= together - _ROUNDING:
            return (self,)
        return self._sites

    def _accounts(self, moment: int) -> Iterator[tuple[tuple[LimitKind, str], float]]:
        """Yield how many people each limit that binds accounts for."""
        _, prices = self._solved(moment)
        for limit, price in zip(self._limits, prices, strict=True):
            if price > _ROUNDING and not _all_are_there(limit, moment):
                yield (limit.kind, limit.name), float(price) * limit.most(moment)

    def _solved(self, moment: int) -> tuple[float, Numbers]:
        """Return the most people, and by how many one more of each limit raises it."""
        if moment not in self._known:
            self._known[moment] = self._solve(moment)
        return self._known[moment]

    def _solve(self, moment: int) -> tuple[float, Numbers]:
        if not self._limits:
            return 0.0, np.empty(0)
        most = np.array([min(limit.most(moment), NEVER) for limit in self._limits])
        finite = most < NEVER
        found = scipy.optimize.linprog(
            self._worth, self._table[finite], most[finite], method="highs"
        )
        if found.status:
            raise ArithmeticError(f"the bound cannot be worked out: {found.message}")
        prices = np.zeros(most.size)
        prices[finite] = -found.ineqlin.marginals
        return -float(found.fun), prices


def _all_are_there(limit: Limit, moment: int) -> bool:
    """Whether nobody is left who could still get ready."""
    return limit.kind is LimitKind.PEOPLE and limit.most(moment) >= limit.most(NEVER)
