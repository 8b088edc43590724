"""What had been made public by a moment of an operation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sim.evidence.figures import Figure
from sim.inference.record import known_by
from sim.scenario import Clock


@dataclass(frozen=True, slots=True)
class InformationSet:
    """A moment, and the rows of the evidence table that were public by then.

    Attributes
    ----------
    moment_s : seconds after the start.
    rows : ids of all rows.
    public : ids of those published by the moment.
    """

    moment_s: int
    rows: frozenset[str]
    public: frozenset[str]

    @classmethod
    def by(
        cls, moment: datetime, figures: Iterable[Figure], clock: Clock
    ) -> "InformationSet":
        """Return what was known by a local time."""
        rows = tuple(figures)
        return cls(
            clock.seconds(moment.isoformat(timespec="minutes")),
            frozenset(row.id for row in rows),
            frozenset(row.id for row in rows if known_by(row, moment)),
        )

    def begun(self, begins_s: int) -> bool:
        """Whether something had begun."""
        return begins_s <= self.moment_s

    def told(self, evidence: Sequence[str]) -> bool:
        """Whether any row that something rests on was public.

        What rests on no row is known to whoever wrote the scenario.
        """
        cited = self.rows.intersection(evidence)
        return not cited or bool(cited & self.public)
