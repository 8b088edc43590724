"""What is typed into a field, for forms: its kind, units, bounds and how it looks."""

from dataclasses import dataclass
from typing import Literal

from sim.scenario.names import named_in
from sim.scenario.quantities import MOMENTS
from sim.scenario.quantity import Quantity
from sim.scenario.shapes import Fields, ListShape, Named, Shape, WordShape

InputKind = Literal[
    "text",
    "choice",
    "name",
    "number",
    "share",
    "factor",
    "duration",
    "length",
    "speed",
    "pace",
    "moment",
    "time",
    "hours",
    "position",
    "list",
    "mapping",
    "part",
]
_BY_UNIT: dict[str, InputKind] = {
    "s": "duration",
    "m": "length",
    "m/s": "speed",
    "s after start": "moment",
    "degrees": "position",
}
_BY_NAME: dict[str, InputKind] = {
    "chance": "share",
    "factor or distribution": "factor",
    "pace": "pace",
    "hours of the day": "hours",
    "time of day": "time",
}


@dataclass(frozen=True, slots=True)
class FieldInput:
    """What is typed into a field.

    Attributes
    ----------
    varies : whether it may also be a distribution, in plain words.
    drawn_for : what each value is drawn for, `vehicle` or `convoy`, if it varies.
    hangs : whether a moment may hang on what happens in a run.
    units : in which a number of it is written; none if it has none.
    examples : as a file writes it; none if any text will do.
    least, most : as a file writes them; empty if there is no such bound.
    words : of which one is chosen.
    names_from : sections whose names it takes, dotted, as `sites.groups`.
    pattern : which a text matches, a regular expression; empty if there is none.
    key : of a mapping: what its keys are; None if they are names.
    item : of a list or a mapping: what is in it; None if these are parts.
    """

    kind: InputKind
    varies: bool = False
    drawn_for: str = ""
    hangs: bool = False
    units: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    least: str = ""
    most: str = ""
    words: tuple[str, ...] = ()
    names_from: tuple[str, ...] = ()
    pattern: str = ""
    key: "FieldInput | None" = None
    item: "FieldInput | None" = None


def input_of(shape: Shape, pattern: tuple[str, ...]) -> FieldInput:
    """Return what is typed into a field.

    Parameters
    ----------
    pattern : its path, with `*` for the names of things and the numbers of a list.
    """
    match shape:
        case Quantity():
            return _of_quantity(shape)
        case WordShape(allowed) if allowed:
            return FieldInput("choice", words=tuple(allowed))
        case WordShape(is_name=is_name):
            sections = named_in(pattern)
            kind: InputKind = "name" if is_name or sections else "text"
            return FieldInput(kind, names_from=sections)
        case ListShape(item):
            return FieldInput("list", item=input_of(item, (*pattern, "*")))
        case Named(key, value):
            names = FieldInput("name", names_from=named_in((*pattern, "?")))
            has_parts = isinstance(value, Fields)
            return FieldInput(
                "mapping",
                key=_of_quantity(key) if key else names,
                item=None if has_parts else input_of(value, (*pattern, "*")),
            )
    return FieldInput("part")


def _of_quantity(quantity: Quantity) -> FieldInput:
    schema = quantity.schema
    if schema.get("type") == "boolean":
        return FieldInput("choice", words=("yes", "no"))
    if "const" in schema:
        return FieldInput("choice", words=("yes",))
    kind = _BY_NAME.get(quantity.name) or _BY_UNIT.get(quantity.unit) or "number"
    least, most = (str(schema.get(end, "")) for end in ("minimum", "maximum"))
    measure = quantity.measure
    if measure is not None:
        least = least or measure.write(measure.least)
        most = most or measure.write(measure.most)
    return FieldInput(
        kind,
        varies=quantity.is_distribution,
        drawn_for=quantity.drawn_for,
        hangs=quantity in MOMENTS and bool(quantity.keeps),
        units=tuple(filter(None, measure.units)) if measure else (),
        examples=tuple(map(str, schema.get("examples", ()))),
        least=least,
        most=most,
        pattern=str(schema.get("pattern", "")),
    )
