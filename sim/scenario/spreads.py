"""Distributions in plain words, read from text and written back.

=====================================  ============================================
`45 min`                               fixed
`1 h to 4 h`                           uniform: only the bounds are known
`1 h to 4 h, mostly 2 h`               triangular: least, greatest, likeliest
`about 2 h, times or divided by 1.3`   lognormal: median, and the factor that one
                                       standard deviation multiplies or divides by
`on average 30 min, memoryless`        exponential
`at least 2 h, half of them over 4 h`  Pareto: least value and median
=====================================  ============================================

A number without a unit takes the unit of the next number: `1 to 4 h, mostly 2 h`.

After a `;` there may follow factors by level, each of them lognormal about 1:
`44 to 66, mostly 54; by run times or divided by 1.2; by day times or divided by 1.1`.
"""

import re
from collections.abc import Callable, Collection

from sim.distributions import (
    AnyDistribution,
    Distribution,
    Level,
    MultilevelDistribution,
    Shape,
)
from sim.messages import Number, Text, joined, say
from sim.messages import listed as in_a_list
from sim.scenario.measures import Measure
from sim.scenario.problems import RefusedError, hint, quoted

Reader = Callable[[str], float]
Writer = Callable[[float], str]

_LOGNORMAL = re.compile(r"about (.+?) ?, times or divided by (.+)", re.IGNORECASE)
_EXPONENTIAL = re.compile(r"on average (.+?) ?, memoryless", re.IGNORECASE)
_PARETO = re.compile(r"at least (.+?) ?, half(?: of them)? over (.+)", re.IGNORECASE)
_LEVEL = re.compile(r"by (\w+) ?,? times or divided by (.+)", re.IGNORECASE)
_TRIANGULAR = re.compile(r"(.+?) to (.+?) ?, mostly (.+)", re.IGNORECASE)
_UNIFORM = re.compile(r"(.+?) to (.+)", re.IGNORECASE)
_WORDS = re.compile(
    r"\b(to|mostly|about|times|average|memoryless|least|over)\b", re.IGNORECASE
)
_WIDEST_SPREAD = 10.0


def read_levels(
    text: str, measure: Measure, memoryless: bool, unit: str, levels: Collection[Level]
) -> AnyDistribution:
    """Return the distribution that a text names, with its factors by level if any.

    Parameters
    ----------
    text, measure, memoryless : as of `read_spread`.
    unit : what the first part is drawn for: vehicle or convoy.
    levels : that make sense for it.

    Raises
    ------
    RefusedError
        If the text is none of the forms, or its parts do not fit together.
    """
    first, *others = (part.strip() for part in text.split(";"))
    each = read_spread(first, measure, memoryless)
    if not others:
        return each
    if each.best == 0:
        raise RefusedError(
            say("what is multiplied in {found} is 0 and stays so", found=quoted(text)),
            say("Write more than 0, or leave out the factors."),
        )
    spreads: dict[Level, float] = {}
    for part in others:
        level, spread = _level(part, unit, levels)
        if level in spreads:
            raise RefusedError(
                say(
                    "{found} says twice how much it varies by {level}",
                    found=quoted(text),
                    level=level,
                ),
                say("Keep one of them."),
            )
        spreads[level] = spread
    in_order = {level: spreads[level] for level in Level if level in spreads}
    return MultilevelDistribution(each, in_order)


def write_levels(it: AnyDistribution, write: Writer) -> str:
    """Return the text that reads as the distribution `it`, with its levels."""
    if isinstance(it, Distribution):
        return write_spread(it, write)
    levels = (
        f"by {level} times or divided by {spread!r}"
        for level, spread in it.spreads.items()
    )
    return "; ".join((write_spread(it.each, write), *levels))


def _level(part: str, unit: str, levels: Collection[Level]) -> tuple[Level, float]:
    """Return a level and its spread.

    Raises
    ------
    RefusedError
        If a part after a `;` is not one, or one that the quantity does not have.
    """
    match = _LEVEL.fullmatch(part)
    if match is None:
        raise RefusedError(
            say("{part} does not say by what the quantity varies", part=quoted(part)),
            say(
                "Write after each ';' for example 'by {day} times or divided by 1.2'.",
                day=Level.DAY,
            ),
        )
    level = match[1].lower()
    if level not in levels:
        if level == unit:
            raise RefusedError(
                say(
                    "how it varies by {unit} is what the part before the first ';' "
                    "says",
                    unit=unit,
                ),
                say("Write it there."),
            )
        if level == "vehicle":
            raise RefusedError(
                say(
                    "this is one value for each {unit}: it cannot vary by vehicle",
                    unit=unit,
                ),
                say("Write by {levels}.", levels=joined(levels, ", ")),
            )
        raise RefusedError(
            say("{level} is nothing that it can vary by", level=quoted(level)),
            hint(level, levels),
        )
    return Level(level), _factor(match[2], part)


