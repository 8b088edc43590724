"""Numbers of a run that planners ask for, put together from those of the figures.

A pool holds nothing but the quantities behind the figures. Counts that follow each
other from the start add up to a total, whichever sources tell them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.inference.claims import NODES, PARTNERS, Numbers, RecordEntry
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
    chain : places of the claims that it is the sum of, each beginning where the one
        before it ends.
    """

    name: str
    chain: tuple[int, ...]

    def of(self, quantities: Numbers) -> Numbers:
        """Return the number in each run, NaN where it did not come.

        Parameters
        ----------
        quantities : of (run, claim, node).
        """
        total = np.zeros(len(quantities))
        node = NODES // 2
        for place in reversed(self.chain):
            total += quantities[:, place, node]
            # A step begins at the node of its window that goes with this one.
            node = PARTNERS[node]
        return total


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
        entry.figure.origin: _chains(entries, entry.figure.origin) for entry in entries
    }
    site, chains = max(sites.items(), key=lambda item: len(item[1]))
    if not chains:
        return
    ends = {chain: _middle_s(entries[chain[-1]].ends) for chain in chains}
    last = max(ends, key=lambda chain: ends[chain])
    rest = [chain for chain in ends if chain != last]
    halfway = sorted(rest, key=lambda chain: abs(ends[chain] - ends[last] / 2))[:1]
    for chain in (last, *halfway):
        moment = to_the_minute(clock.local(round(ends[chain])))
        yield QuantityOfInterest(f"people arrived from {site} by {moment}", chain)


def _chains(entries: Sequence[RecordEntry], site: str) -> list[tuple[int, ...]]:
    """Return the counts of all people from a site that reach back to the start."""
    counts = [at for at, entry in enumerate(entries) if entry.counts_all_of(site)]
    chains: list[tuple[int, ...]] = [
        (at,) for at in counts if entries[at].begins is None
    ]
    for chain in chains:
        # What is added here is looked at in its turn.
        ends = entries[chain[-1]].ends
        chains += [
            (*chain, at)
            for at in counts
            if entries[at].begins == ends and at not in chain
        ]
    return chains


def _alone(entries: Sequence[RecordEntry], metric: str) -> Iterator[QuantityOfInterest]:
    for place, entry in enumerate(entries):
        figure = entry.figure
        if figure.metric == metric:
            what = f"{metric.replace('_', ' ')} {figure.select}".strip()
            yield QuantityOfInterest(f"{what}, {figure.origin} ({figure.id})", (place,))


def _middle_s(window: tuple[int, int] | None) -> float:
    return sum(window or (0, 0)) / 2
