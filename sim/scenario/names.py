"""Checks on the names in a tree: whether what is named exists, and only once.

These checks read the tree, not the plans, so that they also cover parts that have
other errors.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sim.messages import Text, joined, say
from sim.parts.stages import STAGES
from sim.scenario.nodes import (
    Items,
    MappingNode,
    Node,
    Place,
    Scalar,
    given_at,
    table_at,
)
from sim.scenario.paths import same_moment
from sim.scenario.plans import TIMES, is_name
from sim.scenario.problems import Problem, as_name, hint, quoted
from sim.scenario.quantities import MOMENTS
from sim.scenario.shapes import OPERATION, Named, Shape, below

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
_NOUNS: dict[str, Text] = {
    "sites": say("site"),
    "fleets": say("fleet"),
    "flows": say("flow"),
    "routes": say("route"),
    "legs": say("leg"),
    "agreements": say("agreement"),
    "gates": say("gate"),
    "checkpoints": say("checkpoint"),
    "stoppages": say("stoppage"),
    "moments": say("moment"),
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

Found = tuple[tuple[str, ...], str, Place]


def named_in(path: Sequence[str]) -> tuple[str, ...]:
    """Return the sections from which the names at a path are; none if they are free.

    Parameters
    ----------
    path : with `*` for any step, and `?` at its end for the keys of a mapping.
    """
    pattern = ".".join(path)
    if pattern in _GROUPS:
        return ("sites.groups",)
    if pattern in {f"agreements.*.{each}" for each in _PARTIES}:
        return ("agreements.parties",)
    for each, sections in _REFERENCES:
        if each == pattern:
            stages = tuple(f"stages.{kind}" for kind in STAGES)
            return (*sections, *(stages if set(_STATION) <= {*sections} else ()))
    return ()


def naming(root: MappingNode, names: Mapping[str, Collection[str]]) -> Iterator[Found]:
    """Yield where some parts are named.

    Parameters
    ----------
    names : of the parts, by section.
    """
    for pattern, sections in _REFERENCES:
        for found in _matching(root, tuple(pattern.split("."))):
            if any(found[1] in names.get(each, ()) for each in sections):
                yield found


def ranges_of(root: MappingNode, parts: Iterable[str]) -> list[str]:
    """Return the paths of what is said not to be known of some parts.

    Parameters
    ----------
    parts : their paths, dotted.
    """
    within = tuple(f"{part}." for part in parts)
    names = table_at(root, "uncertain").values
    return [f"uncertain.{name}" for name in names if f"{name}.".startswith(within)]


def name_problems(root: MappingNode) -> Iterator[Problem]:
    """Return what is wrong with the names in a scenario."""
    for pattern, named_in in _REFERENCES:
        sections: tuple[str, ...] = named_in
        if named_in is _STATION:
            sections = _stations(root)
        elif named_in is _ON_THE_WAY:
            sections = (*_stations(root), *_SITE)
        known = _known(root, sections)
        # What is no name at all is said already, where it stands; so is that it means.
        none = {as_name(each) for each in known if not is_name(each)}
        named = list(filter(None, map(as_name, known)))
        for path, name, place in _matching(root, tuple(pattern.split("."))):
            if name not in known and is_name(name) and name not in none:
                yield _unknown(root, path, name, place, sections, named)
    yield from _unknown_groups(root)
    yield from _unknown_parties(root)
    yield from _used_twice(root)
    yield from _same_moments(root, OPERATION, ())


def _stations(root: MappingNode) -> tuple[str, ...]:
    """Return the sections of all that a route may be made of."""
    return *_STATION, *(f"stages.{kind}" for kind in table_at(root, "stages").values)


def _known(root: MappingNode, sections: tuple[str, ...]) -> dict[str, None]:
    """Return the names of the parts of some sections, in their order."""
    each = (name for section in sections for name in table_at(root, section).values)
    return dict.fromkeys(each)


def one_of(*sections: str) -> Text:
    """Return what a thing of one of some sections is called, as `a gate or leg`."""
    nouns = joined(dict.fromkeys(map(_noun, sections)), " or ")
    if sections[0] == "agreements":
        return say("an {noun}", noun=nouns)
    return say("a {noun}", noun=nouns)


def _noun(section: str) -> Text:
    return _NOUNS.get(section) or say("stage")


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
    known: Sequence[str],
) -> Problem:
    """Return that a name is none of those of the sections it should be from."""
    for section in sections:
        dropped = table_at(root, section).dropped.get(name)
        if dropped is not None:
            return dropped.problem(
                f"{section}.{name}",
                name,
                say(
                    "{name} is dropped, but {path} ({source}:{within}) still names it",
                    name=quoted(name),
                    path=".".join(path),
                    source=place.source.name,
                    within=place.within,
                ),
                say("Change that too."),
            )
    elsewhere = (*_NOUNS, *_stations(root))
    other = next((s for s in elsewhere if name in table_at(root, s).values), "")
    aside = say(", but {noun}", noun=one_of(other)) if other else ""
    return place.problem(
        ".".join(path),
        name,
        say(
            "{name} is not {noun}{aside}",
            name=quoted(name),
            noun=one_of(*sections),
            aside=aside,
        ),
        hint(name, known),
    )


def _unknown_groups(root: MappingNode) -> Iterator[Problem]:
    known = {name for _, name, _ in _matching(root, ("sites", "*", "groups", "?"))}
    for pattern in _GROUPS:
        for path, name, place in _matching(root, tuple(pattern.split("."))):
            if name not in known:
                problem = say("{name} is not a group of any site", name=quoted(name))
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
                        say(
                            "{name} is not a party of '{agreement}'",
                            name=quoted(name),
                            agreement=agreement,
                        ),
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
                    _taken(name, other, at),
                    say("Give one of them another name."),
                )
            first.setdefault(name, (section, place))


def _taken(name: str, section: str, at: Place) -> Text:
    if not at.line:
        return say(
            "{name} is the name of {noun} already",
            name=quoted(name),
            noun=one_of(section),
        )
    return say(
        "{name} is the name of {noun} already ({place})",
        name=quoted(name),
        noun=one_of(section),
        place=at.said,
    )


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
        seen: dict[str, str] = {}
        for key, place in node.keys.items():
            first = seen.setdefault(same_moment(key), key)
            if first != key:
                problem = say(
                    "{key} is given twice, first {given_at}",
                    key=quoted(key),
                    given_at=given_at(node.keys[first]),
                )
                yield place.problem(
                    ".".join((*path, key)), key, problem, say("Keep one of them.")
                )
    for key, value in node.values.items():
        yield from _same_moments(value, below(shape, key), (*path, key))
