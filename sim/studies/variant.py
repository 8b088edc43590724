"""A variant of a case as a file of its own: what it extends, and what it changes."""

import os
from collections.abc import Sequence
from pathlib import Path

from sim.errors import RunError, ScenarioError
from sim.scenario.files import SUFFIXES, is_workbook, read_file
from sim.scenario.load import checked
from sim.scenario.nodes import MappingNode, Place, Scalar, Source, copied
from sim.scenario.variants import read_changes, with_changes
from sim.scenario.workbook.archive import SUFFIX
from sim.studies.cases import undrawn_by
from sim.studies.folder import in_plain_words
from sim.studies.scenario_file import (
    ScenarioFile,
    as_texts,
    as_workbook,
    opened_file,
)
from sim.studies.taken_in import checked_name, is_there
from sim.whole_file import write_whole

_TEXT = SUFFIXES[0]


def write_variant(
    base: Path,
    name: str,
    title: str,
    changes: Sequence[str],
    *,
    workbook: bool = False,
) -> Path:
    """Write a variant beside its base; return its file.

    Parameters
    ----------
    base : file of the case that it changes.
    name : of the file, without its ending.
    title : of the variant; if empty, that of its base with the changes.
    changes : each `WHAT=VALUE`, as beside a command.
    workbook : whether it is a workbook, and not a text.

    Raises
    ------
    ScenarioError
        If the changes cannot be made, or do not go together with the rest.
    RunError
        If the name is none that can be used, or is taken.
    ResultsError
        If the disk does not let us.
    """
    path = _free(base, name, SUFFIX if workbook else _TEXT)
    tree, found = read_file(base)
    plain = copied(tree)
    operation = checked(tree, [*found, *with_changes(tree, changes)])
    voided = undrawn_by(plain, operation, changes)
    table, problems = read_changes([*changes, *voided])
    if problems:
        raise ScenarioError(tuple(problems))
    place = Place(Source(path.name))
    root = MappingNode(place)
    root.put("operation", place, Scalar(place, title.strip() or operation.operation))
    root.put("extends", place, Scalar(place, base.name))
    root.put("change", place, table)
    file = ScenarioFile(root, {})
    with in_plain_words(path.parent):
        if workbook:
            write_whole(path, as_workbook(file))
        else:
            (text,) = as_texts(file, path).values()
            write_whole(path, text.encode())
    return path


def write_into(path: Path, title: str, changes: Sequence[str]) -> None:
    """Write a case anew, with changes made in it.

    Parameters
    ----------
    path : file of the case, which is no variant.
    title : of the case from now on; if empty, the one that it has.
    changes : each `WHAT=VALUE`, as beside a command.

    Raises
    ------
    ScenarioError
        If the changes cannot be made, or do not go together with the rest.
    EvidenceError
        If its table of evidence cannot be read.
    RunError
        If something in it cannot be written.
    ResultsError
        If the disk does not let us.
    """
    file = opened_file(path)
    place = file.root.place
    plain = copied(file.root)
    named = title.strip() or checked(copied(plain), []).operation
    problems = with_changes(file.root, changes)
    file.root.put("operation", place, Scalar(place, named))
    operation = checked(copied(file.root), problems)
    with_changes(file.root, undrawn_by(plain, operation, changes))
    with in_plain_words(path.parent):
        if is_workbook(path):
            write_whole(path, as_workbook(file, blank=True))
        else:
            write_whole(path, as_texts(file, path)[path].encode())


def _free(base: Path, name: str, ending: str) -> Path:
    """Return the file of a name that nothing else has.

    Raises
    ------
    RunError
        If the name is none that can be used, or is taken.
    """
    checked_name(name)
    taken = [base.with_name(f"{name}{each}") for each in SUFFIXES]
    if any(map(os.path.lexists, taken)):
        raise RunError(is_there(name))
    return base.with_name(f"{name}{ending}")
