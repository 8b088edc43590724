"""What people waited for: person-hours by cause, for each site of origin."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.events import Cause
from sim.experiment.bands import Bands
from sim.plots import style, titles
from sim.plots.style import Panel, band_words
from sim.plots.texts import (
    cause_in_words,
    folded,
    in_words,
    line_spacing,
    runs_left,
    thousands,
)
from sim.words import Number, Text, say, say_many

_MOST_SITES = 5
_ROW_IN = 0.2
_LEFT_IN, _FIRST_IN = 1.45, 0.1
_CAUSE_IN, _COLUMN_IN, _SHARE_IN = 1.35, 1.2, 0.42
_HOURS_IN, _PERCENT_IN = 0.5, 0.27
"""Of numbers, which end on their right also where columns begin there."""

_LETTERS = 100
"""Letters of 7 points in the longest bar."""
_DARK = frozenset({Cause.STOPPAGE, Cause.DETENTION, Cause.ROAD, Cause.QUEUE})

Table = dict[str, dict[str, float]]
"""Mean person-hours by site of origin and cause."""


@style.styled
def waiting(bands: Bands) -> Figure | None:
    """Draw the mean waiting by cause; None if nobody waited at all."""
    study, table = bands.study, by_site(bands)
    sites = list(table)
    if not sites:
        return None
    shown = sites[:_MOST_SITES]
    causes = [
        cause
        for cause in style.CAUSES
        if any(table[site].get(cause, 0) >= 0.5 for site in shown)
    ]
    figure, (bars, words) = style.page(
        [
            Panel(0.62 * len(shown), 0.12),
            Panel(_ROW_IN * (len(causes) + 3), 0.62),
        ],
        left_in=_LEFT_IN,
        foot_in=0.1,
    )
    _draw_bars(bars, bands, {site: table[site] for site in shown}, causes)
    _write_table(words, bands, {site: table[site] for site in shown}, causes)
    style.head(
        figure,
        study,
        say("Waiting by cause, from the start of the operation to the arrival"),
        say_many(
            "{band}.",
            "Mean of {count} runs; whisker: the sum, {band}.",
            len(study.runs),
            band=band_words(study),
        ),
    )
    if more := len(sites) - len(shown):
        left_out = say_many(
            "{count} more site not drawn.", "{count} more sites not drawn.", more
        )
        style.note(figure, left_out)
    return figure


def by_site(bands: Bands) -> Table:
    """Return the mean person-hours of each site by cause, most people first."""
    table: Table = {}
    for (site, cause), band in bands.waiting.items():
        table.setdefault(site, {})[cause] = band.mean
    order = [site for site in bands.leaving if site in table]
    order += sorted(site for site in table if site not in order)
    return {site: table[site] for site in order if sum(table[site].values()) > 0}


def _draw_bars(ax: Axes, bands: Bands, table: Table, causes: list[str]) -> None:
    """Draw one bar for each site, its causes in the order of the table."""
    begins = np.zeros(len(table))
    widest = max(sum(row.values()) for row in table.values())
    for cause in causes:
        colour, hatch = style.CAUSES[cause]
        hours = np.array([row.get(cause, 0.0) for row in table.values()])
        ax.barh(
            range(len(table)),
            hours,
            0.62,
            begins,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=0.5,
            gid=f"cause-{cause}",
        )
        for place, (begin, value, row) in enumerate(
            zip(begins, hours, table.values(), strict=True)
        ):
            number = _percent(value / sum(row.values()))
            middle, room = begin + value / 2, value / widest * _LETTERS
            _write_segment(ax, (middle, place), room, (cause, number))
        begins += hours
    _draw_whiskers(ax, bands, list(table))
    ax.set_ylim(len(table) - 0.5, -0.5)
    ax.set_xlim(0, 1.04 * max(widest, ax.dataLim.x1))
    ax.set_yticks(
        range(len(table)),
        labels=[
            folded(titles.of_place(bands.study.operation, site), 20) for site in table
        ],
    )
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=True, axis="x")
    ax.locator_params(axis="x", nbins=6)
    # A number at the very end of the axis would stand half outside the picture.
    end = 0.97 * ax.get_xlim()[1]
    ax.xaxis.set_major_formatter(lambda v, _: thousands(v) if v <= end else "")
    ax.set_xlabel(in_words(say("person-hours, the road included")))


def _write_segment(
    ax: Axes, at: tuple[float, float], room: float, said: tuple[str, str]
) -> None:
    """Write cause and share into a segment, as far as there is room for letters."""
    cause, number = said
    words = cause_in_words(cause)
    if room <= len(number) + 1:
        return
    ax.text(
        *at,
        f"{words}\n{number}" if room > len(words) + 1 else number,
        ha="center",
        va="center",
        size=7,
        linespacing=line_spacing(1.05),
        color="white" if cause in _DARK else style.INK,
    )


def _draw_whiskers(ax: Axes, bands: Bands, sites: list[str]) -> None:
    if len(bands.study.runs) == 1:
        return
    low, _, high = np.array([bands.metrics[f"waiting/{site}"][:3] for site in sites]).T
    places = np.arange(len(sites)) + 0.4
    ax.hlines(places, low, high, colors=style.MEDIAN, linewidth=1.2, gid="whiskers")


def _write_table(ax: Axes, bands: Bands, table: Table, causes: list[str]) -> None:
    """Write person-hours and share by cause and site, with the colours as a legend."""
    box = ax.get_position()
    ax.set_position((0, box.y0, 1, box.height))
    ax.set_axis_off()
    ax.set_xlim((style.WIDTH_IN, 0) if runs_left() else (0, style.WIDTH_IN))
    ax.set_ylim(len(causes) + 2.5, -0.5)
    foot = len(causes) + 1
    for row, cause in enumerate(causes, start=1):
        _write_cause(ax, row, cause)
    _label(ax, foot, in_words(say("all, person-hours")))
    _label(ax, foot + 1, in_words(say("hours per person")))
    right = _FIRST_IN + 0.35 + _CAUSE_IN
    for site, values in table.items():
        right += _COLUMN_IN
        _write_site(
            ax, right, bands, site, [values.get(cause, 0.0) for cause in causes]
        )
    ax.hlines(foot - 0.5, _FIRST_IN, right, colors=style.FAINT, linewidth=0.6)


def _write_cause(ax: Axes, row: int, cause: str) -> None:
    colour, hatch = style.CAUSES[cause]
    ax.add_patch(
        Rectangle(
            (_FIRST_IN, row - 0.3),
            0.24,
            0.6,
            facecolor=colour,
            hatch=hatch,
            edgecolor=style.FAINT,
            linewidth=0.4,
        )
    )
    _label(ax, row, cause_in_words(cause))


def _write_site(
    ax: Axes, right: float, bands: Bands, site: str, hours: list[float]
) -> None:
    """Write a column: one cell for each cause, then the sum and that per person."""
    whole, foot = sum(hours), len(hours) + 1
    title = folded(titles.of_place(bands.study.operation, site), 18)
    hours_end = right - _SHARE_IN - _HOURS_IN * runs_left()
    shares_end = right - _PERCENT_IN * runs_left()
    _cell(ax, hours_end if runs_left() else right, 0, title, bold=True)
    for row, value in enumerate(hours, start=1):
        if value >= 0.5:
            _cell(ax, hours_end, row, thousands(value))
            _cell(ax, shares_end, row, _percent(value / whole))
    _cell(ax, hours_end, foot, thousands(whole), bold=True)
    people = bands.to_leave[site].mean if site in bands.to_leave else 0
    if people:
        _cell(ax, hours_end, foot + 1, in_words(Number(whole / people, ".1f")))


def _label(ax: Axes, row: int, words: str) -> None:
    ax.text(
        _FIRST_IN + 0.34,
        row,
        words,
        size=style.SMALL_PT,
        ha="right" if runs_left() else "left",
        va="center_baseline",
    )


def _percent(share: float) -> str:
    told: Text = say("<1 %")
    if share >= 0.005:
        told = say("{percent} %", percent=Number(100 * share))
    return in_words(told)


def _cell(ax: Axes, right: float, row: int, words: str, *, bold: bool = False) -> None:
    ax.text(
        right,
        row,
        words,
        size=style.SMALL_PT,
        ha="right",
        va="center_baseline",
        weight="bold" if bold else "normal",
    )
