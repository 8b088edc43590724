"""Finds the file of a scenario that a planner names."""

from pathlib import Path

from sim.errors import ScenarioError
from sim.messages import say
from sim.scenario.files import SUFFIXES
from sim.scenario.problems import Problem, hint, listed, quoted

_SCENARIO = "scenario"


def find(name: str, root: Path) -> Path:
    """Return the scenario file that a planner means.

    Parameters
    ----------
    name : a file, a folder with a scenario.yaml or scenario.xlsx, or the name of one in
        scenarios/, as in `aleppo-2016`; `aleppo-2016/no-bus-attack` is a variant in it.
    root : folder that holds scenarios/.

    Raises
    ------
    ScenarioError
        If there is no such scenario, or more than one.
    """
    for folder in (Path(), root, root / "scenarios"):
        for path in (folder / name, *_with_endings(folder / name)):
            found = next(
                filter(_is_file, (path, *_with_endings(path / _SCENARIO))), None
            )
            if found is not None:
                return _only(found, name)
    problem = say("there is no scenario {name}", name=quoted(name))
    remedy = hint(name, _known(root))
    raise ScenarioError((Problem("", 0, 0, "", name, problem, remedy),))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # no file can have this name
        return False


def _with_endings(path: Path) -> list[Path]:
    if not path.name:  # a folder such as `.` has no name to add an ending to
        return []
    return [path.with_name(f"{path.name}{suffix}") for suffix in SUFFIXES]


def _only(path: Path, name: str) -> Path:
    """Return a file, if its name alone does not mean another one, too.

    Raises
    ------
    ScenarioError
        If it does: to take one of them would be to guess.
    """
    others = [p for p in _with_endings(path.with_suffix("")) if p.is_file()]
    if name.endswith(SUFFIXES) or len(others) < 2:
        return path
    problem = say(
        "{name} may mean {files}",
        name=quoted(name),
        files=listed(p.as_posix() for p in others),
    )
    remedy = say("Write the name of one of them with its ending.")
    raise ScenarioError((Problem("", 0, 0, "", name, problem, remedy),))


def _known(root: Path) -> list[str]:
    """Return the names of scenarios, those of whole folders first."""
    paths = [
        path
        for path in sorted(root.glob("scenarios/*/*"))
        if path.suffix in SUFFIXES and not path.name.startswith((".", "~"))
    ]
    folders = [path.parent.name for path in paths if path.stem == _SCENARIO]
    variants = [f"{p.parent.name}/{p.stem}" for p in paths if p.stem != _SCENARIO]
    return list(dict.fromkeys([*folders, *variants]))
