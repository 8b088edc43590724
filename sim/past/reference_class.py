"""The reference class: what operations documented so far say of a new one.

Each quantity has values by operation, read off the facts by a rule of its own, and a
predictive distribution. Two rhythms are two classes, and so are the two meanings of
"announced": a quantity with parts has one distribution for each.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import NamedTuple

from sim.past.facts import (
    FactRow,
    PastOperations,
    day_of,
    past_operations,
)
from sim.past.levels import Levels
from sim.past.mixtures import Mixture
from sim.past.singles import heavy_tailed, rates, shares

RHYTHMS = ("daily", "weekly", "stages")
_FEWEST = 3
"""Values below which a class says nothing."""


class Value(NamedTuple):
    """One value of an operation; `of` is the number of trials, or the time."""

    operation: str
    value: float
    of: float = 1.0


class Form(Enum):
    """How a quantity varies."""

    LEVELS = "between wars, operations and batches"
    HEAVY = "one value an operation, with heavy tails"
    SHARE = "a chance"
    RATE = "a rate"


@dataclass(frozen=True)
class Quantity:
    """Something that the class says of an operation.

    Attributes
    ----------
    name, says, unit : of it.
    form : how it varies.
    values : its rule: from the facts and a part to values.
    parts : classes within it; values of `""` are all of them together.
    whole : whether the values of all parts together mean anything.
    of_many : whether an operation has it many times, so that what is not known of it is
        its middle; otherwise it is one value.
    """

    name: str
    says: str
    unit: str
    form: Form
    values: Callable[[PastOperations, str], Iterator[Value]]
    parts: tuple[str, ...] = ()
    whole: bool = True
    of_many: bool = True

    @property
    def classes(self) -> tuple[str, ...]:
        """The parts for which it has a distribution; `""` for all together."""
        return (*(("",) if self.whole else ()), *self.parts)


class TooFewError(ValueError):
    """A class has too few values. Args: quantity, part, values."""

    def __str__(self) -> str:
        name, part, number = self.args
        of = f"{name}, {part}" if part else name
        return f"of {of}, past operations have only {number} values"


@dataclass(frozen=True)
class Spread:
    """What a class says of one quantity of a new operation.

    Attributes
    ----------
    quantity, part : of what.
    operations, values : how many it rests on.
    middle : of the operation; the same as `value` where it has one.
    value : of one batch, halt or operation.
    within : median of operations, and the factor between batches of one; None where an
        operation has one value.
    deviations : of logarithms, by level, if it has levels.
    """

    quantity: Quantity
    part: str
    operations: int
    values: int
    middle: Mixture
    value: Mixture
    within: tuple[float, float] | None = None
    deviations: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class ReferenceClass:
    """Past operations, perhaps without some.

    Attributes
    ----------
    without : keys of operations that are left out.
    wars_differ : whether there is a level for the war.
    """

    without: frozenset[str] = frozenset()
    wars_differ: bool = True

    @property
    def known(self) -> PastOperations:
        """The facts that it rests on."""
        return _without(self.without)

    def values(self, name: str, part: str = "") -> tuple[Value, ...]:
        """Return the values of a quantity, in the order of the facts.

        Raises
        ------
        KeyError
            If there is no such quantity or part.
        """
        quantity = QUANTITIES[name]
        if part and part not in quantity.parts:
            raise KeyError(part)
        return tuple(quantity.values(self.known, part))

    def spread(self, name: str, part: str = "", war: str = "") -> Spread:
        """Return what the class says.

        Parameters
        ----------
        name, part : of the quantity, and of a class within it.
        war : in which the new operation is; of a war that the class does not have, or
            an empty one, it is in a war of its own.

        Raises
        ------
        KeyError
            If there is no such quantity or part.
        TooFewError
            If it has fewer than three values.
        """
        return _spread(self, name, part, war)


@cache
def _without(left_out: frozenset[str]) -> PastOperations:
    known = past_operations()
    return known._replace(
        operations={k: v for k, v in known.operations.items() if k not in left_out},
        facts=tuple(row for row in known.facts if row.operation not in left_out),
    )


@cache
def _spread(it: ReferenceClass, name: str, part: str, war: str) -> Spread:
    quantity, values = QUANTITIES[name], it.values(name, part)
    operations = dict.fromkeys(each.operation for each in values)
    if len(values) < _FEWEST:
        raise TooFewError(name, part, len(values))
    numbers = [each.value for each in values]
    if quantity.form is Form.LEVELS:
        levels = _levels(it, values)
        return Spread(
            quantity,
            part,
            len(operations),
            len(values),
            levels.middle(war),
            levels.value(war),
            levels.within(war),
            tuple(levels.deviations.items()),
        )
    if quantity.form is Form.HEAVY:
        found = heavy_tailed(numbers)
    elif quantity.form is Form.SHARE:
        found = shares([int(n) for n in numbers], [int(each.of) for each in values])
    else:
        found = rates([int(n) for n in numbers], [each.of for each in values])
    return Spread(quantity, part, len(operations), len(values), found, found)


def _levels(it: ReferenceClass, values: Iterable[Value]) -> Levels:
    known = it.known
    grouped: dict[tuple[str, str], list[float]] = {}
    for each in values:
        key = known.operations[each.operation].war, each.operation
        grouped.setdefault(key, []).append(each.value)
    return Levels.of(grouped, it.wars_differ)


def _facts(known: PastOperations, quantity: str) -> Iterator[FactRow]:
    return (row for row in known.facts if row.quantity == quantity)


def _pooled(
    quantity: str, kind: str
) -> Callable[[PastOperations, str], Iterator[Value]]:
    """Return the rule for batches in the pool."""

    def values(known: PastOperations, part: str) -> Iterator[Value]:
        for row in _facts(known, quantity):
            if row.kind == kind and row.pooled == "yes" and row.value is not None:
                yield Value(row.operation, row.value)

    return values


def _firm(quantity: str) -> Callable[[PastOperations, str], Iterator[Value]]:
    """Return the rule for what is not assumed in part, by kind; nothing that is 0."""

    def values(known: PastOperations, part: str) -> Iterator[Value]:
        for row in _facts(known, quantity):
            if row.confidence != "C" and row.value and part in {"", row.kind}:
                yield Value(row.operation, row.value)

    return values


def _totals(known: PastOperations, part: str) -> Iterator[Value]:
    """Yield the people who left, an operation or a side of one after the other."""
    for row in _facts(known, "people_left"):
        if row.value and part in {"", known.operations[row.operation].rhythm}:
            yield Value(row.operation, row.value)


def _intervals(known: PastOperations, part: str) -> Iterator[Value]:
    """Yield the days from one batch to the next, where both are dated and in turn."""
    dated: dict[str, dict[int, int]] = {}
    for quantity in _DATED:
        for row in _facts(known, quantity):
            if row.number is not None:
                days = dated.setdefault(row.operation, {})
                days.setdefault(row.number, day_of(row.begins).toordinal())
    for operation, days in dated.items():
        if part in {"", known.operations[operation].rhythm}:
            for number in sorted(days):
                apart = days.get(number + 1, days[number]) - days[number]
                if apart > 0:
                    yield Value(operation, float(apart))


_DATED = (
    *("people_of_batch", "vehicles_of_batch", "people_left", "on_the_road"),
    *("boarding_to_release", "stopped"),
)
"""What dates a batch, the surest first."""


def _empty_days(known: PastOperations, part: str) -> Iterator[Value]:
    for row in _facts(known, "days_without_departure"):
        rhythm = known.operations[row.operation].rhythm
        if row.value is not None and row.of is not None and part in {"", rhythm}:
            yield Value(row.operation, row.value, row.of)


def _stopped(known: PastOperations, part: str) -> Iterator[Value]:
    """Yield on how many of the days with a batch, or a try, one was stopped."""
    for name in known.operations:
        own = [row for row in known.facts if row.operation == name]
        stopped = {day_of(r.begins) for r in own if r.quantity == "stopped"}
        tried = stopped | {day_of(r.begins) for r in own if r.quantity in _TRIES}
        if tried:
            yield Value(name, len(stopped), len(tried))


_TRIES = ("people_of_batch", "vehicles_of_batch", "people_left")


def _halts_a_day(known: PastOperations, part: str) -> Iterator[Value]:
    """Yield how many halts are documented over how many days."""
    days = {row.operation: row.of for row in _facts(known, "days_without_departure")}
    for name, over in days.items():
        halts = [r for r in _facts(known, "halt") if r.operation == name]
        number = sum(part in {"", row.kind} for row in halts)
        yield Value(name, number, float(over or 1))


_COMMON = ("reciprocity", "receiving side", "inspection", "on the way")
"""Causes with enough halts for a class of their own."""

QUANTITIES: Mapping[str, Quantity] = {
    each.name: each
    for each in (
        Quantity(
            "people on a bus",
            "Mean of a batch.",
            "people",
            Form.LEVELS,
            _pooled("people_per_vehicle", "bus"),
        ),
        Quantity(
            "buses of a batch",
            "Buses that go together.",
            "buses",
            Form.LEVELS,
            _pooled("vehicles_of_batch", "bus"),
        ),
        Quantity(
            "people of a batch",
            "People who go together.",
            "people",
            Form.LEVELS,
            _pooled("people_of_batch", "batch"),
        ),
        Quantity(
            "days between batches",
            "From one batch to the next.",
            "days",
            Form.LEVELS,
            _intervals,
            RHYTHMS,
        ),
        Quantity(
            "hours of a halt",
            "Length of a halt that is named.",
            "hours",
            Form.LEVELS,
            _firm("halt"),
            _COMMON,
            of_many=False,
        ),
        Quantity(
            "hours from boarding to release",
            "From first boarding to release, or arrival.",
            "hours",
            Form.LEVELS,
            _firm("boarding_to_release"),
            of_many=False,
        ),
        Quantity(
            "hours on the road",
            "Without the main wait.",
            "hours",
            Form.LEVELS,
            _firm("on_the_road"),
            of_many=False,
        ),
        Quantity(
            "left over announced",
            "People who left over people announced, where any left.",
            "",
            Form.HEAVY,
            _firm("left_over_announced"),
            ("list", "deal"),
            whole=False,
            of_many=False,
        ),
        Quantity(
            "people who left",
            "In all.",
            "people",
            Form.LEVELS,
            _totals,
            ("daily", "once"),
            of_many=False,
        ),
        Quantity(
            "hours of delay",
            "From the time set to the first departure.",
            "hours",
            Form.HEAVY,
            _firm("delay_of_start"),
            of_many=False,
        ),
        Quantity(
            "days without departure",
            "Share of the days of an operation.",
            "",
            Form.SHARE,
            _empty_days,
            ("daily", "weekly", "stages"),
            of_many=False,
        ),
        Quantity(
            "chance that a batch is stopped",
            "Refused, sent back or called off, of days with a batch or a try.",
            "",
            Form.SHARE,
            _stopped,
            of_many=False,
        ),
        Quantity(
            "halts a day",
            "Documented halts over the days of an operation.",
            "a day",
            Form.RATE,
            _halts_a_day,
            _COMMON,
            of_many=False,
        ),
    )
}
"""Every quantity of the class, by its name."""
