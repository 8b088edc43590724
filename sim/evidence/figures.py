"""One documented figure: one row of the evidence table."""

import re
from datetime import date, datetime
from math import isfinite, nan
from typing import Annotated, Literal, Self, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    Strict,
    StringConstraints,
    field_validator,
    model_validator,
)

from sim.evidence.rules import InconsistentFigureError, inconsistencies
from sim.evidence.vocabulary import MEANINGS

_MINUTE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _local_minute(value: object) -> object:
    if isinstance(value, str):
        if not _MINUTE.fullmatch(value):
            raise ValueError(
                f"{value!r} is not a local date and time; "
                "write it as 2016-12-15T14:30, without zone or seconds"
            )
        return _in_calendar(value)
    return value


def _local_minute_or_number(value: object) -> object:
    if isinstance(value, str) and not _MINUTE.fullmatch(value):
        try:
            number = float(value)
        except ValueError:
            number = nan
        if not isfinite(number):
            raise ValueError(
                f"{value!r} is neither a number nor a local date and time; "
                "write numbers as 1198 or 1.5 and times as 2016-12-15T14:30"
            )
        return number
    return _local_minute(value)


def _day_or_minute(value: object) -> object:
    if isinstance(value, str) and _DAY.fullmatch(value):
        return _in_calendar(value).date()
    return _local_minute(value)


def _in_calendar(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"{text!r} is not in the calendar; check the day and the hour"
        ) from None


def _written(value: object) -> object:
    """Return a moment as it stands in a table, so that it can be read again."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else value


_WRITTEN = PlainSerializer(_written, when_used="json")
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
LocalMinute = Annotated[datetime, BeforeValidator(_local_minute), _WRITTEN]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Day = Annotated[date, Strict()]
Minute = Annotated[datetime, Strict()]
Value = Annotated[
    Minute | Number,
    Field(union_mode="left_to_right"),
    BeforeValidator(_local_minute_or_number),
    _WRITTEN,
]
Published = Annotated[
    Minute | Day,
    Field(union_mode="left_to_right"),
    BeforeValidator(_day_or_minute),
    _WRITTEN,
]
Bound = Literal["exact", "about", "interval", "at_least", "at_most"]
Role = Literal["fit", "check", "context"]


class Figure(BaseModel):
    """One number that somebody has documented, with what it means and who says so.

    Times are local, to the minute. `low` and `high` are what the source supports, not
    a guess at noise. Only rows with the role `fit` are shown to calibration.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        validate_by_name=True,
        validate_by_alias=True,
    )

    id: Text
    """Name of the row."""
    origin: str = ""
    """Site where the people started; empty only for context."""
    metric: str = ""
    """What it measures, from `sim.evidence.vocabulary`; empty only for context."""
    select: str = ""
    """Which part: `key=value;key=value` with the keys kind, convoy and group."""
    since: LocalMinute | None = None
    """Counting begins here; empty: with the operation."""
    from_: LocalMinute | None = Field(default=None, alias="from")
    """Earliest moment it speaks of, or beginning of the window it counts in."""
    to: LocalMinute | None = None
    """Latest moment it speaks of, or end of the window; empty: same as `from`."""
    low: Value | None = None
    """Least value that the source supports."""
    best: Value | None = None
    """Value given, or most plausible."""
    high: Value | None = None
    """Greatest value that the source supports."""
    bound: Bound | None = None
    """Kind of statement; empty only for context."""
    unit: str = ""
    """Unit of the values; `time` for moments, `h` or `min` for durations."""
    attributed_to: Text
    """Who says so."""
    family: Text
    """Group of sources that copy or feed each other."""
    source: Text
    """Document in which it was found."""
    locator: str = ""
    """Line, paragraph or page in it."""
    claim_group: str = ""
    """Same word for rows that repeat one underlying claim."""
    rests_on: str = ""
    """Rows from which a derived one was made: `id;id`."""
    role: Role
    """`fit`: shown to calibration; `check`: compared only; `context`: for readers."""
    published: Published | None = None
    """When it was published: a date, or a local date and time."""
    confidence: str = ""
    """How far the row is to be trusted, as graded by who wrote it."""
    note: str = ""
    """Anything a reader must know."""

    @field_validator("metric")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if name and name not in MEANINGS:
            raise ValueError(f"{name!r} is not a metric")
        return name

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        found = tuple(inconsistencies(self))
        if found:
            raise InconsistentFigureError(found)
        return self

    def __hash__(self) -> int:
        """Return the hash of the name, which no two rows of a table share."""
        return hash(self.id)

    @property
    def bases(self) -> tuple[str, ...]:
        """The rows that it was made from."""
        named = (name.strip() for name in self.rests_on.split(";"))
        return tuple(name for name in named if name)

    @property
    def selected(self) -> dict[str, str]:
        """What `select` says, by key."""
        pairs = [part.partition("=") for part in self.select.split(";") if part]
        return {key.strip(): value.strip() for key, _, value in pairs}


COLUMNS: tuple[str, ...] = tuple(
    field.alias or name for name, field in Figure.model_fields.items()
)
"""Columns of the evidence table, in order."""
CHOICES: dict[str, tuple[str, ...]] = {
    "metric": tuple(MEANINGS),
    "bound": get_args(Bound),
    "role": get_args(Role),
}
"""What is allowed in the columns that take one of a few words."""
