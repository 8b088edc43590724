"""How many people arrive in each few hours at each destination."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.experiment.bands import Bands
from sim.experiment.receiving import blocks, hours_of_a_block, nights
from sim.plots import style
from sim.plots.people import (
    MOST_PANELS,
    bars_and_whiskers,
    left_out,
    set_people_axis,
    simulated,
)
from sim.plots.style import Panel
from sim.plots.texts import in_words
from sim.plots.timeaxis import axis_in, set_times
from sim.words import Number, say

_NIGHT = "#F0F0F0"


@style.styled
def receiving(bands: Bands) -> Figure | None:
    """Draw the arrivals of each few hours by destination; None if nobody arrives."""
    study, sites = bands.study, bands.receivers
    if not sites:
        return None
    shown = sites[:MOST_PANELS]
    night = Patch(color=_NIGHT, label=in_words(say("night, 20:00-06:00")))
    entries = [*simulated(study), night]
    figure, axes = style.page(
        [Panel(2.2 if site == shown[0] else 1.6) for site in shown],
        foot_in=axis_in(study.operation) + style.legend_in(len(entries), len(entries)),
    )
    for ax, site in zip(axes, shown, strict=True):
        _draw_blocks(ax, bands, site)
        set_times(ax, study.operation, labels=ax is axes[-1])
    style.head(
        figure,
        study,
        say(
            "People who arrive in each {hours} hours, by destination",
            hours=Number(hours_of_a_block(study)),
        ),
        bars_and_whiskers(study),
    )
    style.legend(figure, entries, columns=len(entries))
    style.note(figure, left_out(sites))
    return figure


def _draw_blocks(ax: Axes, bands: Bands, site: str) -> None:
    study = bands.study
    starts = [bands.hours_s[place] for place in blocks(study, bands.hours_s)]
    widths = np.diff([*starts, study.operation.horizon_s])
    low, middle, high = bands.receiving[site].by_block
    for night in nights(study):
        ax.axvspan(night.since_s, night.until_s, color=_NIGHT, linewidth=0, zorder=0)
    came = high > 0
    begins, wide = np.array(starts)[came], widths[came]
    # Between two blocks stays a gap, so that each can be told from the next.
    ax.bar(
        begins + 0.08 * wide,
        middle[came],
        0.84 * wide,
        align="edge",
        color=style.BAND,
        gid="median",
    )
    if len(study.runs) > 1:
        ax.vlines(
            begins + wide / 2,
            low[came],
            high[came],
            color=style.MEDIAN,
            linewidth=1.2,
            gid="whiskers",
        )
    unit = say("people in {hours} h", hours=Number(hours_of_a_block(study)))
    set_people_axis(ax, study, site, unit, float(high.max()))
