"""What a sweep varies: a field, and the values it takes.

Each is one text, `PATH=VALUES`, with the path as in `change:` of a variant:

=============================================  ======================================
`fleets.buses.seats=40, 50, 60`                a list
`fleets.buses.seats=40 to 120 by 20`           steps, from the first end on
`legs.road.time=2 h to 6 h by 30 min, 8 h`     both
`agreements.deal.in_force=2016-12-15T05:00 to  steps between dates are durations
2016-12-15T09:00 by 1 h`
`legs.road.time=2 h to 6 h`                    an interval: any value in it
`legs.road.time=1 h to 4 h, mostly 2 h`        one value: what a run draws from
`legs.road.time=1 h to 4 h, 2 h to 6 h`        two values, likewise
`flows.out.convoy={buses: 5}, {buses: 10}`     whole lists, or keys and values, as a
                                               file writes them in brackets
=============================================  ======================================

A comma ends a value, but for the comma before `mostly`, `times or divided by`,
`memoryless` and `half of them over`, and those within brackets, which belong to it. A
comma between two digits is refused, since it may be meant as either. Units are kept as
typed. Whether the path leads anywhere in an operation is found when it is changed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sim.errors import ScenarioError
from sim.experiment.ranges import Range, has_range, read_range
from sim.messages import say
from sim.scenario import Clock, Problem
from sim.scenario.problems import RefusedError, quoted
from sim.scenario.quantity import Quantity
from sim.scenario.shapes import shape_at

MOST_VALUES = 10_000
_COMMA = re.compile(
    r",(?!\s*(?:mostly|times or divided by|memoryless|half(?: of them)? over)\b)",
    re.IGNORECASE,
)
_STEPS = re.compile(r"([^,]+?) to ([^,]+?) by ([^,]+)", re.IGNORECASE)
_INTERVAL = re.compile(r"([^,]+?) to ([^,]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ListedValues:
    """A field and the values it takes."""

    path: str
    values: tuple[str, ...]
    notes: tuple[str, ...]

    def at(self, share: float) -> str:
        """Return the value at a share of the list, from 0 to below 1."""
        return self.values[int(share * len(self.values))]


@dataclass(frozen=True, slots=True)
class ValueRange:
    """A field that takes any value between two."""

    path: str
    text: str
    range: Range
    notes: tuple[str, ...]

    def at(self, share: float) -> str:
        """Return the value at a share of the interval, from 0 to below 1."""
        return self.range.at(share)


Factor = ListedValues | ValueRange


def read_factors(vary: Sequence[str], clock: Clock) -> tuple[Factor, ...]:
    """Return what each text says.

    Parameters
    ----------
    vary : texts `PATH=VALUES`, as above.
    clock : of the operation, for dates.

    Raises
    ------
    ScenarioError
        With everything that is wrong.
    """
    factors: list[Factor] = []
    problems = []
    if not vary:
        remedy = say("Name a field and its values.")
        problems.append(Problem("", 0, 0, "", "", say("nothing is varied"), remedy))
    for text in vary:
        path, _, values = (" ".join(part.split()) for part in text.partition("="))
        taken = [factor.path for factor in factors]
        try:
            factors.append(_factor(path, values, taken, clock))
        except RefusedError as refusal:
            problems.append(Problem("", 0, 0, path, values, *refusal.args))
    if problems:
        raise ScenarioError(tuple(problems))
    return tuple(factors)


def _factor(path: str, text: str, taken: Sequence[str], clock: Clock) -> Factor:
    """Return what one text says.

    Raises
    ------
    RefusedError
        If path or values are missing, or the path is taken already.
    """
    if not path or not text:
        raise RefusedError(
            say("a path and its values are needed"),
            say("Write PATH=VALUES, for example 'fleets.buses.seats=40, 50'."),
        )
    if path in taken:
        raise RefusedError(
            say("it is varied twice"), say("Write all its values in one.")
        )
    if re.search(r"\d,\d", text):
        problem = say(
            "{text} has a comma in a number, or no space after a comma",
            text=quoted(text),
        )
        several = re.sub(r",(?=[0-9])", ", ", text)
        if re.search(r"\d,\d{3}(?!\d)", text):
            remedy = say(
                "Write '1000' for one number, '{several}' for several.", several=several
            )
        else:
            remedy = say("Write '{text}'.", text=several)
        raise RefusedError(problem, remedy)
    shape = shape_at(path.split("."))
    quantity = shape if isinstance(shape, Quantity) else None
    ends = _INTERVAL.fullmatch(text)
    if ends and quantity and has_range(quantity) and not _STEPS.fullmatch(text):
        found = read_range(quantity, clock, *ends.groups())
        return ValueRange(path, text, found, _whole_note(path, quantity, found))
    return _levels(path, text, quantity, clock)


def _whole_note(path: str, quantity: Quantity, found: Range) -> tuple[str, ...]:
    if not found.whole or quantity.unit:
        return ()
    low, high = found.write(found.low), found.write(found.high)
    return (
        f"{path} takes whole numbers: each from {low} to {high}, both included, is "
        "equally likely.",
    )


def _levels(
    path: str, text: str, quantity: Quantity | None, clock: Clock
) -> ListedValues:
    """Return the values of a list.

    Raises
    ------
    RefusedError
        If one is missing.
    """
    values: list[str] = []
    notes: list[str] = []
    for part in map(str.strip, _parts(text)):
        if not part:
            raise RefusedError(
                say("a value is missing in {text}", text=quoted(text)),
                say("Write it, or fewer commas."),
            )
        steps = _STEPS.fullmatch(part)
        if steps and quantity and has_range(quantity):
            found = read_range(quantity, clock, *steps.groups())
            values += _stepped(part, found)
            if values[-1] != found.write(found.high):
                notes.append(f"{path}: '{part}' stops at {values[-1]}.")
        else:
            values.append(part)
    _check(values, quantity, clock)
    return ListedValues(path, tuple(values), tuple(notes))


def _parts(text: str) -> list[str]:
    """Return a text between its commas, but for those within brackets."""
    parts: list[str] = []
    opened = 0
    for piece in _COMMA.split(text):
        if opened > 0:
            parts[-1] += f",{piece}"
        else:
            parts.append(piece)
        opened += sum((each in "[{") - (each in "]}") for each in piece)
    return parts


def _stepped(part: str, found: Range) -> tuple[str, ...]:
    """Return the values of a range with steps.

    Raises
    ------
    RefusedError
        If they are too many.
    """
    if found.steps > MOST_VALUES:
        raise RefusedError(
            say(
                "{text} has {count} values, more than {most}",
                text=quoted(part),
                count=f"{found.steps:,}",
                most=f"{MOST_VALUES:,}",
            ),
            say("Write a longer step."),
        )
    return found.values()


def _check(values: Sequence[str], quantity: Quantity | None, clock: Clock) -> None:
    """Check values one by one and against each other.

    Raises
    ------
    RefusedError
        If one is not allowed, or two are the same.
    """
    seen: dict[object, str] = {}
    for value in values:
        meant = quantity.accept(value, clock) if quantity else value
        if meant in seen:
            raise RefusedError(
                say(
                    "{value} is the same as {other}",
                    value=quoted(value),
                    other=quoted(seen[meant]),
                ),
                say("Write each value once."),
            )
        seen[meant] = value
