"""The language of moments: what a time may hang on, as frozen data, read and written.

====================================================  =================================
`2016-12-15T14:30`                                    a date
`when december-18 is in force`                        the first time that it happens
`when halt ends the 2nd time`                         a later time
`when 500 people of convoys-out have arrived`         once so many have
`2 h to 4 h after foua-attack ends`                   a time after, drawn in each run
`next 06:00 after halt ends`                          when clocks next show a time
`all of (when halt ends; 2016-12-18T08:00)`           the last of several
`any of (when halt ends; 2016-12-18T08:00)`           the first of several
====================================================  =================================

What is after something may itself hang on something, as in `next 06:00 after 2 h after
halt ends`. `sim.scenario.checks.moments` says which can never be.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, NoReturn

from sim.distributions import Distribution
from sim.messages import Text, joined, say
from sim.scenario.clock import Clock
from sim.scenario.measures import DURATION
from sim.scenario.pace import Unit
from sim.scenario.problems import RefusedError, hint, meant, quoted
from sim.scenario.quantity import NoClockError
from sim.scenario.spreads import read_spread, write_spread
from sim.scenario.times import read_moment, read_time, write_moment, write_time

HAPPENINGS = {
    "agreements": (
        "is proposed",
        "is in force",
        "is amended",
        "is breached",
        "is completed",
        "lapses",
    ),
    "stoppages": ("begins", "ends"),
    "flows": ("begins", "is over"),
    "sites": ("is empty",),
    "moments": ("comes",),
}
"""What can happen to the things of each section."""
_SAID = tuple(dict.fromkeys(what for said in HAPPENINGS.values() for what in said))
_LONGEST_ORDINAL = 4
UNITS: tuple[Unit, ...] = ("people", "vehicles", "convoys")


@dataclass(frozen=True, slots=True)
class Happening:
    """The time at which something happens to a thing, the first one or a later one."""

    name: str
    what: str
    time: int = 1


@dataclass(frozen=True, slots=True)
class SoMany:
    """When so many of a flow have set out, crossed a gate, or arrived."""

    number: int
    unit: Unit
    flow: str
    what: Literal["set out", "crossed", "arrived"]
    gate: str = ""


@dataclass(frozen=True, slots=True)
class After:
    """So long after a moment; how long is drawn in each run."""

    delay: Distribution
    of: "int | Hanging"


@dataclass(frozen=True, slots=True)
class Next:
    """The next time after a moment that clocks show a time of day; at once if just."""

    time_of_day: int
    of: "int | Hanging"


@dataclass(frozen=True, slots=True)
class AllOf:
    """The last of several moments."""

    parts: tuple["int | Hanging", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The first of several moments."""

    parts: tuple["int | Hanging", ...]


Hanging = Happening | SoMany | After | Next | AllOf | AnyOf
"""A moment that hangs on what happens in a run, or on chance."""


def parts_of(moment: int | Hanging) -> Iterator[int | Hanging]:
    """Yield a moment and all that it is made of."""
    yield moment
    match moment:
        case After(of=of) | Next(of=of):
            yield from parts_of(of)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from parts_of(part)


def dated(moment: int | Hanging | None) -> int | None:
    """Return a moment if it is a date, in seconds after the start."""
    return moment if isinstance(moment, int) else None


def before(one: int | Hanging | None, other: int | Hanging | None) -> bool:
    """Return whether both are dates, and one is before the other."""
    return isinstance(one, int) and isinstance(other, int) and one < other


def earliest(moment: int | Hanging | None) -> int:
    """Return the earliest that a moment can be, as far as its dates say, or 0."""
    match moment:
        case int():
            return moment
        case After(delay, of):
            return earliest(of) + round(delay.low)
        case Next(of=of):
            return earliest(of)
        case AllOf(parts):
            return max(map(earliest, parts))
        case AnyOf(parts):
            return min(map(earliest, parts))
    return 0


def in_order(moments: "Iterable[int | Hanging]") -> "list[int | Hanging]":
    """Return moments by their dates; what hangs on something stands after them."""
    return sorted(moments, key=lambda m: (not isinstance(m, int), earliest(m)))


def delay_of(moment: object) -> Distribution | None:
    """Return the delay of a moment that has exactly one, else None."""
    found = _delays(moment) if isinstance(moment, Hanging) else []
    return found[0] if len(found) == 1 else None


