"""What figures ask of a run, and what several of them ask in common."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import NamedTuple

from sim.metrics.account import Account
from sim.metrics.convoys import Passage, arrived, departed
from sim.metrics.curves import Curve
from sim.scenario.titles import sites_in


class Portion(NamedTuple):
    """Which portion of a site's people and convoys is meant, and where; empty for all.

    Attributes
    ----------
    group : of people; of convoys and vehicles, those that carry anybody of it.
    kind : of vehicle.
    flow, destination : with which they leave, and where it leads.
    place : where something happens; not which people or convoys.
    """

    group: str = ""
    kind: str = ""
    flow: str = ""
    destination: str = ""
    place: str = ""

    @classmethod
    def of(cls, selected: Mapping[str, str]) -> "Portion":
        """Return the portion that a figure selects."""
        return cls(*(selected.get(name, "") for name in cls._fields))

    def has(self, row: Passage, sites: Collection[str]) -> bool:
        """Whether a convoy is of this portion of some sites, whatever its vehicles."""
        return (
            (not self.flow or row.flow == self.flow)
            and (
                not self.group
                or any((site, self.group) in row.carried for site in sites)
            )
            and (not self.destination or self.destination == _destination(row))
        )


def _destination(row: Passage) -> str:
    return "" if row.trip is None else row.trip.destination


WHOLE = Portion()
"""All people and convoys of a site."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a figure asks, worked out once for all runs.

    Attributes
    ----------
    figure : its id.
    metric : what is asked for.
    origin : site where the people started, or several.
    portion : of its people and convoys.
    convoy : asks for this one to arrive, from 1; None for all.
    unit_s : seconds in the unit of a duration.
    since_s, from_s, to_s : seconds after the operation starts; None if empty.
    least, most : what a count may be by the figure; unbounded for anything else.
    """

    figure: str
    metric: str
    origin: str
    portion: Portion
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
    _curves: dict[tuple["Counting", str, Portion], Curve] = field(default_factory=dict)
    _convoys: dict[tuple[str, Portion], list[Passage]] = field(default_factory=dict)
    _arrived: dict[tuple[str, Portion], list[Passage]] = field(default_factory=dict)
    _left: dict[tuple[str, Portion], list[Passage]] = field(default_factory=dict)

    def curve(self, counting: "Counting", origin: str, portion: Portion) -> Curve:
        """Return a count over time, of a site and a portion."""
        key = (counting, origin, portion)
        found = self._curves.get(key)
        if found is None:
            found = self._curves[key] = counting(self, origin, portion)
        return found

    def convoys(self, origin: str, portion: Portion = WHOLE) -> list[Passage]:
        """Return the convoys of a portion of a site, whatever their vehicles are."""
        key = (origin, portion)
        found = self._convoys.get(key)
        if found is None:
            found = self._convoys[key] = [
                row
                for row in self._of(sites_in(origin))
                if portion.has(row, sites_in(origin))
            ]
        return found

    def arrived(self, origin: str, portion: Portion = WHOLE) -> list[Passage]:
        """Return those of them that arrived, first to arrive first."""
        key = (origin, portion)
        found = self._arrived.get(key)
        if found is None:
            found = self._arrived[key] = arrived(self.convoys(origin, portion))
        return found

    def left(self, origin: str, portion: Portion = WHOLE) -> list[Passage]:
        """Return those of them that left with people, first to leave first."""
        key = (origin, portion)
        found = self._left.get(key)
        if found is None:
            end = self.account.log.horizon_s
            found = self._left[key] = departed(self.convoys(origin, portion), 0, end)
        return found

    def convoy(self, asked: Question) -> Passage | None:
        """Return the convoy asked for: the n-th to arrive since `since`.

        Of those of the flow and destination asked for, whatever group they carry.
        """
        rows = self.arrived(asked.origin, asked.portion._replace(group=""))
        earlier = bisect_left(rows, asked.since_s or 0, key=_arrived_s)
        place = earlier + (asked.convoy or 1)
        return rows[place - 1] if place <= len(rows) else None

    def window(self, asked: Question) -> tuple[int, int]:
        """Return when what is asked for begins: the end is exclusive.

        From the beginning of the run if the figure names one moment or none.
        """
        begin = asked.from_s if asked.since_s is None else asked.since_s
        end = self.account.log.horizon_s if asked.to_s is None else asked.to_s
        return (min(0, end), end) if begin is None or begin >= end else (begin, end)

    def departed(self, asked: Question) -> list[Passage]:
        """Return the convoys that left in the window, or by its end if it is a point.

        Without a window all that left.
        """
        return departed(self.left(asked.origin, asked.portion), *self.window(asked))

    def _of(self, sites: Sequence[str]) -> list[Passage]:
        """Return the convoys that board or pick people up at sites, as in the log."""
        if len(sites) == 1:
            return self._by_origin.get(sites[0], [])
        of = set(sites)
        return [row for row in self.account.convoys if not of.isdisjoint(row.origins)]

    @cached_property
    def _by_origin(self) -> dict[str, list[Passage]]:
        rows: dict[str, list[Passage]] = {}
        for row in self.account.convoys:
            for site in row.origins:
                rows.setdefault(site, []).append(row)
        return rows


Counting = Callable[[Run, str, Portion], Curve]
"""Something counted over time, of a site of origin and a portion; see `countings`."""


def _arrived_s(row: Passage) -> int:
    return row.arrived_s or 0
