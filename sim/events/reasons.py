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
    NOT_CONCLUDED = "not_concluded"  # agreement: by chance it never is in this run
    SUSPENDED = "suspended"  # agreement, stoppage
    BREACHED = "breached"  # agreement
    WAITS_FOR_SIDE = "waits_for_side"  # agreement, side: another side, or its own
    HOLDS_BACK = "holds_back"  # agreement, side: by its policy it does not go on
    NEXT_PERIOD = "next_period"  # agreement; note: `day` or `week`, the next tranche's
    PACE = "pace"  # agreement, side; note: the most that it moves in a day or week
    NOTHING_MORE_AGREED = "nothing_more_agreed"  # agreement
    CLOSED = "closed"  # stoppage, place: the gate
    DETAINED = "detained"  # stoppage, place
    FLOW_PACE = "flow_pace"  # as much as may has set out in this day or week
    OUTSIDE_HOURS = "outside_hours"  # place: the gate, leg or site that has hours
    FULL = "full"  # place: the destination
    NOBODY_THERE = "nobody_there"  # place: the site at which somebody is to join
    # Why something happened
    STOPPAGE = "stoppage"  # stoppage
    CONVOY_CAME = "convoy_came"  # place, note: which convoy came there
    DIVERTED = "diverted"  # stoppage, place, note: onto which route
    STOOD_TOO_LONG = "stood_too_long"  # stoppage, place: its patience was over
    PRECONDITION = "precondition"  # agreement, note: which
    DEADLINE = "deadline"  # agreement
    GIVEN_UP = "given_up"  # agreement: its sides have given it up
    GAVE_UP = "gave_up"  # agreement, side: it had stood too long
    RETURNED = "returned"  # agreement, side: people or vehicles of it came back
    MOMENT = "moment"  # note: what it hangs on, as the scenario writes it
    SIDE = "side"  # agreement, side: whose movement or tranche it is


class Reason(NamedTuple):
    """A reason and its fields; those that its kind does not have are empty.

    Attributes
    ----------
    kind : which of the reasons.
    agreement, side : of which agreement, and which of its sides.
    stoppage : which stoppage.
    place : at which gate, checkpoint, leg or site, or which site is full.
    note : a precondition, by its name or in the words of the scenario; a pace, in its
        words; a period of the calendar; a fleet, a convoy or a route.
    """

    kind: ReasonKind = ReasonKind.NONE
    agreement: str = ""
    side: str = ""
    stoppage: str = ""
    place: str = ""
    note: str = ""


NO_REASON = Reason()
