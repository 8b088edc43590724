"""A table as columns that hold one type each, as spreadsheets want them.

What a reader sees in one cell, as a median with its band, takes a column for each of
its numbers; words that stand among numbers go to a last column.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from sim.report.contents import Table
from sim.words import (
    Dated,
    Levels,
    Marked,
    Mean,
    Moment,
    Number,
    Sentence,
    Text,
    Words,
    joined,
    say,
)

_LEVELS = (say("5 %"), say("median"), say("95 %"))
_BOUNDS: Mapping[Text, Text] = MappingProxyType(
    dict(zip(_LEVELS, (say("low"), say("best"), say("high")), strict=True))
)
"""What is stated has these in place of shares of runs."""
_MEAN = (say("mean"), say("95 % from"), say("95 % to"))
_WHEN = say("local time")
_REMARK = say("remark")
Parts = tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Strand:
    """One column of a sheet.

    Attributes
    ----------
    heading : above it.
    cells : of one type, or None.
    of : place of the column of the table that it comes from; -1 if none.
    middle : whether it is what a chart draws of that column.
    """

    heading: str
    cells: list[Text]
    of: int = -1
    middle: bool = False


class Placed(NamedTuple):
    """Where a table stands.

    Attributes
    ----------
    sheet : its name.
    head : line of its headings; its rows follow.
    strands : its columns.
    """

    sheet: str
    head: int
    strands: Sequence[Strand]


@dataclass(slots=True)
class _Remarks:
    """Words that stand among numbers, row by row."""

    rows: dict[int, list[Text]] = field(default_factory=dict)

    def add(self, row: int, heading: Text, said: Text) -> None:
        told = say("{heading}: {said}", heading=heading, said=said) if heading else said
        self.rows.setdefault(row, []).append(told)


def strands_of(table: Table, words: Words) -> Sequence[Strand]:
    """Return the columns of a sheet that hold a table."""
    found: list[Strand] = []
    if any(group.title is not None for group in table.groups):
        titles = [group.title for group in table.groups for _ in group.rows]
        found.append(Strand(words.of(table.grouped_by), titles))
    rows, remarks = [*table.rows], _Remarks()
    for place, column in enumerate(table.columns):
        heading = words.of(column.heading)
        cells = [row[place] for row in rows]
        if not place or not _typed(cells, number=column.number):
            same = not any(map(_is_typed, cells)) or all(
                _is_typed(cell) or cell is None for cell in cells
            )
            plain = cells if same else [cell and words.of(cell) for cell in cells]
            found.append(Strand(heading, [*plain], place))
            continue
        names = _names(cells)
        for row, cell in enumerate(cells):
            if said := _words_in(cell):
                remarks.add(row, column.heading, said)
        parts = [_taken_apart(cell, names) for cell in cells]
        for number, name in enumerate(names):
            own = [part[number] for part in parts]
            called = _BOUNDS.get(name, name) if column.bounds else name
            title = joined([column.heading, called], ", ")
            middle = name in {None, _LEVELS[1], _MEAN[0]}
            found.extend(_by_type(title, own, place, middle=middle, words=words))
    if remarks.rows:
        told: list[Text] = [
            joined(remarks.rows[row], "; ") if row in remarks.rows else None
            for row in range(len(rows))
        ]
        found.append(Strand(words.of(_REMARK), told))
    return found


def unmarked(cell: Text) -> Text:
    """Return a cell without its mark."""
    return cell.text if isinstance(cell, Marked) else cell


def _typed(cells: Iterable[Text], *, number: bool) -> bool:
    """Return whether a column is one of numbers or moments, words apart."""
    kinds = [_is_typed(cell) for cell in cells if cell is not None]
    return any(kinds) and (number or 2 * sum(kinds) >= len(kinds))


def _is_typed(cell: Text) -> bool:
    return isinstance(unmarked(cell), Number | Moment | Levels | Mean | Dated) or (
        _mean_in(cell) is not None
    )


def _mean_in(cell: Text) -> Text:
    """Return the mean that a sentence is about, as `best 3.1 ± 0.2`."""
    said = unmarked(cell)
    if not isinstance(said, Sentence):
        return None
    fields = (value for _, value in said.fields)
    return next((v for v in fields if isinstance(unmarked(v), Mean | Dated)), None)


def _words_in(cell: Text) -> Text:
    """Return what a cell says that is neither number nor moment."""
    bare = unmarked(cell)
    return None if isinstance(bare, Number | Moment | Levels | Mean | Dated) else bare


def _names(cells: Iterable[Text]) -> Parts:
    """Return what the columns are named that a column takes the place of."""
    for cell in cells:
        match unmarked(_mean_in(cell) or cell):
            case Levels():
                return _LEVELS
            case Mean():
                return _MEAN
            case Dated(hours):
                return (*_names([hours]), _WHEN)
    return (None,)


def _taken_apart(cell: Text, names: Parts) -> Parts:
    """Return what stands in each column that a cell is split into."""
    match unmarked(_mean_in(cell) or cell):
        case Levels(middle, low, high):
            return (low, middle, high)
        case Mean(value, low, high, sign):
            return tuple(Number(each, f"{sign},.1f") for each in (value, low, high))
        case Dated(hours, when):
            return (*_taken_apart(hours, names[:-1]), when)
        case Number() | Moment():
            if names == _LEVELS:
                return (cell, cell, cell)
            return (cell, *(None for _ in names[1:]))
    return tuple(None for _ in names)


def _by_type(
    heading: Text, cells: list[Text], place: int, *, middle: bool, words: Words
) -> Iterator[Strand]:
    """Return a column, or one of numbers and one of moments if it holds both."""
    for kind, title in (
        (Number, heading),
        (Moment, joined([heading, _WHEN], ", ")),
    ):
        own = [cell if isinstance(unmarked(cell), kind) else None for cell in cells]
        alone = not any(
            cell is not None and not isinstance(unmarked(cell), kind) for cell in cells
        )
        if any(cell is not None for cell in own):
            shown = heading if alone else title
            yield Strand(words.of(shown), own, place, middle)
