"""The log of a followed operation as lines for readers."""

from sim.evidence.figures import Figure
from sim.report.since_last import LineKind, LogLine
from sim.studies.following.entries import (
    EntryRedone,
    EntryUndone,
    FigureEntered,
    ForecastMade,
    Logged,
    ScenarioTaken,
    StandingEntries,
)


def lines_of(standing: StandingEntries) -> tuple[LogLine, ...]:
    """Return a line for each entry, in their order."""
    return tuple(
        _line(entry, stands=entry.number not in standing.undone)
        for entry in standing.entries
    )


def _line(entry: Logged, *, stands: bool) -> LogLine:
    match entry:
        case FigureEntered():
            figure = Figure.model_validate(entry.cells)
            return LogLine(entry.number, entry.at, "figure", stands, figure)
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
