"""Reasons in words: the one place that makes sentences of them. Nobody parses these."""

from collections.abc import Mapping
from types import MappingProxyType

from sim.events import Cause, Reason, ReasonKind

WORDS: Mapping[ReasonKind, str] = MappingProxyType(
    {
        ReasonKind.NONE: "",
        ReasonKind.NOT_IN_FORCE: "{agreement}: {note}",
        ReasonKind.SUSPENDED: "{agreement}: suspended by {stoppage}",
        ReasonKind.BREACHED: "{agreement}: breached",
        ReasonKind.WAITS_FOR_SIDE: "{agreement}: waits for {side}",
        ReasonKind.HOLDS_BACK: "{agreement}: {side} holds back",
        ReasonKind.NOTHING_MORE_AGREED: "{agreement}: nothing more is agreed",
        ReasonKind.CLOSED: "{stoppage}",
        ReasonKind.DETAINED: "{stoppage}",
        ReasonKind.STOPPAGE: "{stoppage}",
        ReasonKind.PRECONDITION: "{note}",
        ReasonKind.DEADLINE: "deadline",
        ReasonKind.GAVE_UP: "{agreement}: {side} gave up waiting",
        ReasonKind.RETURNED: "{agreement}: {side} came back",
        ReasonKind.SIDE: "{agreement}: {side}",
    }
)
"""What a reason of each kind says, its fields in braces."""
_WITHOUT_NOTE: Mapping[ReasonKind, str] = MappingProxyType(
    {ReasonKind.NOT_IN_FORCE: "{agreement}: not in force yet"}
)


def sentence(reason: Reason) -> str:
    """Return a reason in words, as `exchange: waits for villages`; empty if none."""
    words = WORDS[reason.kind]
    if not reason.note:
        words = _WITHOUT_NOTE.get(reason.kind, words)
    return words.format_map(reason._asdict())


def why(cause: str, reason: Reason) -> str:
    """Return a cause of waiting, and in brackets what is behind it, if anything."""
    words = sentence(reason)
    if words and cause == Cause.ROAD:  # only the way back of who was turned back
        return f"{cause}, turned back ({words})"
    return f"{cause} ({words})" if words else str(cause)
