"""What the model and the reference say differently about one run."""

from collections import Counter, defaultdict

from sim.events import Kind
from tests.reference.run import simulate as by_reference

STATES = {
    Kind.PROPOSED: "proposed",
    Kind.IN_FORCE: "in force",
    Kind.RENEGOTIATED: "in force",
    Kind.REOPENED: "in force",
    Kind.COMPLETED: "completed",
    Kind.BREACHED: "breached",
    Kind.LAPSED: "lapsed",
}
"""The state of an agreement after each of its changes."""
AS_TOLD = (
    *("arrivals", "crossings", "returned", "unaccounted", "counted"),
    *("lives_lost", "on_foot", "diverted", "left"),
)
"""What the reference tells in the same form as it is compared."""


def differences(operation, seed):
    """Return what differs, the earliest first; nothing if the two agree."""
    from sim.metrics.spans import spans  # noqa: PLC0415
    from sim.model import simulate  # noqa: PLC0415

    log = simulate(operation, seed=seed)
    return compared(
        _of_log(log, spans(log)), _of_outcome(by_reference(operation, seed))
    )


def compared(model, reference):
    """Return the differences of two accounts of a run as lines of text."""
    found = []
    for what, rows in model.items():
        only_model = rows - reference[what]
        only_reference = reference[what] - rows
        for side, more in (("model", only_model), ("reference", only_reference)):
            for row, number in more.items():
                found.append((_when(row), f"{what}: only {side}: {row} x {number}"))
    return [f"{when / 60:.1f} min  {line}" for when, line in sorted(found)]


def _when(row):
    return row[0] if isinstance(row[0], int) else 10**9


def _of_log(log, spans):
    """Return what the log of the model says, each kind of thing as counted rows."""
    told = defaultdict(Counter)
    by_kind = {
        Kind.ARRIVED: ("arrivals", ("convoy", "group", "people")),
        Kind.CROSSED: ("crossings", ("convoy", "place", "people")),
        Kind.RETURNED: ("returned", ("convoy", "group", "people")),
        Kind.UNACCOUNTED: ("unaccounted", ("convoy", "group", "people")),
        Kind.LIVES_LOST: ("lives_lost", ("convoy", "group", "people")),
        Kind.ON_FOOT: ("on_foot", ("convoy", "group", "people")),
        Kind.DIVERTED: ("diverted", ("convoy", "place")),
        Kind.LOST: ("lost", ("convoy",)),
        Kind.COUNTED: ("counted", ("place", "convoy", "units")),
    }
    changes = []
    for event in log.events:
        if event.kind in by_kind:
            what, fields = by_kind[event.kind]
            row = (event.time_s, *(getattr(event, field) for field in fields))
            told[what][row] += 1
        elif event.kind in {Kind.NOT_FOUND, Kind.NOT_STRUCK}:
            what = event.place, str(event.kind), event.reason.note
            told["left"][event.time_s, *what, event.people + event.vehicles] += 1
        elif event.kind is Kind.CAME:
            told["came"][event.time_s, event.place] += 1
        elif event.kind in STATES:
            changes.append((event.time_s, event.place, event.kind))
    for span in spans:
        charge = span.charge
        who = (charge.origin, charge.group, str(charge.cause))
        told["person-seconds"][who] += span.person_seconds
    told["states"] = _states(changes)
    return _complete(told)


def _of_outcome(outcome):
    """Return what the reference says, in the same form."""
    told = defaultdict(Counter)
    for what in AS_TOLD:
        told[what] = Counter(getattr(outcome, what))
    told["came"] = Counter(outcome.came)
    told["lost"] = Counter(row[:2] for row in outcome.lost)
    for (site, group, cause), spent in outcome.person_seconds.items():
        told["person-seconds"][site, group, str(cause)] = spent
    told["states"] = _states(outcome.changes)
    return _complete(told)


def _complete(told):
    kinds = (*AS_TOLD, "lost", "states", "came", "person-seconds")
    return {what: told[what] for what in kinds}


def _states(changes):
    """Return the state of each agreement after each second in which it changed."""
    last = defaultdict(dict)
    for time_s, agreement, kind in changes:
        last[agreement][time_s] = STATES[kind]
    found = Counter()
    for agreement, by_time in last.items():
        before = None
        for time_s, state in by_time.items():
            if state != before:
                found[time_s, agreement, state] += 1
            before = state
    return found
