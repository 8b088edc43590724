"""What was known by a moment of an operation: what was public, and what was planned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sim.evidence.figures import Figure
from sim.inference.record import known_by
from sim.scenario import Operation
from sim.scenario.moments import Hanging, earliest


@dataclass(frozen=True, slots=True)
class InformationSet:
    """A moment, and what was known by then.

    Attributes
    ----------
    moment_s : seconds after the start.
    rows : ids of all rows of the evidence table.
    public : ids of those published by the moment.
    plan : whether it was known what was planned.
    """

    moment_s: int
    rows: frozenset[str]
    public: frozenset[str]
    plan: bool

    @classmethod
    def by(
        cls, moment: datetime, figures: Iterable[Figure], operation: Operation
    ) -> "InformationSet":
        """Return what was known of an operation by a local time."""
        rows = tuple(figures)
        moment_s = operation.clock.seconds(moment.isoformat(timespec="seconds"))
        since_s = operation.plan_known
        return cls(
            moment_s,
            frozenset(row.id for row in rows),
            frozenset(row.id for row in rows if known_by(row, moment)),
            since_s is not None and since_s <= moment_s,
        )

    def begun(self, begins_s: int) -> bool:
        """Whether something had begun."""
        return begins_s <= self.moment_s

    def planned(self, since_s: int | None) -> bool:
        """Whether something was known to be planned, be it that all was.

        Nobody plans a stoppage, or weather.

        Parameters
        ----------
        since_s : when that became known; None if the scenario does not say.
        """
        return self.plan or (since_s is not None and self.begun(since_s))

    def foreseen(self, begins: int | Hanging | None, since_s: int | None) -> bool:
        """Whether something that can be planned had begun, or was known to be."""
        return self.planned(since_s) or self.begun(earliest(begins))

    def told(self, evidence: Sequence[str]) -> bool:
        """Whether any row that something rests on was public.

        What rests on no row is known to whoever wrote the scenario.
        """
        cited = self.rows.intersection(evidence)
        return not cited or bool(cited & self.public)
