"""From a file, a text or a program's data to a checked `Operation`.

All problems of a scenario come at once, as one `ScenarioError`.
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from sim.errors import ScenarioError
from sim.scenario.clock import Clock, time_zone
from sim.scenario.explain import explained
from sim.scenario.nodes import Scalar, Source, Table, from_data as tree_of, plain
from sim.scenario.plans import Operation
from sim.scenario.problems import Problem, Refusal
from sim.scenario.tree import read_tree


def from_text(text: str, name: str = "scenario.yaml") -> Operation:
    root, problems = read_tree(text, name)
    return _checked(root, problems)


def from_data(data: Mapping[str, object]) -> Operation:
    """Return the operation that nested data describe: text as in a file, or numbers.

    Raises
    ------
    ScenarioError
        If anything is wrong; problems have a dotted path for a place.
    """
    root = tree_of(data, Source(""))
    if not isinstance(root, Table):
        raise TypeError(f"a mapping is needed, not {data!r}")
    return _checked(root, [])


def _checked(root: Table, found: list[Problem]) -> Operation:
    clock, problems = clock_of(root)
    operation = None
    try:
        operation = Operation.model_validate(plain(root), context={"clock": clock})
    except ValidationError as error:
        problems += explained(error, root)
    broken = {(p.file, p.line, p.column) for p in found if p.line}
    problems = found + [p for p in problems if (p.file, p.line, p.column) not in broken]
    if problems or operation is None:
        raise ScenarioError(tuple(problems))
    return operation


def clock_of(root: Table) -> tuple[Clock | None, list[Problem]]:
    """Return the clock that the tree names, and what is wrong with it."""
    zone, starts, ends = (root.values.get(key) for key in ("zone", "starts", "ends"))
    if not isinstance(zone, Scalar) or not isinstance(starts, Scalar):
        return None, []
    try:
        time_zone(zone.text)
    except Refusal as refusal:
        return None, [zone.place.problem("zone", zone.text, *refusal.args)]
    try:
        clock = Clock(zone.text, starts.text)
    except Refusal as refusal:
        return None, [starts.place.problem("starts", starts.text, *refusal.args)]
    if not isinstance(ends, Scalar):
        return clock, []
    try:
        horizon = clock.seconds(ends.text)
    except Refusal:
        return clock, []
    if horizon == 0:
        return clock, [
            ends.place.problem(
                "ends", ends.text, "the operation ends when it starts", "End it later."
            )
        ]
    return Clock(zone.text, starts.text, horizon if horizon > 0 else None), []
