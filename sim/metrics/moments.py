"""People at a moment that somebody names: `still_inside@2016-12-19T08:00`.

With `fewer_than_500_` in front the number is whether they are fewer than so many, 1 or
0; its mean over runs is how likely that is. So it is with `at_least_90_percent_`, of
those who are to leave and are not lost in the run. Each is there for sites, for all of
them, and for a group that is named, as `arrived@2016-12-19T08:00/some-site/wounded`.
What falls on the second itself is over.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from sim.events import Kind
from sim.metrics.account import Account
from sim.metrics.of_sites import ALL_SITES

_WHOLE = 100
AT = "@"
"""Stands between what is asked for and the moment."""
_NAME = re.compile(
    r"(?:fewer_than_(?P<fewer>[0-9]{1,9})_"
    r"|at_least_(?P<percent>[0-9]{1,3}(?:\.[0-9]{1,6})?)_percent_)?"
    rf"(?P<stock>[a-z_]+){AT}(?P<moment>.+)"
)


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
    percent : asks whether they are at least so many of those who are to leave and are
        not lost, as `t90` counts them.
    moment : local date and time, as written.
    """

    stock: str
    fewer_than: int | None
    percent: float | None
    moment: str

    @property
    def name(self) -> str:
        """Of the metric, which `at_moment` reads as the same again."""
        if self.percent is not None:
            return f"at_least_{percent_text(self.percent)}_percent_{self.count}"
        if self.fewer_than is not None:
            return f"fewer_than_{self.fewer_than}_{self.count}"
        return self.count

    @property
    def count(self) -> str:
        """Name of the metric that counts the people it is about."""
        return f"{self.stock}{AT}{self.moment}"

    @property
    def is_yes_or_no(self) -> bool:
        """Whether the number is 1 or 0."""
        return self.fewer_than is not None or self.percent is not None

    @property
    def unit(self) -> str:
        """Of the number."""
        return "1" if self.is_yes_or_no else "people"

    @property
    def description(self) -> str:
        """One sentence, for tables."""
        who, when = STOCKS[self.stock].description, self.moment.replace("T", " ")
        if self.percent is not None:
            share = f"at least {percent_text(self.percent)} % of those who are to leave"
            return f"{who}, at {when}: whether {share}."
        if self.fewer_than is not None:
            return f"{who}, at {when}: whether fewer than {self.fewer_than}."
        return f"{who}, at {when}."

    @property
    def better(self) -> int:
        """Sign of a change for the better, 0 if nobody can say."""
        sign = STOCKS[self.stock].better
        return -sign if self.fewer_than is not None else sign

    def values(self, run: Account, second: int) -> dict[str, float]:
        """Return what is asked for, by site of origin, `all` and `site/group`.

        Parameters
        ----------
        run : to read.
        second : of it.
        """
        people = _by_site(run.origins, self._counted(run, second, run.awaited))
        if self.percent is not None:
            share = Fraction(str(self.percent)) / 100
            whole = _by_site(run.origins, run.awaited)
            return {of: float(people[of] >= share * whole[of]) for of in people}
        few = self.fewer_than
        return {
            of: float(count if few is None else count < few)
            for of, count in people.items()
        }

    def _counted(
        self, run: Account, second: int, groups: Iterable[tuple[str, str]]
    ) -> dict[tuple[str, str], int]:
        """Return how many there are at a second of a run, of some groups."""
        people = dict.fromkeys(groups, 0)
        signs = STOCKS[self.stock].signs
        for time_s, kind, place, _, _, group, count, *_, origin in run.counted.rows:
            if time_s > second:
                break
            sign, who = signs.get(kind), (origin or place, group)
            if sign and who in people:
                people[who] += sign * count
        return people


def percent_text(percent: float) -> str:
    """Return a percentage as a name has it: to the millionth, no needless zeros."""
    return f"{percent:.6f}".rstrip("0").rstrip(".")


def _by_site(
    origins: Sequence[str], people: Mapping[tuple[str, str], int]
) -> dict[str, int]:
    """Return people by site of origin, of all sites, and by `site/group`."""
    found = dict.fromkeys(origins, 0)
    for (site, _), count in people.items():
        found[site] += count
    groups = {f"{site}/{group}": count for (site, group), count in people.items()}
    return {**found, ALL_SITES: sum(found.values()), **groups}


def at_moment(name: str) -> AtMoment | None:
    """Return what a metric asks for at a moment; None if that is not how it is named.

    Parameters
    ----------
    name : with or without what it is given for.
    """
    found = _NAME.fullmatch(name.partition("/")[0])
    if found is None or found["stock"] not in STOCKS:
        return None
    if found["percent"] and not 0 < float(found["percent"]) <= _WHOLE:
        return None
    fewer, percent = found["fewer"], found["percent"]
    return AtMoment(
        stock=found["stock"],
        fewer_than=int(fewer) if fewer else None,
        percent=float(percent) if percent else None,
        moment=found["moment"],
    )
