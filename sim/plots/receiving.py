"""How many people arrive in each hour at each destination."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.experiment import Study
from sim.experiment.bands import Bands
from sim.experiment.receiving import nights
from sim.plots import style, titles
from sim.plots.people import MOST_PANELS, left_out
from sim.plots.style import Panel, band_words
from sim.plots.timeaxis import axis_in, set_times

_NIGHT = "#F0F0F0"


@style.styled
def receiving(bands: Bands) -> Figure | None:
    """Draw the arrivals of each hour by destination; None if nobody arrives."""
    study, sites = bands.study, bands.receivers
    if not sites:
        return None
    shown = sites[:MOST_PANELS]
    entries = _legend(study)
    figure, axes = style.page(
        [Panel(2.2 if site == shown[0] else 1.6) for site in shown],
        foot_in=axis_in(study.operation) + style.legend_in(len(entries), len(entries)),
    )
    for ax, site in zip(axes, shown, strict=True):
        _draw_hours(ax, bands, site)
        set_times(ax, study.operation, labels=ax is axes[-1])
    shows = "Line: median; band" if len(study.runs) > 1 else "Line"
    style.head(
        figure,
        study,
        "People who arrive in each hour, by destination",
        f"{shows}: {band_words(study)}.",
    )
    style.legend(figure, entries, columns=len(entries))
    style.note(figure, left_out(sites))
    return figure


def _draw_hours(ax: Axes, bands: Bands, site: str) -> None:
    study, seen = bands.study, bands.receiving[site]
    borders = np.array([*bands.hours_s, study.operation.horizon_s])
    begins, widths = borders[:-1], np.diff(borders)
    low, middle, high = seen.people
    for night in nights(study):
        ax.axvspan(night.since_s, night.until_s, color=_NIGHT, linewidth=0, zorder=0)
    came = high > 0
    if len(study.runs) > 1:
        ax.bar(
            begins[came],
            (high - low)[came],
            widths[came],
            low[came],
            align="edge",
            color=style.BAND,
            gid="band",
        )
    ax.hlines(
        middle[came],
        begins[came],
        (begins + widths)[came],
        color=style.MEDIAN,
        linewidth=1.5,
        gid="median",
    )
    ax.set_ylim(0, 1.12 * max(float(high.max()), 1))
    ax.set_title(style.shortened(titles.of_place(study.operation, site), 70))
    ax.set_ylabel("people an hour")
    ax.yaxis.set_major_formatter(lambda value, _: style.thousands(value))
    ax.locator_params(axis="y", nbins=5, integer=True)


def _legend(study: Study) -> list[Line2D | Patch]:
    many = len(study.runs) > 1
    entries: list[Line2D | Patch] = [
        Line2D(
            [],
            [],
            color=style.MEDIAN,
            linewidth=1.5,
            label="simulated, median" if many else "simulated",
        )
    ]
    if many:
        entries.append(Patch(color=style.BAND, label="simulated, 5-95 %"))
    return [*entries, Patch(color=_NIGHT, label="night, 20:00-06:00")]
