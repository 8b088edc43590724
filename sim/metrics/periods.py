"""What lasted from when to when: stoppages, closed gates, states of agreements."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from sim.events import Event, Kind, Reason, RunLog

STATES = frozenset(
    {
        Kind.PROPOSED,
        Kind.IN_FORCE,
        Kind.SUSPENDED,
        Kind.BREACHED,
        Kind.RENEGOTIATED,
        Kind.COMPLETED,
        Kind.REOPENED,
        Kind.LAPSED,
    }
)
"""What an agreement can be."""
_CHANGES = STATES | {Kind.RESUMED}
_OVER = frozenset({Kind.BREACHED, Kind.COMPLETED, Kind.LAPSED})
"""States in which it makes no difference whether a stoppage suspends it, too."""


class Period(NamedTuple):
    """Something that was the case for a time.

    Attributes
    ----------
    name : of the stoppage, gate or agreement.
    what : the kind of event that it began with.
    since_s, until_s : seconds after the start; the end is exclusive.
    reason : why it began.
    """

    name: str
    what: Kind
    since_s: int
    until_s: int
    reason: Reason


def stoppages(log: RunLog) -> list[Period]:
    """Return when each stoppage lasted."""
    return _between(log, Kind.STOPPAGE_BEGAN, Kind.STOPPAGE_ENDED)


def closures(log: RunLog) -> list[Period]:
    """Return when each gate or checkpoint was closed."""
    return _between(log, Kind.CLOSED, Kind.OPENED)


def agreement_states(log: RunLog, names: Collection[str]) -> list[Period]:
    """Return what each agreement was from when to when, those of no length too.

    While a stoppage suspends it, it is suspended; then it is what it has become in
    between.
    """
    found = []
    for name in names:
        begins = list(_states_of(log, name))
        ends = [*(time_s for time_s, _ in begins[1:]), log.horizon_s]
        found += [
            Period(name, state.kind, since_s, until_s, state.reason)
            for (since_s, state), until_s in zip(begins, ends, strict=False)
        ]
    return found


def _states_of(log: RunLog, name: str) -> Iterator[tuple[int, Event]]:
    """Yield what an agreement is from some second on, whenever that changes."""
    state = suspended = shown = None
    for event in log.events:
        if event.place != name or event.kind not in _CHANGES:
            continue
        if event.kind is Kind.RESUMED:
            suspended = None
        elif event.kind is Kind.SUSPENDED:
            suspended = suspended or event
        else:
            state = event
            if state.kind is Kind.RENEGOTIATED and suspended:
                # For no time, so that new terms are seen.
                shown = state
                yield event.time_s, state
        over = state is not None and state.kind in _OVER
        now = state if over or suspended is None else suspended
        if now is not None and now is not shown:
            shown = now
            yield event.time_s, now


def _between(log: RunLog, begins: Kind, ends: Kind) -> list[Period]:
    """Return periods in the order of their beginning; the end of the run ends all."""
    begun: dict[str, Event] = {}
    found = []
    for event in log.events:
        if event.kind is begins:
            begun[event.place] = event
        elif event.kind is ends and event.place in begun:
            found.append(_period(begun.pop(event.place), event.time_s))
    found += [_period(event, log.horizon_s) for event in begun.values()]
    return sorted(found, key=lambda period: (period.since_s, period.name))


def _period(began: Event, until_s: int) -> Period:
    return Period(began.place, began.kind, began.time_s, until_s, began.reason)
