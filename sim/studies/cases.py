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
from sim.scenario.nodes import MappingNode, copied
from sim.scenario.paths import is_within
from sim.scenario.problems import Problem, hint, nearest, quoted
from sim.scenario.uncertain import overdrawn_paths, set_by, without_paths
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
    plain = copied(tree) if changes else tree
    operation = checked(tree, [*found, *with_changes(tree, changes)])
    if changes:
        operation = _undrawn(operation, _overdrawn(plain, operation, changes), tell)
    table = evidence_file(tree)
    varied = bool(bases(path)) or bool(changes)
    figures = figures_in(table, operation, varied=varied, tell=tell)
    name = f"{name_of(path)}-changed" if changes else name_of(path)
    return Case(name, operation, figures)


class DraftedCase(NamedTuple):
    """What a scenario says, though there may be mistakes in it.

    Attributes
    ----------
    tree : of the file, with what it extends and with its changes.
    problems : why it is refused; none if it is not.
    """

    tree: MappingNode
    problems: tuple[Problem, ...]


def drafted(scenario: Changed | Path | str) -> DraftedCase:
    """Return what a scenario says, and all that is wrong with it.

    Raises
    ------
    ScenarioError
        If there is no such scenario, or its file cannot be read at all.
    """
    changes = scenario.changes if isinstance(scenario, Changed) else ()
    named = scenario.scenario if isinstance(scenario, Changed) else scenario
    tree, found = read_file(find(str(named), root()))
    found = [*found, *with_changes(tree, changes)]
    shown = copied(tree)  # the check takes ranges of past operations into its own
    try:
        checked(tree, found)
    except ScenarioError as error:
        return DraftedCase(shown, tuple(error.args[0]))
    return DraftedCase(shown, ())


def _overdrawn(
    plain: MappingNode, operation: Operation, changes: Sequence[str]
) -> list[str]:
    """Return the paths of fields that changes set and a draw would undo.

    Parameters
    ----------
    plain : tree of the scenario without the changes.
    operation : with them.
    """
    try:
        return [path for _, path in overdrawn_paths(checked(plain, []), operation)]
    except ScenarioError:  # the changes mend it, so that there is nothing to compare
        changed = [each.partition("=")[0].strip() for each in changes]
        names = operation.uncertain
        drawn = (path for name in names for path in set_by(operation, name))
        return [
            path
            for path in dict.fromkeys(drawn)
            if any(is_within(path, each) for each in changed)
        ]


def undrawn_by(
    plain: MappingNode, operation: Operation, changes: Sequence[str]
) -> list[str]:
    """Return the changes that take away the ranges which other changes make void.

    Parameters
    ----------
    plain : tree of the scenario without the changes; stays as it is.
    operation : with them.
    changes : each `WHAT=VALUE`.
    """
    undone = _overdrawn(copied(plain), operation, changes)
    made = []
    for name in operation.uncertain:
        its = set_by(operation, name)
        kept = [path for path in its if path not in undone]
        if not kept:
            made.append(f"uncertain.{name}=drop")
        elif len(kept) < len(its):
            made.append(f"uncertain.{name}.sets=[{', '.join(kept)}]")
    return made


def _undrawn(operation: Operation, undone: Sequence[str], tell: Tell) -> Operation:
    """Return a changed operation that draws nothing in place of what was changed.

    Parameters
    ----------
    undone : paths that a draw would undo.
    tell : hears of which values that is so.
    """
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
        says = say("no documented figure is of a family {family}.", family=quoted(path))
        raise OptionError("path", joined((says, remedy))) from None
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
