"""What a spreadsheet holds in a cell, as the text that a scenario would say."""

import re
from datetime import date, datetime, time, timedelta

from sim.scenario.clock import SECONDS_PER_DAY
from sim.scenario.measures import DURATION
from sim.scenario.problems import number_text
from sim.scenario.quantity import Quantity
from sim.scenario.shapes import ListShape, Shape
from sim.scenario.workbook.sheets import Held

_MOMENT, _OF_DAY, _DURATION = "s after start", "s after midnight", "s"
_FIRST_DAY = datetime(1900, 1, 1)


def as_text(value: Held, shape: Shape | None = None) -> str:
    """Return the text that a cell says.

    Parameters
    ----------
    value : as the spreadsheet holds it.
    shape : what the cell may say; a time of day is a duration where one belongs.
    """
    inside = shape.item if isinstance(shape, ListShape) else shape
    unit = inside.unit if isinstance(inside, Quantity) else ""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if isinstance(value, date):
        return _moment(value)
    if isinstance(value, time | timedelta):
        return _span(value, unit)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if unit == _OF_DAY and 0 <= value < 1:
        return _clock(round(value * SECONDS_PER_DAY))
    return number_text(value)


def as_held(text: str, shape: Shape | None) -> Held:
    """Return what a spreadsheet holds best for a text: a number, a moment or a text.

    It reads as the same text.
    """
    candidate: Held = text
    if isinstance(shape, Quantity):
        candidate = moment_in(text) if shape.unit == _MOMENT else number_in(text)
    return candidate if as_text(candidate, shape) == text else text


def number_in(text: str) -> Held:
    """Return the number that a text is, or else the text."""
    return float(text) if re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII) else text


def moment_in(text: str) -> Held:
    """Return the local date and time that a text is, or else the text."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return found if found.tzinfo is None and found >= _FIRST_DAY else text


def _moment(value: date) -> str:
    """Return a moment to the second: a spreadsheet keeps it as a fraction of a day."""
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    rounded = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
    return rounded.isoformat(timespec="seconds" if rounded.second else "minutes")


def _span(value: time | timedelta, unit: str) -> str:
    """Return a time of day, or how long something takes: both look alike in a cell."""
    lasts = isinstance(value, timedelta)
    if isinstance(value, time):
        value = timedelta(
            hours=value.hour,
            minutes=value.minute,
            seconds=value.second,
            microseconds=value.microsecond,
        )
    seconds = round(value.total_seconds())
    if unit == _DURATION or (lasts and unit != _OF_DAY):
        return str(DURATION.write(seconds))
    return _clock(seconds)


def _clock(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, last = divmod(rest, 60)
    return f"{hours:02d}:{minutes:02d}" + (f":{last:02d}" if last else "")
