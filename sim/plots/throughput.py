"""How many people had arrived by when, beside what is documented."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.experiment import Study
from sim.experiment.bands import Bands
from sim.experiment.documented import DatedInterval, counts_as_of
from sim.experiment.observe import Counts
from sim.plots import documented, style
from sim.plots.people import MOST_PANELS, Floats, left_out, nobody, set_people_axis
from sim.plots.style import Panel, band_words
from sim.plots.texts import in_words, thousands
from sim.plots.timeaxis import axis_in, set_times
from sim.words import Sentence, Text, joined, say, say_many

_COLUMNS = 5
_CHANCE: Mapping[str, Any] = MappingProxyType(
    {"color": style.MEDIAN, "linewidth": 0.9, "linestyle": (0, (1, 1.5))}
)
"""How the band of chance alone looks, where knowledge varies too."""


@style.styled
def throughput(bands: Bands) -> Figure | None:
    """Draw the cumulative arrivals of each site of origin; None if nobody is to leave.

    Documented figures stand at the middle of the window they speak of, which is the
    horizontal bar; the vertical bar runs from low to high.
    """
    study, sites = bands.study, bands.leaving
    if not sites:
        return None
    shown = sites[:MOST_PANELS]
    rows = {site: _within(study, counts_as_of(study, site)) for site in shown}
    drawn = [row for found in rows.values() for row in found]
    look_of = documented.looks_of(study)
    entries = [*_simulated(bands), *documented.legend_entries(drawn, look_of)]
    panels = [Panel(_height_in(bands, site, shown[0])) for site in shown]
    figure, axes = style.page(
        panels,
        foot_in=axis_in(study.operation) + style.legend_in(len(entries), _COLUMNS),
    )
    for ax, site in zip(axes, shown, strict=True):
        _draw_curve(ax, bands, site, [row.high for row in rows[site]])
        width = 0.011 * study.operation.horizon_s
        height = 0.08 / panels[shown.index(site)].height_in * ax.get_ylim()[1]
        places = documented.side_by_side(rows[site], width, height)
        documented.draw(ax, rows[site], places, look_of, windows=True)
        set_times(ax, study.operation, labels=ax is axes[-1])
    style.head(figure, study, say("People arrived, by site of origin"), _shown(study))
    style.legend(figure, entries, columns=_COLUMNS)
    style.note(figure, _not_drawn(study, sites, shown))
    return figure


def _height_in(bands: Bands, site: str, largest: str) -> float:
    share = bands.to_leave[site].mean / bands.to_leave[largest].mean
    arrived = bands.metrics[f"arrived/{site}"].mean
    return (1.05 if arrived else 0.6) + 2.25 * share


def _draw_curve(ax: Axes, bands: Bands, site: str, highs: list[float]) -> None:
    study = bands.study
    times_s, levels = study.grid_s, bands.curves[site]
    arrived = bands.metrics[f"arrived/{site}"]
    if times_s[-1] < study.operation.horizon_s:
        levels = np.column_stack([levels, arrived[:3]])
        times_s = np.append(times_s, study.operation.horizon_s)
    times_s, low, middle, high = _corners(times_s, *levels)
    people = bands.to_leave[site].mean
    if len(study.runs) > 1:
        ax.fill_between(times_s, low, high, color=style.BAND, linewidth=0, gid="band")
    for level in bands.by_chance.get(site, ()):
        ax.plot(study.grid_s, level, **_CHANCE, gid="chance")
    ax.plot(times_s, middle, color=style.MEDIAN, linewidth=1.5, gid="median")
    ax.axhline(people, color=style.FAINT, linewidth=0.8, linestyle=(0, (4, 3)))
    ax.annotate(
        in_words(say("{people} to leave", people=thousands(people))),
        (0.006, people),
        xycoords=ax.get_yaxis_transform(),
        xytext=(0, -2.5),
        textcoords="offset points",
        size=style.SMALL_PT,
        color=style.FAINT,
        va="top",
    )
    drawn = people, float(high[-1]), *highs
    set_people_axis(ax, study, site, say("people arrived"), *drawn)
    if not high.any():
        ax.set_ylabel(in_words(say("people")))
        nobody(ax, study, ever=bool(arrived.mean))


def _corners(times_s: Counts, *levels: Floats) -> tuple[Counts, Floats, Floats, Floats]:
    """Return moments and levels without those between two that are the same.

    A year has many moments at which nothing changes, and a file that names them all
    is large.
    """
    changes = np.any(np.diff(levels, axis=1) != 0, axis=0)
    keep = np.concatenate([[True], changes]) | np.concatenate([changes, [True]])
    low, middle, high = (level[keep] for level in levels)
    return times_s[keep], low, middle, high


def _within(study: Study, rows: list[DatedInterval]) -> list[DatedInterval]:
    return [row for row in rows if 0 <= row.middle_s <= study.operation.horizon_s]


def _simulated(bands: Bands) -> list[Line2D | Patch]:
    median = in_words(say("simulated, median"))
    entries: list[Line2D | Patch] = [
        Line2D([], [], color=style.MEDIAN, linewidth=1.5, label=median)
    ]
    if len(bands.study.runs) > 1:
        band = in_words(say("simulated, 5-95 %"))
        entries.append(Patch(color=style.BAND, label=band))
    if bands.by_chance:
        chance = in_words(say("by chance alone, 5-95 %"))
        entries.append(Line2D([], [], **_CHANCE, label=chance))
    return entries


def _shown(study: Study) -> Sentence:
    if len(study.runs) == 1:
        return say("Line: {band}.", band=band_words(study))
    return say("Line: median; band: {band}.", band=band_words(study))


def _not_drawn(study: Study, sites: Sequence[str], shown: Sequence[str]) -> Text:
    found = [row for site in shown for row in counts_as_of(study, site)]
    later = len(found) - len(_within(study, found))
    beyond = say_many(
        "{count} documented figure of other dates not drawn.",
        "{count} documented figures of other dates not drawn.",
        later,
    )
    return joined([beyond if later else None, left_out(sites)])
