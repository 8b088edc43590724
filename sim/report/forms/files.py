"""Writes a report in every form that is a file, and its pictures."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sim.experiment.pool import Here, Pool, processes
from sim.registry import Registry
from sim.report.contents import Brief, Picture, Report
from sim.report.forms.brief_pdf import as_pdf
from sim.report.forms.briefs import as_brief
from sim.report.forms.csv_file import write_csv
from sim.report.forms.handouts import as_handout
from sim.report.forms.html import as_html
from sim.report.forms.workbook import as_workbook
from sim.words import Text, Words, listed, say_many

PICTURES = "figures"
"""Folder of the pictures."""
Draws = Callable[[Picture, str, Text], str]
"""Returns a picture as SVG: it, the language, and what stands on every picture."""


class Form(NamedTuple):
    """How a report becomes files.

    Attributes
    ----------
    write : writes it into a folder.
    shows_pictures : whether the pictures must be in that folder first.
    """

    write: Callable[[Report, Words, Path], None]
    shows_pictures: bool = False


def _csv(report: Report, _: Words, folder: Path) -> None:
    # Names and words of data are English in every language.
    limits = "" if report.banner is None else Words().of(report.banner.brief)
    for name, data in report.data.items():
        write_csv(folder / f"{name}.csv", data, limits)


def _workbook(report: Report, words: Words, folder: Path) -> None:
    (folder / "results.xlsx").write_bytes(as_workbook(report, words))


def _html(report: Report, words: Words, folder: Path) -> None:
    found = {
        picture.name: folder / PICTURES / f"{picture.name}.svg"
        for picture in report.pictures()
    }
    drawn = {
        name: path.read_text("utf-8") for name, path in found.items() if path.exists()
    }
    page = as_html(report, words, drawn)
    (folder / "report.html").write_text(page, encoding="utf-8", newline="\n")


def _handouts(report: Report, words: Words, folder: Path) -> None:
    for handout in report.handouts:
        page = as_handout(handout, report, words)
        path = folder / f"{handout.name}.html"
        path.write_text(page, encoding="utf-8", newline="\n")


def _brief(report: Report, words: Words, folder: Path) -> None:
    brief = report.brief
    if brief is None:
        return
    page = as_brief(brief, report, words, _curve(brief, folder))
    path = folder / f"{brief.name}.html"
    path.write_text(page, encoding="utf-8", newline="\n")


def _curve(brief: Brief, folder: Path) -> str:
    """Return the curve of a brief as SVG; nothing if it was not drawn."""
    drawn = folder / PICTURES / f"{brief.name}.svg"
    return drawn.read_text("utf-8") if drawn.exists() else ""


FORMS: Registry[Form] = Registry(
    "form",
    {
        "csv": Form(_csv),
        "workbook": Form(_workbook),
        "handouts": Form(_handouts),
        "html": Form(_html, shows_pictures=True),
        "brief": Form(_brief, shows_pictures=True),
    },
)
"""Forms that are files, by name; a program may register its own."""


def written(
    report: Report,
    folder: Path,
    *,
    language: str = "en",
    pool: Pool | None = None,
    pictures: bool = True,
    pdf: bool = False,
) -> Callable[[], Text]:
    """Write a report in every form; return what writes those that wait for pictures.

    That one returns what should be known about the pictures, None if nothing.

    Parameters
    ----------
    report : to write.
    folder : where to.
    language : in which.
    pool : where pictures are drawn meanwhile, on this machine; in this process if None.
    pictures : whether to draw any.
    pdf : whether to write the brief as PDF as well, if there is one.
    """
    words = Words(language)
    begin = partial(_begin_to_draw, report, folder, pool or Here(), language)
    finish = begin() if pictures else None
    for form in FORMS.values():
        if not form.shows_pictures:
            form.write(report, words, folder)

    def rest() -> Text:
        left_out = finish() if finish is not None else ()
        for form in FORMS.values():
            if form.shows_pictures:
                form.write(report, words, folder)
        if pdf and report.brief is not None:
            sheet = as_pdf(report.brief, report, words, _curve(report.brief, folder))
            (folder / f"{report.brief.name}.pdf").write_bytes(sheet)
        return _keys_for(sorted(left_out)) if left_out else None

    return rest


def picture_alone(
    picture: Picture, language: str, notice: Text = None, pool: Pool | None = None
) -> str:
    """Return one picture as SVG.

    Parameters
    ----------
    picture : to draw.
    language : in which.
    notice : what stands on every picture of the report, if anything does.
    pool : where it is drawn; in this process if None.

    Raises
    ------
    BrokenExecutor
        If whoever draws is lost twice.
    """
    own = pool or Here()
    try:
        return own.submit(_alone, picture, language, notice).result()
    except BrokenExecutor:
        own.renew()
        return own.submit(_alone, picture, language, notice).result()


@contextmanager
def drawn_apart() -> Iterator[Draws]:
    """Give `picture_alone`, done in a process of its own that is ready for it.

    Who draws does nothing else meanwhile, and threads may not share what draws.
    """
    with processes(1, apart=True) as pool:
        pool.submit(_ready_to_draw)
        yield partial(picture_alone, pool=pool)


def _ready_to_draw() -> None:
    import_module("sim.plots")


def _alone(picture: Picture, language: str, notice: Text) -> str:
    with TemporaryDirectory() as folder:
        _draw((picture,), Path(folder), language, notice, png_too=False)
        return (Path(folder) / f"{picture.name}.svg").read_text("utf-8")


def _keys_for(titles: Sequence[str]) -> Text:
    return say_many(
        "No font on this machine can draw the title {titles}: pictures show its key, "
        "everything else the title.",
        "No font on this machine can draw the titles {titles}: pictures show their "
        "keys, everything else the titles.",
        len(titles),
        titles=listed(titles),
    )


def _begin_to_draw(
    report: Report, folder: Path, pool: Pool, language: str
) -> Callable[[], set[str]]:
    """Let the pool draw pictures; return what waits for them.

    That one returns the titles that could not be drawn.
    """
    every = tuple(report.drawings())
    shares = [every[first :: pool.size] for first in range(pool.size)]
    draws = partial(
        _draw,
        folder=folder / PICTURES,
        language=language,
        notice=None if report.banner is None else report.banner.brief,
    )
    work = [partial(draws, share) for share in shares if share]
    drawing: list[Future[set[str]] | None] = [None] * len(work)
    if pool.size > 1:
        with suppress(BrokenExecutor):
            drawing = [pool.submit(draw) for draw in work]

    def finish() -> set[str]:
        left_out: set[str] = set()
        for draw, future in zip(work, drawing, strict=True):
            try:
                left_out |= draw() if future is None else future.result()
            except BrokenExecutor:
                left_out |= draw()
        return left_out

    return finish


def _draw(
    pictures: Sequence[Picture],
    folder: Path,
    language: str,
    notice: Text,
    *,
    png_too: bool = True,
) -> set[str]:
    """Draw a share of the pictures; runs in a worker.

    Returns the titles that no font can draw.
    """
    from sim.plots import draw  # noqa: PLC0415 (matplotlib takes a second)

    left_out: set[str] = set()
    words = Words(language)
    for picture in pictures:
        drawn = draw(
            picture.drawing or picture.name,
            picture.arguments,
            folder,
            picture.name,
            picture.title,
            words,
            notice,
            png_too=png_too,
        )
        if drawn is not None:
            left_out |= drawn.left_out
    return left_out
