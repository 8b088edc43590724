"""Numbers of a run that planners ask for, out of those behind the figures.

A pool holds nothing but the quantities behind the figures.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.inference.claims import NODES, Numbers, RecordEntry
from sim.scenario import Clock
from sim.scenario.clock import to_the_minute

MOST = 4
"""How many are looked at beside the parameters; more would say the same again."""


@dataclass(frozen=True, slots=True)
class QuantityOfInterest:
    """A number of a run.

    Attributes
    ----------
    name : in words.
    place : of the claim behind which it lies, in the middle of its window.
    """

    name: str
    place: int

    def of(self, quantities: Numbers) -> Numbers:
        """Return the number in each run, NaN where it did not come.

        Parameters
        ----------
        quantities : of (run, claim, node).
        """
        return np.asarray(quantities[:, self.place, NODES // 2])


def quantities_of_interest(
    entries: Sequence[RecordEntry], clock: Clock
) -> tuple[QuantityOfInterest, ...]:
    """Return what can be derived: people arrived, the last arrival, what crossed.

    People are those of the site with most to go on, by the last moment that is spoken
    of and by one about the middle.

    Parameters
    ----------
    entries : whose quantities a pool holds, in their order.
    clock : for moments in words.
    """
    return (
        *_people(entries, clock),
        *_alone(entries, "last_arrival"),
        *_alone(entries, "vehicles_crossed_between"),
        *_alone(entries, "convoys_arrived"),
    )[:MOST]


def _people(
    entries: Sequence[RecordEntry], clock: Clock
) -> Iterator[QuantityOfInterest]:
    sites = {
        entry.figure.origin: _totals(entries, entry.figure.origin) for entry in entries
    }
    site, totals = max(sites.items(), key=lambda item: len(item[1]))
    if not totals:
        return
    ends = {place: _middle_s(entries[place].ends) for place in totals}
    last = max(ends, key=lambda place: ends[place])
    rest = [place for place in ends if place != last]
    halfway = sorted(rest, key=lambda place: abs(ends[place] - ends[last] / 2))[:1]
    for place in (last, *halfway):
        moment = to_the_minute(clock.local(round(ends[place])))
        yield QuantityOfInterest(f"people arrived from {site} by {moment}", place)


def _totals(entries: Sequence[RecordEntry], site: str) -> list[int]:
    """Return the places of counts of all people from a site since the start."""
    return [
        place
        for place, entry in enumerate(entries)
        if entry.counts_all_of(site) and entry.begins is None
    ]


def _alone(entries: Sequence[RecordEntry], metric: str) -> Iterator[QuantityOfInterest]:
    for place, entry in enumerate(entries):
        figure = entry.figure
        if figure.metric == metric:
            what = f"{metric.replace('_', ' ')} {figure.select}".strip()
            yield QuantityOfInterest(f"{what}, {figure.origin} ({figure.id})", place)


def _middle_s(window: tuple[int, int] | None) -> float:
    return sum(window or (0, 0)) / 2
