"""Documented figures as intervals that a picture can show beside what was simulated."""

from collections.abc import Iterable, Sequence
from math import inf

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from sim.experiment import Study
from sim.experiment.documented import SHOWN_ROLES, DatedInterval
from sim.plots.style import INK, Marking, looks
from sim.plots.texts import in_words
from sim.words import Text, say

_METRICS = ("cumulative_arrivals", "arrivals_between")


Placed = tuple[float, DatedInterval]
"""An interval, and where along the time axis it stands."""


def looks_of(study: Study) -> dict[str, Marking]:
    """Return the look of each family of sources, the same in every picture."""
    return looks(
        figure.family
        for figure in study.figures
        if figure.metric in _METRICS and figure.role in SHOWN_ROLES
    )


def draw(
    ax: Axes,
    intervals: Sequence[DatedInterval],
    places: Sequence[float],
    look_of: dict[str, Marking],
    *,
    windows: bool,
) -> None:
    """Draw intervals with their markers.

    Parameters
    ----------
    ax : with its vertical limits set, which an open end is a fraction of.
    intervals : what to draw.
    places : where along the time axis, one for each.
    look_of : look of each family.
    windows : whether to draw the window as a horizontal bar.
    """
    reach = 0.05 * (ax.get_ylim()[1] - ax.get_ylim()[0])
    bars, colours = [], []
    for row, place in zip(intervals, places, strict=True):
        low = row.value - reach if row.low == -inf else row.low
        high = row.value + reach if row.high == inf else row.high
        bars.append([(place, low), (place, high)])
        colours.append(look_of[row.family].colour)
        if windows and row.to_s > row.from_s:
            bars.append([(row.from_s, row.value), (row.to_s, row.value)])
            colours.append(look_of[row.family].colour)
    ax.add_collection(
        LineCollection(bars, colors=colours, linewidths=1.1, gid="documented"),
        autolim=False,
    )
    placed = list(zip(places, intervals, strict=True))
    _draw_markers(ax, placed, look_of)
    for place, row in placed:  # where a pointer finds what the figure is
        (spot,) = ax.plot([place], [row.value], "o", markersize=9, alpha=0, zorder=4)
        spot.set(gid=f"figure-{row.id}", clip_on=False)
    _draw_arrows(ax, placed, look_of, reach)


def _draw_markers(
    ax: Axes, placed: Sequence[Placed], look_of: dict[str, Marking]
) -> None:
    by_look: dict[tuple[str, str], list[Placed]] = {}
    for place, row in placed:
        by_look.setdefault((row.family, row.role), []).append((place, row))
    for (family, role), rows in by_look.items():
        look = look_of[family]
        ax.plot(
            [place for place, _ in rows],
            [row.value for _, row in rows],
            look.marker,
            color=look.colour,
            markersize=4.6,
            markerfacecolor=look.colour if role == "fit" else "white",
            markeredgewidth=1.0,
            clip_on=False,
            zorder=3,
            gid=f"documented-{family}-{role}",
        )


def _draw_arrows(
    ax: Axes, placed: Sequence[Placed], look_of: dict[str, Marking], reach: float
) -> None:
    """Put a tip on the ends that the source leaves open."""
    for end, marker, up in ((inf, "^", reach), (-inf, "v", -reach)):
        tips = [(at, row) for at, row in placed if end in {row.low, row.high}]
        ax.scatter(
            [at for at, _ in tips],
            [row.value + up for _, row in tips],
            s=9,
            c=[look_of[row.family].colour for _, row in tips],
            marker=marker,
            linewidths=0,
        )


def side_by_side(
    intervals: Sequence[DatedInterval], width: float, height: float
) -> list[float]:
    """Return where to put markers so that none covers another.

    Parameters
    ----------
    intervals : what to place.
    width, height : of a marker, in the units of the axes.
    """
    taken: list[tuple[float, float]] = []
    places = []
    for row in intervals:
        steps = sorted(range(-8, 9), key=abs)
        free = (
            place
            for place in (row.middle_s + step * width for step in steps)
            if not any(
                abs(place - x) < width and abs(row.value - y) < height for x, y in taken
            )
        )
        place = next(free, row.middle_s)
        taken.append((place, row.value))
        places.append(place)
    return places


def legend_entries(
    intervals: Iterable[DatedInterval], look_of: dict[str, Marking]
) -> list[Line2D]:
    """Return what the markers mean: one entry for each family, then for each role."""
    rows = list(intervals)
    entries = [
        _marker(look_of[family].marker, look_of[family].colour, family, filled=True)
        for family in sorted({row.family for row in rows})
    ]
    words = {"fit": say("used in calibration"), "check": say("compared only")}
    roles = {row.role for row in rows}
    entries += [
        _marker("o", INK, words[role], filled=role == "fit")
        for role in SHOWN_ROLES
        if role in roles
    ]
    if any(row.high == inf for row in rows):
        entries.append(_marker("^", INK, say("at least"), filled=True))
    return entries


def _marker(marker: str, colour: str, words: Text, *, filled: bool) -> Line2D:
    return Line2D(
        [],
        [],
        linestyle="none",
        marker=marker,
        color=colour,
        markersize=4.6,
        markerfacecolor=colour if filled else "white",
        label=in_words(words),
    )
