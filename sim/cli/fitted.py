"""What a calibration reached and what it did not, in 100 columns."""

from collections.abc import Iterator, Sequence
from math import isnan
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.cli.screen import show, table
from sim.cli.words import number
from sim.inference.calibration.goodness_of_fit import COUNTS
from sim.inference.calibration.posterior import Parameter
from sim.inference.calibration.posterior_predictive import PredictiveCheck
from sim.inference.calibration.relative_difference import EVERYWHERE, NEAREST, Score
from sim.inference.likelihood import Reference
from sim.inference.scores import fewest_inside
from sim.results.calibration import Calibration, in_words
from sim.results.manifest import BANDS
from sim.results.tables import unit_in_words

_BAND = "5 to 95 %"
_CLOSE_H = 6
_COVERS_TOO = (
    "The bare prior covers too: that figures are inside says little by itself, so look "
    "at the skill beside it."
)
_NO_VERDICT = (
    "A factor is how far a source lies from the runs, not how far it is wrong. No "
    "source is judged right: all could be off together and nothing would show."
)


_VERDICTS = {
    "learned from the record": "Learned from the record, before and after",
    "prior only": "Prior only: such figures fix less than a fifth of it",
}


class Goal(NamedTuple):
    """Something that a fit should reach.

    Attributes
    ----------
    words : what, with the numbers.
    reached : whether it does.
    """

    words: str
    reached: bool


def print_calibration(screen: Console, done: Calibration) -> None:
    """Print what was fitted, what it reaches, and what it misses."""
    fit = done.fit
    screen.print(Text(fit.ready.simulator.operation.operation, style="bold"))
    screen.print(f"{_headline(done)}\n")
    show(screen, "Each documented figure beside what the fit predicts", _figures(done))
    for says, title in _VERDICTS.items():
        rows = [row for row in done.parameters if row.verdict == says]
        if rows:
            show(screen, title, _parameters(rows))
    show(screen, "How far sources lie from the runs: a factor", _sources(done))
    screen.print(f"{_NO_VERDICT}\n")
    show(
        screen, "Scores: less is better but for skill and inside", _scores(done.scores)
    )
    for sentence in sentences(done):
        screen.print(sentence)


def sentences(done: Calibration) -> Iterator[str]:
    """Return what the fit reaches and misses, one sentence each."""
    yield from _misses(done)
    for goal in goals(done):
        yield f"{'Reached' if goal.reached else 'Not reached'}: {goal.words}."
    for figure, why in done.fit.ready.record.left_out.items():
        yield f"{figure} is left out: it {why}."


def goals(done: Calibration) -> Iterator[Goal]:
    """Return what the project asks of a fit, with what this one has."""
    found = {(row.name, row.of): row for row in done.scores}
    if (row := found.get(("ARD", EVERYWHERE))) is not None:
        yield Goal(
            f"ARD {row.fit:.2f} of the median run, at most 1.2 times the least that "
            f"sources which contradict each other allow ({row.floor:.2f})",
            row.fit <= 1.2 * row.floor,
        )
        near = found[NEAREST, EVERYWHERE]
        yield Goal(
            f"ARD {near.fit:.2f} of the nearest draw, which the record chooses, at "
            f"most 1.2 times the same (of as many of the bare prior: {near.prior:.2f})",
            near.fit <= 1.2 * near.floor,
        )
        beyond = ", which is below that least" if 0.4 * row.line < row.floor else ""
        yield Goal(
            f"ARD {row.fit:.2f} of the median run, at most 0.4 times that of the best "
            f"constant rate ({row.line:.2f}){beyond}",
            row.fit <= 0.4 * row.line,
        )
    inside = found["inside 90%", "figures"]
    yield Goal(
        f"{inside.fit:.0f} of {inside.figures} figures inside 90 %, at least nine "
        f"tenths (the bare prior: {inside.prior:.0f})",
        inside.fit >= 0.9 * inside.figures,
    )
    if (row := found.get(("CRPS skill over the prior", COUNTS))) is not None:
        yield Goal(
            f"CRPS skill over the prior {row.fit:.2f} on counts, at least 0.7 (whoever "
            f"knew the run and each bias exactly could expect {row.floor:.2f})",
            row.fit >= 0.7,
        )
    for name, hours in _late_by(done).items():
        side = "after" if hours > 0 else "before"
        yield Goal(
            f"last arrival {abs(hours):.1f} h {side} the documented one ({name}), at "
            f"most {_CLOSE_H} h",
            abs(hours) <= _CLOSE_H,
        )
    yield from _agreement(done)


def _late_by(done: Calibration) -> dict[str, float]:
    """Return by how many hours the last arrivals are later than documented."""
    return {
        entry.claim.name: row.middle - entry.claim.best
        for entry, row in zip(
            done.fit.ready.record.entries, done.predictions.after, strict=True
        )
        if entry.figure.metric == "last_arrival" and entry.claim.wording == "cell"
    }


