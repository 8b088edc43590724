"""Why somebody waits, or why something happened: typed values, never sentences.

Who waits for whom follows from the fields. Sentences are made where they are read, by
`sim.report.reasons`.
"""

from enum import StrEnum
from typing import NamedTuple


class ReasonKind(StrEnum):
    """What kind of reason; behind each are the fields that it has."""

    NONE = ""
    # Why a convoy stands, or no convoy is sent
    NOT_IN_FORCE = "not_in_force"  # agreement; note: the first precondition unmet
    SUSPENDED = "suspended"  # agreement, stoppage
    BREACHED = "breached"  # agreement
    WAITS_FOR_SIDE = "waits_for_side"  # agreement, side: another side, or its own
    HOLDS_BACK = "holds_back"  # agreement, side: by its policy it does not go on
    NOTHING_MORE_AGREED = "nothing_more_agreed"  # agreement
    CLOSED = "closed"  # stoppage, place: the gate
    DETAINED = "detained"  # stoppage, place
    FULL = "full"  # place: the destination
    # Why something happened
    STOPPAGE = "stoppage"  # stoppage
    PRECONDITION = "precondition"  # agreement, note: which
    DEADLINE = "deadline"  # agreement
    GAVE_UP = "gave_up"  # agreement, side: it had stood too long
    RETURNED = "returned"  # agreement, side: people or vehicles of it came back
    SIDE = "side"  # agreement, side: whose movement or tranche it is


class Reason(NamedTuple):
    """A reason and its fields; those that its kind does not have are empty.

    Attributes
    ----------
    kind : which of the reasons.
    agreement, side : of which agreement, and which of its sides.
    stoppage : which stoppage.
    place : at which gate or checkpoint, or which site is full.
    note : a precondition, by its name or in the words of the scenario.
    """

    kind: ReasonKind = ReasonKind.NONE
    agreement: str = ""
    side: str = ""
    stoppage: str = ""
    place: str = ""
    note: str = ""


NO_REASON = Reason()
