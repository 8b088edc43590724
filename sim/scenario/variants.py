"""A variant: a base scenario, changed by name.

`change` maps a dotted path to a new value, to `drop`, or to one operator. Values
that come from a variant keep their place in it, so that an error which a change
causes points at the change.
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from sim.distributions import Distribution, Shape as Family
from sim.scenario.clock import Clock
from sim.scenario.measures import DURATION, FACTOR
from sim.scenario.nodes import Items, Node, Place, Scalar, Table
from sim.scenario.paths import absent, child, key_in, parent_of, steps_of
from sim.scenario.problems import Problem, Refusal, hint, quoted
from sim.scenario.quantities import MOMENT, Quantity
from sim.scenario.shapes import OPERATION, Fields, Listed, Named, Shape, below
from sim.scenario.starts import clock_of

_OWN = ("operation", "about", "extends", "change")
_ENDS = ("until", "lasts", "time")
"""Fields that make a part longer or shorter."""


def varied(base: Table, variant: Table) -> list[Problem]:
    """Change the tree of a base into that of its variant; return what is wrong."""
    problems = []
    for key, value in variant.values.items():
        place = variant.keys[key]
        inside = OPERATION.field(key)
        if key in ("operation", "about"):
            base.put(key, place, value)
        elif key in _OWN:
            continue
        elif isinstance(inside, Named) and isinstance(value, Table):
            problems += _added(base, key, place, value)
        elif inside is None:
            base.put(key, place, value)
        else:
            problems.append(
                place.problem(
                    key,
                    "",
                    f"'{key}' cannot be given here: this file extends another one",
                    f"Write it under 'change:', as '{key}: ...'.",
                )
            )
    change = variant.values.get("change")
    if isinstance(change, Table):
        problems += _changed(base, change)
    elif change is not None:
        problems.append(
            change.place.problem(
                "change", "", "'change' should hold paths and values", "See the docs."
            )
        )
    return problems


def _added(base: Table, section: str, place: Place, new: Table) -> list[Problem]:
    """Add whole named parts to a section of the base."""
    known = base.values.setdefault(section, Table(place))
    base.keys.setdefault(section, place)
    if not isinstance(known, Table):
        return []
    problems = []
    for name, part in new.values.items():
        at = new.keys[name]
        if name in known.values:
            problems.append(
                at.problem(
                    f"{section}.{name}",
                    name,
                    f"{quoted(name)} is in the base already",
                    f"Write what changes under 'change:', as '{section}.{name}....'.",
                )
            )
        else:
            known.put(name, at, part)
    return problems


def _changed(root: Table, change: Table) -> list[Problem]:
    problems = []
    for path, value in change.values.items():
        try:
            _change(root, path, change.keys[path], value)
        except Refusal as refusal:
            place = change.keys[path]
            text = value.text if isinstance(value, Scalar) else ""
            problems.append(place.problem(path, text, *refusal.args))
    return problems


def _change(root: Table, path: str, place: Place, value: Node) -> None:
    """Make one change.

    Raises
    ------
    Refusal
        If there is nothing at the path, or it cannot be changed like this.
    """
    steps = steps_of(path, root)
    parent, shape = parent_of(root, steps, place)
    inside = below(shape, steps[-1])
    if inside is None:
        raise absent(parent, shape, steps)
    present = child(parent, steps[-1], shape)
    operator = _operator(value, inside)
    drops = isinstance(value, Scalar) and value.text == "drop"
    if present is None and (operator or drops or not isinstance(parent, Table)):
        raise absent(parent, shape, steps)
    if operator and present is not None:
        _OPERATORS[operator[0]](root, present, inside, operator[1])
    elif isinstance(parent, Items):
        if drops:
            raise Refusal("one entry of a list cannot be dropped", "Write the list.")
        parent.items[int(steps[-1])] = value
    elif isinstance(parent, Table):
        key = key_in(parent, steps[-1], shape)
        if drops:
            del parent.values[key], parent.keys[key]
            parent.dropped[key] = place
        else:
            parent.put(key, place, value)


def _operator(value: Node, inside: Shape) -> tuple[str, Scalar] | None:
    """Return the operator that a value is, with its operand."""
    if not isinstance(value, Table):
        return None
    keys = list(value.values)
    if not any(key in _OPERATORS for key in keys):
        if isinstance(inside, Quantity):
            raise Refusal(
                f"{quoted(keys[0] if keys else '{}')} is not a way to change a value",
                hint(keys[0] if keys else "", _OPERATORS),
            )
        return None
    operand = value.values[keys[0]]
    if len(keys) > 1 or not isinstance(operand, Scalar):
        raise Refusal("more than one change is given for one path", "Keep one.")
    return keys[0], operand


def _shift(root: Table, node: Node, shape: Shape, operand: Scalar) -> None:
    """Move every date within a part."""
    sign = -1 if operand.text.startswith("-") else 1
    delta = sign * int(DURATION.read(operand.text.lstrip("+-").strip()))
    clock = _clock(root)

    def shifted(text: str) -> str:
        return clock.text(clock.seconds(text) + delta)

    if not _each(node, shape, operand.place, lambda q: q is MOMENT, shifted):
        raise Refusal("there is no date to shift", "Name a part that has one.")


def _lengthen(root: Table, node: Node, shape: Shape, operand: Scalar) -> None:
    _extend(root, node, shape, operand, 1)


def _shorten(root: Table, node: Node, shape: Shape, operand: Scalar) -> None:
    _extend(root, node, shape, operand, -1)


def _extend(root: Table, node: Node, shape: Shape, operand: Scalar, sign: int) -> None:
    """Move the end of a part, or change a duration."""
    delta = sign * int(DURATION.read(operand.text))
    if isinstance(node, Table):
        ends = [field for field in _ENDS if field in node.values]
        if not isinstance(shape, Fields) or len(ends) != 1:
            raise Refusal(
                "this has no single end or duration to move",
                f"Name the field itself, for example '.{_ENDS[0]}'.",
            )
        inside = shape.field(ends[0])
        node, shape = node.values[ends[0]], inside or shape
    if shape is MOMENT:
        clock = _clock(root)
        _rewrite(node, operand.place, lambda t: clock.text(clock.seconds(t) + delta))
        return
    if not isinstance(shape, Quantity) or shape.unit != "s":
        raise Refusal("this is neither a date nor a duration", "Name one.")
    quantity = shape

    def longer(text: str) -> str:
        return str(quantity.write(_moved(quantity.read(text, None), delta), None))

    _rewrite(node, operand.place, longer)


def _multiply(root: Table, node: Node, shape: Shape, operand: Scalar) -> None:
    """Multiply a number, or every number of a mapping."""
    factor = FACTOR.read(operand.text)
    if isinstance(shape, Fields):
        raise Refusal(
            "this part has more than one kind of number", "Name the field itself."
        )
    for quantity in _numbers(shape):

        def product(text: str, quantity: Quantity = quantity) -> str:
            if text == "rest":
                return text
            value = quantity.read(text, None)
            if isinstance(value, Distribution):
                return str(quantity.write(_scaled(value, factor), None))
            exact = float(Fraction(value) * Fraction(factor).limit_denominator(10**9))
            return str(
                quantity.write(round(exact) if type(value) is int else exact, None)
            )

        if _each(node, shape, operand.place, _numeric, product):
            return
    raise Refusal("there is no number to multiply", "Name a field that has one.")


_OPERATORS: dict[str, Callable[[Table, Node, Shape, Scalar], None]] = {
    "shift_by": _shift,
    "shorten_by": _shorten,
    "lengthen_by": _lengthen,
    "multiply_by": _multiply,
}


def _numeric(quantity: Quantity) -> bool:
    return quantity.spread is not None and quantity is not MOMENT


def _numbers(shape: Shape) -> list[Quantity]:
    """Return the kind of number that a shape is made of, if it is of one kind."""
    while isinstance(shape, Named | Listed):
        shape = shape.value if isinstance(shape, Named) else shape.item
    return [shape] if isinstance(shape, Quantity) and _numeric(shape) else []


def _each(
    node: Node,
    shape: Shape | None,
    place: Place,
    wanted: Callable[[Quantity], bool],
    change: Callable[[str], str],
) -> int:
    """Rewrite every text of the wanted kind, keys too; return how many there were."""
    match node:
        case Scalar():
            if not isinstance(shape, Quantity) or not wanted(shape):
                return 0
            node.text, node.place = _text(node.text, change), place
            return 1
        case Items():
            inside = shape.item if isinstance(shape, Listed) else None
            return sum(_each(i, inside, place, wanted, change) for i in node.items)
        case Table():
            found = sum(
                _each(value, below(shape, key), place, wanted, change)
                for key, value in node.values.items()
            )
            if isinstance(shape, Named) and shape.key and wanted(shape.key):
                found += len(node.keys)
                values = {_text(k, change): v for k, v in node.values.items()}
                node.keys = dict.fromkeys(values, place)
                node.values = values
            return found


def _rewrite(node: Node, place: Place, change: Callable[[str], str]) -> None:
    if isinstance(node, Scalar):
        text = change(node.text)
        node.text, node.place = text, place


def _text(text: str, change: Callable[[str], str]) -> str:
    """Return the changed text, or the same if it was wrong before the change."""
    try:
        return change(text)
    except Refusal:
        return text


def _moved(value: Distribution, delta: float) -> Distribution:
    """Return a duration that is longer, or shorter, by a fixed time."""
    if value.shape in (Family.LOGNORMAL, Family.EXPONENTIAL):
        raise Refusal(
            "a duration without a greatest value cannot be made longer or shorter",
            "Use multiply_by, or write the new duration.",
        )
    moved = replace(
        value,
        low=value.low + delta,
        best=value.best + delta,
        high=value.high + delta,
    )
    if moved.low < 0 or moved.high == 0:
        raise Refusal(
            f"it lasts only {DURATION.write(value.low)}",
            "Shorten it by less, or drop it.",
        )
    return moved


def _scaled(value: Distribution, factor: float) -> Distribution:
    return replace(
        value,
        low=value.low * factor,
        best=value.best * factor,
        high=value.high * factor,
    )


def _clock(root: Table) -> Clock:
    clock, _ = clock_of(root)
    if clock is None:
        raise Refusal("dates cannot be moved without a zone and a start", "Give both.")
    return clock
