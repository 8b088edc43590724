"""How far a calibration can be trusted, in 135 columns."""

from collections.abc import Iterator, Sequence
from math import isfinite, isnan

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.cli.screen import show, table
from sim.cli.words import number
from sim.inference.baselines import OPEN_HOURS
from sim.inference.scores import Goal, GoalKind
from sim.inference.validation.held_out import (
    FORECASTERS,
    HeldOut,
    HeldOutFigure,
    HeldOutScore,
)
from sim.inference.validation.prior_predictive import PriorPredictive
from sim.inference.validation.reference_sensitivity import UnderReference
from sim.inference.validation.simulation_based_calibration import CONFIDENCE
from sim.inference.validation.validation import (
    Validation,
    coverage_by_group,
    goals,
    scores_by_group,
)
from sim.results.calibration import in_words
from sim.results.tables import unit_in_words
from sim.scenario import Clock

_PRIOR_ONLY = "prior only"
_UNSEEN = (GoalKind.UNSEEN_INSIDE, GoalKind.UNSEEN_BELOW_RATE)
_HINDSIGHT = (
    "The scenario is told afterwards: when gates were closed is known to every fit, "
    "to the one without the last days too. `forecast` forgets that. Figures of one "
    "family share what is wrong with them, so what is expected by chance is a guide."
)
_NO_VERDICT = (
    "No verdict: the figures cannot say which source is right. The evidence also "
    "weighs how much bias a choice leaves to sources; all could be off together. With "
    "a star: prior only. What is not shown was not learned; the files hold everything."
)


def print_validation(screen: Console, done: Validation) -> None:
    """Print what was tried, what came out, and what the project asks for."""
    wish = done.calibrator.options
    screen.print(
        Text(done.calibrator.ready.simulator.operation.operation, style="bold")
    )
    how = "Screens" if wish.method == "screen" else "Tempered fits"
    screen.print(f"{how} of {wish.settings.particles:,} draws, {wish.pool:,} runs.\n")
    for title, held in (
        ("Figures foretold without their family", _of_families(done)),
        *(
            (f"Figures foretold by a fit {held.name}", [held])
            for held in _last_days(done)
        ),
    ):
        if held:
            show(screen, title, _rows(held, _clock(done)))
    show(screen, "Inside 90 %, and how wide it is in counts of people", _inside(done))
    show(
        screen,
        "The left-out counts of people, by who foretells them: less is better",
        _scores(scores_by_group(done)),
    )
    screen.print(f"{_HINDSIGHT}\n")
    show(screen, "What each reference leads to: median, 5 to 95 %", _references(done))
    screen.print(f"{_NO_VERDICT}\n")
    show(screen, "Made-up records: how often the truth was held", _coverage(done))
    for sentence in sentences(done):
        screen.print(sentence)


def sentences(done: Validation) -> Iterator[str]:
    """Return what was reached and what was not, one sentence each."""
    asked = list(goals(done))
    unseen = [goal for goal in asked if goal.kind in _UNSEEN]
    for goal in unseen:
        yield from _said(goal, done)
    if done.prior_predictive is not None:
        yield _by_chance(done.prior_predictive)
    for goal in asked[len(unseen) :]:
        yield from _said(goal, done)


def _said(goal: Goal, done: Validation) -> Iterator[str]:
    """Return whether a goal was reached, and what else there is to say of it."""
    coverage = done.coverage
    more: list[str] = []
    match goal.kind:
        case GoalKind.UNSEEN_INSIDE:
            (row,) = (row for row in coverage_by_group(done) if row.of == goal.of)
            words = (
                f"without {row.of}, {row.inside} of {row.figures} unseen figures "
                f"inside 90 %, at least {row.fewest}"
            )
            if row.misses:
                more = [f"Missed without {row.of}: {', '.join(row.misses)}."]
        case GoalKind.UNSEEN_BELOW_RATE:
            words = (
                f"ARD of unseen counts {goal.value:.2f}, below that of an open-hours "
                f"rate ({goal.most:.2f})"
            )
        case GoalKind.INTERVALS_COVER:
            words = (
                f"on {coverage.sets} made-up records the {goal.of} intervals hold the "
                f"truth in {goal.value:.1%} of cases, between {goal.least:.0%} and "
                f"{goal.most:.0%}"
            )
        case GoalKind.RANKS_IN_BAND:
            words = (
                f"ranks of all {len(coverage.targets)} targets within their "
                f"{CONFIDENCE:.0%} band"
            )
            if names := [row.name for row in coverage.outside]:
                more = [f"Leaving the band: {', '.join(names)}."]
        case _:
            words = (
                f"means of what was learned {goal.value:.2f} standard deviations from "
                f"those of the tempered fit in the file, at most {goal.most:g}"
            )
            more = list(_too_far(done))
    yield f"{'Reached' if goal.reached else 'Not reached'}: {words}."
    yield from more


def _by_chance(luck: PriorPredictive) -> str:
    """Return what to make of it that a fit is further off than a simple rate."""
    far = luck.times(OPEN_HOURS)
    return (
        f"Of {len(luck.made_up):,} records made up on runs, about which the model is "
        f"right, a fit is further off than an open-hours rate in "
        f"{luck.share(OPEN_HOURS, 1.0):.0%} for families left out; {far:.2f} times as "
        f"far or more, as here, in {luck.share(OPEN_HOURS, far):.0%}."
    )


