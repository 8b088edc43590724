"""The charts of a workbook: native, so that a planner can change and copy them."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from xlsxwriter import Workbook

from sim.report.contents import Table
from sim.report.forms.strands import Placed
from sim.words import Moment, Words, say

_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#7F7F7F", "#332288")
_MARKERS = ("circle", "square", "diamond", "triangle", "x", "star")
_DASHES = ("solid", "long_dash", "dash", "round_dot", "long_dash_dot", "square_dot")
_SIZE = {"width": 940, "height": 430}
_PLACE = re.compile(r"!(?=\$?[A-Z]+\$?\d)")
_EPOCH = datetime(1899, 12, 30)
"""Day 0 of a spreadsheet."""
_DAYS_BY_HOURS = 3
_WHEN_BEST_LOW_HIGH = (2, 3, 4, 5)
"""Columns of a table of what sources say."""


def charted(
    book: Workbook, table: Table, place: Placed, beside: Placed | None, words: Words
) -> Any:
    """Return the chart of a table.

    Parameters
    ----------
    book : it belongs to.
    table : with a chart.
    place : where its numbers stand.
    beside : where what sources say of the same stands.
    words : in whose language.

    Raises
    ------
    ValueError
        If the table has no chart.
    """
    if table.chart is None:
        raise ValueError(words.of(table.name))
    kind, title = table.chart.kind, table.chart.title
    if kind == "curves":
        chart = book.add_chart({"type": "scatter", "subtype": "straight"})
        _add_curves(chart, place, beside, words)
        _set_dates(chart, place)
    else:
        chart = book.add_chart({"type": "column" if kind == "columns" else "bar"})
        drawn = [n for n, strand in enumerate(place.strands) if strand.middle]
        shown = drawn if kind == "columns" else drawn[:1]
        for number, at in enumerate(shown):
            chart.add_series(_bars(place, at, number))
        if kind == "bars":
            chart.set_y_axis({"reverse": True})
            chart.set_legend({"none": True})
        chart.set_x_axis({"num_format": "dd.mm."} if kind == "columns" else {})
    chart.set_title({"name": _plain(words.of(title)), "name_font": {"size": 12}})
    chart.set_size(_SIZE)
    return chart


def _add_curves(chart: Any, place: Placed, beside: Placed | None, words: Words) -> None:
    """Draw the median of each column, its band dashed, and what sources say."""
    columns = dict.fromkeys(s.of for s in place.strands if s.of > 0)
    hidden: list[int] = []
    drawn = 0
    for number, column in enumerate(columns):
        colour = _COLOURS[number % len(_COLOURS)]
        for at, strand in enumerate(place.strands):
            if strand.of != column:
                continue
            line: dict[str, Any] = {"color": colour, "width": 2.25}
            line["dash_type"] = _DASHES[number % len(_DASHES)]
            if not strand.middle:
                line |= {"width": 0.75, "dash_type": "round_dot"}
                hidden.append(drawn)
            chart.add_series(
                {
                    "name": _plain(strand.heading),
                    "categories": _cells(place, 0),
                    "values": _cells(place, at),
                    "line": line,
                    "marker": {"type": "none"},
                }
            )
            drawn += 1
    if beside is not None:
        for number, (site, rows) in enumerate(_groups(beside)):
            for series in _reported(beside, site, rows, number, words):
                chart.add_series(series)
            hidden += [drawn + 1, drawn + 2]
            drawn += 3
    chart.set_legend({"position": "bottom", "delete_series": hidden})
    chart.set_y_axis({"num_format": "#,##0", "min": 0})


def _reported(
    place: Placed, site: str, rows: tuple[int, int], number: int, words: Words
) -> Iterator[dict[str, Any]]:
    """Return marks for what sources say of one site, with their bounds as dashes."""
    when, *values = (
        next(n for n, strand in enumerate(place.strands) if strand.of == column)
        for column in _WHEN_BEST_LOW_HIGH
    )
    colour = _COLOURS[number % len(_COLOURS)]
    for at, marker in zip(
        values,
        (_MARKERS[number % len(_MARKERS)], "short_dash", "short_dash"),
        strict=True,
    ):
        yield {
            "name": words.of(say("documented: {site}", site=site)),
            "categories": _cells(place, when, rows),
            "values": _cells(place, at, rows),
            "line": {"none": True},
            "marker": {
                "type": marker,
                "size": 6,
                "border": {"color": colour},
                "fill": {"color": "#FFFFFF"},
            },
        }


def _bars(place: Placed, at: int, number: int) -> dict[str, Any]:
    """Return bars of one column."""
    strand = place.strands[at]
    labels = at - 1
    while labels and place.strands[labels].of > 0:
        labels -= 1
    return {
        "name": _plain(strand.heading),
        "categories": [
            *(place.sheet, place.head + 1, 0),
            *(place.head + len(strand.cells), labels),
        ],
        "values": _cells(place, at),
        "fill": {"color": _COLOURS[number % len(_COLOURS)]},
    }


def _set_dates(chart: Any, place: Placed) -> None:
    """Let the horizontal axis hold the moments of the first column and no others."""
    moments = [
        _days(cell.local) for cell in place.strands[0].cells if isinstance(cell, Moment)
    ]
    first, last = int(min(moments)), max(moments)
    axis: dict[str, Any] = {"min": first, "max": last, "num_format": "dd.mm."}
    if last - first <= _DAYS_BY_HOURS:
        axis |= {"num_format": "dd.mm. hh:mm", "major_unit": 0.25, "min": min(moments)}
    chart.set_x_axis(axis | {"major_gridlines": {"visible": True}})


def _groups(place: Placed) -> Iterator[tuple[str, tuple[int, int]]]:
    """Return each title in the first column, and between which rows it stands."""
    titles = [str(cell) for cell in place.strands[0].cells]
    for title in dict.fromkeys(titles):
        first = titles.index(title)
        yield title, (first, first + titles.count(title))


def _cells(
    place: Placed, column: int, rows: tuple[int, int] | None = None
) -> list[Any]:
    first, end = rows or (0, len(place.strands[column].cells))
    head = place.head + 1
    return [place.sheet, head + first, column, head + end - 1, column]


def _days(moment: date) -> float:
    """Return a moment as a spreadsheet counts."""
    timed = moment if isinstance(moment, datetime) else datetime.combine(moment, time())
    return (timed.replace(tzinfo=None) - _EPOCH).total_seconds() / 86_400


def _plain(name: str) -> str:
    """Return a name that is not taken for the place of a cell, as `Stop!A1` is."""
    return _PLACE.sub("!\N{WORD JOINER}", name)
