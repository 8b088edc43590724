"""Causes, reasons and states in words: the one place that makes sentences of them.

Nobody parses these.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sim.events import Cause, Kind, Reason, ReasonKind
from sim.messages import Sentence, Text, say
from sim.metrics.spans import UNCHARGED
from sim.scenario import Operation
from sim.scenario.titles import of_agreement, of_place, of_side, of_stoppage

CAUSES: Mapping[str, Sentence] = MappingProxyType(
    {
        Cause.NOT_BEGUN: say("not begun"),
        Cause.AGREEMENT: say("agreement"),
        Cause.STOPPAGE: say("stoppage"),
        Cause.OUTSIDE_HOURS: say("outside hours"),
        Cause.NO_VEHICLE: say("no vehicle"),
        Cause.HEADWAY: say("headway or pace"),
        Cause.BAY: say("loading bay"),
        Cause.BOARDING: say("boarding"),
        Cause.ROAD: say("road"),
        Cause.QUEUE: say("queue"),
        Cause.INSPECTION: say("inspection"),
        Cause.DETENTION: say("detention"),
        Cause.UNLOADING: say("unloading"),
        Cause.NO_SERVICE: say("no flow"),
        Cause.NOT_READY: say("not ready"),
        Cause.FULL: say("destination full"),
        UNCHARGED: say("uncharged"),
    }
)
"""What waiting is charged to."""

STATES: Mapping[Kind, Sentence] = MappingProxyType(
    {
        Kind.PROPOSED: say("proposed"),
        Kind.IN_FORCE: say("in force"),
        Kind.SUSPENDED: say("suspended"),
        Kind.BREACHED: say("breached"),
        Kind.RENEGOTIATED: say("new terms"),
        Kind.COMPLETED: say("completed"),
        Kind.REOPENED: say("in force again"),
        Kind.LAPSED: say("lapsed"),
    }
)
"""What agreements can be, in the order of their lives."""

REASONS: Mapping[ReasonKind, Callable[[Reason], Text]] = MappingProxyType(
    {
        ReasonKind.NONE: lambda _: None,
        ReasonKind.NOT_IN_FORCE: lambda reason: (
            say("{agreement}: {note}", agreement=reason.agreement, note=reason.note)
            if reason.note
            else say("{agreement}: not in force yet", agreement=reason.agreement)
        ),
        ReasonKind.NOT_CONCLUDED: lambda reason: say(
            "{agreement}: was not concluded", agreement=reason.agreement
        ),
        ReasonKind.SUSPENDED: lambda reason: say(
            "{agreement}: suspended by '{stoppage}'",
            agreement=reason.agreement,
            stoppage=reason.stoppage,
        ),
        ReasonKind.BREACHED: lambda reason: say(
            "{agreement}: breached", agreement=reason.agreement
        ),
        ReasonKind.WAITS_FOR_SIDE: lambda reason: say(
            "{agreement}: waits for {side}",
            agreement=reason.agreement,
            side=reason.side,
        ),
        ReasonKind.HOLDS_BACK: lambda reason: say(
            "{agreement}: {side} holds back",
            agreement=reason.agreement,
            side=reason.side,
        ),
        ReasonKind.NEXT_PERIOD: lambda reason: (
            say("{agreement}: waits for the next week", agreement=reason.agreement)
            if reason.note == "week"
            else say("{agreement}: waits for the next day", agreement=reason.agreement)
        ),
        ReasonKind.PACE: lambda reason: say(
            "{agreement}: {side} moves at most {pace}",
            agreement=reason.agreement,
            side=reason.side,
            pace=reason.note,
        ),
        ReasonKind.NOTHING_MORE_AGREED: lambda reason: say(
            "{agreement}: nothing more is agreed", agreement=reason.agreement
        ),
        ReasonKind.CLOSED: lambda reason: reason.stoppage,
        ReasonKind.DETAINED: lambda reason: reason.stoppage,
        ReasonKind.OUTSIDE_HOURS: lambda reason: reason.place,
        ReasonKind.FULL: lambda reason: reason.place,
        ReasonKind.NOBODY_THERE: lambda reason: say(
            "nobody to pick up at {place} yet", place=reason.place
        ),
        ReasonKind.STOPPAGE: lambda reason: reason.stoppage,
        ReasonKind.CONVOY_CAME: lambda reason: say(
            "{convoy} came to {place}", convoy=reason.note, place=reason.place
        ),
        ReasonKind.DIVERTED: lambda reason: say(
            "{stoppage}: to {route}", stoppage=reason.stoppage, route=reason.note
        ),
        ReasonKind.STOOD_TOO_LONG: lambda reason: say(
            "{stoppage}: gave up waiting", stoppage=reason.stoppage
        ),
        ReasonKind.PRECONDITION: lambda reason: reason.note,
        ReasonKind.DEADLINE: lambda _: say("deadline"),
        ReasonKind.GIVEN_UP: lambda reason: say(
            "{agreement}: was given up", agreement=reason.agreement
        ),
        ReasonKind.GAVE_UP: lambda reason: say(
            "{agreement}: {side} gave up waiting",
            agreement=reason.agreement,
            side=reason.side,
        ),
        ReasonKind.RETURNED: lambda reason: say(
            "{agreement}: {side} came back",
            agreement=reason.agreement,
            side=reason.side,
        ),
        ReasonKind.FLOW_PACE: lambda _: say("no more may set out in this day or week"),
        ReasonKind.MOMENT: lambda reason: reason.note,
        ReasonKind.SIDE: lambda reason: say(
            "{agreement}: {side}", agreement=reason.agreement, side=reason.side
        ),
    }
)
"""What a reason of each kind says."""


def said(reason: Reason, operation: Operation) -> Text:
    """Return a reason in words, as `exchange: waits for villages`; None if none.

    Parameters
    ----------
    operation : whose titles are used.
    """
    return REASONS[reason.kind](_titled(reason, operation))


def _titled(reason: Reason, operation: Operation) -> Reason:
    agreement, side = operation.agreements.get(reason.agreement), reason.side
    return reason._replace(
        agreement=of_agreement(operation, reason.agreement),
        side=of_side(operation, agreement, side) if agreement and side else side,
        stoppage=of_stoppage(operation, reason.stoppage),
        place=of_place(operation, reason.place),
    )


def why(cause: str, reason: Reason, operation: Operation) -> Text:
    """Return a cause of waiting, and in brackets what is behind it, if anything.

    Parameters
    ----------
    operation : whose titles are used.
    """
    words, behind = CAUSES.get(cause, cause), said(reason, operation)
    if not behind:
        return words
    if reason.kind is ReasonKind.DIVERTED:
        return say("{cause}, diverted ({reason})", cause=words, reason=behind)
    if cause == Cause.ROAD:  # only the way back of who was turned back
        return say("{cause}, turned back ({reason})", cause=words, reason=behind)
    return say("{cause} ({reason})", cause=words, reason=behind)
