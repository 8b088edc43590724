"""What is not known about an operation, and what a draw of it means.

Of a field that is always the same a draw is its value. Of one that varies by itself it
is the middle, about which the field varies as before, every value by the same factor;
under `PATH.width` it is how many times as wide the field varies, under
`PATH.day.width` how many times as widely the days differ. So a draw never takes chance
away. A draw that has a name of its own is that of several fields at once.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from math import inf, isfinite
from typing import Any, NamedTuple

from sim.distributions import (
    AnyDistribution,
    Distribution,
    Level,
    MultilevelDistribution,
)
from sim.errors import ScenarioError
from sim.messages import Text, in_plain, joined, say
from sim.scenario.clock import Clock
from sim.scenario.moments import Hanging, delay_of, with_delay
from sim.scenario.numbers import NoNumberError, number_at, target_at, with_numbers
from sim.scenario.plans import Operation, UncertainPlan
from sim.scenario.problems import Problem, RefusedError, number_text
from sim.scenario.quantities import (
    DURATION_SPREAD,
    FACTOR_SPREAD,
    WIDTH,
    split_width,
)
from sim.scenario.quantity import Quantity
from sim.scenario.shapes import Path
from sim.scenario.written import data_of

Drawn = Mapping[str, float]
"""Values in base units, by path or name as under `uncertain`."""
_RARE = 0.001
"""Probability beyond the end that is tried of a range that has none."""
_MOST_FOUND = 5


class Contradiction(NamedTuple):
    """Values that ranges allow, but no run.

    Attributes
    ----------
    paths : of the ranges, or their names.
    values : one of each, as a file writes it.
    problem : what is wrong then.
    """

    paths: tuple[str, ...]
    values: tuple[str, ...]
    problem: Text


def set_by(operation: Operation, name: str) -> tuple[str, ...]:
    """Return the paths that one draw sets: several if its range has a plain name."""
    plan = operation.uncertain.get(name)
    return plan.sets if plan is not None and plan.sets else (name,)


def field_of(path: str, clock: Clock) -> str:
    """Return the field that a path under `uncertain` is about."""
    return _aim(path, clock)[0]


def without_paths(
    operation: Operation, paths: Collection[str]
) -> dict[str, UncertainPlan]:
    """Return what is not known, but for some paths.

    Of fields that one draw sets the others are set by it still; the last that is left
    has its range under its own path.
    """
    left = {}
    for name, plan in operation.uncertain.items():
        its = set_by(operation, name)
        kept = tuple(path for path in its if path not in paths)
        if len(kept) == len(its):
            left[name] = plan
        elif len(kept) > 1:
            left[name] = plan.model_copy(update={"sets": kept})
        elif kept:
            left[kept[0]] = plan.model_copy(update={"sets": None})
    return left


def undrawn(operation: Operation, parts: Collection[Path]) -> Operation:
    """Return an operation that draws nothing at or below some of its parts.

    Parameters
    ----------
    operation : stays as it is.
    parts : steps to each.
    """
    drawn = [
        path
        for name in operation.uncertain
        for path in set_by(operation, name)
        for steps in (steps_to(field_of(path, operation.clock), operation.clock),)
        if any(steps[: len(part)] == part for part in parts)
    ]
    return operation.model_copy(update={"uncertain": without_paths(operation, drawn)})


def steps_to(path: str, clock: Clock) -> Path:
    """Return the steps of a dotted path, moments read where it leads to a number."""
    target = target_at(path, clock)
    return target.steps if target is not None else tuple(path.split("."))


def ranges_lost(operation: Operation, told: Operation) -> list[str]:
    """Return the paths of ranges that are about nothing, or another value, now.

    Parameters
    ----------
    operation : with the ranges.
    told : derived from it; its ranges are not looked at.
    """
    before, after = data_of(operation), data_of(told)
    return [
        path
        for name in operation.uncertain
        for path in set_by(operation, name)
        for field in (field_of(path, operation.clock),)
        if (now := _value(after, field)) is None or now != _value(before, field)
    ]


def _value(data: object, path: str) -> object:
    """Return what a dotted path names in nested data; None if there is nothing."""
    for step in path.split("."):
        if isinstance(data, Mapping) and step in data:
            data = data[step]
        elif isinstance(data, list) and step.isdigit() and int(step) < len(data):
            data = data[int(step)]
        else:
            return None
    return data


def _aim(path: str, clock: Clock) -> tuple[str, Level | None, bool]:
    """Return the field that a path is about, the level, and whether it is a width."""
    if not path.endswith(WIDTH) or target_at(path, clock) is not None:
        return path, None, False
    field, level = split_width(path)
    if level is not None and target_at(path.removesuffix(WIDTH), clock) is None:
        return field, level, True
    return path.removesuffix(WIDTH), None, True


def overdrawn_paths(base: Operation, variant: Operation) -> list[tuple[str, str]]:
    """Return what a variant changes and a draw would undo, by name and by path."""
    return [
        (name, path)
        for name, plan in variant.uncertain.items()
        if name in base.uncertain and base.uncertain[name].spread == plan.spread
        for path in set_by(variant, name)
        if middle_of(base, path) != middle_of(variant, path)
    ]


def middle_of(operation: Operation, path: str) -> object:
    """Return what a draw for a path takes the place of, None if of nothing."""
    present = present_at(operation, path)
    if isinstance(present, Hanging):
        present = delay_of(present)
    return present.best if isinstance(present, AnyDistribution) else present


def present_at(operation: Operation, path: str) -> Any:
    """Return the number, date or distribution in a field, None if there is none."""
    with suppress(NoNumberError):
        return _present(operation, path)
    return None


def uncertain_fields(operation: Operation) -> dict[str, Distribution]:
    """Return what is known about each uncertain field, by its path.

    It has the base unit of the field; under `PATH.width` it is a factor. What sets
    several fields is there once, by its name.
    """
    fields = {}
    for name, plan in operation.uncertain.items():
        quantity = _quantity(operation, name)
        if quantity is not None:
            fields[name] = quantity.read_spread(plan.spread, operation.clock)
    return fields


def settled(operation: Operation, drawn: Drawn) -> Operation:
    """Return an operation in which what was drawn is the case.

    Parameters
    ----------
    operation : stays as it is.
    drawn : as in `draw` of `sim.experiment.unknowns`.

    Raises
    ------
    ScenarioError
        If that is not allowed; it names the ranges under `uncertain` at fault.
    """
    try:
        return _settled(operation, drawn)
    except ScenarioError:
        raise ScenarioError((_blamed(operation, drawn),)) from None


def contradictions(operation: Operation) -> list[Contradiction]:
    """Return values at the ends of ranges that cannot be together, or not at all.

    Every combination of the ends of any three ranges is tried.
    """
    fields = uncertain_fields(operation)
    found: list[Drawn] = []
    for drawn in _corners(fields):
        explained = any(each.items() <= drawn.items() for each in found)
        if len(found) < _MOST_FOUND and not explained and _wrong(operation, drawn):
            found.append(_isolated(operation, drawn, fields))
    return [
        Contradiction(
            tuple(drawn), _written(operation, drawn), _wrong(operation, drawn)
        )
        for drawn in found
    ]


def _quantity(operation: Operation, name: str) -> Quantity | None:
    """Return how a range is read, None if it leads to no number.

    Of a moment that comes so long after something it is the delay.
    """
    path, clock = set_by(operation, name)[0], operation.clock
    if _aim(path, clock)[2]:
        return FACTOR_SPREAD
    if isinstance(present_at(operation, path), Hanging):
        return DURATION_SPREAD
    target = target_at(path, operation.clock)
    return target and target.quantity


def _settled(operation: Operation, drawn: Drawn) -> Operation:
    """Return the same as `settled`.

    Raises
    ------
    ScenarioError
        If that is not allowed; it names the fields.
    """
    clock = operation.clock
    values: dict[str, Any] = {}
    try:
        for name, value in drawn.items():
            for path in set_by(operation, name):
                field = field_of(path, clock)
                present = values.get(field, _present(operation, field))
                values[field] = _meant(path, value, present, clock)
        return with_numbers(operation, values)
    except NoNumberError as error:
        problem = Problem(
            "", 0, 0, "", "", say("'{error}' does not exist", error=str(error))
        )
        raise ScenarioError((problem,)) from error


def _present(operation: Operation, path: str) -> Any:
    """Return what a file says in a field.

    Raises
    ------
    NoNumberError
        If there is none.
    """
    target = target_at(path, operation.clock)
    if target is None:
        raise NoNumberError(path)
    return number_at(operation, target)


def _meant(path: str, value: float, present: Any, clock: Clock) -> Any:
    """Return what a field is if a value was drawn for its path.

    Raises
    ------
    ScenarioError
        If its middle is 0, so that there is nothing to multiply, or it becomes too
        wide.
    """
    field, level, wide = _aim(path, clock)
    if isinstance(present, Hanging):
        delay = _meant(path, value, delay_of(present), clock)
        if not isinstance(delay, Distribution):
            delay = Distribution.fixed(round(delay))
        return with_delay(present, delay)
    if not isinstance(present, AnyDistribution) or present.is_fixed:
        return present if wide else value
    target = target_at(field, clock)
    most = target.quantity.most_share if target else inf
    try:
        if level is not None:
            if isinstance(present, MultilevelDistribution):
                return present.with_level_widened(level, value)
            return present
        return present.widened(value, most) if wide else present.about(value, most)
    except ValueError as error:
        remedy = (
            say("Write a smaller factor.")
            if wide
            else say("Write a likeliest value above 0.")
        )
        raise ScenarioError(
            (Problem("", 0, 0, path, "", str(error), remedy),)
        ) from error


def _wrong(operation: Operation, drawn: Drawn) -> Text:
    """Return what is wrong with what was drawn, nothing if it is allowed."""
    try:
        _settled(operation, drawn)
    except ScenarioError as error:
        problem: Text = error.args[0][0].said
        return problem
    return ""


def _isolated(
    operation: Operation, drawn: Drawn, fields: Mapping[str, Distribution]
) -> dict[str, float]:
    """Return those of the values drawn that are wrong together.

    Left out is what may as well be at the other end of its range, or as the file says.
    """
    left = dict(drawn)
    for path in drawn:
        without = {other: value for other, value in left.items() if other != path}
        ends = _ends(fields[path]) if path in fields else ()
        others = (without, *({**left, path: end} for end in ends))
        if all(_wrong(operation, other) for other in others):
            left = without
    return left


def _corners(fields: Mapping[str, Distribution]) -> Iterator[dict[str, float]]:
    """Yield ends of all ranges, so that any three have all their combinations.

    The rows are an orthogonal array of strength 3: which end a range has is the parity
    of the digits that the row and an odd number have in common, and no three different
    odd numbers cancel each other out.
    """
    ends = {path: _ends(spread) for path, spread in fields.items()}
    rows = 2 << max(len(ends) - 1, 0).bit_length() if ends else 0
    for row in range(rows):
        yield {
            path: both[(row & (2 * place + 1)).bit_count() % 2]
            for place, (path, both) in enumerate(ends.items())
        }


def _ends(spread: Distribution) -> tuple[float, float]:
    """Return the least and the greatest value, or what lies beyond is rare."""
    rare = spread.values((_RARE, 1 - _RARE))
    bounded = isfinite(spread.high)
    return (spread.low, spread.high) if bounded else (rare[0], rare[1])


def _blamed(operation: Operation, drawn: Drawn) -> Problem:
    """Return what is wrong with what was drawn, and from which ranges it was."""
    guilty = _isolated(operation, drawn, uncertain_fields(operation))
    values = joined(_written(operation, guilty), " and ")
    ranges = joined(
        (say("'{path}'", path=f"uncertain.{path}") for path in guilty), " and "
    )
    return Problem(
        *("", 0, 0, "", in_plain(values)),
        say(
            "{values} drawn from {ranges}: {wrong}",
            values=values,
            ranges=ranges,
            wrong=_wrong(operation, guilty),
        ),
        say("Narrow the ranges.") if len(guilty) > 1 else say("Narrow the range."),
    )


def _written(operation: Operation, drawn: Drawn) -> tuple[str, ...]:
    """Return values as a file writes them, if a file may."""
    return tuple(_text(operation, path, value) for path, value in drawn.items())


def _text(operation: Operation, path: str, value: float) -> str:
    quantity, clock = _quantity(operation, path), operation.clock
    if quantity is None:
        return number_text(value)
    try:
        return str(quantity.write(quantity.accept(value, clock), clock))
    except RefusedError:
        return number_text(value)
