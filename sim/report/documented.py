"""Documented figures beside the runs: inside or outside, and by how much."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from math import isfinite, isinf, isnan

from sim.evidence.figures import Figure
from sim.evidence.paths import Standing, paths_of, series, standing
from sim.evidence.score import ScoreRow, decimals, score, tallies
from sim.experiment import Study
from sim.metrics.registry import HOURS
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.report.contents import Column, Group, Part, Section, Table, table
from sim.scenario import Clock, Operation
from sim.scenario.titles import of_site
from sim.words import (
    Marked,
    Moment,
    Number,
    Text,
    decimal,
    duration,
    joined,
    levels,
    moment,
    say,
)
from sim.words.evidence import counted

NO_VERDICT = say(
    "Inside: the band of the runs and what is documented overlap, and a run has such a "
    "value. No source is judged right; sources that contradict each other cannot all "
    "be inside."
)
_BY_PATH = say(
    "A path follows one family of sources where several tell a story of their own. "
    "Under '{used}' stand figures that a calibration may use, under '{kept}' those "
    "that are only compared.",
    used=say("fit"),
    kept=say("check"),
)
Along = Mapping[str, tuple[str, ...]]
"""Paths along which each figure is fitted, by its id."""
_MOST_DIGITS = 6
_COUNTED: tuple[Standing, ...] = ("fit", "check")
_ROLES = {
    "fit": say("fit"),
    "check": say("check"),
    "context": say("context"),
    "other path": say("other path"),
}


def rows_of(study: Study, path: str = "") -> tuple[ScoreRow, ...]:
    """Return each documented figure beside the runs, along one path; empty for all."""
    to_seconds = study.operation.clock.seconds
    return score(study.figures, study.readings_of, path, study.band, to_seconds)


def counts_inside(study: Study, path: str) -> Iterator[Text]:
    """Return, for each path, how many documented figures are inside."""
    for each in paths_of(study.figures, path):
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
        inside = joined(counts, ", ") if counts else say("none to compare")
        if each:
            yield say(
                "Documented figures inside, {path} path: {counts}.",
                path=each,
                counts=inside,
            )
        else:
            yield say("Documented figures inside: {counts}.", counts=inside)
    yield NO_VERDICT


def inside_by_path(study: Study, path: str) -> Iterator[Part]:
    """Return the same as a table, if there are several paths."""
    paths = paths_of(study.figures, path)
    if len(paths) == 1:
        yield from counts_inside(study, path)
        return
    yield table(
        say("Inside"),
        say("Documented figures inside their bounds, by path"),
        (
            Column(say("path"), whole=True),
            *(Column(_ROLES[role], number=True) for role in _COUNTED),
        ),
        ((each, *_inside(study, each)) for each in paths),
    )
    yield _BY_PATH
    yield NO_VERDICT


def _inside(study: Study, path: str) -> Iterator[Text]:
    """Return how many rows of each kind are inside on one path; None of no rows."""
    found = tallies(rows_of(study, path))
    for role in _COUNTED:
        tally = found.get(role)
        yield tally and say(
            "{some} of {all}", some=Number(tally.inside), all=Number(tally.all)
        )


def documented(study: Study, path: str, *, everything: bool) -> Section:
    """Return a table of what is documented beside the runs, and what lies outside.

    Parameters
    ----------
    study : what was run.
    path : family of sources whose counts of people count as fitted, or `all`.
    everything : whether to show figures that are context only.
    """
    paths = paths_of(study.figures, path)
    along = fit_along(study.figures, paths)
    rows = rows_of(study, paths[0])
    counted = {
        row.figure.id
        for each in paths
        for row in rows_of(study, each)
        if row.standing in _COUNTED
    }
    return Section(
        "documented",
        say("Documented figures beside the runs"),
        (
            _table(study.operation, _shown(rows, everything), along),
            _outside([row for row in rows if row.figure.id in counted], along),
        ),
    )


def fit_along(
    figures: Sequence[Figure], paths: Sequence[str]
) -> Mapping[str, tuple[str, ...]]:
    """Return along which of some paths each figure is fitted, by its id."""
    rivals = series(figures)
    return {
        figure.id: tuple(
            each for each in paths if standing(figure, each, rivals) == "fit"
        )
        for figure in figures
    }


def window(figure: Figure) -> str:
    """Return when a figure is about, in local time, for programs."""
    since, begin, end = (
        at and at.isoformat(timespec="minutes")
        for at in (figure.since, figure.from_, figure.to)
    )
    parts = [f"since {since}"] if since else []
    if begin:
        parts.append(begin if end in {None, begin} else f"{begin} to {end}")
    return "; ".join(parts)


def when(figure: Figure) -> Text:
    """Return when a figure is about, in local time."""
    told: list[Text] = []
    if figure.since is not None:
        told.append(say("since {since}", since=Moment(figure.since)))
    if figure.from_ is not None:
        begin = Moment(figure.from_)
        if figure.to in {None, figure.from_}:
            told.append(begin)
        else:
            end = Moment(figure.to)
            told.append(say("{begin} to {end}", begin=begin, end=end))
    return joined(told, "; ")


def source_of(figure: Figure) -> Text:
    """Return who says something, and where."""
    return joined([figure.attributed_to, figure.source, figure.locator], ", ")


def _shown(rows: Iterable[ScoreRow], everything: bool) -> list[ScoreRow]:
    kept = [row for row in rows if everything or row.figure.role != "context"]
    return sorted(kept, key=lambda row: (row.figure.origin, row.figure.family))


def _table(operation: Operation, rows: Sequence[ScoreRow], along: Along) -> Table:
    groups = tuple(
        Group(
            say(
                "{site}, said by {family}",
                site=of_site(operation, origin),
                family=family,
            ),
            tuple(_cells(operation.clock, row, along) for row in own),
        )
        for (origin, family), own in groupby(
            rows, key=lambda row: (row.figure.origin, row.figure.family)
        )
    )
    return Table(
        say("Score"),
        say("Each documented figure, and what the runs say about it"),
        (
            Column(say("id"), whole=True),
            Column(say("what")),
            Column(say("when")),
            Column(say("documented"), bounds=True),
            Column(say("runs: median (5 % to 95 %)")),
            Column(None),
            Column(say("role")),
            Column(say("source"), aside=True),
        ),
        groups,
        say("who says so"),
    )


def _cells(clock: Clock, row: ScoreRow, along: Along) -> tuple[Text, ...]:
    figure = row.figure
    inside = Marked(say("inside"), "good")
    return (
        figure.id,
        joined([counted(figure.metric), figure.select]),
        when(figure),
        _said(clock, row),
        _simulated(clock, row),
        inside if row.inside else Marked(say("OUTSIDE"), "bad"),
        _role(row, along),
        source_of(figure),
    )


def _role(row: ScoreRow, along: Along) -> Text:
    """Return what a figure is to a fit; along which path, if several are shown."""
    paths, shown = along[row.figure.id], {each for of in along.values() for each in of}
    if len(shown) < 2:
        return _ROLES[row.standing]
    if row.figure.role == "fit" and len(paths) < len(shown):
        return say("fit, {path} path", path=joined(paths, ", "))
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
    return (
        moment(clock, value * SECONDS_PER_HOUR)
        if row.unit == HOURS
        else _number(row, value)
    )


def _number(row: ScoreRow, value: float) -> Text:
    """Return a number with as many decimals as its source gives and a miss needs."""
    written = map(decimals, filter(isfinite, row.documented))
    digits = min(max(written, default=0), _MOST_DIGITS)
    miss = abs(row.miss)
    while miss > 0 and not round(miss, digits) and digits < _MOST_DIGITS:
        digits += 1
    return decimal(value, digits)


def _outside(rows: Iterable[ScoreRow], along: Along) -> Text | Table:
    """Return which figures lie outside, and by how much."""
    misses = [row for row in rows if not row.inside]
    if not misses:
        return say("All fit and check rows lie inside.")
    return Table(
        say("Outside"),
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
                        counted(row.figure.metric),
                        _missed(row),
                        _role(row, along),
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
    if row.between:
        return say("no run has it; the nearest has {miss}", miss=_by(row))
    return _by(row)


def _by(row: ScoreRow) -> Text:
    """Return a miss with its direction."""
    if row.unit == HOURS:
        by = duration(round(abs(row.miss) * SECONDS_PER_HOUR))
        return (
            say("{duration} later", duration=by)
            if row.miss > 0
            else say("{duration} earlier", duration=by)
        )
    fields: dict[str, Text] = {
        "number": _number(row, abs(row.miss)),
        "unit": row.unit,
    }
    if row.miss > 0:
        return say("{number} {unit} more", **fields)
    return say("{number} {unit} fewer", **fields)
