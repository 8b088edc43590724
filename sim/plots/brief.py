"""The one curve of a brief: people arrived by when, with its band, small and plain."""

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.experiment.rows import Numbers
from sim.plots import style
from sim.plots.fonts import drawable
from sim.plots.texts import in_words, runs_left, thousands
from sim.plots.timeaxis import axis_in, set_times
from sim.scenario import Operation
from sim.words import say

_WIDTH_IN, _HEIGHT_IN, _LEFT_IN, _TOP_IN = 7.2, 1.45, 0.75, 0.12
_RIGHT_IN, _RIGHT_FOR_LONG_MONTHS_IN = 0.25, 0.5
"""Half of a date, which may stand at the very end of the axis."""
_FOOT_IN = 0.2
_COLUMNS = 3


@style.styled
def curve(
    operation: Operation,
    names: Sequence[tuple[str, str]],
    times_s: Numbers,
    levels: Sequence[Numbers],
    moment_s: int | None = None,
) -> Figure:
    """Draw people arrived by each moment, a line and a band for each name.

    Parameters
    ----------
    operation : for its clock.
    names : of the lines, of sites or scenarios: what readers call each, and its key,
        which stands there if there are no letters for that.
    times_s : moments [s after the start].
    levels : of each line 5 %, median and 95 %, shape (3, moments).
    moment_s : up to which it is known, in a forecast.
    """
    band = say("5 % to 95 %")
    entries: list[Line2D | Patch] = []
    foot = axis_in(operation) + style.legend_in(2 * len(names), _COLUMNS) + _FOOT_IN
    height = _TOP_IN + _HEIGHT_IN + foot
    figure = Figure(figsize=(_WIDTH_IN, height))
    free = _RIGHT_FOR_LONG_MONTHS_IN if runs_left() else _RIGHT_IN
    across = (_WIDTH_IN - _LEFT_IN - free) / _WIDTH_IN
    ax = figure.add_axes(
        (_LEFT_IN / _WIDTH_IN, foot / height, across, _HEIGHT_IN / height)
    )
    for number, (name, of_line) in enumerate(zip(names, levels, strict=True)):
        colour = style.SIDES[number % len(style.SIDES)]
        dash = style.DASHES[number % len(style.DASHES)]
        low, middle, high = of_line
        ax.fill_between(times_s, low, high, color=colour, alpha=0.22, linewidth=0)
        ax.plot(times_s, middle, color=colour, linewidth=1.6, linestyle=dash)
        entries += [
            Line2D([], [], color=colour, linestyle=dash, label=drawable(*name)),
            Patch(color=colour, alpha=0.22, label=in_words(band)),
        ]
    if moment_s is not None:
        ax.axvline(moment_s, color=style.TURNED, linewidth=1.0)
    set_times(ax, operation, labels=True)
    ax.set_ylim(bottom=0)
    ax.set_ylabel(in_words(say("people arrived")))
    ax.yaxis.set_major_formatter(lambda value, _: thousands(value))
    ax.locator_params(axis="y", nbins=4, integer=True)
    made = figure.legend(
        handles=entries,
        loc="lower center",
        bbox_to_anchor=(0.5, _FOOT_IN / height),
        ncols=max(2, len(names)),
        borderaxespad=0.2,
        handlelength=2.2,
        markerfirst=not runs_left(),
    )
    style.in_order(made)
    figure.text(
        *(0.5, 0.04 / height, in_words(style.NO_RECORD)),
        ha="center",
        size=style.SMALL_PT,
        color=style.FAINT,
    )
    return figure
