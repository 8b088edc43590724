"""Pictures of a validation: figures not seen, and ranks on made-up records."""

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.inference.validation.held_out import HeldOut
from sim.inference.validation.simulation_based_calibration import (
    CONFIDENCE,
    Coverage,
    ecdf,
)
from sim.plots import style
from sim.plots.predicted import predictions_of
from sim.plots.style import Panel
from sim.plots.texts import in_words, shortened
from sim.words import Number, Text, joined, say

_FOOT_IN = 0.45
_REACH = 8.0
"""Standard deviations on each side of what was reported that a picture shows."""
_MOST_NAMED = 5


@style.styled
def left_out_of(several: Sequence[HeldOut], operation: str, foot: Text) -> Figure:
    """Draw each figure that a fit has not seen, and what it predicts for it.

    Parameters
    ----------
    several : figures left out of one fit each.
    operation, foot : what is drawn, and what it rests on.
    """
    rows = [(held, row) for held in several for row in held.rows]
    names = [f"{row.after.claim.name}  {held.name}" for held, row in rows]
    figure, ax = predictions_of(
        [shortened(name, 58) for name in names],
        [(row.after, row.before) for _, row in rows],
        say("fit without it"),
        _REACH,
    )
    for place in range(1, len(rows)):
        if rows[place][0] is not rows[place - 1][0]:
            ax.axhline(place - 0.5, color=style.PALE, linewidth=0.8)
    style.captions(
        figure,
        say("Figures that the fit has not seen, and what it predicts for them"),
        (
            operation,
            joined(
                [
                    say("5-95 % (calibrated)."),
                    say(
                        "Hollow: outside. When gates were closed is known to every fit."
                    ),
                ]
            ),
        ),
        foot,
    )
    return figure


@style.styled
def coverage_of(found: Coverage, operation: str, foot: Text) -> Figure:
    """Draw how far the ranks of each target are from even, within their band."""
    named = found.outside[:_MOST_NAMED]
    confidence = Number(CONFIDENCE, ".0%")
    together = say("{confidence} band of all together", confidence=confidence)
    within = say("within the band")
    entries: list[Patch | Line2D] = [
        Patch(color=style.BAND, label=in_words(together)),
        Line2D([], [], color=style.FAINT, linewidth=0.7, label=in_words(within)),
    ]
    figure, (ax,) = style.page(
        [Panel(3.2, 0.1)],
        foot_in=_FOOT_IN + style.legend_in(len(entries) + len(named), 1),
    )
    places = found.band.places
    low, high = found.band.low - places, found.band.high - places
    ax.fill_between(places, low, high, color=style.BAND, linewidth=0, step="mid")
    for row in found.targets:
        gaps = ecdf(row.shares, places) - places
        if row not in named:
            ax.plot(places, gaps, color=style.FAINT, linewidth=0.5, alpha=0.7)
            continue
        number = named.index(row)
        (line,) = ax.plot(
            places,
            gaps,
            color=style.COOL[number % len(style.COOL)],
            linestyle=style.DASHES[number % len(style.DASHES)],
            linewidth=1.6,
            label=shortened(in_words(say("leaves it: {name}", name=row.name)), 100),
        )
        entries.append(line)
    ax.axhline(0, color=style.FAINT, linewidth=0.6)
    ax.set_xlim(0, 1)
    ax.grid(visible=True)
    ax.set_xlabel(in_words(say("Place of the truth among the draws")))
    ax.set_ylabel(in_words(say("Share of truths up to there, less what is even")))
    style.legend(figure, entries, columns=1)
    half, most = found.means
    style.captions(
        figure,
        say("Whether the screen is as sure as it may be: made-up records, known truth"),
        (
            operation,
            say(
                "{targets} targets. The 50 % intervals held the truth in {half} of "
                "cases, the 90 % intervals in {most}.",
                targets=Number(len(found.targets)),
                half=Number(half, ".1%"),
                most=Number(most, ".1%"),
            ),
        ),
        foot,
    )
    return figure
