"""Documented figures beside the runs, in a table for reading."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from math import isnan

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.cli.screen import show, table
from sim.cli.summary import headline, paths_of, score_sentences
from sim.cli.words import decimal, duration, moment
from sim.evidence.score import PATHS, ScoreRow, score, standing
from sim.experiment import Study
from sim.results.tables import window
from sim.scenario import Clock, Operation
from sim.scenario.titles import of_site

_MOMENT = "h after start"
_COUNTED = ("fit", "check")
_WORDS = {True: Text("inside", style="blue"), False: Text("OUTSIDE", style="bold red")}


def print_comparison(
    screen: Console, study: Study, path: str, *, everything: bool
) -> None:
    """Print a table for each site and family, totals, and what lies outside.

    Parameters
    ----------
    screen : where to.
    study : what was run.
    path : series that counts as fitted: `ICRC`, `UN` or `all`.
    everything : whether to show figures that are context only.
    """
    clock = study.operation.clock
    first = paths_of(path)[0]
    rows = score(study.figures, study.readings_of, first, study.band, clock.seconds)
    screen.print(f"{headline(study)}\n")
    for title, own in _grouped(study.operation, _shown(rows, everything)):
        show(screen, title, _table(clock, own, path))
    _print_misses(screen, rows, path)
    for sentence in score_sentences(study, path):
        screen.print(sentence)


def _shown(rows: Iterable[ScoreRow], everything: bool) -> list[ScoreRow]:
    kept = [row for row in rows if everything or row.figure.role != "context"]
    return sorted(kept, key=lambda row: (row.figure.origin, row.figure.family))


def _grouped(
    operation: Operation, rows: Sequence[ScoreRow]
) -> Iterable[tuple[str, list[ScoreRow]]]:
    for (origin, family), own in groupby(
        rows, key=lambda row: (row.figure.origin, row.figure.family)
    ):
        yield f"{of_site(operation, origin)}, said by {family}", list(own)


def _table(clock: Clock, rows: Sequence[ScoreRow], path: str) -> Table:
    values = ("documented", "runs: median (5 % to 95 %)")
    shown = table("id", "what", "when", *values, "", "role")
    for row in rows:
        figure = row.figure
        select = f" {figure.select}" if figure.select else ""
        shown.add_row(
            figure.id,
            f"{figure.metric}{select}",
            window(figure).replace("T", " "),
            _documented(clock, row),
            _simulated(clock, row),
            _WORDS[row.inside],
            _role(row, path),
        )
    return shown


def _role(row: ScoreRow, path: str) -> str:
    """Return what a figure is to a fit; along which path, if both are shown."""
    if path != "all":
        return row.standing
    along = [each for each in PATHS if standing(row.figure, each) == "fit"]
    if row.figure.role == "fit" and len(along) < len(PATHS):
        return f"fit, {along[0]} path"
    return row.figure.role


def _documented(clock: Clock, row: ScoreRow) -> str:
    """Return the value with its bounds, as the source supports them."""
    low, best, high = row.documented
    if low == float("-inf"):
        return f"at most {_value(clock, row, high)}"
    if high == float("inf"):
        return f"at least {_value(clock, row, low)}"
    interval = f"{_value(clock, row, low)} to {_value(clock, row, high)}"
    if isnan(best):
        return interval
    middle = _value(clock, row, best)
    return middle if low == best == high else f"{middle} ({interval})"


def _simulated(clock: Clock, row: ScoreRow) -> str:
    seen = row.simulated
    if not seen.occurs:
        return "in no run"
    low, middle, high = (_value(clock, row, value) for value in seen[:3])
    band = middle if low == high else f"{middle} ({low} to {high})"
    return band if seen.occurs == 1 else f"{band} in {seen.occurs:.0%} of runs"


def _value(clock: Clock, row: ScoreRow, value: float) -> str:
    return moment(clock, value * 3600) if row.unit == _MOMENT else decimal(value)


def _print_misses(screen: Console, rows: Iterable[ScoreRow], path: str) -> None:
    """Print which figures that count lie outside, and by how much."""
    misses = [
        row
        for row in rows
        if not row.inside
        and any(standing(row.figure, p) in _COUNTED for p in paths_of(path))
    ]
    if not misses:
        screen.print("All fit and check rows lie inside.\n")
        return
    shown = table("id", "what", "runs", "role")
    for row in misses:
        cells = (row.figure.id, row.figure.metric, _missed(row), _role(row, path))
        shown.add_row(*cells)
    show(screen, "Outside", shown)


def _missed(row: ScoreRow) -> str:
    if isnan(row.miss):
        return "it happens in no run"
    if not row.miss:
        return f"it happens in only {row.simulated.occurs:.0%} of the runs"
    if row.unit == _MOMENT:
        side = "later" if row.miss > 0 else "earlier"
        return f"{duration(round(abs(row.miss) * 3600))} {side}"
    return f"{decimal(abs(row.miss))} {row.unit} {'more' if row.miss > 0 else 'fewer'}"
