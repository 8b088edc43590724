"""When stoppages lasted, gates were closed, and agreements were in which state."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.events import Kind, RunLog
from sim.experiment import Study
from sim.figures import spells, style, titles
from sim.figures.spells import Spell
from sim.figures.style import Panel, folded, shortened
from sim.figures.timeaxis import axis_in, set_times
from sim.scenario import Operation

_MOST_ROWS = 24
_ROW_IN, _LEFT_IN = 0.27, 2.25
_COLUMNS = 6
_LEAST_ROOM = 16
_LETTER = 0.0102
"""Width of a letter of 7 points, as a fraction of the axes."""

_STATES: Mapping[Kind, tuple[str, str, str]] = MappingProxyType(
    {
        Kind.PROPOSED: ("proposed", "#DDDDDD", ""),
        Kind.IN_FORCE: ("in force", "#9ED0EC", ""),
        Kind.MOVING: ("moving", "#009E73", ""),
        Kind.HELD: ("held", "#E69F00", ""),
        Kind.SUSPENDED: ("suspended", "#F2B8A0", "////"),
        Kind.BREACHED: ("breached", "#8C1D18", ""),
        Kind.RENEGOTIATED: ("new terms", "#7A5FA8", ""),
        Kind.COMPLETED: ("completed", "#555555", ""),
        Kind.LAPSED: ("lapsed", "#F5F5F5", "xxxx"),
    }
)
"""Word, colour and hatch of each state of an agreement."""
_DARK = frozenset({Kind.MOVING, Kind.BREACHED, Kind.COMPLETED, Kind.RENEGOTIATED})


class Row(NamedTuple):
    """One line of the picture.

    Attributes
    ----------
    label : on the left.
    remark : beside the bars.
    """

    label: str
    spells: tuple[Spell, ...]
    remark: str


@style.styled
def gates(study: Study, log: RunLog) -> Figure | None:
    """Draw what closed, and what agreements were; None if there is neither."""
    operation = study.operation
    parts = [
        ("Stoppages", _stoppages(operation, log)),
        ("Closed gates and checkpoints", _closures(operation, log)),
        ("Agreements", _agreements(operation, log)),
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
        "Stoppages, closed gates and agreements",
        style.typical_words(study),
    )
    if states:
        style.legend(figure, [_patch(state) for state in states], columns=_COLUMNS)
    more = sum(max(0, len(rows) - _MOST_ROWS) for _, rows in parts)
    style.note(figure, f"{more} more rows not drawn." if more else "")
    return figure


def _stoppages(operation: Operation, log: RunLog) -> list[Row]:
    rows = []
    for name, found in _by_name(spells.stoppages(log)).items():
        plan = operation.stoppages.get(name)
        rows.append(Row(name, found, f"{_lasted(found)}: {plan.cause if plan else ''}"))
    return rows


def _closures(operation: Operation, log: RunLog) -> list[Row]:
    return [
        Row(titles.of_place(operation, name), found, _lasted(found))
        for name, found in _by_name(spells.closures(log)).items()
    ]


def _agreements(operation: Operation, log: RunLog) -> list[Row]:
    found = _by_name(spells.agreement_states(log, operation.agreements))
    return [
        Row(titles.of_agreement(operation, name), states, "")
        for name, states in found.items()
    ]


def _by_name(found: Sequence[Spell]) -> dict[str, tuple[Spell, ...]]:
    rows: dict[str, tuple[Spell, ...]] = {}
    for spell in found:
        rows[spell.name] = (*rows.get(spell.name, ()), spell)
    return rows


def _lasted(found: Sequence[Spell]) -> str:
    """Return how long spells lasted in all."""
    hours = sum(spell.until_s - spell.since_s for spell in found) / 3600
    times = f", {len(found)} times" if len(found) > 1 else ""
    return f"{hours:.3g} h{times}" if hours < 10 else f"{hours:.0f} h{times}"


def _set_rows(ax: Axes, rows: Sequence[Row], title: str, horizon_s: int) -> None:
    ax.set_ylim(len(rows) - 0.5, -0.5)
    labels = [_label(row, horizon_s) for row in rows]
    ax.set_yticks(range(len(rows)), labels=labels, linespacing=1.0)
    ax.tick_params(axis="y", length=0)
    ax.annotate(
        title,
        (0, 1),
        xytext=(-(_LEFT_IN - 0.1) * 72, 5),
        xycoords="axes fraction",
        textcoords="offset points",
        weight="bold",
        size=style.TEXT_PT + 0.5,
    )


def _draw_row(ax: Axes, place: int, row: Row) -> None:
    kinds = dict.fromkeys(spell.what for spell in row.spells)
    for kind in kinds:
        same = [spell for spell in row.spells if spell.what is kind]
        _, colour, hatch = _look(kind)
        lasting = [spell for spell in same if spell.until_s > spell.since_s]
        ax.broken_barh(
            [(spell.since_s, spell.until_s - spell.since_s) for spell in lasting],
            (place - 0.34, 0.68),
            facecolor=colour,
            hatch=hatch,
            edgecolor=style.FAINT if hatch else "none",
            linewidth=0,
            gid=f"{kind}-{row.label}",
        )
        if kind is Kind.RENEGOTIATED:
            ax.plot(
                [spell.since_s for spell in same],
                [place] * len(same),
                "D",
                color=colour,
                markeredgecolor="white",
                markersize=6,
                zorder=3,
            )
        for spell in lasting if kind in _STATES else ():
            _write_state(ax, place, spell)
    if row.remark:
        _write_remark(ax, place, row)


def _look(kind: Kind) -> tuple[str, str, str]:
    if kind is Kind.STOPPAGE_BEGAN:
        return "", style.CAUSES["stoppage"][0], ""
    return _STATES.get(kind, ("", style.CLOSED, ""))


def _write_state(ax: Axes, place: int, spell: Spell) -> None:
    """Write a state into its bar, if it is wide enough."""
    words = _STATES[spell.what][0]
    width = (spell.until_s - spell.since_s) / ax.get_xlim()[1]
    if width > _LETTER * (len(words) + 1):
        ax.text(
            (spell.since_s + spell.until_s) / 2,
            place,
            words,
            size=7,
            ha="center",
            va="center_baseline",
            color="white" if spell.what in _DARK else style.INK,
        )


def _beside(row: Row, horizon_s: float) -> tuple[float, int, bool]:
    """Return where the larger room beside the bars begins, and how many letters fit.

    The last of the three says whether it is on their right.
    """
    first = min(spell.since_s for spell in row.spells)
    last = max(spell.until_s for spell in row.spells)
    right = horizon_s - last >= first
    room = max(horizon_s - last, first) / horizon_s
    return last if right else first, int(room / _LETTER) - 1, right


def _label(row: Row, horizon_s: float) -> str:
    """Return the name of a row, with its remark if there is no room beside the bars."""
    _, room, _ = _beside(row, horizon_s)
    if row.remark and room < _LEAST_ROOM:
        return f"{shortened(row.label, 32)}\n{shortened(row.remark, 36)}"
    return folded(row.label, 32)


def _write_remark(ax: Axes, place: int, row: Row) -> None:
    """Write beside the bars, on the side with more room, if there is enough."""
    at, room, right = _beside(row, ax.get_xlim()[1])
    if room < _LEAST_ROOM:
        return
    ax.annotate(
        folded(row.remark, room),
        (at, place),
        xytext=(4 if right else -4, 0),
        textcoords="offset points",
        ha="left" if right else "right",
        va="center",
        size=7,
        linespacing=1.05,
        color=style.INK,
    )


def _states_of(parts: Sequence[tuple[str, Sequence[Row]]]) -> list[Kind]:
    found = {spell.what for _, rows in parts for row in rows for spell in row.spells}
    return [state for state in spells.STATES if state in found]


def _patch(state: Kind) -> Patch:
    words, colour, hatch = _STATES[state]
    return Patch(
        facecolor=colour, hatch=hatch, edgecolor=style.FAINT, lw=0.4, label=words
    )
