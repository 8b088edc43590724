"""When stoppages lasted, gates were closed, and agreements were in which state."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.events import Kind, RunLog
from sim.experiment import Study
from sim.metrics.periods import Period, agreement_states, closures, stoppages
from sim.plots import style, titles
from sim.plots.style import Panel
from sim.plots.texts import folded, in_words, line_spacing, shortened
from sim.plots.timeaxis import axis_in, set_times
from sim.scenario import Operation
from sim.scenario.moments import Hanging, write
from sim.words import Number, Sentence, Text, duration, joined, say, say_many
from sim.words.reasons import STATES

_MOST_ROWS = 24
_ROW_IN, _LEFT_IN = 0.27, 2.25
_COLUMNS = 6
_LEAST_ROOM = 16
_LETTER = 0.0102
"""Width of a letter of 7 points, as a fraction of the axes."""

_LOOKS: Mapping[Kind, tuple[str, str]] = MappingProxyType(
    {
        Kind.STOPPAGE_BEGAN: (style.CAUSES["stoppage"][0], ""),
        Kind.CLOSED: (style.CLOSED, ""),
        Kind.PROPOSED: ("#DDDDDD", ""),
        Kind.IN_FORCE: ("#9ED0EC", ""),
        Kind.SUSPENDED: ("#F2B8A0", "////"),
        Kind.BREACHED: ("#8C1D18", ""),
        Kind.RENEGOTIATED: ("#7A5FA8", ""),
        Kind.COMPLETED: ("#555555", ""),
        Kind.REOPENED: ("#9ED0EC", "...."),
        Kind.LAPSED: ("#F5F5F5", "xxxx"),
    }
)
"""Colour and hatch of what lasts."""
_DARK = frozenset({Kind.BREACHED, Kind.COMPLETED, Kind.RENEGOTIATED})


class Strip(NamedTuple):
    """One line of the picture.

    Attributes
    ----------
    label : on the left.
    remark : beside the bars.
    """

    label: str
    periods: tuple[Period, ...]
    remark: Text


@style.styled
def gates(study: Study, log: RunLog) -> Figure | None:
    """Draw what closed, and what agreements were; None if there is neither."""
    operation = study.operation
    parts = [
        (say("Stoppages"), _stoppages(operation, log)),
        (say("Closed gates, checkpoints and roads"), _closures(operation, log)),
        (say("Agreements"), _agreements(operation, log)),
    ]
    shown = [(title, rows[:_MOST_ROWS]) for title, rows in parts if rows]
    if not shown:
        return None
    states = _states_of(shown)
    figure, axes = style.page(
        [Panel(_ROW_IN * len(rows), 0.33) for _, rows in shown],
        left_in=_LEFT_IN,
        foot_in=axis_in(operation) + style.legend_in(len(states), _COLUMNS),
    )
    for ax, (title, rows) in zip(axes, shown, strict=True):
        _set_rows(ax, rows, title, operation.horizon_s)
        set_times(ax, operation, labels=ax is axes[-1])
        for place, row in enumerate(rows):
            _draw_row(ax, place, row)
    style.head(
        figure,
        study,
        say("Stoppages, what was closed, and agreements"),
        style.typical_words(study),
    )
    if states:
        style.legend(figure, [_patch(state) for state in states], columns=_COLUMNS)
    more = sum(max(0, len(rows) - _MOST_ROWS) for _, rows in parts)
    if more:
        left_out = say_many(
            "{count} more row not drawn.", "{count} more rows not drawn.", more
        )
        style.note(figure, left_out)
    return figure


def _stoppages(operation: Operation, log: RunLog) -> list[Strip]:
    rows = []
    for name, found in _by_name(stoppages(log)).items():
        plan = operation.stoppages.get(name)
        moments = (
            ((say("begins"), plan.starts), (say("ends"), plan.until)) if plan else ()
        )
        hung = _hung(operation, moments)
        remark: Text = _lasted(found)
        if told := [
            each for each in (plan and plan.title and plan.cause, hung) if each
        ]:
            cause = joined(told, "; ")
            remark = say("{lasted}: {cause}", lasted=remark, cause=cause)
        rows.append(Strip(titles.of_stoppage(operation, name), found, remark))
    return rows


def _hung(
    operation: Operation, moments: Iterable[tuple[Text, int | Hanging | None]]
) -> Text:
    """Return on what moments hung that are no dates, None if none did."""
    hung = [
        joined([what, str(write(moment, operation.clock))])
        for what, moment in moments
        if isinstance(moment, Hanging)
    ]
    return joined(hung, "; ") if hung else None


def _closures(operation: Operation, log: RunLog) -> list[Strip]:
    return [
        Strip(titles.of_place(operation, name), found, _lasted(found))
        for name, found in _by_name(closures(log)).items()
    ]


def _agreements(operation: Operation, log: RunLog) -> list[Strip]:
    found = _by_name(agreement_states(log, operation.agreements))
    rows = []
    for name, states in found.items():
        plan = operation.agreements[name]
        hung = _hung(
            operation,
            (
                (say("proposed"), plan.proposed),
                (say("in force"), plan.in_force),
                *(
                    (say("terms {number}", number=Number(number)), when)
                    for number, when in enumerate(plan.amendments, 2)
                ),
            ),
        )
        rows.append(Strip(titles.of_agreement(operation, name), states, hung))
    return rows


def _by_name(found: Sequence[Period]) -> dict[str, tuple[Period, ...]]:
    rows: dict[str, tuple[Period, ...]] = {}
    for period in found:
        rows[period.name] = (*rows.get(period.name, ()), period)
    return rows


def _lasted(found: Sequence[Period]) -> Sentence:
    """Return how long periods lasted in all."""
    lasted = sum(period.until_s - period.since_s for period in found)
    return say_many(
        "{lasted}", "{lasted}, {count} times", len(found), lasted=duration(lasted)
    )


def _set_rows(ax: Axes, rows: Sequence[Strip], title: Text, horizon_s: int) -> None:
    ax.set_ylim(len(rows) - 0.5, -0.5)
    labels = [_label(row, horizon_s) for row in rows]
    ax.set_yticks(range(len(rows)), labels=labels, linespacing=line_spacing(1.0))
    ax.tick_params(axis="y", length=0)
    style.above(ax, in_words(title), 5, _LEFT_IN - 0.1)


def _draw_row(ax: Axes, place: int, row: Strip) -> None:
    kinds = dict.fromkeys(period.what for period in row.periods)
    for kind in kinds:
        same = [period for period in row.periods if period.what is kind]
        colour, hatch = _LOOKS[kind]
        lasting = [period for period in same if period.until_s > period.since_s]
        ax.broken_barh(
            [(period.since_s, period.until_s - period.since_s) for period in lasting],
            (place - 0.34, 0.68),
            facecolor=colour,
            hatch=hatch,
            edgecolor=style.FAINT if hatch else "none",
            linewidth=0,
            gid=f"{kind}-{row.label}",
        )
        if kind is Kind.RENEGOTIATED:
            ax.plot(
                [period.since_s for period in same],
                [place] * len(same),
                "D",
                color=colour,
                markeredgecolor="white",
                markersize=6,
                zorder=3,
            )
        for period in lasting if kind in STATES else ():
            _write_state(ax, place, period)
    if row.remark is not None:
        _write_remark(ax, place, row)


def _write_state(ax: Axes, place: int, period: Period) -> None:
    """Write a state into its bar, if it is wide enough."""
    words = in_words(STATES[period.what])
    width = (period.until_s - period.since_s) / ax.get_xlim()[1]
    if width > _LETTER * (len(words) + 1):
        ax.text(
            (period.since_s + period.until_s) / 2,
            place,
            words,
            size=7,
            ha="center",
            va="center_baseline",
            color="white" if period.what in _DARK else style.INK,
        )


def _beside(row: Strip, horizon_s: float) -> tuple[float, int, bool]:
    """Return where the larger room beside the bars begins, and how many letters fit.

    The last of the three says whether it is on their right.
    """
    first = min(period.since_s for period in row.periods)
    last = max(period.until_s for period in row.periods)
    right = horizon_s - last >= first
    room = max(horizon_s - last, first) / horizon_s
    return last if right else first, int(room / _LETTER) - 1, right


def _label(row: Strip, horizon_s: float) -> str:
    """Return the name of a row, with its remark if there is no room beside the bars."""
    _, room, _ = _beside(row, horizon_s)
    if row.remark is not None and room < _LEAST_ROOM:
        return f"{shortened(row.label, 32)}\n{shortened(in_words(row.remark), 36)}"
    return folded(row.label, 32)


def _write_remark(ax: Axes, place: int, row: Strip) -> None:
    """Write beside the bars, on the side with more room, if there is enough."""
    at, room, right = _beside(row, ax.get_xlim()[1])
    if room < _LEAST_ROOM:
        return
    ax.annotate(
        folded(in_words(row.remark), room),
        (at, place),
        xytext=(4 if right else -4, 0),
        textcoords="offset points",
        ha="left" if right else "right",
        va="center",
        size=7,
        linespacing=line_spacing(1.05),
        color=style.INK,
    )


def _states_of(parts: Sequence[tuple[Text, Sequence[Strip]]]) -> list[Kind]:
    found = {period.what for _, rows in parts for row in rows for period in row.periods}
    return [state for state in STATES if state in found]


def _patch(state: Kind) -> Patch:
    colour, hatch = _LOOKS[state]
    edge, words = style.FAINT, in_words(STATES[state])
    return Patch(facecolor=colour, hatch=hatch, edgecolor=edge, lw=0.4, label=words)
