"""What people write in place of what a scenario takes, and what they probably mean.

Nothing is taken in another sense than it has: a repair is only named to whoever wrote
the text, and only if it could be read.
"""

import re
import unicodedata
from calendar import month_name
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from re import Match

from sim.scenario.measures import DURATION, LENGTH, SPEED, Measure
from sim.scenario.problems import RefusedError, number_text

_QUOTES = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u00ab\u00bb\u2039\u203a"
_SIGNS = {
    **{"\uff1a": ":", "\u066b": ".", "\u066c": "", "\u060c": ",", "\u2212": "-"},
    **{"\u066a": "%", "\uff05": "%"},
}
_WORDS = {"an hour": "1 h", "a day": "1 d", "half an hour": "30 min", "a week": "7 d"}
_N = r"(\d{1,9}(?:\.\d{1,9})?)"
_NUMBERS = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
)
_SO_MANY = rf"(\d{{1,9}}|{'|'.join(_NUMBERS)})"


def repaired(text: str, read: Callable[[str], object]) -> str:
    """Return what is probably meant by a text that cannot be read, else nothing.

    Parameters
    ----------
    text : that was refused.
    read : raises a `RefusedError` if a text cannot be read.
    """
    for candidate in dict.fromkeys(_candidates(text)):
        if candidate != text:
            with suppress(RefusedError):
                read(candidate)
                return candidate
    return ""


def _plain_digits(text: str) -> str:
    """Return a text with digits of other scripts as 0 to 9, and their signs as ours."""
    return text if text.isascii() else "".join(map(_plain, text))


def _plain(sign: str) -> str:
    found = _SIGNS.get(sign)
    return str(unicodedata.decimal(sign, sign)) if found is None else found


def _candidates(text: str) -> Iterator[str]:
    plain = _plain_digits(text).strip(_QUOTES).strip()
    yield plain
    yield plain.partition("#")[0].strip()
    yield _WORDS.get(plain.lower(), plain)
    bases = [plain, *(_with_units(plain, each) for each in (DURATION, SPEED, LENGTH))]
    for base in dict.fromkeys(bases):
        yield base
        for pattern, repair in _REPAIRS:
            if match := pattern.fullmatch(base):
                with suppress(ValueError):
                    yield repair(match)


def _with_units(text: str, measure: Measure) -> str:
    """Return a text with units as they are written here."""

    def short(match: Match[str]) -> str:
        unit = match[2]
        return f"{match[1]} {measure.misnomers.get(unit.lower(), unit)}"

    return re.sub(r"(\d) ?([A-Za-z/]+)", short, text)


def _either_side(match: Match[str]) -> str:
    """Return the range that `60 min ± 10 min` means."""
    middle, reach = float(match[1]), float(match[3])
    unit = (match[2] or match[4]).strip()
    return " to ".join(
        f"{number_text(end)} {unit}".strip() for end in (middle - reach, middle + reach)
    )


def _date(year: str, month: str, day: str, time: str | None, half: str | None) -> str:
    """Return a date and time of day, the hour of which may be 24 or in two halves.

    Raises
    ------
    ValueError
        If there is none.
    """
    hour, _, minute = (time or "0:00").partition(":")
    hours = int(hour)
    if half:
        hours = hours % 12 + 12 * half.lower().startswith("p")
    moment = datetime(int(year), int(month), int(day)) + timedelta(
        hours=hours, minutes=int(minute or 0)
    )
    return moment.isoformat(timespec="minutes")


def _day_first(match: Match[str]) -> str:
    """Return a date whose day cannot be a month, or is the same.

    Raises
    ------
    ValueError
        If it could be read both ways, or not at all.
    """
    first, second, year, time, half = match.groups()
    if int(first) > 12 or first == second:
        return _date(year, second, first, time, half)
    if int(second) > 12:
        return _date(year, first, second, time, half)
    raise ValueError(match[0])


def _year_first(match: Match[str]) -> str:
    return _date(*match.groups())


