"""What a planner at a moment did not know, and what takes its place."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class NotKnown:
    """Something was still to come, and no other of its kind is foreseen in its place.

    Attributes
    ----------
    what : an agreement, the later terms of one, a stoppage, weather, when people of a
        site get ready, come, withdraw or move on, what changes at a gate, a
        checkpoint or a leg, or the later phases of a flow.
    """

    what: Literal[
        "agreement", "terms", "stoppage", "weather", "people", "place", "phases"
    ]
    name: str


@dataclass(frozen=True, slots=True)
class FlowNotKnown:
    """A flow was still to come.

    Attributes
    ----------
    instead : the flow that goes on for its people; empty if none does.
    """

    name: str
    instead: str


@dataclass(frozen=True, slots=True)
class Opens:
    """A flow that had not opened goes on for people whom no other one takes.

    Attributes
    ----------
    opens_s : as the scenario says; None if it is at the moment of the forecast.
    """

    name: str
    opens_s: int | None


@dataclass(frozen=True, slots=True)
class VehiclesNotKnown:
    """Vehicles were still to join a fleet.

    Attributes
    ----------
    vehicles : how many.
    known : whether any of the fleet had joined.
    """

    fleet: str
    vehicles: int
    known: bool


@dataclass(frozen=True, slots=True)
class GoesOn:
    """A stoppage, or weather, had not ended.

    Attributes
    ----------
    lasts_h : from the moment on.
    until_s : when that is; None if it is the mean of what is drawn at random.
    """

    name: str
    lasts_h: float
    until_s: int | None


@dataclass(frozen=True, slots=True)
class MayStop:
    """Stoppages to come at a site, drawn at random.

    Attributes
    ----------
    gap_h : hours of open gates before one, on average.
    lasts_h : on average; both in the middle of what is believed of them.
    """

    site: str
    gap_h: float
    lasts_h: float


@dataclass(frozen=True, slots=True)
class StopsAsWritten:
    """Stoppages to come at a site are those that the scenario draws at random.

    Attributes
    ----------
    names : of the stoppages.
    """

    site: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MayCome:
    """A stoppage that the scenario gives a chance of coming is kept as it is written.

    Attributes
    ----------
    chance : in each run, whether its moment is over or still to come.
    """

    name: str
    chance: float


@dataclass(frozen=True, slots=True)
class PlanKnown:
    """What was planned was known: that it joins, opens or begins later is kept.

    Attributes
    ----------
    since_s : s after the start.
    """

    since_s: int


@dataclass(frozen=True, slots=True)
class EndNotKnown:
    """When the operation ended.

    Attributes
    ----------
    days : that are run after the moment.
    """

    days: int


Change = (
    NotKnown
    | FlowNotKnown
    | Opens
    | VehiclesNotKnown
    | GoesOn
    | MayStop
    | StopsAsWritten
    | MayCome
    | PlanKnown
    | EndNotKnown
)
