"""What figures ask of a run, and what several of them ask in common."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from math import inf

from sim.metrics.account import Account
from sim.metrics.convoys import Passage, arrived, departed
from sim.metrics.curves import Curve


@dataclass(frozen=True, slots=True)
class Question:
    """What a figure asks, worked out once for all runs.

    Attributes
    ----------
    figure : its id.
    metric : what is asked for.
    origin : site where the people started.
    part : group of people or kind of vehicle; empty for all.
    convoy : asks for this one to arrive, from 1; None for all.
    unit_s : seconds in the unit of a duration.
    since_s, from_s, to_s : seconds after the operation starts; None if empty.
    least, most : what a count may be by the figure; unbounded for anything else.
    """

    figure: str
    metric: str
    origin: str
    part: str
    convoy: int | None
    unit_s: int
    since_s: int | None
    from_s: int | None
    to_s: int | None
    least: float = -inf
    most: float = inf


@dataclass(frozen=True)
class Run:
    """One run. What several figures ask for is worked out for the first of them."""

    account: Account
    _curves: dict[tuple["Counting", str, str], Curve] = field(default_factory=dict)
    _arrived: dict[str, list[Passage]] = field(default_factory=dict)
    _left: dict[str, list[Passage]] = field(default_factory=dict)

    def curve(self, counting: "Counting", origin: str, part: str) -> Curve:
        """Return a count over time, of a site and a part."""
        key = (counting, origin, part)
        found = self._curves.get(key)
        if found is None:
            found = self._curves[key] = counting(self, origin, part)
        return found

    def convoys(self, origin: str) -> list[Passage]:
        """Return the convoys of a site."""
        return self._by_origin.get(origin, [])

    def arrived(self, origin: str) -> list[Passage]:
        """Return the convoys of a site that arrived, first to arrive first."""
        found = self._arrived.get(origin)
        if found is None:
            found = self._arrived[origin] = arrived(self.convoys(origin))
        return found

    def left(self, origin: str) -> list[Passage]:
        """Return the convoys of a site that left with people, first to leave first."""
        found = self._left.get(origin)
        if found is None:
            end = self.account.log.horizon_s
            found = self._left[origin] = departed(self.convoys(origin), 0, end)
        return found

    def convoy(self, asked: Question) -> Passage | None:
        """Return the convoy asked for: the n-th to arrive since `since`."""
        rows = self.arrived(asked.origin)
        earlier = bisect_left(rows, asked.since_s or 0, key=_arrived_s)
        place = earlier + (asked.convoy or 1)
        return rows[place - 1] if place <= len(rows) else None

    def departed(self, asked: Question) -> list[Passage]:
        """Return the convoys that left in the window, or by its end if it is a point.

        Without a window all that left.
        """
        begin = asked.from_s if asked.since_s is None else asked.since_s
        end = self.account.log.horizon_s if asked.to_s is None else asked.to_s
        if begin is None or begin >= end:
            begin = min(0, end)
        return departed(self.left(asked.origin), begin, end)

    @cached_property
    def _by_origin(self) -> dict[str, list[Passage]]:
        rows: dict[str, list[Passage]] = {}
        for row in self.account.convoys:
            rows.setdefault(row.origin, []).append(row)
        return rows


Counting = Callable[[Run, str, str], Curve]
"""Something counted over time, of a site of origin and a part; see `countings`."""


def _arrived_s(row: Passage) -> int:
    return row.arrived_s or 0
