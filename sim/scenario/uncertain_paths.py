"""Checks on what is uncertain: each path leads to one field, and its range fits that.

These checks read the tree, not the plans, so that they also cover parts that have
other errors.
"""

import re
from collections.abc import Iterator
from contextlib import suppress

from sim.distributions import AnyDistribution, Level, MultilevelDistribution
from sim.distributions import Shape as Family
from sim.messages import joined, say
from sim.scenario import moments
from sim.scenario.clock import Clock
from sim.scenario.nodes import Items, MappingNode, Node, Place, Scalar, table_at
from sim.scenario.paths import absent, child, parent_of, same_moments, steps_of
from sim.scenario.plans import is_name
from sim.scenario.problems import Problem, RefusedError, did_you_mean, quoted
from sim.scenario.quantities import (
    DURATION_SPREAD,
    FACTOR_SPREAD,
    MOMENTS,
    WIDTH,
    split_width,
)
from sim.scenario.quantity import NoClockError, Quantity
from sim.scenario.shapes import OPERATION, Named, below
from sim.scenario.units import kind_of

_BY = {level: f"; by {level} times or divided by 1.2" for level in Level}
_ENDINGS = {
    **dict.fromkeys(("mean", "median", "middle", "average", "mode", "rate"), ""),
    **dict.fromkeys(("spread", "sd", "scale", "std"), WIDTH),
    **{
        f"{by}{level}": f".{level}{WIDTH}"
        for level in Level
        for by in ("", "by ", "by-")
    },
}
"""How the paths of what is not known are ended elsewhere, and how here."""


def uncertain_problems(root: MappingNode, clock: Clock | None) -> Iterator[Problem]:
    """Return what is wrong with what a scenario says is uncertain."""
    first: dict[str, str] = {}
    for path, part in table_at(root, "uncertain").values.items():
        place = table_at(root, "uncertain").keys[path]
        aims: list[str] = []
        problems = list(_set_together(path, part, place))
        for aim, at in _aims(path, part, place):
            try:
                quantity = _uncertain(root, aim, clock)
                _check_together(aims, aim, first.get(same_moments(aim), ""))
            except RefusedError as refusal:
                problems.append(at.problem(f"uncertain.{path}", aim, *refusal.args))
            first.setdefault(same_moments(aim), path)
            aims.append(aim)
        yield from problems
        if problems:
            continue
        spread = part.values.get("spread") if isinstance(part, MappingNode) else None
        if not isinstance(spread, Scalar):
            continue
        try:
            quantity.read_spread(spread.text, clock)
        except NoClockError:
            continue
        except RefusedError as refusal:
            problem, remedy = refusal.args
            if quantity is FACTOR_SPREAD and aims[0].endswith(WIDTH):
                remedy = say("Write how many times as wide, as in '0.5 to 2'.")
            yield spread.place.problem(
                f"uncertain.{path}.spread", spread.text, problem, remedy
            )


def _aims(path: str, part: Node, place: Place) -> list[tuple[str, Place]]:
    """Return the paths that one range under `uncertain` is about, with their places."""
    sets = part.values.get("sets") if isinstance(part, MappingNode) else None
    if not isinstance(sets, Items):
        return [(path, place)] if sets is None else []
    items = [item for item in sets.items if isinstance(item, Scalar)]
    return [(item.text, item.place) for item in items]


def _set_together(path: str, part: Node, place: Place) -> Iterator[Problem]:
    """Check that a range that sets several fields has a name, and does set several."""
    sets = part.values.get("sets") if isinstance(part, MappingNode) else None
    if sets is None:
        return
    if not is_name(path):
        yield place.problem(
            f"uncertain.{path}",
            path,
            say(
                "{path} is no plain name, but its range sets other fields",
                path=quoted(path),
            ),
            say(
                "Give it a name of lower-case letters, digits and hyphens, and "
                "name every field under 'sets'."
            ),
        )
    elif isinstance(sets, Items) and len(sets.items) < 2:
        yield sets.place.problem(
            f"uncertain.{path}.sets",
            "",
            (
                say("{path} sets only one field", path=quoted(path))
                if sets.items
                else say("{path} sets no field", path=quoted(path))
            ),
            (
                say("Write the path of the field in place of the name, without 'sets'.")
                if sets.items
                else say("Name two fields or more.")
            ),
        )


def _check_together(aims: list[str], aim: str, other: str) -> None:
    """Check that one more field may take a value that others take.

    Parameters
    ----------
    aims : paths of these.
    aim : path of the field.
    other : what under `uncertain` has set it already, if anything has.

    Raises
    ------
    RefusedError
        If it is of another kind, or set already.
    """
    if other:
        raise RefusedError(
            say(
                "{aim} is set twice, by {other} already",
                aim=quoted(aim),
                other=quoted(other),
            ),
            say("Keep one of them."),
        )
    if aims and kind_of(aim) != kind_of(aims[0]):
        raise RefusedError(
            say(
                "{aims} and {aim} are different quantities: no value is that of both",
                aims=quoted(aims[0]),
                aim=quoted(aim),
            ),
            say("Give each of them a range of its own."),
        )


