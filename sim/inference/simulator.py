"""A simulator as a pure function, many calls of it, and the convoy model as one.

The answer to a call depends on its arguments alone, so it does not matter where or in
which order calls are made.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from math import ceil, inf
from typing import Protocol

import numpy as np
import numpy.typing as npt

from sim.events import RunLog
from sim.evidence.probes import Moved, Probe, read_probes
from sim.evidence.reading import questions
from sim.inference.claims import NODES, Numbers, RecordEntry, moments_in
from sim.inference.left_out import LeftOut
from sim.inference.prior import Prior
from sim.metrics.account import Account
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.model import no_search_for_garbage, simulate
from sim.scenario import Clock, Operation, settled

Parts = npt.NDArray[np.int64]
"""Parts of luck: whole numbers, of which each settles some of the random numbers."""
MOST_LUCK = 2**31
_CHUNK = 16
NEARLY_ALL = 0.95
"""Share of the people of a site; the last few can wait for a vehicle of their own."""


class Simulator(Protocol):
    """What is asked of a model: quantities of (claim, node), NaN for what is not."""

    def __call__(self, point: Sequence[float], luck: Sequence[int]) -> Numbers:
        """Run once.

        Parameters
        ----------
        point : in the unit cube.
        luck : whole numbers; the same ones always give the same run.
        """
        ...


Chunk = list[tuple[list[float], list[int]]]
"""Points and luck of some runs."""
Mapper = Callable[[Callable[[Chunk], Numbers], Iterable[Chunk]], Iterable[Numbers]]
"""Such as `map`, or that of a `concurrent.futures.Executor`: in order."""


def simulated(
    simulator: Simulator,
    points: Numbers,
    luck: Parts,
    mapper: Mapper = map,
    progress: Callable[[int], None] = lambda done: None,
) -> Numbers:
    """Return quantities of (run, claim, node).

    Parameters
    ----------
    simulator : pure; it must be possible to pickle it if the mapper does.
    points : of (run, parameter).
    luck : of (run, part).
    mapper : calls a function of each chunk of runs, and returns answers in order.
    progress : called with the number of runs done so far.
    """
    calls = list(zip(points.tolist(), luck.tolist(), strict=True))
    chunks = [calls[at : at + _CHUNK] for at in range(0, len(calls), _CHUNK)]
    answers = []
    for answer in mapper(partial(_run_chunk, simulator), chunks):
        answers.append(answer)
        progress(min(len(calls), len(answers) * _CHUNK))
    return np.concatenate(answers)


def new_luck(rng: np.random.Generator, runs: int, parts: int) -> Parts:
    """Return fresh luck for runs, of (run, part)."""
    return rng.integers(MOST_LUCK, size=(runs, parts), dtype=np.int64)


def _run_chunk(simulator: Simulator, calls: Chunk) -> Numbers:
    with no_search_for_garbage():
        return np.array([simulator(point, luck) for point, luck in calls])


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What runs say.

    Attributes
    ----------
    quantities : of (run, claim, node).
    totals : people arrived, of (run, site, moment).
    people : who are to leave, of (run, site).
    nearly_h, done_h : when nearly all and all had arrived, of (run, site); infinite if
        not within the run.
    """

    quantities: Numbers
    totals: Numbers
    people: Numbers
    nearly_h: Numbers
    done_h: Numbers

    def chosen(self, runs: Sequence[int] | np.ndarray) -> "Outcomes":
        """Return what some runs say, as often as they are named."""
        return Outcomes(*(getattr(self, field.name)[runs] for field in fields(self)))


def draw_quantiles(draws: Numbers, levels: Sequence[float]) -> tuple[float, ...]:
    """Return quantiles that are draws, so that infinite ones do no harm."""
    return tuple(np.quantile(draws, levels, method="inverted_cdf").tolist())


@dataclass(frozen=True, slots=True)
class OperationSimulator:
    """One operation, asked about its documented figures. It can be pickled.

    Attributes
    ----------
    operation : with the values of the file, which a point replaces.
    prior : what a point means.
    probes : how each figure is read off a run.
    sites : that people leave.
    moments_s : at which arrivals from them are read for `outcomes`.
    days_s : at which local days begin, by which what the model leaves out changes;
        none: nothing is left out.
    seed : root of all random numbers.
    """

    operation: Operation
    prior: Prior
    probes: tuple[Probe, ...]
    sites: tuple[str, ...] = ()
    moments_s: tuple[int, ...] = ()
    days_s: tuple[int, ...] = ()
    seed: int = 1

    def __call__(self, point: Sequence[float], luck: Sequence[int]) -> Numbers:
        """Run once and return the quantities of (claim, node)."""
        log = self._run(point, luck)
        return np.array(read_probes(self.probes, log, self._moved(luck)))

    def about(self, claims: Sequence[int]) -> "OperationSimulator":
        """Return the same, asked about some of the claims, by their places."""
        return replace(self, probes=tuple(self.probes[place] for place in claims))

    def outcomes(
        self,
        points: Numbers,
        luck: Parts,
        mapper: Mapper = map,
        progress: Callable[[int], None] = lambda done: None,
    ) -> Outcomes:
        """Return the quantities of runs, their curves, and when all had arrived.

        Parameters
        ----------
        points, luck, mapper, progress : as of `simulated`.
        """
        rows = simulated(self._row, points, luck, mapper, progress)
        read, sites = len(self.probes) * NODES, len(self.sites)
        ahead = rows[:, read:].reshape(len(rows), sites, len(self.moments_s) + 3)
        return Outcomes(
            rows[:, :read].reshape(len(rows), len(self.probes), NODES),
            ahead[:, :, :-3],
            *(ahead[:, :, place] for place in (-3, -2, -1)),
        )

    def _run(self, point: Sequence[float], luck: Sequence[int]) -> RunLog:
        world = settled(self.operation, self.prior.values(point))
        return simulate(world, seed=self.seed, replication=luck)

    def _moved(self, luck: Sequence[int]) -> Moved:
        """Return what moves the counts of a run by what the model leaves out."""
        return LeftOut.of(self.seed, luck, self.days_s).moved

    def _row(self, point: Sequence[float], luck: Sequence[int]) -> Numbers:
        """Return everything about one run in one row."""
        log = self._run(point, luck)
        account, moved = Account(log), self._moved(luck)
        read = read_probes(self.probes, log, moved)
        row = [value for values in read for value in values]
        for site in self.sites:
            curve = moved(site, account.arrivals[site])
            row += [float(curve.at(moment)) for moment in self.moments_s]
            people = account.expected(site)
            row.append(people)
            for count in (ceil(NEARLY_ALL * people), people):
                done_s = curve.time_of(count)
                row.append(inf if done_s is None else done_s / SECONDS_PER_HOUR)
        return np.array(row)


def probes_of(entries: Sequence[RecordEntry], clock: Clock) -> tuple[Probe, ...]:
    """Return how the figures behind claims are read at the nodes of their windows."""
    return tuple(_probe(entry, clock) for entry in entries)


def _probe(entry: RecordEntry, clock: Clock) -> Probe:
    (question,) = questions([entry.figure], clock.seconds)
    ends = moments_in(entry.ends) if entry.ends else (0,) * NODES
    # Nothing but a moment begins a count: what is vague is when it was told.
    begins = (entry.begins[0],) * NODES if entry.begins else None
    return Probe(question, ends, begins)
