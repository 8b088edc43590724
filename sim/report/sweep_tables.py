"""Tables and pictures of the points of a sweep: values, means, and which is best."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sim.experiment.scales import LOCAL_TIME, Scale
from sim.experiment.sweep import Sweep
from sim.report.contents import (
    HTML,
    TERMINAL,
    WORKBOOK,
    Column,
    Part,
    Picture,
    Table,
    table,
)
from sim.report.headlines import of_points
from sim.report.intervals import mean_of
from sim.words import (
    Marked,
    Number,
    Text,
    joined,
    listed,
    moment,
    say,
    say_many,
    share,
)
from sim.words.metrics import dated, in_full, label, name_of, of_key

_BESIDE = 3
"""Metrics in one table of a terminal."""
_MOST_DRAWN, _MOST_FIELDS = 6, 3
"""Metrics and fields in one picture."""
_MOST_ACROSS, _MOST_UP = 12, 25
"""Values of the two fields of a map that can be read."""
_MOST, _OF_EACH = 40, 10
"""Points that are all shown; of more, so many of the best and the worst."""
_MOST_NAMED = 8


def points(sweep: Sweep) -> Iterator[Part]:
    """Return metrics at the points, site by site, as tables and as pictures.

    A terminal gets narrow tables, and of many points those at both ends of the first
    metric; so does a page, beside its pictures. A workbook holds all.
    """
    by_key: dict[str, list[str]] = {}
    for metric in sweep.metrics:
        by_key.setdefault(metric.partition("/")[2], []).append(metric)
    for key, metrics in by_key.items():
        for shown in _several(metrics, _BESIDE):
            yield _ends_of(sweep, key, shown, TERMINAL)
        yield from _pictures(sweep, key, metrics)
        every = range(len(sweep.points))
        title = of_key(sweep.operation, key)
        yield _table(sweep, key, title, metrics, every, WORKBOOK)


def extremes(sweep: Sweep) -> Table:
    """Return which points are best and worst, and which may be as good."""
    headings = (say("best"), say("as good, for all that is known"), say("worst"))
    return table(
        say("Best and worst"),
        say("Best and worst points, by the mean"),
        map(Column, (None, *headings)),
        (
            (
                in_full(metric, sweep.operation),
                *map(numbers, (ends.best, ends.alike, ends.worst)),
            )
            for metric, ends in sweep.extremes.items()
        ),
    )


def numbers(points: Sequence[int]) -> Text:
    """Return the numbers of points, or of many how many they are."""
    if len(points) > _MOST_NAMED:
        return say_many("{count} point", "{count} points", len(points))
    if not points:
        return say("none")
    return joined((str(point + 1) for point in points), ", ")


def values(sweep: Sweep, point: int) -> Text:
    """Return the value of each field at a point, in a sentence."""
    return listed(
        say(
            "{field} {value}",
            field=_short(scale, sweep.scales),
            value=_with_unit(sweep, scale, point),
        )
        for scale in sweep.scales
    )


def _several(metrics: Sequence[str], most: int) -> Iterator[Sequence[str]]:
    for first in range(0, len(metrics), most):
        yield metrics[first : first + most]


def _ends_of(
    sweep: Sweep, key: str, metrics: Sequence[str], forms: frozenset[str]
) -> Table:
    """Return all points if they are few, else both ends of the first metric."""
    every = range(len(sweep.points))
    title: Text = of_key(sweep.operation, key)
    if len(every) <= _MOST:
        return _table(sweep, key, title, metrics, every, forms)
    ranked = sorted(every, key=lambda point: sweep.estimates[metrics[0]][point].mean)
    shown = sorted({*ranked[:_OF_EACH], *ranked[-_OF_EACH:]})
    title = say(
        "{place} ({shown} of {points} points)",
        place=title,
        shown=Number(len(shown)),
        points=Number(len(every)),
    )
    return _table(sweep, key, title, metrics, shown, forms)


def _table(
    sweep: Sweep,
    key: str,
    title: Text,
    metrics: Sequence[str],
    shown: Sequence[int],
    forms: frozenset[str],
) -> Table:
    rows = (
        (
            Number(point + 1),
            *(_value(sweep, scale, point) for scale in sweep.scales),
            *(
                _cell(sweep, metric, point, named=forms != WORKBOOK)
                for metric in metrics
            ),
        )
        for point in shown
    )
    columns = (
        Column(say("point"), number=True),
        *(Column(_heading(scale, sweep.scales)) for scale in sweep.scales),
        *(Column(label(metric), number=True) for metric in metrics),
    )
    return table(say("Points {of}", of=key), title, columns, rows, forms=forms)


def _heading(scale: Scale, scales: Sequence[Scale]) -> str:
    unit = f" [{scale.unit}]" if scale.unit else ""
    return f"{_short(scale, scales)}{unit}"


def _short(scale: Scale, scales: Sequence[Scale]) -> str:
    """Return the end of a path, as short as it can be told from the others."""
    steps = scale.path.split(".")
    others = [other.path.split(".") for other in scales if other is not scale]
    size = 2 if len(scales) < _BESIDE or not steps[-1][0].isalpha() else 1
    while size < len(steps) and any(o[-size:] == steps[-size:] for o in others):
        size += 1
    return ".".join(steps[-size:])


def _value(sweep: Sweep, scale: Scale, point: int) -> Text:
    text = sweep.points[point][scale.path]
    if scale.unit == LOCAL_TIME:
        return moment(sweep.operation.clock, scale.numbers[text])
    if text not in scale.numbers:
        return text
    number = round(scale.numbers[text], 3)
    places = next(places for places in range(4) if round(number, places) == number)
    return Number(number, f",.{places}f")


def _with_unit(sweep: Sweep, scale: Scale, point: int) -> Text:
    value = _value(sweep, scale, point)
    bare = scale.unit in {"", LOCAL_TIME}
    return value if bare else joined([value, scale.unit])


def _cell(sweep: Sweep, metric: str, point: int, *, named: bool) -> Text:
    """Return a mean; where it is read, not reckoned with, best and worst are named."""
    found = sweep.estimates[metric][point]
    if not found.came:
        return say("in no run")
    clock = sweep.studies[point].operation.clock
    mean = dated(metric, clock, mean_of(found.mean, found.interval), found.mean)
    if not found.always:
        came = share(found.came / found.runs)
        mean = say("{mean} in {share}", mean=mean, share=came)
    ends = sweep.extremes.get(metric) if named else None
    if ends and point in ends.best:
        return Marked(say("best {mean}", mean=mean), "strong")
    return say("worst {mean}", mean=mean) if ends and point in ends.worst else mean


def _pictures(sweep: Sweep, key: str, metrics: Sequence[str]) -> Iterator[Picture]:
    """Return a picture of a few metrics and fields at a time."""
    pages = [
        (shown, drawing)
        for shown in _several(metrics, _MOST_DRAWN)
        for drawing in _drawings(sweep, shown)
    ]
    file = re.sub(r"[^\w.-]+", "-", f"sweep-{key}").strip("-.")
    place = of_key(sweep.operation, key)
    size = Number(len(sweep.points))
    tabled: Sequence[str] = ()
    for number, (shown, (drawing, shows, arguments)) in enumerate(pages, start=1):
        best = next((each for each in shown if each in sweep.extremes), None)
        title = (
            of_points(sweep, best, values(sweep, sweep.extremes[best].best[0]))
            if best
            else say("{place}: {points} points of a sweep", place=place, points=size)
        )
        yield Picture(
            file if len(pages) == 1 else f"{file}-{number}",
            title,
            joined([shows, _best_of(sweep, shown)]),
            arguments,
            None if shown == tabled else _ends_of(sweep, key, shown, HTML),
            drawing=drawing,
        )
        tabled = shown


def _drawings(
    sweep: Sweep, metrics: Sequence[str]
) -> Iterator[tuple[str, Text, tuple[Any, ...]]]:
    """Return which pictures of metrics there are, what they show, and of what."""
    names = listed(map(name_of, metrics))
    if len(sweep.scales) == 1:
        shows = say(
            "Of {metrics}, the mean at each value of {field} with its 95 % interval, "
            "and where 5 % to 95 % of the runs lie.",
            metrics=names,
            field=sweep.scales[0].column,
        )
        yield "sweep-lines", shows, (sweep, metrics)
    elif sides := _map_of(sweep):
        across, up = sides
        shows = say(
            "Maps of {metrics}: the mean at each value of {across} with each of {up}.",
            metrics=names,
            across=across.column,
            up=up.column,
        )
        yield "sweep-map", shows, (sweep, metrics, *sides)
    else:
        for first in range(0, len(sweep.scales), _MOST_FIELDS):
            scales = sweep.scales[first : first + _MOST_FIELDS]
            shows = say(
                "Of {metrics}, the mean at each point with its 95 % interval, against "
                "{fields}; the other fields vary too.",
                metrics=names,
                fields=listed(scale.column for scale in scales),
            )
            yield "sweep-panels", shows, (sweep, metrics, scales)


def _map_of(sweep: Sweep) -> tuple[Scale, Scale] | None:
    """Return what goes across a map and what up, None if no map could be read."""
    if len(sweep.scales) != 2 or sweep.design.kind != "grid":
        return None
    across, up = sweep.scales
    if len(across.levels) > _MOST_ACROSS >= len(up.levels):
        across, up = up, across
    small = len(across.levels) <= _MOST_ACROSS and len(up.levels) <= _MOST_UP
    return (across, up) if small else None


def _best_of(sweep: Sweep, metrics: Sequence[str]) -> Text:
    found = [
        say("{metric}: {points}", metric=name_of(metric), points=numbers(ends.best))
        for metric in metrics
        if (ends := sweep.extremes.get(metric))
    ]
    if not found:
        return None
    return say("Best points: {points}.", points=joined(found, "; "))
