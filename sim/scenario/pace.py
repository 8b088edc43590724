"""A pace: how much may move in a day or a week of the calendar.

Whoever counts by it (a side of an agreement, a flow) asks `starts` once when a run is
built, and begins anew at each moment of it.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Literal, cast

from sim.messages import say
from sim.scenario.clock import Clock
from sim.scenario.problems import RefusedError, hint, quoted
from sim.scenario.quantity import Quantity

Unit = Literal["people", "vehicles", "convoys"]
"""What a pace, or the tranches of an agreement, count."""
Period = Literal["day", "week"]
"""From local midnight to the next; from that of a Monday to that of the next."""

_ONE = {"person": "people", "vehicle": "vehicles", "convoy": "convoys"}
_UNITS = tuple(_ONE.values())
_MOST = 10_000_000
_TEXT = re.compile(r"(\d{1,3}(?:,\d{3}){1,4}|\d{1,15}) ([a-z]+) a ([a-z]+)", re.ASCII)
_EXAMPLE = say("Write for example '5 convoys a day' or '1,250 people a week'.")


@dataclass(frozen=True, slots=True)
class Pace:
    """At most so much in a day, or a week, of the calendar.

    Attributes
    ----------
    number : of the unit, at least 1.
    unit : what is counted.
    period : begins at local midnight, a week at that of a Monday.
    """

    number: int
    unit: Unit
    period: Period

    def __str__(self) -> str:
        unit = self.unit
        if self.number == 1:
            unit = cast(Unit, next(one for one, many in _ONE.items() if many == unit))
        return f"{self.number} {unit} a {self.period}"

    def starts(self, clock: Clock, horizon_s: int) -> tuple[int, ...]:
        """Return when each day or week of a run begins [s]; the first, in part, at 0.

        A midnight that the clocks skip counts as the moment they jump.
        """
        return period_starts(self.period, clock, horizon_s)


def period_starts(period: Period, clock: Clock, horizon_s: int) -> tuple[int, ...]:
    """Return when each day or week of a run begins [s]; the first, in part, at 0."""
    days = clock.days(horizon_s)
    if period == "week":
        days = [0, *(day for day in days[1:] if not clock.local(day).weekday())]
    return tuple(days)


def _read(text: str, clock: Clock | None = None) -> Pace:
    match = _TEXT.fullmatch(text)
    if match is None:
        raise RefusedError(say("{found} is not a pace", found=quoted(text)), _EXAMPLE)
    number = int(match[1].replace(",", ""))
    unit, period = _ONE.get(match[2], match[2]), match[3]
    if unit not in _UNITS:
        raise RefusedError(
            say(
                "'{unit}' in {found} is nothing that is counted",
                unit=unit,
                found=quoted(text),
            ),
            hint(unit, _UNITS),
        )
    if period not in {"day", "week"}:
        raise RefusedError(
            say(
                "'{period}' in {found} is no period of the calendar",
                period=period,
                found=quoted(text),
            ),
            hint(period, ("day", "week")),
        )
    if number < 1:
        raise RefusedError(
            say("{number} is too small", number=number),
            say("Write a whole number of {least} or more.", least=1),
        )
    if number > _MOST:
        raise RefusedError(
            say(
                "{number} is more than {most_text}",
                number=number,
                most_text=say("10 million"),
            ),
            say("Check the digits."),
        )
    return Pace(number, cast(Unit, unit), cast(Period, period))


PACE = Quantity(
    "pace",
    "",
    _read,
    lambda pace, clock: str(pace),
    None,
    None,
    {
        "type": "string",
        "pattern": r"^(\d{1,3}(,\d{3})+|\d+) "
        r"(people|person|vehicles?|convoys?) a (day|week)$",
        "examples": ["5 convoys a day", "1,250 people a week"],
    },
)
MostPerPeriod = Annotated[Pace, PACE]
"""The type of a field `at_most`."""
