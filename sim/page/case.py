"""One case: what it says, whether it is right, its text and its file."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from sim.errors import SimError
from sim.page import reading
from sim.page.asked import NotThereError, PageVisit, text_of, with_one_line_end
from sim.page.labels import LABELS, filled
from sim.report.contents import Report
from sim.report.forms.moving import LABELS as OF_MOVING
from sim.report.still import Still
from sim.scenario.files import is_workbook
from sim.scenario.problems import Problem
from sim.studies.library import CaseKind, KeptCase
from sim.studies.taken_in import renew, replace_workbook
from sim.words import Number, Text

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OF_MAP: dict[str, Any] = {"moving_labels": OF_MOVING, "number": Number}
_MOST_SHOWN = 200
"""Mistakes of a file: whoever mends these sees the others."""


def _case(asked: PageVisit) -> Response:
    """Show a case, or remove it.

    Raises
    ------
    NotThereError
        If it is a past operation, which stays.
    """
    kept = asked.kept()
    wrong: dict[str, list[Text]] = {}
    if asked.form is not None:
        if kept.kind is CaseKind.PAST:
            raise NotThereError
        try:
            asked.desk.library.remove(kept)
            return asked.moved("")
        except SimError as error:
            wrong = {"remove": [text_of(error)]}
    verdict = reading.verdict(asked)
    base, differs = reading.differs_from_base(asked)
    report: Report | None = None
    still: Still | None = None
    if verdict.case is not None:
        report, still = reading.said_by(asked)
    return asked.shown(
        "case.html.j2",
        status=422 if wrong else 200,
        kept=kept,
        wrong=wrong,
        own=kept.kind is not CaseKind.PAST,
        removes=kept.kind is CaseKind.CASE,
        verdict=verdict._replace(found=verdict.found[:_MOST_SHOWN]),
        report=report,
        still=still,
        base=base,
        differs=differs,
        differs_title=filled(LABELS["differs"], base=base),
        excerpt=_excerpt,
        **_OF_MAP,
    )


def _text(asked: PageVisit) -> Response:
    """Show the text of a case, or save it; of a workbook, take another in its place."""
    kept = asked.kept()
    if asked.form is None or kept.kind is CaseKind.PAST:
        return _shown_text(asked, {})
    if is_workbook(kept.path):
        return _replaced(asked, kept)
    before = _read(kept)
    text = with_one_line_end(asked.given.get("text", ""))
    given = with_one_line_end(asked.given.get("before", ""))
    if given == with_one_line_end(before):
        given = before
    try:
        renew(kept.path, given, text)
    except SimError as error:
        return _shown_text(asked, {"text": [text_of(error)]}, text)
    return asked.moved("text", kept.name)


def _replaced(asked: PageVisit, kept: KeptCase) -> Response:
    """Take a workbook in the place of one."""
    sent = asked.file("file")
    if sent is None:
        return asked.moved("text", kept.name)
    try:
        replace_workbook(kept.path, sent.file.read())
    except SimError as error:
        return _shown_text(asked, {"file": [text_of(error)]})
    return asked.moved("case", kept.name)


def _shown_text(
    asked: PageVisit, wrong: Mapping[str, list[Text]], text: str | None = None
) -> Response:
    """Show the text of a case, or another that is not saved."""
    kept = asked.kept()
    before = None if is_workbook(kept.path) else _read(kept)
    found = reading.verdict(asked).found[:_MOST_SHOWN]
    by_line: dict[int, list[Problem]] = defaultdict(list)
    for each in found:
        if isinstance(each, Problem) and each.line and not each.sheet:
            by_line[each.line].append(each)
    return asked.shown(
        "text.html.j2",
        status=422 if wrong else 200,
        kept=kept,
        title=filled(LABELS["text_of"], name=kept.name),
        text=before if text is None else text,
        before=before,
        found=found,
        by_line=by_line,
        past=kept.kind is CaseKind.PAST,
        wrong=wrong,
    )


def _file(asked: PageVisit) -> Response:
    """Give the file of a case.

    Raises
    ------
    NotThereError
        If it has gone meanwhile.
    """
    path = asked.kept().path
    name = quote(f"{path.parent.name}-{path.name}")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}"}
    kind = _EXCEL if is_workbook(path) else "application/yaml"
    try:
        return Response(path.read_bytes(), media_type=kind, headers=headers)
    except FileNotFoundError as error:
        raise NotThereError from error


def _read(kept: KeptCase) -> str:
    """Return the text of a case, with a mark in place of each byte that is no text.

    Raises
    ------
    NotThereError
        If it has gone meanwhile.
    """
    try:
        return kept.path.read_text("utf-8", errors="replace")
    except FileNotFoundError as error:
        raise NotThereError from error


def _excerpt(problem: Problem) -> str:
    """Return the line of the file that a problem is in, with a mark below."""
    return str(problem).partition("\n")[2]


ROUTES = (
    ("/case/{name:path}", _case, True),
    ("/text/{name:path}", _text, True),
    ("/file/{name:path}", _file),
)
