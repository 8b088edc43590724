"""What a planner may choose: a field of the scenario, a whole fleet, or the start.

Each is one text, `WHAT=VALUES`. `WHAT` is a path as in `change:` of a variant, or

- `fleets.NAME.vehicles`: all vehicles of a fleet, shared out over the moments at which
  they join as in the scenario,
- `start`: when the operation starts; all its dates move with it.

Values are a list, or steps as `20 to 60 by 5`, or whole parts of a file in brackets, as
`[{north: 2, south: 1}, {north: rest, south: rest}]`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import nan

from sim.errors import ScenarioError
from sim.experiment.factors import Factor, ListedValues, read_factors
from sim.experiment.scales import scale_of
from sim.messages import Text, say
from sim.scenario import Clock, Operation, Problem, amended
from sim.scenario.checks import findings
from sim.scenario.draft import Draft
from sim.scenario.numbers import with_fields
from sim.scenario.plans import FleetPlan
from sim.scenario.problems import hint, quoted
from sim.scenario.uncertain import steps_to, undrawn

_FLEET = re.compile(r"fleets\.(?P<fleet>[^.]+)\.vehicles")
START = "start"
_EARLIEST = "1950-01-01T00:00"
_OF_COUNT, _OF_DATE = "sites.any.bays", "weather.any.starts"
"""Fields that take what vehicles and starts take, to read lists and steps of them."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """A thing to choose, and the values to try.

    Attributes
    ----------
    what : as written.
    values : as texts, in the order given.
    """

    what: str
    values: tuple[str, ...]


def read_choice(text: str, operation: Operation) -> Candidates:
    """Return what a text offers to choose.

    Parameters
    ----------
    text : `WHAT=VALUES`.
    operation : in which it is chosen.

    Raises
    ------
    ScenarioError
        If there is nothing such to choose, or a value is not allowed.
    """
    what, sign, values = (" ".join(part.split()) for part in text.partition("="))
    path = what
    if (fleet := fleet_of(what)) is not None:
        path = _OF_COUNT
        _fleet(fleet, operation, what)
    elif what == START:
        path = _OF_DATE
    (factor,) = _factors(f"{path}{sign}{values}", what, operation)
    if not isinstance(factor, ListedValues):
        raise ScenarioError(
            _problem(
                what,
                say(
                    "{values} is an interval, and single values are needed",
                    values=quoted(values),
                ),
                say("Add a step, as in '20 to 60 by 5'."),
            )
        )
    choice = Candidates(what, factor.values)
    for value in choice.values:
        chosen(operation, choice, value)
    return choice


def _factors(text: str, what: str, operation: Operation) -> tuple[Factor, ...]:
    """Return what is varied; a start may lie before that of the operation.

    Raises
    ------
    ScenarioError
        If it cannot be read, for what was written.
    """
    starts = _EARLIEST if what == START else operation.starts
    try:
        return read_factors([text], Clock(operation.zone, starts))
    except ScenarioError as error:
        raise ScenarioError(
            tuple(replace(problem, path=what) for problem in error.args[0])
        ) from error


def chosen(operation: Operation, choice: Candidates, value: str) -> Operation:
    """Return an operation in which a value is chosen.

    What is chosen is not drawn from its range any more.

    Parameters
    ----------
    operation : stays as it is.
    choice : what is chosen.
    value : one of its values.

    Raises
    ------
    ScenarioError
        If the value is not allowed there.
    """
    return chosen_together(operation, {choice: value})


def chosen_together(
    operation: Operation, values: Mapping[Candidates, str]
) -> Operation:
    """Return an operation in which several values are chosen at once.

    Nothing that is chosen is drawn from its range any more.

    Parameters
    ----------
    operation : stays as it is.
    values : one of each thing that is chosen.

    Raises
    ------
    ScenarioError
        If they are not allowed there.
    """
    whole = [each for each in values if each.what == START or fleet_of(each.what)]
    fields = {each.what: values[each] for each in values if each not in whole}
    if fields:
        parts = [steps_to(path, operation.clock) for path in fields]
        operation = undrawn(amended(operation, fields), parts)
    for choice in whole:
        if fleet := fleet_of(choice.what):
            changed = _with_vehicles(operation, fleet, int(values[choice]))
        else:
            changed = operation.model_copy(update={"starts": values[choice]})
            changed.__dict__.pop("clock", None)  # a copy takes what was worked out
        operation = _checked(changed, choice, values[choice])
    return operation


def fleet_of(what: str) -> str | None:
    """Return the fleet of which all vehicles are chosen; None if something else is."""
    found = _FLEET.fullmatch(what)
    return found["fleet"] if found else None


def _checked(operation: Operation, choice: Candidates, value: str) -> Operation:
    """Return an operation that passes the checks of a file.

    Raises
    ------
    ScenarioError
        If it does not, for the value that was chosen.
    """
    problems = [
        Problem(
            *("", 0, 0, choice.what, value),
            say("with {value}: {problem}", value=value, problem=said),
            advice,
        )
        for _, said, advice in findings(Draft.of(operation), derived=True)
    ]
    if problems:
        raise ScenarioError(tuple(dict.fromkeys(problems)))
    return operation


def _with_vehicles(operation: Operation, name: str, vehicles: int) -> Operation:
    """Return an operation with so many vehicles of a fleet in all.

    Each moment gets its share of them, rounded so that they sum up; of equal rests the
    earlier in the file is rounded up.
    """
    fleet = _fleet(name, operation, name)
    whole = sum(fleet.joins.values())
    shares = [vehicles * number / whole for number in fleet.joins.values()]
    counts = [int(each) for each in shares]
    order = sorted(range(len(shares)), key=lambda n: counts[n] - shares[n])
    for place in order[: vehicles - sum(counts)]:
        counts[place] += 1
    joins = {
        moment: count
        for moment, count in zip(fleet.joins, counts, strict=True)
        if count
    }
    field = ("fleets", name, "joins")
    return undrawn(with_fields(operation, {field: joins}), [field])


def _fleet(name: str, operation: Operation, what: str) -> FleetPlan:
    """Return a fleet.

    Raises
    ------
    ScenarioError
        If there is none of this name.
    """
    if name not in operation.fleets:
        remedy = hint(name, tuple(operation.fleets))
        said = say("there is no fleet {name}", name=quoted(name))
        raise ScenarioError(_problem(what, said, remedy))
    return operation.fleets[name]


def _problem(path: str, problem: Text, remedy: Text) -> tuple[Problem, ...]:
    return (Problem("", 0, 0, path, "", problem, remedy),)


def numbers_of(choice: Candidates, operation: Operation) -> tuple[float, ...]:
    """Return the values of a choice as numbers, by which they are put in order.

    NaN for what is no number: a word, or a distribution.

    Parameters
    ----------
    choice : what is chosen.
    operation : in which.
    """
    if choice.what == START:
        clock = operation.clock
        return tuple(float(clock.seconds(value)) for value in choice.values)
    if fleet_of(choice.what):
        return tuple(map(float, choice.values))
    scale = scale_of(choice.what, choice.values, operation.clock)
    return tuple(scale.numbers.get(value, nan) for value in choice.values)
