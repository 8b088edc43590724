"""The sheets of the workbook, each from the study."""

from collections.abc import Sequence
from datetime import datetime
from math import isfinite
from typing import Any

from xlsxwriter import Workbook

from sim.events import RunLog
from sim.evidence.score import ScoreRow
from sim.experiment import Study
from sim.experiment.bands import Band
from sim.results.bands import (
    curve_bands,
    daily_bands,
    day_starts,
    metric_bands,
    to_leave_bands,
    waiting_bands,
)
from sim.results.log_tables import EVENT_COLUMNS, event_cells
from sim.results.sheet import Column, Formats, Page, SheetCell, add_sheet
from sim.results.tables import score_rows, window
from sim.results.titles import of_site
from sim.scenario import Clock

_MOST_EVENTS = 100_000
_HALF_HOURS_A_DAY = 48
_COUNTED = frozenset({"people", "vehicles", "units", "tranche"})
_MEASURES = (
    ("arrived", "arrived", "people"),
    ("not_arrived", "not arrived at the end", "people"),
    ("t50", "half had arrived", "date"),
    ("t90", "90 % had arrived", "date"),
    ("t100", "all had arrived", "date"),
    ("waiting", "waiting until arrival", "person-hours"),
    ("held_aboard", "held aboard convoys", "person-hours"),
)
_LEVELS = ("5 %", "median", "95 %")
_SITE = Column("site", 28)


def add_summary(book: Workbook, formats: Formats, study: Study) -> None:
    """Add the key numbers of each site, counts and dates in columns of their own."""
    bands, leaving = metric_bands(study), to_leave_bands(study)
    clock = study.operation.clock
    rows: list[Sequence[SheetCell]] = []
    for origin in leaving:
        site = of_site(study.operation, origin)
        rows.append(
            (site, "to leave", "people", *_key_cells(leaving[origin], "", clock))
        )
        for name, says, unit in _MEASURES:
            band = bands[f"{name}/{origin}"]
            rows.append((site, says, unit, *_key_cells(band, unit, clock)))
    columns = (
        *(_SITE, Column("what", 24), Column("unit", 14)),
        *(Column(f"{level}, number", 14, "whole") for level in _LEVELS),
        *(Column(f"{level}, date", 17, "moment") for level in _LEVELS),
        Column("runs in which it came", 12, "whole"),
    )
    note = f"Key numbers of {len(study.runs)} runs. The bands show {study.band}."
    add_sheet(book, formats, Page("Summary", note, columns, rows))


def add_daily(book: Workbook, formats: Formats, study: Study) -> None:
    """Add the people who arrived on each local day."""
    clock = study.operation.clock
    days = [str(clock.local(start_s).date()) for start_s in day_starts(study)]
    rows = [
        (of_site(study.operation, origin), day, *band[:3])
        for origin, bands in daily_bands(study).items()
        for day, band in zip(days, bands, strict=True)
    ]
    columns = (_SITE, Column("day", 12), *(Column(k, 12, "whole") for k in _LEVELS))
    note = f"People who arrived on each local day. The bands show {study.band}."
    add_sheet(book, formats, Page("Daily", note, columns, rows))


def add_curves(book: Workbook, formats: Formats, study: Study) -> None:
    """Add the people arrived by each moment, with a chart of the medians."""
    curves = curve_bands(study)
    clock = study.operation.clock
    moments = [_at(clock, int(second)) for second in study.grid_s]
    levels = [level for curve in curves.values() for level in curve.tolist()]
    rows = list(zip(moments, *levels, strict=True))
    titles = [of_site(study.operation, origin) for origin in curves]
    columns = (
        Column("local time", 17, "moment"),
        *(Column(f"{t}, {level}", 16, "whole") for t in titles for level in _LEVELS),
    )
    note = f"People who had arrived. The bands show {study.band}."
    sheet = add_sheet(book, formats, Page("Curves", note, columns, rows))
    chart = book.add_chart({"type": "line"})
    last = len(rows) + 1
    for number, title in enumerate(titles):
        median = 2 + 3 * number
        chart.add_series(
            {
                "name": title,
                "categories": ["Curves", 2, 0, last, 0],
                "values": ["Curves", 2, median, last, median],
                "line": {"width": 2, "dash_type": _DASHES[number % len(_DASHES)]},
            }
        )
    _label(chart, study.operation.zone)
    sheet.insert_chart(2, len(columns) + 1, chart)


