"""Every picture by its name."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from matplotlib.figure import Figure

from sim.events import RunLog
from sim.experiment import Study
from sim.figures.daily import daily
from sim.figures.exchange import exchange
from sim.figures.gates import gates
from sim.figures.save import save
from sim.figures.throughput import throughput
from sim.figures.timespace import timespace
from sim.figures.waiting import waiting

FIGURES: Mapping[str, Callable[[Study, RunLog], Figure | None]] = MappingProxyType(
    {
        "throughput": lambda study, log: throughput(study),
        "daily": lambda study, log: daily(study),
        "exchange": exchange,
        "timespace": timespace,
        "gates": gates,
        "waiting": lambda study, log: waiting(study),
    }
)
"""What draws each picture, in the order in which a report shows them. The log is that
of the typical replication; None comes back where a picture does not apply."""


def draw(
    name: str, study: Study, log: RunLog, folder: Path
) -> tuple[Path, Path] | None:
    """Draw one picture and return its PNG and SVG, None if it does not apply.

    It and its arguments can be sent to another process, to draw several at once.
    Threads may not share it: matplotlib's settings belong to the process.
    """
    figure = FIGURES[name](study, log)
    return None if figure is None else save(figure, folder, name)


def draw_all(study: Study, log: RunLog, folder: Path) -> dict[str, tuple[Path, Path]]:
    """Draw every picture that applies and return its PNG and SVG, by its name.

    Parameters
    ----------
    study : what was run.
    log : of its typical replication.
    folder : where the files go.
    """
    drawn = {name: draw(name, study, log, folder) for name in FIGURES}
    return {name: files for name, files in drawn.items() if files is not None}
