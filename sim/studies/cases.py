"""Finds the scenario and the evidence that a planner names."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from sim.errors import ScenarioError
from sim.evidence.figures import Figure
from sim.evidence.table import load_figures
from sim.scenario import Operation, find
from sim.scenario.files import read_file
from sim.scenario.load import checked
from sim.scenario.nodes import MappingNode, Scalar
from sim.scenario.problems import nearest, quoted
from sim.studies.told import Note, Tell, nobody
from sim.words import say

_PROJECT = Path(__file__).resolve().parents[2]
_SHIPPED = Path(__file__).resolve().parents[1] / "shipped"


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


def root() -> Path:
    """Return the folder that holds scenarios/.

    Where we are, or else the project's, or what an installed program brought along.
    """
    for folder in (Path.cwd(), _PROJECT):
        if (folder / "scenarios").is_dir():
            return folder
    return _SHIPPED


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
