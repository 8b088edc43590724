"""How many people arrived on each local day, beside what is documented of it."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from sim.experiment.bands import Bands
from sim.experiment.documented import DatedInterval, counts_of_days
from sim.plots import documented, style
from sim.plots.people import (
    MOST_PANELS,
    bars_and_whiskers,
    left_out,
    nobody,
    set_people_axis,
    simulated,
)
from sim.plots.style import Panel
from sim.plots.texts import in_words, thousands
from sim.plots.timeaxis import axis_in, days, set_times
from sim.words import say

_COLUMNS = 5
_MOST_NUMBERS = 14
_BAR = (0.08, 0.52)
_BESIDE = (0.6, 0.96)
"""Where in a day the bar stands, and where what is documented, as fractions of it."""


@style.styled
def daily(bands: Bands) -> Figure | None:
    """Draw the arrivals of each local day; None if nobody is to leave."""
    study, sites = bands.study, bands.leaving
    if not sites:
        return None
    shown = sites[:MOST_PANELS]
    spans = days(study.operation)
    rows = {site: counts_of_days(study, site, spans) for site in shown}
    drawn = [row for found in rows.values() for row in found]
    look_of = documented.looks_of(study)
    entries = [*simulated(study), *documented.legend_entries(drawn, look_of)]
    figure, axes = style.page(
        [Panel(_height_in(bands, site, shown[0])) for site in shown],
        foot_in=axis_in(study.operation) + style.legend_in(len(entries), _COLUMNS),
    )
    for ax, site in zip(axes, shown, strict=True):
        _draw_bars(ax, bands, site, [row.high for row in rows[site]])
        places = _beside(rows[site])
        documented.draw(ax, rows[site], places, look_of, windows=False)
        set_times(ax, study.operation, labels=ax is axes[-1])
    style.head(
        figure,
        study,
        say("People arrived on each day, by site of origin"),
        bars_and_whiskers(study),
    )
    style.legend(figure, entries, columns=_COLUMNS)
    style.note(figure, left_out(sites))
    return figure


def _height_in(bands: Bands, site: str, largest: str) -> float:
    if not any(band.mean for band in bands.daily[site]):
        return 0.7
    return 2.2 if site == largest else 1.6


def _draw_bars(ax: Axes, bands: Bands, site: str, highs: Sequence[float]) -> None:
    study = bands.study
    low, middle, high, means = np.array(
        [(band.p5, band.median, band.p95, band.mean) for band in bands.daily[site]]
    ).T
    spans = days(study.operation)
    begins = np.array([begin + _BAR[0] * (end - begin) for begin, end in spans])
    widths = np.array([(_BAR[1] - _BAR[0]) * (end - begin) for begin, end in spans])
    ax.bar(begins, middle, widths, align="edge", color=style.BAND, gid="median")
    if len(study.runs) > 1:
        whiskers = [
            [(at, least), (at, most)]
            for at, least, most in zip(begins + widths / 2, low, high, strict=True)
            if most > least
        ]
        ax.add_collection(
            LineCollection(
                whiskers, colors=style.MEDIAN, linewidths=1.2, gid="whiskers"
            ),
            autolim=False,
        )
    if len(spans) <= _MOST_NUMBERS:
        for at, most, value in zip(begins + widths / 2, high, middle, strict=True):
            if value >= 1:
                _write(ax, at, most, thousands(value))
    set_people_axis(ax, study, site, say("people a day"), float(high.max()), *highs)
    if not high.any():
        ax.set_ylabel(in_words(say("people")))
        nobody(ax, study, ever=bool(means.any()))


def _write(ax: Axes, at: float, most: float, words: str) -> None:
    ax.annotate(
        words,
        (at, most),
        xytext=(0, 1.5),
        textcoords="offset points",
        ha="center",
        size=7,
        color=style.FAINT,
    )


def _beside(rows: Sequence[DatedInterval]) -> list[float]:
    """Return where each interval stands: side by side in the later half of its day."""
    of_day: dict[int, list[str]] = {}
    for row in rows:
        of_day.setdefault(row.from_s, []).append(row.id)
    places = []
    for row in rows:
        names = of_day[row.from_s]
        step = (names.index(row.id) + 0.5) / len(names)
        share = _BESIDE[0] + (_BESIDE[1] - _BESIDE[0]) * step
        places.append(row.from_s + share * (row.to_s - row.from_s))
    return places
