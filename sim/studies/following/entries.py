"""What the log of a followed operation holds, and what stands of it at a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    field_validator,
)

from sim.evidence.figures import Figure
from sim.report.since_last import ExpectedMoments


class Logged(BaseModel):
    """What every entry says.

    Attributes
    ----------
    number : its place in the log, from 1.
    at : when it was made, with its zone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int
    at: AwareDatetime


class ScenarioTaken(Logged):
    """From now on the operation is what a scenario says, the first one too.

    Attributes
    ----------
    name : of the scenario.
    scenario : hash of it, after which its file is called.
    """

    kind: Literal["scenario"] = "scenario"
    name: str
    scenario: str = Field(pattern="^[0-9a-f]{64}$")


class FigureEntered(Logged):
    """A figure came.

    Attributes
    ----------
    cells : of its row of the evidence table.
    """

    kind: Literal["figure"] = "figure"
    cells: dict[str, str]

    @property
    def figure(self) -> Figure:
        """What they say."""
        return Figure.model_validate(self.cells)

    @field_validator("cells")
    @classmethod
    def _say_something(cls, cells: dict[str, str]) -> dict[str, str]:
        """Refuse what is no row, as of a program with other columns."""
        Figure.model_validate(cells)
        return cells


class EntryUndone(Logged):
    """A figure or a scenario no longer stands."""

    kind: Literal["undone"] = "undone"
    entry: int


class EntryRedone(Logged):
    """What was undone stands again."""

    kind: Literal["redone"] = "redone"
    entry: int


class ForecastMade(Logged):
    """A forecast was made.

    Attributes
    ----------
    moment : local time, as of which.
    rests : entries that stood.
    figures : rows that had been published by then.
    pool, draws, seed : with which it was made.
    full : whether it was made in full; else from the draws that another one has left.
    effective : independent draws of equal weight that those were worth; None in older
        logs of one in full.
    study : hash of the study.
    began : when it began.
    expected : when people of each site are expected to have arrived.
    """

    kind: Literal["forecast"] = "forecast"
    moment: datetime
    rests: tuple[int, ...]
    figures: tuple[str, ...]
    pool: int
    draws: int
    seed: int
    full: bool
    effective: float | None
    study: str = Field(pattern="^[0-9a-f]{64}$")
    began: AwareDatetime
    expected: tuple[ExpectedMoments, ...]


ENTRY: TypeAdapter[Logged] = TypeAdapter(
    Annotated[
        ScenarioTaken | FigureEntered | EntryUndone | EntryRedone | ForecastMade,
        Field(discriminator="kind"),
    ]
)
"""Reads one of them."""
Kind = TypeVar("Kind", bound=Logged)


@dataclass(frozen=True, slots=True)
class StandingEntries:
    """What stands after some entries of a log.

    Attributes
    ----------
    entries : all of them.
    undone : numbers of those that no longer stand.
    """

    entries: tuple[Logged, ...]
    undone: frozenset[int]

    @classmethod
    def of(
        cls, entries: Sequence[Logged], at: datetime | None = None
    ) -> "StandingEntries":
        """Return what stood at a moment, with its zone; what stands now if None."""
        seen = tuple(each for each in entries if at is None or each.at <= at)
        undone: set[int] = set()
        for entry in seen:
            if isinstance(entry, EntryUndone):
                undone.add(entry.entry)
            elif isinstance(entry, EntryRedone):
                undone.discard(entry.entry)
        return cls(seen, frozenset(undone))

    def of_kind(self, kind: type[Kind]) -> tuple[Kind, ...]:
        """Return the entries of a kind that stand."""
        return tuple(
            entry
            for entry in self.entries
            if isinstance(entry, kind) and entry.number not in self.undone
        )

    @property
    def scenario(self) -> ScenarioTaken:
        """The scenario of which all is told: the last one that stands."""
        return self.of_kind(ScenarioTaken)[-1]

    def later_than(self, moment: datetime) -> Logged | None:
        """Return the last entry that was made after a moment; None if none was.

        After the one of now there is one if the clock was moved back.
        """
        later = [entry for entry in self.entries if entry.at > moment]
        return max(later, key=lambda entry: entry.at, default=None)

    @property
    def rests(self) -> tuple[int, ...]:
        """Numbers of the figures and scenarios that stand."""
        both = (*self.of_kind(FigureEntered), *self.of_kind(ScenarioTaken))
        return tuple(sorted(entry.number for entry in both))

    @property
    def undoable(self) -> tuple[int, ...]:
        """Numbers of what can be undone: all that stands but the first scenario."""
        return self.rests[1:]

    @property
    def redoable(self) -> tuple[int, ...]:
        """Numbers of what can be redone, that which was undone last at the end."""
        last = {
            entry.entry: entry.number
            for entry in self.entries
            if isinstance(entry, EntryUndone)
        }
        return tuple(sorted(self.undone, key=lambda number: last[number]))

    def basis(
        self, moment: datetime, pool: int, draws: int, seed: int
    ) -> "tuple[ForecastMade, ...]":
        """Return the forecasts in full on whose draws another one can rest.

        They knew nothing that does not stand now, as of no later moment, so that the
        same ones are found again when what came since is undone. The best is last.

        Parameters
        ----------
        moment, pool, draws, seed : of the one that is to be made.
        """
        found = [
            each
            for each in self.of_kind(ForecastMade)
            if each.full
            and each.moment <= moment
            and set(each.rests) <= set(self.rests)
            and (each.pool, each.draws, each.seed) == (pool, draws, seed)
        ]
        return tuple(sorted(found, key=lambda each: (each.moment, len(each.rests))))
