"""How good forecasts were, from one moment to the next, beside comparators."""

from collections.abc import Callable, Sequence

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.inference.forecast.rolling_origin import SHIPPED
from sim.inference.forecast.rolling_score import RollingScore
from sim.plots import style, titles
from sim.plots.style import Panel
from sim.plots.texts import in_words
from sim.plots.timeaxis import axis_in, set_times
from sim.scenario import Operation
from sim.words import Sentence, say

_COLUMNS = 3
_SCORES: tuple[tuple[Sentence, Callable[[RollingScore], float]], ...] = (
    (say("later figures, CRPS of logarithms"), lambda score: score.crps),
    (say("arrivals by day, CRPS [people]"), lambda score: score.crps_days),
    (say("nearly all arrived, CRPS [h]"), lambda score: score.completion_h),
)


@style.styled
def rolling(scores: Sequence[RollingScore], operation: Operation) -> Figure:
    """Draw three scores over the moments of the forecasts. The lower, the better.

    Parameters
    ----------
    scores : of one site.
    operation : as it is told afterwards.
    """
    site = scores[0].site
    names = list(dict.fromkeys(score.forecaster for score in scores))
    looks = style.looks(name for name in names if name != SHIPPED)
    looks[SHIPPED] = style.Marking(style.INK, "o")
    figure, axes = style.page(
        [Panel(1.5) for _ in _SCORES],
        foot_in=axis_in(operation) + style.legend_in(len(names), _COLUMNS),
    )
    for ax, (said, value) in zip(axes, _SCORES, strict=True):
        for name in names:
            rows = [score for score in scores if score.forecaster == name]
            ax.plot(
                [operation.clock.seconds(row.moment.isoformat()) for row in rows],
                [value(row) for row in rows],
                marker=looks[name].marker,
                color=looks[name].colour,
                linewidth=1.8 if name == SHIPPED else 0.9,
                markersize=3.6,
                gid=name,
            )
        ax.set_ylim(bottom=0)
        ax.set_title(in_words(said))
        set_times(ax, operation, labels=ax is axes[-1])
    style.captions(
        figure,
        say("Forecasts from every morning and evening"),
        (
            say(
                "{operation}: {site}",
                operation=operation.operation,
                site=titles.of_place(operation, site),
            ),
            say(
                "Each forecast knows what was published by its moment. Lower is better."
            ),
        ),
        say("The documented figures contradict each other."),
    )
    entries = [
        Line2D([], [], color=look.colour, marker=look.marker, label=name)
        for name, look in looks.items()
    ]
    style.legend(figure, entries, columns=_COLUMNS)
    return figure
