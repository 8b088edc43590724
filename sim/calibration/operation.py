"""The convoy model as a simulator, which answers with the documented quantities."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.calibration.claims import MIDDLES, NODES, PARTNERS, Numbers
from sim.calibration.prior import Prior
from sim.calibration.record import Documented, Window
from sim.evidence.probes import Probe, read_probes
from sim.evidence.reading import questions
from sim.model import simulate
from sim.scenario import Clock, Operation, amended


@dataclass(frozen=True, slots=True)
class OperationSimulator:
    """One operation, asked about its documented figures. It can be pickled.

    Attributes
    ----------
    operation : with the values of the file, which a point replaces.
    prior : what a point means.
    probes : how each figure is read off a run.
    seed : root of all random numbers.
    """

    operation: Operation
    prior: Prior
    probes: tuple[Probe, ...]
    seed: int = 1

    def __call__(self, point: Sequence[float], luck: Sequence[int]) -> Numbers:
        """Run once and return the quantities of (claim, node)."""
        world = amended(self.operation, self.prior.values(point))
        log = simulate(world, seed=self.seed, replication=luck)
        return np.array(read_probes(self.probes, log))


def probes_of(entries: Sequence[Documented], clock: Clock) -> tuple[Probe, ...]:
    """Return how the figures behind claims are read at the nodes of their windows."""
    return tuple(_probe(entry, clock) for entry in entries)


def _probe(entry: Documented, clock: Clock) -> Probe:
    (question,) = questions([entry.figure], clock.seconds)
    ends = _moments(entry.ends) if entry.ends else (0,) * NODES
    begins = None
    if entry.begins:
        moments = _moments(entry.begins)
        begins = tuple(moments[partner] for partner in PARTNERS)
    return Probe(question, ends, begins)


def _moments(window: Window) -> tuple[int, ...]:
    earliest, latest = window
    return tuple(round(earliest + share * (latest - earliest)) for share in MIDDLES)
