"""People at a moment that somebody names: `still_inside@2016-12-19T08:00`.

With `fewer_than_500_` in front the number is whether they are fewer than so many, 1 or
0; its mean over runs is how likely that is. What falls on the second itself is over.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from sim.events import Kind
from sim.metrics.account import Account

AT = "@"
"""Stands between what is asked for and the moment."""
_NAME = re.compile(rf"(?:fewer_than_([0-9]{{1,9}})_)?([a-z_]+){AT}(.+)")


class Stock(NamedTuple):
    """People who are somewhere.

    Attributes
    ----------
    description : who they are, for tables.
    signs : which events bring people there, and which take them away.
    better : sign of a change for the better.
    """

    description: str
    signs: Mapping[Kind, int]
    better: int


STOCKS: Mapping[str, Stock] = MappingProxyType(
    {
        "still_inside": Stock(
            "People still at the site, those who stay included",
            {Kind.STARTED: 1, Kind.JOINED: 1, Kind.RETURNED: 1, Kind.ASSIGNED: -1},
            -1,
        ),
        "yet_to_leave": Stock(
            "People still at the site, but for those who stay",
            {
                Kind.STARTED: 1,
                Kind.JOINED: 1,
                Kind.STAYED: -1,
                Kind.RETURNED: 1,
                Kind.ASSIGNED: -1,
            },
            -1,
        ),
        "aboard": Stock(
            "People in vehicles, from when they are told off to them",
            {
                Kind.ASSIGNED: 1,
                Kind.RETURNED: -1,
                Kind.UNACCOUNTED: -1,
                Kind.LIVES_LOST: -1,
                Kind.ARRIVED: -1,
            },
            0,
        ),
        "arrived": Stock("People who had arrived", {Kind.ARRIVED: 1}, 1),
        "unaccounted": Stock(
            "People who were lost sight of", {Kind.UNACCOUNTED: 1}, -1
        ),
        "lives_lost": Stock(
            "People reported to have lost their lives", {Kind.LIVES_LOST: 1}, -1
        ),
    }
)
"""What may be asked for at a moment, by name. But for `yet_to_leave`, which is a part
of `still_inside`, everybody is in exactly one of them at any moment; who goes back to
the site on foot is counted with those in vehicles."""


@dataclass(frozen=True, slots=True)
class AtMoment:
    """What somebody asks for at a moment.

    Attributes
    ----------
    stock : one of `STOCKS`.
    fewer_than : asks whether they are fewer than so many; None for how many.
    moment : local date and time, as written.
    """

    stock: str
    fewer_than: int | None
    moment: str

    @property
    def unit(self) -> str:
        """Of the number."""
        return "people" if self.fewer_than is None else "1"

    @property
    def description(self) -> str:
        """One sentence, for tables."""
        who, when = STOCKS[self.stock].description, self.moment.replace("T", " ")
        if self.fewer_than is None:
            return f"{who}, at {when}."
        return f"{who}, at {when}: whether fewer than {self.fewer_than}."

    @property
    def better(self) -> int:
        """Sign of a change for the better, 0 if nobody can say."""
        sign = STOCKS[self.stock].better
        return sign if self.fewer_than is None else -sign

    def counted(self, run: Account, second: int) -> dict[str, int]:
        """Return how many there are at a second of a run, by site of origin."""
        signs = STOCKS[self.stock].signs
        people, apart = dict.fromkeys(run.origins, 0), run.log.apart
        for time_s, kind, place, _, _, group, count, *_, origin in run.counted.rows:
            if time_s > second:
                break
            sign = signs.get(kind)
            site = origin or place
            if sign and site in people and (site, group) not in apart:
                people[site] += sign * count
        return people

    def said(self, people: int) -> float:
        """Return what is asked for about a number of people."""
        return float(people if self.fewer_than is None else people < self.fewer_than)


def at_moment(name: str) -> AtMoment | None:
    """Return what a metric asks for at a moment; None if that is not how it is named.

    Parameters
    ----------
    name : with or without what it is given for.
    """
    found = _NAME.fullmatch(name.partition("/")[0])
    if found is None or found[2] not in STOCKS:
        return None
    return AtMoment(found[2], int(found[1]) if found[1] else None, found[3])
