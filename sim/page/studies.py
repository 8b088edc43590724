"""The studies: which wait, run or are done, how far each is, what it says so far."""

import shlex
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import Response

from sim.page.asked import NotThereError, PageVisit, direction_of
from sim.page.labels import LANGUAGES
from sim.page.questions import FORMS
from sim.page.results import shown_files
from sim.report.contents import Report
from sim.studies.folder import FACTS
from sim.studies.kept_results import SaidByStudy, said_in
from sim.studies.library import KeptCase

if TYPE_CHECKING:
    from sim.studies.queue import Entry

_AGAIN = {
    **{kind: (kind,) for kind in ("run", "compare")},
    **{kind: ("question", kind) for kind in FORMS},
}
"""Where each kind of study is asked for on the page, if it is."""
_EVERY_S = 2
"""Seconds after which a page looks again at a study that is at work."""
_EVERY_S_ALL = 5
_ACTIVE = frozenset({"waiting", "running"})
_PROGRAMS = ("run.py", "convoy")
"""How the word ends after which a command begins."""
_HALTED = frozenset({"stopped", "failed"})
_MOST_LISTED = 200
_MOST_SAID = 256


def _studies(asked: PageVisit) -> Response:
    entries = asked.desk.queue.entries()[:_MOST_LISTED]
    response = asked.shown(
        "studies.html.j2",
        entries=[(each, _said(each.folder)) for each in entries],
        active=any(f"{each.standing}" in _ACTIVE for each in entries),
        still="still" in asked.query,
    )
    if "still" not in asked.query and any(
        f"{each.standing}" in _ACTIVE for each in entries
    ):
        response.headers["refresh"] = f"{_EVERY_S_ALL}"
    return response


def _study(asked: PageVisit) -> Response:
    """Show a study, or stop it, let it go on or remove it."""
    if asked.form is not None:
        return _done(asked)
    entry = _entry(asked)
    standing, about = f"{entry.standing}", _about(asked, entry)
    report: Report | None = None
    says = SaidByStudy()
    if entry.folder is not None:
        says = _said(entry.folder)
    else:
        report = asked.desk.queue.glimpse(entry.address)
    response = asked.shown(
        "study.html.j2",
        entry=entry,
        standing=standing,
        active=standing in _ACTIVE,
        halted=standing in _HALTED,
        still="still" in asked.query,
        report=report,
        sections=[] if report is None else _sections(report),
        drawn=[] if report is None else [each.name for each in report.pictures()],
        says=says,
        spoken_direction=direction_of(says.language),
        spoken=LANGUAGES.get(says.language, says.language),
        about=about,
        again=_again(asked, entry.kind, about),
        files=None if entry.folder is None else shown_files(entry.folder),
    )
    if standing in _ACTIVE and "still" not in asked.query:
        response.headers["refresh"] = f"{_EVERY_S}"
    return response


def _said(folder: Path | None) -> SaidByStudy:
    """Return what a study says; what is finished changes no more.

    Yet one that was removed may leave its name to another one of the same minute.
    """
    if folder is None:
        return SaidByStudy()
    try:
        facts = (folder / FACTS).stat()
    except OSError:
        return SaidByStudy()
    return _read(folder, facts.st_mtime_ns, facts.st_ino)


@lru_cache(_MOST_SAID)
def _read(folder: Path, mtime_ns: int, inode: int) -> SaidByStudy:
    del mtime_ns, inode
    return said_in(folder)


def _about(asked: PageVisit, entry: "Entry") -> tuple[KeptCase, list[str]] | None:
    """Return the case that a study is about and its changes; None if it is gone.

    The command that asks for the same names them.
    """
    try:
        words = shlex.split(entry.typed)
    except ValueError:  # of somebody who typed otherwise
        return None
    found = asked.desk.library.cases().get(case_in(words, entry.kind))
    changes = [value for word, value in pairwise(words) if word == "--change"]
    return None if found is None else (found, changes)


def _again(
    asked: PageVisit, kind: str, about: tuple[KeptCase, list[str]] | None
) -> str:
    """Return the address where a study can be asked for anew; empty if nowhere."""
    if about is None or kind not in _AGAIN:
        return ""
    kept, changes = about
    return asked.link(*_AGAIN[kind], kept.name, changes=changes)


def case_in(words: Sequence[str], kind: str) -> str:
    """Return the name that stands where the case does in a command; empty if none does.

    A case may be called as a command, a question or a program is.

    Parameters
    ----------
    words : of the command.
    kind : of the study that it asks for.
    """
    begins = next((n for n, word in enumerate(words) if word.endswith(_PROGRAMS)), -1)
    own = words[begins + 1 :]
    named = [
        word
        for before, word in pairwise(["", *own])
        if not word.startswith("-") and not before.startswith("-")
    ]
    for command in ("ask", kind):
        if named[1:] and named[0] == command:
            named = named[1:]
    return named[0] if named else ""


def _entry(asked: PageVisit) -> "Entry":
    """Return the study that the address names.

    Raises
    ------
    NotThereError
        If there is none.
    """
    try:
        return asked.desk.queue.entry(asked.named["address"])
    except KeyError as error:
        raise NotThereError from error


def _sections(report: Report) -> list[object]:
    return [
        each
        for each in report.sections
        if "html" in each.forms and any(part is not None for part in each.parts)
    ]


def _picture(asked: PageVisit) -> Response:
    """Return a picture of what the runs so far say.

    Raises
    ------
    NotThereError
        If there is none.
    """
    entry = _entry(asked)
    report = asked.desk.queue.glimpse(entry.address)
    pictures = {} if report is None else {each.name: each for each in report.pictures()}
    picture = pictures.get(asked.named["picture"])
    if report is None or picture is None:
        raise NotThereError
    text = asked.desk.painter.svg(entry.address, report, picture, asked.language)
    return Response(text, media_type="image/svg+xml")


def _done(asked: PageVisit) -> Response:
    """Do with a study what a form asks."""
    entry, queue = _entry(asked), asked.desk.queue
    match asked.text("do"):
        case "stop":
            queue.stop(entry.address)
        case "resume":
            queue.resume(entry.address)
        case "remove":
            queue.remove(entry.address)
            return asked.moved("studies")
    return asked.moved("study", entry.address)


ROUTES = (
    ("/studies", _studies),
    ("/study/{address}", _study, True),
    ("/study/{address}/picture/{picture}.svg", _picture),
)