def _month_in_words(match: Match[str]) -> str:
    """Return a date whose month is named.

    Raises
    ------
    ValueError
        If it is no month of English.
    """
    day, named, year, time, half = match.groups()
    months = [name for name in month_name if name.lower().startswith(named.lower())]
    if len(months) != 1:
        raise ValueError(named)
    month = list(month_name).index(months[0])
    return _date(year, str(month), day, time, half)


def _hours(match: Match[str]) -> str:
    """Return hours of the day with their minutes."""
    ends = (
        f"{int(h):02}:{m or '00'}" for h, m in (match.groups()[:2], match.groups()[2:])
    )
    return " to ".join(ends)


def _odds(match: Match[str]) -> str:
    """Return so many in so many; of 50 to 50 nobody knows which of the two is meant.

    Raises
    ------
    ValueError
        If both numbers are the same.
    """
    number, of = (_digits(text.lower()) for text in match.groups())
    if number == of:
        raise ValueError(match[0])
    return f"{number} in {of}"


def _digits(word: str) -> str:
    return str(_NUMBERS.index(word) + 1) if word in _NUMBERS else word


_TIME = r"(?:[T ,]+(\d{1,2}(?::\d\d)?)(?::00)? ?([AaPp]\.?[Mm]\.?)?)?"
_REPAIRS: tuple[tuple[re.Pattern[str], Callable[[Match[str]], str]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.ASCII), repair)
    for pattern, repair in (
        (rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}", _year_first),
        (rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}){_TIME}", _day_first),
        (r"(\d{1,2})(?::(\d\d))? ?(?:to|-|\u2013) ?(\d{1,2})(?::(\d\d))?", _hours),
        (r"(\d{1,3})[. \u00a0](\d{3})", lambda m: m[1] + m[2]),
        (rf"{_SO_MANY} ?(?:/|in|of|out of|\u0645\u0646) ?{_SO_MANY}", _odds),
        (rf"{_N} ?(?:per ?cent|pct)\.?", lambda m: f"{m[1]} %"),
        (rf"{_N} ?k", lambda m: f"{round(float(m[1]) * 1000)}"),
        (rf"(\d{{1,2}})\.? ([a-z]{{3,9}})\.? (\d{{4}}){_TIME}", _month_in_words),
        (r"(\d{1,2})", lambda m: f"{int(m[1]):02}:00"),
        (r"(\d):(\d\d)", lambda m: f"0{m[0]}"),
        (r"(\d{1,4}) ?h ?(\d{1,2}) ?(?:m|min)?", lambda m: f"{m[1]} h {m[2]} min"),
        (rf"{_N} ?weeks?", lambda m: f"{number_text(float(m[1]) * 7)} d"),
        (
            rf"{_N} ?([a-z/]*) ?[-\u2013\u2014] ?{_N} ?([a-z/]+)?",
            lambda m: (
                f"{m[1]} {m[2] or m[4] or ''}".strip()
                + f" to {m[3]} {m[4] or m[2]}".rstrip()
            ),
        ),
        (rf"{_N} ?([a-z/]*) ?(?:\u00b1|\+/?-) ?{_N} ?([a-z/]*)", _either_side),
        (r"(?:between|from) (.+) (?:and|to) (.+)", lambda m: f"{m[1]} to {m[2]}"),
        (r"mostly (.+?),? (\S+ ?\S* to .+)", lambda m: f"{m[2]}, mostly {m[1]}"),
        (r"(.+ to .+?) ?[;(]? ?mostly (.+?)\)?", lambda m: f"{m[1]}, mostly {m[2]}"),
        (
            r"(?:~|\u2248|about|around|roughly|circa|ca\.?|approx\.?) ?(.+)",
            lambda m: f"about {m[1]}, times or divided by 1.3",
        ),
        (
            r"(?:~|\u2248|about|around|roughly|circa|ca\.?|approx\.?) ?(.+)",
            lambda m: m[1],
        ),
        (
            r"(?:on )?(?:average|mean)(?: of)? (.+)",
            lambda m: f"on average {m[1]}, memoryless",
        ),
    )
)
"""What a text looks like as a whole, and what to write in its place."""
