"""Numbers, moments and durations as people write them."""

from collections.abc import Iterable
from math import isfinite

from sim.scenario import Clock

NEVER = "not by the end"


def number(value: float) -> str:
    """Return a whole number with thousands set apart."""
    return f"{value:,.0f}" if isfinite(value) else NEVER


def decimal(value: float) -> str:
    """Return a number with a decimal if it is small and not whole."""
    whole = float(value).is_integer() or abs(value) >= 100
    return number(value) if whole or not isfinite(value) else f"{value:,.1f}"


def moment(clock: Clock, seconds: float) -> str:
    """Return a moment as local date and time, to the minute."""
    if not isfinite(seconds):
        return NEVER
    return f"{clock.local(round(seconds)):%Y-%m-%d %H:%M}"


def duration(seconds: int) -> str:
    """Return a duration in days, hours and minutes; less than a minute in seconds."""
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3600)
    minutes = rest // 60
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min" if minutes else f"{rest} s"


def person_hours(seconds: float) -> str:
    """Return person-seconds as person-hours."""
    return f"{seconds / 3600:,.1f}"


def listed(words: Iterable[str], before_last: str) -> str:
    """Return words as `a, b or c`, with what stands before the last."""
    *first, last = words
    return f"{', '.join(first)} {before_last} {last}" if first else last
