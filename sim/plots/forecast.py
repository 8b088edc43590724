"""A forecast as a fan: what was known up to the moment, and how it may go on."""

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.inference.arrival_curves import documented_series, opens_h
from sim.inference.claims import Numbers
from sim.inference.forecast.forecast import Forecast
from sim.plots import style, titles
from sim.plots.people import in_place_of_curves
from sim.plots.style import Panel
from sim.plots.texts import in_words, shortened, thousands
from sim.plots.timeaxis import axis_in, moment_name, set_times
from sim.words import Number, Text, say

_COLUMNS = 4
_OUTER, _INNER = "#DCE3EA", "#AEBECD"


@style.styled
def fan(made: Forecast, levels: Mapping[str, Numbers]) -> Figure:
    """Draw the people arrived from each site, with 50 and 90 percent bands.

    Documented totals stand as they were reported: filled if they were known at the
    moment, hollow if they were published later.

    Parameters
    ----------
    made : the forecast.
    levels : of the people arrived, from `curve_quantiles`.
    """
    sites = [site for site in made.sites if _anybody(made, site)] or made.sites[:1]
    entries = _entries(made)
    operation = made.then.operation
    figure, axes = style.page(
        [Panel(2.4 if site == sites[0] else 1.3) for site in sites],
        foot_in=axis_in(operation) + style.legend_in(len(entries), _COLUMNS),
    )
    for ax, site in zip(axes, sites, strict=True):
        _draw(ax, made, site, levels[site])
        set_times(ax, operation, labels=ax is axes[-1])
    when = moment_name(operation.clock.local(made.then.moment_s))
    style.captions(
        figure,
        say("People arrived: forecast as of {when}", when=when),
        (
            operation.operation,
            say("Bands: knowledge and chance. Not for live movements."),
        ),
        say(
            "{draws} draws, {distinct} of them different.",
            draws=Number(len(made.outcomes.totals), ".0f"),
            distinct=Number(made.distinct, ".0f"),
        ),
    )
    style.legend(figure, entries, columns=_COLUMNS)
    return figure


def _anybody(made: Forecast, site: str) -> bool:
    return bool(made.outcomes.totals[:, made.sites.index(site)].any())


def _draw(ax: Axes, made: Forecast, site: str, levels: Numbers) -> None:
    hours = made.grid_s
    ax.fill_between(hours, levels[0], levels[4], color=_OUTER, linewidth=0, gid="90")
    ax.fill_between(hours, levels[1], levels[3], color=_INNER, linewidth=0, gid="50")
    ax.plot(hours, levels[2], color=style.MEDIAN, linewidth=1.5, gid="median")
    ax.axvline(made.then.moment_s, color=style.TURNED, linewidth=1.0, gid="moment")
    most = float(levels[4].max())
    for family, look in _looks(made).items():
        for known in (True, False):
            points = _reported(made, site, family, known=known)
            ax.plot(
                [at for at, _ in points],
                [people for _, people in points],
                look.marker,
                color=look.colour,
                markersize=4.6,
                markerfacecolor=look.colour if known else "white",
                gid=f"documented-{family}-{'known' if known else 'later'}",
            )
            most = max([most, *(people for _, people in points)])
    if not levels.any():
        in_place_of_curves(ax, say("nobody arrives in at least 95 % of the draws"))
    ax.set_ylim(0, 1.08 * max(most, 1.0))
    ax.set_title(shortened(titles.of_place(made.then.operation, site), 70))
    ax.set_ylabel(in_words(say("people arrived")))
    ax.yaxis.set_major_formatter(lambda value, _: thousands(value))
    ax.locator_params(axis="y", nbins=5, integer=True)


def _reported(
    made: Forecast, site: str, family: str, *, known: bool
) -> list[tuple[float, float]]:
    """Return the totals of a family: each step on top of those before it."""
    operation = made.then.operation
    series = documented_series(made.entries, site, opens_h(operation, site))
    return [
        (sum(entry.ends) / 2, float(series[family].at(entry.window_h[1])))
        for place, entry in enumerate(made.entries)
        if entry.counts_all_of(site)
        and entry.claim.family == family
        and entry.ends
        and (place < made.known) is known
    ]


def _looks(made: Forecast) -> dict[str, style.Marking]:
    return style.looks(
        entry.claim.family
        for entry in made.entries
        if any(entry.counts_all_of(site) for site in made.sites)
    )


def _entries(made: Forecast) -> list[Line2D | Patch]:
    def mark(told: Text, look: style.Marking, *, filled: bool) -> Line2D:
        face = look.colour if filled else "white"
        return Line2D(
            [],
            [],
            linestyle="none",
            marker=look.marker,
            color=look.colour,
            markersize=4.6,
            markerfacecolor=face,
            label=in_words(told),
        )

    ink = style.Marking(style.INK, "o")
    return [
        Line2D(
            [], [], color=style.MEDIAN, linewidth=1.5, label=in_words(say("median"))
        ),
        Patch(color=_INNER, label=in_words(say("50 %"))),
        Patch(color=_OUTER, label=in_words(say("90 %"))),
        Line2D(
            [],
            [],
            color=style.TURNED,
            linewidth=1.0,
            label=in_words(say("moment of forecast")),
        ),
        *(mark(name, look, filled=True) for name, look in _looks(made).items()),
        mark(say("known at the moment"), ink, filled=True),
        mark(say("published later"), ink, filled=False),
    ]
