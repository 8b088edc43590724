"""Reads and writes dates, times of day and daily hours."""

import re

from sim.distributions import Distribution
from sim.messages import say
from sim.scenario.clock import SECONDS_PER_DAY, Clock, Hours
from sim.scenario.problems import RefusedError, quoted
from sim.scenario.quantity import NoClockError
from sim.scenario.spreads import read_range


def read_moment(text: str, clock: Clock | None) -> int:
    """Return when a local date and time is, in seconds after the start.

    Raises
    ------
    NoClockError
        If there is no clock.
    RefusedError
        If it is no such time, or outside the operation.
    """
    if clock is None:
        raise NoClockError(
            say(
                "{found} has no meaning without the operation's zone and start",
                found=quoted(text),
            ),
            say("Pass {code}.", code="context={'clock': Clock(zone, starts)}"),
        )
    return checked_moment(clock.seconds(text), clock, text)


def checked_moment(value: float, clock: Clock | None, text: str = "") -> int:
    """Return a moment as whole seconds.

    Raises
    ------
    RefusedError
        If it lies outside the operation.
    """
    seconds = round(value)
    shown = quoted(text) if text else say("second {seconds}", seconds=seconds)
    if seconds < 0:
        starts = clock.starts if clock else "0"
        raise RefusedError(
            say(
                "{shown} is before the operation starts ({starts})",
                shown=shown,
                starts=starts,
            ),
            say("Write a later time, or let the operation start earlier."),
        )
    if clock and clock.horizon_s is not None and seconds > clock.horizon_s:
        raise RefusedError(
            say(
                "{shown} is after the operation ends ({ends})",
                shown=shown,
                ends=clock.text(clock.horizon_s),
            ),
            say("Write an earlier time, or let the operation end later."),
        )
    return seconds


def read_any_moment(text: str, clock: Clock | None) -> int:
    """Return when a local date and time is, which may be before the start.

    Raises
    ------
    NoClockError
        If there is no clock.
    RefusedError
        If it is no such time, or after the operation.
    """
    if clock is None:
        return read_moment(text, clock)
    seconds = clock.seconds(text)
    return seconds if seconds < 0 else checked_moment(seconds, clock, text)


def write_moment(value: int, clock: Clock | None) -> str | int:
    """Return a moment as local date and time, or in seconds without a clock."""
    return clock.text(value) if clock else value


def spread_moment(text: str, clock: Clock | None) -> Distribution:
    """Return a date, or a range of dates, as a distribution."""
    return read_range(text, lambda part: read_moment(part, clock))


def read_time(
    text: str, clock: Clock | None = None, most: int = SECONDS_PER_DAY - 1
) -> int:
    """Return a time of day in seconds after midnight.

    Raises
    ------
    RefusedError
        If it is none, or later than `most`.
    """
    match = re.fullmatch(r"(\d{1,2}):(\d\d)(?::(\d\d))?", text, re.ASCII)
    if match:
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        total = hours * 3_600 + minutes * 60 + seconds
        if total <= most and minutes < 60 and seconds < 60:
            return total
    raise RefusedError(
        say("{found} is not a time of day", found=quoted(text)),
        say("Write hours and minutes from 00:00 to 23:59, for example 06:00."),
    )


def write_time(value: int, clock: Clock | None = None) -> str:
    """Return a time of day as hours and minutes."""
    minutes, seconds = divmod(value, 60)
    text = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds else text


def read_hours(text: str, clock: Clock | None) -> Hours:
    """Return the hours of the day that a text names.

    Raises
    ------
    RefusedError
        If it names none, or they never open.
    """
    opens, to, closes = text.partition(" to ")
    if not to:
        raise RefusedError(
            say("{found} are not hours of the day", found=quoted(text)),
            say("Write for example '06:00 to 20:00'."),
        )
    hours = Hours(
        read_time(opens.strip()), read_time(closes.strip(), most=SECONDS_PER_DAY)
    )
    if hours.opens == hours.closes:
        raise RefusedError(
            say("{found} never opens", found=quoted(text)),
            say("Write two different times, or '00:00 to 24:00' for the whole day."),
        )
    return hours


def write_hours(hours: Hours, clock: Clock | None = None) -> str:
    """Return hours of the day as a file writes them."""
    return f"{write_time(hours.opens)} to {write_time(hours.closes)}"
