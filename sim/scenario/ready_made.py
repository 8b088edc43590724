"""Changes that planners ask for again and again, by name.

Under `change:` of a variant they stand in the place of a path:

===================  ================================================================
`shift`              `24 h`, `-6 h`: every date of the operation; `1 d from
                     2016-12-18T00:00` or `1 d from december-18`: every date from then,
                     or from that stoppage's or agreement's first date, on
`other-side-stops`   `SIDE of AGREEMENT from 2016-12-19T06:00 for 1 d`: nobody of that
                     side passes its gate
`half-the-fleet`     `FLEET from 2016-12-19T06:00`: half of the vehicles leave that
                     it has then
`curfew`             `06:00 to 18:00`: nobody sets out on a leg at other hours, nor
                     outside hours that it has already
===================  ================================================================

To add one, write its function here and name it in `READY_MADE`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sim.messages import Text, say
from sim.scenario.clock import Clock
from sim.scenario.curfews import hours_within
from sim.scenario.halving import halve
from sim.scenario.nodes import (
    Items,
    MappingNode,
    Node,
    Place,
    Scalar,
    from_data,
    table_at,
)
from sim.scenario.operators import DATE, clock_so_far, date_shifted
from sim.scenario.problems import RefusedError, hint, quoted

_BY = re.compile(r"(?P<by>[+-]? ?[0-9][^:]*?)(?: from (?P<since>.+))?")
_SIDE = re.compile(
    r"(?P<side>\S+) of (?P<agreement>\S+) from (?P<since>.+?) for (?P<lasts>.+)"
)
_FLEET = re.compile(r"(?P<fleet>\S+) from (?P<since>.+)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FIRST_DATES = ("starts", "proposed", "in_force")
_PROSE = frozenset({"operation", "about", "title", "cause", "note", "evidence"})
"""Fields that are read by people: dates in them stay."""


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """A change by name.

    Attributes
    ----------
    apply : changes the tree of a scenario, as a text at a place asks for.
    example : of the text.
    about : what it does, in a sentence.
    """

    apply: Callable[[MappingNode, Place, str], None]
    example: str
    about: str


def _shift(root: MappingNode, _: Place, text: str) -> None:
    """Move every date, or every date from a moment on.

    Raises
    ------
    RefusedError
        If it is not said by how much, or there is no such moment.
    """
    found = _BY.fullmatch(text)
    if found is None:
        raise RefusedError(
            say("{found} does not say by how much", found=quoted(text)),
            _example("shift"),
        )
    by = found["by"].strip()
    clock = clock_so_far(root)
    shifted = date_shifted(clock, by.lstrip("+-").strip(), -1 if by[0] == "-" else 1)
    since = None if found["since"] is None else _since(root, clock, found["since"])

    def moved(found: re.Match[str]) -> str:
        try:
            early = since is not None and clock.seconds(found[0]) < since
            return found[0] if early else shifted(found[0])
        except RefusedError:
            return found[0]  # the check of the whole scenario says so

    _move(root, moved)


def begin_on(root: MappingNode, day: date) -> None:
    """Let an operation start on a day, and move every date with it by whole days."""
    starts = root.values.get("starts")
    found = _DAY.match(starts.text) if isinstance(starts, Scalar) else None
    later = day - date.fromisoformat(found[0]) if found else timedelta()

    def moved(text: re.Match[str]) -> str:
        try:
            return (date.fromisoformat(text[0]) + later).isoformat()
        except (ValueError, OverflowError):
            return text[0]  # the check of the whole scenario says so

    _move(root, lambda found: _DAY.sub(moved, found[0]))


def _move(root: MappingNode, moved: Callable[[re.Match[str]], str]) -> None:
    """Move the dates of an operation.

    Raises
    ------
    RefusedError
        If two of one part would become the same.
    """
    for node, key in _texts(root):
        if key not in _PROSE:
            node.text = DATE.sub(moved, node.text)
    for table in _tables(root):
        values = {DATE.sub(moved, key): value for key, value in table.values.items()}
        if len(values) < len(table.values):
            raise RefusedError(
                say("two dates of one part would become the same"),
                say("Shift it by less."),
            )
        if list(values) != list(table.values):
            keys = dict(zip(values, table.keys.values(), strict=True))
            table.values, table.keys = values, keys


def _since(root: MappingNode, clock: Clock, text: str) -> int:
    """Return from which second on dates move.

    Raises
    ------
    RefusedError
        If the text is neither a date nor names a part that has one.
    """
    if DATE.fullmatch(text):
        return clock.seconds(text)
    parts = {
        name: part
        for section in ("stoppages", "agreements")
        for name, part in table_at(root, section).values.items()
    }
    part = parts.get(text)
    if not isinstance(part, MappingNode):
        raise RefusedError(
            say(
                "{found} is neither a date nor a stoppage or agreement",
                found=quoted(text),
            ),
            hint(text, parts),
        )
    for field in _FIRST_DATES:
        value = part.values.get(field)
        if isinstance(value, Scalar) and DATE.fullmatch(value.text):
            return clock.seconds(value.text)
    fields = [(field, part.values.get(field)) for field in _FIRST_DATES]
    hangs = [(field, node) for field, node in fields if isinstance(node, Scalar)]
    raise RefusedError(
        (
            say(
                "{found} has no date of its own: it hangs on something, as '{field}' "
                "is {value}",
                found=quoted(text),
                field=hangs[0][0],
                value=quoted(hangs[0][1].text),
            )
            if hangs
            else say("{found} has no date of its own", found=quoted(text))
        ),
        say(
            "Write a date in its place; when it began in the typical run stands in "
            "events.csv of a run. Or change that field, as with {example}.",
            example="{shift_by: 1 d}",
        ),
    )


def _other_side_stops(root: MappingNode, place: Place, text: str) -> None:
    """Let nobody of a side pass its gate for a time.

    Raises
    ------
    RefusedError
        If there is no such side.
    """
    found = _SIDE.fullmatch(text)
    if found is None:
        raise RefusedError(
            say(
                "{found} does not name a side, an agreement, a moment and a time",
                found=quoted(text),
            ),
            _example("other-side-stops"),
        )
    agreements = table_at(root, "agreements").values
    agreement = agreements.get(found["agreement"])
    if not isinstance(agreement, MappingNode):
        raise RefusedError(
            say("there is no agreement {found}", found=quoted(found["agreement"])),
            hint(found["agreement"], agreements),
        )
    parties = table_at(agreement, "parties").values
    party = parties.get(found["side"])
    if not isinstance(party, MappingNode):
        raise RefusedError(
            say(
                "{side} is no side of '{agreement}'",
                side=quoted(found["side"]),
                agreement=found["agreement"],
            ),
            hint(found["side"], parties),
        )
    gate, flows = party.values.get("gate"), party.values.get("flows")
    if not isinstance(gate, Scalar) or not isinstance(flows, Items):
        return  # the check of the whole scenario says so
    stoppage = {
        "cause": f"{found['side']} stops, as a what-if",
        "closes": [gate.text],
        "flows": [flow.text for flow in flows.items if isinstance(flow, Scalar)],
        "starts": found["since"],
        "lasts": found["lasts"],
    }
    _add(root, "stoppages", f"{found['side']}-stops", stoppage, place)


def _half_the_fleet(root: MappingNode, place: Place, text: str) -> None:
    """Let half of the vehicles leave that a fleet has at a moment.

    Raises
    ------
    RefusedError
        If there is no such fleet, or it has no half then.
    """
    found = _FLEET.fullmatch(text)
    if found is None:
        raise RefusedError(
            say("{found} does not name a fleet and a moment", found=quoted(text)),
            _example("half-the-fleet"),
        )
    fleets = table_at(root, "fleets").values
    fleet = fleets.get(found["fleet"])
    if not isinstance(fleet, MappingNode):
        raise RefusedError(
            say("there is no fleet {found}", found=quoted(found["fleet"])),
            hint(found["fleet"], fleets),
        )
    halve(fleet, found["since"], clock_so_far(root), place)


def _curfew(root: MappingNode, place: Place, text: str) -> None:
    """Let nobody set out on a leg at other hours.

    Raises
    ------
    RefusedError
        If there are no legs, or the hours that one has already leave no span of them.
    """
    legs = table_at(root, "legs").values
    if not legs:
        raise RefusedError(
            say("there are no legs"), say("Write hours at the gates instead.")
        )
    for name, leg in legs.items():
        if isinstance(leg, MappingNode):
            own = leg.values.get("hours")
            hours = (
                hours_within(text, own.text, name) if isinstance(own, Scalar) else text
            )
            leg.put("hours", place, Scalar(place, hours))


READY_MADE: Mapping[str, ReadyMade] = {
    "shift": ReadyMade(
        _shift,
        "24 h from 2016-12-18T00:00",
        "moves every date, or every date from a moment on",
    ),
    "other-side-stops": ReadyMade(
        _other_side_stops,
        "south of exchange from 2016-12-19T06:00 for 1 d",
        "lets nobody of a side of an agreement pass its gate for a time",
    ),
    "half-the-fleet": ReadyMade(
        _half_the_fleet,
        "buses from 2016-12-19T06:00",
        "lets half of the vehicles leave that a fleet has at a moment",
    ),
    "curfew": ReadyMade(
        _curfew, "06:00 to 18:00", "lets nobody set out on a leg at other hours"
    ),
}
"""Every ready-made change by its name."""


def make(root: MappingNode, name: str, place: Place, value: Node) -> None:
    """Make a ready-made change.

    Parameters
    ----------
    root : tree of the scenario, which is changed.
    name : of the change, one of `READY_MADE`.
    place : where it is asked for.
    value : what is asked for.

    Raises
    ------
    RefusedError
        If it cannot be made: what is wrong, and what to do.
    """
    if not isinstance(value, Scalar):
        raise RefusedError(say("'{name}' takes one text", name=name), _example(name))
    READY_MADE[name].apply(root, place, " ".join(value.text.split()))


def _example(name: str) -> Text:
    return say(
        "Write for example '{text}'.", text=f"{name}: {READY_MADE[name].example}"
    )


def _add(
    root: MappingNode, section: str, name: str, part: Mapping[str, object], place: Place
) -> None:
    """Add a part to a section, under a name that is free."""
    table = root.values.setdefault(section, MappingNode(place))
    root.keys.setdefault(section, place)
    if not isinstance(table, MappingNode):
        return
    free, number = name, 1
    while free in table.values:
        number += 1
        free = f"{name}-{number}"
    table.put(free, place, _placed(from_data(part, place.source), place))


def _placed(node: Node, place: Place) -> Node:
    """Return a node in which everything is at one place."""
    node.place = place
    if isinstance(node, Items):
        node.items = [_placed(item, place) for item in node.items]
    elif isinstance(node, MappingNode):
        node.values = {k: _placed(v, place) for k, v in node.values.items()}
        node.keys = dict.fromkeys(node.keys, place)
    return node


def _texts(node: Node, key: str = "") -> Iterator[tuple[Scalar, str]]:
    """Yield every text of a tree, with the last key above it."""
    match node:
        case Scalar():
            yield node, key
        case Items():
            for item in node.items:
                yield from _texts(item, key)
        case MappingNode():
            for own, value in node.values.items():
                yield from _texts(value, own)


def _tables(node: Node) -> Iterator[MappingNode]:
    """Yield every mapping of a tree."""
    if isinstance(node, Items):
        for item in node.items:
            yield from _tables(item)
    elif isinstance(node, MappingNode):
        yield node
        for value in node.values.values():
            yield from _tables(value)
