"""A variant: a base scenario, changed by name.

`change` maps a dotted path to a new value, to `drop`, or to one operator. Values
that come from a variant keep their place in it, so that an error which a change
causes points at the change.
"""

from collections.abc import Sequence
from dataclasses import replace

from sim.messages import say
from sim.scenario.nodes import (
    CONTROL,
    Items,
    MappingNode,
    Node,
    Place,
    Scalar,
    Source,
)
from sim.scenario.operators import OPERATORS
from sim.scenario.paths import (
    absent,
    child,
    key_in,
    parent_of,
    same_moments,
    steps_of,
)
from sim.scenario.problems import Problem, RefusedError, clipped, hint, quoted
from sim.scenario.quantity import Quantity
from sim.scenario.ready_made import READY_MADE, make
from sim.scenario.shapes import OPERATION, Fields, Named, Shape, below
from sim.scenario.workbook.layout import shape_of_change
from sim.scenario.workbook.notation import read_change

_ASKED = "--change"
"""Stands for the file of changes that are asked for beside a scenario."""
_OWN = ("operation", "about", "extends", "change")
_WIDEST = 300
"""Of what a title says of changes: signs."""


def varied(base: MappingNode, variant: MappingNode) -> list[Problem]:
    """Change the tree of a base into that of its variant; return what is wrong."""
    problems = []
    for key, value in variant.values.items():
        place = variant.keys[key]
        inside = OPERATION.field(key)
        if key in ("operation", "about"):
            base.put(key, place, value)
        elif key in _OWN:
            continue
        elif isinstance(inside, Named) and isinstance(value, MappingNode):
            problems += _added(base, key, key, place, value)
        elif isinstance(inside, Fields) and isinstance(value, MappingNode):
            problems += _added_by_kind(base, key, place, value)
        elif inside is None:
            base.put(key, place, value)
        else:
            problems.append(
                place.problem(
                    key,
                    "",
                    say(
                        "'{key}' cannot be given here: this file extends another one",
                        key=key,
                    ),
                    say("Write it under 'change:', as '{key}: ...'.", key=key),
                )
            )
    change = variant.values.get("change")
    if isinstance(change, MappingNode):
        problems += _changed(base, change)
    elif change is not None:
        problems.append(
            change.place.problem(
                "change",
                "",
                say("'change' should hold paths and values"),
                say("See the docs."),
            )
        )
    return problems


def with_changes(base: MappingNode, changes: Sequence[str]) -> list[Problem]:
    """Change the tree of a scenario as somebody asks beside it; return what is wrong.

    Parameters
    ----------
    base : tree of the scenario, which is changed.
    changes : each `WHAT=VALUE`, as `shift=24 h` or `fleets.buses.seats=60`.
    """
    if not changes:
        return []
    table, problems = read_changes(changes)
    title = base.values.get("operation")
    if isinstance(title, Scalar):
        made = clipped("; ".join(map(clipped, changes)), _WIDEST)
        title.text = f"{title.text} ({made})"
    return [*problems, *_changed(base, table)]


def read_changes(changes: Sequence[str]) -> tuple[MappingNode, list[Problem]]:
    """Return changes as a variant has them under `change:`, and what is wrong.

    A value is written as in a cell of a workbook: lists and values by name with commas
    between, a whole part in brackets.

    Parameters
    ----------
    changes : as of `with_changes`.
    """
    problems: list[Problem] = []
    table = MappingNode(Place(Source(_ASKED)))
    taken: set[str] = set()
    for number, text in enumerate(changes, start=1):
        source = Source(_ASKED, tuple(changes))
        what, sign, value = (part.strip() for part in text.partition("="))
        place = Place(source, number, 1)
        if not (what and sign and value):
            problem = say("{found} is not a change", found=quoted(text))
            remedy = say(
                "Write WHAT=VALUE, as 'shift=24 h' or 'fleets.buses.seats=60'."
            )
            problems.append(place.problem("", text, problem, remedy))
        elif same_moments(what) in taken:
            problem = say("'{what}' is changed twice", what=what)
            problems.append(place.problem(what, text, problem, say("Keep one.")))
        elif control := CONTROL.search(text):
            problem = say(
                "a control character ({control}) is not allowed",
                control=ascii(control[0]),
            )
            problems.append(place.problem(what, text, problem, say("Delete it.")))
        elif what == "evidence":
            problem = say("a change cannot name another table of evidence")
            remedy = say("Name it in the scenario itself.")
            problems.append(place.problem(what, text, problem, remedy))
        else:
            node, wrong = read_change(value, shape_of_change(what), place)
            problems += [
                replace(each, path=f"{what}.{each.path}".rstrip(".")) for each in wrong
            ]
            table.put(what, place, node)
            taken.add(same_moments(what))
    return table, problems


