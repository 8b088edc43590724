"""Reads scenario files, and follows `extends` from a variant to its base."""

import os
from pathlib import Path

from sim.errors import ScenarioError
from sim.messages import say
from sim.plain_file import NotPlainError, plain_bytes
from sim.scenario.nodes import MappingNode, Place, Scalar, Source
from sim.scenario.problems import Problem, RefusedError, hint, quoted
from sim.scenario.says_format import take_format
from sim.scenario.tree import decoded, read_tree
from sim.scenario.variants import varied
from sim.scenario.workbook.archive import MOST_MB, OTHER_SUFFIXES, SUFFIX
from sim.scenario.workbook.read import read_workbook

_LONGEST_CHAIN = 8
_MOST_MB = 1
SUFFIXES = (".yaml", SUFFIX)
"""How the names of scenario files end."""


def read_file(path: Path) -> tuple[MappingNode, list[Problem]]:
    """Return the tree of a scenario file, its bases included, and what is wrong.

    Raises
    ------
    ScenarioError
        If a file cannot be read, or `extends` leads to no allowed file.
    """
    return _read(path, _guard(path.parent), [])


def bases(path: Path) -> list[Path]:
    """Return the files that a scenario extends, the nearest first.

    Raises
    ------
    ScenarioError
        If one cannot be read.
    """
    chain: list[Path] = [path]
    guard = _guard(path.parent)
    while (extends := _own_tree(chain[-1]).values.get("extends")) is not None:
        text = extends.text if isinstance(extends, Scalar) else ""
        chain.append(_base(text, chain[-1].parent, guard, chain))
    return chain[1:]


def read_text(
    text: str, name: str, folder: Path | None
) -> tuple[MappingNode, list[Problem]]:
    """Return the tree of a scenario text, its bases included, and what is wrong.

    Parameters
    ----------
    text : as in a file.
    name : of the file that it stands for.
    folder : from which `extends` is followed; without it, it is refused.

    Raises
    ------
    ScenarioError
        If the text cannot be read, or `extends` leads to no allowed file.
    """
    own = read_tree(text, name, folder)
    return _based(*own, folder, _guard(folder) if folder else None, [])


def _guard(folder: Path) -> Path:
    """Return the folder that `extends` may not leave."""
    folder = folder.resolve()
    for parent in (folder, *folder.parents):
        if parent.name == "scenarios":
            return parent
    return folder


def _own_tree(path: Path) -> MappingNode:
    """Return the tree of a file without what it extends."""
    return own_tree(path)[0]


def own_tree(path: Path) -> tuple[MappingNode, list[Problem]]:
    """Return the tree of a text or a workbook without what it extends.

    Raises
    ------
    ScenarioError
        If it cannot be read.
    """
    if is_workbook(path):
        return read_workbook(_bytes_of(path, MOST_MB), shown(path), path.parent)
    return read_tree(text_of(path), shown(path), path.parent)


def is_workbook(path: Path) -> bool:
    """Return whether a file is read as a workbook, by the end of its name.

    Raises
    ------
    ScenarioError
        If it is one that is not read.
    """
    ending = path.suffix.lower()
    if ending in OTHER_SUFFIXES:
        problem = Place(Source(shown(path))).problem(
            "", "", OTHER_SUFFIXES[ending], say("Save it as an Excel workbook (.xlsx).")
        )
        raise ScenarioError((problem,))
    return ending == SUFFIX


def _read(
    path: Path, guard: Path, chain: list[Path]
) -> tuple[MappingNode, list[Problem]]:
    return _based(*own_tree(path), path.parent, guard, [*chain, path.resolve()])


def text_of(path: Path) -> str:
    """Return the text of a file.

    Raises
    ------
    ScenarioError
        If it cannot be read.
    """
    return decoded(_bytes_of(path, _MOST_MB), shown(path))


def _bytes_of(path: Path, most_mb: int) -> bytes:
    """Return what is in a file.

    Raises
    ------
    ScenarioError
        If it cannot be read.
    """
    try:
        return plain_bytes(path, most_mb)
    except OSError as error:
        why, remedy = say("the file cannot be read"), say("Check its name.")
        if isinstance(error, NotPlainError):
            why = say("the file cannot be read: {reason}", reason=error.strerror)
            remedy = say(
                "Give the name of a scenario: a text of at most {text_mb} MB, "
                "or a workbook of at most {workbook_mb} MB.",
                text_mb=_MOST_MB,
                workbook_mb=MOST_MB,
            )
        problem = Place(Source(shown(path))).problem("", "", why, remedy)
        raise ScenarioError((problem,)) from error


def _based(
    root: MappingNode,
    problems: list[Problem],
    folder: Path | None,
    guard: Path | None,
    chain: list[Path],
) -> tuple[MappingNode, list[Problem]]:
    """Return a tree with what it extends, and what is wrong with them.

    Raises
    ------
    ScenarioError
        If what it extends may not be read.
    """
    take_format(root)
    extends = root.values.pop("extends", None)
    if extends is None:
        if "change" in root.values:
            problems.append(
                root.keys["change"].problem(
                    "change",
                    "",
                    say("'change' is given, but not what it changes"),
                    say("Add 'extends: ' and the file to start from."),
                )
            )
            del root.values["change"]
        return root, problems
    text = extends.text if isinstance(extends, Scalar) else ""
    try:
        path = _base(text, folder, guard, chain)
    except RefusedError as refusal:
        problem = extends.place.problem("extends", text, *refusal.args)
        raise ScenarioError((*problems, problem)) from refusal
    base, more = _read(path, guard or path.parent, chain)
    return base, [*problems, *more, *varied(base, root)]


def _base(
    text: str, folder: Path | None, guard: Path | None, chain: list[Path]
) -> Path:
    """Return the file that `extends` names.

    Raises
    ------
    RefusedError
        If it may not be read.
    """
    if folder is None or guard is None:
        raise RefusedError(
            say("'extends' needs a file to start from"), say("Load it from a file.")
        )
    if not text or "\\" in text or ":" in text or Path(text).is_absolute():
        raise RefusedError(
            say("{found} is not a file beside this one", found=quoted(text)),
            say("Write its name, for example scenario.yaml or ../other/scenario.yaml."),
        )
    path = Path(os.path.normpath(folder / text))
    try:
        real = path.resolve()
        inside = real.is_relative_to(guard)
        exists = inside and real.is_file()
    except (OSError, ValueError, RuntimeError):
        raise RefusedError(
            say("{found} cannot be read", found=quoted(text)), say("Check the name.")
        ) from None
    if not inside:
        raise RefusedError(
            say(
                "{found} lies outside the folder '{guard}'",
                found=quoted(text),
                guard=guard.name,
            ),
            say("Copy the file into that folder."),
        )
    if real in chain:
        names = " -> ".join(link.name for link in [*chain, real])
        raise RefusedError(
            say("the files extend each other: {names}", names=names),
            say("Break the circle."),
        )
    if len(chain) >= _LONGEST_CHAIN:
        raise RefusedError(
            say(
                "more than {longest_chain} files extend one another",
                longest_chain=_LONGEST_CHAIN,
            ),
            say("Use fewer steps."),
        )
    if not exists:
        beside = sorted(p.name for p in path.parent.glob("*") if p.suffix in SUFFIXES)
        raise RefusedError(
            say("there is no file {found}", found=quoted(text)), hint(path.name, beside)
        )
    return path


def shown(path: Path) -> str:
    """Return a path as a planner would type it."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