def read_spread(text: str, measure: Measure, memoryless: bool) -> Distribution:
    """Return the distribution that a text names.

    Parameters
    ----------
    text : one of the forms above.
    measure : what its numbers are.
    memoryless : whether the exponential makes sense for it, and the Pareto.

    Raises
    ------
    RefusedError
        If the text is none of the forms, or its numbers do not fit together.
    """
    if match := _LOGNORMAL.fullmatch(text):
        return _lognormal(text, measure.read(match[1]), match[2])
    if match := _EXPONENTIAL.fullmatch(text):
        if not memoryless:
            raise RefusedError(
                say("{found}: only a duration can be memoryless", found=quoted(text)),
                say("Write {forms}.", forms=_forms(measure)),
            )
        mean = measure.read(match[1])
        if mean <= 0:
            raise RefusedError(
                say("the average in {found} is 0", found=quoted(text)),
                say("Write more than 0."),
            )
        return Distribution.exponential(mean)
    if match := _PARETO.fullmatch(text):
        if not memoryless:
            raise RefusedError(
                say(
                    "{found}: only a duration can have such a tail", found=quoted(text)
                ),
                say("Write {forms}.", forms=_forms(measure)),
            )
        return _pareto(text, _reader(measure, match[2])(match[1]), measure, match[2])
    if match := _TRIANGULAR.fullmatch(text) or _UNIFORM.fullmatch(text):
        low, high, *best = (part.strip() for part in match.groups())
        read_high = _reader(measure, *best)
        read_low = _reader(measure, high, *best)
        most = read_high(high)  # first: a wrong unit stands here
        return _between(text, read_low(low), most, *(measure.read(b) for b in best))
    if _WORDS.search(text) or re.search(
        r"\d ?[a-z%/]* ?[-\u2013\u00b1] ?\d", text, re.ASCII
    ):
        raise RefusedError(
            say("{found} is none of the forms of a range", found=quoted(text)),
            say("Write {forms}.", forms=_forms(measure)),
        )
    return Distribution.fixed(measure.read(text))


def read_range(text: str, read: Reader) -> Distribution:
    """Return the fixed, uniform or triangular distribution of things without units.

    Raises
    ------
    RefusedError
        If the text is none of these forms, or its ends do not fit together.
    """
    match = _TRIANGULAR.fullmatch(text) or _UNIFORM.fullmatch(text)
    if match is None:
        return Distribution.fixed(read(text))
    return _between(text, *(read(part.strip()) for part in match.groups()))


def write_spread(it: Distribution, write: Writer) -> str:
    """Return the text that reads as the distribution `it`."""
    match it.shape:
        case Shape.FIXED:
            return write(it.best)
        case Shape.UNIFORM:
            return f"{write(it.low)} to {write(it.high)}"
        case Shape.TRIANGULAR:
            return f"{write(it.low)} to {write(it.high)}, mostly {write(it.best)}"
        case Shape.LOGNORMAL:
            return f"about {write(it.best)}, times or divided by {it.spread!r}"
        case Shape.EXPONENTIAL:
            return f"on average {write(it.best)}, memoryless"
        case Shape.PARETO:
            return f"at least {write(it.low)}, half of them over {write(it.best)}"


def _reader(measure: Measure, *following: str) -> Reader:
    """Return how to read a number that may borrow the unit of a following one."""
    units = [measure.unit_of(text) for text in following]
    unit = next((unit for unit in units if unit), "")
    return lambda text: measure.read(text, unit)


def _between(text: str, low: float, high: float, *best: float) -> Distribution:
    if low > high:
        raise RefusedError(
            say("{found} begins above its end", found=quoted(text)),
            say("Write the smaller number first."),
        )
    if low == high:
        raise RefusedError(
            say("both ends of {found} are the same", found=quoted(text)),
            say("Write one number, or two different ones."),
        )
    if not best:
        return Distribution.uniform(low, high)
    if not low <= best[0] <= high:
        raise RefusedError(
            say(
                "the likeliest value in {found} lies outside the range",
                found=quoted(text),
            ),
            say("Write one that lies between the two ends."),
        )
    return Distribution.triangular(low, best[0], high)


def _lognormal(text: str, median: float, written: str) -> Distribution:
    spread = _factor(written, text)
    if median <= 0:
        raise RefusedError(
            say("the median in {found} is 0", found=quoted(text)),
            say("Write more than 0."),
        )
    return Distribution.lognormal(median, spread)


def _factor(written: str, text: str) -> float:
    """Return what one standard deviation multiplies or divides by.

    Raises
    ------
    RefusedError
        If it is no such factor.
    """
    plain = re.fullmatch(r"\d{1,3}(\.\d{1,20})?", written, re.ASCII)
    spread = float(written) if plain else 0.0
    if not 1 < spread <= _WIDEST_SPREAD:
        raise RefusedError(
            say(
                "{written} is not a factor above 1 and up to {widest_spread}, "
                "in {found}",
                written=quoted(written),
                widest_spread=Number(_WIDEST_SPREAD, "g"),
                found=quoted(text),
            ),
            say("Write for example 'times or divided by 1.3'."),
        )
    return spread


def _pareto(text: str, least: float, measure: Measure, over: str) -> Distribution:
    median = measure.read(over)
    if least <= 0:
        raise RefusedError(
            say("the least value in {found} is 0", found=quoted(text)),
            say("Write more than 0."),
        )
    if median <= least:
        raise RefusedError(
            say(
                "half of what is at least so much cannot be over less, in {found}",
                found=quoted(text),
            ),
            say("Write the smaller number first."),
        )
    return Distribution.pareto(least, median)


def _forms(measure: Measure) -> Text:
    unit = f" {measure.usual}".rstrip()
    forms = (
        *(f"2{unit}", f"1{unit} to 4{unit}", f"1{unit} to 4{unit}, mostly 2{unit}"),
        f"about 2{unit}, times or divided by 1.3",
    )
    return in_a_list(map(quoted, forms), "or")
