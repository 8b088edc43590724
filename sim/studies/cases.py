"""Finds the scenario and the evidence that a planner names."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from sim.errors import EvidenceError, ScenarioError
from sim.evidence.figures import Figure
from sim.evidence.table import load_figures
from sim.scenario import Operation, find
from sim.scenario.files import read_file
from sim.scenario.load import checked, notes
from sim.scenario.nodes import MappingNode, Scalar
from sim.scenario.problems import Problem, nearest, quoted
from sim.studies.told import Note, Tell, nobody
from sim.words import say

_PROJECT = Path(__file__).resolve().parents[2]


class Case(NamedTuple):
    """A scenario with its evidence.

    Attributes
    ----------
    name : for folders and titles.
    """

    name: str
    operation: Operation
    figures: tuple[Figure, ...]


Scenario = Case | Operation | Path | str
"""A scenario: opened already, made by a program, a file, or a name among scenarios."""


def opened(scenario: Scenario, tell: Tell = nobody) -> Case:
    """Return a scenario and the documented figures beside it.

    Raises
    ------
    ScenarioError
        If there is no such scenario, or anything in it is wrong.
    EvidenceError
        If anything in its evidence table is wrong.
    """
    if isinstance(scenario, Case):
        return scenario
    if isinstance(scenario, Operation):
        return Case("scenario", scenario, ())
    path = find(str(scenario), root())
    tree, found = read_file(path)
    operation = checked(tree, found)
    table = evidence_table(tree)
    return Case(name_of(path), operation, figures_in(table, operation, tell))


class Verdict(NamedTuple):
    """What there is to say about a scenario.

    Attributes
    ----------
    opened : None if it is refused.
    problems : why it is refused.
    notes : what is allowed, but may not be meant.
    """

    opened: Case | None
    problems: tuple[str, ...] = ()
    notes: tuple[Problem, ...] = ()


def verdict_on(scenario: str, tell: Tell = nobody) -> Verdict:
    """Return a scenario if it is fine, and everything that is to be said about it.

    The evidence is looked through even if the scenario is refused.
    """
    problems: list[str] = []
    noted: tuple[Problem, ...] = ()
    operation: Operation | None = None
    table: Path | None = None
    figures: tuple[Figure, ...] = ()
    try:
        path = find(scenario, root())
        tree, found = read_file(path)
        table = evidence_table(tree)
        operation = checked(tree, found)
        noted = notes(operation, tree)
    except ScenarioError as error:
        problems += [str(problem) for problem in error.args[0]]
    try:
        figures = figures_in(table, operation, tell)
    except EvidenceError as error:
        problems += [str(problem) for problem in error.args[0]]
    if operation is None or problems:
        return Verdict(None, tuple(problems))
    return Verdict(Case(name_of(path), operation, figures), notes=noted)


def root() -> Path:
    """Return the folder that holds scenarios/: where we are, or else the project's."""
    here = Path.cwd()
    return here if (here / "scenarios").is_dir() else _PROJECT


def remedy_for(word: str, commands: Iterable[str]) -> str | None:
    """Return what to write instead of a word, None if it names a scenario."""
    try:
        find(word, root())
    except ScenarioError as error:
        command = nearest(word, commands)
        ((problem,),) = error.args
        looks_like_a_file = "/" in word or "\\" in word or word.endswith(".yaml")
        if command and not looks_like_a_file:
            return f"Did you mean '{command}'?"
        return str(problem.remedy)
    return None


def name_of(path: Path) -> str:
    """Return what to call the scenario in a file."""
    folder = path.resolve().parent
    if path.stem == "scenario":
        return folder.name
    in_set = (folder / "scenario.yaml").is_file()
    return f"{folder.name}/{path.stem}" if in_set else path.stem


def evidence_table(tree: MappingNode) -> Path | None:
    """Return the table that a scenario names, None if it names none beside itself.

    It lies beside the file that names it, which may be the base of a variant.
    """
    named = tree.values.get("evidence")
    if not isinstance(named, Scalar) or named.place.source.folder is None:
        return None
    if Path(named.text).name != named.text:
        return None
    return named.place.source.folder / named.text


def figures_in(
    table: Path | None, operation: Operation | None, tell: Tell = nobody
) -> tuple[Figure, ...]:
    """Return the figures of a table; none, and a word on it, if it is not there.

    Parameters
    ----------
    operation : by whose clock its times must be; None if that is not known.
    tell : hears if it is not there.

    Raises
    ------
    EvidenceError
        If anything in it is wrong.
    """
    if table is None:
        return ()
    if not table.exists():
        missing = say(
            "There is no table {name} beside the scenario, so nothing is compared with "
            "documented figures.",
            name=quoted(table.name),
        )
        tell(Note(missing))
        return ()
    return load_figures(table, operation.clock.seconds if operation else None)


def outsiders(operation: Operation, figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """Return the figures that speak of a site which nobody leaves in a scenario."""
    origins = {operation.routes[flow.route].origin for flow in operation.flows.values()}
    return tuple(f for f in figures if f.metric and f.origin not in origins)
