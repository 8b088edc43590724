"""What a calibration reached and what it did not, in 100 columns."""

from collections.abc import Iterator, Sequence
from math import isnan

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.cli.screen import show, table
from sim.cli.words import number
from sim.inference.calibration.goodness_of_fit import COUNTS, INSIDE, SKILL, goals
from sim.inference.calibration.posterior import Parameter
from sim.inference.calibration.posterior_predictive import PredictiveCheck
from sim.inference.calibration.relative_difference import EVERYWHERE, NEAREST, Score
from sim.inference.likelihood import Reference
from sim.inference.scores import Goal, GoalKind, fewest_inside
from sim.results.calibration import Calibration, in_words
from sim.results.manifest import BANDS
from sim.results.tables import unit_in_words

_BAND = "5 to 95 %"
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
    for goal in goals(done.fit, done.scores, done.predictions, done.parameters):
        reached = "Reached" if goal.reached else "Not reached"
        yield f"{reached}: {_in_words(goal, done)}."
    for figure, why in done.fit.ready.record.left_out.items():
        yield f"{figure} is left out: it {why}."


def _in_words(goal: Goal, done: Calibration) -> str:
    """Return what is asked of a fit, with what this one has."""
    found = {(row.name, row.of): row for row in done.scores}
    if goal.kind is GoalKind.FIGURES_INSIDE:
        row = found[INSIDE, "figures"]
        return (
            f"{row.fit:.0f} of {row.figures} figures inside 90 %, at least nine "
            f"tenths (the bare prior: {row.prior:.0f})"
        )
    if goal.kind is GoalKind.SKILL:
        return (
            f"CRPS skill over the prior {goal.value:.2f} on counts, at least 0.7 "
            "(whoever knew the run and each bias exactly could expect "
            f"{found[SKILL, COUNTS].floor:.2f})"
        )
    if goal.kind is GoalKind.LAST_ARRIVAL:
        side = "after" if goal.value > 0 else "before"
        return (
            f"last arrival {abs(goal.value):.1f} h {side} the documented one "
            f"({goal.of}), at most {goal.most:g} h"
        )
    if goal.kind is GoalKind.SEEDS_AGREE:
        learned = goal.of == "learned"
        which = "parameters that were learned" if learned else "all parameters"
        return (
            f"seeds at most {goal.value:.2f} standard deviations apart on {which}, "
            f"at most {goal.most:g}"
        )
    return _ard_in_words(goal, found["ARD", EVERYWHERE], found[NEAREST, EVERYWHERE])


def _ard_in_words(goal: Goal, row: Score, nearest: Score) -> str:
    if goal.kind is GoalKind.MEDIAN_NEAR_FLOOR:
        return (
            f"ARD {goal.value:.2f} of the median run, at most 1.2 times the least that "
            f"sources which contradict each other allow ({row.floor:.2f})"
        )
    if goal.kind is GoalKind.NEAREST_NEAR_FLOOR:
        return (
            f"ARD {goal.value:.2f} of the nearest draw, which the record chooses, at "
            "most 1.2 times the same (of as many of the bare prior: "
            f"{nearest.prior:.2f})"
        )
    beyond = ", which is below that least" if goal.most < row.floor else ""
    return (
        f"ARD {goal.value:.2f} of the median run, at most 0.4 times that of the best "
        f"constant rate ({row.line:.2f}){beyond}"
    )


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
    families = ", ".join(fit.task.reference)
    said = (
        f"{families} taken at its word, by your choice."
        if fit.reference != Reference()
        else "All sources pooled, each with a bias of its own."
    )
    if fit.options.method == "screen":
        how = f"A screen: {len(fit.points):,} draws from {fit.options.pool:,} runs."
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