def add_score(book: Workbook, formats: Formats, study: Study) -> None:
    """Add each documented figure beside the runs."""
    rows = [_score_row(row, study.operation.clock) for row in score_rows(study)]
    columns = (
        *(Column("id", 10), _SITE, Column("metric", 24), Column("select", 16)),
        *(Column("when", 36), Column("role", 9), Column("who says so", 20)),
        *(Column(f"documented {k}", 17) for k in ("low", "best", "high")),
        *(Column(f"runs {level}", 17) for level in _LEVELS),
        *(Column("unit", 14), Column("inside or outside", 12), Column("source", 12)),
    )
    note = (
        "Documented figures beside the runs; inside: the band of the runs and what is "
        f"documented overlap. The bands show {study.band}. No source is judged right."
    )
    looks = {"inside": "good", "outside": "bad"}
    add_sheet(book, formats, Page("Score", note, columns, rows, looks))


def add_waiting(book: Workbook, formats: Formats, study: Study) -> None:
    """Add why people waited, by site."""
    bands = waiting_bands(study)
    wholes: dict[str, float] = {}
    for (origin, _), band in bands.items():
        wholes[origin] = wholes.get(origin, 0.0) + band.mean
    rows = [
        (
            *(of_site(study.operation, origin), str(cause), band.mean),
            *(band.mean / wholes[origin] if wholes[origin] else None, *band[:3]),
        )
        for (origin, cause), band in bands.items()
    ]
    columns = (
        *(_SITE, Column("cause", 20), Column("person-hours, mean", 16, "whole")),
        Column("share", 8, "share"),
        *(Column(f"person-hours, {level}", 16, "whole") for level in _LEVELS),
    )
    note = (
        "All time from the start to the arrival, each hour under one cause. The means "
        f"sum to the whole. The bands show {study.band}."
    )
    add_sheet(book, formats, Page("Waiting", note, columns, rows))


def add_events(book: Workbook, formats: Formats, study: Study, log: RunLog) -> None:
    """Add what happened in the typical run, as far as a spreadsheet bears it."""
    clock = study.operation.clock
    rows = [
        (_at(clock, event.time_s), *event_cells(event))
        for event in log.events[:_MOST_EVENTS]
    ]
    columns = [Column("local time", 17, "moment")]
    for name in EVENT_COLUMNS:
        counted = name in _COUNTED
        columns.append(Column(name, 9, "whole") if counted else Column(name, 22))
    note = f"Everything that happened in replication {study.typical}."
    if len(log.events) > _MOST_EVENTS:
        note += (
            f" Only the first {_MOST_EVENTS:,} of {len(log.events):,} events; all are "
            "in events.csv."
        )
    add_sheet(book, formats, Page("Events", note, columns, rows))


_DASHES = ("solid", "dash", "round_dot", "long_dash_dot")


def _label(chart: Any, zone: str) -> None:
    chart.set_title({"name": "People who had arrived, median of the runs"})
    chart.set_x_axis(
        {
            "name": f"local time, {zone}",
            "text_axis": True,
            "interval_unit": _HALF_HOURS_A_DAY,
            "interval_tick": _HALF_HOURS_A_DAY,
            "num_format": "d mmm",
            "num_font": {"rotation": -45},
        }
    )
    chart.set_y_axis({"name": "people", "num_format": "#,##0", "min": 0})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 900, "height": 480})


def _key_cells(band: Band, unit: str, clock: Clock) -> tuple[SheetCell, ...]:
    """Return three numbers and three dates, one kind of them empty."""
    nothing = (None,) * 3
    if unit == "date":
        return (*nothing, *(_date(clock, hours) for hours in band[:3]), band.n)
    return (*band[:3], *nothing, band.n)


def _score_row(row: ScoreRow, clock: Clock) -> tuple[SheetCell, ...]:
    """Return the cells of a figure; moments as local dates in plain text."""
    figure = row.figure
    values: Sequence[SheetCell] = (*row.documented, *row.simulated[:3])
    if row.unit == "h after start":
        moments = (
            _date(clock, hours) for hours in (*row.documented, *row.simulated[:3])
        )
        values = [moment and f"{moment:%Y-%m-%d %H:%M}" for moment in moments]
    return (
        *(figure.id, figure.origin, figure.metric, figure.select, window(figure)),
        *(figure.role, figure.attributed_to, *values),
        "local time" if figure.unit == "time" else row.unit,
        "inside" if row.inside else "outside",
        figure.source,
    )


def _date(clock: Clock, hours: float) -> datetime | None:
    return _at(clock, round(hours * 3600)) if isfinite(hours) else None


def _at(clock: Clock, second: int) -> datetime:
    return clock.local(second).replace(tzinfo=None)
