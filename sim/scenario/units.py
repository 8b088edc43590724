"""In which unit a file gives what it says of a field under `uncertain`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from sim.scenario.measures import DURATION, FACTOR, LENGTH, SPEED
from sim.scenario.moments import Hanging
from sim.scenario.plans import Operation
from sim.scenario.quantities import DURATION_SPREAD, MOMENTS
from sim.scenario.quantity import Quantity
from sim.scenario.shapes import Named, shape_at
from sim.scenario.uncertain import present_at

_MEASURES: Mapping[str, Mapping[str, Fraction]] = MappingProxyType(
    {"s": DURATION.units, "m": LENGTH.units, "m/s": SPEED.units}
)
"""Units by the base unit."""
_COUNTED = MappingProxyType(
    {
        **dict.fromkeys(("people", "stay", "load", "arrived"), "people"),
        **dict.fromkeys(("unaccounted", "lives_lost"), "people"),
        **dict.fromkeys(
            ("ready", "ready_per_hour", "withdraws", "holds", "moves_on"), "people"
        ),
        **dict.fromkeys(("joins", "leaves", "reserve", "convoy"), "vehicles"),
        **dict.fromkeys(("smallest", "bays", "lanes"), "vehicles"),
        **dict.fromkeys(("loses", "loses_loaded"), "vehicles"),
        **dict.fromkeys(("at_once", "catches"), "convoys"),
        "ahead": "tranches",
        "seats": "seats",
    }
)
"""What the whole numbers of a field count."""
_COUNTED_THERE = MappingProxyType(
    {("sites", "joins"): "people", ("legs", "holds"): "vehicles"}
)
"""The same of fields that count something else in one section."""


@dataclass(frozen=True, slots=True)
class FieldUnit:
    """A unit, and how to get to it.

    Attributes
    ----------
    name : as in a file, or what a number counts; or empty.
    size : in the base unit.
    is_moment : whether values are dates, in seconds after the start.
    """

    name: str
    size: float = 1.0
    is_moment: bool = False

    def of(self, value: float) -> float:
        """Return a value of the base unit in this one."""
        return value / self.size


def field_unit(operation: Operation, path: str) -> FieldUnit:
    """Return the unit in which a file gives a field, the finest if it uses several.

    Parameters
    ----------
    operation : what it says under `uncertain` of the path; if nothing, the unit is the
        base unit.
    path : dotted, of a number or date; or the name of a draw that sets several.
    """
    known = operation.uncertain.get(path)
    if known is not None and known.sets:
        path = known.sets[0]
    steps = path.split(".")
    shape = shape_at(steps)
    if not isinstance(shape, Quantity):
        return FieldUnit("")
    if shape in MOMENTS and isinstance(present_at(operation, path), Hanging):
        shape = DURATION_SPREAD
    if shape in MOMENTS:
        return FieldUnit("local time", is_moment=True)
    text = known.spread if known is not None else ""
    if shape.unit:
        units = _MEASURES.get(shape.unit, {})
        return _finest(text, units) or FieldUnit(shape.unit)
    counted = _counted(steps)
    return FieldUnit(counted) if counted else _percent(text)


def kind_of(path: str) -> str:
    """Return what kind of quantity a field holds: those of one kind may be the same."""
    steps = path.split(".")
    shape = shape_at(steps)
    if not isinstance(shape, Quantity):
        return "factor"
    return shape.unit or _counted(steps) or "factor"


def _counted(steps: list[str]) -> str:
    """Return what the whole numbers of a field count, if it has such."""
    among = isinstance(shape_at(steps[:-1]), Named)
    field = steps[-2] if among else steps[-1]
    return _COUNTED_THERE.get((steps[0], field)) or _COUNTED.get(field, "")


def _finest(text: str, units: Mapping[str, Fraction]) -> FieldUnit | None:
    for name in sorted(units, key=lambda name: units[name]):
        if name and re.search(rf"\d ?{re.escape(name)}(?![A-Za-z/%])", text):
            return FieldUnit(name, float(units[name]))
    return None


def _percent(text: str) -> FieldUnit:
    return _finest(text, FACTOR.units) or FieldUnit("")
