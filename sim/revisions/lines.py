"""Two people's edits of one text as one text, line by line where that is possible.

It is only a proposal: whoever asks reads the result again and compares it with what the
edits mean. So edits that touch go together here, which a careful merge of lines alone
would refuse.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from sim.revisions.data import Side

_TOKENS = re.compile(r"[\w.:+-]+|\s+|.", re.DOTALL)


class Edit(NamedTuple):
    """Some pieces of the base, from one place to another, and what stands there now."""

    begins: int
    ends: int
    pieces: tuple[str, ...]


def merged_texts(
    base: str, mine: str, theirs: str, prefer: Side | None = None
) -> Iterator[str]:
    """Yield texts that may be both edits in one, that which takes most of both first.

    None if they overlap and nobody is preferred.
    """
    versions = [text.splitlines(keepends=True) for text in (base, mine, theirs)]
    for both, finer in ((True, True), (False, True), (False, False)):
        rule = _Rule(prefer, both or prefer is None)
        found = _merged(*versions, rule=rule, finer=finer)
        if found is not None:
            yield "".join(found)


class _Rule(NamedTuple):
    """What becomes of edits that meet.

    Attributes
    ----------
    prefer : whose are taken.
    both : whether both are where both only add something.
    """

    prefer: Side | None
    both: bool


def _merged(
    base: Sequence[str],
    mine: Sequence[str],
    theirs: Sequence[str],
    *,
    rule: _Rule,
    finer: bool,
) -> list[str] | None:
    """Return the pieces of both versions; those that overlap in finer pieces."""
    ours, others = _edits(base, mine), _edits(base, theirs)
    whole: list[str] = []
    place = 0
    for begins, ends, left, right in _groups(ours, others):
        whole += base[place:begins]
        place = ends
        one = _applied(base, begins, ends, left)
        other = _applied(base, begins, ends, right)
        if not left or not right or one == other:
            whole += other if not left else one
            continue
        if rule.both and all(e.begins == e.ends for e in (*left, *right)):
            whole += [*one, *other]  # both only add something here
            continue
        region = base[begins:ends]
        found = _finer(region, one, other, rule) if finer else None
        if found is None and rule.prefer is not None:
            found = other if rule.prefer == "theirs" else one
        if found is None:
            return None
        whole += found
    return [*whole, *base[place:]]


def _finer(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str], rule: _Rule
) -> list[str] | None:
    versions = (_TOKENS.findall("".join(lines)) for lines in (base, mine, theirs))
    found = _merged(*versions, rule=rule, finer=False)
    return None if found is None else ["".join(found)]


def _edits(base: Sequence[str], other: Sequence[str]) -> list[Edit]:
    matcher = SequenceMatcher(None, base, other, autojunk=False)
    return [
        Edit(begins, ends, tuple(other[first:last]))
        for what, begins, ends, first, last in matcher.get_opcodes()
        if what != "equal"
    ]


def _groups(
    ours: Sequence[Edit], others: Sequence[Edit]
) -> Iterator[tuple[int, int, list[Edit], list[Edit]]]:
    """Yield edits of both that overlap together, with what they are of, in order."""
    marked = [(edit, True) for edit in ours] + [(edit, False) for edit in others]
    marked.sort(key=lambda each: (each[0].begins, each[0].ends))
    group: list[tuple[Edit, bool]] = []
    for edit, is_ours in marked:
        if group and not _overlaps(group, edit):
            yield _group(group)
            group = []
        group.append((edit, is_ours))
    if group:
        yield _group(group)


def _overlaps(group: Sequence[tuple[Edit, bool]], edit: Edit) -> bool:
    begins = min(each.begins for each, _ in group)
    ends = max(each.ends for each, _ in group)
    return edit.begins < ends or edit.begins == edit.ends == begins == ends


def _group(
    group: Sequence[tuple[Edit, bool]],
) -> tuple[int, int, list[Edit], list[Edit]]:
    return (
        min(edit.begins for edit, _ in group),
        max(edit.ends for edit, _ in group),
        [edit for edit, is_ours in group if is_ours],
        [edit for edit, is_ours in group if not is_ours],
    )


def _applied(
    base: Sequence[str], begins: int, ends: int, edits: Sequence[Edit]
) -> list[str]:
    whole: list[str] = []
    place = begins
    for edit in edits:
        whole += [*base[place : edit.begins], *edit.pieces]
        place = edit.ends
    return [*whole, *base[place:ends]]
