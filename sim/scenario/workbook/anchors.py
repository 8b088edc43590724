"""What in a scenario a note is about: a field said once, a thing with a row, a sheet.

So a comment of a text becomes a note beside a row, and a note a comment again.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import yaml

from sim.scenario.nodes import MappingNode, Place
from sim.scenario.shapes import OPERATION, Fields
from sim.scenario.tree import read_tree
from sim.scenario.workbook.layout import ONCE, SheetTable, tables
from sim.scenario.workbook.rows import NOTE, rows_of
from sim.scenario.workbook.sheets import WorkbookSheet
from sim.scenario.workbook.values import as_text

Path = tuple[str, ...]
Notes = Mapping[Path, str]
"""Notes by the path of what they are about."""
_FOR_EDITORS = "yaml-language-server"


class _Key(NamedTuple):
    place: Place
    about: Path


def comments_in(text: str, operation: Fields = OPERATION) -> Notes:
    """Return the comments of a text, by what they stand before or behind.

    Parameters
    ----------
    text : of a scenario that can be read.
    operation : what a scenario may say.
    """
    root, _ = read_tree(text, "")
    keys = sorted(_keys(root, operation), key=lambda key: key.place.line)
    found: dict[Path, list[str]] = {}
    for line, alone, comment in _comments(text):
        before = [key for key in keys if key.place.line <= line]
        after = [key for key in keys if key.place.line > line]
        key = after[0] if alone and after else (before or keys)[-1]
        if _FOR_EDITORS not in comment:
            found.setdefault(key.about, []).append(comment)
    return {about: "\n".join(lines) for about, lines in found.items()}


def with_comments(text: str, notes: Notes, operation: Fields = OPERATION) -> str:
    """Return a text with notes as comments, each before what it is about."""
    root, _ = read_tree(text, "")
    first: dict[Path, int] = {}
    for place, about in _keys(root, operation):
        first.setdefault(about, place.line)
    lines = text.split("\n")
    told = [(first[about], note) for about, note in notes.items() if about in first]
    for line, note in sorted(told, key=lambda each: each[0], reverse=True):
        indent = lines[line - 1][: len(lines[line - 1]) - len(lines[line - 1].lstrip())]
        lines[line - 1 : line - 1] = [
            f"{indent}{NOTE} {each}".rstrip() for each in note.split("\n")
        ]
    return "\n".join(lines)


def notes_in(sheets: list[WorkbookSheet], operation: Fields = OPERATION) -> Notes:
    """Return the notes in sheets, by what they stand beside."""
    known = {table.name: table for table in tables(operation)}
    found: dict[Path, list[str]] = {}
    for sheet in sheets:
        name = sheet.name.casefold()
        table = known.get(name)
        if table is None and name != ONCE:
            continue
        rows = rows_of(sheet, ())
        for row, note in rows.notes():
            about: Path = (name,) if table else ("operation",)
            if row in rows.numbers:
                about = _about(table, rows.held, row)
            found.setdefault(about, []).append(note)
    return {about: "\n".join(lines) for about, lines in found.items()}


def _about(table: SheetTable | None, held: object, row: int) -> Path:
    assert callable(held)  # noqa: S101 - it is a method
    if table is None:
        return (as_text(held(row, "field") or "").casefold(),)
    names = zip(table.keys, table.line, strict=True)
    return (
        table.name,
        *(as_text(held(row, key) or "", each.keyed_by) for key, each in names),
    )


def _keys(root: MappingNode, operation: Fields) -> Iterator[_Key]:
    """Yield every key of a tree, with what a note beside it is about."""
    known = {table.name: table for table in tables(operation)}
    for key, node in root.values.items():
        yield _Key(root.keys[key], (key,))
        if isinstance(node, MappingNode):
            yield from _below(node, (key,), None, (), known, (key,))


def _below(
    part: MappingNode,
    steps: Path,
    table: SheetTable | None,
    names: Path,
    known: Mapping[str, SheetTable],
    about: Path,
) -> Iterator[_Key]:
    """Yield the keys in a part, which is a thing, its field, or a section of things."""
    sheet = ".".join((*(table.name.split(".") if table else ()), *steps))
    own = known.get(sheet) if steps else None
    for key, node in part.values.items():
        here = (own.name, *names, key) if own else about
        yield _Key(part.keys[key], here)
        if isinstance(node, MappingNode):
            if own:
                yield from _below(node, (), own, (*names, key), known, here)
            else:
                yield from _below(node, (*steps, key), table, names, known, here)


def _comments(text: str) -> Iterator[tuple[int, bool, str]]:
    """Yield the comments of a text: the line, whether it stands alone, the words."""
    spans = [
        (token.start_mark.index, token.end_mark.index)
        for token in yaml.scan(text, Loader=yaml.SafeLoader)
        if isinstance(token, yaml.ScalarToken)
    ]
    begins = 0
    for number, line in enumerate(text.split("\n"), start=1):
        for column, sign in enumerate(line):
            at = begins + column
            if (
                sign == NOTE
                and (not column or line[column - 1] in " \t")
                and not any(first <= at < last for first, last in spans)
            ):
                alone = not line[:column].strip()
                yield number, alone, line[column + 1 :].strip()
                break
        begins += len(line) + 1
