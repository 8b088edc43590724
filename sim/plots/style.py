"""How every picture looks: sizes, colours, fonts, and what stands above and below it.

Colours are told apart by people who see few of them, and never carry a meaning
alone: markers, dashes, hatches, order or words say the same again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from types import MappingProxyType
from typing import Literal, NamedTuple, ParamSpec, TypeVar

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.typing import LineStyleType

from sim.events import Cause
from sim.experiment import Study
from sim.experiment.replicate import Band
from sim.metrics.spans import UNCHARGED
from sim.plots import fonts
from sim.plots.texts import apart, in_words, runs_left, shortened
from sim.words import Number, Sentence, Text, joined, say, say_many

WIDTH_IN = 8.0
"""Of every picture; prints on a sheet of A4 with text of 7 points still readable."""
TEXT_PT, SMALL_PT, TITLE_PT = 8.5, 7.5, 11.0
_FOOT_IN = 0.3
_FREE_IN, _FREE_FOR_LONG_MONTHS_IN = 0.2, 0.45
"""On the right of axes, where half of the name of the last day stands."""
_LINE_IN = 0.165
_HEAD_IN = 0.62
_SECOND_IN = 0.49
_TITLE, _ABOUT = "picture-title", "picture-about"
NO_RECORD = say("Simulation, not a record.")
_LEFT, _RIGHT = 0.012, 0.988
"""Between what texts stand, as fractions of the width."""
_LONGEST_LINE = 145
"""Letters of a small line across a picture."""
_LONGEST_TITLE, _TITLE_ACROSS = 120, 0.94
"""Letters of a title; one that does not fit across its picture is written smaller."""

INK, FAINT, PALE = "#222222", "#666666", "#DDDDDD"
MEDIAN, BAND = "#222222", "#B9C4CF"
CLOSED, TURNED = "#B5B5B5", "#B0005A"

_STYLE = MappingProxyType(
    {
        "font.size": TEXT_PT,
        "text.parse_math": False,  # a title may well contain two dollar signs
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": FAINT,
        "axes.titlesize": TEXT_PT + 0.5,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.axisbelow": True,
        "grid.color": "#E4E4E4",
        "grid.linewidth": 0.6,
        "xtick.labelsize": SMALL_PT,
        "ytick.labelsize": SMALL_PT,
        "xtick.color": FAINT,
        "ytick.color": FAINT,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "legend.fontsize": SMALL_PT,
        "legend.frameon": False,
        "hatch.linewidth": 0.5,
        "svg.hashsalt": "sim",  # names in the file come from its contents
        "svg.fonttype": "path",  # outlines look the same on every machine
    }
)

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def styled(draws: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Decorate a function that draws: whatever the user has set, it looks the same.

    The settings belong to the process: threads may not draw at the same time.
    """

    @wraps(draws)
    def drawn(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        settings = {**_STYLE, "font.family": fonts.families()}
        if runs_left():
            settings["axes.titlelocation"] = "right"
        with matplotlib.style.context(["default", settings]):
            return draws(*args, **kwargs)

    return drawn


OVER: Mapping[Band, Sentence] = MappingProxyType(
    {
        "chance": say("chance"),
        "knowledge and chance": say("knowledge and chance"),
        "calibrated": say("calibrated"),
    }
)
"""What bands can be over."""

COOL = ("#0072B2", "#000000", "#44AA99", "#7A5FA8", "#56B4E9", "#7F7F7F")
"""For what moves (flows); causes are warm, so that both can stand in one picture."""
DASHES: tuple[LineStyleType, ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)))
SIDES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#7F7F7F")
"""For the sides of an agreement."""

CAUSES = MappingProxyType(
    {
        Cause.NOT_BEGUN: ("#E3E3E3", ""),
        Cause.AGREEMENT: ("#E69F00", ""),
        Cause.STOPPAGE: ("#D55E00", ""),
        Cause.DETENTION: ("#8C1D18", ""),
        Cause.OUTSIDE_HOURS: ("#BDBDBD", "///"),
        Cause.NO_VEHICLE: ("#CC79A7", ""),
        Cause.HEADWAY: ("#F3E79B", ""),
        Cause.BAY: ("#B7E3D8", "///"),
        Cause.BOARDING: ("#56B4E9", ""),
        Cause.ROAD: ("#009E73", ""),
        Cause.QUEUE: ("#0072B2", ""),
        Cause.INSPECTION: ("#9DB7D5", "\\\\\\"),
        Cause.UNLOADING: ("#B7E3D8", ""),
        Cause.NO_SERVICE: ("#9A9A9A", "xxx"),
        Cause.NOT_READY: ("#E3E3E3", "..."),
        Cause.FULL: ("#F3E79B", "///"),
        UNCHARGED: ("#FFFFFF", "xxx"),
    }
)
"""Colour and hatch of each cause of waiting."""

