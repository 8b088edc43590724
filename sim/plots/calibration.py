"""Pictures of a calibration: figures, parameters, sources, and what is not told apart.

Each is over the draws of a fit and says so; the bare prior stands beside it, pale.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.experiment.bands import LEVELS
from sim.inference.calibration.posterior import Parameter, Ridge, SourceBias, Verdict
from sim.inference.calibration.posterior_predictive import PredictiveCheck
from sim.plots import style
from sim.plots.predicted import FIT, PRIOR, predictions_of, rows_of, span
from sim.plots.texts import folded, in_words, numeral
from sim.words import Number, Sentence, Text, joined, say, say_many

_REACH = 6.0
"""Standard deviations on each side of what was reported that a picture shows."""
_LEAST_REACH = 2.2
"""Factor on each side of 1 that a picture of sources shows at the least."""
_FACTORS = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 5.0, 10.0)
_LONGEST = 50
"""Characters of a name beside a row."""
_OVER = say("5-95 % (calibrated).")

_VERDICTS: Mapping[Verdict, Sentence] = MappingProxyType(
    {
        "learned from the record": say("learned from the record"),
        "prior only": say("prior only"),
    }
)


@style.styled
def figures_of(
    after: Sequence[PredictiveCheck],
    before: Sequence[PredictiveCheck],
    operation: str,
    foot: Text,
) -> Figure:
    """Draw each documented figure, and what a fit and the bare prior would expect.

    Parameters
    ----------
    after, before : what the fit, and the prior, expect.
    operation, foot : what is drawn, and what it rests on: as of every picture here.
    """
    names = [f"{row.claim.name}  {row.claim.family}" for row in after]
    checks = list(zip(after, before, strict=True))
    figure, _ = predictions_of(names, checks, say("fit"), _REACH)
    _head(
        figure,
        (operation, foot),
        say("Documented figures beside what a calibrated run predicts"),
        joined([_OVER, say("Totals are as they were told.")]),
    )
    return figure


@style.styled
def parameters_of(
    parameters: Sequence[Parameter],
    ranges: Sequence[Text],
    operation: str,
    foot: Text,
) -> Figure:
    """Draw where each parameter lies in its prior after the figures were seen.

    Parameters
    ----------
    parameters : a row each.
    ranges : of each, before and after, in words.
    operation, foot : as of `figures_of`.
    """
    names = [
        "\n".join([_short(row.name), in_words(_VERDICTS[row.verdict]), in_words(gone)])
        for row, gone in zip(parameters, ranges, strict=True)
    ]
    figure, ax = rows_of(names, entries=2, row_in=0.45)
    for place, row in enumerate(parameters):
        span(ax, place - 0.15, LEVELS, PRIOR, width=4)
        hollow = row.verdict == "prior only"
        span(ax, place + 0.12, row.places, FIT, hollow=hollow)
    ax.set_xlim(0, 1)
    ax.set_xlabel(
        in_words(
            say("Place in the range of the scenario: 0.5 is the middle of the prior")
        )
    )
    _finish(
        figure,
        (operation, foot),
        say("What the record says about what is not known"),
        joined(
            [
                _OVER,
                say("Hollow: prior only, such figures fix less than a fifth of it."),
            ]
        ),
        [
            _fitted(),
            Line2D([], [], color=PRIOR, linewidth=4, label=in_words(say("prior"))),
        ],
    )
    return figure


@style.styled
def sources_of(sources: Sequence[SourceBias], operation: str, foot: Text) -> Figure:
    """Draw by which factor each family of sources differs from the runs."""
    names = [in_words(_named(row)) for row in sources]
    figure, ax = rows_of(names, entries=1)
    for place, row in enumerate(sources):
        span(ax, place, row.factor, FIT)
    ax.axvline(1, color=style.FAINT, linewidth=0.6)
    ax.set_xscale("log")
    furthest = max(max(level, 1 / level) for row in sources for level in row.factor)
    reach = max(_LEAST_REACH, 1.05 * furthest)
    ticks = [tick for tick in _FACTORS if 1 / reach <= tick <= reach]
    ax.set_xticks(ticks, labels=[numeral(tick, "g") for tick in ticks], minor=False)
    ax.minorticks_off()
    ax.set_xlim(1 / reach, reach)
    ax.set_xlabel(in_words(say("Reported by the source, divided by the run")))
    _finish(
        figure,
        (operation, foot),
        say("How far sources lie from the runs"),
        joined(
            [
                _OVER,
                say(
                    "No verdict on sources: all could be off together and nothing "
                    "would show."
                ),
            ]
        ),
        [_fitted()],
    )
    return figure


@style.styled
def ridge_of(ridge: Ridge, operation: str, foot: Text) -> Figure:
    """Draw the parameters that are told apart worst against each other."""
    size = len(ridge.names) - 1
    figure = Figure(figsize=(style.WIDTH_IN, style.WIDTH_IN * 0.9))
    for one, two, together in ridge.pairs():
        left, side = 0.13 + one * 0.85 / size, 0.85 / size - 0.05
        bottom = 0.13 + (size - two) * 0.77 / size
        ax = figure.add_axes((left, bottom, side, 0.77 / size - 0.065))
        across, up = ridge.points[:, one], ridge.points[:, two]
        ax.plot(across, up, ".", color=FIT, ms=2, alpha=0.4)
        ax.set(xlim=(0, 1), ylim=(0, 1))
        ax.set_title(
            in_words(say("correlation {value}", value=Number(together, "+.2f")))
        )
        if two == size:
            ax.set_xlabel(_label(ridge.names[one]), size=6.5)
        if one == 0:
            ax.set_ylabel(_label(ridge.names[two]), size=6.5)
    _head(
        figure,
        (operation, foot),
        say("What the record does not tell apart"),
        say(
            "Each dot is a draw (calibrated), by its place in the prior of two "
            "parameters; a slant: one makes up for the other."
        ),
    )
    return figure


def _fitted() -> Line2D:
    """Return what a legend says of a fit."""
    label = in_words(say("fit"))
    return Line2D([], [], color=FIT, marker="o", markersize=4, label=label)


def _named(source: SourceBias) -> Text:
    """Return a family of sources, with what it rests on."""
    figures = say_many(
        "{family}, {count} figure",
        "{family}, {count} figures",
        source.figures,
        family=source.name,
    )
    return joined([figures, say("taken at its word") if source.pinned else None], ", ")


def _short(name: str) -> str:
    """Return a dotted path without its middle: where it lies and what it is."""
    if len(name) <= _LONGEST:
        return name
    head = (_LONGEST - 1) // 2
    return f"{name[:head]}\N{HORIZONTAL ELLIPSIS}{name[head + 1 - _LONGEST :]}"


def _label(name: str) -> str:
    # Broken behind a dot, but with no blank where it is not.
    return folded(name.replace(".", ". "), 34, lines=3).replace(". ", ".")


def _finish(
    figure: Figure,
    about: tuple[str, Text],
    title: Text,
    shown: Text,
    entries: Sequence[Line2D],
) -> None:
    style.legend(figure, list(entries), columns=len(entries))
    _head(figure, about, title, shown)


def _head(figure: Figure, about: tuple[str, Text], title: Text, shown: Text) -> None:
    """Write title and footer; every band is over the draws of the fit."""
    operation, foot = about
    style.captions(figure, title, (operation, shown), foot)
