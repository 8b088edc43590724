"""The types of the fields of a scenario: how each is read, checked and written.

A `Quantity` sits in the annotation of a field and does everything for pydantic:
text becomes a plain number or a `Distribution` in base units, and back. Moments
need the operation's clock, handed over as ``context={"clock": Clock(...)}``.
"""

import re
from math import inf
from typing import Annotated, Any, Literal, get_args

from sim.distributions import AnyDistribution, Distribution, Level
from sim.messages import Text, say
from sim.scenario import moments
from sim.scenario.clock import Clock
from sim.scenario.clock import Hours as DailyHours
from sim.scenario.measures import (
    CHANCE,
    COUNT,
    DURATION,
    FACTOR,
    LENGTH,
    SPEED,
    Measure,
)
from sim.scenario.position import Position as Point
from sim.scenario.position import read_position, write_position
from sim.scenario.problems import RefusedError, hint, quoted
from sim.scenario.quantity import Quantity, levels_above
from sim.scenario.spreads import read_levels, read_spread, write_levels
from sim.scenario.times import (
    checked_moment,
    read_any_moment,
    read_hours,
    read_moment,
    read_time,
    spread_moment,
    write_hours,
    write_moment,
    write_time,
)


def _text_schema(pattern: str, *examples: str) -> dict[str, Any]:
    return {"type": "string", "pattern": pattern, "examples": list(examples)}


def _whole(least: int, most: int, most_text: Text) -> Quantity:
    def read(text: str, clock: Clock | None = None) -> int:
        if not re.fullmatch(r"\d{1,15}", text, re.ASCII):
            COUNT.read(text)
            raise RefusedError(
                say("{found} is not a whole number", found=quoted(text)),
                say("Leave no fraction."),
            )
        return checked(int(text), clock)

    def checked(value: float, clock: Clock | None = None) -> int:
        number = round(value)
        if number < least:
            raise RefusedError(
                say("{number} is too small", number=number),
                say("Write a whole number of {least} or more.", least=least),
            )
        if number > most:
            raise RefusedError(
                say(
                    "{number} is more than {most_text}",
                    number=number,
                    most_text=most_text,
                ),
                say("Check the digits."),
            )
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
        measure=measure,
    )


def _distribution(
    name: str,
    unit: str,
    measure: Measure,
    schema: dict[str, Any],
    most_share: float = inf,
    drawn_for: Literal["vehicle", "convoy", ""] = "",
) -> Quantity:
    memoryless = measure.name == DURATION.name

    def read(text: str, clock: Clock | None) -> AnyDistribution:
        if drawn_for:
            levels = levels_above(drawn_for)
            return read_levels(text, measure, memoryless, drawn_for, levels)
        return spread(text, clock)

    def spread(text: str, clock: Clock | None) -> Distribution:
        if ";" in text:
            raise RefusedError(
                say(
                    "{found} cannot vary by run, day or convoy here", found=quoted(text)
                ),
                say("Write what stands before the ';' only."),
            )
        return read_spread(text, measure, memoryless)

    def fixed(value: float, clock: Clock | None) -> Distribution:
        rounded = round(value) if measure.whole else value
        return Distribution.fixed(measure.checked(rounded, repr(value)))

    def write(value: AnyDistribution, clock: Clock | None) -> str | int:
        return write_levels(value, measure.write)

    return Quantity(
        *(name, unit, read, write, fixed, spread, schema, most_share),
        is_distribution=True,
        drawn_for=drawn_for,
        measure=measure,
    )