def with_delay(moment: Hanging, delay: Distribution) -> Hanging:
    """Return a moment with another delay in place of its only one."""
    match moment:
        case After(delay=_, of=of):
            if isinstance(of, Hanging) and _delays(of):
                return replace(moment, of=with_delay(of, delay))
            return After(delay, of)
        case Next(of=of) if isinstance(of, Hanging):
            return replace(moment, of=with_delay(of, delay))
        case AllOf(parts) | AnyOf(parts):
            changed = tuple(
                with_delay(part, delay) if isinstance(part, Hanging) else part
                for part in parts
            )
            return replace(moment, parts=changed)
    return moment


def _delays(moment: int | Hanging) -> list[Distribution]:
    return [part.delay for part in parts_of(moment) if isinstance(part, After)]


def read(text: str, clock: Clock | None) -> int | Hanging:
    """Return the moment that a text names, a date in seconds after the start.

    Raises
    ------
    NoClockError
        If there is no clock, and a date is named.
    RefusedError
        If it is no moment; it says which words cannot be.
    """
    text = text.strip()
    if text[:4].isdigit() and text[4:5] == "-":
        return read_moment(text, clock)
    if text.count("(") != text.count(")"):
        raise RefusedError(
            say("a bracket is missing in {found}", found=quoted(text)),
            say("Close each '(' with a ')'."),
        )
    if listed := re.fullmatch(r"(all|any) of \((.*)\)", text):
        between = _listed(listed[2])
        if "" in between:
            raise RefusedError(
                say("a part of {found} says nothing", found=quoted(text)),
                say(
                    "Write moments with ';' between them, as in 'all of (when halt "
                    "ends; 2016-12-18T08:00)'."
                ),
            )
        parts = tuple(read(part, clock) for part in between)
        if len(parts) < 2:
            raise RefusedError(
                say("{found} has one part only", found=quoted(text)),
                say(
                    "Write two or more with ';' between them, or the one without "
                    "'{word} of'.",
                    word=listed[1],
                ),
            )
        return AllOf(parts) if listed[1] == "all" else AnyOf(parts)
    if text.startswith("when "):
        return _event(text.removeprefix("when "), text)
    delay, after, of = text.partition(" after ")
    if after:
        if delay.startswith("next "):
            time_of_day = read_time(delay.removeprefix("next ").strip())
            return Next(time_of_day, _after(of, text, clock))
        spread = read_spread(delay.strip(), DURATION, memoryless=True)
        return After(spread, _after(of, text, clock))
    if re.match(r"(all|any) of\b", text):
        raise RefusedError(
            say("{found} is no moment", found=quoted(text)),
            say(
                "Write the parts in brackets with ';' between them, as in 'all "
                "of (when halt ends; 2016-12-18T08:00)'."
            ),
        )
    return _no_moment(text, clock)


def _no_moment(text: str, clock: Clock | None) -> int:
    """Return the date that a text is, if it is one.

    Raises
    ------
    NoClockError
        If it is one, and there is no clock.
    RefusedError
        If it is none.
    """
    words = text.split()
    if len(words) > 1 and not words[0][:1].isdigit():
        raise RefusedError(
            say("{found} is no moment", found=quoted(text)),
            (
                meant(words[0], ("when", "next"))
                or say(
                    "Write a date, as 2016-12-15T14:30, 'when ...', '2 h after "
                    "...', 'next 06:00 after ...', 'all of (...; ...)' or 'any of "
                    "(...; ...)'."
                )
            ),
        )
    try:
        return read_moment(text, clock)
    except NoClockError:
        raise
    except RefusedError:
        if _is_delay(text):
            raise RefusedError(
                say(
                    "{found} is no moment, but how long something takes",
                    found=quoted(text),
                ),
                say(
                    "Write after what, as in '{text} after halt ends', or a date, "
                    "as 2016-12-15T14:30.",
                    text=text,
                ),
            ) from None
        raise


def _is_delay(text: str) -> bool:
    try:
        read_spread(text, DURATION, memoryless=True)
    except RefusedError:
        return False
    return True


