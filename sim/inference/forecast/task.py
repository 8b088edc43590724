"""What a forecast is asked: which figures were known, which came later, of what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from sim.evidence.figures import Figure
from sim.inference.calibration.posterior_predictive import predictive_reports
from sim.inference.claims import Numbers, RecordEntry, intervals
from sim.inference.double_counting import refuse_double_counting
from sim.inference.forecast.as_of import AsOf, as_of
from sim.inference.likelihood import ObservationModel
from sim.inference.prior import Prior
from sim.inference.record import given_facts, record_of
from sim.inference.simulator import (
    Mapper,
    OperationSimulator,
    Outcomes,
    new_luck,
    probes_of,
)
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.scenario import Operation, uncertain_fields
from sim.scenario.origins import origins_of

LUCK_PARTS = 8
"""Of a run of a forecast."""
Tell = Callable[[int], None]
_DAY_S = 86_400
_STEP_S = 21_600


def known_at(
    operation: Operation, figures: Sequence[Figure], moment: datetime
) -> tuple[AsOf, tuple[RecordEntry, ...], int]:
    """Return what a forecast rests on, and what it is scored by.

    Parameters
    ----------
    operation, figures, moment : as of `forecast.forecast`.

    Returns
    -------
    tuple
        The operation as it was known; its figures, those known first; and how many
        were known.

    Raises
    ------
    EvidenceError
        If nothing was known, or the figures would count anything twice.
    """
    then = as_of(operation, figures, moment)
    return (then, *_entries(then, figures, moment))


@dataclass(frozen=True, slots=True)
class ForecastTask:
    """What a forecast is asked, with the simulator that answers.

    Attributes
    ----------
    then : the operation as it was known.
    entries : documented figures, those known first.
    known : how many of them.
    simulator : answers them.
    sources : how they report.
    """

    then: AsOf
    entries: tuple[RecordEntry, ...]
    known: int
    simulator: OperationSimulator
    sources: ObservationModel

    @classmethod
    def of(
        cls, operation: Operation, figures: Sequence[Figure], moment: datetime
    ) -> "ForecastTask":
        """Return what a forecast as of a moment is asked.

        Raises
        ------
        EvidenceError
            If nothing was known, or the figures would count anything twice.
        """
        then, entries, known = known_at(operation, figures, moment)
        sources = ObservationModel(tuple(entry.claim for entry in entries))
        return cls(then, entries, known, _simulator(then, entries), sources)

    @property
    def seen(self) -> ObservationModel:
        """How the sources report that were known."""
        return self.sources.some(range(self.known))

    def chance_alone(
        self,
        points: Numbers,
        runs: int,
        rng: np.random.Generator,
        mapper: Mapper,
        tell: Tell,
    ) -> Outcomes:
        """Return runs of the middle of some draws, each with luck of its own.

        Parameters
        ----------
        points : of the draws.
        runs : how many.
        rng, mapper, tell : as of `forecast.draws_given`.
        """
        return self.simulator.outcomes(
            np.repeat(points.mean(axis=0)[None], runs, axis=0),
            new_luck(rng, runs, LUCK_PARTS),
            mapper,
            tell,
        )

    def reports(self, outcomes: Outcomes, rng: np.random.Generator) -> Numbers:
        """Return what would be reported of runs, of (run, entry)."""
        claims = self.sources.claims
        return predictive_reports(
            outcomes.quantities,
            *(self.sources, intervals(claims), range(self.known), rng),
        )


def _entries(
    then: AsOf, figures: Sequence[Figure], moment: datetime
) -> tuple[tuple[RecordEntry, ...], int]:
    """Return the figures known, then those to be predicted; and how many were known."""
    operation = then.operation
    known = record_of(figures, operation, published_by=moment).entries
    refuse_double_counting(known, given_facts(operation))
    names = {entry.figure.id for entry in known}
    later = tuple(
        entry
        for entry in record_of(figures, operation).entries
        if entry.figure.id not in names and _speaks_of_later(entry, then)
    )
    sites = origins_of(operation)
    found = [
        tuple(entry for entry in each if entry.figure.origin in sites)
        for each in (known, later)
    ]
    return (*found[0], *found[1]), len(found[0])


def _speaks_of_later(entry: RecordEntry, then: AsOf) -> bool:
    if entry.ends is not None:
        return sum(entry.ends) / 2 > then.moment_s
    return (
        entry.claim.unit == "time"
        and entry.claim.best * SECONDS_PER_HOUR > then.moment_s
    )


def _simulator(then: AsOf, entries: Sequence[RecordEntry]) -> OperationSimulator:
    operation = then.operation
    fields = uncertain_fields(operation)
    steps = operation.clock.moments(range(0, _DAY_S, _STEP_S), operation.ends)
    return OperationSimulator(
        operation,
        Prior(tuple(fields), tuple(fields.values())),
        probes_of(entries, operation.clock),
        origins_of(operation),
        tuple(sorted({0, then.moment_s, *steps})),
        tuple(operation.clock.days(operation.ends)),
    )
