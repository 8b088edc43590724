"""Pictures of a calibration: figures, parameters, sources, and what is not told apart.

Each is over the draws of a fit and says so; the bare prior stands beside it, pale.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.inference.calibration.fit import Fit
from sim.inference.calibration.posterior import Parameter, SourceBias, ridge
from sim.inference.calibration.posterior_predictive import Predictions, PredictiveCheck
from sim.plots import style
from sim.plots.save import save
from sim.plots.style import Panel

_ROW_IN, _LEFT_IN, _FOOT_IN = 0.17, 3.3, 0.45
_FIT, _PRIOR, _SAID = style.COOL[0], "#C9C9C9", "#E69F00"
_REACH = 6.0
"""Standard deviations on each side of what was reported that a picture shows."""
_MOST_DOTS = 1_000
_LONGEST = 50
"""Characters of a name beside a row."""
_OVER = "5-95 % (calibrated)."
_METHODS = {"screen": "Screen", "tempered": "Tempered fit"}
_LEVELS = (0.05, 0.5, 0.95)


def draw_calibration(
    fit: Fit,
    found: Predictions,
    parameters: Sequence[Parameter],
    sources: Sequence[SourceBias],
    folder: Path,
) -> None:
    """Draw every picture into a folder."""
    for name, figure in (
        ("figures", figures_of(fit, found)),
        ("parameters", parameters_of(fit, parameters)),
        ("sources", sources_of(fit, sources)),
        ("ridge", ridge_of(fit, parameters)),
    ):
        save(figure, folder, name)


@style.styled
def figures_of(fit: Fit, found: Predictions) -> Figure:
    """Draw each documented figure, and what the fit and the prior would expect."""
    rows = found.after
    figure, ax = _rows([f"{r.claim.name}  {r.claim.family}" for r in rows], entries=3)
    for place, (before, after) in enumerate(zip(found.before, rows, strict=True)):
        _span(ax, place - 0.22, _apart(before), _PRIOR, width=2.5)
        low, high = (_distance(after, end) for end in (after.low, after.high))
        ax.plot([low, high], [place, place], color=_SAID, linewidth=7, alpha=0.7)
        _span(ax, place + 0.12, _apart(after), _FIT, hollow=not after.inside)
        if not after.inside:
            ax.text(_REACH, place, "outside ", ha="right", va="center", size=7)
    ax.set_xlim(-_REACH, _REACH)
    ax.axvline(0, color=style.FAINT, linewidth=0.6)
    ax.set_xlabel("Standard deviations of a report around a run, from what was said")
    _finish(
        figure,
        fit,
        "Documented figures beside what a calibrated run predicts",
        f"{_OVER} A total that follows another of its source is the step from it.",
        [
            Line2D([], [], color=_SAID, linewidth=6, alpha=0.7, label="documented"),
            Line2D([], [], color=_FIT, marker="o", markersize=4, label="fit"),
            Line2D([], [], color=_PRIOR, linewidth=2.5, label="bare prior"),
        ],
    )
    return figure


@style.styled
def parameters_of(fit: Fit, parameters: Sequence[Parameter]) -> Figure:
    """Draw where each parameter lies in its prior after the figures were seen."""
    names = [f"{_short(row.name)}\n{row.verdict}" for row in parameters]
    figure, ax = _rows(names, entries=2, row_in=0.32)
    for place, points in enumerate(fit.points.T):
        row = [float(np.quantile(points, level)) for level in _LEVELS]
        _span(ax, place - 0.15, list(_LEVELS), _PRIOR, width=4)
        learned = parameters[place].verdict == "learned from the record"
        _span(ax, place + 0.12, row, _FIT, hollow=not learned)
    ax.set_xlim(0, 1)
    ax.set_xlabel("Place in the range of the scenario: 0.5 is the middle of the prior")
    _finish(
        figure,
        fit,
        "What the record says about what is not known",
        f"{_OVER} Hollow: prior only, such figures fix less than a fifth of it.",
        [
            Line2D([], [], color=_FIT, marker="o", markersize=4, label="fit"),
            Line2D([], [], color=_PRIOR, linewidth=4, label="prior"),
        ],
    )
    return figure


@style.styled
def sources_of(fit: Fit, sources: Sequence[SourceBias]) -> Figure:
    """Draw by which factor each family of sources differs from the runs."""
    names = [
        f"{row.name}, {row.figures} figure{'s' * (row.figures != 1)}"
        f"{', taken at its word' if row.pinned else ''}"
        for row in sources
    ]
    figure, ax = _rows(names, entries=1)
    for place, row in enumerate(sources):
        _span(ax, place, list(row.factor), _FIT)
    ax.axvline(1, color=style.FAINT, linewidth=0.6)
    ax.set_xscale("log")
    ticks = (0.5, 0.7, 1.0, 1.4, 2.0)
    ax.set_xticks(ticks, labels=[f"{tick:g}" for tick in ticks], minor=False)
    ax.minorticks_off()
    ax.set_xlim(0.45, 2.2)
    ax.set_xlabel("Reported by the source, divided by the run")
    _finish(
        figure,
        fit,
        "How far sources lie from the runs",
        f"{_OVER} No verdict on sources: all could be off together and nothing would "
        "show.",
        [Line2D([], [], color=_FIT, marker="o", markersize=4, label="fit")],
    )
    return figure


@style.styled
def ridge_of(fit: Fit, parameters: Sequence[Parameter]) -> Figure:
    """Draw the parameters that are told apart worst against each other."""
    chosen = ridge(fit, parameters)
    size = len(chosen) - 1
    figure = Figure(figsize=(style.WIDTH_IN, style.WIDTH_IN * 0.9))
    dots = fit.points[:_MOST_DOTS]
    for down in range(size):
        for across in range(down + 1):
            left, side = 0.13 + across * 0.85 / size, 0.85 / size - 0.05
            bottom = 0.13 + (size - 1 - down) * 0.77 / size
            box = (left, bottom, side, 0.77 / size - 0.065)
            ax = figure.add_axes(box)
            one, two = chosen[across], chosen[down + 1]
            ax.plot(dots[:, one], dots[:, two], ".", color=_FIT, ms=2, alpha=0.4)
            ax.set(xlim=(0, 1), ylim=(0, 1))
            together = float(np.asarray(np.corrcoef(fit.points[:, [one, two]].T))[0, 1])
            ax.set_title(f"correlation {together:+.2f}")
            if down == size - 1:
                ax.set_xlabel(_label(parameters[one].name), size=6.5)
            if across == 0:
                ax.set_ylabel(_label(parameters[two].name), size=6.5)
    _head(
        figure,
        fit,
        "What the record does not tell apart",
        "Each dot is a draw (calibrated), by its place in the prior of two parameters; "
        "a slant: one makes up for the other.",
    )
    return figure


def _rows(
    names: Sequence[str], *, entries: int, row_in: float = _ROW_IN
) -> tuple[Figure, Axes]:
    """Return a picture with a row for each name."""
    figure, (ax,) = style.page(
        [Panel(row_in * len(names) + 0.1, 0.1)],
        left_in=_LEFT_IN,
        foot_in=_FOOT_IN + style.legend_in(entries, entries),
    )
    ax.set_yticks(range(len(names)), labels=[style.apart(name) for name in names])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.grid(visible=True, axis="x")
    return figure, ax


def _span(
    ax: Axes,
    place: float,
    levels: Sequence[float],
    colour: str,
    *,
    width: float = 1.4,
    hollow: bool = False,
) -> None:
    least, middle, most = levels
    ax.plot([least, most], [place, place], color=colour, linewidth=width)
    inside = "white" if hollow else colour
    ax.plot([middle], [place], "o", color=colour, markersize=4, mfc=inside)


def _apart(row: PredictiveCheck) -> list[float]:
    return [_distance(row, value) for value in (row.least, row.middle, row.most)]


def _distance(row: PredictiveCheck, value: float) -> float:
    """Return how far a value lies from what was said, in standard deviations."""
    claim = row.claim
    there, here = claim.scaled([value, claim.best]).tolist()
    return float(np.clip((there - here) / claim.spread, -2 * _REACH, 2 * _REACH))


def _short(name: str) -> str:
    """Return a dotted path without its middle: where it lies and what it is."""
    if len(name) <= _LONGEST:
        return name
    head = (_LONGEST - 1) // 2
    return f"{name[:head]}\N{HORIZONTAL ELLIPSIS}{name[head + 1 - _LONGEST :]}"


def _label(name: str) -> str:
    return style.folded(name.replace(".", ". "), 34, lines=3)


def _finish(
    figure: Figure, fit: Fit, title: str, shown: str, entries: Sequence[Line2D]
) -> None:
    style.legend(figure, list(entries), columns=len(entries))
    _head(figure, fit, title, shown)


def _head(figure: Figure, fit: Fit, title: str, shown: str) -> None:
    """Write title and footer; every band is over the draws of the fit."""
    reference = ", ".join(fit.task.reference) or "all sources pooled"
    seeds = ", ".join(map(str, fit.options.seeds))
    style.captions(
        figure,
        title,
        (fit.ready.simulator.operation.operation, shown),
        f"{_METHODS[fit.options.method]} of {len(fit.points)} draws, "
        f"seed{'s' * (len(fit.options.seeds) > 1)} {seeds}, {reference}.",
    )
