"""Numbers with units, read from text and written back, by closed lists of units.

Nothing is guessed: a number without its unit, a comma, or a clock time where a
duration is meant is refused with a sentence that says what to write.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from sim.messages import Number, Text, joined, say
from sim.scenario.problems import RefusedError, did_you_mean, nearest, quoted

_NUMBER = r"\d{1,15}(?:\.\d{1,40})?"
_PART = re.compile(rf"({_NUMBER}) ?([A-Za-z%/]*) ?", re.ASCII)
_NOTHING = 1e-12
"""Less than this is 0, so that every value can be written in digits."""
_NEGATIVE = re.compile(r"[-\u2212] ?\d", re.ASCII)


def _comma(text: str) -> Text:
    return say("{text} has a comma in a number", text=quoted(text))


def _underscore(text: str) -> Text:
    return say("{text} has an underscore in a number", text=quoted(text))


_SLIPS = (
    (re.compile(r"\d,\d{3}(?!\d)", re.ASCII), _comma, ",", ("", ".")),
    (re.compile(r"\d,\d", re.ASCII), _comma, ",", (".",)),
    (re.compile(r"\d_\d", re.ASCII), _underscore, "_", ("",)),
)
"""What people write for a number: how it looks, what it is, what to write."""
_ODDS = re.compile(r"(\d{1,9}) in (\d{1,9})", re.ASCII)
_MOST_OF, _FEW_DIGITS = 1_000, 8
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

    name: Text
    units: Mapping[str, Fraction]
    examples: Text
    most: float
    most_text: Text
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
                say(
                    "{found} does not go from the larger unit to the smaller",
                    found=quoted(text),
                ),
                say("Write for example 1 h 30 min."),
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
                say(
                    "{found} is more than {most_text}",
                    found=quoted(text),
                    most_text=self.most_text,
                ),
                say("Check the unit."),
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
            ideas = _either(f"{number} {name}" for name in named[-2:-4:-1] or named)
            raise RefusedError(
                say("{found} has no unit", found=quoted(text)),
                say("Write {ideas}.", ideas=ideas),
            )
        if not named:
            raise RefusedError(
                say(
                    "{found} has a unit, but {measure} has none",
                    found=quoted(text),
                    measure=self.name,
                ),
                (
                    say("Write how many.")
                    if unit == "%"
                    else say("Write {number}.", number=number)
                ),
            )
        meant = self.misnomers.get(unit.lower()) or nearest(unit, named)
        idea = did_you_mean(f"{number} {meant}") if meant else ""
        units = say("Units: {units}.", units=joined(named, ", "))
        raise RefusedError(
            say(
                "'{unit}' in {found} is not a unit of {measure}",
                unit=unit,
                found=quoted(text),
                measure=self.name,
            ),
            joined((idea, units)),
        )

    def _too_small(self, text: str) -> RefusedError:
        if self.whole and self.least == 0:
            return RefusedError(
                say("{found} is less than a second", found=quoted(text)),
                say("Write 1 s or more."),
            )
        least = Number(self.least, ".15g")
        return RefusedError(
            say("{found} is too small", found=quoted(text)),
            say("Write a number above 0.")
            if self.least < 1
            else say("Write a number at least {least}.", least=least),
        )

    def _no_number(self, text: str) -> RefusedError:
        """Return what is wrong with a text that is not such a number at all."""
        if match := re.fullmatch(r"(\d{1,3}):(\d\d)(?::\d\d)?", text, re.ASCII):
            first, second = int(match[1]), int(match[2])
            ideas = _either((f"{first} h {second} min", f"{first} min {second} s"))
            return RefusedError(
                say(
                    "{found} is a time of day, not {measure}",
                    found=quoted(text),
                    measure=self.name,
                ),
                say(
                    "Write {examples}.", examples=ideas if self.whole else self.examples
                ),
            )
        for pattern, problem, replaced, by in _SLIPS:
            if pattern.search(text):
                ideas = _either(text.replace(replaced, b) for b in by)
                return RefusedError(problem(text), say("Write {ideas}.", ideas=ideas))
        if _NEGATIVE.match(text):
            return RefusedError(
                say("{found} is negative", found=quoted(text)), say("Write 0 or more.")
            )
        what: Text = say("a number") if _NOT_NUMBERS.fullmatch(text) else self.name
        return RefusedError(
            say("{found} is not {what}", found=quoted(text), what=what),
            say("Write {examples}.", examples=self.examples),
        )


def _either(texts: Iterable[str]) -> Text:
    """Return what may be written, as it stands in a sentence."""
    return joined(map(quoted, texts), " or ")


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


class ChanceMeasure(Measure):
    """A share from 0 to 1, which may also be written as so many in so many."""

    __slots__ = ()

    def read(self, text: str, unit: str = "") -> float:
        """Return the value of `text`, for example of `1 in 3`.

        Raises
        ------
        RefusedError
            If the text is no chance.
        """
        match = _ODDS.fullmatch(text)
        if match is None:
            return super().read(text, unit)
        number, of = map(int, match.groups())
        if not of:
            raise RefusedError(
                say("{found} is a share of nothing", found=quoted(text)),
                say("Write {examples}.", examples=self.examples),
            )
        return self.checked(number / of, text)

    def write(self, value: float) -> str:
        """Return the text that reads as `value`, as 1 in 3 if no few digits do."""
        plain = super().write(value)
        exact = Fraction(value).limit_denominator(_MOST_OF)
        if len(plain) > _FEW_DIGITS and float(exact) == value:
            return f"{exact.numerator} in {exact.denominator}"
        return plain

    def unit_of(self, text: str) -> str:
        """Return the only unit in `text`; so many in so many has none."""
        return "" if _ODDS.fullmatch(text) else super().unit_of(text)


DURATION = Measure(
    name=say("a duration"),
    units={
        "d": Fraction(86_400),
        "h": Fraction(3_600),
        "min": Fraction(60),
        "s": Fraction(1),
    },
    examples=say("for example 45 min, 6 h or 1 h 30 min"),
    most=10 * 365.25 * 86_400,
    most_text=say("10 years"),
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
    name=say("a length"),
    units={"km": Fraction(1_000), "m": Fraction(1)},
    examples=say("for example 12 km or 800 m"),
    most=20_000_000.0,
    most_text="20000 km",
    least=1e-3,
    usual="km",
    misnomers=dict.fromkeys(("kilometre", "kilometres", "kilometers", "kms"), "km")
    | dict.fromkeys(("metre", "metres", "meter", "meters"), "m"),
)
SPEED = Measure(
    name=say("a speed"),
    units={"km/h": Fraction(1_000, 3_600), "m/s": Fraction(1)},
    examples=say("for example 30 km/h"),
    most=300 / 3.6,
    most_text="300 km/h",
    least=1e-3,
    usual="km/h",
    misnomers=dict.fromkeys(("kmh", "kph", "km", "kmph"), "km/h"),
)
COUNT = Measure(
    name=say("a count"),
    units={"": Fraction(1)},
    examples=say("a number, for example 57"),
    most=10_000_000.0,
    most_text=say("10 million"),
)
FACTOR = Measure(
    name=say("a factor"),
    units={"": Fraction(1), "%": Fraction(1, 100)},
    examples=say("for example 0.6 or 60 %"),
    most=1_000.0,
    most_text="1000",
    least=1e-6,
)
CHANCE = ChanceMeasure(
    name=say("a chance"),
    units={"": Fraction(1), "%": Fraction(1, 100)},
    examples=say("for example 60 %, 0.6 or '1 in 3'"),
    most=1.0,
    most_text="100 %",
)
