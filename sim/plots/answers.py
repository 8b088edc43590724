"""Pictures of answers: shares with their intervals, and ranked bars."""

from collections.abc import Sequence
from math import isnan

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.plots import style
from sim.plots.style import Panel
from sim.plots.texts import folded, in_words, numeral, thousands
from sim.words import Text, joined, say_many
from sim.words.bars import Bar, Captions

_MOST_BARS = 16
_ROW_IN, _LEFT_IN, _HEIGHT_IN = 0.24, 2.6, 2.3
_LABELS_IN, _LONG = 0.55, 34


@style.styled
def bars(captions: Captions, rows: Sequence[Bar], unit: Text) -> Figure | None:
    """Draw bars below each other, the first on top; None if there are none.

    Parameters
    ----------
    captions : what stands around them.
    rows : the bars; of many only the longest are drawn.
    unit : of their lengths.
    """
    if not rows:
        return None
    longest = sorted(rows, key=lambda bar: -abs(bar.value))[:_MOST_BARS]
    shown = [bar for bar in rows if bar in longest]
    height = _ROW_IN * len(shown) + 0.1
    figure, (ax,) = style.page([Panel(height)], left_in=_LEFT_IN, foot_in=0.45)
    for place, bar in enumerate(shown):
        ax.barh(
            place,
            bar.value,
            0.66,
            color=style.SIDES[0] if bar.strong else style.BAND,
            gid=f"bar-{place}",
        )
        if not isnan(bar.low):
            ax.hlines(place, bar.low, bar.high, colors=style.MEDIAN, linewidth=1.2)
    ax.axvline(0, color=style.FAINT, linewidth=0.8)
    names = [folded(in_words(bar.name), _LONG) for bar in shown]
    ax.set_yticks(range(len(shown)), labels=names)
    ax.set_ylim(len(shown) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=True, axis="x")
    ax.locator_params(axis="x", nbins=6)
    large = max(abs(bar.value) for bar in shown) >= 10
    ax.xaxis.set_major_formatter(
        lambda value, _: thousands(value) if large else numeral(value, ",.2g")
    )
    ax.set_xlabel(in_words(unit))
    _caption(figure, captions, left_out=len(rows) - len(shown))
    return figure


@style.styled
def shares(
    captions: Captions,
    points: Sequence[Bar],
    unit: Text,
    wanted: float,
) -> Figure:
    """Draw shares of runs one beside the other, each with its interval.

    Parameters
    ----------
    captions : what stands around them.
    points : shares from 0 to 1, in their order.
    unit : of what they stand at.
    wanted : share that is asked for, which a line shows; NaN if none is.
    """
    figure, (ax,) = style.page([Panel(_HEIGHT_IN)], foot_in=0.35 + _LABELS_IN)
    places = range(len(points))
    for place, point in enumerate(points):
        _draw_share(ax, place, point)
    ax.plot(
        [*places],
        [point.value for point in points],
        color=style.SIDES[0],
        linewidth=1.0,
        alpha=0.5,
        zorder=1,
    )
    if not isnan(wanted):
        ax.axhline(wanted, color=style.TURNED, linewidth=1.0, gid="wanted")
    ax.set_xticks(
        [*places],
        labels=[in_words(point.name).replace(" ", "\n", 1) for point in points],
    )
    ax.set_xlim(-0.6, len(points) - 0.4)
    ax.set_ylim(-0.03, 1.03)
    ax.yaxis.set_major_formatter(lambda value, _: numeral(value, ".0%"))
    ax.grid(visible=True, axis="y")
    ax.set_xlabel(in_words(unit))
    _caption(figure, captions)
    return figure


def _draw_share(ax: Axes, place: int, point: Bar) -> None:
    """Draw a share, filled if it stands out."""
    ax.errorbar(
        [place],
        [point.value],
        yerr=[[point.value - point.low], [point.high - point.value]],
        fmt="o",
        markersize=5,
        capsize=2.5,
        color=style.SIDES[0],
        markerfacecolor=style.SIDES[0] if point.strong else "white",
        gid=f"share-{place}",
    )


def _caption(figure: Figure, of: Captions, left_out: int = 0) -> None:
    shows = of.shows
    if left_out:
        more = say_many(
            "{count} more, shorter, is not drawn.",
            "{count} more, shorter, are not drawn.",
            left_out,
        )
        shows = joined([shows, more])
    style.captions(figure, of.title, (of.about, shows), of.foot)
