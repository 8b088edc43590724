"""Finds scenario files and follows `extends` from a variant to its base."""

import os
from pathlib import Path

from sim.errors import ScenarioError
from sim.plain_file import NotPlainError, plain_bytes
from sim.scenario.nodes import MappingNode, Place, Scalar, Source
from sim.scenario.problems import Problem, RefusedError, hint, quoted
from sim.scenario.says_format import take_format
from sim.scenario.tree import decoded, read_tree
from sim.scenario.variants import varied

_LONGEST_CHAIN = 8
_MOST_MB = 1
_SCENARIO = "scenario.yaml"


def find(name: str, root: Path) -> Path:
    """Return the scenario file that a planner means.

    Parameters
    ----------
    name : a file, a folder with a scenario.yaml, or the name of one in scenarios/,
        as in `aleppo-2016`; `aleppo-2016/no-bus-attack` is a variant in it.
    root : folder that holds scenarios/.

    Raises
    ------
    ScenarioError
        If there is no such scenario.
    """
    for folder in (Path(), root, root / "scenarios"):
        for path in (folder / name, folder / f"{name}.yaml"):
            try:
                if path.is_file():
                    return path
                if (path / _SCENARIO).is_file():
                    return path / _SCENARIO
            except (OSError, ValueError):
                continue
    known = [path.parent.name for path in sorted(root.glob(f"scenarios/*/{_SCENARIO}"))]
    known += [
        f"{path.parent.name}/{path.stem}"
        for path in sorted(root.glob("scenarios/*/*.yaml"))
        if path.name != _SCENARIO
    ]
    problem = f"there is no scenario {quoted(name)}"
    raise ScenarioError((Problem("", 0, 0, "", name, problem, hint(name, known)),))


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
    return _tree(text, name, folder, _guard(folder) if folder else None, [])


def _guard(folder: Path) -> Path:
    """Return the folder that `extends` may not leave."""
    folder = folder.resolve()
    for parent in (folder, *folder.parents):
        if parent.name == "scenarios":
            return parent
    return folder


def _own_tree(path: Path) -> MappingNode:
    """Return the tree of a file without what it extends."""
    return read_tree(text_of(path), _shown(path), path.parent)[0]


def _read(
    path: Path, guard: Path, chain: list[Path]
) -> tuple[MappingNode, list[Problem]]:
    text = text_of(path)
    return _tree(text, _shown(path), path.parent, guard, [*chain, path.resolve()])


def text_of(path: Path) -> str:
    """Return the text of a file.

    Raises
    ------
    ScenarioError
        If it cannot be read.
    """
    name = _shown(path)
    try:
        data = plain_bytes(path, _MOST_MB)
    except OSError as error:
        why, remedy = "the file cannot be read", "Check its name."
        if isinstance(error, NotPlainError):
            why += f": {error.strerror}"
            remedy = "Give the name of a scenario: a text of at most 1 MB."
        problem = Place(Source(name)).problem("", "", why, remedy)
        raise ScenarioError((problem,)) from error
    return decoded(data, name)


def _tree(
    text: str, name: str, folder: Path | None, guard: Path | None, chain: list[Path]
) -> tuple[MappingNode, list[Problem]]:
    root, problems = read_tree(text, name, folder)
    take_format(root)
    extends = root.values.pop("extends", None)
    if extends is None:
        if "change" in root.values:
            problems.append(
                root.keys["change"].problem(
                    "change",
                    "",
                    "'change' is given, but not what it changes",
                    "Add 'extends: ' and the file to start from.",
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
            "'extends' needs a file to start from", "Load it from a file."
        )
    if not text or "\\" in text or ":" in text or Path(text).is_absolute():
        raise RefusedError(
            f"{quoted(text)} is not a file beside this one",
            "Write its name, for example scenario.yaml or ../other/scenario.yaml.",
        )
    path = Path(os.path.normpath(folder / text))
    try:
        real = path.resolve()
        inside = real.is_relative_to(guard)
        exists = inside and real.is_file()
    except (OSError, ValueError, RuntimeError):
        raise RefusedError(
            f"{quoted(text)} cannot be read", "Check the name."
        ) from None
    if not inside:
        raise RefusedError(
            f"{quoted(text)} lies outside the folder '{guard.name}'",
            "Copy the file into that folder.",
        )
    if real in chain:
        names = " -> ".join(link.name for link in [*chain, real])
        raise RefusedError(f"the files extend each other: {names}", "Break the circle.")
    if len(chain) >= _LONGEST_CHAIN:
        raise RefusedError(
            f"more than {_LONGEST_CHAIN} files extend one another", "Use fewer steps."
        )
    if not exists:
        beside = sorted(p.name for p in path.parent.glob("*.yaml"))
        raise RefusedError(f"there is no file {quoted(text)}", hint(path.name, beside))
    return path


def _shown(path: Path) -> str:
    """Return a path as a planner would type it."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
