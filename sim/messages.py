"""What is said, as data: messages of a catalogue with typed fields.

Messages are written in English where they are used, by `say` and `say_many`. As text
(`str`) they are that English, with names, numbers and lists put in; `sim.words` words
them in the language of the reader, and is alone in wording moments, levels and means.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Number:
    """A number, and how exactly it is shown.

    Attributes
    ----------
    spec : as Python formats it, as `,.0f`; its signs and digits become those of the
        language.
    least : a positive number below it is only said to be so.
    """

    value: float
    spec: str = ",.0f"
    least: float = 0.0

    def __str__(self) -> str:
        return format(self.value, self.spec)


@dataclass(frozen=True, slots=True)
class Moment:
    """A local date and time, shown to the minute; or a date, shown alone.

    Of a time that comes twice, because the clocks go back, its offset tells which.

    Attributes
    ----------
    spec : as Python formats it, if it is not shown in full.
    """

    local: datetime | date
    spec: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message of the catalogue with its fields.

    Attributes
    ----------
    one : in English, its fields in braces.
    many : the same for several, of which the field `count` says how many; empty if
        that makes no difference.
    """

    one: str
    many: str = ""
    fields: "tuple[tuple[str, Text], ...]" = ()

    def __str__(self) -> str:
        words = self.many if self.many and self.count != 1 else self.one
        return words.format_map({name: in_plain(text) for name, text in self.fields})

    @property
    def count(self) -> int:
        """How many it speaks of; 0 if that makes no difference."""
        number = dict(self.fields).get("count")
        return round(number.value) if isinstance(number, Number) else 0


@dataclass(frozen=True, slots=True)
class Joined:
    """Several texts one after the other, with what stands between them."""

    texts: "tuple[Text, ...]"
    between: str = " "

    def __str__(self) -> str:
        return self.between.join(filter(None, map(in_plain, self.texts)))


@dataclass(frozen=True, slots=True)
class Listed:
    """Several texts as a list in a sentence: a, b and c."""

    texts: "tuple[Text, ...]"
    style: Literal["and", "or"] = "and"

    def __str__(self) -> str:
        *first, last = map(in_plain, self.texts)
        return f"{', '.join(first)} {self.style} {last}" if first else last


@dataclass(frozen=True, slots=True)
class Levels:
    """A number or moment over runs: its median, and between what most of them lie."""

    middle: "Text"
    low: "Text"
    high: "Text"


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean with its interval.

    Attributes
    ----------
    low, high : NaN if they cannot be told, both the mean if nothing varies.
    sign : `+` for a change.
    """

    value: float
    low: float
    high: float
    sign: Literal["", "+"] = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """Hours after the start, and in a line below which moment that is."""

    hours: "Text"
    when: "Text"


@dataclass(frozen=True, slots=True)
class Marked:
    """Words that stand out: as good or bad, or as a heading."""

    text: "Text"
    mark: Literal["good", "bad", "strong"]


Text = (
    str
    | int
    | Sentence
    | Number
    | Moment
    | Joined
    | Listed
    | Levels
    | Mean
    | Dated
    | Marked
    | None
)
"""Whatever can be worded.

A string is a name, or words of the scenario's author; a whole number is shown as a file
writes it, its thousands not apart.
"""


def say(message: str, **fields: Text) -> Sentence:
    """Return a sentence that is the same however many it speaks of."""
    return Sentence(message, "", tuple(fields.items()))


def say_many(one: str, many: str, count: int, **fields: Text) -> Sentence:
    """Return a sentence in the form for its `count`."""
    return Sentence(one, many, (("count", Number(count)), *fields.items()))


def joined(texts: Iterable[Text], between: str = " ") -> Joined:
    """Return texts one after the other."""
    return Joined(tuple(texts), between)


def listed(texts: Iterable[Text], style: Literal["and", "or"] = "and") -> Listed:
    """Return texts as a list in a sentence."""
    return Listed(tuple(texts), style)


def in_plain(text: Text) -> str:
    """Return a text in the English in which it is written."""
    return "" if text is None else str(text)
