"""The followed operations: which there are, and how to begin with another one."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from starlette.responses import Response

from sim.errors import OptionError, SimError
from sim.page.asked import NotThereError, PageVisit, text_of
from sim.page.follow_labels import FOLLOW
from sim.studies.following.lifecycle import begin, followed_below
from sim.studies.options import no_moment
from sim.studies.taken_in import name_of_title
from sim.words import Text

_FOLDER = "followed"


def folders(asked: PageVisit) -> dict[str, Path]:
    """Return the folders of the operations that are followed, by their names."""
    return followed_below(asked.desk.folder / _FOLDER)


def folder_of(asked: PageVisit) -> Path:
    """Return the folder of the operation that the address names.

    Raises
    ------
    NotThereError
        If there is none.
    """
    found = folders(asked).get(asked.named["operation"])
    if found is None:
        raise NotThereError
    return found


def cases_of(asked: PageVisit) -> list[tuple[str, Text]]:
    """Return the cases of which one can be chosen."""
    return [(name, kept.title) for name, kept in asked.desk.library.cases().items()]


def moment_in(text: str, name: str) -> datetime | None:
    """Return a local date and time that was filled in; None if nothing was.

    Parameters
    ----------
    text : that was filled in.
    name : of the field.

    Raises
    ------
    OptionError
        If it is none.
    """
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise OptionError(name, no_moment(text, or_date=False))
    return found


def _follow(asked: PageVisit) -> Response:
    """Show which operations are followed, or begin with one.

    Raises
    ------
    NotThereError
        If it is to begin with a case that there is not.
    """
    if asked.form is None:
        return _shown(asked, {})
    root = asked.desk.folder / _FOLDER
    kept = asked.desk.library.cases().get(asked.text("case"))
    if kept is None:
        raise NotThereError
    try:
        path = root / name_of_title(asked.text("name"), folders(asked))
        moment = moment_in(asked.text("published_by"), "published_by")
        begin(path, kept.path, moment, asked.notes.append)
    except OptionError as error:
        option, sentence = error.args
        where = "name" if option == "folder" else option
        return _shown(asked, {where: [sentence]})
    except SimError as error:
        return _shown(asked, {"name": [text_of(error)]})
    return asked.moved("followed", path.name)


def _shown(asked: PageVisit, wrong: Mapping[str, list[Text]]) -> Response:
    return asked.shown(
        "follow.html.j2",
        status=422 if wrong else 200,
        own=FOLLOW,
        names=[*folders(asked)],
        cases=cases_of(asked),
        wrong=wrong,
    )


ROUTES = (("/follow", _follow, True),)
