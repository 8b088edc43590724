"""What a checklist is made of, and how it becomes Markdown."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sim.exports.contents import Exported, KeptRun
from sim.exports.gaps import MARK
from sim.report.contents import Table
from sim.whole_file import write_whole
from sim.words import Text, Words, say, say_many

Part = Text | Table | tuple[Text, ...]
"""A paragraph, a table, or a list."""
_MARKED = re.compile(r"([\\`*_{}\[\]<>#|])")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


class Item(NamedTuple):
    """One item of a checklist.

    Attributes
    ----------
    heading : with its number, if items have one.
    parts : what there is to say; texts from `gap` mark what is missing.
    level : of the heading; 2 for a section, 3 for an item in it.
    """

    heading: Text
    parts: tuple[Part, ...] = ()
    level: int = 3


class Checklist(NamedTuple):
    """A description of a model by somebody's list.

    Attributes
    ----------
    cited : who made the list, and where.
    """

    title: Text
    cited: Text
    items: tuple[Item, ...]


_FILLED = say(
    "Filled in from the scenario and the run. What neither says is marked; look "
    "through the rest too before you hand it in."
)


def write_checklist(
    made: Checklist, run: KeptRun, path: Path, words: Words
) -> Iterator[Exported]:
    """Write a checklist as Markdown; yield the file, and how much is left to do."""
    lines = [*_lines(made, run, words)]
    write_whole(path, "\n".join(lines).encode("utf-8", "replace"))
    mark = words.of(MARK)
    gaps = sum(line.count(mark) for line in lines)
    said = say_many(
        "{count} gap is left for the author",
        "{count} gaps are left for the author",
        gaps,
    )
    yield Exported(path, said)


def _lines(made: Checklist, run: KeptRun, words: Words) -> Iterator[str]:
    yield f"# {_safe(made.title, words)}: {_safe(run.operation.operation, words)}"
    for text in (made.cited, _FILLED, run.remark):
        yield from ("", _safe(text, words))
    for item in made.items:
        yield from ("", f"{'#' * item.level} {_safe(item.heading, words)}")
        for part in item.parts:
            yield from _part(part, words)
    yield ""


def _part(part: Part, words: Words) -> Iterator[str]:
    if isinstance(part, tuple):
        yield ""
        yield from (f"- {_safe(each, words)}" for each in part if each is not None)
    elif isinstance(part, Table):
        yield from _table(part, words)
    elif part is not None:
        yield from ("", _safe(part, words))


def _table(table: Table, words: Words) -> Iterator[str]:
    yield from ("", f"{_safe(table.title, words)}:", "")
    yield _row([column.heading for column in table.columns], words)
    yield f"|{'---|' * len(table.columns)}"
    for row in table.rows:
        yield _row(row, words)


def _row(cells: Sequence[Text], words: Words) -> str:
    return f"| {' | '.join(_safe(cell, words) for cell in cells)} |"


def _safe(text: Text, words: Words) -> str:
    """Return a text on one line that is only text to who reads Markdown."""
    return _MARKED.sub(r"\\\1", _UNSEEN.sub(" ", words.of(text)).strip())
