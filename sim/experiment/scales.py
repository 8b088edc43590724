"""What the values of a varied field are measured in: texts to numbers of one unit."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.scenario import Clock
from sim.scenario.quantities import MOMENTS
from sim.scenario.quantity import Quantity
from sim.scenario.shapes import shape_at

_NUMBER = re.compile(r"(\d{1,15}(?:\.\d{1,6})?) ?([A-Za-z%/]*)", re.ASCII)
_DURATIONS = (("h", SECONDS_PER_HOUR), ("min", 60), ("s", 1))
_TIME_OF_DAY = "s after midnight"
LOCAL_TIME = "local time"


@dataclass(frozen=True, slots=True)
class Scale:
    """The values that a field takes, in order.

    Attributes
    ----------
    path : of the field.
    unit : as typed, if all values have the same; `local time` for dates, whose numbers
        are seconds after the start. Empty for counts and words.
    levels : the texts, each once: rising if they are numbers, else as they came.
    numbers : of each text; empty if one of them is no number.
    """

    path: str
    unit: str
    levels: tuple[str, ...]
    numbers: Mapping[str, float]

    @property
    def column(self) -> str:
        """What a column of its values is called."""
        return f"{self.path} [{self.unit}]" if self.unit else self.path


def scale_of(path: str, texts: Iterable[str], clock: Clock) -> Scale:
    """Return what the values of a field are measured in.

    Parameters
    ----------
    path : of the field, which exists.
    texts : values, each of which is allowed there.
    clock : of the operation, for dates.
    """
    levels = tuple(dict.fromkeys(texts))
    shape = shape_at(path.split("."))
    unit, numbers = "", None
    if isinstance(shape, Quantity):
        unit, numbers = _measured(levels, shape, clock)
    if numbers is None:
        return Scale(path, "", levels, {})
    known = dict(zip(levels, numbers, strict=True))
    return Scale(path, unit, tuple(sorted(levels, key=known.__getitem__)), known)


def _measured(
    levels: tuple[str, ...], quantity: Quantity, clock: Clock
) -> tuple[str, list[float] | None]:
    """Return the unit of all values, and the numbers; None if one is no number."""
    typed = [_NUMBER.fullmatch(text) for text in levels]
    units = {match[2] if match else None for match in typed}
    if len(units) == 1 and None not in units:
        return str(units.pop()), [float(match[1]) for match in typed if match]
    numbers = [_number(quantity, quantity.accept(text, clock)) for text in levels]
    known = [number for number in numbers if number is not None]
    if len(known) < len(numbers):
        return "", None
    if quantity in MOMENTS:
        return LOCAL_TIME, known
    if quantity.unit == _TIME_OF_DAY:
        return "h after midnight", [number / SECONDS_PER_HOUR for number in known]
    if quantity.unit == "s":
        unit, seconds = _duration_unit(known)
        return unit, [number / seconds for number in known]
    return quantity.unit, known


def _duration_unit(durations_s: list[float]) -> tuple[str, int]:
    """Return a unit in which durations are whole, or else not too small."""
    for unit, seconds in _DURATIONS[:-1]:
        if not any(duration % seconds for duration in durations_s):
            return unit, seconds
    fits = (each for each in _DURATIONS if max(durations_s) >= 2 * each[1])
    return next(fits, _DURATIONS[-1])


def _number(quantity: Quantity, value: Any) -> float | None:
    """Return the one number that a value is, None if it is none or many."""
    if quantity.is_distribution:
        return float(value.best) if value.is_fixed else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)
