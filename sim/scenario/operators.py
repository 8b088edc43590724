"""What a variant may do to a part of its base without writing it anew."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

from sim.distributions import AnyDistribution, Distribution
from sim.messages import say
from sim.scenario.clock import SECONDS_PER_DAY, Clock
from sim.scenario.measures import DURATION, FACTOR
from sim.scenario.moments import delay_of, read, with_delay, write
from sim.scenario.nodes import Items, MappingNode, Node, Place, Scalar
from sim.scenario.problems import RefusedError, quoted
from sim.scenario.quantities import MOMENTS
from sim.scenario.quantity import Quantity
from sim.scenario.shapes import Fields, ListShape, Named, Shape, below
from sim.scenario.starts import clock_of

DATE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?([+-]\d\d:\d\d)?", re.ASCII)
"""A date and time within a text."""
_ENDS = ("until", "lasts", "time")
"""Fields that make a part longer or shorter."""


def _shift(root: MappingNode, node: Node, shape: Shape, operand: Scalar) -> None:
    """Move every date within a part.

    Raises
    ------
    RefusedError
        If there is none.
    """
    sign = -1 if operand.text.startswith("-") else 1
    shifted = _shifted(clock_so_far(root), operand.text.lstrip("+-").strip(), sign)
    if not _each(node, shape, operand.place, lambda q: q in MOMENTS, shifted):
        raise RefusedError(
            say("there is no date to shift"), say("Name a part that has one.")
        )


def _lengthen(root: MappingNode, node: Node, shape: Shape, operand: Scalar) -> None:
    _extend(root, node, shape, operand, 1)


def _shorten(root: MappingNode, node: Node, shape: Shape, operand: Scalar) -> None:
    _extend(root, node, shape, operand, -1)


def _extend(
    root: MappingNode, node: Node, shape: Shape, operand: Scalar, sign: int
) -> None:
    """Move the end of a part, or change a duration.

    Raises
    ------
    RefusedError
        If the part has no single end, or would end before it begins.
    """
    if isinstance(node, MappingNode):
        ends = [field for field in _ENDS if field in node.values]
        if not isinstance(shape, Fields) or len(ends) != 1:
            raise RefusedError(
                say("this has no single end or duration to move"),
                say("Name the field itself, for example '.{ends}'.", ends=_ENDS[0]),
            )
        inside = shape.field(ends[0])
        node, shape = node.values[ends[0]], inside or shape
    if shape in MOMENTS:
        _rewrite(
            node, operand.place, _ended_later(clock_so_far(root), operand.text, sign)
        )
        return
    if not isinstance(shape, Quantity) or shape.unit != "s":
        raise RefusedError(
            say("this is neither a date nor a duration"), say("Name one.")
        )
    quantity, delta = shape, sign * int(DURATION.read(operand.text))

    def longer(text: str) -> str:
        return str(quantity.write(_moved(quantity.read(text, None), delta), None))

    _rewrite(node, operand.place, longer)


def date_shifted(clock: Clock, by: str, sign: int) -> Callable[[str], str]:
    """Return what moves a date by a time; its days are those of the calendar.

    A day later the clocks show the same hour, also if they were changed in between;
    24 hours later they may not.

    Parameters
    ----------
    clock : of the operation.
    by : a duration.
    sign : 1 for later, -1 for earlier.
    """
    whole = int(DURATION.read(by))
    written = re.match(r"(\d+)(?:\.\d+)? ?d", by, re.ASCII)
    days = int(written[1]) if written else 0
    rest = whole - days * SECONDS_PER_DAY

    def of_date(text: str) -> str:
        there = clock.days_later(clock.seconds(text), sign * days)
        return clock.text(there + sign * rest)

    return of_date


def _shifted(clock: Clock, by: str, sign: int) -> Callable[[str], str]:
    """Return what moves a moment: a date, or the dates in what it hangs on."""
    of_date = date_shifted(clock, by, sign)

    def shifted(text: str) -> str:
        if isinstance(read(text, clock), int):
            return of_date(text)
        return DATE.sub(lambda date: of_date(date[0]), text)

    return shifted


def _ended_later(clock: Clock, by: str, sign: int) -> Callable[[str], str]:
    """Return what moves an end: a date, or how long it is after something else."""

    def later(text: str) -> str:
        moment = read(text, clock)
        if isinstance(moment, int):
            return _shifted(clock, by, sign)(text)
        delay = delay_of(moment)
        if delay is None:
            raise RefusedError(
                say(
                    "{found} hangs on what happens, and has not exactly one delay",
                    found=quoted(text),
                ),
                say("Write another moment."),
            )
        moved = _moved(delay, sign * int(DURATION.read(by)))
        assert isinstance(moved, Distribution)  # noqa: S101 - as the delay is
        return str(write(with_delay(moment, moved), clock))

    return later


def _multiply(root: MappingNode, node: Node, shape: Shape, operand: Scalar) -> None:
    """Multiply a number, or every number of a mapping.

    Raises
    ------
    RefusedError
        If there is no number of one kind.
    """
    factor = FACTOR.read(operand.text)
    if isinstance(shape, Fields):
        raise RefusedError(
            say("this part has more than one kind of number"),
            say("Name the field itself."),
        )
    for quantity in _numbers(shape):

        def product(text: str, quantity: Quantity = quantity) -> str:
            if text == "rest":
                return text
            value = quantity.read(text, None)
            if isinstance(value, AnyDistribution):
                return str(quantity.write(_scaled(value, factor), None))
            exact = float(Fraction(value) * Fraction(factor).limit_denominator(10**9))
            return str(
                quantity.write(round(exact) if type(value) is int else exact, None)
            )

        if _each(node, shape, operand.place, _numeric, product):
            return
    raise RefusedError(
        say("there is no number to multiply"), say("Name a field that has one.")
    )


OPERATORS: Mapping[str, Callable[[MappingNode, Node, Shape, Scalar], None]] = {
    "shift_by": _shift,
    "shorten_by": _shorten,
    "lengthen_by": _lengthen,
    "multiply_by": _multiply,
}


def _numeric(quantity: Quantity) -> bool:
    return quantity.spread is not None and quantity not in MOMENTS


def _numbers(shape: Shape) -> list[Quantity]:
    """Return the kind of number that a shape is made of, if it is of one kind."""
    while isinstance(shape, Named | ListShape):
        shape = shape.value if isinstance(shape, Named) else shape.item
    return [shape] if isinstance(shape, Quantity) and _numeric(shape) else []


def _each(
    node: Node,
    shape: Shape | None,
    place: Place,
    wanted: Callable[[Quantity], bool],
    change: Callable[[str], str],
) -> int:
    """Rewrite every text of the wanted kind, keys too; return how many there were."""
    match node:
        case Scalar():
            if not isinstance(shape, Quantity) or not wanted(shape):
                return 0
            node.text, node.place = _text(node.text, change), place
            return 1
        case Items():
            inside = shape.item if isinstance(shape, ListShape) else None
            return sum(_each(i, inside, place, wanted, change) for i in node.items)
        case MappingNode():
            found = sum(
                _each(value, below(shape, key), place, wanted, change)
                for key, value in node.values.items()
            )
            if isinstance(shape, Named) and shape.key and wanted(shape.key):
                found += len(node.keys)
                values = {_text(k, change): v for k, v in node.values.items()}
                node.keys = dict.fromkeys(values, place)
                node.values = values
            return found


def _rewrite(node: Node, place: Place, change: Callable[[str], str]) -> None:
    if isinstance(node, Scalar):
        text = change(node.text)
        node.text, node.place = text, place


def _text(text: str, change: Callable[[str], str]) -> str:
    """Return the changed text, or the same if it was wrong before the change."""
    try:
        return change(text)
    except RefusedError:
        return text


def _moved(value: AnyDistribution, delta: float) -> AnyDistribution:
    """Return a duration that is longer, or shorter, by a fixed time.

    Raises
    ------
    RefusedError
        If it has no greatest value, or nothing of it would be left.
    """
    if not isinstance(value, Distribution):
        raise RefusedError(
            say(
                "a duration that varies by run, day or convoy cannot be made "
                "longer or shorter by a time"
            ),
            say("Use multiply_by, or write the new duration."),
        )
    if not value.is_bounded:
        raise RefusedError(
            say("a duration without a greatest value cannot be made longer or shorter"),
            say("Use multiply_by, or write the new duration."),
        )
    moved = replace(
        value,
        low=value.low + delta,
        best=value.best + delta,
        high=value.high + delta,
    )
    if moved.low < 0 or moved.high == 0:
        raise RefusedError(
            say("it lasts only {write}", write=DURATION.write(value.low)),
            say("Shorten it by less, or drop it."),
        )
    return moved


def _scaled(value: AnyDistribution, factor: float) -> AnyDistribution:
    if not isinstance(value, Distribution):
        return replace(value, each=_times(value.each, factor))
    return _times(value, factor)


def _times(value: Distribution, factor: float) -> Distribution:
    return replace(
        value,
        low=value.low * factor,
        best=value.best * factor,
        high=value.high * factor,
    )


def clock_so_far(root: MappingNode) -> Clock:
    """Return the clock of the scenario as it is so far.

    Raises
    ------
    RefusedError
        If it has none.
    """
    clock, _ = clock_of(root)
    if clock is None:
        raise RefusedError(
            say("dates cannot be moved without a zone and a start"), say("Give both.")
        )
    return clock
