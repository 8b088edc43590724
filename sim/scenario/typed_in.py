"""What a scenario gives: its dates, numbers and ranges, and what each rests on.

A replay that is given what happened says nothing about why. So it is counted how much
of a scenario are dates of documented orders, agreements and outside events, and how
much says when or to whom something happened, which a run is to work out.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from sim.distributions import Distribution
from sim.scenario.moments import Hanging, write
from sim.scenario.plans import Operation
from sim.scenario.position import Position
from sim.scenario.quantities import MOMENT, MOMENTS, WIDTH
from sim.scenario.quantity import Quantity
from sim.scenario.shapes import OPERATION, Named, Path, below, shape_at, values
from sim.scenario.uncertain import present_at


class Given(StrEnum):
    """What kind of value a scenario gives. A new one needs a line in `_kind_of`."""

    DATE = "date"
    HANGING = "moment that hangs on another"
    TIME_OF_DAY = "time of day"
    NUMBER = "number"
    RANGE = "range"
    UNKNOWN = "unknown"


class StandsFor(StrEnum):
    """What a value that a scenario gives stands for.

    Attributes
    ----------
    FRAME : when the operation starts and ends, and since when it was planned.
    ORDER : a date or term of an agreement, or a date of a stoppage or of weather, that
        names rows of the evidence table: an order, an agreement, an outside event.
    OUTCOME : any other date, since it says when something happened; and, of a
        stoppage, how many it caught, were lost sight of, lost their lives or were
        destroyed.
    ASSUMPTION : all else: how things work, documented or not.
    """

    FRAME = "frame"
    ORDER = "order"
    OUTCOME = "outcome"
    ASSUMPTION = "assumption"


class TypedValue(NamedTuple):
    """One value that a scenario gives.

    Attributes
    ----------
    path : where it stands; of what is not known, the field that it is of.
    text : as a file writes it.
    documented : whether rows of the evidence table are named for it: by its part, or
        by what is said under `uncertain` of its path.
    """

    path: str
    kind: Given
    text: str
    documented: bool
    standing: StandsFor

    @property
    def section(self) -> str:
        """The part of the file that it is of."""
        first, _, rest = self.path.partition(".")
        return first if rest else "operation"


_FRAME = frozenset({"plan_known", "known_since"})
_OF_THE_CLOCK = frozenset({"starts", "ends"})
_DATED = frozenset({"agreements", "stoppages", "weather"})
"""Parts whose dates are orders or outside events, if a source says so."""
_BEFELL = frozenset({"catches", "unaccounted", "lives_lost", "loses", "loses_loaded"})
"""Fields of a stoppage that say what became of convoys, people and vehicles."""
_OF_DAY = "s after midnight"


def typed_in(operation: Operation) -> Iterator[TypedValue]:
    """Yield every date, time, number, range and unknown that a scenario gives.

    A field with a range under `uncertain` counts where it stands, and once more as an
    unknown. What is as it would be without being written does not count.
    """
    clock = operation.clock
    sourced = {path for path, plan in operation.uncertain.items() if plan.evidence}
    start = clock.text(0)
    yield TypedValue("starts", Given.DATE, start, False, StandsFor.FRAME)
    for path, shape, value in values(operation):
        kind = _kind_of(shape, value)
        if kind is not None:
            steps = _as_written(path, operation)
            dotted = ".".join(steps)
            documented = dotted in sourced or _names_rows(operation, steps)
            standing = _standing(steps, kind, documented=documented)
            text = str(shape.write(value, clock))
            yield TypedValue(dotted, kind, text, documented, standing)
    for dotted, plan in operation.uncertain.items():
        steps = dotted.removesuffix(WIDTH).split(".")
        dated = isinstance(present_at(operation, dotted), int)
        is_date = dated and shape_at(steps) in MOMENTS
        kind = Given.DATE if is_date else Given.UNKNOWN
        documented = bool(plan.evidence)
        standing = _standing(steps, kind, documented=documented)
        yield TypedValue(dotted, Given.UNKNOWN, plan.spread, documented, standing)


def _kind_of(shape: Quantity, value: object) -> Given | None:
    """Return what kind of value it is; None if it is only a word, or on a map."""
    if isinstance(value, str | bool | Position):
        return None
    if isinstance(value, Hanging):
        return Given.HANGING
    if shape.unit == MOMENT.unit:
        return Given.DATE
    if shape.unit == _OF_DAY:
        return Given.TIME_OF_DAY
    fixed = not isinstance(value, Distribution) or value.is_fixed
    return Given.NUMBER if fixed else Given.RANGE


def _standing(steps: Sequence[str], kind: Given, *, documented: bool) -> StandsFor:
    section, is_date = steps[0], kind is Given.DATE
    if section in _OF_THE_CLOCK or not _FRAME.isdisjoint(steps):
        return StandsFor.FRAME
    if documented and section in _DATED and (is_date or _is_term(steps, kind)):
        return StandsFor.ORDER
    befell = section == "stoppages" and not _BEFELL.isdisjoint(steps)
    return StandsFor.OUTCOME if is_date or befell else StandsFor.ASSUMPTION


def _is_term(steps: Sequence[str], kind: Given) -> bool:
    """Whether a value is what an agreement says, not how its sides behave."""
    own = steps[0] == "agreements" and "parties" not in steps
    return own and kind is Given.NUMBER


def _names_rows(operation: Operation, steps: Sequence[str]) -> bool:
    """Whether the part of a path names rows of the evidence table."""
    section = getattr(operation, steps[0], None)
    part = section.get(steps[1]) if isinstance(section, dict) else None
    return bool(getattr(part, "evidence", ()))


def _as_written(path: Path, operation: Operation) -> list[str]:
    """Return the steps of a path as a file has them: moments as dates."""
    steps, shape = [], None
    for step in path:
        around = OPERATION if shape is None else shape
        moment = isinstance(around, Named) and around.key in MOMENTS
        if moment and not isinstance(step, str):
            steps.append(str(write(step, operation.clock)))
        else:
            steps.append(str(step))
        shape = below(around, str(step))
    return steps
