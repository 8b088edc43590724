"""What changes in a scenario file of an older format, and the file in the new one."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from sim.distributions import AnyDistribution
from sim.errors import ScenarioError
from sim.formats import SCENARIO
from sim.scenario.files import read_text
from sim.scenario.load import checked
from sim.scenario.nodes import MappingNode, table_at
from sim.scenario.plans import Operation
from sim.scenario.quantity import Quantity
from sim.scenario.says_format import KEY, version_in
from sim.scenario.shapes import shape_at
from sim.scenario.tree import read_tree
from sim.scenario.uncertain import present_at


class Change(NamedTuple):
    """Something in a file that means another thing than before.

    Attributes
    ----------
    version : format with which that changed.
    line : of the file, 0 if it stands in a file that this one extends.
    path : of what it is about.
    present : what is said there, as a file writes it.
    """

    version: int
    line: int
    path: str
    present: str


class Upgraded(NamedTuple):
    """A file in the format of now.

    Attributes
    ----------
    before : format that it had.
    text : of the file; as it was if it had the format of now.
    changes : in it, in order.
    """

    before: int
    text: str
    changes: tuple[Change, ...]


def upgraded(path: Path, text: str, assumed: int | None = None) -> Upgraded:
    """Return a scenario file in the format of now.

    Parameters
    ----------
    path : of the file.
    text : in it.
    assumed : its format if it names none; else the one that such a file has.

    Raises
    ------
    ScenarioError
        If it cannot be read, has a format that nobody knows, or is refused in the
        format of now.
    """
    root, problems = read_tree(text, path.name, path.parent)
    if problems:
        raise ScenarioError(tuple(problems))
    version = version_in(root) or assumed or SCENARIO.assumed
    if version > SCENARIO.current:
        place = root.keys.get(KEY, root.place)
        refusal = SCENARIO.refusal(version) or ("", "")
        raise ScenarioError((place.problem(KEY, str(version), *refusal),))
    if version == SCENARIO.current:
        return Upgraded(version, text, ())
    new = _with_format(root, text)
    operation = checked(*read_text(new, path.name, path.parent))
    changes = [
        change
        for older in range(version, SCENARIO.current)
        for change in _STEPS[older](root, operation)
    ]
    return Upgraded(version, new, tuple(changes))


def _with_format(root: MappingNode, text: str) -> str:
    """Return a text that says the format of now, and else what it said."""
    lines = text.split("\n")
    said = f"{KEY}: {SCENARIO.current}"
    if KEY in root.keys:
        place = root.keys[KEY]
        line = lines[place.line - 1]
        begins = line[: place.column - 1]
        rest = line[place.column - 1 :]
        _, _, comment = rest.partition(" #")
        lines[place.line - 1] = begins + said + (f" #{comment}" if comment else "")
    else:
        first = min(place.line for place in root.keys.values())
        lines.insert(first - 1, said)
    return "\n".join(lines)


def _to_2(root: MappingNode, operation: Operation) -> Iterator[Change]:
    """Name what is uncertain of fields that vary: a draw is their middle now."""
    keys = table_at(root, "uncertain").keys
    for path in operation.uncertain:
        present = present_at(operation, path)
        if isinstance(present, AnyDistribution) and not present.is_fixed:
            line = keys[path].line if path in keys else 0
            quantity = shape_at(path.split("."))
            assert isinstance(quantity, Quantity)  # noqa: S101 - it holds a distribution
            yield Change(2, line, path, str(quantity.write(present, operation.clock)))


_STEPS: Mapping[int, Callable[[MappingNode, Operation], Iterator[Change]]] = {1: _to_2}
"""By format, what the next one changes."""
