"""What is said of sites of origin where there is no room or nothing to draw."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from sim.experiment import Study
from sim.plots.style import FAINT, SMALL_PT

MOST_PANELS = 6

Floats = npt.NDArray[np.float64]


def left_out(names: Sequence[str]) -> str:
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
