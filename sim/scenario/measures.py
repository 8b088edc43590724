"""Numbers with units, read from text and written back, by closed lists of units.

Nothing is guessed: a number without its unit, a comma, or a clock time where a
duration is meant is refused with a sentence that says what to write.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from sim.scenario.problems import RefusedError, nearest, number_text, quoted

_COMMA = "has a comma in a number"
_NUMBER = r"\d{1,15}(?:\.\d{1,40})?"
_PART = re.compile(rf"({_NUMBER}) ?([A-Za-z%/]*) ?", re.ASCII)
_NOTHING = 1e-12
"""Less than this is 0, so that every value can be written in digits."""
_NEGATIVE = re.compile(r"[-\u2212] ?\d", re.ASCII)
_SLIPS = (
    (re.compile(r"\d,\d{3}(?!\d)", re.ASCII), _COMMA, ",", ("", ".")),
    (re.compile(r"\d,\d", re.ASCII), _COMMA, ",", (".",)),
    (re.compile(r"\d_\d", re.ASCII), "has an underscore in a number", "_", ("",)),
)
"""What people write for a number: how it looks, what it is, what to write."""
_NOT_NUMBERS = re.compile(r"[-+]?\.?(nan|inf|infinity)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a number may be: its units, its bounds and how it is written.

    Attributes
    ----------
    name : with its article, as in "a duration".
    units : unit to its size in the base unit; the empty unit is a bare number.
    examples : for error messages.
    least, most : bounds in the base unit.
    whole : rounded to whole base units; several units may be combined.
    misnomers : what people write for a unit.
    usual : unit of the examples.
    """

    name: str
    units: Mapping[str, Fraction]
    examples: str
    most: float
    most_text: str
    least: float = 0.0
    whole: bool = False
    misnomers: Mapping[str, str] = field(default_factory=dict)
    usual: str = ""

    def read(self, text: str, unit: str = "") -> float:
        """Return the value of `text` in the base unit.

        Parameters
        ----------
        text : for example `1 h 30 min`.
        unit : of a number that has none of its own.

        Raises
        ------
        RefusedError
            If the text is not such a number, or out of bounds.
        """
        parts = _parts(text)
        if not parts or (len(parts) > 1 and not self.whole):
            raise self._no_number(text)
        sizes = [self._size(text, number, own or unit) for number, own in parts]
        if any(later >= earlier for earlier, later in pairwise(sizes)):
            raise RefusedError(
                f"{quoted(text)} does not go from the larger unit to the smaller",
                "Write for example 1 h 30 min.",
            )
        exact = sum(
            Fraction(number) * size
            for (number, _), size in zip(parts, sizes, strict=True)
        )
        if self.whole and 0 < exact < 1:
            raise self._too_small(text)
        return self.checked(round(exact) if self.whole else float(exact), text)

    def checked(self, value: float, text: str) -> float:
        """Return `value` as a float if it lies within the bounds.

        Raises
        ------
        RefusedError
            If it does not.
        """
        if value > self.most:
            raise RefusedError(
                f"{quoted(text)} is more than {self.most_text}", "Check the unit."
            )
        if not value >= self.least:
            raise self._too_small(text)
        return float(value) if value > _NOTHING else 0.0

    def write(self, value: float) -> str:
        """Return the text that reads as `value`."""
        if self.whole:
            return self._compound(round(value))
        base = min(self.units, key=lambda unit: abs(self.units[unit] - 1))
        # A bare number would borrow the unit of the next one, so none is mixed in.
        units = {"": self.units[""]} if "" in self.units else self.units
        for unit, size in units.items():
            for digits in (6, 15):
                number = f"{value / float(size):.{digits}g}"
                if "e" not in number and self._reads_as(f"{number} {unit}", value):
                    return f"{number} {unit}".strip()
        return f"{Decimal(repr(float(value))):f} {base}".strip()

    def unit_of(self, text: str) -> str:
        """Return the only unit in `text`, empty if it has none or several."""
        units = [unit for _, unit in _parts(text) if unit]
        return units[0] if len(units) == 1 else ""

    def _reads_as(self, text: str, value: float) -> bool:
        try:
            return self.read(text.strip()) == value
        except RefusedError:
            return False

    def _compound(self, value: int) -> str:
        words = []
        for unit, size in self.units.items():
            number, value = divmod(value, int(size))
            if number:
                words.append(f"{number} {unit}")
        return " ".join(words) or f"0 {list(self.units)[-1]}"

    def _size(self, text: str, number: str, unit: str) -> Fraction:
        if unit in self.units:
            return self.units[unit]
        named = [name for name in self.units if name]
        if not unit:
            ideas = " or ".join(
                f"'{number} {name}'" for name in named[-2:-4:-1] or named
            )
            raise RefusedError(f"{quoted(text)} has no unit", f"Write {ideas}.")
        if not named:
            raise RefusedError(
                f"{quoted(text)} has a unit, but {self.name} has none",
                "Write how many." if unit == "%" else f"Write {number}.",
            )
        meant = self.misnomers.get(unit.lower()) or nearest(unit, named)
        idea = f"Did you mean '{number} {meant}'? " if meant else ""
        raise RefusedError(
            f"'{unit}' in {quoted(text)} is not a unit of {self.name}",
            f"{idea}Units: {', '.join(named)}.",
        )

    def _too_small(self, text: str) -> RefusedError:
        if self.whole and self.least == 0:
            return RefusedError(
                f"{quoted(text)} is less than a second", "Write 1 s or more."
            )
        least = "above 0" if self.least < 1 else f"at least {number_text(self.least)}"
        return RefusedError(f"{quoted(text)} is too small", f"Write a number {least}.")

    def _no_number(self, text: str) -> RefusedError:
        """Return what is wrong with a text that is not such a number at all."""
        if match := re.fullmatch(r"(\d{1,3}):(\d\d)(?::\d\d)?", text, re.ASCII):
            first, second = int(match[1]), int(match[2])
            ideas = f"'{first} h {second} min' or '{first} min {second} s'"
            return RefusedError(
                f"{quoted(text)} is a time of day, not {self.name}",
                f"Write {ideas if self.whole else self.examples}.",
            )
        for pattern, problem, replaced, by in _SLIPS:
            if pattern.search(text):
                ideas = " or ".join(f"'{text.replace(replaced, b)}'" for b in by)
                return RefusedError(f"{quoted(text)} {problem}", f"Write {ideas}.")
        if _NEGATIVE.match(text):
            return RefusedError(f"{quoted(text)} is negative", "Write 0 or more.")
        what = "a number" if _NOT_NUMBERS.fullmatch(text) else self.name
        return RefusedError(f"{quoted(text)} is not {what}", f"Write {self.examples}.")


