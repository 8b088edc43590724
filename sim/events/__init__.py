"""What can happen in a run, why, and the log of it."""

from sim.events.kinds import SELDOM, Cause, Kind
from sim.events.log import (
    Event,
    EventLog,
    Row,
    RunLog,
    SilentLog,
    StationTimes,
    Timekeeper,
    Times,
    Trip,
)
from sim.events.reasons import NO_REASON, Reason, ReasonKind

__all__ = [
    "NO_REASON",
    "SELDOM",
    "Cause",
    "Event",
    "EventLog",
    "Kind",
    "Reason",
    "ReasonKind",
    "Row",
    "RunLog",
    "SilentLog",
    "StationTimes",
    "Timekeeper",
    "Times",
    "Trip",
]
