"""The cases: which there are, and new ones.

The first page that anybody sees: nothing heavy is imported at its top.
"""

from collections.abc import Mapping
from datetime import date
from itertools import groupby

from starlette.responses import Response

from sim.errors import SimError
from sim.page.asked import PageVisit, text_of
from sim.page.labels import filled
from sim.studies.library import CaseKind
from sim.words import Text, say

_NO_DAY = say("'{text}' is not a day. Write one as in 2027-03-10.")
_NOBODY = say("There is no case '{name}'. Choose one of the list.")


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
    from sim.studies.new import EXAMPLE, new  # noqa: PLC0415 (see the head)
    from sim.studies.taken_in import name_of_title  # noqa: PLC0415 (likewise)

    known = {*asked.desk.library.cases()}
    like = asked.text("like", EXAMPLE)
    if like not in known and f"past/{like}" not in known:
        return _cases(asked, {"like": [filled(_NOBODY, name=like)]})
    first_day, typed = None, asked.text("first_day")
    if typed:
        try:
            first_day = date.fromisoformat(typed)
        except ValueError:
            return _cases(asked, {"first_day": [filled(_NO_DAY, text=typed[:60])]})
    try:
        typed = asked.text("name").strip()
        name = name_of_title(typed, {each.partition("/")[0] for each in known})
        for _ in new(
            name,
            workbook=asked.text("kind") == "workbook",
            like=like,
            first_day=first_day,
            title="" if typed == name else typed,
        ):
            pass
    except SimError as error:
        return _cases(asked, {"name": [text_of(error)]})
    return asked.moved("case", name)


def _bring(asked: PageVisit) -> Response:
    """Take in a file that somebody brings along."""
    from sim.studies.taken_in import take_in  # noqa: PLC0415 (see the head)

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


ROUTES = (("/", _front, True),)
