"""Draws of a fit in the place of what a study would draw itself, one a replication."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.scenario import Operation
from sim.scenario.uncertain import set_by
from sim.scenario.written import data_of


@dataclass(frozen=True, slots=True)
class Drawn:
    """Joint draws of what is not known and of luck, in no order.

    Attributes
    ----------
    file : where they come from, as typed.
    names : dotted paths of the values.
    values : of each draw, in base units.
    luck : parts of luck of each draw.
    """

    file: str
    names: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    luck: tuple[tuple[int, ...], ...]

    def parameters(self, replication: int) -> dict[str, float]:
        """Return the values that a replication takes, by path."""
        return dict(zip(self.names, self.values[replication], strict=True))

    def without(self, paths: Sequence[str]) -> "Drawn":
        """Return the same draws, but for the values at some paths."""
        kept = [place for place, name in enumerate(self.names) if name not in paths]
        return Drawn(
            self.file,
            tuple(self.names[place] for place in kept),
            tuple(tuple(row[place] for place in kept) for row in self.values),
            self.luck,
        )

    def within(self, before: Operation, after: Operation) -> "Drawn":
        """Return the draws of what is not known after a change either.

        Of fields that one draw set, the last that is left has its own path for a name.

        Parameters
        ----------
        before : whose draws they are.
        after : derived from it; it may leave less unknown, and nothing more.
        """
        left = {
            place: found
            for place, name in enumerate(self.names)
            for found in (name, *set_by(before, name))
            if found in after.uncertain
        }
        return Drawn(
            self.file,
            tuple(left.values()),
            tuple(tuple(row[place] for place in left) for row in self.values),
            self.luck,
        )


def changed(base: Operation, variant: Operation, paths: Sequence[str]) -> list[str]:
    """Return the paths at which a variant says something else than its base.

    It does so by another value, or by another range of what is not known or none.
    """
    ours, theirs = data_of(base), data_of(variant)
    return [
        name
        for name in paths
        if any(
            value_at(ours, path) != value_at(theirs, path)
            for path in set_by(base, name)
        )
        or _spread(base, name) != _spread(variant, name)
    ]


def value_at(data: Any, path: str) -> object:
    """Return what is at a dotted path of nested data, None if nothing is."""
    for step in path.split("."):
        if isinstance(data, list) and step.isdigit() and int(step) < len(data):
            data = data[int(step)]
        elif isinstance(data, dict) and step in data:
            data = data[step]
        else:
            return None
    return data


def _spread(operation: Operation, path: str) -> object:
    plan = operation.uncertain.get(path)
    return plan and (plan.spread, plan.sets)
