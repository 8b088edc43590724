"""The convoy model as a simulator that also answers with curves and completion."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf

import numpy as np

from sim.calibration.claims import NODES, Numbers
from sim.calibration.prior import Prior
from sim.evidence.probes import Probe, read_probes
from sim.metrics.account import Account
from sim.model import simulate
from sim.scenario import Operation, amended

NEARLY_ALL = 0.95
"""Share of the people of a site; the last few can wait for a vehicle of their own."""
_S_PER_H = 3600


@dataclass(frozen=True, slots=True)
class Answers:
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

    def chosen(self, runs: Sequence[int] | np.ndarray) -> "Answers":
        """Return the answers of some runs, as often as they are named."""
        return Answers(
            self.quantities[runs],
            self.totals[runs],
            self.people[runs],
            self.nearly_h[runs],
            self.done_h[runs],
        )


@dataclass(frozen=True, slots=True)
class Outlook:
    """One operation, asked about figures and about what comes. It can be pickled.

    Attributes
    ----------
    operation : with the values of the file, which a point replaces.
    prior : what a point means.
    probes : how each figure is read off a run.
    sites : that people leave.
    grid_s : moments at which arrivals are read.
    seed : root of all random numbers.
    """

    operation: Operation
    prior: Prior
    probes: tuple[Probe, ...]
    sites: tuple[str, ...]
    grid_s: tuple[int, ...]
    seed: int = 1

    def __call__(self, point: Sequence[float], luck: Sequence[int]) -> Numbers:
        """Run once and return everything in one row; `split` takes it apart."""
        world = amended(self.operation, self.prior.values(point))
        log = simulate(world, seed=self.seed, replication=luck)
        account = Account(log)
        row = [value for values in read_probes(self.probes, log) for value in values]
        for site in self.sites:
            curve = account.arrivals[site]
            row += [float(curve.at(moment)) for moment in self.grid_s]
            people = account.expected(site)
            row.append(people)
            for count in (ceil(NEARLY_ALL * people), people):
                done_s = curve.time_of(count)
                row.append(inf if done_s is None else done_s / _S_PER_H)
        return np.array(row)

    def split(self, rows: Numbers) -> Answers:
        """Return rows of many runs by what they are."""
        read = len(self.probes) * NODES
        runs = len(rows)
        rest = rows[:, read:].reshape(runs, len(self.sites), len(self.grid_s) + 3)
        return Answers(
            rows[:, :read].reshape(runs, len(self.probes), NODES),
            rest[:, :, :-3],
            *(rest[:, :, place] for place in (-3, -2, -1)),
        )
