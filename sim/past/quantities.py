"""What the reference class is asked of: each quantity, and how its values are read.

To add one, write its rule, from the facts and a part to values, and name it below.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from sim.past.facts import FactRow, PastOperations, day_of

RHYTHMS = ("daily", "weekly", "stages")


class Value(NamedTuple):
    """One value of an operation; `of` is the number of trials, or the time."""

    operation: str
    value: float
    of: float = 1.0


class ClassForm(Enum):
    """How a quantity varies."""

    LEVELS = "between wars, operations and batches"
    HEAVY = "one value an operation, with heavy tails"
    SHARE = "a chance"
    RATE = "a rate"


@dataclass(frozen=True)
class ClassQuantity:
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
    by_size : whether it may be asked of an operation of so many people.
    """

    name: str
    says: str
    unit: str
    form: ClassForm
    values: Callable[[PastOperations, str], Iterator[Value]]
    parts: tuple[str, ...] = ()
    whole: bool = True
    of_many: bool = True
    by_size: bool = False

    @property
    def classes(self) -> tuple[str, ...]:
        """The parts for which it has a distribution; `""` for all together."""
        return (*(("",) if self.whole else ()), *self.parts)


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


def people_of(known: PastOperations, operation: str) -> float | None:
    """Return how many an operation is about, as far as is documented.

    The greatest number announced for it or a part of it; where none was, all who left.
    """
    for quantity, together in (("people_announced", max), ("people_left", sum)):
        own = [
            row.value
            for row in _facts(known, quantity)
            if row.operation == operation and row.value
        ]
        if own:
            return float(together(own))
    return None


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

QUANTITIES: Mapping[str, ClassQuantity] = {
    each.name: each
    for each in (
        ClassQuantity(
            "people on a bus",
            "Mean of a batch.",
            "people",
            ClassForm.LEVELS,
            _pooled("people_per_vehicle", "bus"),
        ),
        ClassQuantity(
            "buses of a batch",
            "Buses that go together.",
            "buses",
            ClassForm.LEVELS,
            _pooled("vehicles_of_batch", "bus"),
            by_size=True,
        ),
        ClassQuantity(
            "people of a batch",
            "People who go together.",
            "people",
            ClassForm.LEVELS,
            _pooled("people_of_batch", "batch"),
            by_size=True,
        ),
        ClassQuantity(
            "days between batches",
            "From one batch to the next.",
            "days",
            ClassForm.LEVELS,
            _intervals,
            RHYTHMS,
        ),
        ClassQuantity(
            "hours of a halt",
            "Length of a halt that is named.",
            "hours",
            ClassForm.LEVELS,
            _firm("halt"),
            _COMMON,
            of_many=False,
        ),
        ClassQuantity(
            "hours from boarding to release",
            "From first boarding to release, or arrival.",
            "hours",
            ClassForm.LEVELS,
            _firm("boarding_to_release"),
            of_many=False,
        ),
        ClassQuantity(
            "hours on the road",
            "Without the main wait.",
            "hours",
            ClassForm.LEVELS,
            _firm("on_the_road"),
            of_many=False,
        ),
        ClassQuantity(
            "left over announced",
            "People who left over people announced, where any left.",
            "",
            ClassForm.HEAVY,
            _firm("left_over_announced"),
            ("list", "deal"),
            whole=False,
            of_many=False,
        ),
        ClassQuantity(
            "people who left",
            "In all.",
            "people",
            ClassForm.LEVELS,
            _totals,
            ("daily", "once"),
            of_many=False,
        ),
        ClassQuantity(
            "hours of delay",
            "From the time set to the first departure.",
            "hours",
            ClassForm.HEAVY,
            _firm("delay_of_start"),
            of_many=False,
        ),
        ClassQuantity(
            "days without departure",
            "Share of the days of an operation.",
            "",
            ClassForm.SHARE,
            _empty_days,
            ("daily", "weekly", "stages"),
            of_many=False,
        ),
        ClassQuantity(
            "chance that a batch is stopped",
            "Refused, sent back or called off, of days with a batch or a try.",
            "",
            ClassForm.SHARE,
            _stopped,
            of_many=False,
        ),
        ClassQuantity(
            "halts a day",
            "Documented halts over the days of an operation.",
            "a day",
            ClassForm.RATE,
            _halts_a_day,
            _COMMON,
            of_many=False,
        ),
    )
}
"""Every quantity of the class, by its name."""
