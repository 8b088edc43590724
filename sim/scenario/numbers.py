"""Changes numbers and dates of an operation in place of a copy, thousands of times.

Only what such a change can break is checked again.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sim.errors import ScenarioError
from sim.scenario import moments
from sim.scenario.checks import NUMBER_CHECKS, departures, phases
from sim.scenario.clock import Clock
from sim.scenario.draft import Draft, Finding
from sim.scenario.explain import dotted
from sim.scenario.plans import Operation, Plan
from sim.scenario.problems import Problem, RefusedError
from sim.scenario.quantities import MOMENTS
from sim.scenario.quantity import Quantity
from sim.scenario.shapes import OPERATION, ListShape, Named, Path, Shape, below


class NumberField(NamedTuple):
    """Where a dotted path leads: its steps in an operation, and what is there."""

    steps: Path
    quantity: Quantity


class NoNumberError(LookupError):
    """A path does not lead to a number or a date of this operation. Args: the path."""


@lru_cache(maxsize=4096)
def target_at(path: str, clock: Clock) -> NumberField | None:
    """Return where a path leads, if that is a number or a date within a part."""
    shape: Shape | None = OPERATION
    steps: list[str | int | moments.Hanging] = []
    for step in path.split("."):
        if isinstance(shape, Named) and shape.key in MOMENTS:
            try:
                steps.append(moments.read(step, clock))
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
    return NumberField(tuple(steps), shape)


def number_at(operation: Operation, target: NumberField) -> Any:
    """Return what is there, None if nothing is given.

    Raises
    ------
    NoNumberError
        If there is no such part.
    """
    part: Any = operation
    try:
        for step in target.steps:
            part = getattr(part, str(step)) if isinstance(part, Plan) else part[step]
    except (AttributeError, LookupError, TypeError) as error:
        raise NoNumberError(dotted(target.steps)) from error
    return part


def with_numbers(operation: Operation, values: Mapping[str, object]) -> Operation:
    """Return a copy of an operation with other numbers and dates.

    Parameters
    ----------
    operation : stays as it is.
    values : by dotted path, as of `sim.scenario.amend.amended`.

    Raises
    ------
    ScenarioError
        If a value is not allowed where it is to stand.
    NoNumberError
        If there is no number or date at a path.
    """
    changes: dict[Path, object] = {}
    problems = []
    touched: dict[tuple[str, str], set[str | int | moments.Hanging]] = {}
    for path, value in values.items():
        target = target_at(path, operation.clock)
        if target is None:
            raise NoNumberError(path)
        try:
            accepted = target.quantity.accept(value, operation.clock)
        except RefusedError as refusal:
            problems.append(Problem("", 0, 0, path, str(value), *refusal.args))
            continue
        changes[target.steps] = accepted
        first, second, *rest = target.steps
        touched.setdefault((str(first), str(second)), set()).update(rest[:1])
    if problems:
        raise ScenarioError(tuple(problems))
    changed = with_fields(operation, changes)
    broken = [
        Problem("", 0, 0, dotted(path), "", problem, remedy)
        for path, problem, remedy in _findings(changed, touched)
    ]
    if broken:
        raise ScenarioError(tuple(dict.fromkeys(broken)))
    return changed


def with_fields(operation: Operation, values: Mapping[Path, object]) -> Operation:
    """Return a copy of an operation with other values in some fields, unchecked.

    Parameters
    ----------
    operation : stays as it is.
    values : as the plans hold them, by the steps to their field.

    Raises
    ------
    NoNumberError
        If there is no such place.
    """
    changes = _Changes()
    for steps, value in values.items():
        inner = changes
        for step in steps[:-1]:
            inner = inner.setdefault(step, _Changes())
        inner[steps[-1]] = value
    changed: Operation = _changed(operation, changes)
    return changed


class _Changes(dict[str | int | moments.Hanging, Any]):
    """What changes in a part, by step; never a value that a field has."""


def _changed(part: Any, changes: Any) -> Any:
    """Return a copy of a part with other values at some places in it, or its new value.

    Raises
    ------
    NoNumberError
        If there is no such place.
    """
    if not isinstance(changes, _Changes):
        return changes
    if isinstance(part, Plan):
        return part.model_copy(
            update={
                str(step): _changed(getattr(part, str(step)), change)
                for step, change in changes.items()
            }
        )
    if isinstance(part, tuple):
        part = dict(enumerate(part))
        return tuple(_changed(part, changes).values())
    if not isinstance(part, dict):
        raise NoNumberError
    copy = dict(part)
    for step, change in changes.items():
        if step not in part:
            raise NoNumberError(str(step))
        copy[step] = _changed(part[step], change)
    return copy


def _findings(
    operation: Operation,
    touched: Mapping[tuple[str, str], set[str | int | moments.Hanging]],
) -> Iterator[Finding]:
    """Check again what the changed numbers of some parts can break."""
    draft = Draft.of(operation)
    parts = dict.fromkeys(touched)
    for section, name in touched:
        if section == "fleets":
            users = (n for n, flow in draft.flows.items() if name in flow.ever_takes)
            parts |= dict.fromkeys(("flows", user) for user in users)
        elif section == "sites":
            parts |= dict.fromkeys(("agreements", pact) for pact in draft.agreements)
        elif section == "weather":
            parts |= dict.fromkeys(("weather", other) for other in draft.weather)
    for section, name in parts:
        if section in NUMBER_CHECKS:
            yield from NUMBER_CHECKS[section](draft, name)
        if section == "flows":
            yield from phases.findings(draft, name, NUMBER_CHECKS[section])
    for (section, name), fields in touched.items():
        if section == "flows" and fields & departures.DATES:
            yield from departures.date_findings(draft, name)