_FAMILY_COLOURS = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9",
    "#B07D00", "#332288", "#882255", "#999933", "#7F7F7F",
    "#7B4B2A", "#117733",
)  # fmt: skip
_MARKERS = ("o", "s", "D", "v", "P", "X", "<", ">", "h", "p", "d", "*")


class Marking(NamedTuple):
    """How something is told apart: by colour, and by a marker as a second cue."""

    colour: str
    marker: str


class Panel(NamedTuple):
    """Room for one set of axes.

    Attributes
    ----------
    height_in : of the axes.
    head_in : kept free above them, for a title and more.
    """

    height_in: float
    head_in: float = 0.3


def looks(families: Iterable[str]) -> dict[str, Marking]:
    """Return a look for each family of sources, the same for the same families."""
    return {
        family: Marking(
            _FAMILY_COLOURS[number % len(_FAMILY_COLOURS)],
            _MARKERS[number % len(_MARKERS)],
        )
        for number, family in enumerate(sorted(set(families)))
    }


def page(
    panels: Sequence[Panel], *, left_in: float = 0.8, foot_in: float, columns: int = 1
) -> tuple[Figure, list[Axes]]:
    """Return an empty picture with panels one below the other.

    Parameters
    ----------
    panels : from top to bottom.
    left_in : free on the left of each, for the labels of the vertical axis.
    foot_in : free below the last panel, for its time axis and a legend; the footer
        comes on top of that.
    columns : of panels side by side; axes then come row by row.
    """
    below = foot_in + _FOOT_IN
    free = _FREE_FOR_LONG_MONTHS_IN if runs_left() else _FREE_IN
    height = _HEAD_IN + sum(p.height_in + p.head_in for p in panels) + below
    figure = Figure(figsize=(WIDTH_IN, height))
    top = height - _HEAD_IN
    axes = []
    for panel in panels:
        top -= panel.head_in + panel.height_in
        step = (WIDTH_IN - free) / columns
        across = (step - left_in) / WIDTH_IN
        for column in range(columns):
            left = (column * step + left_in) / WIDTH_IN
            box = (left, top / height, across, panel.height_in / height)
            axes.append(figure.add_axes(box))
    return figure, axes


def size_in(ax: Axes) -> tuple[float, float]:
    """Return width and height of axes [inches]."""
    figure, box = ax.get_figure(root=True), ax.get_position()
    across, down = figure.get_size_inches() if figure else (0.0, 0.0)
    return box.width * across, box.height * down


def head(figure: Figure, study: Study, title: Text, shown: Text) -> None:
    """Write what is shown above a picture, and below it what it is not."""
    foot: Text = say_many(
        "Seed {seed}, {count} replication.",
        "Seed {seed}, {count} replications.",
        len(study.runs),
        seed=str(study.seed),
    )
    if study.failures:
        failed = say_many(
            "{count} more failed.", "{count} more failed.", len(study.failures)
        )
        foot = joined([foot, failed])
    captions(figure, title, (study.operation.operation, shown), foot)


def captions(figure: Figure, title: Text, below: tuple[Text, Text], foot: Text) -> None:
    """Write a title, two lines below it, and under the picture that it is no record.

    Parameters
    ----------
    figure : to write on.
    title : of the picture.
    below : what it is about, and what it shows.
    foot : which runs it rests on.
    """
    height = figure.get_figheight()
    begins, side = _beginning()
    figure.text(
        begins,
        1 - (0.1 + _down_in(TITLE_PT)) / height,
        in_words(title),
        size=TITLE_PT,
        weight="bold",
        va=_hung(),
        ha=side,
        color=INK,
        gid=_TITLE,
    )
    for told, down_in in zip(below, (0.34, _SECOND_IN), strict=True):
        figure.text(
            begins,
            1 - (down_in + _down_in(SMALL_PT)) / height,
            shortened(in_words(told), _LONGEST_LINE),
            size=SMALL_PT,
            va=_hung(),
            ha=side,
            color=FAINT,
            gid=_ABOUT if down_in < _SECOND_IN else None,
        )
    figure.text(
        begins,
        0.09 / height,
        shortened(in_words(joined([NO_RECORD, foot])), _LONGEST_LINE),
        size=SMALL_PT,
        ha=side,
        color=FAINT,
    )


