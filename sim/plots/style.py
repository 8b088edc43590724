"""How every picture looks: sizes, colours, fonts, and what stands above and below it.

Colours are told apart by people who see few of them, and never carry a meaning
alone: markers, dashes, hatches, order or words say the same again.
"""

import re
import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from types import MappingProxyType
from typing import NamedTuple, ParamSpec, TypeVar

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.typing import LineStyleType

from sim.events import Cause
from sim.experiment import Study
from sim.metrics.spans import UNCHARGED
from sim.plots import fonts
from sim.words import Text, Words
from sim.words.reasons import CAUSES as CAUSES_IN_WORDS

WIDTH_IN = 8.0
"""Of every picture; prints on a sheet of A4 with text of 7 points still readable."""
TEXT_PT, SMALL_PT, TITLE_PT = 8.5, 7.5, 11.0
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_FOOT_IN = 0.3
_LINE_IN = 0.165
_HEAD_IN = 0.62
_SECOND_IN = 0.49
_PIECES = re.compile(r"[^\s./-]*[\s./-]+|[^\s./-]+")
_TITLE, _ABOUT = "picture-title", "picture-about"
_NO_RECORD = "Simulation, not a record."
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
        with matplotlib.style.context(["default", settings]):
            return draws(*args, **kwargs)

    return drawn


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
    height = _HEAD_IN + sum(p.height_in + p.head_in for p in panels) + below
    figure = Figure(figsize=(WIDTH_IN, height))
    top = height - _HEAD_IN
    axes = []
    for panel in panels:
        top -= panel.head_in + panel.height_in
        step = (WIDTH_IN - 0.2) / columns
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


def head(figure: Figure, study: Study, title: str, shown: str) -> None:
    """Write what is shown above a picture, and below it what it is not."""
    count = len(study.runs)
    failed = f" {len(study.failures)} more failed." if study.failures else ""
    foot = f"Seed {study.seed}, {count} replication{'s' * (count != 1)}.{failed}"
    captions(figure, title, (study.operation.operation, shown), foot)


def captions(figure: Figure, title: str, below: tuple[str, str], foot: str) -> None:
    """Write a title, two lines below it, and under the picture that it is no record.

    Parameters
    ----------
    figure : to write on.
    title : of the picture.
    below : what it is about, and what it shows.
    foot : which runs it rests on.
    """
    height = figure.get_figheight()
    figure.text(
        0.012,
        1 - 0.1 / height,
        title,
        size=TITLE_PT,
        weight="bold",
        va="top",
        color=INK,
        gid=_TITLE,
    )
    for words, down_in in zip(below, (0.34, _SECOND_IN), strict=True):
        figure.text(
            0.012,
            1 - down_in / height,
            shortened(words, 145),
            size=SMALL_PT,
            va="top",
            color=FAINT,
            gid=_ABOUT if down_in < _SECOND_IN else None,
        )
    figure.text(
        0.012,
        0.09 / height,
        f"{_NO_RECORD} {foot}",
        size=SMALL_PT,
        color=FAINT,
    )


def warn(figure: Figure, notice: str) -> None:
    """Write below a picture what must not be overlooked, in place of less."""
    if not notice:
        return
    below = [each for each in figure.texts if each.get_text().startswith(_NO_RECORD)]
    for text in below or [figure.text(0.012, 0.01, "", size=SMALL_PT)]:
        text.set(text=notice, color=TURNED, weight="bold")


def retitle(figure: Figure, title: str) -> None:
    """Let a title say what a picture shows, and the line below it what it is of."""
    texts = {text.get_gid(): text for text in figure.texts}
    if not title or not {_TITLE, _ABOUT} <= texts.keys():
        return
    own, about = texts[_TITLE], texts[_ABOUT]
    if title != own.get_text():
        about.set_text(shortened(f"{own.get_text()}. {about.get_text()}", 145))
    own.set_text(shortened(title, _LONGEST_TITLE))
    # Letters are rounded to whole pixels: their width does not go with their size.
    size = TITLE_PT
    while own.get_window_extent().width > _TITLE_ACROSS * figure.bbox.width:
        size -= 0.25
        own.set_fontsize(size)


def note(figure: Figure, text: str) -> None:
    """Write what is left out of a picture, at the right of the footer."""
    figure.text(
        0.988,
        0.09 / figure.get_figheight(),
        text,
        size=SMALL_PT,
        color=FAINT,
        ha="right",
    )


def legend(
    figure: Figure, entries: Sequence[Patch | Line2D], *, columns: int
) -> Legend:
    """Put a legend above the footer; `legend_in` says how much room it needs."""
    height = figure.get_figheight()
    return figure.legend(
        handles=entries,
        loc="lower left",
        bbox_to_anchor=(0.005, (_FOOT_IN - 0.02) / height),
        ncols=columns,
        borderaxespad=0,
        columnspacing=1.4,
        handlelength=1.8,
        handletextpad=0.6,
        labelspacing=0.3,
    )


def legend_in(entries: int, columns: int) -> float:
    """Return the height of a legend of so many entries [inches]."""
    return -(-entries // columns) * _LINE_IN + 0.12 if entries else 0.0


def band_words(study: Study) -> str:
    """Return what a band of this study is over."""
    count = len(study.runs)
    if count == 1:
        return f"1 run ({study.band}), no band"
    return f"5-95 % of {count} runs ({study.band})"


def typical_words(study: Study) -> str:
    """Return which run is shown where only one can be."""
    return (
        "The only run."
        if len(study.runs) == 1
        else f"One run, the typical one: replication {study.typical}."
    )


def shortened(text: str, most: int) -> str:
    """Return a text on one line and no longer than so many characters."""
    flat = fonts.without_boxes(" ".join(text.split()))
    return (
        flat
        if len(flat) <= most
        else flat[: most - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
    )


def apart(text: str) -> str:
    """Return a text that, if it runs from right to left, does so by itself.

    Without the invisible signs the words and numbers around it would run so too.
    """
    runs_left = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in text)
    return f"{_ISOLATE}{text}{_END_ISOLATE}" if runs_left else text


def folded(text: str, width: int, lines: int = 2) -> str:
    """Return a text on so many lines of such a width at most."""
    short = shortened(text, width * lines)
    return "\n".join(textwrap.wrap(short, width)[:lines])


def stacked(text: str, width: int, lines: int) -> str:
    """Return a text on so many lines of such a width, broken at any sign of a path."""
    found = [""]
    for piece in _PIECES.findall(shortened(text, width * lines)):
        if found[-1] and len(found[-1] + piece.rstrip()) > width:
            found.append("")
        found[-1] += piece
    return "\n".join(line.rstrip() for line in found)


def cause_in_words(cause: str) -> str:
    """Return a cause of waiting as reports call it."""
    return in_words(CAUSES_IN_WORDS.get(cause, cause))


def in_words(text: Text) -> str:
    """Return what stands in a picture, in English."""
    return Words().of(text)


def thousands(number: float) -> str:
    """Return a number without decimals, its thousands apart."""
    return f"{number:,.0f}".replace(",", " ")
