"""How convoys move: when each sets out with whom, passes its gates, and arrives."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from sim.events import Kind, RunLog
from sim.metrics.convoys import Crossing, crossings, passages


class Movement(NamedTuple):
    """One trip of a convoy with people, as a logistician would write it down.

    Times are seconds after the operation starts, None if it did not happen.

    Attributes
    ----------
    vehicles : that set out, by kind; cars of a column are one convoy.
    people : told off to it, by group, wherever it picked them up.
    departs_s : when its last vehicle was full.
    passes_s : when it was first through each gate, checkpoint or other stage.
    arrives_s : when its last vehicle was empty.
    fate : what became of it, as `Trip.fate` says.
    """

    convoy: str
    flow: str
    origin: str
    destination: str
    vehicles: Mapping[str, int]
    people: Mapping[str, int]
    departs_s: int | None
    passes_s: Mapping[str, int]
    arrives_s: int | None
    fate: str


def movements(log: RunLog) -> tuple[Movement, ...]:
    """Return how every convoy moved that set out with people, first to set out first.

    A part that went on without the others has its own people and vehicles, and its
    convoy those that are left.
    """
    people, passed = _told_off(log), _passed(log)
    found = []
    for row in passages(log):
        aboard = {g: n for g, n in people.get(row.convoy, {}).items() if n > 0}
        if row.trip is None or row.boarded_s is None or not aboard:
            continue
        found.append(
            Movement(
                row.convoy,
                row.flow,
                row.origin,
                row.trip.destination,
                dict(Counter(log.kinds[fleet] for fleet in row.trip.fleets)),
                aboard,
                row.boarded_s,
                passed.get(row.convoy, {}),
                row.arrived_s,
                row.trip.fate,
            )
        )
    return tuple(sorted(found, key=lambda each: (each.departs_s or 0, each.convoy)))


def _told_off(log: RunLog) -> Mapping[str, Mapping[str, int]]:
    """Return the people told off to each convoy, or gone on with a part, by group."""
    found: dict[str, dict[str, int]] = {}
    told_off = {Kind.ASSIGNED, Kind.PARTED}
    for _, kind, _, _, convoy, group, people, *_ in log.rows:
        if kind in told_off and convoy:
            riding = found.setdefault(convoy, {})
            riding[group] = riding.get(group, 0) + people
    return found


def _passed(log: RunLog) -> Mapping[str, Mapping[str, int]]:
    """Return when each convoy was first through each place, by convoy and place."""
    found: dict[str, dict[str, int]] = {}
    through: list[Mapping[str, Mapping[str, Crossing]]] = [
        crossings(log, kind) for kind in (Kind.CROSSED, Kind.CLEARED)
    ]
    for of_kind in through:
        for place, by_convoy in of_kind.items():
            for convoy, (time_s, _) in by_convoy.items():
                found.setdefault(convoy, {})[place] = time_s
    return found