def warn(figure: Figure, notice: str) -> None:
    """Write below a picture what must not be overlooked, in place of less."""
    if not notice:
        return
    usual = in_words(NO_RECORD)
    below = [each for each in figure.texts if each.get_text().startswith(usual)]
    for text in below or [figure.text(0.012, 0.01, "", size=SMALL_PT)]:
        text.set(text=notice, color=TURNED, weight="bold")


def retitle(figure: Figure, title: str) -> None:
    """Let a title say what a picture shows, and the line below it what it is of."""
    texts = {text.get_gid(): text for text in figure.texts}
    if not title or not {_TITLE, _ABOUT} <= texts.keys():
        return
    own, about = texts[_TITLE], texts[_ABOUT]
    if title != own.get_text():
        about.set_text(
            shortened(f"{own.get_text()}. {apart(about.get_text())}", _LONGEST_LINE)
        )
    own.set_text(shortened(title, _LONGEST_TITLE))
    # Letters are rounded to whole pixels: their width does not go with their size.
    size = TITLE_PT
    while own.get_window_extent().width > _TITLE_ACROSS * figure.bbox.width:
        size -= 0.25
        own.set_fontsize(size)


def note(figure: Figure, text: Text) -> None:
    """Write what is left out of a picture, at the end of the footer."""
    figure.text(
        _LEFT if runs_left() else _RIGHT,
        0.09 / figure.get_figheight(),
        in_words(text),
        size=SMALL_PT,
        color=FAINT,
        ha="left" if runs_left() else "right",
    )


def above(ax: Axes, title: str, up_pt: float, left_in: float = 0.0) -> None:
    """Write a title of one's own above axes, where a line of the language begins.

    Parameters
    ----------
    up_pt : how far above them.
    left_in : how far on the left of them what reads from the left begins.
    """
    ax.annotate(
        title,
        (1 if runs_left() else 0, 1),
        xytext=(0 if runs_left() else -left_in * 72, up_pt),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="right" if runs_left() else "left",
        weight="bold",
        size=TEXT_PT + 0.5,
    )


def legend(
    figure: Figure, entries: Sequence[Patch | Line2D], *, columns: int
) -> Legend:
    """Put a legend above the footer; `legend_in` says how much room it needs."""
    height = figure.get_figheight()
    made = figure.legend(
        handles=entries,
        loc="lower right" if runs_left() else "lower left",
        bbox_to_anchor=(0.995 if runs_left() else 0.005, (_FOOT_IN - 0.02) / height),
        ncols=columns,
        borderaxespad=0,
        columnspacing=1.4,
        handlelength=1.8,
        handletextpad=0.6,
        labelspacing=0.3,
        markerfirst=not runs_left(),
    )
    in_order(made)
    return made


def in_order(legend: Legend) -> None:
    """Let the columns of a legend stand in the order in which the language is read."""
    if runs_left():
        _, columns = legend.get_children()[0].get_children()
        columns.get_children().reverse()


def legend_in(entries: int, columns: int) -> float:
    """Return the height of a legend of so many entries [inches]."""
    return -(-entries // columns) * _LINE_IN + 0.12 if entries else 0.0


def band_words(study: Study) -> Sentence:
    """Return what a band of this study is over."""
    return say_many(
        "{count} run ({band}), no band",
        "5-95 % of {count} runs ({band})",
        len(study.runs),
        band=OVER[study.band],
    )


def typical_words(study: Study) -> Sentence:
    """Return which run is shown where only one can be."""
    if len(study.runs) == 1:
        return say("The only run.")
    return say(
        "One run, the typical one: replication {number}.",
        number=Number(study.typical),
    )


def _hung() -> Literal["baseline", "top"]:
    """Return what of a line above a picture has its place.

    Marks of vowels stand high above some lines of Arabic, which would hang lower.
    """
    return "baseline" if runs_left() else "top"


def _down_in(points: float) -> float:
    """Return how far below its top the letters of such a line stand [inches]."""
    return 0.8 * points / 72 if runs_left() else 0.0


def _beginning() -> tuple[float, Literal["left", "right"]]:
    """Return where lines of the language begin across a picture, and on which side."""
    return (_RIGHT, "right") if runs_left() else (_LEFT, "left")
