"""Reasons, built in a word, and in words."""

from sim.events import Reason, ReasonKind
from sim.words.reasons import said
from tests.builders import in_words, operation


def sentence(reason: Reason) -> str:
    """Return a reason in words, in an operation that has no titles."""
    return in_words(said(reason, operation()))


def closed(stoppage: str, place: str = "") -> Reason:
    return Reason(ReasonKind.CLOSED, stoppage=stoppage, place=place)


def detained(stoppage: str, place: str) -> Reason:
    return Reason(ReasonKind.DETAINED, stoppage=stoppage, place=place)


def stoppage(name: str) -> Reason:
    return Reason(ReasonKind.STOPPAGE, stoppage=name)


def waits_for(side: str, agreement: str = "swap") -> Reason:
    return Reason(ReasonKind.WAITS_FOR_SIDE, agreement, side)
