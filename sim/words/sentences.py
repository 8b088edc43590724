"""How sentences are worded in a language.

A sentence is a message of the catalogue with typed fields (`sim.messages`); what it
says can be looked up, counted and worded again in another language.
`locale/messages.pot` lists all messages.
"""

import re
import unicodedata
from functools import cached_property
from math import floor, isfinite, isnan, log10
from types import MappingProxyType

from babel import Locale
from babel.lists import format_list
from babel.numbers import (
    get_decimal_symbol,
    get_group_symbol,
    get_minus_sign_symbol,
    get_plus_sign_symbol,
)

from sim.errors import RunError
from sim.messages import (
    Dated,
    Joined,
    Levels,
    Listed,
    Marked,
    Mean,
    Moment,
    Number,
    Sentence,
    Text,
    joined,
    say,
)
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.scenario import Clock
from sim.scenario.clock import SECONDS_PER_DAY, offset_if_twice, to_the_minute
from sim.scenario.problems import Problem, RefusedError, hint, with_remedy
from sim.words.catalogues import ENGLISH, Catalogue, catalogue_of, languages

_LOCALES = MappingProxyType({"en": "en_GB"})  # where a plain language says too little
_ZEROS = MappingProxyType(
    {
        "latn": "0",
        "arab": "\N{ARABIC-INDIC DIGIT ZERO}",
        "arabext": "\N{EXTENDED ARABIC-INDIC DIGIT ZERO}",
    }
)
"""The first digit of systems, which Babel knows by name only."""
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_TYPED = re.compile(
    r"(?<=«)(?!(?:[\w-]+|{\w+})»)[ -~…]+(?=»)|\d{4}-\d\d-\d\d(?:T\d\d:\d\d)?"
    r"|(?<![\w-])--[a-z][a-z-]+",
    re.ASCII,
)
"""What a message shows as it is typed, of which the parts would change places."""


NEVER = say("not by the end")
_BETWEEN = MappingProxyType(
    {
        ", ": say(", "),
        "; ": say("; "),
        " or ": say(" or "),
        " and ": say(" and "),
    }
)
"""What stands between texts and is not the same in every language."""
UNREAD = say(
    "No native speaker has read this translation yet. Where it is unclear, ask for the "
    "report in English."
)
"""Stands at the head of whatever is said in a language of which this is so."""


def count(value: float) -> Text:
    """Return a whole number of people, hours, ...; words if it is not finite."""
    return Number(value) if isfinite(value) else NEVER


def decimal(value: float, digits: int = 1) -> Text:
    """Return a number with decimals if it is small and not whole.

    Parameters
    ----------
    digits : decimals, at least one; with more than one, also if it is large.
    """
    whole = float(value).is_integer() or (abs(value) >= 100 and digits <= 1)
    if whole or not isfinite(value):
        return count(value)
    return Number(value, f",.{max(1, digits)}f")


def share(value: float) -> Text:
    """Return a share as whole percents; nothing if it is not known."""
    return None if isnan(value) else Number(value, ".0%")


def moment(clock: Clock, seconds: float, spec: str = "") -> Text:
    """Return a moment [s after the start] as local time; words if it never comes."""
    return Moment(clock.local(round(seconds)), spec) if isfinite(seconds) else NEVER


def duration(seconds: int) -> Sentence:
    """Return a duration in days, hours and minutes; less than a minute in seconds."""
    days, rest = divmod(seconds, SECONDS_PER_DAY)
    hours, rest = divmod(rest, SECONDS_PER_HOUR)
    minutes = rest // 60
    if days and not hours:
        return say("{days} d", days=Number(days))
    if days:
        return say("{days} d {hours} h", days=Number(days), hours=Number(hours))
    if hours:
        padded = Number(minutes, "02.0f")
        return say("{hours} h {minutes} min", hours=Number(hours), minutes=padded)
    if minutes:
        return say("{minutes} min", minutes=Number(minutes))
    return say("{seconds} s", seconds=Number(rest))


def levels(low: Text, middle: Text, high: Text) -> Text:
    """Return a band as one text; a single one if its ends are the same."""
    return middle if low == high else Levels(middle, low, high)


