"""One documented figure: a row of the evidence table that says one thing."""

from typing import Self

from pydantic import model_validator

from sim.evidence.row import EvidenceRow
from sim.evidence.rules import InconsistentFigureError, inconsistencies


class Figure(EvidenceRow):
    """One number that somebody has documented, with what it means and who says so.

    `low` and `high` are what the source supports, not a guess at noise. Only rows with
    the role `fit` are shown to calibration.
    """

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        found = tuple(inconsistencies(self))
        if found:
            raise InconsistentFigureError(found)
        return self

    def __hash__(self) -> int:
        """Return the hash of the name, which no two rows of a table share."""
        return hash(self.id)
