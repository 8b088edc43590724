"""A sweep of several fields: each metric against each of them, all points in each."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiment.scales import Scale
from sim.experiment.sweep import Sweep
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
from sim.plots.texts import folded, runs_left
from sim.words import say


@style.styled
def panels(sweep: Sweep, metrics: Sequence[str], scales: Sequence[Scale]) -> Figure:
    """Draw a row of panels for each metric, with one for each field.

    Parameters
    ----------
    sweep : of any number of fields.
    metrics : full names, all of the same site.
    scales : of the fields to draw.
    """
    columns = len(scales)
    figure, axes = style.page(
        [Panel(1.15, 0.5)] * len(metrics), left_in=0.95, foot_in=0.62, columns=columns
    )
    for row, metric in enumerate(metrics):
        own = axes[row * columns : (row + 1) * columns]
        for ax, scale in zip(own, scales, strict=True):
            _draw(ax, sweep, metric, scale)
        first = own[-1] if runs_left() else own[0]
        first.set_title(title(sweep, metric), x=1 if runs_left() else 0)
    for ax, scale in zip(axes[-columns:], scales, strict=True):
        label = folded(field_label(sweep, scale), 114 // columns)
        ax.set_xlabel(label)
    caption(
        figure,
        sweep,
        metrics,
        say(
            "Mean of the runs at each point with its 95 % interval ({band}); the other "
            "fields vary too.",
            band=style.OVER[sweep.base.band],
        ),
    )
    return figure


def _draw(ax: Axes, sweep: Sweep, metric: str, scale: Scale) -> None:
    found = sweep.estimates[metric]
    ax.errorbar(
        [place_of(scale, point[scale.path]) for point in sweep.points],
        [one.mean for one in found],
        yerr=np.transpose([reach_of(one) for one in found]),
        fmt="o",
        color=style.COOL[0],
        ecolor=style.BAND,
        markersize=3,
        elinewidth=1,
        gid=f"{metric}-{scale.path}",
    )
    ax.margins(y=0.08)
    set_field(ax, sweep, scale, 5)
    set_metric(ax, sweep, metric, 5)