def _uncertain(root: MappingNode, path: str, clock: Clock | None) -> Quantity:
    """Return how the range of a path under `uncertain` is read.

    Raises
    ------
    RefusedError
        If there is no such field, or it is none that can be uncertain.
    """
    field, level = path.removesuffix(WIDTH), None
    try:
        return _field(root, path, clock)[0]
    except RefusedError as refusal:
        if is_name(path) and path not in OPERATION.names:
            raise RefusedError(
                say("{path} sets nothing", path=quoted(path)),
                say(
                    "Name the fields that take the value under 'sets', or write "
                    "the path of one as the key, as 'legs.road.time'."
                ),
            ) from refusal
        if meant := _path_meant(root, path, clock):
            problem, _ = refusal.args
            raise RefusedError(problem, did_you_mean(meant)) from refusal
        if path.endswith(WIDTH) and not _is_field(root, field, clock):
            field, level = split_width(path)
        quantity, node = _field(root, field, clock)
    present = None
    if isinstance(node, Scalar) and quantity.is_distribution:
        try:
            present = quantity.accept(node.text, None)
        except RefusedError:  # said where it stands
            return FACTOR_SPREAD
    if not isinstance(present, AnyDistribution):
        present = None
    _check_width(field, level, present)
    return FACTOR_SPREAD


def _check_width(
    field: str, level: Level | None, present: AnyDistribution | None
) -> None:
    """Check that there is a width that may be unknown.

    Raises
    ------
    RefusedError
        If the field does not vary so.
    """
    spreads = present.spreads if isinstance(present, MultilevelDistribution) else {}
    if level is not None:
        if level not in spreads:
            raise RefusedError(
                say(
                    "{field} does not vary by {level}", field=quoted(field), level=level
                ),
                say("Let it vary, as in '{by}', or leave this out.", by=_BY[level]),
            )
        return
    each = present.each if isinstance(present, MultilevelDistribution) else present
    if each is None or each.is_fixed:
        if spreads:
            by = next(iter(spreads))
            raise RefusedError(
                say(
                    "{field} varies by {levels} only",
                    field=quoted(field),
                    levels=joined(spreads, " and "),
                ),
                say("Write '{text}'.", text=f"{field}.{by}{WIDTH}"),
            )
        raise RefusedError(
            say("{field} does not vary, so it has no width", field=quoted(field)),
            say(
                "Write what is not known of its value under '{field}', or let it vary.",
                field=field,
            ),
        )
    if each.shape is Family.EXPONENTIAL:
        raise RefusedError(
            say(
                "{field} is memoryless, so its average settles its width, too",
                field=quoted(field),
            ),
            say("Write what is not known of the average under '{field}'.", field=field),
        )


def _of_moment(path: str, text: str, clock: Clock | None) -> Quantity | None:
    """Return how the range of a delay is read, None if a moment is a date.

    Raises
    ------
    RefusedError
        If it hangs on something, but has no delay, or more than one.
    """
    try:
        moment = moments.read(text, clock)
    except RefusedError:  # said where it stands
        return None
    if isinstance(moment, int):
        return None
    if moments.delay_of(moment) is not None:
        return DURATION_SPREAD
    raise RefusedError(
        say(
            "{path} hangs on what happens, and has not exactly one delay",
            path=quoted(path),
        ),
        say("Write one, as in '2 h after halt ends', or leave it out here."),
    )


def _is_field(root: MappingNode, path: str, clock: Clock | None) -> bool:
    with suppress(RefusedError):
        _field(root, path, clock)
        return True
    return False


def _path_meant(root: MappingNode, path: str, clock: Clock | None) -> str:
    """Return the path that is meant by one that is written otherwise, else nothing."""
    dotted = re.sub(r"[/:>]+", ".", path)
    field, _, ending = dotted.rpartition(".")
    candidates = [dotted] if dotted != path else []
    if ending in _ENDINGS:
        candidates.append(field + _ENDINGS[ending])
    for candidate in candidates:
        field = candidate.removesuffix(WIDTH)
        fields = field, split_width(candidate)[0]
        if any(_is_field(root, each, clock) for each in fields):
            return candidate
    return ""


def _field(
    root: MappingNode, path: str, clock: Clock | None
) -> tuple[Quantity, Node | None]:
    """Return how a field that may be uncertain is read, and what is there.

    Raises
    ------
    RefusedError
        If there is no such field, or it is none that can be uncertain.
    """
    steps = steps_of(path, root)
    parent, shape = parent_of(root, steps)
    inside = below(shape, steps[-1])
    present = child(parent, steps[-1], shape)
    named = isinstance(shape, Named) or inside is None
    if named and present is None:
        raise RefusedError(*absent(parent, shape, steps))
    if not isinstance(inside, Quantity) or inside.spread is None:
        raise RefusedError(
            say("{path} is not a number, a duration or a date", path=quoted(path)),
            say(
                "Only these can be uncertain; write the whole path of one as a "
                "single key, as 'legs.road.time: {{spread: ...}}'."
            ),
        )
    if inside in MOMENTS and isinstance(present, Scalar):
        inside = _of_moment(path, present.text, clock) or inside
    if len(steps) == 1:
        raise RefusedError(
            say("{path} is the same in every run", path=quoted(path)),
            say("Only fields of parts can be uncertain, as 'legs.road.time'."),
        )
    return inside, present
