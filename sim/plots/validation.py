"""Pictures of a validation: figures not seen, and ranks on made-up records."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.inference.calibration.posterior_predictive import PredictiveCheck
from sim.inference.validation.held_out import HeldOut
from sim.inference.validation.simulation_based_calibration import (
    CONFIDENCE,
    Coverage,
    ecdf,
)
from sim.plots import style
from sim.plots.style import Panel
from sim.words import Text

_FIT, _PRIOR, _SAID = style.COOL[0], "#C9C9C9", "#E69F00"
_ROW_IN, _LEFT_IN, _FOOT_IN = 0.17, 3.3, 0.45
_REACH = 8.0
"""Standard deviations on each side of what was reported that a picture shows."""
_MOST_NAMED = 5


@style.styled
def left_out_of(several: Sequence[HeldOut], operation: str, foot: Text) -> Figure:
    """Draw each figure that a fit has not seen, and what it predicts for it.

    Parameters
    ----------
    several : figures left out of one fit each.
    operation, foot : what is drawn, and what it rests on.
    """
    rows = [(held, row) for held in several for row in held.rows]
    figure, (ax,) = style.page(
        [Panel(_ROW_IN * len(rows) + 0.1, 0.1)],
        left_in=_LEFT_IN,
        foot_in=_FOOT_IN + style.legend_in(3, 3),
    )
    names = [f"{row.after.claim.name}  {held.name}" for held, row in rows]
    labels = [style.apart(style.shortened(name, 58)) for name in names]
    ax.set_yticks(range(len(rows)), labels=labels)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.grid(visible=True, axis="x")
    for place, (_, row) in enumerate(rows):
        _span(ax, place - 0.22, row.before, _PRIOR, width=2.5)
        ends = [_distance(row.after, end) for end in (row.after.low, row.after.high)]
        ax.plot(ends, [place, place], color=_SAID, linewidth=7, alpha=0.7)
        _span(ax, place + 0.12, row.after, _FIT, hollow=not row.after.inside)
        if not row.after.inside:
            ax.text(_REACH, place, "outside ", ha="right", va="center", size=7)
    for place in range(1, len(rows)):
        if rows[place][0] is not rows[place - 1][0]:
            ax.axhline(place - 0.5, color=style.PALE, linewidth=0.8)
    ax.set_xlim(-_REACH, _REACH)
    ax.axvline(0, color=style.FAINT, linewidth=0.6)
    ax.set_xlabel("Standard deviations of a report around a run, from what was said")
    entries = [
        Line2D([], [], color=_SAID, linewidth=6, alpha=0.7, label="documented"),
        Line2D([], [], color=_FIT, marker="o", markersize=4, label="fit without it"),
        Line2D([], [], color=_PRIOR, linewidth=2.5, label="bare prior"),
    ]
    style.legend(figure, entries, columns=len(entries))
    style.captions(
        figure,
        "Figures that the fit has not seen, and what it predicts for them",
        (
            operation,
            "5-95 % (calibrated). Hollow: outside. When gates were closed is known to "
            "every fit.",
        ),
        style.in_words(foot),
    )
    return figure


@style.styled
def coverage_of(found: Coverage, operation: str, foot: Text) -> Figure:
    """Draw how far the ranks of each target are from even, within their band."""
    named = found.outside[:_MOST_NAMED]
    entries: list[Patch | Line2D] = [
        Patch(color=style.BAND, label=f"{CONFIDENCE:.0%} band of all together"),
        Line2D([], [], color=style.FAINT, linewidth=0.7, label="within the band"),
    ]
    figure, (ax,) = style.page(
        [Panel(3.2, 0.1)],
        foot_in=_FOOT_IN + style.legend_in(len(entries) + len(named), 1),
    )
    places = found.band.places
    low, high = found.band.low - places, found.band.high - places
    ax.fill_between(places, low, high, color=style.BAND, linewidth=0, step="mid")
    for row in found.targets:
        gaps = ecdf(row.shares, places) - places
        if row not in named:
            ax.plot(places, gaps, color=style.FAINT, linewidth=0.5, alpha=0.7)
            continue
        number = named.index(row)
        (line,) = ax.plot(
            places,
            gaps,
            color=style.COOL[number % len(style.COOL)],
            linestyle=style.DASHES[number % len(style.DASHES)],
            linewidth=1.6,
            label=style.shortened(f"leaves it: {row.name}", 100),
        )
        entries.append(line)
    ax.axhline(0, color=style.FAINT, linewidth=0.6)
    ax.set_xlim(0, 1)
    ax.grid(visible=True)
    ax.set_xlabel("Place of the truth among the draws")
    ax.set_ylabel("Share of truths up to there, less what is even")
    style.legend(figure, entries, columns=1)
    half, most = found.means
    style.captions(
        figure,
        "Whether the screen is as sure as it may be: made-up records, known truth",
        (
            operation,
            f"{len(found.targets)} targets. The 50 % intervals held the truth in "
            f"{half:.1%} of cases, the 90 % intervals in {most:.1%}.",
        ),
        style.in_words(foot),
    )
    return figure


def _span(
    ax: Axes,
    place: float,
    row: PredictiveCheck,
    colour: str,
    *,
    width: float = 1.4,
    hollow: bool = False,
) -> None:
    least, middle, most = (
        _distance(row, value) for value in (row.least, row.middle, row.most)
    )
    ax.plot([least, most], [place, place], color=colour, linewidth=width)
    inside = "white" if hollow else colour
    ax.plot([middle], [place], "o", color=colour, markersize=4, mfc=inside)


def _distance(row: PredictiveCheck, value: float) -> float:
    """Return how far a value lies from what was said, in standard deviations."""
    there, here = row.claim.scaled([value, row.claim.best]).tolist()
    return float(np.clip((there - here) / row.claim.spread, -2 * _REACH, 2 * _REACH))
