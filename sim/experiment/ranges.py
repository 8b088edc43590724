"""Ranges of a field: text to numbers with the unit that was typed, and back to text."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from sim.messages import joined
from sim.scenario import Clock
from sim.scenario.measures import DURATION
from sim.scenario.problems import RefusedError, quoted
from sim.scenario.quantity import Quantity

_NUMBER = re.compile(r"(\d{1,15}(?:\.\d{1,6})?) ?([A-Za-z%/]*)", re.ASCII)
_DIGITS = 6
"""How finely an interval is divided: a millionth of its width, about."""


class Range(NamedTuple):
    """Values between two ends.

    Attributes
    ----------
    low, high : ends, which belong to it.
    step : from one value to the next; 0 if there is a value everywhere.
    whole : whether only whole numbers are values: of people or vehicles, or of
        seconds.
    write : the text of a number.
    """

    low: Decimal
    high: Decimal
    step: Decimal
    whole: bool
    write: Callable[[Decimal], str]

    @property
    def steps(self) -> int:
        """How many values there are, if there is a step."""
        return int((self.high - self.low) // self.step) + 1

    def values(self) -> tuple[str, ...]:
        """Return the texts of all values, if there is a step."""
        numbers = (self.low + place * self.step for place in range(self.steps))
        return tuple(map(self.write, numbers))

    def at(self, share: float) -> str:
        """Return the text of the value at a share of the range, from 0 to below 1.

        Each whole number has an equal share of the range, its ends too.
        """
        width = self.high - self.low
        if self.whole:
            return self.write(self.low + int(Decimal(share) * (width + 1)))
        finest = Decimal(1).scaleb(width.adjusted() - _DIGITS)
        return self.write((self.low + Decimal(share) * width).quantize(finest))


def has_range(quantity: Quantity) -> bool:
    """Return whether a field holds numbers or moments, which have others between."""
    return quantity.spread is not None or quantity.name == "time of day"


def read_range(
    quantity: Quantity, clock: Clock, low: str, high: str, step: str = ""
) -> Range:
    """Return the range that texts name.

    Numbers of one unit keep it as typed, and a number without one takes that of the
    others. Dates, times of day, durations in mixed units and any durations without a
    step are counted in whole seconds.

    Parameters
    ----------
    quantity : the kind of field.
    clock : of the operation.
    low, high, step : each with its unit; the step between dates and times of day is a
        duration.

    Raises
    ------
    RefusedError
        If a text is no value of the field, or they do not make a range.
    """
    texts = [low, high, step] if step else [low, high]
    matches = [match for text in texts if (match := _NUMBER.fullmatch(text))]
    units = {match[2] for match in matches if match[2]}
    if len(matches) < len(texts) or len(units) > 1:
        found = _in_seconds(quantity, clock, texts)
    else:
        unit, numbers = "".join(units), [match[1] for match in matches]
        if quantity.unit == "s" and not step:
            texts = [f"{number} {unit}".strip() for number in numbers]
            found = _in_seconds(quantity, clock, texts)
        else:
            found = _as_typed(quantity, clock, [*map(Decimal, numbers)], unit)
    if found.low >= found.high:
        raise RefusedError(
            f"'{low} to {high}' does not end above its beginning",
            "Write the smaller value first.",
        )
    if step and found.step <= 0:
        raise RefusedError(f"a step of {quoted(step)} leads nowhere", "Write more.")
    if found.whole and found.step % 1:
        raise RefusedError(
            f"a step of {quoted(step)} leads off the whole numbers",
            "Write a whole number.",
        )
    return found


def _as_typed(
    quantity: Quantity, clock: Clock, numbers: list[Decimal], unit: str
) -> Range:
    """Return a range of numbers with one unit."""

    def write(number: Decimal) -> str:
        return f"{number.normalize():f} {unit}".strip()

    ends = [quantity.accept(write(number), clock) for number in numbers[:2]]
    low, high, step = [*numbers, Decimal(0)][:3]
    return Range(low, high, step, all(type(end) is int for end in ends), write)


def _in_seconds(quantity: Quantity, clock: Clock, texts: list[str]) -> Range:
    """Return a range of moments or durations.

    Raises
    ------
    RefusedError
        If the field is neither, or a text is not one.
    """
    if not quantity.unit.startswith("s"):
        raise RefusedError(
            f"{joined(map(quoted, texts), ' and ')} are not numbers of one unit",
            "Write all in the same unit.",
        )
    low, high = (_seconds(quantity, clock, text) for text in texts[:2])
    step = Decimal(int(DURATION.read(texts[2])) if len(texts) > 2 else 0)

    def write(number: Decimal) -> str:
        value = int(number)
        if quantity.from_number is not None:
            value = quantity.from_number(value, clock)
        return str(quantity.write(value, clock))

    return Range(low, high, step, True, write)


def _seconds(quantity: Quantity, clock: Clock, text: str) -> Decimal:
    value = quantity.accept(text, clock)
    if quantity.is_distribution:
        if not value.is_fixed:
            raise RefusedError(
                f"{quoted(text)} is a range itself", "Write one value for each end."
            )
        value = value.best
    return Decimal(int(value))