def _size(name: str, most: int, most_text: Text, schema: dict[str, Any]) -> Quantity:
    """Return a whole number of 1 or more that may also vary, drawn for each convoy."""
    whole = _whole(1, most, most_text)
    number = _distribution(name, "", COUNT, schema, drawn_for="convoy")

    def read(text: str, clock: Clock | None) -> int | AnyDistribution:
        value: AnyDistribution = number.read(text, clock)
        if value.is_fixed:
            return int(whole.read(text, clock))
        each = value if isinstance(value, Distribution) else value.each
        checked(each.low if each.is_bounded else each.best, clock)
        return value

    def checked(value: float, clock: Clock | None) -> int:
        found: int = whole.from_number(value, clock)  # type: ignore[misc] # it has one
        return found

    def write(value: int | AnyDistribution, clock: Clock | None) -> str | int | bool:
        return value if isinstance(value, int) else number.write(value, clock)

    return Quantity(
        *(name, "", read, write, checked, number.spread, schema),
        is_distribution=True,
        drawn_for="convoy",
        measure=COUNT,
    )


def _read_yes(text: str, clock: Clock | None) -> bool:
    if text in {"yes", "true"}:
        return True
    if text in {"no", "false"}:
        return False
    raise RefusedError(
        say("{found} is neither yes nor no", found=quoted(text)),
        hint(text, ("yes", "no")),
    )


def _read_always(text: str, clock: Clock | None) -> Literal[True]:
    if _read_yes(text, clock):
        return True
    raise RefusedError(
        say("{found} is not allowed here", found=quoted(text)),
        say("Write yes, or leave it out."),
    )


_N = r"\d+(\.\d+)?"
_DATE = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?([+-]\d\d:\d\d(:\d\d)?)?"
_CLOCK = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?"


def _spread_schema(
    units: str,
    *examples: str,
    drawn_for: Literal["vehicle", "convoy", ""] = "",
) -> dict[str, Any]:
    """Return the pattern of the plain words with one kind of unit."""
    one = rf"{_N}( ?({units}))?( {_N} ?({units}))*" if units else _N
    forms: tuple[str, ...] = (
        one,
        rf"{one} to {one}( ?, mostly {one})?",
        rf"[Aa]bout {one} ?, times or divided by {_N}",
        rf"[Oo]n average {one} ?, memoryless",
        rf"[Aa]t least {one} ?, half( of them)? over {one}",
    )
    by = "|".join(levels_above(drawn_for))
    if drawn_for or "h" in units.split("|"):
        forms = (*forms, "[Ll]ike past operations(, .+)?")
    more = rf"( ?; ?[Bb]y ({by}) ?,? times or divided by {_N})*" if by else ""
    return _text_schema(rf"^({'|'.join(forms)}){more}$", *examples)


_DURATIONS = ("45 min", "1 h to 4 h, mostly 2 h", "on average 30 min, memoryless")
_BY_DAY = "20 min to 40 min; by day times or divided by 1.2"
_SPEEDS = ("30 km/h", "20 km/h to 40 km/h", "about 30 km/h, times or divided by 1.3")
_NUMBERS = ("57", "45 to 86, mostly 57")

DATE = Quantity(
    "local date and time",
    "s after start",
    read_moment,
    write_moment,
    checked_moment,
    spread_moment,
    _text_schema(rf"^{_DATE}$", "2016-12-15T14:30"),
)
Date = Annotated[int, DATE]
"""Local date and time; seconds after the operation starts."""

MOMENT = Quantity(
    "moment",
    "s after start",
    moments.read,
    moments.write,
    checked_moment,
    spread_moment,
    _text_schema(
        rf"^({_DATE}|when .+|.+ after .+|(all|any) of \(.+;.+\))$",
        "2016-12-15T14:30",
        "when halt ends",
        "2 h to 4 h after halt ends",
        "next 06:00 after halt ends",
    ),
    keeps=get_args(moments.Hanging),
)
Moment = Annotated[int | moments.Hanging, MOMENT]
"""A date, in seconds after the operation starts, or what hangs on something."""
MOMENTS = (DATE, MOMENT)

AnyMoment = Annotated[
    int,
    Quantity(
        "local date and time",
        "s after start",
        read_any_moment,
        write_moment,
        None,
        None,
        _text_schema(rf"^{_DATE}$", "2016-12-14T18:00"),
    ),
]
"""The same, before the start too."""

