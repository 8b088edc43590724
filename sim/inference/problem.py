"""All that an inference about an operation needs, checked before anything is run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sim.evidence.figures import Figure
from sim.inference.claims import (
    Numbers,
    RecordEntry,
    Scales,
    SourceClaim,
    intervals,
)
from sim.inference.double_counting import refuse_double_counting
from sim.inference.likelihood import POOLED, ObservationModel, Reference
from sim.inference.prior import Prior
from sim.inference.record import Record, given_facts, record_of
from sim.inference.simulator import OperationSimulator, Simulator, probes_of
from sim.scenario import Operation, scenario_hash


@dataclass(frozen=True, slots=True)
class InferenceProblem:
    """What is to be fitted.

    Attributes
    ----------
    simulator : answers with the quantities of the claims.
    parameters : how many.
    sources : how they report on a run.
    reported : of (claim, end).
    """

    simulator: Simulator
    parameters: int
    sources: ObservationModel
    reported: Numbers

    def log_likelihood(self, quantities: Numbers) -> Numbers:
        """Return that of each run."""
        return self.sources.log_likelihood(quantities, self.reported)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An operation with the claims about it and what is not known.

    Attributes
    ----------
    record : the claims, and what was left out.
    prior : of the uncertain fields.
    simulator : answers with the quantities of the claims; and, when asked, with the
        people arrived by the end from all sites of which figures speak.
    """

    record: Record
    prior: Prior
    simulator: OperationSimulator

    @property
    def operation(self) -> Operation:
        """What is calibrated."""
        return self.simulator.operation

    @property
    def claims(self) -> tuple[SourceClaim, ...]:
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
        return scenario_hash(self.operation)

    def without(self, reasons: Mapping[int, str]) -> "Prepared":
        """Return the same without some claims, as if they had been left out.

        Parameters
        ----------
        reasons : by the places of the claims.
        """
        kept = [at for at in range(len(self.claims)) if at not in reasons]
        entries = tuple(self.record.entries[at] for at in kept)
        left_out = {
            self.record.entries[at].figure.id: why for at, why in reasons.items()
        }
        record = Record(entries, {**self.record.left_out, **left_out})
        simulator = replace(self.simulator.about(kept), sites=_sites(entries))
        return Prepared(record, self.prior, simulator)

    def problem(
        self, used: Sequence[int], reference: Reference = POOLED
    ) -> InferenceProblem:
        """Return what a fit is asked for, with nothing of the claims not used.

        Parameters
        ----------
        used : places of the claims that it may see.
        reference : which families are taken at their word.
        """
        return InferenceProblem(
            self.simulator.about(used),
            self.prior.size,
            ObservationModel(self.claims, reference).some(used),
            self.reported[list(used)],
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
    simulator = OperationSimulator(
        operation,
        prior,
        probes_of(record.entries, operation.clock),
        _sites(record.entries),
        (operation.ends,),
        tuple(operation.clock.days(operation.ends)),
    )
    return Prepared(record, prior, simulator)


def _sites(entries: Iterable[RecordEntry]) -> tuple[str, ...]:
    """Return the sites of which figures speak."""
    return tuple(dict.fromkeys(entry.figure.origin for entry in entries))
