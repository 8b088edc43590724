"""Finds the scenario and the evidence that a planner names."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from sim.errors import OptionError, ScenarioError
from sim.evidence.figures import Figure
from sim.evidence.paths import paths_of
from sim.evidence.table import read_evidence
from sim.evidence.vocabulary import ALL_FAMILIES
from sim.scenario import Operation, find
from sim.scenario.evidence_file import evidence_file
from sim.scenario.files import SUFFIXES, bases, read_file
from sim.scenario.load import checked
from sim.scenario.nodes import copied
from sim.scenario.problems import hint, nearest, quoted
from sim.scenario.uncertain import overdrawn_paths, without_paths
from sim.scenario.variants import with_changes
from sim.studies.planners_folder import root
from sim.studies.told import Note, Tell, nobody
from sim.words import joined, say, say_many


class Case(NamedTuple):
    """A scenario with its evidence.

    Attributes
    ----------
    name : for folders and titles.
    """

    name: str
    operation: Operation
    figures: tuple[Figure, ...]


class Changed(NamedTuple):
    """A scenario with changes that are asked for beside it.

    Attributes
    ----------
    scenario : a file, or a name among scenarios.
    changes : each `WHAT=VALUE`, as under `change:` of a variant.
    """

    scenario: Path | str
    changes: tuple[str, ...]


Scenario = Case | Operation | Changed | Path | str
"""A scenario: opened already, made by a program, a file, a name among scenarios, or one
of these two with changes."""


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
    changes = scenario.changes if isinstance(scenario, Changed) else ()
    named = scenario.scenario if isinstance(scenario, Changed) else scenario
    path = find(str(named), root())
    tree, found = read_file(path)
    plain = copied(tree)
    found = [*found, *with_changes(tree, changes)]
    operation = checked(tree, found)
    if changes:
        operation = _undrawn(operation, checked(plain, []), tell)
    table = evidence_file(tree)
    varied = bool(bases(path)) or bool(changes)
    figures = figures_in(table, operation, varied=varied, tell=tell)
    name = f"{name_of(path)}-changed" if changes else name_of(path)
    return Case(name, operation, figures)


def _undrawn(operation: Operation, plain: Operation, tell: Tell) -> Operation:
    """Return a changed operation that draws nothing in place of what was changed.

    Parameters
    ----------
    operation : with the changes.
    plain : without them.
    tell : hears of which values that is so.
    """
    undone = [path for _, path in overdrawn_paths(plain, operation)]
    if not undone:
        return operation
    drops = say(
        "What --change says of {paths} holds in every run: it is not drawn from its "
        "range any more. To draw it all the same, change its range under 'uncertain'.",
        paths=joined(undone, ", "),
    )
    tell(Note(drops))
    return operation.model_copy(update={"uncertain": without_paths(operation, undone)})


def path_among(figures: Sequence[Figure], path: str) -> str:
    """Return a family of sources as its table writes it, or `all`.

    Raises
    ------
    OptionError
        If there is no such family among the figures that are compared.
    """
    if path.casefold() == ALL_FAMILIES:
        return ALL_FAMILIES
    try:
        (family,) = paths_of(figures, path)
    except KeyError as error:
        remedy = hint(path, [*error.args[0], ALL_FAMILIES])
        says = f"no documented figure is of a family {quoted(path)}. {remedy}"
        raise OptionError("path", says) from None
    return family


def remedy_for(word: str, commands: Iterable[str]) -> str | None:
    """Return what to write instead of a word, None if it names a scenario."""
    try:
        find(word, root())
    except ScenarioError as error:
        command = nearest(word, commands)
        ((problem,),) = error.args
        looks_like_a_file = "/" in word or "\\" in word or word.endswith(SUFFIXES)
        if command and not looks_like_a_file:
            return f"Did you mean '{command}'?"
        return str(problem.remedy)
    return None


def name_of(path: Path) -> str:
    """Return what to call the scenario in a file."""
    folder = path.resolve().parent
    if path.stem == "scenario":
        return folder.name
    in_set = any((folder / f"scenario{suffix}").is_file() for suffix in SUFFIXES)
    return f"{folder.name}/{path.stem}" if in_set else path.stem


def figures_in(
    table: Path | None,
    operation: Operation | None,
    *,
    varied: bool = False,
    tell: Tell = nobody,
) -> tuple[Figure, ...]:
    """Return the figures of a table; none, and a word on it, if it is not there.

    Parameters
    ----------
    operation : of which the figures speak; None if that is not known.
    varied : whether it is a variant, for which its base has the table.
    tell : hears if it is not there, and what of it is passed over.

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
    found = read_evidence(table, operation, varied=varied)
    if found.tagged:
        tags = say(
            "The second row of {name} holds HXL tags and is passed over.",
            name=quoted(table.name),
        )
        tell(Note(tags))
    if found.left_out:
        others = say_many(
            "{count} documented figure is left out, since this variant does not have "
            "its site, group or day ({figures}).",
            "{count} documented figures are left out, since this variant does not have "
            "their sites, groups or days ({figures}).",
            len(found.left_out),
            figures=joined([figure.id for figure in found.left_out], ", "),
        )
        tell(Note(others))
    return found.figures
