"""Changes numbers of an operation that is loaded already, thousands of times.

Numbers and dates are changed in place of a copy and only what they can break is
checked again. Any other field is changed in the text of the whole scenario, which
is then loaded anew.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sim.distributions import Distribution
from sim.errors import ScenarioError
from sim.scenario.checks import NUMBER_CHECKS, departures
from sim.scenario.clock import Clock
from sim.scenario.draft import Draft, Finding
from sim.scenario.explain import dotted
from sim.scenario.load import checked
from sim.scenario.nodes import Place, from_data, table_of
from sim.scenario.plans import Operation, Plan
from sim.scenario.problems import Problem, RefusedError
from sim.scenario.quantities import MOMENT
from sim.scenario.quantity import Quantity
from sim.scenario.shapes import OPERATION, ListShape, Named, Shape, below, shape_at
from sim.scenario.variants import change_one
from sim.scenario.written import data_of


class _Target(NamedTuple):
    """Where a dotted path leads: its steps in an operation, and what is there."""

    steps: tuple[str | int, ...]
    quantity: Quantity


class _NowhereError(LookupError):
    """A path does not lead to a number of this operation."""


def amended(operation: Operation, values: Mapping[str, object]) -> Operation:
    """Return a copy of an operation with other values in some of its fields.

    Parameters
    ----------
    operation : stays as it is.
    values : by dotted path, as in `fleets.buses.seats`: text as in a file, or a
        number in the base unit (seconds, metres, m/s, people). For a distribution a
        number is a fixed value.

    Raises
    ------
    ScenarioError
        If a path does not exist, or a value is not allowed there.
    """
    changes: dict[str | int, Any] = {}
    problems = []
    touched: dict[tuple[str, str], set[str | int]] = {}
    for path, value in values.items():
        target = _target(path, operation.clock)
        if target is None:
            return _reloaded(operation, values)
        try:
            accepted = target.quantity.accept(value, operation.clock)
        except RefusedError as refusal:
            problems.append(Problem("", 0, 0, path, str(value), *refusal.args))
            continue
        _plant(changes, target.steps, accepted)
        first, second, *rest = target.steps
        touched.setdefault((str(first), str(second)), set()).update(rest[:1])
    if problems:
        raise ScenarioError(tuple(problems))
    try:
        changed: Operation = _changed(operation, changes)
    except _NowhereError:
        return _reloaded(operation, values)
    broken = [
        Problem("", 0, 0, dotted(path), "", problem, remedy)
        for path, problem, remedy in _findings(changed, touched)
    ]
    if broken:
        raise ScenarioError(tuple(dict.fromkeys(broken)))
    return changed


def uncertain_fields(operation: Operation) -> dict[str, Distribution]:
    """Return what is known about each uncertain field, by its dotted path."""
    fields = {}
    for path, plan in operation.uncertain.items():
        target = _target(path, operation.clock)
        if target is not None and target.quantity.spread is not None:
            text = " ".join(plan.spread.split())
            fields[path] = target.quantity.spread(text, operation.clock)
    return fields


def same_field(path: str, other: str, clock: Clock) -> bool:
    """Return whether two paths lead to one number or date, however they are written.

    Parameters
    ----------
    path, other : dotted; moments in them may be spelled in several ways.
    clock : of the operation.
    """
    one, two = _target(path, clock), _target(other, clock)
    return one is not None and two is not None and one.steps == two.steps


@lru_cache(maxsize=4096)
def _target(path: str, clock: Clock) -> _Target | None:
    """Return where a path leads, if that is a number or a date within a part."""
    shape: Shape | None = OPERATION
    steps: list[str | int] = []
    for step in path.split("."):
        if isinstance(shape, Named) and shape.key is MOMENT:
            try:
                steps.append(clock.seconds(step))
            except RefusedError:
                return None
        elif isinstance(shape, ListShape):
            if not (step.isascii() and step.isdigit()):
                return None
            steps.append(int(step))
        else:
            steps.append(step)
        shape = below(shape, step)
    if not isinstance(shape, Quantity) or shape.spread is None or len(steps) < 2:
        return None
    return _Target(tuple(steps), shape)


def _plant(
    changes: dict[str | int, Any], steps: tuple[str | int, ...], value: Any
) -> None:
    for step in steps[:-1]:
        changes = changes.setdefault(step, {})
    changes[steps[-1]] = value


def _changed(part: Any, changes: Mapping[str | int, Any]) -> Any:
    """Return a copy of a part with other values at some places in it.

    Raises
    ------
    _NowhereError
        If there is no such place.
    """
    if isinstance(part, Plan):
        return part.model_copy(
            update={
                str(step): _changed(getattr(part, str(step)), change)
                if type(change) is dict
                else change
                for step, change in changes.items()
            }
        )
    if isinstance(part, tuple):
        part = dict(enumerate(part))
        return tuple(_changed(part, changes).values())
    if not isinstance(part, dict):
        raise _NowhereError
    copy = dict(part)
    for step, change in changes.items():
        if step not in part:
            raise _NowhereError
        copy[step] = _changed(part[step], change) if type(change) is dict else change
    return copy


def _findings(
    operation: Operation, touched: Mapping[tuple[str, str], set[str | int]]
) -> Iterator[Finding]:
    """Check again what the changed numbers of some parts can break."""
    draft = Draft.of(operation)
    parts = dict.fromkeys(touched)
    for section, name in touched:
        if section == "fleets":
            users = (n for n, flow in draft.flows.items() if name in flow.convoy)
            parts |= dict.fromkeys(("flows", user) for user in users)
        elif section == "sites":
            parts |= dict.fromkeys(("agreements", pact) for pact in draft.agreements)
        elif section == "weather":
            parts |= dict.fromkeys(("weather", other) for other in draft.weather)
    for section, name in parts:
        if section in NUMBER_CHECKS:
            yield from NUMBER_CHECKS[section](draft, name)
    for (section, name), fields in touched.items():
        if section == "flows" and fields & departures.DATES:
            yield from departures.date_findings(draft, name)


def _reloaded(operation: Operation, values: Mapping[str, object]) -> Operation:
    """Return the operation loaded anew from its text with the values in it.

    Raises
    ------
    ScenarioError
        If a path does not exist, or a value is not allowed there.
    """
    root = table_of(data_of(operation))
    source = root.place.source
    problems = []
    for path, value in values.items():
        shape = shape_at(path.split("."))
        text = value
        try:
            if isinstance(shape, Quantity):
                text = shape.write(
                    shape.accept(value, operation.clock), operation.clock
                )
            change_one(root, path, Place(source), from_data(text, source, path))
        except RefusedError as refusal:
            problems.append(Problem("", 0, 0, path, str(value), *refusal.args))
    if problems:
        raise ScenarioError(tuple(problems))
    return checked(root, [])
