"""Documented figures beside the runs: inside or outside, and by how much."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from math import isinf, isnan

from sim.evidence.figures import Figure
from sim.evidence.score import (
    PATHS,
    Path,
    ScoreRow,
    Standing,
    score,
    standing,
    tallies,
)
from sim.experiment import Study
from sim.report.contents import Column, Group, Section, Table
from sim.scenario import Clock, Operation
from sim.scenario.titles import of_site
from sim.words import (
    Marked,
    Number,
    Text,
    decimal,
    duration,
    joined,
    levels,
    moment,
    say,
)

NO_VERDICT = say(
    "Inside: the band of the runs and what is documented overlap. No source is judged "
    "right; sources that contradict each other cannot all be inside."
)
_MOMENT = "h after start"
_COUNTED: tuple[Standing, ...] = ("fit", "check")
_ROLES = {
    "fit": say("fit"),
    "check": say("check"),
    "context": say("context"),
    "other path": say("other path"),
}


def paths_of(path: str) -> tuple[Path, ...]:
    """Return the paths that a word means: one, or `all`."""
    return tuple(each for each in PATHS if path in {each, "all"})


def rows_of(study: Study, path: Path = PATHS[0]) -> tuple[ScoreRow, ...]:
    """Return each documented figure beside the runs, along one path."""
    to_seconds = study.operation.clock.seconds
    return score(study.figures, study.readings_of, path, study.band, to_seconds)


def counts_inside(study: Study, path: str) -> Iterator[Text]:
    """Return, for each path, how many documented figures are inside."""
    for each in paths_of(path):
        found = tallies(rows_of(study, each))
        counts = [
            say(
                "{inside} of {all} {standing} rows",
                inside=Number(tally.inside),
                all=Number(tally.all),
                standing=_ROLES[role],
            )
            for role in _COUNTED
            if (tally := found.get(role))
        ]
        yield say(
            "Documented figures inside, {path} path: {counts}.",
            path=each,
            counts=joined(counts, ", ") if counts else say("none to compare"),
        )
    yield NO_VERDICT


def documented(study: Study, path: str, *, everything: bool) -> Section:
    """Return a table of what is documented beside the runs, and what lies outside.

    Parameters
    ----------
    study : what was run.
    path : series that counts as fitted: `ICRC`, `UN` or `all`.
    everything : whether to show figures that are context only.
    """
    rows = rows_of(study, paths_of(path)[0])
    return Section(
        "documented",
        say("Documented figures beside the runs"),
        (
            _table(study.operation, _shown(rows, everything), path),
            _outside(rows, path),
        ),
    )


def window(figure: Figure) -> str:
    """Return when a figure is about, in local time."""
    since, begin, end = (
        at and at.isoformat(timespec="minutes")
        for at in (figure.since, figure.from_, figure.to)
    )
    parts = [f"since {since}"] if since else []
    if begin:
        parts.append(begin if end in {None, begin} else f"{begin} to {end}")
    return "; ".join(parts)


def source_of(figure: Figure) -> Text:
    """Return who says something, and where."""
    return joined([figure.attributed_to, figure.source, figure.locator], ", ")


def _shown(rows: Iterable[ScoreRow], everything: bool) -> list[ScoreRow]:
    kept = [row for row in rows if everything or row.figure.role != "context"]
    return sorted(kept, key=lambda row: (row.figure.origin, row.figure.family))


def _table(operation: Operation, rows: Sequence[ScoreRow], path: str) -> Table:
    groups = tuple(
        Group(
            say(
                "{site}, said by {family}",
                site=of_site(operation, origin),
                family=family,
            ),
            tuple(_cells(operation.clock, row, path) for row in own),
        )
        for (origin, family), own in groupby(
            rows, key=lambda row: (row.figure.origin, row.figure.family)
        )
    )
    return Table(
        "Score",
        say("Each documented figure, and what the runs say about it"),
        (
            Column(say("id"), whole=True),
            Column(say("what")),
            Column(say("when")),
            Column(say("documented")),
            Column(say("runs: median (5 % to 95 %)")),
            Column(None),
            Column(say("role")),
            Column(say("source"), aside=True),
        ),
        groups,
        say("who says so"),
    )


def _cells(clock: Clock, row: ScoreRow, path: str) -> tuple[Text, ...]:
    figure = row.figure
    inside = Marked(say("inside"), "good")
    return (
        figure.id,
        joined([name_of_figure(figure), figure.select]),
        window(figure).replace("T", " "),
        _said(clock, row),
        _simulated(clock, row),
        inside if row.inside else Marked(say("OUTSIDE"), "bad"),
        _role(row, path),
        source_of(figure),
    )


def name_of_figure(figure: Figure) -> str:
    """Return what a figure counts, by the name in its table."""
    return figure.metric.replace("_", " ")


def _role(row: ScoreRow, path: str) -> Text:
    """Return what a figure is to a fit; along which path, if both are shown."""
    if path != "all":
        return _ROLES[row.standing]
    along = [each for each in PATHS if standing(row.figure, each) == "fit"]
    if row.figure.role == "fit" and len(along) < len(PATHS):
        return say("fit, {path} path", path=along[0])
    return _ROLES[row.figure.role]


def _said(clock: Clock, row: ScoreRow) -> Text:
    """Return the value with its bounds, as the source supports them."""
    low, best, high = row.documented
    if isinf(low):
        return say("at most {value}", value=_value(clock, row, high))
    if isinf(high):
        return say("at least {value}", value=_value(clock, row, low))
    least, most = _value(clock, row, low), _value(clock, row, high)
    if isnan(best):
        return say("{low} to {high}", low=least, high=most)
    return levels(least, _value(clock, row, best), most)


def _simulated(clock: Clock, row: ScoreRow) -> Text:
    seen = row.simulated
    if not seen.occurs:
        return say("in no run")
    low, middle, high = (_value(clock, row, value) for value in seen[:3])
    band = levels(low, middle, high)
    if seen.occurs == 1:
        return band
    return say("{band} in {share} of runs", band=band, share=Number(seen.occurs, ".0%"))


def _value(clock: Clock, row: ScoreRow, value: float) -> Text:
    return moment(clock, value * 3600) if row.unit == _MOMENT else decimal(value)


def _outside(rows: Iterable[ScoreRow], path: str) -> Text | Table:
    """Return which figures that count lie outside, and by how much."""
    misses = [
        row
        for row in rows
        if not row.inside
        and any(standing(row.figure, each) in _COUNTED for each in paths_of(path))
    ]
    if not misses:
        return say("All fit and check rows lie inside.")
    return Table(
        "Outside",
        say("Outside"),
        (
            Column(say("id"), whole=True),
            Column(say("what")),
            Column(say("runs")),
            Column(say("role")),
        ),
        (
            Group(
                None,
                tuple(
                    (
                        row.figure.id,
                        name_of_figure(row.figure),
                        _missed(row),
                        _role(row, path),
                    )
                    for row in misses
                ),
            ),
        ),
        forms=frozenset({"terminal"}),
    )


def _missed(row: ScoreRow) -> Text:
    """Return by how much the runs miss a figure."""
    if isnan(row.miss):
        return say("it happens in no run")
    if not row.miss:
        rare = Number(row.simulated.occurs, ".0%")
        return say("it happens in only {share} of the runs", share=rare)
    if row.unit == _MOMENT:
        by = duration(round(abs(row.miss) * 3600))
        return (
            say("{duration} later", duration=by)
            if row.miss > 0
            else say("{duration} earlier", duration=by)
        )
    fields: dict[str, Text] = {"number": decimal(abs(row.miss)), "unit": row.unit}
    if row.miss > 0:
        return say("{number} {unit} more", **fields)
    return say("{number} {unit} fewer", **fields)
