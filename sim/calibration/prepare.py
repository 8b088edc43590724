"""All that a calibration of an operation needs, checked before anything is run."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sim.calibration.bias import POOLED, Reference
from sim.calibration.claims import Claim, Numbers, Scales, intervals
from sim.calibration.counting import refuse_double_counting
from sim.calibration.operation import OperationSimulator, probes_of
from sim.calibration.pool import Origin
from sim.calibration.prior import Prior
from sim.calibration.record import Record, given_facts, record_of
from sim.calibration.tempering import Problem
from sim.evidence.figures import Figure
from sim.scenario import Operation, scenario_hash


@dataclass(frozen=True, slots=True)
class Prepared:
    """An operation with the claims about it and what is not known.

    Attributes
    ----------
    record : the claims, and what was left out.
    prior : of the uncertain fields.
    simulator : answers with the quantities of the claims.
    """

    record: Record
    prior: Prior
    simulator: OperationSimulator

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims that enter."""
        return self.record.claims

    @property
    def reported(self) -> Numbers:
        """What was reported, of (claim, end)."""
        return intervals(self.claims)

    @property
    def questions(self) -> tuple[str, ...]:
        """What is read off each run, one for each claim."""
        return tuple(entry.question for entry in self.record.entries)

    @property
    def scenario(self) -> str:
        """Digest of the scenario."""
        return scenario_hash(self.simulator.operation)

    def origin(self, model: str, seed: int) -> Origin:
        """Return what a pool of this operation depends on."""
        return Origin(self.scenario, model, seed, self.prior.names, self.questions)

    def problem(self, reference: Reference = POOLED) -> Problem:
        """Return what a tempered fit is asked for."""
        return Problem(
            self.simulator, self.prior.size, self.claims, self.reported, reference
        )


def prepared(
    operation: Operation,
    figures: Iterable[Figure],
    scales: Scales | None = None,
    published_by: datetime | None = None,
) -> Prepared:
    """Return what a calibration needs.

    Parameters
    ----------
    operation : with fields under `uncertain`.
    figures : of its evidence table.
    scales, published_by : as of `record_of`.

    Raises
    ------
    EvidenceError
        If the figures would count anything twice.
    ValueError
        If nothing is uncertain.
    """
    record = record_of(figures, operation, scales, published_by)
    refuse_double_counting(record.entries, given_facts(operation))
    prior = Prior.of(operation)
    probes = probes_of(record.entries, operation.clock)
    return Prepared(record, prior, OperationSimulator(operation, prior, probes))
