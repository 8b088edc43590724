"""A sweep of one field: each metric against it, with its interval and its band."""

from collections.abc import Sequence
from math import inf, isfinite

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.experiment.scales import LOCAL_TIME
from sim.experiment.sweep import Estimate, Sweep
from sim.plots import style
from sim.plots.style import Panel
from sim.plots.sweep_axes import (
    caption,
    field_label,
    place_of,
    reach_of,
    set_field,
    set_metric,
    title,
)
from sim.plots.texts import in_words, shortened
from sim.words import say

_ENDLESS = say("A band that ends at the edge has no end: often it did not come.")
_AIR = 0.06
"""Of the height of a panel, above and below what is drawn."""


@style.styled
def lines(sweep: Sweep, metrics: Sequence[str]) -> Figure:
    """Draw a panel for each metric.

    Parameters
    ----------
    sweep : of one field.
    metrics : full names, all of the same site.
    """
    (scale,) = sweep.scales
    foot = 0.57 if scale.unit == LOCAL_TIME else 0.45
    mean = in_words(say("mean, 95 %"))
    entries: list[Patch | Line2D] = [
        Line2D([], [], color=style.INK, marker="o", markersize=3.5, label=mean),
        Patch(color=style.BAND, label=in_words(say("5-95 % of the runs"))),
    ]
    figure, axes = style.page(
        [Panel(1.15, 0.32)] * len(metrics),
        left_in=1.0,
        foot_in=foot + style.legend_in(len(entries), 2),
    )
    endless = False
    for ax, metric in zip(axes, metrics, strict=True):
        endless |= _draw(ax, sweep, metric)
    for ax in axes[:-1]:
        ax.tick_params(axis="x", labelbottom=False)
    axes[-1].set_xlabel(shortened(field_label(sweep, scale), 110))
    caption(
        figure,
        sweep,
        metrics,
        say(
            "Mean with its 95 % interval, and where 5-95 % of the runs lie ({band}).",
            band=style.OVER[sweep.base.band],
        ),
    )
    style.legend(figure, entries, columns=2)
    if endless:
        style.note(figure, _ENDLESS)
    return figure


def _draw(ax: Axes, sweep: Sweep, metric: str) -> bool:
    """Draw one metric; return whether a band has no upper end."""
    (scale,) = sweep.scales
    points = sorted(
        (place_of(scale, point[scale.path]), found)
        for point, found in zip(sweep.points, sweep.estimates[metric], strict=True)
    )
    places = [place for place, _ in points]
    found = [estimate for _, estimate in points]
    low, high = _limits(found)
    ax.set_ylim(low, high)
    lows = [min(one.band.p5, high) for one in found]
    highs = [min(one.band.p95, high) for one in found]
    if scale.numbers and len(points) > 1:
        ax.fill_between(places, lows, highs, color=style.BAND, linewidth=0, gid="band")
    else:
        ax.vlines(places, lows, highs, color=style.BAND, linewidth=9, gid="band")
    ax.errorbar(
        places,
        [one.mean for one in found],
        yerr=np.transpose([reach_of(one) for one in found]),
        fmt="o-" if scale.numbers else "o",
        color=style.INK,
        markersize=3.5,
        capsize=2.5,
        linewidth=1,
        gid="mean",
    )
    ax.set_title(title(sweep, metric))
    set_field(ax, sweep, scale, 8)
    set_metric(ax, sweep, metric, 5)
    return any(one.band.p95 == inf for one in found)


def _limits(found: Sequence[Estimate]) -> tuple[float, float]:
    """Return what a panel holds: means with intervals, and bands as far as they end."""
    ends = [
        value
        for one in found
        for value in (
            one.mean - reach_of(one)[0],
            one.mean + reach_of(one)[1],
            one.band.p5,
            one.band.p95,
        )
        if isfinite(value)
    ]
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    air = (high - low) * _AIR or abs(high) * _AIR or 1.0
    return low - air, high + air
