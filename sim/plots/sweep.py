"""Metrics at the points of a sweep: a picture for each site, or what else they are of.

Of one field: a panel for each metric. Of two whose values all meet: a map with the
numbers in it. Of more: a small panel for each metric and field, with all points in it.
"""

import re
from collections.abc import Iterator, Sequence

from matplotlib.figure import Figure

from sim.experiment.sweep import Sweep
from sim.plots.sweep_lines import lines
from sim.plots.sweep_map import fits, heat
from sim.plots.sweep_panels import MOST_FIELDS, panels

_MOST_METRICS = 6


def pictures(sweep: Sweep) -> Iterator[tuple[str, Figure]]:
    """Yield pictures and what to call their files."""
    for key, metrics in _by_key(sweep).items():
        pages = list(_pages(sweep, metrics))
        for number, figure in enumerate(pages, start=1):
            name = re.sub(r"[^\w.-]+", "-", f"sweep-{key}").strip("-.")
            yield (name if len(pages) == 1 else f"{name}-{number}"), figure


def _by_key(sweep: Sweep) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for metric in sweep.metrics:
        found.setdefault(metric.partition("/")[2], []).append(metric)
    return found


def _pages(sweep: Sweep, metrics: Sequence[str]) -> Iterator[Figure]:
    for first in range(0, len(metrics), _MOST_METRICS):
        shown = metrics[first : first + _MOST_METRICS]
        if len(sweep.scales) == 1:
            yield lines(sweep, shown)
        elif fits(sweep):
            yield heat(sweep, shown)
        else:
            for begin in range(0, len(sweep.scales), MOST_FIELDS):
                yield panels(sweep, shown, sweep.scales[begin : begin + MOST_FIELDS])
