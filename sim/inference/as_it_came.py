"""An operation as it is told afterwards: with the date at which each moment came.

Who forecasts, or measures by a clock, needs dates. What hangs on something else gets
the median of its dates in nine runs. So what comes first in every run comes first here,
and no date rests on anything later than itself. What comes in fewer than half of the
runs never comes. A stoppage that may not come keeps its chance, and has the dates that
it would have.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sim.events import Kind
from sim.model import simulate
from sim.scenario import Operation, scenario_hash
from sim.scenario.moments import Hanging, write
from sim.scenario.plans import Plan
from sim.scenario.shapes import OPERATION, Fields, ListShape, Named, Shape
from sim.scenario.timing import hanging_in

_RUNS, _SEED = 9, 1
_NO_LIMIT = {"closes", "deadline"}
"""Fields that are left out if their moment never comes; others are at the end then."""


def as_it_came(operation: Operation) -> Operation:
    """Return an operation with dates for all moments that hang on something."""
    return _told(_ByHash(operation)) if hanging_in(operation) else operation


class _ByHash:
    """An operation as a key, by what it says."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self._hash = scenario_hash(operation)

    def __hash__(self) -> int:
        return hash(self._hash)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByHash) and other._hash == self._hash


@lru_cache(maxsize=16)
def _told(key: _ByHash) -> Operation:
    told: Operation = _Teller(key.operation).part(key.operation, OPERATION, "")
    return told.model_copy(update={"moments": {}})


class _Teller:
    """Puts dates in the place of moments."""

    def __init__(self, operation: Operation) -> None:
        self._clock = operation.clock
        self._ends = operation.ends
        self._came = _medians(operation) | _of_what_may_come(operation)

    def part(self, part: Any, shape: Shape | None, path: str) -> Any:
        """Return a part in which every moment is a date."""
        match shape:
            case Fields() if isinstance(part, Plan):
                fields = {
                    name: (getattr(part, name), shape.field(name))
                    for name in shape.names
                }
                changed = {
                    name: self._field(name, value, inside, f"{path}.{name}".lstrip("."))
                    for name, (value, inside) in fields.items()
                }
                return part.model_copy(update=_in_order(changed))
            case Named() if isinstance(part, Mapping):
                return self._named(part, shape, path)
            case ListShape() if isinstance(part, tuple):
                numbered = enumerate(part)
                items = (self.part(p, shape.item, f"{path}.{n}") for n, p in numbered)
                return tuple(item for item in items if item is not None)
        return self._date(part, path) if isinstance(part, Hanging) else part

    def _date(self, moment: Hanging, path: str) -> int | None:
        """Return when a moment came, None if it did not."""
        return self._came.get(path)

    def _field(self, name: str, value: Any, shape: Shape | None, path: str) -> Any:
        told = self.part(value, shape, path)
        if told is None and value is not None and name not in _NO_LIMIT:
            return self._ends
        return told

    def _named(self, part: Mapping[Any, Any], shape: Named, path: str) -> Any:
        told: dict[Any, Any] = {}
        for key, value in part.items():
            here = f"{path}.{write(key, self._clock) if shape.key else key}"
            date = self._date(key, here) if isinstance(key, Hanging) else key
            if date is None:
                continue
            inside = self.part(value, shape.value, here)
            if date in told and isinstance(inside, int):
                told[date] += inside
            else:
                while date in told:
                    date += 1
                told[date] = inside
        return told


def _in_order(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a part, its end after its beginning."""
    for first, then in (("starts", "until"), ("opens", "closes")):
        begins, ends = fields.get(first), fields.get(then)
        if isinstance(begins, int) and isinstance(ends, int) and ends <= begins:
            fields[then] = begins + 1
    return fields


def _medians(operation: Operation) -> dict[str, int]:
    """Return when each moment comes in the middle of several runs, by its path."""
    found: dict[str, list[int]] = {}
    for replication in range(_RUNS):
        log = simulate(operation, seed=_SEED, replication=replication)
        for row in log.rows:
            if row[1] is Kind.CAME:
                found.setdefault(row[2], []).append(row[0])
    middle = _RUNS // 2
    return {
        path: sorted(times)[middle]
        for path, times in found.items()
        if len(times) > middle
    }


def _of_what_may_come(operation: Operation) -> dict[str, int]:
    """Return when stoppages that may not come begin and end if they do, by path."""
    feared = {n: plan for n, plan in operation.stoppages.items() if plan.may_not_come}
    moments = [m for plan in feared.values() for m in (plan.starts, plan.until)]
    if not any(isinstance(moment, Hanging) for moment in moments):
        return {}
    sure = {n: plan.model_copy(update={"chance": None}) for n, plan in feared.items()}
    come = operation.model_copy(update={"stoppages": operation.stoppages | sure})
    own = tuple(f"stoppages.{name}." for name in feared)
    return {path: at for path, at in _medians(come).items() if path.startswith(own)}
