"""A sweep of two fields whose values all meet: a map of each metric, with numbers."""

from collections.abc import Sequence
from math import isfinite, nan
from typing import NamedTuple, Self

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.experiment.scales import Scale
from sim.experiment.sweep import Estimate, Sweep
from sim.plots import style
from sim.plots.style import Panel
from sim.plots.sweep_axes import (
    caption,
    field_label,
    is_time,
    level_name,
    titled,
    value_label,
)
from sim.plots.texts import in_words, shortened, stacked
from sim.plots.timeaxis import axis_label
from sim.words import Number, Text, joined, say
from sim.words.metrics import full_unit

_LEFT_IN, _BELOW_IN, _HEAD_IN, _LINE_IN = 0.25, 0.31, 0.3, 0.135
_LETTER_IN, _SMALL_LETTER_IN = 0.082, 0.072
"""Of the name of a field, and of a value."""
_OF_A_VALUE, _VALUE_LINES, _BESIDE_LINES = 14, 2, 4
_COLOURS = "cividis"
_EMPTY = "#FFFFFF"


@style.styled
def heat(sweep: Sweep, metrics: Sequence[str], across: Scale, up: Scale) -> Figure:
    """Draw a map for each metric.

    Parameters
    ----------
    sweep : of two fields; every value of one with every value of the other.
    metrics : full names, all of the same site.
    across, up : its fields, in the directions in which they are drawn.
    """
    height = len(up.levels) * (0.1 + _lines(sweep, metrics) * _LINE_IN)
    columns, names = 2, _Ticks.of(sweep, across, up, height, 2)
    if len(metrics) == 1 or not _fits(sweep, metrics, across, names.left_in):
        columns, names = 1, _Ticks.of(sweep, across, up, height, 1)
    rows = -(-len(metrics) // columns)
    below = _BELOW_IN + names.lines * _LINE_IN
    figure, axes = style.page(
        [Panel(height, _HEAD_IN), *[Panel(height, _HEAD_IN + below)] * (rows - 1)],
        left_in=names.left_in,
        foot_in=below,
        columns=columns,
    )
    for ax, metric in zip(axes, metrics, strict=False):
        _draw(ax, sweep, metric, across, up)
        names.write(ax)
    for ax in axes[len(metrics) :]:
        ax.remove()
    shown: Text = say(
        "Mean of the runs ({band}); the brighter, the more or the later.",
        band=style.OVER[sweep.base.band],
    )
    if any(is_time(sweep, metric) for metric in metrics):
        times = say("Times: {zone}.", zone=axis_label(sweep.operation))
        shown = joined([shown, times])
    caption(figure, sweep, metrics, shown)
    if any(metric in sweep.extremes for metric in metrics):
        style.note(figure, say("Framed: the best mean."))
    return figure


class _Ticks(NamedTuple):
    """What is written at the axes of each map, in the room that there is.

    Attributes
    ----------
    across, up : of the values.
    below, beside : of the fields.
    left_in : what those on the left take [inches].
    """

    across: Sequence[str]
    up: Sequence[str]
    below: str
    beside: str
    left_in: float

    @classmethod
    def of(
        cls, sweep: Sweep, across: Scale, up: Scale, height_in: float, columns: int
    ) -> Self:
        """Return the names of two fields and their values, broken to fit."""
        ups = [
            stacked(level_name(sweep, up, text), _OF_A_VALUE, _VALUE_LINES)
            for text in up.levels
        ]
        # A map of few rows is lower than a long name is wide.
        beside = stacked(
            field_label(sweep, up), max(8, int(height_in / _LETTER_IN)), _BESIDE_LINES
        )
        longest = max(len(line) for name in ups for line in name.split("\n"))
        lines = beside.count("\n") + 1
        left_in = _LEFT_IN + longest * _SMALL_LETTER_IN + lines * _LINE_IN
        room_in = (style.WIDTH_IN / columns - left_in) / len(across.levels)
        letters = max(5, int(room_in / _SMALL_LETTER_IN))
        acrosses = [
            stacked(level_name(sweep, across, text), letters, _VALUE_LINES)
            for text in across.levels
        ]
        below = shortened(field_label(sweep, across), 100 // columns)
        return cls(acrosses, ups, below, beside, left_in)

    @property
    def lines(self) -> int:
        """Lines that the values below a map take."""
        return max(name.count("\n") + 1 for name in self.across)

    def write(self, ax: Axes) -> None:
        """Write them at the axes of a map."""
        for axis, names in ((ax.xaxis, self.across), (ax.yaxis, self.up)):
            axis.set_ticks(range(len(names)), labels=[*names])
            axis.set_tick_params(length=0)
        ax.set_xlabel(self.below)
        ax.set_ylabel(self.beside)


def _fits(sweep: Sweep, metrics: Sequence[str], across: Scale, left_in: float) -> bool:
    """Return whether two maps have room beside each other."""
    room_in = style.WIDTH_IN / 2 - left_in - 0.1
    values = (
        line
        for metric in metrics
        for found in sweep.estimates[metric]
        for line in _text(sweep, metric, found).split("\n")
    )
    titles = (titled(metric, _unit(sweep, metric)) for metric in metrics)
    return (
        max(map(len, titles)) * _LETTER_IN <= room_in
        and max(map(len, values)) * _SMALL_LETTER_IN * len(across.levels) <= room_in
    )


def _lines(sweep: Sweep, metrics: Sequence[str]) -> int:
    """Return the most lines of text in a field of the maps."""
    return max(
        _text(sweep, metric, found).count("\n") + 1
        for metric in metrics
        for found in sweep.estimates[metric]
    )


def _text(sweep: Sweep, metric: str, found: Estimate) -> str:
    mean = value_label(sweep, metric, found.mean)
    if found.always or not found.runs:
        return mean
    share = Number(found.came / found.runs, ".0%")
    return f"{mean}\n{in_words(say('in {share}', share=share))}"


def _draw(ax: Axes, sweep: Sweep, metric: str, across: Scale, up: Scale) -> None:
    means = np.full((len(up.levels), len(across.levels)), nan)
    for number, point in enumerate(sweep.points):
        place = up.levels.index(point[up.path]), across.levels.index(point[across.path])
        means[place] = sweep.estimates[metric][number].mean
    colours = mpl.colormaps[_COLOURS].with_extremes(bad=_EMPTY)
    mesh = ax.pcolormesh(
        np.arange(len(across.levels) + 1) - 0.5,
        np.arange(len(up.levels) + 1) - 0.5,
        np.ma.masked_invalid(means),
        cmap=colours,
        edgecolor="white",
        linewidth=0.5,
        gid=metric,
    )
    best = sweep.extremes.get(metric)
    for number, point in enumerate(sweep.points):
        x, y = across.levels.index(point[across.path]), up.levels.index(point[up.path])
        found = sweep.estimates[metric][number]
        ink = (
            _ink(mesh.to_rgba(np.array([found.mean]))[0])
            if isfinite(found.mean)
            else style.INK
        )
        text = _text(sweep, metric, found)
        ax.text(x, y, text, ha="center", va="center", color=ink, size=style.SMALL_PT)
        if best and number in best.best:
            frame = Rectangle((x - 0.46, y - 0.46), 0.92, 0.92, fill=False, color=ink)
            ax.add_patch(frame)
    ax.set_title(titled(metric, _unit(sweep, metric)))


def _unit(sweep: Sweep, metric: str) -> Text:
    """Return the unit of a map; which local time it is stands above all of them."""
    return say("local time") if is_time(sweep, metric) else full_unit(metric)


def _ink(colour: Sequence[float]) -> str:
    """Return the colour in which text can be read on another one."""
    red, green, blue, _ = colour
    return style.INK if 0.3 * red + 0.6 * green + 0.1 * blue > 0.45 else "#FFFFFF"
