"""What variants change: the mean difference from the base, with its interval."""

from collections.abc import Sequence
from math import isnan

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.experiment import Comparison
from sim.experiment.compare import Row, better
from sim.metrics.registry import unit_of
from sim.plots import style
from sim.plots.fonts import drawable
from sim.plots.style import Panel
from sim.plots.texts import folded, in_words, line_spacing, numeral, shortened
from sim.words import say, say_many
from sim.words.metrics import full_unit, is_moment, of_key, short_unit, with_side

_MOST_METRICS = 18
_ROW_IN, _HEAD_IN, _LEFT_IN, _FOOT_IN = 0.16, 0.22, 2.35, 0.3
_MARKERS = ("o", "s", "D", "v", "P", "X")
_LEFT_OUT = say(
    "What changed in no run, or in too few to tell by how much, is not drawn."
)
_PALE = say("pale: may be chance alone (p over 0.05)")
_FADED, _AIR = 0.35, 0.08


@style.styled
def differences(comparison: Comparison) -> Figure | None:
    """Draw an axis for each metric that changed; None if none has an interval."""
    found: dict[str, list[Row]] = {}
    for row in comparison.rows:
        if row.changed:
            found.setdefault(row.metric, []).append(row)
    metrics = [metric for metric in comparison.metrics if metric in found]
    shown = metrics[:_MOST_METRICS]
    if not shown:
        return None
    entries = [_entry(comparison, n) for n in range(len(comparison.variants))]
    if not all(row.significant for metric in shown for row in found[metric]):
        entries.append(_pale_entry())
    height = _ROW_IN * len(comparison.variants) + 0.1
    figure, axes = style.page(
        [Panel(height, _HEAD_IN)] * len(shown),
        left_in=_LEFT_IN,
        foot_in=_FOOT_IN + style.legend_in(len(entries), 1),
    )
    for ax, metric in zip(axes, shown, strict=True):
        _draw(ax, comparison, metric, found[metric])
        alike = [
            row
            for other in shown
            if unit_of(other) == unit_of(metric)
            for row in found[other]
        ]
        ax.set_xlim(_limits(alike))
    base = comparison.base.study
    style.head(
        figure,
        base,
        say("What variants change against the base"),
        say(
            "Mean difference between runs of the same luck, 95 % interval (each by "
            "itself); {band}. One scale for each unit.",
            band=style.OVER[base.band],
        ),
    )
    style.legend(figure, entries, columns=1)
    more = len(metrics) - len(shown)
    left_out = say_many(
        "{count} more metric not drawn.", "{count} more metrics not drawn.", more
    )
    style.note(figure, left_out if more else _LEFT_OUT)
    return figure


def _draw(ax: Axes, comparison: Comparison, metric: str, rows: list[Row]) -> None:
    ax.axvline(0, color=style.FAINT, linewidth=0.8)
    for row in rows:
        found, (colour, marker) = row.paired, _look(row.variant)
        ax.errorbar(
            [found.difference],
            [row.variant],
            xerr=_reach(row),
            fmt=marker,
            color=colour,
            markersize=4,
            capsize=2.5,
            linewidth=1.2,
            alpha=1 if row.significant else _FADED,
            markerfacecolor=colour if row.significant else "white",
            gid=f"{metric}-{row.variant}",
        )
    ax.set_ylim(len(comparison.variants) - 0.4, -0.6)
    middle = (len(comparison.variants) - 1) / 2
    ax.set_yticks(
        [middle], labels=[_title(comparison, metric)], linespacing=line_spacing(1.05)
    )
    ax.tick_params(axis="y", length=0)
    ax.tick_params(axis="x", pad=1.5, length=2)
    ax.grid(visible=True, axis="x")
    ax.locator_params(axis="x", nbins=7)
    ax.xaxis.set_major_formatter(lambda value, _: _number(value))


def _reach(row: Row) -> list[list[float]]:
    """Return how far an interval reaches below and above its mean difference."""
    found = row.paired
    if isnan(found.low):
        return [[0.0], [0.0]]
    return [[found.difference - found.low], [found.high - found.difference]]


def _limits(rows: Sequence[Row]) -> tuple[float, float]:
    """Return between what all changes of one unit lie, and no change at all."""
    changes = [row.paired for row in rows]
    ends = [end for each in changes for end in (each.difference, each.low, each.high)]
    known = [0.0, *(end for end in ends if not isnan(end))]
    low, high = min(known), max(known)
    air = (high - low) * _AIR or 1.0
    return low - air, high + air


def _title(comparison: Comparison, metric: str) -> str:
    key = metric.partition("/")[2]
    whose = of_key(comparison.base.study.operation, key)
    place = drawable(whose, key) if isinstance(whose, str) else in_words(whose)
    unit = short_unit(metric) if is_moment(metric) else full_unit(metric)
    what = in_words(with_side(metric, unit, better(metric)))
    return f"{folded(what, 44)}\n{folded(place, 34, lines=1)}"


def _look(variant: int) -> tuple[str, str]:
    return (
        style.COOL[variant % len(style.COOL)],
        _MARKERS[variant % len(_MARKERS)],
    )


def _entry(comparison: Comparison, variant: int) -> Line2D:
    colour, marker = _look(variant)
    name, study = comparison.variants[variant]
    told = say("{operation} ({name})", operation=study.operation.operation, name=name)
    words = shortened(in_words(told), 140)
    return Line2D([], [], color=colour, marker=marker, markersize=4, label=words)


def _pale_entry() -> Line2D:
    return Line2D(
        *([], []),
        color=style.FAINT,
        marker="o",
        markersize=4,
        markerfacecolor="white",
        alpha=_FADED,
        label=in_words(_PALE),
    )


def _number(value: float) -> str:
    """Return a change with its sign, and as many figures as it has."""
    return numeral(0, ".0f") if abs(value) < 1e-12 else numeral(value, "+,.12g")
