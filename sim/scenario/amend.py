"""Changes fields of an operation that is loaded already, thousands of times.

Numbers and dates are changed in place of a copy. Any other field is changed in the
text of the whole scenario, which is then loaded anew.
"""

from collections.abc import Mapping

from sim.errors import ScenarioError
from sim.scenario.clock import Clock
from sim.scenario.load import checked
from sim.scenario.nodes import Node, Place, Source, from_data, table_of
from sim.scenario.numbers import NoNumberError, target_at, with_numbers
from sim.scenario.plans import Operation
from sim.scenario.problems import Problem, RefusedError
from sim.scenario.quantity import Quantity
from sim.scenario.variants import change_one
from sim.scenario.workbook.layout import shape_of_change
from sim.scenario.workbook.notation import read_change
from sim.scenario.written import data_of


def amended(operation: Operation, values: Mapping[str, object]) -> Operation:
    """Return a copy of an operation with other values in some of its fields.

    Parameters
    ----------
    operation : stays as it is.
    values : by dotted path, as in `fleets.buses.seats`: text as in a file, or a
        number in the base unit (seconds, metres, m/s, people). For a distribution a
        number is a fixed value; `sim.scenario.uncertain.settled` keeps its chance.

    Raises
    ------
    ScenarioError
        If a path does not exist, or a value is not allowed there.
    """
    try:
        return with_numbers(operation, values)
    except NoNumberError:
        return _reloaded(operation, values)


def same_field(path: str, other: str, clock: Clock) -> bool:
    """Return whether two paths lead to one number or date, however they are written.

    Parameters
    ----------
    path, other : dotted; moments in them may be spelled in several ways.
    clock : of the operation.
    """
    one, two = target_at(path, clock), target_at(other, clock)
    return one is not None and two is not None and one.steps == two.steps


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
        try:
            node = _node(path, value, operation.clock, source)
            change_one(root, path, Place(source), node)
        except RefusedError as refusal:
            problems.append(Problem("", 0, 0, path, str(value), *refusal.args))
    if problems:
        raise ScenarioError(tuple(problems))
    return checked(root, [])


def _node(path: str, value: object, clock: Clock, source: Source) -> Node:
    """Return a value as it stands in the tree of a scenario.

    Raises
    ------
    RefusedError
        If it cannot be read.
    """
    shape = shape_of_change(path)
    if isinstance(shape, Quantity):
        return from_data(shape.write(shape.accept(value, clock), clock), source, path)
    if not isinstance(value, str):
        return from_data(value, source, path)
    node, problems = read_change(value, shape, Place(source))
    if problems:
        raise RefusedError(problems[0].said, problems[0].advice)
    return node
