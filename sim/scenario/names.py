"""Checks on the names in a tree: whether what is named exists, and only once.

These checks read the tree, not the plans, so that they also cover parts that have
other errors.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress

from sim.distributions import AnyDistribution, Level, MultilevelDistribution
from sim.distributions import Shape as Family
from sim.scenario import moments
from sim.scenario.clock import Clock
from sim.scenario.nodes import Items, MappingNode, Node, Place, Scalar, table_at
from sim.scenario.paths import absent, child, parent_of, same_moment, steps_of
from sim.scenario.plans import TIMES
from sim.scenario.problems import Problem, RefusedError, as_name, hint, quoted
from sim.scenario.quantities import (
    DURATION_SPREAD,
    FACTOR_SPREAD,
    MOMENTS,
    WIDTH,
    split_width,
)
from sim.scenario.quantity import NoClockError, Quantity
from sim.scenario.shapes import OPERATION, Named, Shape, below
from sim.scenario.units import kind_of

_SITE, _FLEET, _FLOW, _ROUTE, _LEG, _AGREEMENT = (
    ("sites",),
    ("fleets",),
    ("flows",),
    ("routes",),
    ("legs",),
    ("agreements",),
)
_GATE = ("gates", "checkpoints")
_STATION = ("legs", "gates", "checkpoints")
"""Of these and the stages of other kinds a route is made."""
_ON_THE_WAY = (*_STATION, *_SITE)
"""Of these, and the stages of other kinds, the way with people aboard."""
_NOUNS = {
    "sites": "site",
    "fleets": "fleet",
    "flows": "flow",
    "routes": "route",
    "legs": "leg",
    "agreements": "agreement",
    "gates": "gate",
    "checkpoints": "checkpoint",
    "stoppages": "stoppage",
}
_REFERENCES = (
    ("routes.*.origin", _SITE),
    ("routes.*.destination", _SITE),
    ("routes.*.inbound.*", _STATION),
    ("routes.*.through.*", _ON_THE_WAY),
    ("routes.*.back.*", _STATION),
    ("flows.*.route", _ROUTE),
    ("flows.*.convoy.?", _FLEET),
    ("flows.*.load.?", _FLEET),
    ("flows.*.boards_at", _GATE),
    ("flows.*.picks_up.?", _SITE),
    ("flows.*.phases.*.picks_up.?", _SITE),
    ("flows.*.phases.*.route", _ROUTE),
    ("flows.*.phases.*.convoy.?", _FLEET),
    ("flows.*.phases.*.load.?", _FLEET),
    ("flows.*.phases.*.boards_at", _GATE),
    ("fleets.*.reserve.?", _FLOW),
    ("fleets.*.priority.?", _FLOW),
    ("agreements.*.parties.*.flows.*", _FLOW),
    ("agreements.*.parties.*.gate", _GATE),
    ("agreements.*.requires.*.agreement", _AGREEMENT),
    ("agreements.*.requires.*.arrived.?", _FLOW),
    ("stoppages.*.closes.*", _GATE),
    ("stoppages.*.until_agreement", _AGREEMENT),
    ("stoppages.*.flows.*", _FLOW),
    ("stoppages.*.starts_with.flow", _FLOW),
    ("stoppages.*.starts_with.at", _GATE),
    ("stoppages.*.to", _ROUTE),
    ("stoppages.*.loses.?", _FLEET),
    ("stoppages.*.loses_loaded.?", _FLEET),
    ("stoppages.*.suspends.*", _AGREEMENT),
    ("stoppages.*.breaches.*", _AGREEMENT),
    ("weather.*.legs.*", _LEG),
)
"""Where names stand (`*` any step, `?` the keys), and the sections they are from."""
_GROUPS = (
    "fleets.*.carries.*",
    "flows.*.groups.*",
    "flows.*.phases.*.groups.*",
    "flows.*.picks_up.*.groups.*",
    "flows.*.phases.*.picks_up.*.groups.*",
)
_OF_TERMS = ("first", "tranches.*.?", "at_most.?")
_PARTIES = (*_OF_TERMS, *(f"amendments.*.{path}" for path in _OF_TERMS))

_NAME = re.compile("[a-z0-9][a-z0-9-]{0,59}")

Found = tuple[tuple[str, ...], str, Place]


def name_problems(root: MappingNode, clock: Clock | None) -> Iterator[Problem]:
    """Return what is wrong with the names in a scenario."""
    for pattern, named_in in _REFERENCES:
        sections: tuple[str, ...] = named_in
        if named_in is _STATION:
            sections = _stations(root)
        elif named_in is _ON_THE_WAY:
            sections = (*_stations(root), *_SITE)
        for path, name, place in _matching(root, tuple(pattern.split("."))):
            known = _known(root, sections)
            if name not in known and not _said_to_be_none(name, known):
                yield _unknown(root, path, name, place, sections)
    yield from _unknown_groups(root)
    yield from _unknown_parties(root)
    yield from _used_twice(root)
    yield from _same_moments(root, OPERATION, ())
    yield from _unknown_fields(root, clock)


def _stations(root: MappingNode) -> tuple[str, ...]:
    """Return the sections of all that a route may be made of."""
    return *_STATION, *(f"stages.{kind}" for kind in table_at(root, "stages").values)


def _said_to_be_none(name: str, known: Iterable[str]) -> bool:
    """Return whether it, or the one of those known that it means, is no name at all.

    That is said already, where it stands.
    """
    others = (other for other in known if not _NAME.fullmatch(other))
    return not _NAME.fullmatch(name) or name in map(as_name, others)


def _known(root: MappingNode, sections: tuple[str, ...]) -> list[str]:
    return [name for section in sections for name in table_at(root, section).values]


def _noun(section: str) -> str:
    return _NOUNS.get(section, "stage")


def _matching(
    node: Node, pattern: tuple[str, ...], path: tuple[str, ...] = ()
) -> Iterator[Found]:
    """Return the texts, or the keys, that a pattern leads to."""
    if not pattern:
        if isinstance(node, Scalar):
            yield path, node.text, node.place
        return
    step, *rest = pattern
    if isinstance(node, Items):
        if step == "*":
            for number, item in enumerate(node.items):
                yield from _matching(item, tuple(rest), (*path, str(number)))
    elif isinstance(node, MappingNode):
        if step == "?":
            yield from (((*path, key), key, at) for key, at in node.keys.items())
        elif step == "*":
            for key, value in node.values.items():
                yield from _matching(value, tuple(rest), (*path, key))
        elif step in node.values:
            yield from _matching(node.values[step], tuple(rest), (*path, step))


def _unknown(
    root: MappingNode,
    path: tuple[str, ...],
    name: str,
    place: Place,
    sections: tuple[str, ...],
) -> Problem:
    """Return that a name is none of those of the sections it should be from."""
    noun = " or ".join(dict.fromkeys(map(_noun, sections)))
    known = list(filter(None, map(as_name, _known(root, sections))))
    for section in sections:
        dropped = table_at(root, section).dropped.get(name)
        if dropped is not None:
            return dropped.problem(
                f"{section}.{name}",
                name,
                f"{quoted(name)} is dropped, but {'.'.join(path)} "
                f"({place.source.name}:{place.line}) still names it",
                "Change that too.",
            )
    elsewhere = (*_NOUNS, *_stations(root))
    other = next((s for s in elsewhere if name in table_at(root, s).values), "")
    aside = f", but a {_noun(other)}" if other else ""
    return place.problem(
        ".".join(path),
        name,
        f"{quoted(name)} is not a {noun}{aside}",
        hint(name, known),
    )


def _unknown_groups(root: MappingNode) -> Iterator[Problem]:
    known = {name for _, name, _ in _matching(root, ("sites", "*", "groups", "?"))}
    for pattern in _GROUPS:
        for path, name, place in _matching(root, tuple(pattern.split("."))):
            if name not in known:
                problem = f"{quoted(name)} is not a group of any site"
                yield place.problem(
                    ".".join(path), name, problem, hint(name, sorted(known))
                )


def _unknown_parties(root: MappingNode) -> Iterator[Problem]:
    for agreement, part in table_at(root, "agreements").values.items():
        parties = part.values.get("parties") if isinstance(part, MappingNode) else None
        if not isinstance(parties, MappingNode):
            continue
        for pattern in _PARTIES:
            for path, name, place in _matching(part, tuple(pattern.split("."))):
                if name == TIMES and "tranches" in path:
                    continue
                if name not in parties.values:
                    yield place.problem(
                        ".".join(("agreements", agreement, *path)),
                        name,
                        f"{quoted(name)} is not a party of '{agreement}'",
                        hint(name, parties.values),
                    )


def _used_twice(root: MappingNode) -> Iterator[Problem]:
    """Legs, gates and stages stand in one list of a route, so no name twice."""
    first: dict[str, tuple[str, Place]] = {}
    for section in _stations(root):
        for name, place in table_at(root, section).keys.items():
            if name in first:
                other, at = first[name]
                yield place.problem(
                    f"{section}.{name}",
                    name,
                    f"{quoted(name)} is the name of a {_noun(other)} already"
                    + (f" (line {at.line})" if at.line else ""),
                    "Give one of them another name.",
                )
            first.setdefault(name, (section, place))


def _same_moments(
    node: Node, shape: Shape | None, path: tuple[str, ...]
) -> Iterator[Problem]:
    """Two spellings of one moment are the same key."""
    if isinstance(node, Items):
        for number, item in enumerate(node.items):
            yield from _same_moments(item, below(shape, ""), (*path, str(number)))
    if not isinstance(node, MappingNode):
        return
    if isinstance(shape, Named) and shape.key in MOMENTS:
        seen: dict[str, Place] = {}
        for key, place in node.keys.items():
            first = seen.setdefault(same_moment(key), place)
            if first is not place:
                problem = f"{quoted(key)} is given twice, first on line {first.line}"
                yield place.problem(
                    ".".join((*path, key)), key, problem, "Keep one of them."
                )
    for key, value in node.values.items():
        yield from _same_moments(value, below(shape, key), (*path, key))


def _unknown_fields(root: MappingNode, clock: Clock | None) -> Iterator[Problem]:
    """Check that what is uncertain exists once, and that its spread can be read."""
    first: dict[str, str] = {}
    for path, part in table_at(root, "uncertain").values.items():
        place = table_at(root, "uncertain").keys[path]
        aims: list[str] = []
        problems = list(_set_together(path, part, place))
        for aim, at in _aims(path, part, place):
            try:
                quantity = _uncertain(root, aim, clock)
                _check_together(aims, aim, first.get(_one_spelling(aim), ""))
            except RefusedError as refusal:
                problems.append(at.problem(f"uncertain.{path}", aim, *refusal.args))
            first.setdefault(_one_spelling(aim), path)
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
                remedy = "Write how many times as wide, as in '0.5 to 2'."
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
    if not _NAME.fullmatch(path):
        yield place.problem(
            f"uncertain.{path}",
            path,
            f"{quoted(path)} is no plain name, but its range sets other fields",
            "Give it a name of lower-case letters, digits and hyphens, and name every "
            "field under 'sets'.",
        )
    elif isinstance(sets, Items) and len(sets.items) < 2:
        yield sets.place.problem(
            f"uncertain.{path}.sets",
            "",
            f"{quoted(path)} sets {'only one field' if sets.items else 'no field'}",
            "Write the path of the field in place of the name, without 'sets'."
            if sets.items
            else "Name two fields or more.",
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
            f"{quoted(aim)} is set twice, by {quoted(other)} already",
            "Keep one of them.",
        )
    if aims and kind_of(aim) != kind_of(aims[0]):
        raise RefusedError(
            f"{quoted(aims[0])} and {quoted(aim)} are different quantities: no value "
            "is that of both",
            "Give each of them a range of its own.",
        )


def _one_spelling(path: str) -> str:
    """Return one spelling of a path in which moments may have several."""
    return ".".join(map(same_moment, path.split(".")))


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
        if _NAME.fullmatch(path) and path not in OPERATION.names:
            raise RefusedError(
                f"{quoted(path)} sets nothing",
                "Name the fields that take the value under 'sets', or write the path "
                "of one as the key, as 'legs.road.time'.",
            ) from refusal
        if meant := _path_meant(root, path, clock):
            problem, _ = refusal.args
            raise RefusedError(problem, f"Did you mean '{meant}'?") from refusal
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
                f"{quoted(field)} does not vary by {level}",
                f"Let it vary, as in '{_BY[level]}', or leave this out.",
            )
        return
    each = present.each if isinstance(present, MultilevelDistribution) else present
    if each is None or each.is_fixed:
        if spreads:
            by = next(iter(spreads))
            raise RefusedError(
                f"{quoted(field)} varies by {' and '.join(spreads)} only",
                f"Write '{field}.{by}{WIDTH}'.",
            )
        raise RefusedError(
            f"{quoted(field)} does not vary, so it has no width",
            f"Write what is not known of its value under '{field}', or let it vary.",
        )
    if each.shape is Family.EXPONENTIAL:
        raise RefusedError(
            f"{quoted(field)} is memoryless, so its average settles its width, too",
            f"Write what is not known of the average under '{field}'.",
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
        f"{quoted(path)} hangs on what happens, and has not exactly one delay",
        "Write one, as in '2 h after halt ends', or leave it out here.",
    )


def _is_field(root: MappingNode, path: str, clock: Clock | None) -> bool:
    with suppress(RefusedError):
        _field(root, path, clock)
        return True
    return False


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
            f"{quoted(path)} is not a number, a duration or a date",
            "Only these can be uncertain; write the whole path of one as a single key, "
            "as 'legs.road.time: {spread: ...}'.",
        )
    if inside in MOMENTS and isinstance(present, Scalar):
        inside = _of_moment(path, present.text, clock) or inside
    if len(steps) == 1:
        raise RefusedError(
            f"{quoted(path)} is the same in every run",
            "Only fields of parts can be uncertain, as 'legs.road.time'.",
        )
    return inside, present
