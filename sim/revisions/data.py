"""Nested data of two or three versions: what differs, and how they go together.

Mappings are compared key by key, whatever their order; everything else, lists among
them, is one value. A value that is not there is `ABSENT`.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, Literal, NamedTuple

Path = tuple[str, ...]
Side = Literal["mine", "theirs"]


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
    """A value that two people changed differently; `ABSENT` where it is gone."""

    path: Path
    base: Any
    mine: Any
    theirs: Any


def changes(before: Any, after: Any, path: Path = ()) -> Iterator[Revision]:
    """Yield what differs, as far down as both have something."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in {**before, **after}:
            inside = before.get(key, ABSENT), after.get(key, ABSENT)
            yield from changes(*inside, (*path, str(key)))
    elif before != after:
        yield Revision(path, before, after)


def merged(
    base: Any,
    mine: Any,
    theirs: Any,
    *,
    prefer: Side | None = None,
    path: Path = (),
) -> tuple[Any, list[Conflict]]:
    """Return two people's versions of one thing as one, and where they contradict.

    Parameters
    ----------
    prefer : whose value is taken where they contradict; mine, for want of a better, if
        None.
    """
    if theirs in (mine, base):
        return mine, []
    if mine == base:
        return theirs, []
    if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
        return _merged_mappings(base, mine, theirs, prefer, path)
    taken = theirs if prefer == "theirs" else mine
    return taken, [Conflict(path, base, mine, theirs)]


def _merged_mappings(
    base: Any,
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    prefer: Side | None,
    path: Path,
) -> tuple[dict[str, Any], list[Conflict]]:
    older = base if isinstance(base, Mapping) else {}
    whole: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    for key in {**mine, **theirs}:
        versions = (each.get(key, ABSENT) for each in (older, mine, theirs))
        value, found = merged(*versions, prefer=prefer, path=(*path, str(key)))
        conflicts += found
        if value is not ABSENT:
            whole[key] = value
    return whole, conflicts
