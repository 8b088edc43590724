"""From a file, a text or a program's data to a checked `Operation`.

All problems of a scenario come at once, as one `ScenarioError`.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from sim.errors import ScenarioError
from sim.messages import Text, in_plain, joined, say
from sim.scenario import checks
from sim.scenario.checks import moments
from sim.scenario.cited import evidence_problems
from sim.scenario.clock import Clock
from sim.scenario.draft import Draft, Finding
from sim.scenario.explain import dotted, explained, place_of
from sim.scenario.files import read_file, read_text
from sim.scenario.find import find
from sim.scenario.from_past import take_from_past
from sim.scenario.names import name_problems
from sim.scenario.nodes import MappingNode, Place, plain, table_at, table_of
from sim.scenario.plans import Operation
from sim.scenario.problems import Problem
from sim.scenario.says_format import take_format
from sim.scenario.starts import clock_of
from sim.scenario.uncertain import Contradiction, contradictions
from sim.scenario.uncertain_paths import uncertain_problems
from sim.scenario.written import data_of


def load(path: str | Path) -> Operation:
    """Return the operation in a scenario file, its bases and changes applied.

    Parameters
    ----------
    path : a file, a folder with a scenario.yaml or .xlsx, or the name of one in
        scenarios/.

    Raises
    ------
    ScenarioError
        If there is no such file, or anything in it is wrong.
    """
    return checked(*read_file(find(str(path), Path.cwd())))


def from_text(
    text: str, name: str = "scenario.yaml", folder: Path | None = None
) -> Operation:
    """Return the operation that a text describes.

    Parameters
    ----------
    text : as in a file.
    name : of the file, for error messages.
    folder : from which `extends` and `evidence` are followed.

    Raises
    ------
    ScenarioError
        If anything in it is wrong.
    """
    return checked(*read_text(text, name, folder))


def from_data(data: Mapping[str, object], derived: bool = False) -> Operation:
    """Return the operation that nested data describe: text as in a file, or numbers.

    Parameters
    ----------
    derived : made of another operation: parts may have no use in it.

    Raises
    ------
    ScenarioError
        If anything is wrong; problems have a dotted path for a place.
    """
    root = table_of(data)
    take_format(root)
    return checked(root, [], derived)


def checked(
    root: MappingNode, found: list[Problem], derived: bool = False
) -> Operation:
    """Return the operation of a tree, if nothing is wrong with it.

    Parameters
    ----------
    found : what is wrong with its text.
    derived : as of `from_data`.

    Raises
    ------
    ScenarioError
        With everything that is.
    """
    found = [*found, *take_from_past(root)]
    clock, problems = clock_of(root)
    operation = None
    try:
        operation = Operation.model_validate(plain(root), context={"clock": clock})
    except ValidationError as error:
        problems += explained(error, root)
    draft = Draft.of(operation) if operation else Draft.of_tree(root, clock)
    problems += name_problems(root)
    problems += uncertain_problems(root, clock)
    problems += _placed(checks.findings(draft, derived), root, clock)
    problems += evidence_problems(root)
    if operation is not None and not problems and not found:
        problems += _placed(moments.findings(operation), root, clock)
    if operation is not None and not problems and not found:
        problems += [_of_ranges(each, root) for each in contradictions(operation)]
    if operation is None or problems or found:
        raise ScenarioError(_sorted(found, problems))
    return operation


def notes(operation: Operation, root: MappingNode | None = None) -> tuple[Problem, ...]:
    """Return what is allowed in an operation, but may not be meant.

    Parameters
    ----------
    operation : that nothing is wrong with.
    root : the tree that it was loaded from, for line and column.
    """
    return placed(checks.notes(operation), operation, root)


def deadlocks(
    operation: Operation, root: MappingNode | None = None
) -> tuple[Problem, ...]:
    """Return what holds people for ever in every run; otherwise as `notes`."""
    return placed(checks.deadlocks(operation), operation, root)


def placed(
    found: Iterable[Finding], operation: Operation, root: MappingNode | None = None
) -> tuple[Problem, ...]:
    """Return findings with their places, in the order of the files.

    Parameters
    ----------
    operation, root : as of `notes`.
    """
    root = table_of(data_of(operation)) if root is None else root
    return _sorted([], list(_placed(found, root, operation.clock)))


def _of_ranges(found: Contradiction, root: MappingNode) -> Problem:
    """Return which ranges under `uncertain` contradict each other, or the rest."""
    keys = table_at(root, "uncertain").keys
    first, *others = sorted(found.paths, key=lambda path: keys[path].line)
    of = dict(zip(found.paths, found.values, strict=True))
    values = joined((of[path] for path in (first, *others)), " and ")
    rest = joined((_range_of(path, keys[path]) for path in others), " and ")
    return keys[first].problem(
        f"uncertain.{first}",
        in_plain(values),
        say(
            "this range contradicts {others}: at {values}, {problem}",
            others=rest if others else say("the rest of the scenario"),
            values=values,
            problem=found.problem,
        ),
        (
            say("Narrow one of them.")
            if others
            else say("Narrow it, or change what it contradicts.")
        ),
    )


def _range_of(path: str, place: Place) -> Text:
    if not place.line:
        return say("the range of '{path}'", path=path)
    return say("the range of '{path}' ({place})", path=path, place=place.said)


def _placed(
    found: Iterable[Finding], root: MappingNode, clock: Clock | None
) -> Iterator[Problem]:
    """Return findings with their places."""
    for path, problem, remedy in found:
        _, place, taken = place_of(root, path, clock)
        yield place.problem(dotted(taken), "", problem, remedy)


def _sorted(first: list[Problem], then: list[Problem]) -> tuple[Problem, ...]:
    """Return problems in the order of the files, without what follows from others.

    Where the text itself is wrong, nothing more is said about its meaning.
    """
    broken = {_at(p) for p in first if p.line}
    rest = [p for p in then if _at(p) not in broken]
    unique = dict.fromkeys([*first, *rest])
    return tuple(sorted(unique, key=_at))


def _at(problem: Problem) -> tuple[str, str, int, int]:
    return problem.file, problem.sheet, problem.line, problem.column
