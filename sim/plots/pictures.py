"""Every picture by its name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from sim.plots.calibration import (
    figures_of,
    parameters_of,
    ridge_of,
    sources_of,
)
from sim.plots.comparison import differences
from sim.plots.daily import daily
from sim.plots.exchange import exchange
from sim.plots.forecast import fan
from sim.plots.gates import gates
from sim.plots.rolling import rolling
from sim.plots.save import save
from sim.plots.sweep_lines import lines
from sim.plots.sweep_map import heat
from sim.plots.sweep_panels import panels
from sim.plots.throughput import throughput
from sim.plots.timespace import timespace
from sim.plots.validation import coverage_of, left_out_of
from sim.plots.waiting import waiting
from sim.registry import Registry

Drawing = Callable[..., Figure | None]

PICTURES: Registry[Drawing] = Registry(
    "picture",
    {
        "throughput": throughput,
        "daily": daily,
        "exchange": exchange,
        "timespace": timespace,
        "gates": gates,
        "waiting": waiting,
        "differences": differences,
        "sweep-lines": lines,
        "sweep-map": heat,
        "sweep-panels": panels,
        "forecast": fan,
        "rolling": rolling,
        "fit-figures": figures_of,
        "fit-parameters": parameters_of,
        "fit-sources": sources_of,
        "fit-ridge": ridge_of,
        "left-out": left_out_of,
        "coverage": coverage_of,
    },
)
"""What draws each picture from what a report hands it; None comes back where a picture
does not apply."""


def draw(
    name: str | Drawing, arguments: tuple[Any, ...], folder: Path, file: str
) -> tuple[Path, Path] | None:
    """Draw one picture and return its PNG and SVG, None if it does not apply.

    It and its arguments can be sent to another process, to draw several at once.
    Threads may not share it: matplotlib's settings belong to the process.

    Parameters
    ----------
    name : of the picture, or what draws it.
    arguments : what it is drawn from.
    folder : where its files go.
    file : what they are called.
    """
    figure = (PICTURES[name] if isinstance(name, str) else name)(*arguments)
    return None if figure is None else save(figure, folder, file)