def _added_by_kind(
    base: MappingNode, section: str, place: Place, new: MappingNode
) -> list[Problem]:
    """Add whole named parts of some kinds to a section of the base."""
    known = base.values.setdefault(section, MappingNode(place))
    base.keys.setdefault(section, place)
    if not isinstance(known, MappingNode):
        return []
    problems = []
    for kind, parts in new.values.items():
        path, at = f"{section}.{kind}", new.keys[kind]
        if isinstance(parts, MappingNode):
            problems += _added(known, kind, path, at, parts)
        else:
            known.put(kind, at, parts)
    return problems


def _added(
    base: MappingNode, key: str, section: str, place: Place, new: MappingNode
) -> list[Problem]:
    """Add whole named parts to what the base has under a key."""
    known = base.values.setdefault(key, MappingNode(place))
    base.keys.setdefault(key, place)
    if not isinstance(known, MappingNode):
        return []
    problems = []
    for name, part in new.values.items():
        at = new.keys[name]
        if name in known.values:
            problems.append(
                at.problem(
                    f"{section}.{name}",
                    name,
                    say("{name} is in the base already", name=quoted(name)),
                    say(
                        "Write what changes under 'change:', as '{path}'.",
                        path=f"{section}.{name}....",
                    ),
                )
            )
        else:
            known.put(name, at, part)
    return problems


def _changed(root: MappingNode, change: MappingNode) -> list[Problem]:
    problems = []
    for path, value in change.values.items():
        try:
            if path in READY_MADE:
                make(root, path, change.keys[path], value)
            else:
                change_one(root, path, change.keys[path], value)
        except RefusedError as refusal:
            place = change.keys[path]
            text = value.text if isinstance(value, Scalar) else ""
            problems.append(place.problem(path, text, *refusal.args))
    return problems


def change_one(root: MappingNode, path: str, place: Place, value: Node) -> None:
    """Make one change.

    Raises
    ------
    RefusedError
        If there is nothing at the path, or it cannot be changed like this.
    """
    steps = steps_of(path, root)
    parent, shape = parent_of(root, steps, place)
    inside = below(shape, steps[-1])
    if inside is None:
        raise RefusedError(*absent(parent, shape, steps))
    present = child(parent, steps[-1], shape)
    operator = _operator(value, inside)
    drops = isinstance(value, Scalar) and value.text == "drop"
    if present is None and (operator or drops or not isinstance(parent, MappingNode)):
        raise RefusedError(*absent(parent, shape, steps))
    if operator and present is not None:
        OPERATORS[operator[0]](root, present, inside, operator[1])
    elif isinstance(parent, Items):
        if drops:
            raise RefusedError(
                say("one entry of a list cannot be dropped"), say("Write the list.")
            )
        parent.items[int(steps[-1])] = value
    elif isinstance(parent, MappingNode):
        key = key_in(parent, steps[-1], shape)
        if drops:
            del parent.values[key], parent.keys[key]
            parent.dropped[key] = place
        else:
            parent.put(key, place, value)


def _operator(value: Node, inside: Shape) -> tuple[str, Scalar] | None:
    """Return the operator that a value is, with its operand.

    Raises
    ------
    RefusedError
        If it is like an operator, but is none.
    """
    if not isinstance(value, MappingNode):
        return None
    keys = list(value.values)
    if not any(key in OPERATORS for key in keys):
        if isinstance(inside, Quantity):
            raise RefusedError(
                say(
                    "{key} is not a way to change a value",
                    key=quoted(keys[0] if keys else "{}"),
                ),
                hint(keys[0] if keys else "", OPERATORS),
            )
        return None
    operand = value.values[keys[0]]
    if len(keys) > 1 or not isinstance(operand, Scalar):
        raise RefusedError(
            say("more than one change is given for one path"), say("Keep one.")
        )
    return keys[0], operand


def changes_in(title: str, base: str) -> str:
    """Return the changes that a title tells after that of the base; nothing if none."""
    before, after = f"{base} (", ")"
    told = title.startswith(before) and title.endswith(after)
    return title[len(before) : -len(after)] if told else ""
