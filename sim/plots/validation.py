"""Pictures of a validation: figures not seen, and ranks on made-up records."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.inference.calibration.posterior_predictive import PredictiveCheck
from sim.inference.validation.simulation_based_calibration import CONFIDENCE, ecdf
from sim.inference.validation.validation import Validation
from sim.plots import style
from sim.plots.save import save
from sim.plots.style import Panel

_FIT, _PRIOR, _SAID = style.COOL[0], "#C9C9C9", "#E69F00"
_ROW_IN, _LEFT_IN, _FOOT_IN = 0.17, 3.3, 0.45
_REACH = 8.0
"""Standard deviations on each side of what was reported that a picture shows."""
_MOST_NAMED = 5
_METHODS = {"screen": "Screen", "tempered": "Tempered fit"}


def draw_validation(done: Validation, folder: Path) -> None:
    """Draw every picture into a folder."""
    if done.held_out:
        save(left_out_of(done), folder, "left-out")
    save(coverage_of(done), folder, "coverage")


@style.styled
def left_out_of(done: Validation) -> Figure:
    """Draw each figure that a fit has not seen, and what it predicts for it."""
    rows = [(held, row) for held in done.held_out for row in held.rows]
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
    wish = done.calibrator.options
    _captions(
        figure,
        done,
        "Figures that the fit has not seen, and what it predicts for them",
        "5-95 % (calibrated). Hollow: outside. When gates were closed is known to "
        "every fit.",
        f"{_METHODS[wish.method]} of {wish.settings.particles} draws, "
        f"seed {wish.seeds[0]}.",
    )
    return figure


@style.styled
def coverage_of(done: Validation) -> Figure:
    """Draw how far the ranks of each target are from even, within their band."""
    found = done.coverage
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
    _captions(
        figure,
        done,
        "Whether the screen is as sure as it may be: made-up records, known truth",
        f"{len(found.targets)} targets. The 50 % intervals held the truth in "
        f"{half:.1%} of cases, the 90 % intervals in {most:.1%}.",
        f"{found.sets} records, a screen of {found.draws} draws from {found.runs} "
        f"runs for each, seed {done.calibrator.options.seeds[0]}.",
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


def _captions(
    figure: Figure, done: Validation, title: str, shown: str, foot: str
) -> None:
    operation = done.calibrator.ready.simulator.operation
    style.captions(figure, title, (operation.operation, shown), foot)
