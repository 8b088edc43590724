"""Two people's edits of one scenario or evidence table as one file."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import RunError, ScenarioError
from sim.revisions.data import Conflict, Side, alike, changes, merged, nowhere
from sim.revisions.lines import merged_texts
from sim.revisions.said import value_said
from sim.revisions.tables import as_table, is_table, rows_in, rows_of, text_in
from sim.scenario import find
from sim.scenario.files import is_workbook, own_tree, read_text, text_of
from sim.scenario.load import checked
from sim.scenario.nodes import MappingNode, Node, Source, from_data, plain
from sim.scenario.shapes import Named, shape_at
from sim.scenario.tree import read_tree
from sim.scenario.yaml_text import block
from sim.studies.folder import in_plain_words
from sim.studies.planners_folder import root
from sim.whole_file import write_whole
from sim.words import Text, Words, say, say_many

__all__ = ["Side", "merged_files"]
_ENDING = ".merged"


class _Version(NamedTuple):
    """A file as somebody has it.

    Attributes
    ----------
    data : what it says, nested.
    text : None of a workbook.
    place : where a path stands in it, in words.
    """

    path: Path
    data: Any
    text: str | None
    place: Callable[[tuple[str, ...]], str]


class _Merged(NamedTuple):
    """One text of two; `kept` is whether comments and layout are as they were."""

    text: str
    kept: bool


def merged_files(
    base: Path, mine: Path, theirs: Path, target: Path | None, prefer: Side | None
) -> Iterator[Text]:
    """Write what two people made of one file as one; yield what was done.

    Parameters
    ----------
    base : what both began with; scenarios by file or name.
    target : file to write, which must not be there; beside that of mine if None.
    prefer : whose value is taken where both changed the same; nobody's if None.

    Raises
    ------
    ScenarioError, EvidenceError
        If one of the files cannot be read, or what was written is refused.
    RunError
        If both changed the same, or there is a file in the place of the new one.
    ResultsError
        If the disk does not take it.
    """
    tables = {is_table(path) for path in (base, mine, theirs)}
    if len(tables) > 1:
        raise RunError("Give three scenarios, or three evidence tables.")
    of_tables = tables == {True}
    read = _table if of_tables else _scenario
    if not of_tables:
        base, mine, theirs = (find(str(each), root()) for each in (base, mine, theirs))
    versions = [read(path) for path in (base, mine, theirs)]
    ordered = nowhere if of_tables else _ordered
    found = (each.data for each in versions)
    whole, conflicts = merged(*found, prefer=prefer, ordered=ordered)
    if conflicts and prefer is None:
        raise RunError(_refused(conflicts, versions))
    there = target or _beside(mine, of_tables)
    _check_target(there, of_tables)
    made = _as_text(versions, whole, prefer, of_tables)
    with in_plain_words(there.parent):
        write_whole(there, made.text.encode())
    yield from _said(versions, whole, conflicts, prefer)
    if not made.kept:
        yield say("Comments and layout could not be kept.")
    yield say("Wrote {file}.", file=str(there))
    if of_tables:
        rows_in(there)
    else:
        checked(*read_text(made.text, there.name, there.parent))


def _scenario(path: Path) -> _Version:
    """Return a scenario file as it is, without what it extends.

    Raises
    ------
    ScenarioError
        If it cannot be read.
    """
    tree, problems = own_tree(path)
    if problems:
        raise ScenarioError(tuple(problems))
    text = None if is_workbook(path) else text_of(path)
    return _Version(path, plain(tree), text, lambda steps: _place(tree, path, steps))


def _ordered(path: tuple[str, ...]) -> bool:
    """Return whether the order of the names at a path decides anything in a run."""
    shape = shape_at(path)
    return isinstance(shape, Named) and shape.key is None


def _table(path: Path) -> _Version:
    rows = rows_in(path)
    return _Version(path, rows, text_in(path), lambda _: path.name)


def _place(tree: MappingNode, path: Path, steps: tuple[str, ...]) -> str:
    """Return where a path stands in a file, or what holds it if it is not there."""
    node: Node = tree
    said = path.name
    for step in steps:
        if not isinstance(node, MappingNode) or step not in node.values:
            break
        said = f"{path.name}, {node.keys[step].said}".removesuffix(", ")
        node = node.values[step]
    return said


def _as_text(
    versions: list[_Version], whole: Any, prefer: Side | None, of_tables: bool
) -> _Merged:
    """Return the text that says what was merged, with its comments if possible."""
    texts = [each.text for each in versions]
    proposals: Iterable[str] = ()
    if None not in texts:
        base, mine, theirs = (text or "" for text in texts)
        proposals = merged_texts(base, mine, theirs, prefer)
    for proposed in proposals:
        says = rows_of(proposed) if of_tables else _data_in(proposed)
        if alike(says, whole, nowhere if of_tables else _ordered):
            return _Merged(proposed, True)
    if of_tables:
        return _Merged(as_table(whole), False)
    node = from_data(whole, Source(versions[1].path.name))
    return _Merged(block(node), False)


def _data_in(text: str) -> Any:
    """Return what a text says; None if something is wrong with it."""
    try:
        tree, problems = read_tree(text, "")
    except ScenarioError:
        return None
    return None if problems else plain(tree)


def _beside(mine: Path, of_tables: bool) -> Path:
    suffix = mine.suffix if of_tables else ".yaml"
    return mine.with_name(f"{mine.stem}{_ENDING}{suffix}")


def _check_target(there: Path, of_tables: bool) -> None:
    """Refuse a target that is there, or that would be read as something else.

    Raises
    ------
    RunError
        If it is one.
    """
    wanted = ".csv" if of_tables else ".yaml"
    if there.suffix.lower() != wanted:
        raise RunError(
            f"{there} must end in {wanted}. The command 'convert' makes a workbook of "
            "a scenario."
        )
    if there.exists():
        raise RunError(f"{there} is there already. Remove it, or give another with -o.")


def _said(
    versions: list[_Version],
    whole: Any,
    conflicts: list[Conflict],
    prefer: Side | None,
) -> Iterator[Text]:
    _, mine, theirs = versions
    for each, other in ((theirs, mine), (mine, theirs)):
        count = sum(1 for _ in changes(other.data, whole))
        yield say_many(
            "{count} change that only {file} has.",
            "{count} changes that only {file} has.",
            count,
            file=each.path.name,
        )
    for conflict in conflicts:
        yield say(
            "{where}: both changed it; {value} is taken, from {side}.",
            where=_where(conflict),
            value=value_said(conflict.theirs if prefer == "theirs" else conflict.mine),
            side=(theirs if prefer == "theirs" else mine).path.name,
        )


def _where(conflict: Conflict) -> Text:
    path = ".".join(conflict.path)
    return say("{where}, order of names", where=path) if conflict.of_order else path


def _refused(conflicts: list[Conflict], versions: list[_Version]) -> str:
    words = Words()
    _, mine, theirs = versions
    lines = [
        words.of(
            say(
                "{where}: {mine} says {ours} ({here}), {theirs} says {others} "
                "({there}); it was {base}.",
                where=_where(conflict),
                mine=mine.path.name,
                ours=value_said(conflict.mine),
                here=mine.place(conflict.path),
                theirs=theirs.path.name,
                others=value_said(conflict.theirs),
                there=theirs.place(conflict.path),
                base=value_said(conflict.base),
            )
        )
        for conflict in conflicts
    ]
    what = words.of(
        say_many(
            "Both changed {count} thing differently; nothing was written. Agree on "
            "it in one of the files, or take one side with --prefer mine or theirs:",
            "Both changed {count} things differently; nothing was written. Agree on "
            "them in one of the files, or take one side with --prefer mine or theirs:",
            len(conflicts),
        )
    )
    return "\n".join([what, *(f"  {line}" for line in lines)])