def _parts(text: str) -> list[tuple[str, str]]:
    """Return the numbers of `text` with their units; none if there is anything else.

    One step after another, not one pattern: a pattern would go through every way
    to cut a long row of digits.
    """
    parts: list[tuple[str, str]] = []
    position = 0
    while position < len(text):
        match = _PART.match(text, position)
        if match is None or (parts and not parts[-1][1]):
            return []
        parts.append((match[1], match[2]))
        position = match.end()
    return parts


DURATION = Measure(
    name="a duration",
    units={
        "d": Fraction(86_400),
        "h": Fraction(3_600),
        "min": Fraction(60),
        "s": Fraction(1),
    },
    examples="for example 45 min, 6 h or 1 h 30 min",
    most=10 * 365.25 * 86_400,
    most_text="10 years",
    whole=True,
    usual="h",
    misnomers={
        **dict.fromkeys(("hour", "hours", "hr", "hrs", "std"), "h"),
        **dict.fromkeys(("m", "mn", "minute", "minutes", "mins"), "min"),
        **dict.fromkeys(("sec", "secs", "second", "seconds"), "s"),
        **dict.fromkeys(("day", "days", "j"), "d"),
    },
)
LENGTH = Measure(
    name="a length",
    units={"km": Fraction(1_000), "m": Fraction(1)},
    examples="for example 12 km or 800 m",
    most=20_000_000.0,
    most_text="20000 km",
    least=1e-3,
    usual="km",
    misnomers=dict.fromkeys(("kilometre", "kilometres", "kilometers", "kms"), "km")
    | dict.fromkeys(("metre", "metres", "meter", "meters"), "m"),
)
SPEED = Measure(
    name="a speed",
    units={"km/h": Fraction(1_000, 3_600), "m/s": Fraction(1)},
    examples="for example 30 km/h",
    most=300 / 3.6,
    most_text="300 km/h",
    least=1e-3,
    usual="km/h",
    misnomers=dict.fromkeys(("kmh", "kph", "km", "kmph"), "km/h"),
)
COUNT = Measure(
    name="a count",
    units={"": Fraction(1)},
    examples="a number, for example 57",
    most=10_000_000.0,
    most_text="10 million",
)
FACTOR = Measure(
    name="a factor",
    units={"": Fraction(1), "%": Fraction(1, 100)},
    examples="for example 0.6 or 60 %",
    most=1_000.0,
    most_text="1000",
    least=1e-6,
)
CHANCE = Measure(
    name="a chance",
    units={"": Fraction(1), "%": Fraction(1, 100)},
    examples="for example 60 % or 0.6",
    most=1.0,
    most_text="100 %",
)