class Words:
    """Words texts in one language.

    Parameters
    ----------
    language : as `en` or `ar`.

    Raises
    ------
    RunError
        If there is no catalogue of it.
    """

    def __init__(self, language: str = ENGLISH) -> None:
        known = languages()
        if language not in known:
            raise RunError(
                f"there are no messages in the language '{language}'. "
                f"{hint(language, known)}"
            )
        self.language = language
        self._locale = Locale.parse(_LOCALES.get(language, language))

    @cached_property
    def direction(self) -> str:
        """`ltr` or `rtl`, in which the language is written."""
        return str(self._locale.text_direction)

    @property
    def cautions(self) -> "tuple[tuple[str, str], ...]":
        """What stands at the head of all: languages, and a sentence in each.

        Empty if a native speaker has read the translation.
        """
        if self._catalogue.read:
            return ()
        return ((self.language, self.of(UNREAD)), (ENGLISH, UNREAD.one))

    def of(self, text: Text | Problem | RefusedError) -> str:
        """Return a text in words; of what is wrong, where it is and what to do."""
        match text:
            case Problem():
                words = self.of(text.text)
            case RefusedError():
                words = self.of(with_remedy(*text.args))
            case None:
                words = ""
            case str():
                words = self._name(text)
            case int():
                words = self._number(Number(text, ".0f"))
            case Sentence():
                words = self._sentence(text)
            case Number():
                words = self._number(text)
            case Moment():
                words = self._apart(_local(text).translate(self._digits))
            case Joined():
                between = self.of(_BETWEEN.get(text.between)) or text.between
                words = between.join(filter(None, map(self.of, text.texts)))
            case Listed():
                words = format_list(
                    [*map(self.of, text.texts)],
                    "or" if text.style == "or" else "standard",
                    self._locale,
                )
            case Levels() | Mean() | Dated():
                words = self.of(_spelt_out(text))
            case Marked():
                words = self.of(text.text)
        return words

    def _sentence(self, said: Sentence) -> str:
        fields = {name: self.of(value) for name, value in said.fields}
        messages = self._catalogue.messages
        if said.many:
            words = messages.ngettext(said.one, said.many, said.count)
        else:
            words = messages.gettext(said.one)
        if self.direction == "rtl":
            words = _TYPED.sub(f"{_ISOLATE}\\g<0>{_END_ISOLATE}", words)
        return words.format_map(fields)

    def _number(self, number: Number) -> str:
        if not isfinite(number.value):
            return "" if isnan(number.value) else self.of(NEVER)
        below = 0 <= number.value < number.least
        value = number.least if below else number.value
        signs = len(number.spec) - len(number.spec.lstrip("+- "))
        # `z`: what rounds to nothing is not below it.
        spec = f"{number.spec[:signs]}z{number.spec[signs:]}"
        words = format(value, spec).translate(self._figures)
        return f"<{words}" if below else words

    def _name(self, text: str) -> str:
        """Return a name that, if it runs the other way, does so by itself."""
        if self.direction == "ltr" and text.isascii():
            return text
        other = {"ltr": {"R", "AL"}, "rtl": {"L"}}[self.direction]
        runs = any(unicodedata.bidirectional(letter) in other for letter in text)
        return f"{_ISOLATE}{text}{_END_ISOLATE}" if runs else self._apart(text)

    def _apart(self, text: str) -> str:
        """Return what holds more than one number in the order in which it is written.

        From right to left the parts of `2016-12-15 08:00` would change places.
        """
        several = not text.isdigit() and any(map(str.isdigit, text))
        if self.direction == "ltr" or not several:
            return text
        return f"{_ISOLATE}{text}{_END_ISOLATE}"

    @cached_property
    def _system(self) -> str:
        """The digits of the language, if we know them; else those of Python."""
        usual = self._locale.default_numbering_system
        return usual if usual in _ZEROS else "latn"

    @cached_property
    def _digits(self) -> dict[int, str]:
        """What the language writes for the digits that Python writes."""
        first = ord(_ZEROS[self._system])
        return {ord("0") + digit: chr(first + digit) for digit in range(10)}

    @cached_property
    def _figures(self) -> dict[int, str]:
        """What the language writes for all that Python writes in numbers."""
        return self._digits | self._signs

    @cached_property
    def _signs(self) -> dict[int, str]:
        """What the language writes for the other signs of numbers."""
        signs = {
            ",": get_group_symbol,
            ".": get_decimal_symbol,
            "-": get_minus_sign_symbol,
            "+": get_plus_sign_symbol,
        }
        return {
            ord(sign): symbol(self._locale, numbering_system=self._system)
            for sign, symbol in signs.items()
        }

    @property
    def _catalogue(self) -> Catalogue:
        return catalogue_of(self.language)


def offset_of(moment: Moment) -> str:
    """Return which of two times a moment is, as `+03:00`; empty if it comes once."""
    return offset_if_twice(moment.local)


def _local(moment: Moment) -> str:
    if not moment.spec:
        return to_the_minute(moment.local)
    offset = offset_of(moment) if "%H" in moment.spec else ""
    return f"{moment.local:{moment.spec}}{offset}"


def _spelt_out(text: Levels | Mean | Dated) -> Text:
    """Return a median with its band, a mean with its interval, or both times."""
    if isinstance(text, Dated):
        return joined([text.hours, text.when], "\n")
    if isinstance(text, Levels):
        return say(
            "{middle} ({low} to {high})",
            middle=text.middle,
            low=text.low,
            high=text.high,
        )
    return _with_interval(text)


def _places(value: float, half: float) -> int:
    """Return decimals for two digits of half an interval; for one of a fine one."""
    one_digit = -floor(log10(half))
    of_value = 3 - floor(log10(abs(value))) if value else 4
    return min(4, max(0, one_digit + 1), max(one_digit, of_value, 2))


def _with_interval(mean: Mean) -> Text:
    """Return a mean ± half its interval, or both ends if it is not in the middle."""
    value, low, high = mean.value, mean.low, mean.high
    if isnan(low) or isnan(high):
        return say("{value} ± -", value=Number(value, f"{mean.sign},.1f"))
    if low == high:
        places = 0 if float(value).is_integer() else 1
        exactly = Number(value, f"{mean.sign},.{places}f")
        return say("{value} every time", value=exactly)
    places = _places(value, (high - low) / 2)
    spec = f"{mean.sign},.{places}f"
    below, above = (round(end, places) for end in (value - low, high - value))
    if below == above:
        half = Number(below, f",.{places}f")
        return say("{value} ± {half}", value=Number(value, spec), half=half)
    return say(
        "{value} ({low} to {high})",
        value=Number(value, spec),
        low=Number(low, spec),
        high=Number(high, spec),
    )
