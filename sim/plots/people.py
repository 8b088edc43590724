"""Panels of the people of one site: their axis, and what is said of the others."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.experiment import Study
from sim.plots import titles
from sim.plots.style import BAND, FAINT, MEDIAN, SMALL_PT, band_words
from sim.plots.texts import in_words, shortened, thousands
from sim.words import Sentence, Text, say, say_many

MOST_PANELS = 6

Floats = npt.NDArray[np.float64]


def left_out(names: Sequence[str]) -> Sentence | None:
    """Return a sentence on the sites for which there is no room, None if none."""
    more = len(names) - MOST_PANELS
    if more <= 0:
        return None
    return say_many(
        "{count} smaller site not drawn.", "{count} smaller sites not drawn.", more
    )


def set_people_axis(
    ax: Axes, study: Study, site: str, unit: Text, *levels: float
) -> None:
    """Name the site, and leave room for the highest of what is drawn of its people.

    Parameters
    ----------
    unit : of the axis, as in `people a day`.
    levels : what is drawn; those that are not finite take no room.
    """
    ax.set_ylim(0, 1.12 * max(1.0, *(level for level in levels if np.isfinite(level))))
    ax.set_title(shortened(titles.of_place(study.operation, site), 70))
    ax.set_ylabel(in_words(unit))
    ax.yaxis.set_major_formatter(lambda value, _: thousands(value))
    ax.locator_params(axis="y", nbins=5, integer=True)


def nobody(ax: Axes, study: Study, *, ever: bool) -> None:
    """Say that nobody arrived, where the axes would be empty without a word.

    Parameters
    ----------
    ax : made bare.
    study : for the number of runs.
    ever : whether somebody arrived in some of them.
    """
    if len(study.runs) == 1:
        told = say("nobody arrived")
    elif ever:
        told = say("nobody arrived in at least 95 % of the runs")
    else:
        told = say("nobody arrived in any run")
    in_place_of_curves(ax, told)


def in_place_of_curves(ax: Axes, told: Text) -> None:
    """Write into axes that would be empty without a word."""
    ax.text(
        0.5,
        0.4,
        in_words(told),
        transform=ax.transAxes,
        ha="center",
        size=SMALL_PT,
        color=FAINT,
    )


def bars_and_whiskers(study: Study) -> Sentence:
    """Return what bars of people show, and their whiskers if there are any."""
    if len(study.runs) > 1:
        return say("Bar: median; whisker: {band}.", band=band_words(study))
    return say("Bar: {band}.", band=band_words(study))


def simulated(study: Study) -> list[Line2D | Patch]:
    """Return what a legend says of bars and whiskers."""
    if len(study.runs) == 1:
        return [Patch(color=BAND, label=in_words(say("simulated")))]
    return [
        Patch(color=BAND, label=in_words(say("simulated, median"))),
        Line2D(
            [],
            [],
            color=MEDIAN,
            linewidth=1.2,
            label=in_words(say("simulated, 5-95 %")),
        ),
    ]