def _listed(text: str) -> list[str]:
    """Return what stands between semicolons, brackets within taken as a whole."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == ";" and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def _after(of: str, text: str, clock: Clock | None) -> int | Hanging:
    """Return what something is after: a moment, or an event without its `when`."""
    starts = r"\d|when |next |about |on average |at least |(all|any) of\b"
    if re.match(starts, of) and not re.match(r"\d+( \w+)? of ", of):
        return read(of, clock)
    return _event(of, text)


def _event(said: str, text: str) -> Hanging:
    """Return what happens to a thing, or how many of a flow have moved.

    Raises
    ------
    RefusedError
        If nothing of the kind can happen.
    """
    words = said.split()
    if words and words[0].isdigit():
        return _so_many(words, text)
    time = 1
    if match := re.fullmatch(r"(.*) the ([0-9]+)(?:st|nd|rd|th) time", said):
        said, time = match[1], _ordinal_in(match[2], text)
        words = said.split()
    name, what = (words or [""])[0], " ".join(words[1:])
    if what in _SAID:
        return Happening(name, what, time)
    if what.startswith("have ") or (len(words) > 2 and words[1] == "of"):
        _refuse(
            text,
            say("says not how many"),
            say("Write for example 'when 500 people of ...'."),
        )
    problem = (
        say("{what} does not happen to anything", what=quoted(what))
        if what
        else say("says not what")
    )
    known = say("What can: {words}.", words=joined(_SAID, ", "))
    return _refuse(text, problem, meant(what, _SAID) or known)


def _ordinal_in(digits: str, text: str) -> int:
    if len(digits) > _LONGEST_ORDINAL or int(digits) < 1:
        _refuse(
            text,
            say("{digits} is no number of times", digits=quoted(digits)),
            say(
                "Write '2nd' or another from 1 to {most}.",
                most=10**_LONGEST_ORDINAL - 1,
            ),
        )
    return int(digits)


def _so_many(words: list[str], text: str) -> SoMany:
    number, unit, *rest = [*words, "", ""]
    rest = [word for word in rest if word]
    if unit == "of":  # people are what is counted where nothing else is said
        unit, rest = "people", [unit, *rest]
    if unit not in UNITS:
        _refuse(
            text, say("{unit} are not counted", unit=quoted(unit)), hint(unit, UNITS)
        )
    said = " ".join(rest)
    match = re.fullmatch(
        r"of (\S+) (?:have|has) (?:(set out)|(arrived)|crossed (\S+))", said
    )
    if match is None:
        _refuse(
            text,
            say("says not what so many have done"),
            say(
                "Write 'of', a flow, and 'have set out', 'have crossed' with a gate, "
                "or 'have arrived'."
            ),
        )
    if not 1 <= len(number) <= 8 or int(number) < 1:
        _refuse(
            text,
            say("{number} is not a number to wait for", number=quoted(number)),
            say("Write 1 or more."),
        )
    what: Literal["set out", "crossed", "arrived"] = "crossed"
    if match[2]:
        what = "set out"
    elif match[3]:
        what = "arrived"
    counted: Unit = next(each for each in UNITS if each == unit)
    return SoMany(int(number), counted, match[1], what, match[4] or "")


def _refuse(text: str, problem: Text, remedy: Text) -> NoReturn:
    raise RefusedError(
        say("{found}: {problem}", found=quoted(text), problem=problem), remedy
    )


def write(moment: int | Hanging, clock: Clock | None) -> str | int:
    """Return the text that reads as a moment."""
    if isinstance(moment, int):
        return write_moment(moment, clock)
    return _written(moment, clock)


def _written(moment: int | Hanging, clock: Clock | None) -> str:
    match moment:
        case Happening() | SoMany():
            return f"when {said(moment)}"
        case After(delay, of):
            return f"{write_spread(delay, DURATION.write)} after {_of(of, clock)}"
        case Next(time_of_day, of):
            return f"next {write_time(time_of_day)} after {_of(of, clock)}"
        case AllOf(parts) | AnyOf(parts):
            word = "all" if isinstance(moment, AllOf) else "any"
            return f"{word} of ({'; '.join(_written(p, clock) for p in parts)})"
    return str(write_moment(moment, clock))


def _of(moment: int | Hanging, clock: Clock | None) -> str:
    if isinstance(moment, Happening | SoMany):
        return said(moment)
    return _written(moment, clock)


def said(event: Happening | SoMany) -> str:
    """Return what happens, as a file says it, without its `when`."""
    if isinstance(event, SoMany):
        done = f"crossed {event.gate}" if event.gate else event.what
        return f"{event.number} {event.unit} of {event.flow} have {done}"
    which = "" if event.time == 1 else f" the {_ordinal(event.time)} time"
    return f"{event.name} {event.what}{which}"


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in {11, 12, 13} else ending}"