TimeOfDay = Annotated[
    int,
    Quantity(
        "time of day",
        "s after midnight",
        read_time,
        write_time,
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
        read_hours,
        write_hours,
        None,
        None,
        _text_schema(rf"^{_CLOCK} to ({_CLOCK}|24:00)$", "06:00 to 20:00"),
    ),
]

_DEGREES = r"-?\d{1,3}(\.\d+)? ?(°|deg)? ?"
Position = Annotated[
    Point,
    Quantity(
        "position",
        "degrees",
        read_position,
        write_position,
        None,
        None,
        _text_schema(
            rf"^{_DEGREES}[NS]? ?,? ?{_DEGREES}[EW]?$", "36.2, 37.2", "36.2 N, 37.2 E"
        ),
        keeps=(Point,),
    ),
]
"""Latitude and longitude."""

Count = Annotated[int, _whole(0, 10_000_000, say("10 million"))]
PositiveCount = Annotated[int, _whole(1, 10_000_000, say("10 million"))]
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

Chance = Annotated[
    float,
    _scalar(
        "chance",
        "",
        CHANCE,
        _text_schema(rf"^({_N}( ?%)?|\d+ in \d+)$", "60 %", "1 in 3")
        | {"type": ["string", "number"]},
    ),
]
"""From 0 to 1."""

Length = Annotated[
    float,
    _scalar("length", "m", LENGTH, _text_schema(rf"^{_N} ?(km|m)$", "12 km", "800 m")),
]
"""Metres."""


def _duration(drawn_for: Literal["vehicle", "convoy", ""] = "") -> Quantity:
    examples = (*_DURATIONS, _BY_DAY) if drawn_for else _DURATIONS
    return _distribution(
        "duration or distribution" + (f", by {drawn_for}" if drawn_for else ""),
        "s",
        DURATION,
        _spread_schema("d|h|min|s", *examples, drawn_for=drawn_for),
        drawn_for=drawn_for,
    )


DURATION_SPREAD = _duration()
DurationDistribution = Annotated[Distribution, DURATION_SPREAD]
DurationPerVehicle = Annotated[AnyDistribution, _duration("vehicle")]
"""Drawn for each vehicle; it may vary by run, day and convoy, too."""
DurationPerConvoy = Annotated[AnyDistribution, _duration("convoy")]
"""Drawn for each convoy; it may vary by run and day, too."""
SpeedPerConvoy = Annotated[
    AnyDistribution,
    _distribution(
        "speed or distribution, by convoy",
        "m/s",
        SPEED,
        _spread_schema("km/h|m/s", *_SPEEDS, drawn_for="convoy"),
        drawn_for="convoy",
    ),
]
CountPerVehicle = Annotated[
    AnyDistribution,
    _distribution(
        "number or distribution, by vehicle",
        "",
        COUNT,
        _spread_schema("", *_NUMBERS, drawn_for="vehicle")
        | {"type": ["string", "number"]},
        drawn_for="vehicle",
    ),
]
PositiveCountPerConvoy = Annotated[
    int | AnyDistribution,
    _size(
        "whole number or distribution, by convoy",
        10_000_000,
        say("10 million"),
        _spread_schema("", "20", "5 to 20", drawn_for="convoy")
        | {"type": ["string", "number"], "minimum": 1},
    ),
]
"""Drawn for each convoy, unless it is a plain number."""
FACTOR_SPREAD = _distribution(
    "factor or distribution",
    "",
    FACTOR,
    _spread_schema("%", "0.5 to 0.8", "60 %") | {"type": ["string", "number"]},
    most_share=1.0,
)
FactorDistribution = Annotated[Distribution, FACTOR_SPREAD]
WIDTH = ".width"
"""Ends the path of what is not known about how widely a field varies."""


def split_width(path: str) -> tuple[str, Level | None]:
    """Return the field and the level of a path that ends in `.width`, if it has one."""
    field = path.removesuffix(WIDTH)
    begin, _, end = field.rpartition(".")
    return (begin, Level(end)) if end in set(Level) else (field, None)
