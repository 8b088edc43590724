"""Changes that add several parts at once, one for each line."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sim.messages import Text, joined, listed, say
from sim.scenario.nodes import MappingNode, Scalar, table_at
from sim.scenario.plans import is_name
from sim.scenario.problems import RefusedError, quoted, with_remedy
from sim.scenario.several.keys import key_of
from sim.scenario.several.pasted import (
    KEY,
    NAME,
    PastedRow,
    WrongLine,
    read_rows,
    whole_number,
)
from sim.scenario.several.patterns import PartPattern, Taken, written

_BY_NAME = "agreements."


class SeveralParts(NamedTuple):
    """What lines make.

    Attributes
    ----------
    changes : each `PATH={...}`, as beside a command; in the order of the lines.
    lines : by the path of a part, the number of the line that it is of.
    notes : what whoever pasted them should know.
    wrong : what is wrong with lines; then there are no changes.
    """

    changes: tuple[str, ...]
    lines: dict[str, int]
    notes: tuple[Text, ...]
    wrong: tuple[WrongLine, ...]

    def line_of(self, path: str) -> int:
        """Return the line that a part or field is of; 0 if it is of none."""
        steps = path.split(".")
        return self.lines.get(".".join(steps[:2]), 0)


def several(pattern: PartPattern, text: str) -> SeveralParts:
    """Return the changes that add a part, with what belongs to it, for each line.

    Parameters
    ----------
    pattern : of the part in whose shape they are made.
    text : lines with cells, as `sim.scenario.several.pasted` reads them: the name, then
        the columns of the pattern.
    """
    rows, wrong, heads = read_rows(text, pattern.needed, pattern.others)
    taken, titles = Taken(pattern.tree), _titles(pattern.tree, pattern.section)
    keys: dict[str, int] = dict.fromkeys(taken.of(pattern.section), 0)
    changes: list[str] = []
    lines: dict[str, int] = {}
    notes: list[Text] = [*_as_heads(heads)]
    for row in rows:
        title = row.cells[NAME]
        problems, numbers = _numbers(row, pattern.counted)
        key, made = row.cells.get(KEY, ""), True
        if not key:
            key, made = key_of(title, pattern.kind, taken.of(pattern.section))
        first = titles.setdefault(title.casefold(), row.number)
        if first == row.number:
            first = keys.setdefault(key, row.number)
        if first != row.number:
            problems.append(_again(title, key, first))
        elif not is_name(key):
            problems.append(_no_key(key))
        wrong += [WrongLine(row.number, each) for each in problems]
        if problems:
            continue
        taken.of(pattern.section).add(key)
        if not made:
            notes.append(_renamed(title, key))
        for path, node in pattern.parts(key, row, numbers, taken):
            changes.append(written(path, node))
            lines[path] = row.number
    if wrong:
        return SeveralParts((), {}, (), tuple(sorted(wrong, key=lambda w: w.number)))
    return SeveralParts(tuple(changes), lines, (*notes, *_left(pattern)), ())


def _as_heads(heads: Sequence[tuple[str, str]]) -> Iterator[Text]:
    """Yield for which columns the heads of a list were taken, if in other words."""
    other = [(head, each) for head, each in heads if head.casefold() != each]
    if other:
        yield say(
            "The first line was taken for heads of columns: {pairs}. If that is not "
            "so, remove what was made of the lines, and put the columns into this "
            "order.",
            pairs=joined(
                (
                    say("'{head}' for {column}", head=head, column=each)
                    for head, each in other
                ),
                ", ",
            ),
        )


def _titles(tree: MappingNode, section: str) -> dict[str, int]:
    """Return the titles that there are; they stand on no line."""
    found = {}
    for part in table_at(tree, section).values.values():
        title = part.values.get("title") if isinstance(part, MappingNode) else None
        if isinstance(title, Scalar):
            found[title.text.casefold()] = 0
    return found


def _numbers(
    row: PastedRow, counted: Sequence[str]
) -> tuple[list[Text], dict[str, int]]:
    """Return what is wrong with the numbers of a line, and the others."""
    wrong: list[Text] = []
    numbers: dict[str, int] = {}
    for column in counted:
        try:
            numbers[column] = whole_number(row.cells[column])
        except RefusedError as error:
            wrong.append(joined((column, with_remedy(*error.args)), ": "))
    if not wrong and not any(numbers.values()):
        said = say("there is nobody at {name}. Delete the line.", name=_named(row))
        wrong.append(said)
    return wrong, numbers


def _named(row: PastedRow) -> Text:
    return quoted(row.cells[NAME])


def _again(title: str, key: str, first: int) -> Text:
    if first:
        return say(
            "{title}, with the key '{key}', stands on line {first} already. Delete "
            "one, change the name, or name another key in a column 'key'.",
            title=quoted(title),
            key=key,
            first=first,
        )
    return say(
        "{title}, with the key '{key}', is there already. Delete the line, change the "
        "name, or name another key in a column 'key'.",
        title=quoted(title),
        key=key,
    )


def _no_key(key: str) -> Text:
    return say(
        "{key} is no key. Write one of up to 60 lower-case letters 'a' to 'z', digits "
        "and hyphens in a column 'key'.",
        key=quoted(key),
    )


def _renamed(title: str, key: str) -> Text:
    return say(
        "A key has the letters 'a' to 'z': that of {title} is '{key}'. For another "
        "one, take it back and name one in a column 'key'.",
        title=quoted(title),
        key=key,
    )


def _left(pattern: PartPattern) -> Iterator[Text]:
    """Yield what the new parts have not got of the one in whose shape they are."""
    left = pattern.left()
    if left:
        yield say(
            "Not taken from '{name}': {paths}. What holds for the new ones, too, write "
            "for them.",
            name=pattern.name,
            paths=joined(left, ", "),
        )
    agreements = [each.partition(".")[2] for each in left if each.startswith(_BY_NAME)]
    if agreements:
        yield say(
            "The new flows stand under no agreement. Add them to a side of {names} if "
            "it is to bind them, and write its tranches for them, too.",
            names=listed(map(quoted, agreements)),
        )
    if pattern.section == "fleets":
        yield say(
            "No flow sends the new vehicles yet. Name them in the convoy of a flow."
        )
