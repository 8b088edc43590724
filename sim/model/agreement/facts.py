"""What an agreement can be, what it is told, and what follows from that."""

from enum import StrEnum
from typing import NamedTuple

from sim.events import Reason
from sim.model.agreement.claim import Claim


class State(StrEnum):
    """What an agreement can be."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    IN_FORCE = "in force"
    BREACHED = "breached"
    COMPLETED = "completed"
    LAPSED = "lapsed"


class Fact(StrEnum):
    """What can happen to an agreement."""

    PERIOD = "a day or a week of the calendar begins"
    PROPOSED = "it is proposed"
    MET = "a precondition is met"
    UNMET = "a precondition is no more met"
    FORMED = "a convoy is formed"
    PARTED = "the first vehicles of a convoy go on without the others"
    READY = "convoys stand at their gate able to go"
    NOT_READY = "convoys cannot go any more"
    LET_THROUGH = "a convoy is let through"
    MOVED = "a convoy has crossed, or arrived"
    RECOUNTED = "a convoy has lost people or vehicles, or picked people up"
    GAVE_UP = "a convoy turns back or is lost"
    LEFT = "a side has nobody left, or again somebody"
    SUSPENDED = "a stoppage suspends it"
    RESUMED = "that stoppage is over"
    BREACHED = "it is broken"
    AMENDED = "its terms are amended"
    DEADLINE = "its deadline passes"
    SETTLED = "changes by date are over in this second"


class Became(NamedTuple):
    """It is in another state, because of something."""

    state: State
    reason: Reason
    before: State


class Renegotiated(NamedTuple):
    """It has new terms."""


class Opened(NamedTuple):
    """Tranches are open to a side."""

    side: str
    tranches: int
    moved: int


class TranchesCompleted(NamedTuple):
    """A side has completed tranches."""

    side: str
    tranches: int
    moved: int


class Counted(NamedTuple):
    """A convoy counts as moved, or not any more."""

    side: str
    convoy: int
    claim: Claim
    taken_back: bool


class SettleLater(NamedTuple):
    """It has to be told when all changes by date of this second are over."""


class LookAtGate(NamedTuple):
    """There is news for those of a side who stand at its gate."""

    side: str


class LookForConvoys(NamedTuple):
    """The flows of a side may send a convoy again, or may not any more."""

    side: str


Effect = (
    Became
    | Renegotiated
    | Opened
    | TranchesCompleted
    | Counted
    | SettleLater
    | LookAtGate
    | LookForConvoys
)
"""What a gate, a flow or the log has to be told, once a fact is taken in."""
