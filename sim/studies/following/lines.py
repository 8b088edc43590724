"""The log of a followed operation as lines for readers, and what a forecast told."""

import json
from contextlib import suppress
from pathlib import Path

from sim.plain_file import plain_bytes
from sim.report.since_last import LineKind, LogLine
from sim.studies.folder import FACTS
from sim.studies.following.entries import (
    EntryRedone,
    EntryUndone,
    FigureEntered,
    ForecastMade,
    Logged,
    ScenarioTaken,
    StandingEntries,
)

CHANGED = "changed_since_last"
"""What run.json of a forecast calls what had changed, in the language of its report."""
_MOST_MB = 20


def changed_in(folder: Path) -> list[str]:
    """Return what had changed, by the results of a forecast; nothing if they are none.

    Parameters
    ----------
    folder : of its results.
    """
    facts: object = None
    with suppress(OSError, ValueError, RecursionError):
        facts = json.loads(plain_bytes(folder / FACTS, _MOST_MB))
    told = facts.get(CHANGED) if isinstance(facts, dict) else None
    return [str(each) for each in told] if isinstance(told, list) else []


def lines_of(standing: StandingEntries) -> tuple[LogLine, ...]:
    """Return a line for each entry, in their order."""
    return tuple(
        _line(entry, stands=entry.number not in standing.undone)
        for entry in standing.entries
    )


def _line(entry: Logged, *, stands: bool) -> LogLine:
    match entry:
        case FigureEntered():
            return LogLine(entry.number, entry.at, "figure", stands, entry.figure)
        case ScenarioTaken():
            return LogLine(
                entry.number, entry.at, "scenario", stands, scenario=entry.name
            )
        case EntryUndone() | EntryRedone():
            return LogLine(entry.number, entry.at, entry.kind, entry=entry.entry)
        case ForecastMade():
            made: LineKind = "full" if entry.full else "quick"
            return LogLine(entry.number, entry.at, made, moment=entry.moment)
    raise TypeError(entry)
