"""Agreements of two or more sides, as one run shows them."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from sim.events import Kind, ReasonKind, RunLog
from sim.metrics.curves import Curve
from sim.metrics.exchange import Wait, moved, waits
from sim.metrics.holds import Hold, holds
from sim.metrics.periods import Period, agreement_states
from sim.plots import style, titles
from sim.scenario import Operation
from sim.words import Sentence, Text, joined, say, say_many
from sim.words.reasons import STATES

MARKED = {
    Kind.IN_FORCE: ("#009E73", "-"),
    Kind.RENEGOTIATED: ("#7A5FA8", "--"),
    Kind.SUSPENDED: ("#D55E00", "-."),
    Kind.BREACHED: ("#8C1D18", "-"),
    Kind.COMPLETED: ("#222222", ":"),
    Kind.REOPENED: ("#009E73", "--"),
    Kind.LAPSED: ("#666666", ":"),
}
"""Colour and dashes of the states that get a vertical line where they begin."""
_MOST_MARKS = 8
"""Of one kind; if there are more, their number is enough."""


class Side(NamedTuple):
    """One side of an agreement in one run.

    Attributes
    ----------
    curve : people who count as moved, cumulative.
    convoys : that count as moved at the end.
    waits : when its convoys waited for another side.
    barred : when they stood there because the agreement was not or no more in force.
    """

    name: str
    title: str
    colour: str
    curve: Curve
    convoys: int
    waits: tuple[Wait, ...]
    barred: tuple[Hold, ...]


class Deal(NamedTuple):
    """An agreement of two or more sides in one run.

    Attributes
    ----------
    title : of the agreement.
    often : what happened too often for a line each; None if nothing did.
    counted : people who count, in the past.
    until_s : when it lapsed; else the end of the run.
    marks : states that get a vertical line where they begin.
    """

    title: str
    often: Text
    counted: Sentence
    sides: tuple[Side, ...]
    until_s: int
    marks: tuple[Period, ...]

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
    curves = moved(log, name, parties)
    convoys = moved(log, name, parties, "convoys")
    waited = waits(log, name, parties)
    barred = [
        hold
        for hold in holds(log)
        if hold.reason.agreement == name
        and hold.reason.kind is not ReasonKind.WAITS_FOR_SIDE
    ]
    sides = tuple(
        Side(
            side,
            titles.of_side(operation, plan, side),
            style.SIDES[number % len(style.SIDES)],
            curves[side],
            convoys[side].last,
            tuple(wait for wait in waited if wait.side == side),
            tuple(hold for hold in barred if hold.flow in flows),
        )
        for number, (side, flows) in enumerate(parties.items())
    )
    states = agreement_states(log, [name])
    marks = _news(states)
    often = [kind for kind in MARKED if _count(marks, kind) > _MOST_MARKS]
    told = [
        say_many(
            "{state} {count} time",
            "{state} {count} times",
            _count(marks, kind),
            state=STATES[kind],
        )
        for kind in often
    ]
    arrived, crossed = say("people arrived"), say("people crossed")
    return Deal(
        titles.of_agreement(operation, name),
        joined(told, ", ") if told else None,
        arrived if plan.counted_at == "arrival" else crossed,
        sides,
        _ends(states, log.horizon_s),
        tuple(mark for mark in marks if mark.what not in often),
    )


def _ends(states: Sequence[Period], horizon_s: int) -> int:
    """Return when an agreement lapsed for good, else the end of the run."""
    last = states[-1] if states else None
    return last.since_s if last and last.what is Kind.LAPSED else horizon_s


def _count(marks: Sequence[Period], kind: Kind) -> int:
    return sum(mark.what is kind for mark in marks)


def _news(states: Sequence[Period]) -> list[Period]:
    """Return the states that get a line, one a moment.

    Left out is what goes without saying: that new terms come into force at once, and
    that an agreement is what it was before when nothing suspends it any more.
    """
    marks: list[Period] = []
    before = after = None
    for state in states:
        resumed = before is Kind.SUSPENDED and state.what is after
        if state.what in MARKED and not resumed:
            marks.append(state)
        before = state.what
        after = after if before is Kind.SUSPENDED else before
    return [next(same) for _, same in groupby(marks, key=lambda mark: mark.since_s)]
