"""The points of a sweep in 100 columns: values, means, and which is best."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.cli.labels import in_full, label, of_key, with_half
from sim.cli.screen import show, table
from sim.cli.words import moment
from sim.experiment.scales import LOCAL_TIME, Scale
from sim.experiment.sweep import Estimate, Sweep
from sim.results.manifest import BANDS

_BESIDE = 3
"""Metrics in one table."""
_ALIKE = "as good, for all that is known"
_MOST_NAMED = 8
_MOST, _OF_EACH = 40, 10
"""Points that are all shown; of more, so many of the best and the worst."""
_NOT_A_PLAN = (
    "±: 95 % interval of the mean of one point, by Student's t. All points share their "
    "luck, run by run, so the difference of two is surer than their intervals look. As "
    "good, for all that is known: the paired difference from the best is not "
    "significant at 5 %, corrected for all pairs of points. "
    "Best and worst are so among these points and in this model only: nobody has "
    "asked whether the values could be had, and a value between two points may be "
    "better still. It says nothing of what will happen. Hours are those after the "
    "start."
)


def print_points(screen: Console, sweep: Sweep) -> None:
    """Print the metrics at each point, and what they are not."""
    screen.print(Text(f"Base: {sweep.operation.operation}", style="bold"))
    screen.print(_headline(sweep))
    for sentence in (*sweep.design.notes, *sweep.cautions):
        screen.print(sentence)
    screen.print()
    for metrics in _together(sweep.metrics):
        key = metrics[0].partition("/")[2]
        points = _shown(sweep, metrics)
        title = of_key(sweep.operation, key)
        if len(points) < len(sweep.points):
            title += f" ({len(points)} of {len(sweep.points):,} points)"
        show(screen, title, _table(sweep, metrics, points))
    if sweep.extremes:
        show(screen, "Best and worst points, by the mean", _ends(sweep))
    for sentence in (*_gaps(sweep), *_failures(sweep), _NOT_A_PLAN):
        screen.print(sentence)


def _headline(sweep: Sweep) -> str:
    count, runs = len(sweep.points), max(sweep.runs)
    varied = ", ".join(scale.column for scale in sweep.scales)
    zone = ""
    if any(scale.unit == LOCAL_TIME for scale in sweep.scales):
        zone = f" Times are those of {sweep.operation.zone}."
    return (
        f"{count:,} point{'s' * (count != 1)} ({sweep.design.kind}), {runs:,} "
        f"run{'s' * (runs != 1)} of each, seed {sweep.base.seed}; varied: {varied}. "
        f"{BANDS[sweep.base.band]}{zone}"
    )


def _together(metrics: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield metrics of the same site, as many as stand in one table."""
    by_key: dict[str, list[str]] = {}
    for metric in metrics:
        by_key.setdefault(metric.partition("/")[2], []).append(metric)
    for own in by_key.values():
        for first in range(0, len(own), _BESIDE):
            yield own[first : first + _BESIDE]


def _shown(sweep: Sweep, metrics: Sequence[str]) -> Sequence[int]:
    """Return the points to show: all, or those at both ends of the first metric."""
    points = range(len(sweep.points))
    if len(points) <= _MOST:
        return points
    ranked = sorted(points, key=lambda point: sweep.estimates[metrics[0]][point].mean)
    return sorted({*ranked[:_OF_EACH], *ranked[-_OF_EACH:]})


def _table(sweep: Sweep, metrics: Sequence[str], points: Sequence[int]) -> Table:
    fields = _headings(sweep.scales)
    labels = [label(metric) for metric in metrics]
    rows = table("point", *fields, *labels, right=("point", *labels))
    for point in points:
        values = [
            _value(sweep, scale, sweep.points[point][scale.path])
            for scale in sweep.scales
        ]
        cells = [_cell(sweep, metric, point) for metric in metrics]
        rows.add_row(str(point + 1), *values, *cells)
    return rows


def _headings(scales: Sequence[Scale]) -> list[str]:
    """Return the ends of paths, as short as they can be told apart, with units."""
    found = []
    for scale in scales:
        steps = scale.path.split(".")
        others = [other.path.split(".") for other in scales if other is not scale]
        size = 2 if len(scales) <= _BESIDE - 1 or not steps[-1][0].isalpha() else 1
        while size < len(steps) and any(o[-size:] == steps[-size:] for o in others):
            size += 1
        unit = f" [{scale.unit}]" if scale.unit else ""
        found.append(f"{'.'.join(steps[-size:])}{unit}")
    return found


def _value(sweep: Sweep, scale: Scale, text: str) -> str:
    if scale.unit == LOCAL_TIME:
        return moment(sweep.operation.clock, scale.numbers[text])
    if text not in scale.numbers:
        return text
    return f"{scale.numbers[text]:,.3f}".rstrip("0").rstrip(".")


def _cell(sweep: Sweep, metric: str, point: int) -> Text:
    found = sweep.estimates[metric][point]
    if not found.came:
        return Text("in no run")
    words = with_half(found.mean, found.half)
    if not found.always:
        words += f" in {found.came / found.runs:.0%}"
    ends = sweep.extremes.get(metric)
    if ends and point in ends.best:
        return Text(f"best {words}", style="bold")
    return Text(f"worst {words}" if ends and point in ends.worst else words)


def _ends(sweep: Sweep) -> Table:
    """Return which points are best and worst, and which may be as good."""
    rows = table("", "best", _ALIKE, "worst")
    for metric, ends in sweep.extremes.items():
        cells = (_numbers(points) for points in (ends.best, ends.alike, ends.worst))
        rows.add_row(in_full(metric, sweep.operation), *cells)
    return rows


def _numbers(points: Sequence[int]) -> str:
    if len(points) > _MOST_NAMED:
        return f"{len(points):,} points"
    return ", ".join(str(point + 1) for point in points) or "none"


def _gaps(sweep: Sweep) -> Iterator[str]:
    for metric, estimates in sweep.estimates.items():
        if rare := [one for one in estimates if one.runs and not one.always]:
            yield (
                f"{in_full(metric, sweep.operation)} did not happen in every run of "
                f"{_many(rare)}; a mean is of the runs in which it did, and these "
                "points are neither best nor worst."
            )


def _many(estimates: Sequence[Estimate]) -> str:
    return f"{len(estimates):,} point{'s' * (len(estimates) != 1)}"


def _failures(sweep: Sweep) -> Iterator[str]:
    for point, failures in enumerate(sweep.failures, start=1):
        if failures:
            count, first = len(failures), failures[0]
            yield (
                f"{count:,} run{'s' * (count != 1)} of point {point} failed and "
                f"{'are' if count != 1 else 'is'} left out; the first, replication "
                f"{first.replication}: {first.error}."
            )
