"""One documented figure: a row of the evidence table that says one thing."""

from collections.abc import Callable
from datetime import datetime
from typing import Self

from pydantic import model_validator

from sim.evidence.row import EvidenceRow
from sim.evidence.rules import InconsistentFigureError, inconsistencies
from sim.metrics.waiting import SECONDS_PER_HOUR

ToSeconds = Callable[[str], int]
"""Turns a local time as `2016-12-15T14:30` into seconds after the start, as
`sim.scenario.clock.Clock.seconds`; negative before it."""


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


def second_of(moment: datetime, to_seconds: ToSeconds) -> int:
    """Return how many seconds after the start a local moment of a table is."""
    return to_seconds(moment.isoformat(timespec="minutes"))


def number_of(value: float | datetime | None, to_seconds: ToSeconds) -> float | None:
    """Return a value of a figure as a number; a moment in hours after the start."""
    if isinstance(value, datetime):
        return second_of(value, to_seconds) / SECONDS_PER_HOUR
    return value
