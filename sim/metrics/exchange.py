"""How evenly the sides of an agreement moved, and who waited for whom."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from sim.events import Event, Kind, ReasonKind, RunLog
from sim.metrics.curves import Curve
from sim.metrics.holds import Hold, holds

Unit = Literal["people", "vehicles", "convoys"]
Parties = Mapping[str, Sequence[str]]
"""The flows of each side of an agreement."""


class Imbalance(NamedTuple):
    """The moment at which the sides were furthest apart.

    Attributes
    ----------
    time_s : first second of it; 0 if they never differed.
    amount : units by which the side ahead led.
    ahead, behind : the sides, empty if they never differed.
    """

    time_s: int
    amount: int
    ahead: str
    behind: str


class Wait(NamedTuple):
    """One convoy of a side that waited for another side."""

    side: str
    awaited: str
    hold: Hold


class Course(NamedTuple):
    """How an agreement went.

    Attributes
    ----------
    completed_s : when it was completed for the last time; None if it never was.
    breaches : how often it was breached.
    """

    completed_s: int | None
    breaches: int


def course_of(log: RunLog, agreement: str) -> Course:
    """Return how an agreement went in a run.

    Parameters
    ----------
    log : of the run.
    agreement : its name.
    """
    own = [(row[0], row[1]) for row in log.rows if row[2] == agreement]
    ends = [time_s for time_s, kind in own if kind is Kind.COMPLETED]
    return Course(
        ends[-1] if ends else None, sum(kind is Kind.BREACHED for _, kind in own)
    )


def moved(
    log: RunLog, agreement: str, sides: Iterable[str], unit: Unit = "people"
) -> dict[str, Curve]:
    """Return what counts as moved by each side of an agreement, cumulative.

    That is what the agreement itself counted: what is turned back is taken back, and
    what moves once it has lapsed is not its own.

    Parameters
    ----------
    log : of one run.
    agreement : its name.
    sides : of it.
    unit : what to count.
    """
    changes: dict[str, list[tuple[int, int]]] = {side: [] for side in sides}
    for event in log.events:
        if event.kind is Kind.COUNTED and event.place == agreement:
            changes[event.reason.side].append((event.time_s, _amount(event, unit)))
    return {side: Curve.of_changes(steps) for side, steps in changes.items()}


def _amount(event: Event, unit: Unit) -> int:
    """Return what an event counts, negative for what it takes back."""
    if unit == "people":
        return event.people
    if unit == "vehicles":
        return event.vehicles
    return -1 if event.reason.kind is ReasonKind.RETURNED else 1


def imbalance(curves: Mapping[str, Curve]) -> Curve:
    """Return how far the side ahead leads the side behind, over time."""
    moments = sorted({time_s for curve in curves.values() for time_s in curve.times_s})
    leads = []
    for time_s in moments:
        totals = [curve.at(time_s) for curve in curves.values()]
        leads.append(max(totals) - min(totals))
    return Curve(tuple(moments), tuple(leads))


def greatest_imbalance(curves: Mapping[str, Curve]) -> Imbalance:
    """Return when the sides were furthest apart; the first time, if several."""
    lead = imbalance(curves)
    amount = max(lead.totals, default=0)
    if not amount:
        return Imbalance(0, 0, "", "")
    time_s = lead.times_s[lead.totals.index(amount)]
    totals = {side: curve.at(time_s) for side, curve in curves.items()}
    return Imbalance(
        time_s,
        amount,
        max(totals, key=totals.__getitem__),
        min(totals, key=totals.__getitem__),
    )


def waits(log: RunLog, agreement: str, parties: Parties) -> tuple[Wait, ...]:
    """Return when convoys of each side waited for another side.

    Parameters
    ----------
    log : of one run.
    agreement : its name.
    parties : flows by side.
    """
    sides = {flow: side for side, flows in parties.items() for flow in flows}
    return tuple(
        Wait(sides[hold.flow], hold.reason.side, hold)
        for hold in holds(log)
        if hold.reason.kind is ReasonKind.WAITS_FOR_SIDE
        and hold.reason.agreement == agreement
        and hold.flow in sides
    )
