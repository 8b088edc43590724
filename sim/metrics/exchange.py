"""How evenly the sides of an agreement moved, and who waited for whom."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from sim.events import Kind, RunLog
from sim.metrics.curves import Curve
from sim.metrics.holds import Hold, awaited_side, holds

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


def moved(
    log: RunLog,
    parties: Parties,
    unit: Unit = "people",
    counted_at: Literal["crossing", "arrival"] = "crossing",
    gates: Mapping[str, str] | None = None,
) -> dict[str, Curve]:
    """Return what each side has moved, cumulative.

    A convoy that is turned back after crossing stays counted, and counts once if it
    crosses a gate twice.

    Parameters
    ----------
    log : of one run.
    parties : flows by side.
    unit : what to count.
    counted_at : at the gate or at the destination.
    gates : gate of each side for `crossing`; sides left out count at the first gate
        that a convoy crosses with people aboard.
    """
    sides = {flow: side for side, flows in parties.items() for flow in flows}
    gates = gates or {}
    kind = Kind.CROSSED if counted_at == "crossing" else Kind.ARRIVED
    seen: set[str] = set()
    changes: dict[str, list[tuple[int, int]]] = {side: [] for side in parties}
    for event in log.events:
        side = sides.get(event.flow)
        if event.kind is not kind or side is None or not event.people:
            continue
        if kind is Kind.CROSSED and gates.get(side, event.place) != event.place:
            continue
        # One arrival is an event for each group, all with the same vehicles.
        again = event.convoy in seen
        seen.add(event.convoy)
        if kind is Kind.ARRIVED and unit == "people":
            again = False
        if not again:
            units = {"people": event.people, "vehicles": event.vehicles, "convoys": 1}
            changes[side].append((event.time_s, units[unit]))
    return {side: Curve.of_changes(steps) for side, steps in changes.items()}


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
    found = []
    for hold in holds(log):
        named = awaited_side(hold.by)
        if named and named[0] == agreement and hold.flow in sides:
            found.append(Wait(sides[hold.flow], named[1], hold))
    return tuple(found)
