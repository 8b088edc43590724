"""The cases: which there are, what each says and whether it is right, and new ones."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import groupby
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from sim.errors import SimError
from sim.page import reading
from sim.page.asked import PageVisit, text_of
from sim.page.labels import LABELS, filled
from sim.report.contents import Report
from sim.report.forms.moving import LABELS as OF_MOVING
from sim.report.still import Still
from sim.scenario.files import is_workbook
from sim.scenario.problems import Problem
from sim.studies.library import CaseKind, KeptCase
from sim.studies.new import EXAMPLE, new
from sim.studies.taken_in import checked_name, renew, replace_workbook, take_in
from sim.words import Number, Text, say

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OF_MAP: dict[str, Any] = {"moving_labels": OF_MOVING, "number": Number}
_NOBODY = say("There is no case '{name}'. Choose one of the list.")
_MOST_SHOWN = 200
"""Mistakes of a file: whoever mends these sees the others."""


def _cases(asked: PageVisit, wrong: Mapping[str, list[Text]] | None = None) -> Response:
    found = [*asked.desk.library.cases().values()]
    own = [each for each in found if each.kind is not CaseKind.PAST]
    past = [each for each in found if each.kind is CaseKind.PAST]
    likes = [each for each in own if each.kind is CaseKind.CASE]
    return asked.shown(
        "cases.html.j2",
        status=422 if wrong else 200,
        wrong=wrong or {},
        own=[(name, [*kept]) for name, kept in groupby(own, lambda each: each.folder)],
        past=past,
        likes=[
            *((each.name, each.title) for each in likes),
            *((each.folder, each.title) for each in past),
        ],
    )


def _front(asked: PageVisit) -> Response:
    """Show the cases, begin one, or take one in."""
    if asked.form is None:
        return _cases(asked)
    return _bring(asked) if asked.text("do") == "bring" else _begin(asked)


def _begin(asked: PageVisit) -> Response:
    """Begin a case in the shape of another one."""
    known = {*asked.desk.library.cases()}
    like = asked.text("like", EXAMPLE)
    if like not in known and f"past/{like}" not in known:
        return _cases(asked, {"like": [filled(_NOBODY, name=like)]})
    try:
        name = checked_name(asked.text("name"))
        for _ in new(name, workbook=asked.text("kind") == "workbook", like=like):
            pass
    except SimError as error:
        return _cases(asked, {"name": [text_of(error)]})
    return asked.moved("case", name)


def _bring(asked: PageVisit) -> Response:
    """Take in a file that somebody brings along."""
    sent = asked.file("file")
    if sent is None:
        return asked.moved("")
    root = asked.desk.library.root
    contents = sent.file.read()
    try:
        path = take_in(root, asked.text("name"), sent.filename or "", contents)
    except SimError as error:
        return _cases(asked, {"file": [text_of(error)]})
    return asked.moved("case", path.parent.name)


def _case(asked: PageVisit) -> Response:
    kept = asked.kept()
    verdict = reading.verdict(asked)
    base, differs = reading.differs_from_base(asked)
    report: Report | None = None
    still: Still | None = None
    if verdict.case is not None:
        report, still = reading.said_by(asked)
    return asked.shown(
        "case.html.j2",
        kept=kept,
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
    text = _one_kind_of_line_end(asked.given.get("text", ""))
    given = _one_kind_of_line_end(asked.given.get("before", ""))
    if given == _one_kind_of_line_end(before):
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
    """Give the file of a case."""
    path = asked.kept().path
    name = quote(f"{path.parent.name}-{path.name}")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}"}
    kind = _EXCEL if is_workbook(path) else "application/yaml"
    return Response(path.read_bytes(), media_type=kind, headers=headers)


def _read(kept: KeptCase) -> str:
    return kept.path.read_text("utf-8", errors="replace")


def _one_kind_of_line_end(text: str) -> str:
    """Return a text as it was before a browser sent it."""
    return text.replace("\r\n", "\n")


def _excerpt(problem: Problem) -> str:
    """Return the line of the file that a problem is in, with a mark below."""
    return str(problem).partition("\n")[2]


ROUTES = (
    ("/", _front, True),
    ("/case/{name:path}", _case),
    ("/text/{name:path}", _text, True),
    ("/file/{name:path}", _file),
)
