"""Documented figures, a row each, with what a fit and the bare prior predict."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.inference.calibration.posterior_predictive import PredictiveCheck
from sim.plots import style
from sim.plots.style import Panel
from sim.plots.texts import apart, in_words
from sim.words import Text, say

FIT, PRIOR = style.COOL[0], "#C9C9C9"
_SAID = "#E69F00"
_ROW_IN, _LEFT_IN, _FOOT_IN = 0.17, 3.3, 0.45


def rows_of(
    names: Sequence[str], *, entries: int, row_in: float = _ROW_IN
) -> tuple[Figure, Axes]:
    """Return a picture with a row for each name.

    Parameters
    ----------
    names : beside the rows.
    entries : of the legend.
    row_in : height of a row [inches].
    """
    figure, (ax,) = style.page(
        [Panel(row_in * len(names) + 0.1, 0.1)],
        left_in=_LEFT_IN,
        foot_in=_FOOT_IN + style.legend_in(entries, entries),
    )
    ax.set_yticks(range(len(names)), labels=[apart(name) for name in names])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.grid(visible=True, axis="x")
    return figure, ax


def span(
    ax: Axes,
    place: float,
    levels: Sequence[float],
    colour: str,
    *,
    width: float = 1.4,
    hollow: bool = False,
) -> None:
    """Draw a median and between what most draws lie."""
    least, middle, most = levels
    ax.plot([least, most], [place, place], color=colour, linewidth=width)
    inside = "white" if hollow else colour
    ax.plot([middle], [place], "o", color=colour, markersize=4, mfc=inside)


def predictions_of(
    names: Sequence[str],
    checks: Sequence[tuple[PredictiveCheck, PredictiveCheck]],
    fit: Text,
    reach: float,
) -> tuple[Figure, Axes]:
    """Return a picture of what was reported, and what a fit and the prior predict.

    Parameters
    ----------
    names : of the figures.
    checks : of the fit and of the prior, for each.
    fit : what it is called.
    reach : standard deviations on each side of what was reported that are shown.
    """
    figure, ax = rows_of(names, entries=3)
    for place, (row, bare) in enumerate(checks):
        span(ax, place - 0.22, _levels(bare, reach), PRIOR, width=2.5)
        ends = [_distance(row, end, reach) for end in (row.low, row.high)]
        ax.plot(ends, [place, place], color=_SAID, linewidth=7, alpha=0.7)
        span(ax, place + 0.12, _levels(row, reach), FIT, hollow=not row.inside)
        if not row.inside:
            outside = f"{in_words(say('outside'))} "
            ax.text(reach, place, outside, ha="right", va="center", size=7)
    ax.set_xlim(-reach, reach)
    ax.axvline(0, color=style.FAINT, linewidth=0.6)
    around = say("Standard deviations of a report around a run, from what was said")
    ax.set_xlabel(in_words(around))
    said, prior = in_words(say("documented")), in_words(say("bare prior"))
    entries = [
        Line2D([], [], color=_SAID, linewidth=6, alpha=0.7, label=said),
        Line2D([], [], color=FIT, marker="o", markersize=4, label=in_words(fit)),
        Line2D([], [], color=PRIOR, linewidth=2.5, label=prior),
    ]
    style.legend(figure, entries, columns=len(entries))
    return figure, ax


def _levels(row: PredictiveCheck, reach: float) -> list[float]:
    return [_distance(row, value, reach) for value in (row.least, row.middle, row.most)]


def _distance(row: PredictiveCheck, value: float, reach: float) -> float:
    """Return how far a value lies from what was said, in standard deviations."""
    there, here = row.claim.scaled([value, row.claim.best]).tolist()
    return float(np.clip((there - here) / row.claim.spread, -2 * reach, 2 * reach))
