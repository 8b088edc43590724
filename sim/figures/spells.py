"""What lasted from when to when: stoppages, closed gates, states of agreements."""

from collections.abc import Collection
from typing import NamedTuple

from sim.events import Event, Kind, RunLog

STATES = (
    Kind.PROPOSED,
    Kind.IN_FORCE,
    Kind.MOVING,
    Kind.HELD,
    Kind.SUSPENDED,
    Kind.BREACHED,
    Kind.RENEGOTIATED,
    Kind.COMPLETED,
    Kind.LAPSED,
)
"""What an agreement can be, in the order of its life."""


class Spell(NamedTuple):
    """Something that was the case for a time.

    Attributes
    ----------
    name : of the stoppage, gate or agreement.
    what : the kind of event that it began with.
    since_s, until_s : seconds after the start; the end is exclusive.
    by : what the log says about why.
    """

    name: str
    what: Kind
    since_s: int
    until_s: int
    by: str


def stoppages(log: RunLog) -> list[Spell]:
    """Return when each stoppage lasted."""
    return _between(log, Kind.STOPPAGE_BEGAN, Kind.STOPPAGE_ENDED)


def closures(log: RunLog) -> list[Spell]:
    """Return when each gate or checkpoint was closed."""
    return _between(log, Kind.CLOSED, Kind.OPENED)


def of_agreement(log: RunLog, name: str) -> list[Event]:
    """Return each change of an agreement's state, in time order."""
    return [
        event
        for event in log.events
        if event.place == name and event.kind in STATES and not event.convoy
    ]


def agreement_states(log: RunLog, names: Collection[str]) -> list[Spell]:
    """Return what each agreement was from when to when, those of no length too."""
    found = []
    for name in names:
        changes = of_agreement(log, name)
        ends = [*(event.time_s for event in changes[1:]), log.horizon_s]
        found += [
            Spell(name, event.kind, event.time_s, until_s, event.by)
            for event, until_s in zip(changes, ends, strict=False)
        ]
    return found


def _between(log: RunLog, begins: Kind, ends: Kind) -> list[Spell]:
    """Return spells in the order of their beginning; the end of the run ends all."""
    begun: dict[str, Event] = {}
    found = []
    for event in log.events:
        if event.kind is begins:
            begun[event.place] = event
        elif event.kind is ends and event.place in begun:
            found.append(_spell(begun.pop(event.place), event.time_s))
    found += [_spell(event, log.horizon_s) for event in begun.values()]
    return sorted(found, key=lambda spell: (spell.since_s, spell.name))


def _spell(began: Event, until_s: int) -> Spell:
    return Spell(began.place, began.kind, began.time_s, until_s, began.by)
