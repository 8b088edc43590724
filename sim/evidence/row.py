"""One row of the evidence table: its columns, each understood by itself."""

import re
from datetime import date, datetime
from typing import Annotated, Literal, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    Strict,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from sim.evidence.vocabulary import MEANINGS, Meaning
from sim.messages import say
from sim.scenario.problems import RefusedError, quoted

_MINUTE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WHOLE = re.compile("[0-9]{1,15}")
_PLAIN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_GROUPED = re.compile(r"\d{1,3}([.,_'\u2019\u066c\s]\d{3})+")
_LONGEST = 16


def _local_minute(value: object) -> object:
    if isinstance(value, str):
        if not _MINUTE.fullmatch(value):
            raise RefusedError(
                say(
                    "{value} is not a local date and time; write it as "
                    "2016-12-15T14:30, without zone or seconds",
                    value=quoted(value),
                ),
                "",
            )
        return _in_calendar(value)
    return value


def _day_or_minute(value: object) -> object:
    if isinstance(value, str) and _DAY.fullmatch(value):
        return _in_calendar(value).date()
    return _local_minute(value)


def number_in(text: str, meaning: Meaning | None) -> float:
    """Return the number that a cell gives.

    Parameters
    ----------
    text : of the cell.
    meaning : of the metric it is about, None if there is none.

    Raises
    ------
    RefusedError
        If it is not written plainly, or should be whole and is not.
    """
    whole = meaning is not None and meaning.quantity == "count"
    if (_WHOLE if whole else _PLAIN).fullmatch(text):
        return float(text)
    if meaning is not None and whole:
        (unit,) = meaning.units
        said = say(
            "{text} is not a whole number; write {unit} in digits alone, as {example}",
            text=quoted(text),
            unit=unit,
            example=_meant(text) or "1198",
        )
        raise RefusedError(said, "")
    said = say(
        "{text} is neither a number nor a local date and time; write numbers as "
        "{example} and times as 2016-12-15T14:30",
        text=quoted(text),
        example=_meant(text) or say("1198 or 1.5"),
    )
    raise RefusedError(said, "")


def _meant(text: str) -> str:
    """Return the digits of a number written in another way, if it is plain which."""
    if _GROUPED.fullmatch(text):
        text = "".join(letter for letter in text if letter.isdecimal())
    return str(int(text)) if text.isdecimal() and len(text) < _LONGEST else ""


def _in_calendar(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        said = say(
            "{text} is not in the calendar; check the day and the hour",
            text=quoted(text),
        )
        raise RefusedError(said, "") from None


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
Value = Annotated[Minute | Number, Field(union_mode="left_to_right"), _WRITTEN]
Published = Annotated[
    Minute | Day,
    Field(union_mode="left_to_right"),
    BeforeValidator(_day_or_minute),
    _WRITTEN,
]
Bound = Literal["exact", "about", "interval", "at_least", "at_most"]
Role = Literal["fit", "check", "context"]
Method = Literal["registered"]


class EvidenceRow(BaseModel):
    """What the cells of a row say; whether they fit together is another question.

    Times are local, to the minute.
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
    """Site where the people started; several counted together as `a+b`, for `check` and
    context; empty only for context."""
    metric: str = ""
    """What it measures, one of the metrics below; empty only for context."""
    select: str = ""
    """Which part: `key=value;key=value` with the keys that the metric takes."""
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
    """Unit of the values, one that the metric takes; anything for context."""
    method: Method | None = None
    """`registered`: of a count, where people or vehicles were counted one by one, on
    lists or at reception; empty for what was estimated or told as it went on."""
    attributed_to: Text
    """Who says so."""
    family: Text
    """Group of sources that copy or feed each other."""
    source: Text
    """Document in which it was found; a key of sources.csv, if that is there."""
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
            raise RefusedError(say("{name} is not a metric", name=quoted(name)), "")
        return name

    @field_validator("low", "best", "high", mode="before")
    @classmethod
    def _is_written_plainly(cls, value: object, info: ValidationInfo) -> object:
        if not isinstance(value, str):
            return value
        if _MINUTE.fullmatch(value):
            return _in_calendar(value)
        return number_in(value, MEANINGS.get(info.data.get("metric", "")))

    @property
    def bases(self) -> tuple[str, ...]:
        """The rows that it was made from."""
        named = (name.strip() for name in self.rests_on.split(";"))
        return tuple(name for name in named if name)

    @property
    def bounds(self) -> "tuple[Value | None, Value | None]":
        """Least and greatest value that the source supports; None where it has none."""
        exact = self.bound == "exact"
        return (self.best, self.best) if exact else (self.low, self.high)

    @property
    def selected(self) -> dict[str, str]:
        """What `select` says, by key."""
        pairs = [part.partition("=") for part in self.select.split(";") if part]
        return {key.strip(): value.strip() for key, _, value in pairs}


COLUMNS: tuple[str, ...] = tuple(
    field.alias or name for name, field in EvidenceRow.model_fields.items()
)
"""Columns of the evidence table, in order."""
NEEDED: tuple[str, ...] = tuple(
    name for name, field in EvidenceRow.model_fields.items() if field.is_required()
)
"""Columns that no row may leave empty."""
CHOICES: dict[str, tuple[str, ...]] = {
    "metric": tuple(MEANINGS),
    "bound": get_args(Bound),
    "method": get_args(Method),
    "role": get_args(Role),
}
"""What is allowed in the columns that take one of a few words."""