def _agreement(done: Calibration) -> Iterator[Goal]:
    known = [row for row in done.parameters if not isnan(row.apart)]
    if not known:
        return
    for words, rows, most in (
        ("parameters that were learned", _learned(known), 0.25),
        ("all parameters", known, 0.5),
    ):
        if rows:
            worst = max(row.apart for row in rows)
            yield Goal(
                f"seeds at most {worst:.2f} standard deviations apart on {words}, "
                f"at most {most:g}",
                worst <= most,
            )


def _learned(rows: Sequence[Parameter]) -> list[Parameter]:
    return [row for row in rows if row.verdict != "prior only"]


def _misses(done: Calibration) -> Iterator[str]:
    missed = [
        f"{row.claim.name} ({row.claim.family})"
        for row in done.predictions.after
        if not row.inside
    ]
    count = len(done.predictions.after)
    fewest = fewest_inside(count, 0.9)
    yield (
        f"{count - len(missed)} of {count} figures lie inside their 90 % interval; by "
        f"chance it would be at least {fewest}. {_COVERS_TOO}"
    )
    if missed:
        yield f"Outside: {', '.join(missed)}."


def _headline(done: Calibration) -> str:
    fit = done.fit
    families = ", ".join(fit.wish.reference)
    said = (
        f"{families} taken at its word, by your choice."
        if fit.reference != Reference()
        else "All sources pooled, each with a bias of its own."
    )
    if fit.wish.method == "screen":
        how = f"A screen: {len(fit.points):,} draws from {fit.wish.pool:,} runs."
    else:
        runs = sum(row.runs for row in done.seeds)
        worth = sum(row.effective for row in done.seeds)
        how = (
            f"A fit: {len(fit.points):,} draws from {len(done.seeds)} seeds and "
            f"{runs:,} runs, worth at least {worth:,.0f} independent ones."
        )
    return f"{how} {said} {BANDS['calibrated']}"


def _figures(done: Calibration) -> Table:
    columns = ("reported", "median", _BAND, "PIT")
    rows = table("figure", "source", "what", *columns, "", right=columns)
    ready = done.fit.ready
    clock = ready.simulator.operation.clock

    def cell(row: PredictiveCheck, value: float) -> str:
        words = in_words(value, clock, moments=row.claim.scale == "hours")
        if isinstance(words, str):
            return f"{words[8:10]}. {words[11:16]}"
        return "" if words is None else number(max(0.0, float(words)))

    for entry, row in zip(ready.record.entries, done.predictions.after, strict=True):
        rows.add_row(
            row.claim.name,
            row.claim.family,
            entry.figure.metric.replace("_", " "),
            f"{cell(row, row.low)} to {cell(row, row.high)}",
            cell(row, row.middle),
            f"{cell(row, row.least)} to {cell(row, row.most)}",
            "" if isnan(row.pit) else f"{row.pit:.2f}",
            "" if row.inside else "outside",
        )
    return rows


def _parameters(parameters: Sequence[Parameter]) -> Table:
    columns = ("before", "after", "contraction", "seeds apart")
    rows = table("", *columns, right=columns)
    for row in parameters:
        unit = unit_in_words(row.name)
        rows.add_row(
            f"{row.name}{unit and f' [{unit}]'}",
            _range(row.prior),
            _range(row.fit),
            f"{row.contraction:.2f}",
            "" if isnan(row.apart) else f"{row.apart:.2f}",
        )
    return rows


def _sources(done: Calibration) -> Table:
    columns = ("figures", "median", _BAND)
    rows = table("family and unit", *columns, "", right=columns)
    for row in done.sources:
        least, middle, most = row.factor
        rows.add_row(
            row.name,
            str(row.figures),
            f"{middle:.2f}",
            f"{least:.2f} to {most:.2f}",
            "taken at its word" if row.pinned else "",
        )
    return rows


def _scores(scores: Sequence[Score]) -> Table:
    columns = ("figures", "fit", "bare prior", "constant rate", "open hours", "floor")
    rows = table("", "of", *columns, right=columns)
    for row in scores:
        rows.add_row(
            row.name,
            row.of,
            str(row.figures),
            *(
                "" if isnan(value) else f"{value:.2f}"
                for value in (
                    row.fit,
                    row.prior,
                    row.line,
                    row.open_hours,
                    row.floor,
                )
            ),
        )
    return rows


def _range(levels: Sequence[float]) -> str:
    least, _, most = (
        f"{level:,.0f}" if abs(level) >= 100 else f"{level:.3g}" for level in levels
    )
    return f"{least} to {most}"
