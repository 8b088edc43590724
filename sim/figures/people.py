"""Who is to leave: which sites of origin get a panel, and in which order."""

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from sim.experiment import Study
from sim.figures.style import FAINT, SMALL_PT

MOST_PANELS = 6
LEVELS = (0.05, 0.5, 0.95)
"""Quantiles over the runs that a band and its line stand for."""

Floats = npt.NDArray[np.float64]


def to_leave(study: Study, origin: str) -> float:
    """Return the people who are to leave a site, the mean over the runs."""
    return float(np.mean(study.to_leave(origin)))


def origins(study: Study) -> list[str]:
    """Return the sites that anybody is to leave, those with most people first."""
    known = study.layout.origins
    people = {origin: to_leave(study, origin) for origin in known}
    return sorted(
        (origin for origin in known if people[origin] > 0),
        key=lambda origin: (-people[origin], origin),
    )


def left_out(names: list[str]) -> str:
    """Return a sentence on the sites for which there is no room, empty if none."""
    more = len(names) - MOST_PANELS
    return f"{more} smaller site{'s' * (more > 1)} not drawn." if more > 0 else ""


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
