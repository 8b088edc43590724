"""Nested data of two or three versions: what differs, and how they go together.

Mappings are compared key by key; everything else, lists among them, is one value. A
value that is not there is `ABSENT`. Where the order of keys means something, it goes
together like a value.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, Literal, NamedTuple

Path = tuple[str, ...]
Side = Literal["mine", "theirs"]


Ordered = Callable[[Path], bool]


def nowhere(_path: Path) -> bool:
    """Return that no order means anything."""
    return False


class Absent(Enum):
    """That there is no value."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


class Revision(NamedTuple):
    """A value that two versions have differently; `ABSENT` where one has none."""

    path: Path
    before: Any
    after: Any


class Conflict(NamedTuple):
    """A value that two people changed differently; `ABSENT` where it is gone.

    With `of_order` it is the order of the keys there.
    """

    path: Path
    base: Any
    mine: Any
    theirs: Any
    of_order: bool = False


def changes(before: Any, after: Any, path: Path = ()) -> Iterator[Revision]:
    """Yield what differs, as far down as both have something."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in {**before, **after}:
            inside = before.get(key, ABSENT), after.get(key, ABSENT)
            yield from changes(*inside, (*path, str(key)))
    elif before != after:
        yield Revision(path, before, after)


def alike(one: Any, other: Any, ordered: Ordered, path: Path = ()) -> bool:
    """Return whether nothing differs, nor any order that means something."""
    if not (isinstance(one, Mapping) and isinstance(other, Mapping)):
        return bool(one == other)
    if one.keys() != other.keys() or (ordered(path) and [*one] != [*other]):
        return False
    return all(alike(one[key], other[key], ordered, (*path, str(key))) for key in one)


def in_one_order(one: Any, other: Any) -> bool:
    """Return whether keys that both have stand in the same order, at all depths."""
    if not (isinstance(one, Mapping) and isinstance(other, Mapping)):
        return True
    shared = [key for key in one if key in other]
    if shared != [key for key in other if key in one]:
        return False
    return all(in_one_order(one[key], other[key]) for key in shared)


def merged(
    base: Any,
    mine: Any,
    theirs: Any,
    *,
    prefer: Side | None = None,
    ordered: Ordered = nowhere,
    path: Path = (),
) -> tuple[Any, list[Conflict]]:
    """Return two people's versions of one thing as one, and where they contradict.

    Parameters
    ----------
    prefer : whose value is taken where they contradict; mine, for want of a better, if
        None.
    ordered : whether the order of the keys at a path means something.
    """
    if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
        return _merged_mappings(base, mine, theirs, prefer, ordered, path)
    if theirs in (mine, base):
        return mine, []
    if mine == base:
        return theirs, []
    taken = theirs if prefer == "theirs" else mine
    return taken, [Conflict(path, base, mine, theirs)]


def _merged_mappings(
    base: Any,
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    prefer: Side | None,
    ordered: Ordered,
    path: Path,
) -> tuple[dict[str, Any], list[Conflict]]:
    older = base if isinstance(base, Mapping) else {}
    whole: dict[str, Any] = {}
    keys, conflicts = _keys(older, mine, theirs, prefer, path)
    if not ordered(path):
        conflicts = []
    for key in keys:
        versions = (each.get(key, ABSENT) for each in (older, mine, theirs))
        inside = (*path, str(key))
        value, found = merged(*versions, prefer=prefer, ordered=ordered, path=inside)
        conflicts += found
        if value is not ABSENT:
            whole[key] = value
    return whole, conflicts


def _keys(
    older: Mapping[str, Any],
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    prefer: Side | None,
    path: Path,
) -> tuple[list[str], list[Conflict]]:
    """Return the keys of both as whoever moved any has them, and if both did."""
    shared = [key for key in older if key in mine and key in theirs]
    ours, others = ([k for k in keys if k in shared] for keys in (mine, theirs))
    both = shared not in (ours, others) and ours != others
    lead, other = mine, theirs
    if others != shared and (ours == shared or (both and prefer == "theirs")):
        lead, other = theirs, mine
    found = [Conflict(path, shared, ours, others, of_order=True)] if both else []
    return _interleaved([*lead], [*other]), found


def _interleaved(lead: Sequence[str], other: Sequence[str]) -> list[str]:
    """Return some keys, and others each behind the one it stands behind."""
    whole = [*lead]
    place = 0
    for key in other:
        if key in lead:
            place = whole.index(key) + 1
            continue
        while place < len(whole) and whole[place] not in other:
            place += 1
        whole.insert(place, key)
        place += 1
    return whole
