"""The reference class: what operations documented so far say of a new one.

Each quantity has values by operation and a predictive distribution. Two rhythms are two
classes, and so are the two meanings of "announced": a quantity with parts has one
distribution for each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from sim.past.facts import PastOperations, past_operations
from sim.past.levels import BetweenOperations
from sim.past.mixtures import Mixture
from sim.past.quantities import (
    QUANTITIES,
    ClassForm,
    ClassQuantity,
    Value,
    people_of,
)
from sim.past.singles import heavy_tailed, rates, shares
from sim.past.sizes import BySize

_FEWEST = 3
"""Values below which a class says nothing."""


class TooFewOperationsError(ValueError):
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

    quantity: ClassQuantity
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

    def spread(
        self, name: str, part: str = "", war: str = "", people: int | None = None
    ) -> Spread:
        """Return what the class says.

        Parameters
        ----------
        name, part : of the quantity, and of a class within it.
        war : in which the new operation is; of a war that the class does not have, or
            an empty one, it is in a war of its own.
        people : that the new operation is about, if that is to count: larger ones have
            larger batches. Then the class has only operations of which it is known.

        Raises
        ------
        KeyError
            If there is no such quantity or part, or people say nothing of it.
        TooFewOperationsError
            If it has fewer than three values.
        """
        return _spread(self, name, part, war, people)


@cache
def _without(left_out: frozenset[str]) -> PastOperations:
    known = past_operations()
    return known._replace(
        operations={k: v for k, v in known.operations.items() if k not in left_out},
        facts=tuple(row for row in known.facts if row.operation not in left_out),
    )


@cache
def _spread(
    it: ReferenceClass, name: str, part: str, war: str, people: int | None
) -> Spread:
    quantity, values = QUANTITIES[name], it.values(name, part)
    if people is not None:
        if not quantity.by_size:
            raise KeyError(people)
        values = tuple(each for each in values if people_of(it.known, each.operation))
    if len(values) < _FEWEST:
        raise TooFewOperationsError(name, part, len(values))
    operations = len({each.operation for each in values})
    if quantity.form is not ClassForm.LEVELS:
        found = _single(quantity.form, values)
        return Spread(quantity, part, operations, len(values), found, found)
    if people is not None:
        return _of_size(it, quantity, values, people, war)
    levels = BetweenOperations.of(_grouped(it, values), it.wars_differ)
    return Spread(
        *(quantity, part, operations, len(values)),
        *(levels.middle(war), levels.value(war)),
        within=levels.within(war),
        deviations=tuple(levels.deviations.items()),
    )


def _single(form: ClassForm, values: Sequence[Value]) -> Mixture:
    """Return what the next operation may have, where each has one value."""
    if form is ClassForm.HEAVY:
        return heavy_tailed([each.value for each in values])
    happened = [int(each.value) for each in values]
    if form is ClassForm.SHARE:
        return shares(happened, [int(each.of) for each in values])
    return rates(happened, [each.of for each in values])


def _of_size(
    it: ReferenceClass,
    quantity: ClassQuantity,
    values: Sequence[Value],
    people: int,
    war: str,
) -> Spread:
    grouped = _grouped(it, values)
    sizes = {key: people_of(it.known, key[1]) or 1.0 for key in grouped}
    fit = BySize(grouped, sizes, it.wars_differ)
    middle = fit.middle(people, war)
    factor = float(np.exp(fit.deviations["batch"]))
    return Spread(
        *(quantity, "", len(grouped), len(values), middle, fit.value(people, war)),
        within=(middle.quantile(0.5), factor),
        deviations=tuple(fit.deviations.items()),
    )


def _grouped(
    it: ReferenceClass, values: Iterable[Value]
) -> dict[tuple[str, str], list[float]]:
    """Return values by war and operation."""
    known = it.known
    grouped: dict[tuple[str, str], list[float]] = {}
    for each in values:
        key = known.operations[each.operation].war, each.operation
        grouped.setdefault(key, []).append(each.value)
    return grouped
