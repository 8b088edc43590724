"""The types of the fields of a scenario: how each is read, checked and written.

A `Quantity` sits in the annotation of a field and does everything for pydantic:
text becomes a plain number or a `Distribution` in base units, and back. Moments
need the operation's clock, handed over as ``context={"clock": Clock(...)}``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from sim.distributions import Distribution
from sim.scenario.clock import Clock
from sim.scenario.clock import Hours as DailyHours
from sim.scenario.measures import COUNT, DURATION, FACTOR, LENGTH, SPEED, Measure
from sim.scenario.problems import Refusal, hint, quoted
from sim.scenario.spreads import read_range, read_spread, write_spread

_LONGEST = 200
_DAY_S = 86_400


class NoClock(Refusal):
    """A moment was read without the clock that it refers to."""


@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """How a field is read from text and written back.

    Attributes
    ----------
    name : what the reference calls it.
    unit : of the value within a run, empty if it has none.
    read : from text; the clock is needed for moments only.
    write : the text that reads as the value, or a number that needs no unit.
    from_number : from a number in the base unit; None if there is no such thing.
    spread : reads a text as what is known about the value; None if it is always
        known.
    schema : what an editor may check.
    """

    name: str
    unit: str
    read: Callable[[str, Clock | None], Any]
    write: Callable[[Any, Clock | None], str | int | bool]
    from_number: Callable[[float, Clock | None], Any] | None
    spread: Callable[[str, Clock | None], Distribution] | None
    schema: Mapping[str, Any]

    def accept(self, value: object, clock: Clock | None) -> Any:
        """Return the checked value of a text, or of a number in the base unit.

        Raises
        ------
        Refusal
            If the value is not allowed.
        """
        if isinstance(value, str):
            text = " ".join(value.split())
            if len(text) > _LONGEST:
                raise Refusal(f"{quoted(text)} is too long", f"Write a {self.name}.")
            return self.read(text, clock)
        if isinstance(value, Distribution) and self.is_distribution:
            return value
        if self.from_number is None or not isinstance(value, int | float):
            raise Refusal(f"{value!r} is not a {self.name}", "Write it as text.")
        return self.from_number(value, clock)

    @property
    def is_distribution(self) -> bool:
        """Whether the value is itself a distribution, so that both read alike."""
        return self.spread is self.read

    def __get_pydantic_core_schema__(
        self, source: object, handler: object
    ) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            lambda value, info: self._validated(value, info.context),
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda value, info: self._written(value, info.context), info_arg=True
            ),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return dict(self.schema)

    def _validated(self, value: object, context: Mapping[str, Any] | None) -> Any:
        """Accept what a file may say; a number from a program is read as text."""
        if isinstance(value, bool):
            value = "yes" if value else "no"
        elif isinstance(value, int | float):
            value = str(value)
        elif isinstance(value, Mapping | list | tuple):
            raise Refusal(
                f"there is more than one value where a {self.name} should be",
                "Write one value.",
            )
        return self.accept(value, (context or {}).get("clock"))

    def _written(self, value: object, context: Mapping[str, Any] | None) -> Any:
        return self.write(value, (context or {}).get("clock"))


def _text_schema(pattern: str, *examples: str) -> dict[str, Any]:
    return {"type": "string", "pattern": pattern, "examples": list(examples)}


def _whole(least: int, most: int, most_text: str) -> Quantity:
    def read(text: str, clock: Clock | None = None) -> int:
        if not re.fullmatch(r"\d{1,15}", text, re.ASCII):
            COUNT.read(text)
            raise Refusal(f"{quoted(text)} is not a whole number", "Leave no fraction.")
        return checked(int(text), clock)

    def checked(value: float, clock: Clock | None = None) -> int:
        if isinstance(value, bool) or not -1e15 < value < 1e15:
            raise Refusal(f"{value!r} is not a number", "Write for example 57.")
        number = round(value)
        if number < least:
            raise Refusal(
                f"{number} is too small", f"Write a whole number of {least} or more."
            )
        if number > most:
            raise Refusal(f"{number} is more than {most_text}", "Check the digits.")
        return number

    def spread(text: str, clock: Clock | None) -> Distribution:
        return read_spread(text, COUNT, memoryless=False)

    schema = {"type": "integer", "minimum": least, "maximum": most}
    return Quantity(
        "whole number",
        "",
        read,
        lambda value, clock: int(value),
        checked,
        spread,
        schema,
    )


def _scalar(name: str, unit: str, measure: Measure, schema: dict[str, Any]) -> Quantity:
    return Quantity(
        name,
        unit,
        lambda text, clock: measure.read(text),
        lambda value, clock: measure.write(value),
        lambda value, clock: measure.checked(value, repr(value)),
        lambda text, clock: read_spread(text, measure, memoryless=False),
        schema,
    )


def _distribution(
    name: str, unit: str, measure: Measure, schema: dict[str, Any]
) -> Quantity:
    memoryless = measure.name == DURATION.name

    def read(text: str, clock: Clock | None) -> Distribution:
        return read_spread(text, measure, memoryless)

    def fixed(value: float, clock: Clock | None) -> Distribution:
        rounded = round(value) if measure.whole else value
        return Distribution.fixed(measure.checked(rounded, repr(value)))

    def write(value: Distribution, clock: Clock | None) -> str | int:
        return write_spread(value, measure.write)

    return Quantity(name, unit, read, write, fixed, read, schema)


def _read_moment(text: str, clock: Clock | None) -> int:
    if clock is None:
        raise NoClock(
            f"{quoted(text)} has no meaning without the operation's zone and start",
            "Pass context={'clock': Clock(zone, starts)}.",
        )
    return _checked_moment(clock.seconds(text), clock, text)


def _checked_moment(value: float, clock: Clock | None, text: str = "") -> int:
    seconds = round(value)
    shown = quoted(text) if text else f"second {seconds}"
    if seconds < 0:
        starts = clock.starts if clock else "0"
        raise Refusal(
            f"{shown} is before the operation starts ({starts})",
            "Write a later time, or let the operation start earlier.",
        )
    if clock and clock.horizon_s is not None and seconds > clock.horizon_s:
        raise Refusal(
            f"{shown} is after the operation ends ({clock.text(clock.horizon_s)})",
            "Write an earlier time, or let the operation end later.",
        )
    return seconds


def _write_moment(value: int, clock: Clock | None) -> str | int:
    return clock.text(value) if clock else value


def _spread_moment(text: str, clock: Clock | None) -> Distribution:
    return read_range(text, lambda part: _read_moment(part, clock))


def _read_time(text: str, clock: Clock | None = None, most: int = _DAY_S - 1) -> int:
    match = re.fullmatch(r"(\d{1,2}):(\d\d)(?::(\d\d))?", text, re.ASCII)
    if match:
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        total = hours * 3_600 + minutes * 60 + seconds
        if total <= most and minutes < 60 and seconds < 60:
            return total
    raise Refusal(
        f"{quoted(text)} is not a time of day",
        "Write hours and minutes from 00:00 to 23:59, for example 06:00.",
    )


def _write_time(value: int, clock: Clock | None = None) -> str:
    minutes, seconds = divmod(value, 60)
    text = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds else text


def _read_hours(text: str, clock: Clock | None) -> DailyHours:
    opens, to, closes = text.partition(" to ")
    if not to:
        raise Refusal(
            f"{quoted(text)} are not hours of the day",
            "Write for example '06:00 to 20:00'.",
        )
    hours = DailyHours(
        _read_time(opens.strip()), _read_time(closes.strip(), most=_DAY_S)
    )
    if hours.opens == hours.closes:
        raise Refusal(
            f"{quoted(text)} never opens",
            "Write two different times, or '00:00 to 24:00' for the whole day.",
        )
    return hours


def _read_yes(text: str, clock: Clock | None) -> bool:
    if text in {"yes", "true"}:
        return True
    if text in {"no", "false"}:
        return False
    raise Refusal(f"{quoted(text)} is neither yes nor no", hint(text, ("yes", "no")))


def _read_always(text: str, clock: Clock | None) -> Literal[True]:
    if _read_yes(text, clock):
        return True
    raise Refusal(f"{quoted(text)} is not allowed here", "Write yes, or leave it out.")


_N = r"\d+(\.\d+)?"
_DATE = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?([+-]\d\d:\d\d(:\d\d)?)?"
_CLOCK = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?"


def _spread_schema(units: str, *examples: str) -> dict[str, Any]:
    """Return the pattern of the plain words with one kind of unit."""
    one = rf"{_N}( ?({units}))?( {_N} ?({units}))*" if units else _N
    forms = (
        one,
        rf"{one} to {one}( ?, mostly {one})?",
        rf"[Aa]bout {one} ?, times or divided by {_N}",
        rf"[Oo]n average {one} ?, memoryless",
    )
    return _text_schema(rf"^({'|'.join(forms)})$", *examples)


_DURATIONS = ("45 min", "1 h to 4 h, mostly 2 h", "on average 30 min, memoryless")
_SPEEDS = ("30 km/h", "20 km/h to 40 km/h", "about 30 km/h, times or divided by 1.3")
_NUMBERS = ("57", "45 to 86, mostly 57")

MOMENT = Quantity(
    "local date and time",
    "s after start",
    _read_moment,
    _write_moment,
    _checked_moment,
    _spread_moment,
    _text_schema(rf"^{_DATE}$", "2016-12-15T14:30"),
)
Moment = Annotated[int, MOMENT]
"""Local date and time; seconds after the operation starts."""

TimeOfDay = Annotated[
    int,
    Quantity(
        "time of day",
        "s after midnight",
        _read_time,
        _write_time,
        None,
        None,
        _text_schema(rf"^{_CLOCK}$", "06:00"),
    ),
]
"""Seconds after midnight."""

Hours = Annotated[
    DailyHours,
    Quantity(
        "hours of the day",
        "s after midnight",
        _read_hours,
        lambda hours, _: f"{_write_time(hours.opens)} to {_write_time(hours.closes)}",
        None,
        None,
        _text_schema(rf"^{_CLOCK} to ({_CLOCK}|24:00)$", "06:00 to 20:00"),
    ),
]

Count = Annotated[int, _whole(0, 10_000_000, "10 million")]
PositiveCount = Annotated[int, _whole(1, 10_000_000, "10 million")]
Priority = Annotated[int, _whole(1, 9, "9")]

YesNo = Annotated[
    bool,
    Quantity(
        "yes or no",
        "",
        _read_yes,
        lambda value, clock: bool(value),
        None,
        None,
        {"type": "boolean"},
    ),
]
Always = Annotated[
    Literal[True],
    Quantity(
        "yes",
        "",
        _read_always,
        lambda value, clock: True,
        None,
        None,
        {"const": True},
    ),
]

Length = Annotated[
    float,
    _scalar("length", "m", LENGTH, _text_schema(rf"^{_N} ?(km|m)$", "12 km", "800 m")),
]
"""Metres."""

DurationDistribution = Annotated[
    Distribution,
    _distribution(
        "duration or distribution",
        "s",
        DURATION,
        _spread_schema("d|h|min|s", *_DURATIONS),
    ),
]
SpeedDistribution = Annotated[
    Distribution,
    _distribution(
        "speed or distribution", "m/s", SPEED, _spread_schema("km/h|m/s", *_SPEEDS)
    ),
]
CountDistribution = Annotated[
    Distribution,
    _distribution(
        "number or distribution",
        "",
        COUNT,
        _spread_schema("", *_NUMBERS) | {"type": ["string", "number"]},
    ),
]
FactorDistribution = Annotated[
    Distribution,
    _distribution(
        "factor or distribution",
        "",
        FACTOR,
        _spread_schema("%", "0.5 to 0.8", "60 %") | {"type": ["string", "number"]},
    ),
]
