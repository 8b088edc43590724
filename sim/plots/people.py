"""Panels of the people of one site: their axis, and what is said of the others."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from sim.experiment import Study
from sim.plots import titles
from sim.plots.style import FAINT, SMALL_PT, shortened, thousands

MOST_PANELS = 6

Floats = npt.NDArray[np.float64]


def left_out(names: Sequence[str]) -> str:
    """Return a sentence on the sites for which there is no room, empty if none."""
    more = len(names) - MOST_PANELS
    return f"{more} smaller site{'s' * (more > 1)} not drawn." if more > 0 else ""


def set_people_axis(
    ax: Axes, study: Study, site: str, unit: str, *levels: float
) -> None:
    """Name the site, and leave room for the highest of what is drawn of its people.

    Parameters
    ----------
    unit : of the axis, as in `people a day`.
    levels : what is drawn; those that are not finite take no room.
    """
    ax.set_ylim(0, 1.12 * max(1.0, *(level for level in levels if np.isfinite(level))))
    ax.set_title(shortened(titles.of_place(study.operation, site), 70))
    ax.set_ylabel(unit)
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
    many = len(study.runs) > 1
    runs = (" in at least 95 % of the runs" if ever else " in any run") * many
    ax.text(
        0.5,
        0.4,
        f"nobody arrived{runs}",
        transform=ax.transAxes,
        ha="center",
        size=SMALL_PT,
        color=FAINT,
    )
