"""Every picture by its name."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from matplotlib.figure import Figure

from sim.plots.fonts import missing, written_in
from sim.plots.save import save
from sim.plots.style import retitle, warn
from sim.plots.texts import in_words, worded_by
from sim.registry import Registry, later
from sim.words import Text, Words

Drawing = Callable[..., Figure | None]

PICTURES: Registry[Drawing] = Registry(
    "picture",
    {
        "brief": later("sim.plots.brief", "curve"),
        "bars": later("sim.plots.answers", "bars"),
        "shares": later("sim.plots.answers", "shares"),
        "throughput": later("sim.plots.throughput", "throughput"),
        "daily": later("sim.plots.daily", "daily"),
        "receiving": later("sim.plots.receiving", "receiving"),
        "exchange": later("sim.plots.exchange", "exchange"),
        "timespace": later("sim.plots.timespace", "timespace"),
        "gates": later("sim.plots.gates", "gates"),
        "waiting": later("sim.plots.waiting", "waiting"),
        "differences": later("sim.plots.comparison", "differences"),
        "sweep-lines": later("sim.plots.sweep_lines", "lines"),
        "sweep-map": later("sim.plots.sweep_map", "heat"),
        "sweep-panels": later("sim.plots.sweep_panels", "panels"),
        "forecast": later("sim.plots.forecast", "fan"),
        "rolling": later("sim.plots.rolling", "rolling"),
        "fit-figures": later("sim.plots.calibration", "figures_of"),
        "fit-parameters": later("sim.plots.calibration", "parameters_of"),
        "fit-sources": later("sim.plots.calibration", "sources_of"),
        "fit-ridge": later("sim.plots.calibration", "ridge_of"),
        "left-out": later("sim.plots.validation", "left_out_of"),
        "coverage": later("sim.plots.validation", "coverage_of"),
    },
)
"""What draws each picture from what a report hands it; None comes back where a picture
does not apply."""


class PictureFiles(NamedTuple):
    """One picture that was drawn.

    Attributes
    ----------
    png, svg : its files; the first is not there if it was not wanted.
    left_out : titles that no font of the machine can draw; keys stand for them.
    """

    png: Path
    svg: Path
    left_out: frozenset[str] = frozenset()


def draw(
    name: str | Drawing,
    arguments: tuple[Any, ...],
    folder: Path,
    file: str,
    title: Text = None,
    words: Words | None = None,
    notice: Text = None,
    *,
    png_too: bool = True,
) -> PictureFiles | None:
    """Draw one picture and return its files, None if it does not apply.

    It and its arguments can be sent to another process, to draw several at once.
    Threads may not share it: matplotlib's settings belong to the process.

    Parameters
    ----------
    name : of the picture, or what draws it.
    arguments : what it is drawn from.
    folder : where its files go.
    file : what they are called.
    title : what it shows; if it is None, only what it is of.
    words : in whose language; English if None.
    notice : what must not be overlooked, below it; nothing if None.
    png_too : whether to write it as PNG beside SVG.
    """
    keeps = partial(save, folder=folder, name=file, png_too=png_too)
    with worded_by(words or Words()):
        return _drawn(name, arguments, keeps, title, notice)


def _drawn(
    name: str | Drawing,
    arguments: tuple[Any, ...],
    keeps: Callable[[Figure], tuple[Path, Path]],
    title: Text,
    notice: Text,
) -> PictureFiles | None:

    def drawing() -> Figure | None:
        figure = (PICTURES[name] if isinstance(name, str) else name)(*arguments)
        if figure is not None:
            retitle(figure, in_words(title))
            warn(figure, in_words(notice))
        return figure

    with missing() as letters:
        figure = drawing()
        if figure is None:
            return None
        files = keeps(figure)
    if not letters:
        return PictureFiles(*files)
    # Only now is it known what it takes: once more, with other fonts or other words.
    with missing(), written_in(frozenset(letters)) as fonts:
        figure = drawing()
        if figure is not None:
            keeps(figure)
    return PictureFiles(*files, frozenset(fonts.left_out))