def _too_far(done: Validation) -> Iterator[str]:
    quick = done.calibrator.options.method == "screen"
    advice = "trust that one" if quick else "one of them needs more particles or moves"
    for row in done.distances:
        if row.too_far:
            yield (
                f"{row.name}: {row.apart:+.2f} standard deviations from the tempered "
                f"fit in the file; {advice}."
            )


def _clock(done: Validation) -> Clock:
    return done.calibrator.ready.simulator.operation.clock


def _of_families(done: Validation) -> list[HeldOut]:
    return [held for held in done.held_out if not held.last_days]


def _last_days(done: Validation) -> list[HeldOut]:
    return [held for held in done.held_out if held.last_days]


def _rows(several: Sequence[HeldOut], clock: Clock) -> Table:
    columns = ("reported", "median", "5 to 95 %", "bare prior", "PIT")
    rows = table(
        "figure", "source", *columns, "", right=columns, whole=("figure", "source", "")
    )
    for row in (row for held in several for row in held.rows):
        after, before = row.after, row.before
        rows.add_row(
            after.claim.name,
            after.claim.family,
            _range(row, clock, after.low, after.high),
            _cell(row, clock, after.middle),
            _range(row, clock, after.least, after.most),
            _range(row, clock, before.least, before.most),
            "" if isnan(after.pit) else f"{after.pit:.2f}",
            "" if after.inside else "outside",
        )
    return rows


def _range(row: HeldOutFigure, clock: Clock, low: float, high: float) -> str:
    return f"{_cell(row, clock, low)} to {_cell(row, clock, high)}"


def _cell(row: HeldOutFigure, clock: Clock, value: float) -> str:
    words = in_words(value, clock, moments=row.after.claim.scale == "hours")
    if isinstance(words, str):
        return f"{words[8:10]}. {words[11:16]}"
    return "" if words is None else number(max(0.0, float(words)))


def _inside(done: Validation) -> Table:
    columns = ("figures", "inside", "at least", "mean width", "bare prior")
    rows = table("left out", *columns, right=columns)
    for row in coverage_by_group(done):
        rows.add_row(
            row.of,
            *map(str, (row.figures, row.inside, row.fewest)),
            *(
                "" if isnan(each) else number(each)
                for each in (row.width, row.prior_width)
            ),
        )
    return rows


def _scores(scores: Sequence[HeldOutScore]) -> Table:
    columns = ("figures", *FORECASTERS)
    rows = table("", "left out", *columns, right=columns)
    for row in scores:
        values = (f"{row.scores[by]:.2f}" for by in FORECASTERS)
        rows.add_row(row.name, row.of, str(row.figures), *values)
    return rows


def _references(done: Validation) -> Table:
    """Return totals and learned parameters; the others are in the file."""
    names = [row.reference for row in done.evidence]
    rows = table("", *names, right=names)
    found: dict[str, dict[str, UnderReference]] = {}
    for row in done.under:
        found.setdefault(row.target, {})[row.reference] = row
    for target, by_name in found.items():
        if _worth_showing(list(by_name.values())):
            cells = [_levels(by_name[name], _clock(done)) for name in names]
            unit = unit_in_words(target) if by_name[names[0]].says else ""
            rows.add_row(f"{target}{unit and f' [{unit}]'}", *cells)
    rows.add_row(
        "logarithm of the evidence, and how many runs it rests on",
        *(f"{row.log_evidence:.1f}\n{row.worth:,.0f}" for row in done.evidence),
    )
    return rows


def _worth_showing(rows: Sequence[UnderReference]) -> bool:
    """Whether anything was learned, or ever comes."""
    learned = any(row.says != _PRIOR_ONLY for row in rows)
    return learned and any(isfinite(row.levels[0]) for row in rows)


def _levels(row: UnderReference, clock: Clock) -> str:
    least, middle, most = (_level(row, clock, level) for level in row.levels)
    return f"{middle}{'*' * (row.says == _PRIOR_ONLY)}\n{least} to\n{most}"


def _level(row: UnderReference, clock: Clock, level: float) -> str:
    if not isfinite(level):
        return "not at all"
    if row.unit == "h":
        return f"{clock.local(round(level * 3600)):%d. %H:%M}"
    return f"{level:,.0f}" if abs(level) >= 100 else f"{level:.3g}"


def _coverage(done: Validation) -> Table:
    """Return totals and whatever leaves the band; the others are in the file."""
    columns = ("50 %", "90 %")
    rows = table("", *columns, "", right=columns)
    for row in done.coverage.targets:
        if row.derived or not row.within:
            half, most = row.covered
            outside = "" if row.within else "leaves the band"
            rows.add_row(row.name, f"{half:.1%}", f"{most:.1%}", outside)
    half, most = done.coverage.means
    count = len(done.coverage.targets)
    rows.add_row(f"mean of all {count}", f"{half:.1%}", f"{most:.1%}", "")
    return rows
