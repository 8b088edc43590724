"""Agreements of two or more sides, as one run shows them."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from sim.events import Event, Kind, RunLog
from sim.figures import spells, style, titles
from sim.figures.style import apart, shortened
from sim.metrics.curves import Curve
from sim.metrics.exchange import Wait, moved, waits
from sim.metrics.holds import Hold, awaited_side, holds
from sim.scenario import Operation

MARKED = {
    Kind.IN_FORCE: ("in force", "#009E73", "-"),
    Kind.RENEGOTIATED: ("new terms", "#7A5FA8", "--"),
    Kind.SUSPENDED: ("suspended", "#D55E00", "-."),
    Kind.BREACHED: ("breached", "#8C1D18", "-"),
    Kind.COMPLETED: ("completed", "#222222", ":"),
    Kind.LAPSED: ("lapsed", "#666666", ":"),
}
_GOES_ON = frozenset({Kind.IN_FORCE, Kind.COMPLETED})
_MOST_MARKS = 8
"""Of one kind; if there are more, their number is enough."""


class Side(NamedTuple):
    """One side of an agreement in one run.

    Attributes
    ----------
    curve : people who count as moved, cumulative.
    waits : when its convoys waited for another side.
    barred : when they stood there because the agreement was not or no more in force.
    """

    name: str
    title: str
    colour: str
    curve: Curve
    waits: tuple[Wait, ...]
    barred: tuple[Hold, ...]


class Deal(NamedTuple):
    """An agreement of two or more sides in one run.

    Attributes
    ----------
    title : with what happened too often for a line each.
    counted : what people do when they count, in the past.
    marks : changes of its state that get a vertical line.
    """

    title: str
    counted: str
    sides: tuple[Side, ...]
    marks: tuple[Event, ...]

    @property
    def anything(self) -> bool:
        """Whether anybody moved or waited."""
        return any(side.curve.last or side.waits for side in self.sides)


def deals(operation: Operation, log: RunLog) -> list[Deal]:
    """Return what became of every agreement of two or more sides."""
    return [
        _deal(operation, log, name)
        for name, plan in operation.agreements.items()
        if len(plan.parties) > 1
    ]


def _deal(operation: Operation, log: RunLog, name: str) -> Deal:
    plan = operation.agreements[name]
    parties = {side: party.flows for side, party in plan.parties.items()}
    gates = {side: party.gate for side, party in plan.parties.items()}
    curves = moved(log, parties, "people", plan.counted_at, gates)
    waited = waits(log, name, parties)
    barred = [
        hold
        for hold in holds(log)
        if hold.by.startswith(f"{name}: ") and not awaited_side(hold.by)
    ]
    sides = tuple(
        Side(
            side,
            titles.of_side(operation, plan, side),
            style.SIDES[number % len(style.SIDES)],
            curves[side],
            tuple(wait for wait in waited if wait.side == side),
            tuple(hold for hold in barred if hold.flow in flows),
        )
        for number, (side, flows) in enumerate(parties.items())
    )
    marks = _news(spells.of_agreement(log, name))
    often = [kind for kind in MARKED if _count(marks, kind) > _MOST_MARKS]
    words = [f"{MARKED[kind][0]} {_count(marks, kind)} times" for kind in often]
    aside = f" ({', '.join(words)})" if words else ""
    title = shortened(titles.of_agreement(operation, name), 80 - len(aside))
    return Deal(
        apart(title) + aside,
        "arrived" if plan.counted_at == "arrival" else "crossed",
        sides,
        tuple(mark for mark in marks if mark.kind not in often),
    )


def _count(marks: Sequence[Event], kind: Kind) -> int:
    return sum(mark.kind is kind for mark in marks)


def _news(changes: Sequence[Event]) -> list[Event]:
    """Return the changes that get a line, one a moment.

    Left out is what goes without saying: that new terms come into force at once, and
    that an agreement goes on as before when a stoppage ends.
    """
    marks = [
        change
        for change in changes
        if change.kind in MARKED and not (change.by and change.kind in _GOES_ON)
    ]
    return [next(same) for _, same in groupby(marks, key=lambda mark: mark.time_s)]
